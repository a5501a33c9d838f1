package outcomes_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// TestPropertyCensus: each number of a table of reach is as long as the list behind
// it, whatever the filter; and the order in which responses come never matters.
func TestPropertyCensus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		design := rapid.SampledFrom([]surveys.Design{surveys.DesignPrePost, surveys.DesignThenNow, surveys.DesignRating}).Draw(rt, "design")
		b, again := drawnReach(t, rt, design)
		var filter surveys.Filter
		if rapid.Bool().Draw(rt, "filtered") {
			filter.From, filter.Phases = "2024-01-15", []string{"Primary"}
		}
		opt := outcomes.Options{Filter: filter}
		reach := b.report(opt).Reach
		if diff := cmp.Diff(reach, again.report(opt).Reach); diff != "" {
			rt.Fatalf("in another order (-one +other):\n%s", diff)
		}
		census, err := outcomes.TakeCensus(t.Context(), b.dataset(), opt)
		if err != nil {
			rt.Fatal(err)
		}
		for _, row := range reach.Rows {
			checkCensus(rt, census, row)
		}
	})
}

// drawnReach makes the same programme twice, its responses in two orders.
func drawnReach(t *testing.T, rt *rapid.T, design surveys.Design) (one, other *builder) {
	t.Helper()
	var sends []func(*builder)
	for i := range rapid.IntRange(0, 25).Draw(rt, "responses") {
		wave := post
		if design == surveys.DesignPrePost {
			wave = rapid.SampledFrom([]questionnaire.Wave{pre, post}).Draw(rt, "wave")
		}
		cohort := rapid.SampledFrom([]string{"north", "south", "east", "none"}).Draw(rt, "cohort")
		code := rapid.SampledFrom([]string{"ABCD", "EFGH", "IJKL", "MNOP", ""}).Draw(rt, "code")
		at := time.Date(2024, 1, rapid.IntRange(1, 150).Draw(rt, "day"), 9, i, 0, 0, time.UTC)
		workshop := surveys.WorkshopID("")
		if design == surveys.DesignRating {
			code, workshop = "", rapid.SampledFrom([]surveys.WorkshopID{"w1", "w2", ""}).Draw(rt, "workshop")
		}
		sends = append(sends, func(b *builder) {
			b.send(fmt.Sprintf("r%02d", i), wave, 1, code, fmt.Sprintf("a=%d", 1+i%4), in(cohort), func(r *surveys.Response) {
				r.Submitted, r.Workshop = at, workshop
			})
		})
	}
	make := func(sends []func(*builder)) *builder {
		b := newDataset(t, design, course())
		b.place("north", "Elm School", "Primary")
		b.place("south", "Elm School", "Secondary")
		b.place("east", "Oak School", "Primary")
		b.expect("north", 10)
		b.data.Workshops = map[surveys.WorkshopID]surveys.Workshop{
			"w1": {ID: "w1", Cohort: "north", Attended: 28, Date: "2024-02-01"}, "w2": {ID: "w2", Cohort: "east"}, "w3": {ID: "w3", Cohort: "east", Date: "2024-05-01"},
		}
		for _, send := range sends {
			send(b)
		}
		return b
	}
	return make(sends), make(rapid.Permutation(slices.Clone(sends)).Draw(rt, "order"))
}

// checkCensus compares the numbers of a row with the lists behind them.
func checkCensus(t *rapid.T, census *outcomes.Census, row outcomes.ReachRow) {
	t.Helper()
	got := map[string]int{}
	for _, of := range []outcomes.Counted{outcomes.CountedPre, outcomes.CountedPost, outcomes.CountedMatched, outcomes.CountedPeople, outcomes.CountedAtMost} {
		people := census.People(row.By, row.Name, of)
		got[string(of)] = len(people)
		seen := map[surveys.ResponseID]bool{}
		for _, one := range people {
			for _, id := range []surveys.ResponseID{one.Pre, one.Post} {
				if id != "" && seen[id] {
					t.Errorf("%s %s: response %s is listed twice under %s", row.By, row.Name, id, of)
				}
				seen[id] = true
			}
		}
	}
	want := map[string]int{"pre": row.Pre, "post": row.Post, "matched": row.Matched, "people": row.People, "at_most": row.AtMost}
	if row.By != "month" && row.By != "language" {
		cohorts, institutions, held, rated := census.Things(row.By, row.Name)
		got["cohorts"], got["institutions"], got["held"], got["rated"] = len(cohorts), len(institutions), len(held), len(rated)
		want["cohorts"], want["institutions"], want["held"], want["rated"] = row.Cohorts, row.Institutions, row.Held, row.Workshops
		for _, id := range rated {
			got["present"] += census.Present(id)
		}
		want["present"] = row.Present
		if _, ok := got["present"]; !ok {
			got["present"] = 0
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s %q: numbers and lists differ (-number +list):\n%s", row.By, row.Name, diff)
	}
}
