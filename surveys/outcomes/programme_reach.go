package outcomes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"soundings/surveys"
)

// ProgrammeReach is how many a programme reached: each strand by itself, and what
// can be said of all together. Whoever answers in two strands cannot be told from
// two people, so that people of several strands are only bounded.
type ProgrammeReach struct {
	Programme string          `json:"programme"`
	Made      time.Time       `json:"made,omitzero"`
	Demo      bool            `json:"demo"`
	Profile   surveys.Profile `json:"profile"`
	Filter    surveys.Filter  `json:"filter,omitzero"`

	// People are those of the strands that rate nothing: at least as many as in the
	// strand with the most, at most those of all strands together. Hidden: those of
	// some strand are too few to be shown, so that no sum is.
	People       int  `json:"people"`
	PeopleAtMost int  `json:"people_at_most"`
	Hidden       bool `json:"hidden,omitempty"`
	Raters       int  `json:"raters"` // at most, likewise
	RatersHidden bool `json:"raters_hidden,omitempty"`
	TargetPeople int  `json:"target_people"` // 0: none was set

	Institutions       int      `json:"institutions"` // with an answer in any strand, each once
	Planned            int      `json:"planned_institutions"`
	TargetInstitutions int      `json:"target_institutions"`
	Unreached          []string `json:"unreached_institutions"`  // names of those without an answer
	PlacesHidden       bool     `json:"places_hidden,omitempty"` // a filter leaves so few people that nothing of them is shown

	Workshops *WorkshopReach  `json:"workshops,omitempty"` // of the first strand that rates any
	Strands   []StrandReached `json:"strands"`
}

// StrandReached is the reach of one strand, with the words in which it is told.
type StrandReached struct {
	Strand      surveys.StrandID `json:"strand"`
	Title       string           `json:"title"`
	Audience    surveys.Audience `json:"audience"`
	Design      surveys.Design   `json:"design"`
	People      string           `json:"people"` // "parents"
	Places      string           `json:"places"` // "schools"
	Groups      string           `json:"groups"` // "series"
	Target      int              `json:"target"` // people; 0: none was set
	Unpublished bool             `json:"unpublished,omitempty"`
	Sentences   []string         `json:"sentences"` // to be pasted into a report
	Reach       Reach            `json:"reach"`
}

// Rates reports whether the people of the strand are raters.
func (s *StrandReached) Rates() bool { return s.Design == surveys.DesignRating }

// Paired reports whether its people answer more than once.
func (s *StrandReached) Paired() bool {
	return s.Design == surveys.DesignPrePost || s.Design == surveys.DesignPrePostFollowUp
}

// Hidden reports whether its people are too few to be shown.
func (s *StrandReached) Hidden() bool {
	return len(s.Reach.Rows) > 0 && s.Reach.Rows[0].Suppressed
}

// ReachTogether puts the reports on the strands of p together; one that is nil is
// of a strand whose questionnaire is not published. All are made with the same
// profile and filter. Places are the institutions and cohorts of p.
func ReachTogether(p surveys.Programme, reports []*Report, institutions []surveys.Institution, cohorts []surveys.Cohort, opt Options) ProgrammeReach {
	r := ProgrammeReach{
		Programme: p.Name, Made: opt.Made, Demo: p.Demo, Profile: opt.Profile, Filter: opt.Filter,
		TargetPeople: p.Targets.People, TargetInstitutions: p.Targets.Institutions, Unreached: []string{},
	}
	reached := map[surveys.InstitutionID]bool{}
	for i := range p.Strands {
		one := strandReached(p, p.Strands[i], reports[i])
		if reports[i] != nil {
			r.Filter = reports[i].Filter // whose days may be widened
		}
		r.add(&one)
		r.PlacesHidden = r.PlacesHidden || one.Hidden() && one.Reach.Cohorts == 0
		for _, id := range one.Reach.Places {
			reached[id] = true
		}
		r.Strands = append(r.Strands, one)
	}
	if r.Institutions = len(reached); r.PlacesHidden {
		r.Institutions = 0
	}
	for _, i := range Planned(opt.Filter, institutions, cohorts) {
		r.Planned++
		if !reached[i.ID] && !r.PlacesHidden {
			r.Unreached = append(r.Unreached, i.Name)
		}
	}
	return r
}

// add counts the people of a strand.
func (r *ProgrammeReach) add(s *StrandReached) {
	if s.Rates() {
		r.RatersHidden = r.RatersHidden || s.Hidden()
		if r.Raters += s.Reach.PeopleAtMost; r.RatersHidden {
			r.Raters = 0
		}
		r.Workshops = cmp.Or(r.Workshops, s.Reach.Workshops)
		return
	}
	if r.Hidden = r.Hidden || s.Hidden(); r.Hidden {
		r.People, r.PeopleAtMost = 0, 0
		return
	}
	r.People = max(r.People, s.Reach.People)
	r.PeopleAtMost += s.Reach.PeopleAtMost
}

// strandReached is the part of one strand. The programme's target is that of its
// only strand.
func strandReached(p surveys.Programme, strand surveys.Strand, report *Report) StrandReached {
	s := StrandReached{
		Strand: strand.ID, Title: strand.Title, Audience: strand.Audience, Design: strand.Design,
		People: cmp.Or(strand.People, plural(strand.Audience)), Places: wordForPlaces(strand), Groups: wordForGroups(strand),
		Target: strand.Target, Unpublished: report == nil, Sentences: []string{},
	}
	if s.Target == 0 && len(p.Strands) == 1 {
		s.Target = p.Targets.People
	}
	if report != nil {
		s.Reach = report.Reach
		s.Sentences = s.sentences(report)
	}
	return s
}

// wordForPlaces is what a strand's institutions are called.
func wordForPlaces(s surveys.Strand) string { return cmp.Or(s.Places, "institutions") }

// wordForGroups is what a strand's cohorts are called.
func wordForGroups(s surveys.Strand) string { return cmp.Or(s.Groups, "cohorts") }

// Planned lists the institutions that a filter may let through: by their own
// phase if they have no cohort.
func Planned(f surveys.Filter, institutions []surveys.Institution, cohorts []surveys.Cohort) []surveys.Institution {
	phases := map[surveys.InstitutionID][]string{}
	chosen := map[surveys.InstitutionID]bool{}
	for _, c := range cohorts {
		phases[c.Institution] = append(phases[c.Institution], c.Phase)
		chosen[c.Institution] = chosen[c.Institution] || slices.Contains(f.Cohorts, c.ID)
	}
	return slices.DeleteFunc(slices.Clone(institutions), func(i surveys.Institution) bool {
		own := phases[i.ID]
		if len(own) == 0 {
			own = []string{""}
		}
		in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
		return !in(f.Areas, i.Area) || len(f.Institutions) > 0 && !slices.Contains(f.Institutions, i.ID) || len(f.Cohorts) > 0 && !chosen[i.ID] ||
			!slices.ContainsFunc(own, func(phase string) bool { return in(f.Phases, cmp.Or(phase, i.Phase)) })
	})
}

// sentences tell the strand's reach in words.
func (s *StrandReached) sentences(report *Report) []string {
	if s.Hidden() || s.Reach.PeopleAtMost == 0 || s.Reach.Rows[0].AtMost == 0 {
		return []string{}
	}
	lines := []string{s.mainSentence(report.Profile)}
	if text := s.Reach.Workshops.Sentence(s.Reach.People, s.People); text != "" {
		lines = append(lines, upperFirst(about(report.Profile, text))+".")
	}
	if s.Target > 0 && !s.Rates() {
		lines = append(lines, s.targetSentence(report.Profile))
	}
	return lines
}

// mainSentence says how many were reached: "Between 54 and 58 parents in 4 series
// answered, 43 of them both before and after; 57 were expected."
func (s *StrandReached) mainSentence(profile surveys.Profile) string {
	whole := s.Reach.Rows[0]
	people := upperFirst(about(profile, count(whole.People)))
	if whole.AtMost > whole.People {
		people = fmt.Sprintf("Between %s and %s", about(profile, count(whole.People)), count(whole.AtMost))
	}
	text := fmt.Sprintf("%s %s%s answered%s", people, s.People, s.where(), s.bothTimes(whole))
	if whole.Took > 0 {
		text += fmt.Sprintf("; %s were expected", count(whole.Took))
	}
	return text + "."
}

// about marks a number that was rounded.
func about(profile surveys.Profile, number string) string {
	if profile == surveys.ProfilePublished {
		return "about " + number
	}
	return number
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func (s *StrandReached) bothTimes(whole ReachRow) string {
	if !s.Paired() || whole.Matched == 0 {
		return ""
	}
	return fmt.Sprintf(", %s of them both before and after", count(whole.Matched))
}

// where names the places, or the groups if there are no places: " in 7 schools".
func (s *StrandReached) where() string {
	switch {
	case s.Reach.Institutions > 0:
		return " in " + counted(s.Reach.Institutions, s.Places)
	case s.Reach.Cohorts > 0:
		return " in " + counted(s.Reach.Cohorts, s.Groups)
	}
	return ""
}

// targetSentence sets the people against the target: "That is at least 92% of the
// target of 60."
func (s *StrandReached) targetSentence(profile surveys.Profile) string {
	row := s.Reach.Rows[0]
	share := about(profile, fmt.Sprintf("%.0f%%", 100*float64(row.People)/float64(s.Target)))
	if row.AtMost > row.People {
		share = "at least " + share
	}
	return fmt.Sprintf("Those who answered are %s of the target of %s.", share, count(s.Target))
}

// Reached reports whether an institution has an answer in any strand.
func (r *ProgrammeReach) Reached(id surveys.InstitutionID) bool {
	return slices.ContainsFunc(r.Strands, func(s StrandReached) bool { return slices.Contains(s.Reach.Places, id) })
}
