package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// entry is what is kept of one response.
type entry struct {
	id        surveys.ResponseID
	cohort    int // index in gathered.cohorts
	wave      questionnaire.Wave
	language  string
	mode      surveys.Mode
	submitted time.Time
	digest    string // see digest.sum; "" in designs without pairs
	row       int    // in gathered.answers
	form      int    // place in Dataset.Instruments
	open      OpenCounts
	workshop  surveys.WorkshopID // that is rated
	present   int                // people at it, as the rater says; unsaid if not
}

// unsaid is a number of people that nobody said.
const unsaid = -1

// gathered is what one pass over the responses leaves.
type gathered struct {
	entries     []entry // by time of submission, then id
	answers     *answerTable
	marks       *markTable
	scope       scope
	cohorts     []surveys.CohortID // those of the programme in their order, then others met
	cohortIndex map[surveys.CohortID]int
	answered    []bool        // by cohort: it has a response
	forms       map[int]*form // by place in Dataset.Instruments
	open        OpenCounts
	rated       ratings
	first, last time.Time
	began       time.Time // the first submission of all, whatever the filter

	elements map[surveys.ResponseID][]pairing.ElementHash // hashed codes, until they are paired
}

// progressEvery is after how many responses Options.Progress is told.
const progressEvery = 1000

// gather reads the responses of d once, and their codes beside them if they are to
// be paired.
func gather(ctx context.Context, d *surveys.Dataset, opt Options) (*gathered, error) {
	g := &gathered{
		answers: newAnswerTable(d.Latest), marks: newMarkTable(d.Latest), forms: map[int]*form{},
		cohortIndex: make(map[surveys.CohortID]int, len(d.CohortOrder)),
	}
	for _, c := range d.CohortOrder {
		g.cohort(c)
	}
	digests := d.Strand.Paired() && opt.People == nil
	ctx, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	var unread error
	if digests {
		beside.Go(func() {
			unread = contained(func() (err error) { g.elements, err = d.Elements(ctx); return err })
		})
	}
	for r, err := range d.Passing(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading responses: %w", err)
		}
		if err := g.add(d, &r, digests); err != nil {
			return nil, err
		}
		if opt.Progress != nil && len(g.entries)%progressEvery == 0 {
			opt.Progress(len(g.entries))
		}
	}
	slices.SortFunc(g.entries, func(a, b entry) int {
		return cmp.Or(a.submitted.Compare(b.submitted), cmp.Compare(a.id, b.id))
	})
	g.settle()
	g.began = g.first
	beside.Wait()
	return g, unread
}

// settle works out what is said of all entries together.
func (g *gathered) settle() {
	g.answered = make([]bool, len(g.cohorts))
	g.open, g.rated, g.first, g.last = OpenCounts{}, ratings{}, time.Time{}, time.Time{}
	for i := range g.entries {
		e := &g.entries[i]
		g.answered[e.cohort] = true
		g.open.add(e.open)
		g.rated.add(e)
	}
	if len(g.entries) > 0 {
		g.first, g.last = g.entries[0].submitted, g.entries[len(g.entries)-1].submitted
	}
}

// add keeps what is needed of r.
func (g *gathered) add(d *surveys.Dataset, r *surveys.Response, digests bool) error {
	f, err := g.form(d, r)
	if err != nil {
		return err
	}
	e := entry{
		id: r.ID, cohort: g.cohort(r.Cohort), wave: r.Wave, language: r.Language, mode: r.Mode,
		submitted: r.Submitted, row: g.answers.addRow(), form: f.place,
	}
	g.marks.addRow()
	f.digest.reset()
	for i := range f.fields {
		one := &f.fields[i]
		a, ok := r.Answers[one.variable.ID]
		if !ok {
			continue
		}
		g.answers.put(e.row, one, &a)
		g.marks.put(e.row, one, &a)
		if a.Text != "" {
			e.open.count(d, r, f, one.variable, one.variable.Written(a))
		}
		if digests && one.digested {
			f.digest.add(one.variable, &a)
		}
	}
	e.rate(d, r)
	e.digest = f.digest.sum()
	g.entries = append(g.entries, e)
	return nil
}

// count counts an answer in words.
func (o *OpenCounts) count(d *surveys.Dataset, r *surveys.Response, f *form, v *questionnaire.Variable, text string) {
	if text == "" {
		return
	}
	o.All++
	reading, read := d.Readings[surveys.ReadingKey{Response: r.ID, Variable: v.ID}]
	if !read {
		o.Unread++
	}
	if d.MayQuote(r, f.instrument, v) {
		o.Consented++
	}
	if reading.Status == surveys.QuoteApproved {
		o.Approved++
	}
}

func (o *OpenCounts) add(other OpenCounts) {
	o.All += other.All
	o.Unread += other.Unread
	o.Consented += other.Consented
	o.Approved += other.Approved
}

// form returns the form that r answers.
func (g *gathered) form(d *surveys.Dataset, r *surveys.Response) (*form, error) {
	i := d.IndexOf(r)
	if i < 0 {
		return nil, fmt.Errorf("response %s answers version %d of %s, which is not there", r.ID, r.Version, r.Questionnaire)
	}
	if g.forms[i] == nil {
		g.forms[i] = newForm(d.Instruments[i], i, g.answers, g.marks)
	}
	return g.forms[i], nil
}

// cohort returns the index of c, a new one if need be.
func (g *gathered) cohort(c surveys.CohortID) int {
	i, ok := g.cohortIndex[c]
	if !ok {
		i = len(g.cohorts)
		c = surveys.CohortID(strings.Clone(string(c)))
		g.cohortIndex[c] = i
		g.cohorts = append(g.cohorts, c)
	}
	return i
}

// versions lists the versions of the strand's own questionnaire that were answered.
func (g *gathered) versions(d *surveys.Dataset) []int {
	var numbers []int
	for _, i := range g.formsUsed() {
		if v := d.Instruments[i].Version(); v.Questionnaire == d.Strand.Questionnaire {
			numbers = append(numbers, v.Number)
		}
	}
	return numbers
}

// formsUsed lists by place the forms that were answered.
func (g *gathered) formsUsed() []int {
	used := map[int]bool{}
	for i := range g.entries {
		used[g.entries[i].form] = true
	}
	return slices.Sorted(maps.Keys(used))
}

// versionNames lists all that was answered, where a strand has variants.
func (g *gathered) versionNames(d *surveys.Dataset) []string {
	if len(d.Strand.Variants) == 0 {
		return nil
	}
	var names []string
	for _, i := range g.formsUsed() {
		names = append(names, d.VersionName(i))
	}
	return names
}

// submitted counts the responses at a wave, repeats included.
func (g *gathered) submitted(w questionnaire.Wave) int {
	n := 0
	for i := range g.entries {
		if g.entries[i].wave == w {
			n++
		}
	}
	return n
}

// everyCohort lists all cohorts, by index.
func (g *gathered) everyCohort() []int {
	all := make([]int, len(g.cohorts))
	for i := range all {
		all[i] = i
	}
	return all
}

// expected is how many people were expected in these cohorts: the sum of what
// was said of each that is in scope, or 0 if it was not said of one that has a
// response, since a rate over the rest would be too high, and if only some people
// of a cohort are looked at.
func (g *gathered) expected(d *surveys.Dataset, cohorts []int) int {
	if g.scope.partial {
		return 0
	}
	total := 0
	for _, i := range cohorts {
		if !g.scope.holds(g.cohorts[i]) {
			continue
		}
		n := d.Cohorts[g.cohorts[i]].Expected[d.Strand.ID]
		if n == 0 && g.answered[i] {
			return 0
		}
		total += n
	}
	return total
}
