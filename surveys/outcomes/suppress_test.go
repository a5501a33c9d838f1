package outcomes_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// crowdOf is a strand of ratings with so many people in each cohort; a cohort is
// named by its number, its institution and its phase: "1 Elm Primary".
func crowdOf(t testing.TB, people map[string]int) *builder {
	b := newDataset(t, surveys.DesignRating, course())
	for i := range 20 {
		for cohort, n := range people {
			if words := strings.Fields(cohort); words[0] == fmt.Sprint(i) {
				b.place(surveys.CohortID(cohort), words[1], words[2])
				for j := range n {
					b.send(fmt.Sprintf("%s-%d", cohort, j), post, 1+j%20, "", fmt.Sprintf("stress=%d events=1 a=%d", j%11, 1+j%5), in(cohort))
				}
			}
		}
	}
	return b
}

// shownAs lists the groups of a breakdown as "name:n", "name:-" if suppressed.
func shownAs(m *outcomes.MeasureResult, by string) string {
	var words []string
	for _, b := range m.Breakdowns {
		for _, g := range b.Groups {
			switch {
			case b.By != by:
			case g.Suppressed:
				words = append(words, g.Name+":-")
			default:
				words = append(words, fmt.Sprintf("%s:%d", g.Name, g.N))
			}
		}
	}
	return strings.Join(words, " ")
}

func TestSuppressGroups(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                 string
		people               map[string]int
		institutions, phases string
	}{
		{"none_small", map[string]int{"1 Elm P": 5, "2 Oak S": 6}, "Elm:5 Oak:6", "P:5 S:6"},
		{"one_small_hides_the_next", map[string]int{"1 Elm P": 3, "2 Oak P": 7, "3 Ash P": 6, "4 Fir P": 9}, "Elm:- Oak:7 Ash:- Fir:9", "P:25"},
		{"two_small_enough_together", map[string]int{"1 Elm P": 3, "2 Oak P": 4, "3 Ash P": 6}, "Elm:- Oak:- Ash:6", "P:13"},
		{"two_small_not_enough_together", map[string]int{"1 Elm P": 1, "2 Oak P": 3, "3 Ash P": 6, "4 Fir P": 9}, "Elm:- Oak:- Ash:- Fir:9", "P:19"},
		{"only_two_groups", map[string]int{"1 Elm P": 3, "2 Oak P": 30}, "Elm:- Oak:-", "P:33"},
		{"within_a_phase", map[string]int{"1 Elm P": 3, "2 Oak P": 30, "3 Ash S": 6, "4 Fir S": 9}, "Elm:- Oak:- Ash:6 Fir:9", "P:33 S:15"},
		{"a_small_phase", map[string]int{"1 Elm P": 3, "2 Ash S": 6, "3 Fir S": 9, "4 Yew T": 40}, "Elm:- Ash:- Fir:9 Yew:40", "P:- S:- T:40"},
		{"an_institution_of_two_phases", map[string]int{"1 Elm P": 8, "2 Elm S": 2, "3 Oak P": 7, "4 Oak S": 9}, "Elm:10 Oak:16", "P:15 S:11"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := measure(t, crowdOf(t, test.people).report(outcomes.Options{Profile: surveys.ProfileInternal}), "stress")
			if got := shownAs(m, "institution"); got != test.institutions {
				t.Errorf("institutions = %s, want %s", got, test.institutions)
			}
			if got := shownAs(m, "phase"); got != test.phases {
				t.Errorf("phases = %s, want %s", got, test.phases)
			}
		})
	}
}

// TestSuppressMeasure: a measure of few people is withheld, and says so.
func TestSuppressMeasure(t *testing.T) {
	t.Parallel()
	r := pairsOfThree(t).report(outcomes.Options{Profile: surveys.ProfileInternal})
	for _, m := range r.Measures {
		if m.Withheld != outcomes.Suppressed || m.Paired != nil || m.Binary != nil || m.Breakdowns != nil || m.Distributions != nil {
			t.Errorf("%s = %+v, want it withheld", m.ID, m)
		}
	}
	if alpha := r.Reliable[0]; alpha.NComplete != 0 || alpha.Alpha.Reason() != outcomes.Suppressed {
		t.Errorf("alpha = %+v, want it withheld", alpha)
	}
	for _, h := range outcomes.Headlines(r, "en") {
		if !strings.Contains(h.Text, "not shown, because so few people") || h.Figure.OK() {
			t.Errorf("headline = %+v, want it withheld", h)
		}
	}
}

// TestSuppressLeavers: where few people left, the figures of everyone who answered
// are not beside those of the matched.
func TestSuppressLeavers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		leavers int
		want    bool
	}{{0, true}, {1, false}, {4, false}, {5, true}} {
		b := newDataset(t, surveys.DesignPrePost, course())
		for i := range 6 + test.leavers {
			code := strings.Repeat(string(rune('A'+i)), 4)
			b.send(fmt.Sprintf("p%d", i), pre, 1, code, fmt.Sprintf("stress=%d", i%11))
			if i < 6 {
				b.send(fmt.Sprintf("q%d", i), post, 2, code, "stress=3")
			}
		}
		p := measure(t, b.report(outcomes.Options{Profile: surveys.ProfileInternal}), "stress").Paired
		if p.AllPre.Mean.OK() != test.want || p.Unpaired.Welch.Diff.OK() != test.want || !p.Pre.Mean.OK() || p.NPreOnly != test.leavers {
			t.Errorf("%d left: mean of all %v, of the matched %v", test.leavers, p.AllPre.Mean, p.Pre.Mean)
		}
	}
}

// TestPropertySuppressed: with every group that is shown taken out of each one
// around it, nobody is left or at least the smallest group, in every measure and
// in the table of reach; and a suppressed group has no figure.
func TestPropertySuppressed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := map[string]int{}
		places := []string{"Elm P", "Oak P", "Ash S", "Fir S", "Yew T"}
		if rapid.Bool().Draw(rt, "overlapping") {
			places = append(places, "Elm S")
		}
		for i := range rapid.IntRange(1, 9).Draw(rt, "cohorts") {
			place := rapid.SampledFrom(places).Draw(rt, "place")
			people[fmt.Sprintf("%d %s", i, place)] = rapid.IntRange(0, 8).Draw(rt, "people")
		}
		r := crowdOf(t, people).report(outcomes.Options{Profile: surveys.ProfileInternal})
		for _, m := range r.Measures {
			if m.ID == "confidence" {
				continue // nobody answered enough of it
			}
			shown := map[string]int{}
			if m.Withheld == "" {
				if n := m.Single.N; n > 0 && n < 5 {
					rt.Errorf("%s of %d people is shown", m.ID, n)
				}
				shown[""] = m.Single.N
			}
			for _, b := range m.Breakdowns {
				for _, g := range b.Groups {
					if !g.Suppressed && g.N < 5 {
						rt.Errorf("group %+v is shown", g)
					}
					if g.Suppressed && (g.N != 0 || g.HolmP != nil || g.Result != outcomes.Result{}) {
						rt.Errorf("suppressed group %+v has figures", g)
					}
					if !g.Suppressed {
						shown[b.By+"/"+g.Name] = g.N
					}
				}
			}
			audit(rt, people, shown)
		}
		shown := map[string]int{}
		for _, row := range r.Reach.Rows {
			if !row.Suppressed && row.By != "month" && row.By != "language" && row.By != "everyone" {
				shown[row.By+"/"+row.Name] = row.People
			}
		}
		if r.Reach.People >= 5 {
			shown[""] = r.Reach.People
		}
		audit(rt, people, shown)
	})
}

// audit works out from the groups shown what an outsider could, knowing which
// cohort is where: what each group has beyond those of one kind shown within it.
func audit(t *rapid.T, people, shown map[string]int) {
	t.Helper()
	members := map[string]map[string]bool{}
	for group := range shown {
		members[group] = map[string]bool{}
		for cohort, n := range people {
			words := strings.Fields(cohort)
			if n > 0 && (group == "" || group == "cohort/"+cohort || group == "institution/"+words[1] || group == "phase/"+words[2]) {
				members[group][cohort] = true
			}
		}
	}
	for group, n := range shown {
		for _, inner := range []string{"cohort/", "institution/", "phase/"} {
			rest := n
			for other, m := range shown {
				if strings.HasPrefix(other, inner) && other != group && within(members[other], members[group]) {
					rest -= m
				}
			}
			if rest > 0 && rest < 5 {
				t.Errorf("%q of %d shows %d people beside those by %s: %v of %v", group, n, rest, inner, shown, people)
			}
		}
	}
	if _, overlapping := members["institution/Elm"]; !overlapping || !strings.Contains(fmt.Sprint(people), "Elm S") {
		auditSums(t, people, shown, members)
	}
}

func within(inner, outer map[string]bool) bool {
	for cohort := range inner {
		if !outer[cohort] {
			return false
		}
	}
	return true
}

// auditSums tries every set of cohorts with fewer than five people: none may be a
// sum and difference of groups shown, in whatever way they are combined.
func auditSums(t *rapid.T, people, shown map[string]int, members map[string]map[string]bool) {
	t.Helper()
	var cohorts []string
	for cohort, n := range people {
		if n > 0 {
			cohorts = append(cohorts, cohort)
		}
	}
	var known [][]float64
	for group := range shown {
		row := make([]float64, len(cohorts))
		for i, cohort := range cohorts {
			if members[group][cohort] {
				row[i] = 1
			}
		}
		known = append(known, row)
	}
	rank := rankOf(known)
	for set := 1; set < 1<<len(cohorts); set++ {
		row, n := make([]float64, len(cohorts)), 0
		for i, cohort := range cohorts {
			if set&(1<<i) != 0 {
				row[i], n = 1, n+people[cohort]
			}
		}
		if n < 5 && rankOf(append(slices.Clone(known), row)) == rank {
			t.Errorf("the %d people of %b in %v can be worked out from %v", n, set, cohorts, shown)
		}
	}
}

// rankOf is the rank of a matrix.
func rankOf(rows [][]float64) int {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i] = slices.Clone(rows[i])
	}
	rank := 0
	for col := 0; len(rows) > 0 && col < len(rows[0]); col++ {
		pivot := slices.IndexFunc(rows[rank:], func(row []float64) bool { return math.Abs(row[col]) > 1e-9 })
		if pivot < 0 {
			continue
		}
		rows[rank], rows[rank+pivot] = rows[rank+pivot], rows[rank]
		for i := rank + 1; i < len(rows); i++ {
			factor := rows[i][col] / rows[rank][col]
			for k := range rows[i] {
				rows[i][k] -= factor * rows[rank][k]
			}
		}
		if rank++; rank == len(rows) {
			break
		}
	}
	return rank
}

// TestSuppressedJSON: nothing of a hidden group is in the file.
func TestSuppressedJSON(t *testing.T) {
	t.Parallel()
	r := crowdOf(t, map[string]int{"1 Elm P": 3, "2 Oak P": 7, "3 Ash P": 6}).report(outcomes.Options{Profile: surveys.ProfileInternal})
	text, err := json.Marshal(measure(t, r, "stress").Breakdowns[0].Groups[0])
	if err != nil || string(text) != `{"name":"1 Elm P","suppressed":true,"n":0}` {
		t.Errorf("hidden group = %s (error %v)", text, err)
	}
}
