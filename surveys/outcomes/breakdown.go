package outcomes

import (
	"cmp"
	"fmt"

	"soundings/surveys"
)

// division is one way of dividing people into groups, by their cohort.
type division struct {
	by     string   // "cohort", "institution", "phase"
	groups []string // names, in the order of the first cohort of each
	of     []int    // by index of cohort: index of its group, or noGroup

	answered []bool // by index of cohort: it has a response
}

const noGroup = -1

// divide returns the divisions of a strand: by cohort, and by institution and
// phase if any cohort with a response has one.
func divide(d *surveys.Dataset, data *gathered) []division {
	names := cohortNames(d, data.cohorts)
	keys := map[string]func(i int) string{
		"cohort":      func(i int) string { return names[i] },
		"institution": func(i int) string { return d.InstitutionOf(data.cohorts[i]).Name },
		"phase":       func(i int) string { return d.PhaseOf(data.cohorts[i]) },
	}
	var divisions []division
	for _, by := range []string{"cohort", "institution", "phase"} {
		one := division{by: by, of: make([]int, len(data.cohorts)), answered: data.answered}
		used, index := false, map[string]int{}
		for i := range data.cohorts {
			one.of[i] = one.group(index, keys[by](i))
			used = used || data.answered[i] && one.of[i] != noGroup
		}
		if used {
			divisions = append(divisions, one)
		}
	}
	return divisions
}

// group returns the index of the group with this name, a new one if need be.
func (v *division) group(index map[string]int, name string) int {
	if name == "" {
		return noGroup
	}
	i, ok := index[name]
	if !ok {
		i = len(v.groups)
		index[name] = i
		v.groups = append(v.groups, name)
	}
	return i
}

// cohortNames returns a name of its own for each cohort: its name, with that of
// its institution before it where two cohorts have the same, and a number after
// it where that is not enough. A cohort that is not there is named by its id.
func cohortNames(d *surveys.Dataset, cohorts []surveys.CohortID) []string {
	names, count := make([]string, len(cohorts)), map[string]int{}
	for i, id := range cohorts {
		names[i] = cmp.Or(d.Cohorts[id].Name, string(id))
		count[names[i]]++
	}
	taken := map[string]bool{}
	for i, id := range cohorts {
		if institution := d.InstitutionOf(id).Name; count[names[i]] > 1 && institution != "" {
			names[i] = institution + ", " + names[i]
		}
		plain := names[i]
		for n := 2; taken[names[i]]; n++ {
			names[i] = fmt.Sprintf("%s (%d)", plain, n)
		}
		taken[names[i]] = true
	}
	return names
}

// breakdown works the measure out for each group with a person in it.
func (p *plan) breakdown(seen observed, where *division) Breakdown {
	members := where.split(seen)
	b := Breakdown{By: where.by}
	var changes [][]float64
	for g, name := range where.groups {
		if len(members[g]) == 0 {
			continue
		}
		r := p.figures(members[g])
		b.Groups = append(b.Groups, GroupResult{Name: name, N: r.base(), Result: r})
		if r.Paired != nil && r.base() >= leastForInference {
			changes = append(changes, differences(members[g]))
		}
	}
	adjustGroups(b.Groups)
	if len(changes) >= leastForICC {
		icc := ICC(changes)
		effect := designEffect(icc, changes)
		b.ICC, b.DesignEffect = &icc, &effect
	}
	return b
}

// split sorts what was observed by group.
func (v *division) split(seen observed) [][]Observation {
	sizes := make([]int, len(v.groups))
	for _, cohort := range seen.cohorts {
		if g := v.of[cohort]; g != noGroup {
			sizes[g]++
		}
	}
	members := make([][]Observation, len(v.groups))
	for g, n := range sizes {
		members[g] = make([]Observation, 0, n)
	}
	for i, cohort := range seen.cohorts {
		if g := v.of[cohort]; g != noGroup {
			members[g] = append(members[g], seen.values[i])
		}
	}
	return members
}

// leastForICC is the number of groups from which clustering is worth a figure.
const leastForICC = 5

// differences returns the changes of the matched.
func differences(seen []Observation) []float64 {
	var d []float64
	for _, o := range seen {
		if o.Pre.OK && o.Post.OK {
			d = append(d, round10(o.Post.V-o.Pre.V))
		}
	}
	return d
}

// test is the p-value that Holm adjusts, if the method has one.
func (r Result) test() (Estimate, bool) {
	switch {
	case r.Paired != nil:
		return r.Paired.T.P, true
	case r.Binary != nil:
		return r.Binary.McNemarP, true
	}
	return Estimate{}, false
}

// adjustGroups fills in the Holm p-values.
func adjustGroups(groups []GroupResult) {
	var ps []Estimate
	for _, g := range groups {
		if p, ok := g.Result.test(); ok {
			ps = append(ps, p)
		}
	}
	for i, p := range Holm(ps) {
		groups[i].HolmP = &p
	}
}
