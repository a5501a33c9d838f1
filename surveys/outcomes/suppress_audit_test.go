package outcomes_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/disclosure"
	"soundings/surveys/outcomes"
)

// TestEveryFieldIsDecided: whoever adds a field to what a report holds says here
// whether a publication may have it. What is "left out" must be so by keepOnly, by
// blank or by publish.
func TestEveryFieldIsDecided(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of                   any
		published, isLeftOut string
	}{
		{outcomes.Report{}, "Programme Strand Title Audience People Places Groups Design Made Demo Profile Filter Versions Variants Smallest First Last Responses Reach Pairing Measures Reliable Scales Frozen Withheld Release", "OpenAnswer kept"},
		{outcomes.MeasureResult{}, "ID Label Type Direction Headline FromMemory Min Max MinChange Top TopText TopLabels Wave Withheld Result Notes Breakdowns Distributions",
			"Sensitivity Later Contrasts Bands Reliable Moves"},
		{outcomes.Result{}, "Paired Binary Unlinked NPS Single Lead", ""},
		{outcomes.Breakdown{}, "By Item Label Groups", "ICC DesignEffect Compared"},
		{outcomes.GroupResult{}, "Name Code Label Suppressed N HolmP Result", ""},
		{outcomes.Distribution{}, "Variable Label When Suppressed N Choices", ""},
		{outcomes.ReachRow{}, "By Name Suppressed Pre Post Matched People AtMost Expected Workshops Present Cohorts Institutions Took Held", ""},
		{outcomes.Reach{}, "People PeopleAtMost TargetPeople Institutions TargetInstitutions Cohorts Rows Places Workshops", ""},
		{outcomes.WaveCount{}, "Wave Submitted Expected Suppressed", "Repeats"},
	} {
		of := reflect.TypeOf(test.of)
		decided := strings.Fields(test.published + " " + test.isLeftOut)
		for i := range of.NumField() {
			if name := of.Field(i).Name; !slices.Contains(decided, name) {
				t.Errorf("%s.%s is new: say whether a publication may hold it, and see published.go", of, name)
			}
		}
	}
}

// auditReport hands all counts of a report to disclosure, with every sum that a
// reader knows who knows which cohort is where, and lists what is given away.
func auditReport(t *rapid.T, r *outcomes.Report, people map[string]int) {
	t.Helper()
	var table disclosure.Table
	show := func(name string, n int) { table.Show(name, n) }
	if r.Profile == surveys.ProfilePublished {
		show = func(name string, n int) { table.ShowRounded(name, n, 5) }
	}
	hide := func(name string) { table.Hide(name, 0, 200) }
	count := func(name string, n int, shown bool) {
		if shown {
			show(name, n)
			return
		}
		hide(name)
	}
	for i := range r.Measures {
		m := &r.Measures[i]
		if m.Withheld != "" || m.Paired == nil || m.Paired.NMatched == 0 {
			continue
		}
		id := string(m.ID)
		result := func(group string, n int, one outcomes.Result) {
			count(id+group, n, one.Paired != nil)
			if r.Profile == surveys.ProfileInternal {
				return // within a group that is large enough, small shares are shown
			}
			for part, pct := range parts(one) {
				count(id+part+group, pct.n, pct.shown)
			}
			table.Sum(id+group, id+" improved"+group, id+" same"+group, id+" worse"+group)
		}
		result("", m.Paired.NMatched, m.Result)
		for _, b := range m.Breakdowns {
			for _, g := range b.Groups {
				result("/"+b.By+"/"+g.Name, g.N, g.Result)
			}
		}
		for _, part := range []string{"", " improved", " same", " worse"} {
			places(&table, m, id+part, people)
		}
		for _, d := range m.Distributions {
			bars(&table, &d, id, count)
		}
	}
	reachCells(&table, r, people, count)
	found, err := table.GivenAway()
	if err != nil || len(found) > 0 {
		t.Errorf("%s: given away: %v (error %v) of %v", r.Profile, found, err, people)
	}
}

type shownPart struct {
	n     int
	shown bool
}

// parts are the numbers who changed in which way.
func parts(r outcomes.Result) map[string]shownPart {
	if r.Paired == nil {
		return map[string]shownPart{" improved": {}, " same": {}, " worse": {}}
	}
	c := r.Paired.Change
	return map[string]shownPart{" improved": {c.ImprovedN, c.ImprovedPct.OK()}, " same": {c.SameN, c.SamePct.OK()}, " worse": {c.WorseN, c.WorsePct.OK()}}
}

// places adds the sums over the groups of a measure: of each division the whole,
// and the cohorts of each institution and phase.
func places(table *disclosure.Table, m *outcomes.MeasureResult, cell string, people map[string]int) {
	for _, b := range m.Breakdowns {
		var all []string
		for _, g := range b.Groups {
			all = append(all, cell+"/"+b.By+"/"+g.Name)
			var within []string
			for cohort := range people {
				words := strings.Fields(cohort)
				inside := b.By == "institution" && words[1] == g.Name || b.By == "phase" && words[2] == g.Name
				if inside && hasGroup(m, cohort) {
					within = append(within, cell+"/cohort/"+cohort)
				}
			}
			if len(within) > 0 {
				table.Sum(cell+"/"+b.By+"/"+g.Name, within...)
			}
		}
		table.Sum(cell, all...)
	}
}

func hasGroup(m *outcomes.MeasureResult, cohort string) bool {
	return slices.ContainsFunc(m.Breakdowns, func(b outcomes.Breakdown) bool {
		return b.By == "cohort" && slices.ContainsFunc(b.Groups, func(g outcomes.GroupResult) bool { return g.Name == cohort })
	})
}

func bars(table *disclosure.Table, d *outcomes.Distribution, id string, count func(string, int, bool)) {
	if d.Suppressed {
		return
	}
	whole := id + " " + d.When
	count(whole, d.N, true)
	var all []string
	for _, c := range d.Choices {
		// Within a large group the internal profile shows small bars.
		count(whole+" "+c.Code, c.N, !c.Suppressed)
		all = append(all, whole+" "+c.Code)
	}
	table.Sum(whole, all...)
}

// reachCells adds the table of reach, with its sums by place.
func reachCells(table *disclosure.Table, r *outcomes.Report, people map[string]int, count func(string, int, bool)) {
	if whole := r.Reach.Rows[0]; r.Profile == surveys.ProfileInternal && min(whole.Pre, whole.Post, whole.Matched) < r.Smallest {
		return // within the council, totals are shown whatever they are
	}
	rows := map[string]bool{}
	for _, row := range r.Reach.Rows {
		rows[row.By+"/"+row.Name] = true
		for kind, n := range map[string]int{"pre": row.Pre, "post": row.Post, "matched": row.Matched, "most": row.AtMost} {
			count(kind+"/"+row.By+"/"+row.Name, n, !row.Suppressed)
		}
	}
	for _, kind := range []string{"pre", "post", "matched", "most"} {
		sums := map[string][]string{}
		for cohort := range people {
			words := strings.Fields(cohort)
			if cell := "cohort/" + cohort; rows[cell] {
				for _, outer := range []string{"everyone/", "institution/" + words[1], "phase/" + words[2]} {
					sums[outer] = append(sums[outer], kind+"/"+cell)
				}
			}
		}
		for outer, inner := range sums {
			if rows[outer] {
				table.Sum(kind+"/"+outer, inner...)
			}
		}
	}
}

// TestPropertyNothingGivenAway: whatever the sizes of the cohorts, and whoever
// improved, no hidden count of a report can be worked out from what it shows.
func TestPropertyNothingGivenAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people, all := drawPlaces(rt)
		b := drawTwice(t, rt, people)
		r := b.report(outcomes.Options{})
		for _, profile := range surveys.Profiles() {
			one := b.report(outcomes.Options{Profile: profile})
			auditReport(rt, one, people)
			trueBeforeRounding(rt, r, one)
		}
		_ = all
	})
}

// drawPlaces draws the people of some cohorts.
func drawPlaces(rt *rapid.T) (people map[string]int, all int) {
	people = map[string]int{}
	places := []string{"Elm P", "Oak P", "Ash S", "Fir S", "Yew T"}
	for i := range rapid.IntRange(1, 7).Draw(rt, "cohorts") {
		place := rapid.SampledFrom(places).Draw(rt, "place")
		n := rapid.SampledFrom([]int{0, 1, 3, 4, 5, 8, 10, 12, 20, 35}).Draw(rt, "people")
		people[fmt.Sprintf("%d %s", i, place)] = n
		all += n
	}
	return people, all
}

// drawTwice is twice with drawn answers, in which each cohort leans another way.
func drawTwice(t testing.TB, rt *rapid.T, people map[string]int) *builder {
	b := newDataset(t, surveys.DesignPrePost, course())
	serial := 0
	for i := range 20 {
		for cohort, n := range people {
			words := strings.Fields(cohort)
			if words[0] != fmt.Sprint(i) {
				continue
			}
			b.place(surveys.CohortID(cohort), words[1], words[2])
			lean, stay := rapid.IntRange(1, 11).Draw(rt, "lean"), rapid.IntRange(1, 5).Draw(rt, "stay")
			for j := range n {
				code := string([]rune{rune('A' + serial/676%26), rune('A' + serial/26%26), rune('A' + serial%26), 'Q'})
				b.send(fmt.Sprintf("pre%d", serial), pre, 1+serial%28, code, fmt.Sprintf("stress=%d", 4+j%3), in(cohort))
				if j%5 < stay {
					b.send(fmt.Sprintf("post%d", serial), post, 30+serial%28, code, fmt.Sprintf("stress=%d", (4+j%3+j%lean)%11), in(cohort))
				}
				serial++
			}
		}
	}
	return b
}

// trueBeforeRounding: whatever a profile shows of a group is what is true of it, to
// the nearest 5 where it rounds.
func trueBeforeRounding(rt *rapid.T, whole, r *outcomes.Report) {
	rt.Helper()
	far := func(shown, really int) bool {
		d := shown - really
		return r.Profile == surveys.ProfileInternal && d != 0 || d > 2 || d < -2
	}
	for i := range r.Measures {
		for j, b := range r.Measures[i].Breakdowns {
			for k, g := range b.Groups {
				w := whole.Measures[i].Breakdowns[j].Groups[k]
				if !g.Suppressed && (far(g.N, w.N) || w.N < r.Smallest) {
					rt.Errorf("%s/%s shows %d people, there are %d", b.By, g.Name, g.N, w.N)
				}
			}
		}
	}
	for i, row := range r.Reach.Rows {
		if w := whole.Reach.Rows[i]; !row.Suppressed && (far(row.Pre, w.Pre) || far(row.Matched, w.Matched) || far(row.People, w.People)) {
			rt.Errorf("reach %s/%s shows %+v of %+v", row.By, row.Name, row, w)
		}
	}
}

// TestLargeGroupsHideNothing: where all is large, all is shown.
func TestLargeGroupsHideNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range surveys.Profiles() {
		r := twice(t, map[string]int{"1 Elm P": 60, "2 Oak P": 80, "3 Ash S": 70}, 0).report(outcomes.Options{Profile: profile})
		for _, row := range r.Reach.Rows {
			if row.Suppressed {
				t.Errorf("%s: reach %s %s is hidden", profile, row.By, row.Name)
			}
		}
		m := measure(t, r, "stress")
		for _, b := range m.Breakdowns {
			for _, g := range b.Groups {
				if g.Suppressed || !g.Paired.Change.ImprovedPct.OK() || !g.Paired.Change.WorsePct.OK() {
					t.Errorf("%s: %s %s is hidden: %+v", profile, b.By, g.Name, g.Paired)
				}
			}
		}
	}
}

// TestProfileIgnoresOrder: the order of responses decides nothing.
func TestProfileIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people, _ := drawPlaces(rt)
		b := drawTwice(t, rt, people)
		first := b.report(published)
		b.held.responses = rapid.Permutation(b.held.responses).Draw(rt, "order")
		again := b.report(published)
		for i := range first.Measures {
			if a, b := shownAs(&first.Measures[i], "cohort"), shownAs(&again.Measures[i], "cohort"); a != b {
				rt.Errorf("%s then %s", a, b)
			}
		}
		if !reflect.DeepEqual(first.Reach.Rows, again.Reach.Rows) {
			rt.Errorf("reach %+v then %+v", first.Reach.Rows, again.Reach.Rows)
		}
	})
}
