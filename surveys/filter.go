package surveys

import "soundings/surveys/questionnaire"

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
