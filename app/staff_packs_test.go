package app_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// schools gives the hall's programme two schools with a class each; one of them
// reads Polish, the other Urdu.
func (h *hall) schools() {
	h.tb.Helper()
	lines := []surveys.SheetLine{
		{Number: 1, Cells: []string{"Name", "Language", "Expected"}}, {Number: 2, Cells: []string{"Elm", "Polish", "30"}}, {Number: 3, Cells: []string{"Oak", "Urdu", "20"}},
	}
	if _, err := h.service.ImportPlaces(h.owner, h.link.Programme, lines, false); err != nil {
		h.tb.Fatal(err)
	}
}

func TestPacks(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.schools()
	d := h.ownersDesk()
	at := h.programmePath() + "/packs"
	g := d.open(at).wants(t, 200, "5 are missing", "Elm", "Oak", "cohorts at no institution")
	checkHTML(t, g)
	d.sends(at, url.Values{"opens": {"soon"}}).wants(t, 422, "as a date")
	d.sends(at, url.Values{"opens": {"2026-03-05"}, "closes": {"2026-03-04"}}).wants(t, 422, "close after it opens")
	oak := between(g.body, `name="institutions" value="`, `"`, 2)
	g = d.sends(at, url.Values{"institutions": {oak}, "closes": {"2026-03-31"}}).wants(t, 303, "made=2")
	d.open(g.header.Get("Location")).wants(t, 200, "2 links were made", "2 links are there")
	d.sends(at, nil).wants(t, 303, "made=3")
	d.sends(at, nil).wants(t, 303, "made=0")

	g = d.open(at+"/posters?i="+oak).wants(t, 200, "2 posters", "Oak", "2026").has(t, `<article class="poster taller" lang="ur" dir="rtl">`).lacks(t, "Elm")
	checkHTML(t, g)
	d.open(at+"/posters").wants(t, 200, "6 posters").has(t, `lang="pl" dir="ltr"`)
	d.open(at+"/posters?i=nothing").wants(t, 200, "no link for this choice")

	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(d.open(at+"/links.csv").wants(t, 200).body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("links.csv has %d lines, %v, want a heading and 6 links", len(rows), err)
	}
	if last := rows[6]; last[0] != "Oak" || last[7] != "ur" || !strings.Contains(last[8], "/s/") || last[11] == "" || last[12] != "Open" {
		t.Errorf("the last link is %q, want Oak's in Urdu, open, with its end", last)
	}
	d.open(at+"/links.xlsx").wants(t, 200)
	d.open(h.programmePath()+"/audit").wants(t, 200, "links: made", "links: downloaded")
}

// TestBoard looks for who has not answered.
func TestBoard(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.schools()
	d := h.ownersDesk()
	d.sends(h.programmePath()+"/packs", nil).wants(t, 303)
	for i := range 3 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "")
	}
	at := h.programmePath() + "/board"
	g := d.open(at).wants(t, 200, "Elm", "Oak", "To chase: 5", "3 answers of 50 expected", "0 of 30").has(t, `data-events=`)
	checkHTML(t, g)
	d.open(at+"?show=nobody").wants(t, 200, "5 of 6 rows")
	d.open(at+"?show=below&below=1").wants(t, 200, "4 of 6 rows")
	d.open(at+"?show=quiet&days=2").wants(t, 200, "5 of 6 rows")
	h.clock = h.clock.Add(5 * 24 * time.Hour)
	d = h.ownersDesk()
	d.open(at+"?show=quiet&days=2").wants(t, 200, "All 6 rows", "5 days ago")
	d.open(at+"?strand=none").wants(t, 200, "No row is like this")
	for _, sort := range []string{"name", "rate", "last"} {
		d.open(at+"?sort="+sort).wants(t, 200, "All 6 rows")
	}
	list := d.open(at+"/chase.csv").wants(t, 200).body
	if n := strings.Count(list, "\r\n"); n != 6 || !strings.Contains(list, "/s/") {
		t.Errorf("the list to chase has %d lines, want a heading and 5:\n%s", n, list)
	}
	d.open(at+"/chase.xlsx?show=nobody&sort=rate").wants(t, 200)
	evaluator := h.colleague("evaluator", surveys.RoleEvaluator)
	evaluator.open(at).wants(t, 200, "Elm").lacks(t, "/s/", "To chase")
}
