package outcomes_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

var published = outcomes.Options{Profile: surveys.ProfilePublished}

// twice is a pre–post strand of so many people in each cohort ("1 Elm P"): all
// answered before, and all but some after. Of every ten, six improve, two stay and
// two get worse.
func twice(t testing.TB, people map[string]int, lost int) *builder {
	b := newDataset(t, surveys.DesignPrePost, course())
	serial := 0
	for i := range 20 {
		for cohort, n := range people {
			words := strings.Fields(cohort)
			if words[0] != fmt.Sprint(i) {
				continue
			}
			b.place(surveys.CohortID(cohort), words[1], words[2])
			for j := range n {
				b.person(surveys.CohortID(cohort), serial, j, j >= lost)
				serial++
			}
		}
	}
	return b
}

// person sends one person's answers, on a day of its own.
func (b *builder) person(cohort surveys.CohortID, serial, j int, stays bool) {
	code := string([]rune{rune('A' + serial/676%26), rune('A' + serial/26%26), rune('A' + serial%26), 'Q'})
	after := []int{1, 1, 1, 2, 2, 3, 6, 6, 8, 9}[j%10] + j%2
	b.send(fmt.Sprintf("pre%d", serial), pre, 1+serial%28, code, fmt.Sprintf("stress=%d events=%d a=%d", 6+j%2, j/2%2, 1+j%5), in(string(cohort)))
	if stays {
		b.send(fmt.Sprintf("post%d", serial), post, 30+serial%28, code, fmt.Sprintf("stress=%d events=%d a=%d", after, j/3%2, 1+j%5), in(string(cohort)))
	}
}

// TestPublished: counts are to the nearest 5, percentages are of them, means have
// one decimal, and every other figure is left out.
func TestPublished(t *testing.T) {
	t.Parallel()
	r := twice(t, map[string]int{"1 Elm P": 72}, 1).report(published)
	m := measure(t, r, "stress")
	p := m.Paired
	if p.NPre != 70 || p.NMatched != 70 || r.Reach.People != 70 || r.Pairing.Matched != 70 {
		t.Errorf("counts = %+v, %+v, reach %d, want 70 each", p.Counts, r.Pairing, r.Reach.People)
	}
	if got := p.Post.Mean.String(); !regexp.MustCompile(`^\d\.\d$`).MatchString(got) {
		t.Errorf("mean after = %s, want one decimal", got)
	}
	c := p.Change
	if c.ImprovedN%5 != 0 || c.SameN%5 != 0 || c.WorseN%5 != 0 {
		t.Errorf("change = %+v, want counts to the nearest 5", c)
	}
	if v, ok := c.ImprovedPct.Float(); !ok || v != 100*float64(c.ImprovedN)/70 {
		t.Errorf("improved = %v of %d, want the share of the rounded counts", c.ImprovedPct, c.ImprovedN)
	}
	for name, e := range map[string]outcomes.Estimate{
		"df": p.T.DF, "t": p.T.Statistic, "se": p.Diff.SE, "dz": p.Effect.Dz, "V": p.Wilcoxon.V, "minimum": p.Pre.Min,
		"mean of all": p.AllPre.Mean, "Welch": p.Unpaired.Welch.Diff, "drop-outs": p.Attrition.MeanDropouts,
	} {
		if e.Reason() != outcomes.Suppressed {
			t.Errorf("%s = %v, want it left out", name, e)
		}
	}
	if p.Sign.NPos+p.Sign.NNeg+p.Wilcoxon.NNonzero != 0 || p.Wilcoxon.Method != "" {
		t.Errorf("counts of tests are left: %+v %+v", p.Sign, p.Wilcoxon)
	}
	if p.T.P != outcomes.Est(0.0001) {
		t.Errorf("p = %v, want the one number for all below 0.001", p.T.P)
	}
	if n := r.First; n.Day() != 1 || n.Hour() != 12 || n.Minute() != 0 {
		t.Errorf("first = %v, want a month", n)
	}
}

// TestPublishedMonth: the month of the first and last answer is that of the programme's
// zone.
func TestPublishedMonth(t *testing.T) {
	t.Parallel()
	b := twice(t, map[string]int{"1 Elm P": 72}, 1)
	for i := range b.held.responses {
		b.held.responses[i].Submitted = time.Date(2024, 3, 31, 23, 30, 0, 0, time.UTC) // in London, 1 April
	}
	if r := b.report(published); r.First.Month() != time.April || r.Last.Month() != time.April {
		t.Errorf("answers from %v to %v, want April", r.First, r.Last)
	}
}

// TestPublishedShares: a share with fewer than ten on either side is not there,
// nor one of nobody or everybody.
func TestPublishedShares(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		people          int
		improved, worse bool
	}{
		{12, false, false}, // 8 improved
		{30, true, false},  // 18 improved, 6 each of the rest
		{50, true, true},   // 30, 10, 10
	} {
		c := measure(t, twice(t, map[string]int{"1 Elm P": test.people}, 0).report(published), "stress").Paired.Change
		if c.ImprovedPct.OK() != test.improved || c.WorsePct.OK() != test.worse || !test.improved && c.ImprovedN != 0 || !test.worse && c.WorseN+c.SameN != 0 {
			t.Errorf("%d people: %+v, want improved %v, worse %v", test.people, c, test.improved, test.worse)
		}
	}
}

// TestPublishedMoves: who said yes and no at both waves is there if each of the
// four is of enough people, and otherwise no number of them.
func TestPublishedMoves(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]bool{30: false, 80: true} {
		b := measure(t, twice(t, map[string]int{"1 Elm P": people}, 0).report(published), "events").Binary
		if got := b.McNemarP.OK(); got != want || want != (b.N11 >= 10 && b.N10 >= 10 && b.N01 >= 10) || !want && b.N11+b.N10+b.N01+b.N00 != 0 {
			t.Errorf("%d people: %+v, want the four numbers: %v", people, b.Table, want)
		}
	}
}

// TestPublishedBars: small and empty bars are hidden, and the next smallest until
// ten people are behind those hidden.
func TestPublishedBars(t *testing.T) {
	t.Parallel()
	r := twice(t, map[string]int{"1 Elm P": 60}, 0).report(published)
	for _, d := range measure(t, r, "stress").Distributions {
		shown := 0
		for _, c := range d.Choices {
			if c.Suppressed && c.N != 0 || c.N%5 != 0 || !c.Suppressed && c.N < 10 {
				t.Errorf("%s, bar %s = %+v", d.When, c.Code, c)
			}
			shown += c.N
		}
		if !d.Suppressed && d.N-shown < 10 {
			t.Errorf("%s: bars hidden are of %d people", d.When, d.N-shown)
		}
	}
}

// TestPublishedHoldsNoCount: no number of a small or exact group is in the JSON.
func TestPublishedHoldsNoCount(t *testing.T) {
	t.Parallel()
	r := twice(t, map[string]int{"1 Elm P": 33, "2 Oak P": 7, "3 Ash S": 21}, 0).report(published)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"(n|n_\w+|pre|post|matched|people|\w+_n|submitted)":(\d+)`).FindAllStringSubmatch(string(text), -1) {
		if n := m[2]; !strings.HasSuffix(n, "0") && !strings.HasSuffix(n, "5") {
			t.Errorf("%s is in it", m[0])
		}
	}
}

// TestEarlierRelease: with a few more people, or a few who withdrew, a second file
// is refused; the same file again, or with ten more, is not.
func TestEarlierRelease(t *testing.T) {
	t.Parallel()
	before := map[string]int{"1 Elm P": 40, "2 Oak S": 40}
	for _, test := range []struct {
		name    string
		now     map[string]int
		filter  surveys.Filter
		refused bool
		cohorts string
	}{
		{"the_same", before, surveys.Filter{}, false, "1 Elm P:40 2 Oak S:40"},
		{"three_more", map[string]int{"1 Elm P": 43, "2 Oak S": 40}, surveys.Filter{}, true, ""},
		{"three_fewer", map[string]int{"1 Elm P": 37, "2 Oak S": 40}, surveys.Filter{}, true, ""},
		{"twelve_more", map[string]int{"1 Elm P": 52, "2 Oak S": 40}, surveys.Filter{}, false, "1 Elm P:50 2 Oak S:40"},
		{"three_more_of_a_group", map[string]int{"1 Elm P": 52, "2 Oak S": 43}, surveys.Filter{}, false, "1 Elm P:- 2 Oak S:-"},
		{"a_filter", before, surveys.Filter{Cohorts: []surveys.CohortID{"1 Elm P"}}, false, "1 Elm P:40"},
		{"a_filter_of_all_but_few", map[string]int{"1 Elm P": 40, "2 Oak S": 40, "3 Ash S": 4}, surveys.Filter{Cohorts: []surveys.CohortID{"1 Elm P", "2 Oak S"}}, false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			first := *twice(t, before, 0).report(published).Release
			first.ID, first.At, first.Format = "one", time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC), "publication.xlsx"
			b := twice(t, test.now, 0)
			b.since(first.Through, before, test.now)
			r, err := outcomes.Build(t.Context(), b.dataset(), outcomes.Options{Profile: surveys.ProfilePublished, Filter: test.filter, Earlier: []surveys.Release{first}})
			if test.refused {
				if surveys.KindOf(err) != surveys.KindConflict {
					t.Fatalf("error = %v, want KindConflict", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := shownAs(measure(t, r, "stress"), "cohort"); got != test.cohorts {
				t.Errorf("cohorts = %q, want %q", got, test.cohorts)
			}
		})
	}
}

// since moves the responses of those who are more than there were to after a time.
func (b *builder) since(at time.Time, before, now map[string]int) {
	place := map[surveys.CohortID]int{}
	for i := range b.held.responses {
		r := &b.held.responses[i]
		if r.Wave == pre {
			place[r.Cohort]++
		}
		if place[r.Cohort] > before[string(r.Cohort)] && now[string(r.Cohort)] > before[string(r.Cohort)] {
			r.Submitted = at.Add(time.Duration(i+1) * time.Minute)
		}
	}
}
