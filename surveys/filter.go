package surveys

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Profile says how much of few people a release of results shows.
type Profile string

// The profiles. What holds rows of people has none.
const (
	ProfileRows      Profile = ""          // everything: for evaluators, who may read the answers
	ProfileInternal  Profile = "internal"  // figures of fewer than Programme.SmallestGroup people are hidden: for use within the council
	ProfilePublished Profile = "published" // fewer than 10, and counts are rounded to 5: for everyone
)

// Profiles lists the profiles that hide something.
func Profiles() []Profile { return []Profile{ProfileInternal, ProfilePublished} }

// Known reports whether p is a profile.
func (p Profile) Known() bool {
	return p == ProfileRows || p == ProfileInternal || p == ProfilePublished
}

// Filter narrows results to some of a strand's people. Each list is of
// alternatives, all lists must be met, and an empty one lets everybody through. It
// is of people: a pair is kept or left out as a whole, by the response before, or
// by the one after of who has no other.
type Filter struct {
	Cohorts      []CohortID                        `json:"cohorts,omitempty"`
	Institutions []InstitutionID                   `json:"institutions,omitempty"`
	Phases       []string                          `json:"phases,omitempty"`
	Areas        []string                          `json:"areas,omitempty"`
	Languages    []string                          `json:"languages,omitempty"` // tags
	From         string                            `json:"from,omitempty"`      // day of submission in the programme's zone, "2026-01-31"; inclusive
	To           string                            `json:"to,omitempty"`        // likewise, inclusive
	Answers      map[questionnaire.ItemID][]string `json:"answers,omitempty"`   // codes of choices of items marked as breakdowns
}

// Empty reports whether f lets everybody through.
func (f Filter) Empty() bool {
	return len(f.Cohorts)+len(f.Institutions)+len(f.Phases)+len(f.Areas)+len(f.Languages)+len(f.Answers) == 0 && f.From == "" && f.To == ""
}

// The smallest number of people whose figures are published, whatever a programme
// allows within the council.
const leastPublished = 10

// Smallest is the number of people that a figure needs behind it to be shown in
// p: 1 where nothing is hidden.
func (p Profile) Smallest(programme Programme) int {
	switch p {
	case ProfileInternal:
		return max(1, programme.SmallestGroup)
	case ProfilePublished:
		return max(leastPublished, programme.SmallestGroup)
	}
	return 1
}

// Normal is f with each list sorted and without what is empty or stands twice, so that the same
// filter is the same value.
func (f Filter) Normal() Filter {
	tidyList(&f.Cohorts)
	tidyList(&f.Institutions)
	tidyList(&f.Phases)
	tidyList(&f.Areas)
	tidyList(&f.Languages)
	answers := map[questionnaire.ItemID][]string{}
	for item, codes := range f.Answers {
		if tidyList(&codes); len(codes) > 0 {
			answers[item] = codes
		}
	}
	f.Answers = answers
	if len(answers) == 0 {
		f.Answers = nil
	}
	return f
}

func tidyList[T ~string](list *[]T) {
	sorted := slices.Compact(slices.Sorted(slices.Values(*list)))
	if len(sorted) > 0 && sorted[0] == "" {
		sorted = sorted[1:]
	}
	*list = sorted[:len(sorted):len(sorted)]
	if len(sorted) == 0 {
		*list = nil
	}
}

// CheckFilter refuses a filter that means nothing in the strand: results of nobody
// would be taken for results. KindInvalid names the part.
func (d *Dataset) CheckFilter(f Filter) error {
	phases, areas, languages := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for id := range d.Cohorts {
		phases[d.PhaseOf(id)], areas[d.InstitutionOf(id).Area] = true, true
	}
	for _, form := range d.Instruments {
		for _, tag := range form.Version().Definition.Languages {
			languages[tag] = true
		}
	}
	return cmp.Or(
		knownIn("cohorts", f.Cohorts, d.Cohorts), knownIn("institutions", f.Institutions, d.Institutions), knownIn("phases", f.Phases, phases),
		knownIn("areas", f.Areas, areas), knownIn("languages", f.Languages, languages), d.checkAnswers(f), f.checkDays())
}

// knownIn refuses a value of a list that is not known.
func knownIn[K comparable, V any](field string, list []K, known map[K]V) error {
	for _, one := range list {
		if _, ok := known[one]; !ok {
			return invalid(field, "export.filter_unknown", fmt.Sprint(one))
		}
	}
	return nil
}

// checkAnswers refuses items that results are not broken down by, and codes that they
// do not have.
func (d *Dataset) checkAnswers(f Filter) error {
	for _, item := range slices.Sorted(maps.Keys(f.Answers)) {
		v, ok := d.Latest.Variable(item)
		if !ok || v.Item == nil || !v.Item.Breakdown {
			return invalid("answers", "export.filter_unknown", string(item))
		}
		for _, code := range f.Answers[item] {
			if v.Kind != questionnaire.KindHidden && !slices.ContainsFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Code == code }) {
				return invalid("answers", "export.filter_unknown", string(item)+": "+code)
			}
		}
	}
	return nil
}

func (f Filter) checkDays() error {
	for _, one := range []struct{ field, day string }{{"from", f.From}, {"to", f.To}} {
		if _, err := time.Parse(time.DateOnly, one.day); one.day != "" && err != nil {
			return invalid(one.field, "export.day")
		}
	}
	if f.From != "" && f.To != "" && f.To < f.From {
		return invalid("to", "export.days_order")
	}
	return nil
}
