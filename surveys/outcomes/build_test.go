package outcomes_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// course is a small questionnaire: a scale of five items, a yes or no, a number.
func course() questionnaire.Definition {
	return definition(
		[]questionnaire.Item{rating("r", 1, 5, "a", "b", "c", "d", "e"), yesNo("events"), eleven("stress")},
		[]questionnaire.Scale{{ID: "confidence", Items: ids("a b c d e"), Reverse: ids("e"), Min: 1, Max: 5, Method: "mean", MinAnswered: 4}},
		measureOf("confidence", "confidence", "score", "higher"),
		measureOf("events", "events", "binary", ""), measureOf("stress", "stress", "score", "lower"))
}

// send adds a response: when it was sent (in days), by whom (a code, or ""), and
// what was answered: "a=3 b=declined stress=7".
func (b *builder) send(id string, wave questionnaire.Wave, day int, code, said string, change ...func(*surveys.Response)) {
	r := surveys.Response{
		ID: surveys.ResponseID(id), Cohort: "c1", Wave: wave, Version: 1,
		Submitted: time.Date(2024, 3, day, 12, 0, 0, 0, time.UTC), Answers: questionnaire.Answers{},
	}
	for _, f := range change {
		f(&r)
	}
	b.place(r.Cohort, "", "")
	for _, word := range strings.Fields(said) {
		name, value, _ := strings.Cut(word, "=")
		v, ok := b.instrument(r.Version).Variable(questionnaire.ItemID(name))
		if !ok {
			b.Fatalf("%s is no variable", name)
		}
		r.Answers[v.ID] = answer(v, value)
	}
	b.add(r, code)
}

func answer(v *questionnaire.Variable, value string) questionnaire.Answer {
	if value == "declined" {
		return questionnaire.Answer{Missing: questionnaire.Declined}
	}
	if v.IsScale() {
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			panic(err)
		}
		return questionnaire.Answer{Number: &number}
	}
	return questionnaire.Answer{Choice: "c" + value}
}

func in(cohort string) func(*surveys.Response) {
	return func(r *surveys.Response) { r.Cohort = surveys.CohortID(cohort) }
}

func version(n int) func(*surveys.Response) { return func(r *surveys.Response) { r.Version = n } }

func (b *builder) report(opt outcomes.Options) *outcomes.Report {
	b.Helper()
	r, err := outcomes.Build(b.Context(), b.dataset(), opt)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// measure returns one measure of r.
func measure(t testing.TB, r *outcomes.Report, id questionnaire.ItemID) *outcomes.MeasureResult {
	t.Helper()
	for i := range r.Measures {
		if r.Measures[i].ID == id {
			return &r.Measures[i]
		}
	}
	t.Fatalf("no measure %s", id)
	return nil
}

func want(t testing.TB, what string, got outcomes.Estimate, figure float64) {
	t.Helper()
	if v, ok := got.Float(); !ok || v-figure > 1e-9 || figure-v > 1e-9 {
		t.Errorf("%s = %v, want %v", what, got, figure)
	}
}

const (
	pre  = questionnaire.WavePre
	post = questionnaire.WavePost
)

// pairsOfThree is three people with both responses, one who left, one who came, a
// double send, and one of a follow-up.
func pairsOfThree(t testing.TB) *builder {
	b := newDataset(t, surveys.DesignPrePostFollowUp, course())
	b.send("p1", pre, 1, "ABCD", "a=1 b=1 c=1 d=1 e=5 events=0 stress=8")
	b.send("p2", pre, 2, "EFGH", "a=2 b=2 c=2 d=2 e=4 events=1 stress=8")
	b.send("p3", pre, 3, "IJKL", "a=3 b=3 c=3 d=3 e=3 events=0 stress=8")
	b.send("p4", pre, 4, "MNOP", "a=4 b=4 c=4 d=4 e=2 events=1 stress=0")
	b.send("p1again", pre, 5, "ABCD", "a=1 b=1 c=1 d=1 e=5 events=0 stress=8")
	b.send("q1", post, 20, "ABCD", "a=5 b=5 c=5 d=5 e=1 events=1 stress=4")
	b.send("q2", post, 21, "EFGX", "a=3 b=3 c=3 d=3 e=3 events=1 stress=8")
	b.send("q3", post, 22, "IJKL", "a=2 b=2 c=2 d=2 e=4 events=0 stress=9")
	b.send("q5", post, 23, "QRST", "a=5 b=5 c=5 d=5 e=1 events=1 stress=0")
	b.send("f1", questionnaire.WaveFollowUp, 30, "ABCD", "a=5 b=5 c=5 d=5 e=1 events=1 stress=4")
	return b
}

func TestBuildPairs(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	r := b.report(outcomes.Options{})
	got := *r.Pairing
	if n := len(got.Pairs); n != 3 || b.held.streams != 1 {
		t.Errorf("%d pairs in %d passes, want 3 in 1", n, b.held.streams)
	}
	unmatched := []outcomes.UnmatchedResponse{
		{ID: "p4", Wave: pre, Reason: pairing.ReasonAlone}, {ID: "q5", Wave: post, Reason: pairing.ReasonAlone},
	}
	if diff := cmp.Diff(unmatched, got.Unmatched); diff != "" {
		t.Errorf("unmatched (-want +got):\n%s", diff)
	}
	want(t, "match rate", got.MatchRate, 0.75)
	if diff := cmp.Diff([]surveys.ResponseID{"p1again"}, got.RepeatIDs); diff != "" {
		t.Errorf("repeats (-want +got):\n%s", diff)
	}
	if f := got.FollowUp; f == nil || f.Responses != 1 || f.Matched != 1 || f.AllThree != 1 || f.Links[0].Post != "q1" {
		t.Errorf("follow-up = %+v, want one of who sent p1 and q1", f)
	}
	got.Pairs, got.Unmatched, got.RepeatIDs, got.FollowUp = nil, nil, nil, nil
	summary := outcomes.PairingSummary{Pre: 4, Post: 4, Matched: 3, Exact: 2, Near: 1, Repeats: 1, PreOnly: 1, PostOnly: 1, MatchRate: got.MatchRate}
	if !cmp.Equal(got, summary) {
		t.Errorf("pairing = %+v, want %+v", got, summary)
	}
	waves := []outcomes.WaveCount{{Wave: pre, Submitted: 5, Repeats: 1}, {Wave: post, Submitted: 4}, {Wave: questionnaire.WaveFollowUp, Submitted: 1}}
	if diff := cmp.Diff(waves, r.Responses); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
	if r.Reach.People != 4 || r.Reach.PeopleAtMost != 5 || r.Reach.Cohorts != 1 {
		t.Errorf("reach = %+v, want 4 to 5 people of 1 cohort", r.Reach)
	}
}

func TestBuildFigures(t *testing.T) {
	t.Parallel()
	r := pairsOfThree(t).report(outcomes.Options{})
	confidence := measure(t, r, "confidence").Paired
	want(t, "mean before", confidence.Pre.Mean, 2)
	want(t, "mean after", confidence.Post.Mean, 10.0/3)
	want(t, "mean of all before", confidence.AllPre.Mean, 2.5)
	if c := confidence.Change; c.ImprovedN != 2 || c.WorseN != 1 {
		t.Errorf("change = %+v, want 2 improved and 1 worse", c)
	}
	if c := measure(t, r, "stress").Paired.Change; c.ImprovedN != 1 || c.SameN != 1 || c.WorseN != 1 {
		t.Errorf("change of stress = %+v, want 1, 1 and 1: less is better", c)
	}
	want(t, "yes after", measure(t, r, "events").Binary.PostPct, 200.0/3)
	if alpha := r.Reliable[0]; alpha.NComplete != 4 || alpha.Wave != "pre" {
		t.Errorf("reliability = %+v, want 4 first submissions at pre", alpha)
	}
}

func TestBuildReviewNear(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	b.data.Strand.ReviewNear = true
	r := b.report(outcomes.Options{})
	if r.Pairing.Matched != 2 || r.Pairing.ForReview != 1 {
		t.Errorf("%d matched and %d for review, want 2 and 1", r.Pairing.Matched, r.Pairing.ForReview)
	}
	b.data.Decisions = []pairing.Decision{{Pre: "p2", Post: "q2", Accepted: true}}
	if r = b.report(outcomes.Options{}); r.Pairing.Reviewed != 1 || r.Pairing.Matched != 3 {
		t.Errorf("%d reviewed of %d, want 1 of 3", r.Pairing.Reviewed, r.Pairing.Matched)
	}
}

func TestBuildPeopleImposed(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	r := b.report(outcomes.Options{People: map[surveys.ResponseID]string{"p4": "x", "q5": "x", "p1": "y", "p2": "y", "f1": "y"}})
	if p := r.Pairing; p.Matched != 1 || p.Reviewed != 1 || p.Repeats != 1 || p.Pre != 4 || p.Post != 4 {
		t.Errorf("pairing = %+v, want the pair p4 q5, p2 set aside, p1again counted", p)
	}
	if diff := cmp.Diff([]pairing.Pair{{Pre: "p4", Post: "q5", Kind: pairing.Reviewed}}, r.Pairing.Pairs); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}

// TestBuildMissing: an answer that is not there is no 0, in an item and in a scale.
func TestBuildMissing(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	b.send("p1", pre, 1, "ABCD", "a=4 b=4 c=4 d=declined e=4 stress=5")
	b.send("q1", post, 2, "ABCD", "a=4 b=4 c=4 d=4 e=2 stress=declined events=1")
	b.send("p2", pre, 1, "EFGH", "a=4 b=4 c=declined d=declined e=2 stress=0")
	b.send("q2", post, 2, "EFGH", "a=4 b=4 c=4 d=4 e=2 stress=0 events=0")
	r := b.report(outcomes.Options{})
	confidence := measure(t, r, "confidence").Paired
	if confidence.NPre != 1 || confidence.NMatched != 1 {
		t.Errorf("n before %d, matched %d, want 1 and 1: two items missing of five is too much", confidence.NPre, confidence.NMatched)
	}
	want(t, "prorated score", confidence.Pre.Mean, (4+4+4+2)/4.0)
	if stress := measure(t, r, "stress").Paired; stress.NPre != 2 || stress.NMatched != 1 || stress.Pre.Mean != outcomes.Est(0) {
		t.Errorf("stress = %d before, %d matched, mean %v, want 2, 1 and 0", stress.NPre, stress.NMatched, stress.Pre.Mean)
	}
	if events := measure(t, r, "events").Binary; events.NPre != 0 || events.DiffPP.Reason() != outcomes.NoPairs {
		t.Errorf("events = %+v, want nobody before", events)
	}
}

func TestBuildDistribution(t *testing.T) {
	t.Parallel()
	r := pairsOfThree(t).report(outcomes.Options{})
	distributions := measure(t, r, "events").Distributions
	if len(distributions) != 2 || distributions[0].When != "pre" || distributions[1].When != "post" {
		t.Fatalf("distributions = %+v, want before and after", distributions)
	}
	bars := func(d outcomes.Distribution) string {
		var text strings.Builder
		for _, c := range d.Choices {
			text.WriteString(c.Code + ":" + strconv.Itoa(c.N) + " ")
		}
		return text.String()
	}
	if got := bars(distributions[0]) + bars(distributions[1]); got != "c0:2 c1:1 c0:1 c1:2 " {
		t.Errorf("bars = %s, want those of the three matched", got)
	}
	if got := len(measure(t, r, "stress").Distributions[0].Choices); got != 11 {
		t.Errorf("stress has %d bars, want 11", got)
	}
}

// TestBuildEmpty: without responses nothing is estimable, and everything says why.
func TestBuildEmpty(t *testing.T) {
	t.Parallel()
	designs := map[surveys.Design]questionnaire.Definition{
		surveys.DesignPrePost: course(), surveys.DesignRating: course(),
		surveys.DesignThenNow: definition([]questionnaire.Item{{
			ID: "skills", Kind: questionnaire.KindThenNow, Label: words("Skills"), Choices: scored(1, 5), Rows: rows("skill"),
		}}, nil, measureOf("skill", "skill", "score", "")),
	}
	for design, def := range designs {
		t.Run(string(design), func(t *testing.T) {
			t.Parallel()
			r := newDataset(t, design, def).report(outcomes.Options{Profile: surveys.ProfileInternal})
			for _, m := range r.Measures {
				if m.Paired != nil && m.Paired.Diff.Mean.Reason() != outcomes.NoPairs {
					t.Errorf("%s: %v, want no_pairs", m.ID, m.Paired.Diff.Mean)
				}
				if m.Single != nil && m.Single.Mean.Reason() != outcomes.NoAnswers {
					t.Errorf("%s: %v, want no_answers", m.ID, m.Single.Mean)
				}
			}
			roundTrip(t, r)
			for _, h := range outcomes.Headlines(r, "en") {
				if !strings.Contains(h.Text, "no figure, because ") {
					t.Errorf("%q, want a sentence that says why there is no figure", h.Text)
				}
			}
		})
	}
}

// roundTrip fails unless the JSON of r reads back as the same report.
func roundTrip(t testing.TB, r *outcomes.Report) {
	t.Helper()
	first, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again outcomes.Report
	if err := json.Unmarshal(first, &again); err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(&again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("the report reads back as another one: %s", cmp.Diff(string(first), string(second)))
	}
}

func TestBuildJSON(t *testing.T) {
	t.Parallel()
	for _, profile := range []surveys.Profile{surveys.ProfileRows, surveys.ProfileInternal, surveys.ProfilePublished} {
		roundTrip(t, pairsOfThree(t).report(outcomes.Options{Profile: profile, Made: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}))
	}
}

// TestBuildFromStore: what comes out of SQLite gives the report that the same
// responses give from memory.
func TestBuildFromStore(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	wanted, err := json.Marshal(b.report(outcomes.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := outcomes.Build(t.Context(), b.stored(), outcomes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(wanted), string(got)); diff != "" {
		t.Errorf("report (-memory +store):\n%s", diff)
	}
}

func TestBuildCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := outcomes.Build(ctx, pairsOfThree(t).dataset(), outcomes.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Build with a cancelled context: %v", err)
	}
}

// TestPropertyOrder: the order in which responses come has no influence at all.
func TestPropertyOrder(t *testing.T) {
	t.Parallel()
	wanted, err := json.Marshal(pairsOfThree(t).report(outcomes.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		b := pairsOfThree(t)
		b.held.responses = rapid.Permutation(b.held.responses).Draw(rt, "responses")
		b.held.linkages = rapid.Permutation(b.held.linkages).Draw(rt, "linkages")
		got, err := json.Marshal(b.report(outcomes.Options{}))
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(string(wanted), string(got)); diff != "" {
			rt.Error(diff)
		}
	})
}
