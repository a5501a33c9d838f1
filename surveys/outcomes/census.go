package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Census lists what the numbers of a Report's Reach count: the people, one by one,
// and the cohorts, institutions and workshops. Each list is as long as its number
// says. It is for those who may read answers; a profile hides numbers, and whoever
// sees none is not to see a list either.
type Census struct {
	d    *surveys.Dataset
	data *gathered
	who  *people
}

// Counted is what a number of people in a ReachRow counts.
type Counted string

// The numbers of people in a ReachRow.
const (
	CountedPre     Counted = "pre"     // responses before
	CountedPost    Counted = "post"    // responses after
	CountedMatched Counted = "matched" // people who answered both times
	CountedPeople  Counted = "people"  // the least: the matched, and those without a pair at the wave that has more of them
	CountedAtMost  Counted = "at_most" // as many as there can be: the matched, and all without a pair
)

// Known reports whether c is one of the numbers.
func (c Counted) Known() bool {
	return slices.Contains([]Counted{CountedPre, CountedPost, CountedMatched, CountedPeople, CountedAtMost}, c)
}

// Person is one line of a census: the responses of one person, or one response.
type Person struct {
	Pre, Post surveys.ResponseID // "": there is none, or it is not counted here
	Cohort    surveys.CohortID   // of the response that says where the person belongs
	Submitted time.Time          // of that response
}

// TakeCensus reads the responses once more, in the way Build does with the same
// options.
func TakeCensus(ctx context.Context, d *surveys.Dataset, opt Options) (*Census, error) {
	data, err := gather(ctx, d, opt)
	if err != nil {
		return nil, fmt.Errorf("census of strand %s: %w", d.Strand.ID, err)
	}
	who, err := identify(d, data, opt)
	if err != nil {
		return nil, fmt.Errorf("census of strand %s: %w", d.Strand.ID, err)
	}
	if opt.Profile != surveys.ProfileRows {
		opt.Filter = wholeMonths(opt.Filter)
	}
	if _, err := narrow(d, data, who, opt.Filter); err != nil {
		return nil, fmt.Errorf("census of strand %s: %w", d.Strand.ID, err)
	}
	return &Census{d, data, who}, nil
}

// People lists whom a number of the row (by, name) counts, by time of submission.
func (c *Census) People(by, name string, of Counted) []Person {
	key := c.keys(by)
	switch of {
	case CountedPre:
		return c.responses(questionnaire.WavePre, func(i int) bool { return key(i) == name })
	case CountedPost:
		return c.responses(questionnaire.WavePost, func(i int) bool { return key(i) == name })
	}
	var matched, preOnly, postOnly []Person
	for _, one := range c.who.persons {
		if key(one.entry()) != name {
			continue
		}
		p := c.person(one.entry())
		switch {
		case one.post == nobody:
			p.Pre = c.data.entries[one.pre].id
			preOnly = append(preOnly, p)
		case one.pre == nobody:
			p.Post = c.data.entries[one.post].id
			postOnly = append(postOnly, p)
		default:
			p.Pre, p.Post = c.data.entries[one.pre].id, c.data.entries[one.post].id
			matched = append(matched, p)
		}
	}
	return inOrder(choosePeople(of, matched, preOnly, postOnly))
}

// choosePeople puts together whom a number counts; none if it is none of people.
func choosePeople(of Counted, matched, preOnly, postOnly []Person) []Person {
	fuller := preOnly
	if len(postOnly) > len(preOnly) {
		fuller = postOnly
	}
	switch of {
	case CountedMatched:
		// In designs without pairs nobody answers twice.
		return matched
	case CountedPeople:
		return slices.Concat(matched, fuller)
	case CountedAtMost:
		return slices.Concat(matched, preOnly, postOnly)
	}
	return nil
}

func inOrder(list []Person) []Person {
	slices.SortStableFunc(list, func(a, b Person) int {
		return cmp.Or(a.Submitted.Compare(b.Submitted), cmp.Compare(a.Pre+a.Post, b.Pre+b.Post))
	})
	return list
}

// person is the line of who belongs to an entry, without its responses.
func (c *Census) person(entry int) Person {
	e := &c.data.entries[entry]
	return Person{Cohort: c.data.cohorts[e.cohort], Submitted: e.submitted}
}

// responses lists those of a wave that are counted.
func (c *Census) responses(wave questionnaire.Wave, in func(entry int) bool) []Person {
	var list []Person
	for i := range c.data.entries {
		e := &c.data.entries[i]
		if e.wave != wave || c.who.repeat[i] || !in(i) {
			continue
		}
		p := c.person(i)
		if wave == questionnaire.WavePre {
			p.Pre = e.id
		} else {
			p.Post = e.id
		}
		list = append(list, p)
	}
	return list
}

// keys gives the name of the row in which an entry counts.
func (c *Census) keys(by string) func(entry int) string {
	zone := c.d.Programme.Location()
	switch by {
	case "everyone":
		return func(int) string { return "" }
	case "quarter":
		return func(i int) string { return QuarterOf(c.data.entries[i].submitted.In(zone)) }
	case "month":
		return func(i int) string { return c.data.entries[i].submitted.In(zone).Format(monthFormat) }
	case "language":
		return func(i int) string { return c.data.entries[i].language }
	}
	names := groupsOfCohorts(c.d, c.data, by)
	return func(i int) string {
		return cmp.Or(names[c.data.entries[i].cohort], noRow)
	}
}

// noRow is the name of no row: of those who are in no group.
const noRow = "\x00"

// Things lists what the row (by, name) counts besides people: the cohorts with an
// answer, their institutions, and, in a rating, the workshops held and those of
// them that were rated.
func (c *Census) Things(by, name string) (cohorts []surveys.CohortID, institutions []surveys.InstitutionID, held, rated []surveys.WorkshopID) {
	t := thingsBy(c.d, c.data, by)[name]
	if t == nil {
		return nil, nil, nil, nil
	}
	return t.cohorts, t.institutions, t.held, t.rated
}

// Present is how many people were at a workshop that was rated: see
// surveys.Workshop.Present.
func (c *Census) Present(id surveys.WorkshopID) int {
	said, rated := c.data.rated.said[id]
	if !rated {
		return 0
	}
	return c.d.Workshops[id].Present(said)
}

// Awaited lists the cohorts of the row (by, name) of which somebody said how many
// people are expected: those that ReachRow.Expected adds up.
func (c *Census) Awaited(by, name string) []surveys.CohortID {
	var list []surveys.CohortID
	names := groupsOfCohorts(c.d, c.data, by)
	for i, id := range c.data.cohorts {
		if names[i] == name && c.data.scope.holds(id) && c.d.Cohorts[id].Expected[c.d.Strand.ID] > 0 {
			list = append(list, id)
		}
	}
	return list
}
