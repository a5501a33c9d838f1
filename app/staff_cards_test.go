package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// TestStaffPrintsCards orders cards for two cohorts: one sheet of paper begins for
// each, no page keeps them, and the list says what was printed.
func TestStaffPrintsCards(t *testing.T) {
	t.Parallel()
	h, _ := cardHall(t, false)
	h.pass(time.Second)
	other, err := h.service.CreateCohort(h.owner, surveys.Cohort{Programme: h.link.Programme, Name: "Class 6 <A>", Expected: map[surveys.StrandID]int{"pupils": 21}})
	if err != nil {
		t.Fatal(err)
	}
	d, path := h.ownersDesk(), h.programmePath()+"/cards"
	page := d.open(path).wants(t, 200, "What was printed", "Run 1: Class 5B", "0 of 3 used", "Class 6 <A>", "21 expected")
	checkHTML(t, page)
	order := url.Values{"strand": {"pupils"}, "cohort": {string(h.link.Cohort), string(other.ID)}, "count": {"12"}, "language": {"en", "ar"}}
	g := d.sends(path, order).wants(t, 200, "24 cards to print", "Print this page now.", "Run 2: 12 cards for Class 5B", "Run 3: 12 cards for Class 6 <A>", "Hillside Projects")
	checkHTML(t, g)
	if got := g.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q, want no-store", got)
	}
	if papers := strings.Count(g.body, `class="paper"`); papers != 4 {
		t.Errorf("%d sheets of paper, want two for each cohort", papers)
	}
	first := codesOn(g)
	if again := codesOn(d.sends(path, order).wants(t, 200)); len(first) != 24 || len(again) != 24 || again[0] == first[0] {
		t.Errorf("%d codes, then %d, the first ones %q and %q", len(first), len(again), first[0], again[0])
	}
	order.Del("count")
	order["cohort"] = []string{string(other.ID)}
	if n := len(codesOn(d.sends(path, order).wants(t, 200))); n != 24 {
		t.Errorf("%d cards for 21 expected, want a tenth more: 24", n)
	}
	d.open(path).wants(t, 200, "Run 6: Class 6 <A>").lacks(t, first[0], strings.ReplaceAll(first[0], "-", ""))
}

func TestStaffCardsRefuses(t *testing.T) {
	t.Parallel()
	h, _ := cardHall(t, false)
	d, path := h.ownersDesk(), h.programmePath()+"/cards"
	cohort := string(h.link.Cohort)
	for name, tt := range map[string]struct {
		change func(url.Values)
		want   string
	}{
		"no cohort":       {func(v url.Values) { v.Del("cohort") }, "Choose at least one cohort"},
		"no language":     {func(v url.Values) { v.Del("language") }, "Choose one to three languages"},
		"another's":       {func(v url.Values) { v.Set("language", "xx") }, "Choose one to three languages"},
		"no number":       {func(v url.Values) { v.Set("count", "many") }, "Enter a whole number, such as 30"},
		"nothing known":   {func(v url.Values) { v.Set("count", "") }, "Enter how many: it is not said how many are expected in Class 5B"},
		"too many":        {func(v url.Values) { v.Set("count", "501") }, "500"},
		"far too many":    {func(v url.Values) { v.Set("count", "1001") }, "Choose fewer cohorts, or fewer cards for each"},
		"no such strand":  {func(v url.Values) { v.Set("strand", "parents") }, "Choose"},
		"no such cohorts": {func(v url.Values) { v.Set("cohort", "none") }, "Choose at least one cohort"},
	} {
		form := url.Values{"strand": {"pupils"}, "cohort": {cohort}, "count": {"7"}, "language": {"en"}}
		tt.change(form)
		g := d.sends(path, form).wants(t, 422, tt.want, "There is something to put right")
		checkHTML(t, g)
		if name == "no language" {
			g.has(t, `value="7"`, `value="`+cohort+`" checked`)
		}
	}
	if runs, err := h.service.CardRuns(h.owner, h.link.Programme); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, error %v; want the one of the hall", len(runs), err)
	}
}

// TestStaffVoidsCards makes a run void: a second time changes nothing.
func TestStaffVoidsCards(t *testing.T) {
	t.Parallel()
	h, printed := cardHall(t, false)
	d, path := h.ownersDesk(), h.programmePath()+"/cards"
	for range 2 {
		d.sends(path+"/"+string(printed.Sheet.ID)+"/void", nil).wants(t, 303, path)
	}
	checkHTML(t, d.open(path).wants(t, 200, "Void", "void since 7 March 2026, 09:00").lacks(t, "Make this run void"))
	h.pass(4e9)
	script(h.phone()).post("/submit", withCard(whole(), string(printed.Codes[0]))).wants(t, 422, "We do not know this code.")
	d.sends(path+"/none/void", nil).wants(t, 404)
}

// TestStaffWithoutCards says what to do where no questionnaire takes cards.
func TestStaffWithoutCards(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	d := h.ownersDesk()
	checkHTML(t, d.open(h.programmePath()+"/cards").wants(t, 200, "Nobody here can use a card yet."))
	d.sends(h.programmePath()+"/cards", url.Values{"strand": {"pupils"}}).wants(t, 422, "Nobody here can use a card yet.")
}
