package outcomes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// division is one way of dividing people into groups.
type division struct {
	by     string               // "cohort", "institution", "phase", "area", "language", "quarter", "item"
	item   questionnaire.ItemID // of "item"
	label  questionnaire.Text   // of the item
	groups []group
	of     []int // by entry: index of the group of its person, or noGroup

	people []int // the entries that say where a person belongs

	// cohorts is, where a group is of cohorts, by index of cohort the index of its
	// group, or noGroup; nil elsewhere.
	cohorts []int
}

// group is one group of a division.
type group struct {
	name  string
	code  string             // of the choice, for an item
	label questionnaire.Text // of the choice
}

const noGroup = -1

// placed are the divisions by where people are, in order.
var placed = []string{"cohort", "institution", "phase", "area"}

// divide returns the divisions of a strand: by cohort; by institution, phase and
// area if any cohort with a response has one; by language of the response, quarter
// of its submission and items marked as breakdowns if they make two groups or more.
func divide(d *surveys.Dataset, data *gathered, who *people) []division {
	names := cohortNames(d, data.cohorts)
	keys := map[string]func(i int) string{
		"cohort":      func(i int) string { return names[i] },
		"institution": func(i int) string { return d.InstitutionOf(data.cohorts[i]).Name },
		"phase":       func(i int) string { return d.PhaseOf(data.cohorts[i]) },
		"area":        func(i int) string { return d.InstitutionOf(data.cohorts[i]).Area },
	}
	var divisions []division
	for _, by := range placed {
		one := divideCohorts(data, by, keys[by])
		if slices.ContainsFunc(one.of, func(g int) bool { return g != noGroup }) {
			divisions = append(divisions, one)
		}
	}
	zone := d.Programme.Location()
	further := []division{
		divideEntries("language", data.languages()),
		divideEntries("quarter", data.byMonth(zone, QuarterOf)),
	}
	further = append(further, data.marks.divide(data, who)...)
	for _, one := range further {
		if one.divides() {
			divisions = append(divisions, one)
		}
	}
	deciding := who.deciding()
	for i := range divisions {
		divisions[i].people = deciding
	}
	return divisions
}

// divideCohorts divides by some property of cohorts; the groups are in the order
// of the first cohort of each.
func divideCohorts(data *gathered, by string, key func(cohort int) string) division {
	one, index := division{by: by, cohorts: make([]int, len(data.cohorts))}, map[string]int{}
	for i := range data.cohorts {
		one.cohorts[i] = one.group(index, key(i))
	}
	one.of = make([]int, len(data.entries))
	for i := range data.entries {
		one.of[i] = one.cohorts[data.entries[i].cohort]
	}
	return one
}

// divideEntries divides by some property of a response, given by entry; the groups
// are sorted.
func divideEntries(by string, keys []string) division {
	one, index := division{by: by, of: make([]int, len(keys))}, map[string]int{}
	for _, name := range distinct(keys) {
		one.group(index, name)
	}
	for i, key := range keys {
		one.of[i] = one.group(index, key)
	}
	return one
}

// divides reports whether there are people of two groups.
func (v *division) divides() bool {
	first := noGroup
	for _, g := range v.of {
		if g == noGroup || g == first {
			continue
		}
		if first != noGroup {
			return true
		}
		first = g
	}
	return false
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
		v.groups = append(v.groups, group{name: name})
	}
	return i
}

// Title is what people call a way of dividing: "Cohort", "Quarter", or the label of
// the item.
func (b *Breakdown) Title(lang string) string {
	if b.By == "item" {
		return labelIn(b.Label, lang)
	}
	return strings.ToUpper(b.By[:1]) + b.By[1:]
}

// NameIn is what people call a group: the label of the choice in lang, or its name.
func (g *GroupResult) NameIn(lang string) string {
	if len(g.Label) == 0 {
		return g.Name
	}
	return labelIn(g.Label, lang)
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
	b := Breakdown{By: where.by, Item: where.item, Label: where.label}
	var changes [][]float64
	for g, of := range where.groups {
		if len(members[g]) == 0 {
			continue
		}
		r := p.figures(members[g])
		b.Groups = append(b.Groups, GroupResult{Name: of.name, Code: of.code, Label: of.label, N: r.Base(), Result: r})
		if r.Paired != nil && r.Base() >= leastForInference {
			changes = append(changes, differences(members[g]))
		}
	}
	adjustGroups(b.Groups)
	if len(changes) >= 2 {
		compared := compareChanges(changes)
		b.Compared = &compared
	}
	if len(changes) >= leastForICC && where.cohorts != nil {
		icc := ICC(changes)
		effect := designEffect(icc, changes)
		b.ICC, b.DesignEffect = &icc, &effect
	}
	return b
}

// split sorts what was observed by group.
func (v *division) split(seen observed) [][]Observation {
	sizes := make([]int, len(v.groups))
	for _, entry := range seen.entries {
		if g := v.of[entry]; g != noGroup {
			sizes[g]++
		}
	}
	members := make([][]Observation, len(v.groups))
	for g, n := range sizes {
		members[g] = make([]Observation, 0, n)
	}
	for i, entry := range seen.entries {
		if g := v.of[entry]; g != noGroup {
			members[g] = append(members[g], seen.values[i])
		}
	}
	return members
}

// leastForICC is the number of groups from which clustering is worth a figure.
const leastForICC = 5

// differences returns the changes of the matched.
func differences(seen []Observation) []float64 {
	d := make([]float64, 0, len(seen))
	for _, o := range seen {
		if o.Pre.OK && o.Post.OK {
			d = append(d, round10(o.Post.V-o.Pre.V))
		}
	}
	return d
}

// test is the p-value that Holm adjusts, that of the test that leads, if there is one.
func (r Result) test() (Estimate, bool) {
	if r.Lead == nil || r.Lead.Test.Name == "" {
		return Estimate{}, false
	}
	return r.Lead.Test.P, true
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
