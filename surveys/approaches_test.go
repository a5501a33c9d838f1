package surveys_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

const (
	secretReach = "07700 900123 Zipporah"
	secretWords = "my brother Quillon hits me"
)

// listening is a world whose programme takes approaches, with a lead and a deputy.
type listening struct {
	*world
	lead, deputy context.Context
}

func newListening(tb testing.TB, store surveys.Store) listening {
	tb.Helper()
	l := listening{world: newWorldIn(tb, store)}
	key, err := surveys.NewAddressKey(strings.NewReader(strings.Repeat("k", 32)))
	must(tb, err)
	l.Service = l.WithMail(surveys.Mail{Key: key})
	must(tb, l.SetHelp(l.ctx, l.programme.ID, surveys.Help{Contact: true}))
	l.lead, l.deputy = l.reader("lead"), l.reader("deputy")
	must(tb, surveys.NameLeads(l.Service, l.ctx, l.programme.ID, "lead", "deputy"))
	l.clock.pass(5 * time.Second)
	return l
}

// reader is a context of somebody who may read concerns.
func (l listening) reader(id surveys.AccountID) context.Context {
	return surveys.WithAccount(l.ctx, surveys.Account{ID: id, Name: "Reader", Roles: map[surveys.ProgrammeID][]surveys.Role{l.programme.ID: {surveys.RoleSafeguarding}}})
}

func (l listening) asks(form string, words surveys.ApproachWords) error {
	return l.Approach(context.Background(), l.token(), "somewhere", form, "en", words)
}

func TestApproachIsKeptApartAndOnce(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		l := newListening(t, store)
		words := surveys.ApproachWords{Name: " Zip ", Reach: secretReach, When: "break", Words: secretWords}
		for range 3 {
			must(t, l.asks("a form", words))
		}
		words.Reach = "class 6 instead"
		must(t, l.asks("a form", words))
		lines, err := l.Approaches(l.lead, l.programme.ID)
		must(t, err)
		if len(lines) != 2 || lines[0].Cohort != "Class 6" || lines[0].Strand != "Pupils" || !lines[0].Hour.Equal(origin) {
			t.Fatalf("approaches %+v, want two of Class 6 in the hour %v", lines, origin)
		}
		for r, err := range store.Records(t.Context(), "approach", "*") {
			must(t, err)
			var kept surveys.Approach
			must(t, json.Unmarshal(r.Body, &kept))
			if kept.Cohort != l.cohort.ID || !r.At.Equal(origin) {
				t.Errorf("kept %+v at %v, want a cohort and a whole hour", kept, r.At)
			}
		}
		holdsNowhere(t, store, "900123", "Quillon", "Zip", "class 6 instead")
	})
}

// holdsNowhere searches everything that a store keeps.
func holdsNowhere(t *testing.T, store surveys.Store, words ...string) {
	t.Helper()
	snapshot, err := store.Snapshot(t.Context())
	must(t, err)
	defer func() { _ = snapshot.Close() }()
	for r, err := range snapshot.Records(t.Context()) {
		must(t, err)
		for _, word := range words {
			if strings.Contains(string(r.Body)+r.ID+r.Key+r.Scope, word) {
				t.Errorf("%s %s holds %q", r.Kind, r.ID, word)
			}
		}
	}
}

func TestApproachIsReadByLeadAndDeputy(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		l := newListening(t, store)
		must(t, l.asks("f", surveys.ApproachWords{Reach: secretReach, Words: secretWords}))
		lines, err := l.Approaches(l.deputy, l.programme.ID)
		must(t, err)
		one, err := l.OpenApproach(l.deputy, l.programme.ID, lines[0].ID)
		must(t, err)
		if one.Reach != secretReach || one.ApproachWords.Words != secretWords || one.Outcome != "" {
			t.Errorf("opened %+v", one)
		}
		if err := l.CloseApproach(l.lead, l.programme.ID, lines[0].ID, " "); surveys.KindOf(err) != surveys.KindInvalid {
			t.Errorf("done without a word: %v", err)
		}
		must(t, l.CloseApproach(l.lead, l.programme.ID, lines[0].ID, "Rang Quillon's mother"))
		one, err = l.OpenApproach(l.lead, l.programme.ID, lines[0].ID)
		must(t, err)
		if one.Outcome != "Rang Quillon's mother" || one.Opened.IsZero() || one.Closed.IsZero() {
			t.Errorf("closed %+v", one)
		}
		holdsNowhere(t, store, "900123", "Quillon")
		trail, err := l.AuditTrail(l.ctx, l.programme.ID)
		must(t, err)
		seen := map[string]int{}
		for _, entry := range trail {
			seen[entry.Action]++
		}
		if seen["approach.read"] != 2 || seen["approach.done"] != 1 {
			t.Errorf("the trail has %v, want two looks and one outcome", seen)
		}
	})
}

func TestApproachRefused(t *testing.T) {
	t.Parallel()
	l := newListening(t, storetest.SQLite(t))
	for name, tt := range map[string]struct {
		words surveys.ApproachWords
		field string
	}{
		"no way to reach":     {surveys.ApproachWords{Name: "Zip"}, "reach"},
		"blanks":              {surveys.ApproachWords{Reach: " \n "}, "reach"},
		"a long story":        {surveys.ApproachWords{Reach: "x", Words: strings.Repeat("x", 2001)}, "words"},
		"a name of two lines": {surveys.ApproachWords{Reach: "x", Name: "a\nb"}, "name"},
	} {
		var e *surveys.Error
		if err := l.asks("f", tt.words); !errors.As(err, &e) || e.Kind != surveys.KindInvalid || e.Field != tt.field {
			t.Errorf("%s: %v, want %q refused", name, err, tt.field)
		}
	}
	refused := 0
	for i := range 100 {
		if err := l.asks(strings.Repeat("f", i), surveys.ApproachWords{Reach: "x"}); err != nil {
			if surveys.KindOf(err) != surveys.KindThrottled {
				t.Fatal(err)
			}
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 100 from one network were turned away, want 10", refused)
	}
	must(t, l.SetHelp(l.ctx, l.programme.ID, surveys.Help{}))
	l.clock.pass(5 * time.Second)
	if err := l.asks("f", surveys.ApproachWords{Reach: "x"}); surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("asked where it is not offered: %v", err)
	}
}

func TestApproachIsToldRemindedAndDestroyed(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		l := newListening(t, store)
		l.clock.pass(4 * 24 * time.Hour) // from a Monday to a Friday
		must(t, surveys.TakeDaysOff(l.Service, l.ctx, l.programme.ID, l.clock.Now().AddDate(0, 0, 3).Format(time.DateOnly)))
		must(t, l.asks("f", surveys.ApproachWords{Reach: secretReach}))
		tended := func(want int) {
			t.Helper()
			for range 2 {
				must(t, surveys.LookAfterApproaches(l.Service, t.Context()))
			}
			alerts, err := l.Alerts(l.lead)
			must(t, err)
			others, err := l.Alerts(l.deputy)
			must(t, err)
			if len(alerts) != want || len(others) != want {
				t.Fatalf("%d and %d alerts, want %d each", len(alerts), len(others), want)
			}
			for _, a := range alerts {
				if strings.Contains(a.Subject+a.Body, "900123") || a.Path == "" {
					t.Errorf("alert %+v", a)
				}
			}
		}
		tended(1)
		l.clock.pass(24 * time.Hour) // Saturday
		tended(1)
		l.clock.pass(48 * time.Hour) // Monday, a day off
		tended(1)
		l.clock.pass(24 * time.Hour)
		tended(2)
		lines, err := l.Approaches(l.lead, l.programme.ID)
		must(t, err)
		must(t, l.CloseApproach(l.lead, l.programme.ID, lines[0].ID, "Spoke to them"))
		l.clock.pass(surveys.ApproachKept - time.Second)
		tended(2)
		if lines, err = l.Approaches(l.lead, l.programme.ID); err != nil || len(lines) != 1 {
			t.Fatalf("%d approaches %v, want one until its time is over", len(lines), err)
		}
		l.clock.pass(time.Second)
		must(t, surveys.LookAfterApproaches(l.Service, t.Context()))
		must(t, l.asks("g", surveys.ApproachWords{Reach: secretReach}))
		lines, err = l.Approaches(l.lead, l.programme.ID)
		must(t, err)
		if len(lines) != 1 || !lines[0].Closed.IsZero() {
			t.Fatalf("approaches %+v, want the new one alone", lines)
		}
		must(t, l.CloseApproach(l.lead, l.programme.ID, lines[0].ID, "Was at hand")) // before the letters of it went
		tended(2)
	})
}

func TestApproachOnAClosedLink(t *testing.T) {
	t.Parallel()
	l := newListening(t, storetest.SQLite(t))
	_, err := l.SetLinkOpen(l.ctx, l.programme.ID, l.links[questionnaire.WavePre].ID, false)
	must(t, err)
	l.clock.pass(5 * time.Second)
	must(t, l.asks("f", surveys.ApproachWords{Reach: "x"}))
}
