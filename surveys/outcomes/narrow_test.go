package outcomes_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// sex is an item that results are broken down by.
func sex() questionnaire.Item {
	return questionnaire.Item{ID: "sex", Kind: questionnaire.KindSingleChoice, Breakdown: true, Label: words("Sex"), Choices: []questionnaire.Choice{
		{Code: "f", Label: words("Female")}, {Code: "m", Label: words("Male")},
		{Code: "no", Label: words("Prefer not to say"), Meaning: questionnaire.MeaningDeclined},
	}}
}

// town is a pre–post strand at six cohorts of three institutions in two areas, with
// pairs across cohorts, double sends, leavers and people who came later.
func town(t testing.TB, draw func(n int) int) *builder {
	def := course()
	def.Parts[0].Items = append(def.Parts[0].Items, sex())
	def.Languages = []string{"en", "ar"}
	b := newDataset(t, surveys.DesignPrePostFollowUp, def)
	for c := range 6 {
		b.place(surveys.CohortID(fmt.Sprintf("c%d", c)), fmt.Sprintf("school%d", c/2), fmt.Sprintf("phase%d", c/4))
	}
	for id, institution := range b.data.Institutions {
		institution.Area = "Hill" + institution.Phase
		b.data.Institutions[id] = institution
	}
	for id, c := range b.data.Cohorts {
		c.Expected = map[surveys.StrandID]int{"s": 20}
		b.data.Cohorts[id] = c
	}
	for i := range 40 {
		code := string([]rune{rune('A' + i/26), rune('A' + i%26), 'Q', 'Z'})
		cohort := fmt.Sprintf("c%d", draw(6))
		said := func() string {
			text := fmt.Sprintf("a=%d b=%d c=%d d=%d e=%d events=%d stress=%d", 1+draw(5), 1+draw(5), 1+draw(5), 1+draw(5), 1+draw(5), draw(2), draw(11))
			return text
		}
		with := func(r *surveys.Response) {
			r.Cohort, r.Language = surveys.CohortID(cohort), []string{"en", "ar"}[draw(2)]
			switch draw(4) {
			case 0:
				r.Answers["sex"] = questionnaire.Answer{Choice: "f"}
			case 1:
				r.Answers["sex"] = questionnaire.Answer{Choice: "m"}
			case 2:
				r.Answers["sex"] = questionnaire.Answer{Missing: questionnaire.Declined}
			}
		}
		who := draw(5)
		if who > 0 {
			b.send(fmt.Sprintf("p%02d", i), pre, 1+draw(15), code, said(), with)
		}
		if who != 1 {
			if draw(3) == 0 {
				cohort = fmt.Sprintf("c%d", draw(6))
			}
			b.send(fmt.Sprintf("q%02d", i), post, 20+draw(8), code, said(), with)
		}
		if who == 4 {
			b.send(fmt.Sprintf("f%02d", i), questionnaire.WaveFollowUp, 30, code, said(), with)
		}
	}
	return b
}

func drawing(t *rapid.T) func(int) int {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
}

// each is a way to part everybody by a filter.
var each = map[string][]surveys.Filter{
	"cohort":      {cohorts("c0"), cohorts("c1"), cohorts("c2"), cohorts("c3"), cohorts("c4"), cohorts("c5")},
	"several":     {cohorts("c0", "c3"), cohorts("c1", "c2", "c4", "c5")},
	"institution": {{Institutions: []surveys.InstitutionID{"school0phase0", "school2phase1"}}, {Institutions: []surveys.InstitutionID{"school1phase0"}}},
	"area":        {{Areas: []string{"Hillphase0"}}, {Areas: []string{"Hillphase1"}}},
	"phase":       {{Phases: []string{"phase0"}}, {Phases: []string{"phase1"}}},
	"language":    {{Languages: []string{"en"}}, {Languages: []string{"ar"}}},
	"period":      {{To: "2024-03-09"}, {From: "2024-03-10", To: "2024-03-24"}, {From: "2024-03-25"}},
	"sex":         {answers("f"), answers("m"), answers("no"), answers("")},
	"both":        {answers("f", "m"), answers("no", "")},
}

func cohorts(list ...surveys.CohortID) surveys.Filter { return surveys.Filter{Cohorts: list} }

func answers(codes ...string) surveys.Filter {
	return surveys.Filter{Answers: map[questionnaire.ItemID][]string{"sex": codes}}
}

// added is what adds up over parts of everybody.
type added struct {
	Submitted, Repeats                           [3]int
	Pre, Post, Matched, Exact, Near, AtMost      int
	PreOnly, PostOnly, Responses, AllThree, Only int
	MatchedConfidence, Improved, ReviewOf        int
	Pairs, Unmatched, Kept                       int
	Expected                                     int
}

func (a *added) add(b *builder, r *outcomes.Report) {
	for i, w := range r.Responses {
		a.Submitted[i] += w.Submitted
		a.Repeats[i] += w.Repeats
	}
	p := r.Pairing
	a.Pre, a.Post, a.Matched, a.Exact, a.Near = a.Pre+p.Pre, a.Post+p.Post, a.Matched+p.Matched, a.Exact+p.Exact, a.Near+p.Near
	a.PreOnly, a.PostOnly, a.ReviewOf = a.PreOnly+p.PreOnly, a.PostOnly+p.PostOnly, a.ReviewOf+p.ForReview
	a.Responses, a.AllThree, a.Only = a.Responses+p.FollowUp.Responses, a.AllThree+p.FollowUp.AllThree, a.Only+p.FollowUp.Only
	a.Pairs, a.Unmatched, a.AtMost = a.Pairs+len(p.Pairs), a.Unmatched+len(p.Unmatched), a.AtMost+r.Reach.PeopleAtMost
	confidence := measure(b, r, "confidence").Paired
	a.MatchedConfidence, a.Improved = a.MatchedConfidence+confidence.NMatched, a.Improved+confidence.Change.ImprovedN
	for _, response := range b.held.responses {
		if r.Keeps(response.ID) {
			a.Kept++
		}
	}
	a.Expected += r.Reach.Rows[0].Expected
}

// TestPropertyFilter: parts of everybody add up to everybody, and a response is
// kept in exactly one of them.
func TestPropertyFilter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := town(t, drawing(rt))
		var whole added
		whole.add(b, b.report(outcomes.Options{}))
		way := rapid.SampledFrom(slices.Sorted(maps.Keys(each))).Draw(rt, "way")
		var sum added
		for _, f := range each[way] {
			sum.add(b, b.report(outcomes.Options{Filter: f}))
		}
		if !slices.Contains([]string{"cohort", "several", "institution", "area", "phase"}, way) {
			sum.Expected = whole.Expected // not known of some of a cohort
		}
		if sum != whole {
			rt.Errorf("by %s:\n%+v, want\n%+v", way, sum, whole)
		}
	})
}

// TestPropertyFilterOrder: the order of responses and of what a filter lists has
// no influence.
func TestPropertyFilterOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := town(t, drawing(rt))
		f := surveys.Filter{Cohorts: []surveys.CohortID{"c0", "c1", "c4"}, Languages: []string{"en", "ar"}, Answers: map[questionnaire.ItemID][]string{"sex": {"f", "no"}}}
		wanted := asJSON(t, b.report(outcomes.Options{Filter: f}))
		b.held.responses = rapid.Permutation(b.held.responses).Draw(rt, "responses")
		got := b.report(outcomes.Options{Filter: surveys.Filter{
			Cohorts: rapid.Permutation(f.Cohorts).Draw(rt, "cohorts"), Languages: []string{"ar", "en"}, Answers: map[questionnaire.ItemID][]string{"sex": {"no", "f"}},
		}})
		got.Filter = f
		if diff := cmp.Diff(wanted, asJSON(t, got)); diff != "" {
			rt.Error(diff)
		}
	})
}

func asJSON(t testing.TB, r *outcomes.Report) string {
	t.Helper()
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestFilterPairsAcross: who began in one cohort and ended in another is of the
// first, with both responses and the later one.
func TestFilterPairsAcross(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	b.send("p9", pre, 6, "XYXY", "a=1 b=1 c=1 d=1 e=1 stress=1", in("c2"))
	b.send("q9", post, 26, "XYXY", "a=1 b=1 c=1 d=1 e=1 stress=2")
	b.send("q9again", post, 27, "XYXY", "a=1 b=1 c=1 d=1 e=1 stress=2")
	b.send("f9", questionnaire.WaveFollowUp, 31, "XYXY", "a=1 b=1 c=1 d=1 e=1 stress=2")
	r := b.report(outcomes.Options{Filter: cohorts("c2")})
	var kept []surveys.ResponseID
	for _, response := range b.held.responses {
		if r.Keeps(response.ID) {
			kept = append(kept, response.ID)
		}
	}
	if diff := cmp.Diff([]surveys.ResponseID{"p9", "q9", "q9again", "f9"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got := measure(t, r, "stress").Paired; got.NMatched != 1 || got.Pre.Mean != outcomes.Est(1) {
		t.Errorf("stress = %d matched, mean %v, want 1 and 1", got.NMatched, got.Pre.Mean)
	}
	if r.First != time.Date(2024, 3, 6, 12, 0, 0, 0, time.UTC) || r.Reach.Cohorts != 2 {
		t.Errorf("first %v in %d cohorts, want the 6th and the cohorts of both responses", r.First, r.Reach.Cohorts)
	}
}

// TestFilterPeriodZone: a day is one of the programme's zone.
func TestFilterPeriodZone(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	b.send("p1", pre, 1, "ABCD", "stress=1", func(r *surveys.Response) { r.Submitted = time.Date(2024, 6, 30, 23, 30, 0, 0, time.UTC) })
	for day, want := range map[string]bool{"2024-06-30": false, "2024-07-01": true} {
		r := b.report(outcomes.Options{Filter: surveys.Filter{From: day, To: day}})
		if r.Keeps("p1") != want {
			t.Errorf("on %s kept = %t, want %t", day, r.Keeps("p1"), want)
		}
	}
}

// TestFilterUnknown: what is not there is an error that says which.
func TestFilterUnknown(t *testing.T) {
	t.Parallel()
	b := town(t, func(n int) int { return n - 1 })
	tests := []struct {
		filter surveys.Filter
		key    string
	}{
		{cohorts("c0", "c9"), "filter.cohort"},
		{surveys.Filter{Institutions: []surveys.InstitutionID{"x"}}, "filter.institution"},
		{surveys.Filter{Phases: []string{"Nursery"}}, "filter.phase"},
		{surveys.Filter{Areas: []string{""}}, "filter.area"},
		{surveys.Filter{Languages: []string{"so"}}, "filter.language"},
		{surveys.Filter{From: "1.2.2024"}, "filter.day"},
		{surveys.Filter{From: "2024-02-01", To: "2024-01-31"}, "filter.period"},
		{surveys.Filter{Answers: map[questionnaire.ItemID][]string{"stress": {"1"}}}, "filter.item"},
		{answers("f", "x"), "filter.choice"},
	}
	for _, tt := range tests {
		_, err := outcomes.Build(t.Context(), b.dataset(), outcomes.Options{Filter: tt.filter})
		var said *surveys.Error
		if !errors.As(err, &said) || said.Key != tt.key || said.Kind != surveys.KindInvalid {
			t.Errorf("%+v: %v, want %s", tt.filter, err, tt.key)
		}
	}
}
