package surveys

import (
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Level is how closely an attribution says who a quote is by. None names an
// institution: among its people a reader knows who said it.
type Level string

const (
	LevelRole   Level = ""       // "Parent"
	LevelPhase  Level = "phase"  // "Class teacher, Primary"
	LevelCohort Level = "cohort" // "Parent, Series 2"; of cohorts at no institution
)

// Levels lists them, the most general first.
func Levels() []Level { return []Level{LevelRole, LevelPhase, LevelCohort} }

// Sharing counts the people whom an attribution could mean. It belongs to the
// dataset's readings as they were when it was made.
type Sharing struct {
	data    *Dataset
	circles map[circle]*headcount
	roles   map[int][]roleChoice // by place in Dataset.Instruments
}

// circle is the people who share a role, and a cohort or a phase with it. Of cohort
// and phase at most one is set; neither is everyone.
type circle struct {
	role   string // in lower case
	cohort CohortID
	phase  string
}

// headcount counts responses by wave.
type headcount struct{ before, after int }

// roleChoice is a choice whose label is a role: "Head teacher".
type roleChoice struct {
	variable     questionnaire.ItemID
	choice, role string // role in lower case
}

// NewSharing returns counts of nobody yet, for the roles that d's quotes are by and
// those named besides.
func (d *Dataset) NewSharing(roles ...string) *Sharing {
	s := &Sharing{data: d, circles: map[circle]*headcount{}, roles: map[int][]roleChoice{}}
	wanted := map[string]bool{}
	for _, r := range d.Readings {
		if r.Status == QuoteApproved {
			wanted[strings.ToLower(r.Attribution)] = true
		}
	}
	for _, role := range roles {
		wanted[strings.ToLower(role)] = true
	}
	for form, in := range d.Instruments {
		for i := range in.Variables() {
			s.addRoles(form, &in.Variables()[i], wanted)
		}
	}
	return s
}

// addRoles finds the choices of v that are wanted.
func (s *Sharing) addRoles(form int, v *questionnaire.Variable, wanted map[string]bool) {
	for _, choice := range v.Choices {
		for _, label := range choice.Label {
			if role := strings.ToLower(label); wanted[role] {
				s.roles[form] = append(s.roles[form], roleChoice{v.ID, choice.Code, role})
			}
		}
	}
}

// Add counts the person of r, in every circle that they belong to. A response that
// repeats another is not to be added.
func (s *Sharing) Add(r *Response) {
	roles := []string{strings.ToLower(s.data.Strand.Role)}
	for _, one := range s.roles[s.data.IndexOf(r)] {
		if r.Answers[one.variable].Choice == one.choice && !slices.Contains(roles, one.role) {
			roles = append(roles, one.role)
		}
	}
	phase := s.data.PhaseOf(r.Cohort)
	for _, role := range roles {
		s.count(circle{role: role}, r.Wave, 1)
		s.count(circle{role: role, cohort: r.Cohort}, r.Wave, 1)
		if phase != "" {
			s.count(circle{role: role, phase: phase}, r.Wave, 1)
		}
	}
}

func (s *Sharing) count(c circle, wave questionnaire.Wave, people int) {
	n := s.circles[c]
	if n == nil {
		n = &headcount{}
		c.cohort, c.phase = CohortID(strings.Clone(string(c.cohort))), strings.Clone(c.phase)
		s.circles[c] = n
	}
	switch wave {
	case questionnaire.WavePre:
		n.before += people
	case questionnaire.WavePost:
		n.after += people
	}
}

// People is how many people at least could be meant by a role at a level, for
// somebody of cohort: a response before and one after may be of one person. It is 0
// for a level that the cohort does not have.
func (s *Sharing) People(role string, level Level, cohort CohortID) int {
	c := circle{role: strings.ToLower(role)}
	switch level {
	case LevelPhase:
		if c.phase = s.data.PhaseOf(cohort); c.phase == "" {
			return 0
		}
	case LevelCohort:
		if c.cohort = cohort; s.data.Cohorts[cohort].Institution != "" {
			return 0
		}
	}
	n := s.circles[c]
	if n == nil {
		return 0
	}
	return max(n.before, n.after)
}

// By says who a quote is by, as closely as it was approved and as smallest people
// share it: the role that was written, else that of the whole strand, else nothing;
// and where they are from, else nothing.
func (s *Sharing) By(role string, level Level, cohort CohortID, smallest int) (who, where string) {
	switch {
	case s.People(role, LevelRole, cohort) >= smallest:
		who = role
	case s.People(s.data.Strand.Role, LevelRole, cohort) >= smallest:
		who = s.data.Strand.Role
	default:
		return "", ""
	}
	if level == LevelCohort && s.People(who, LevelCohort, cohort) >= smallest {
		return who, s.data.Cohorts[cohort].Name
	}
	if level != LevelRole && s.People(who, LevelPhase, cohort) >= smallest {
		return who, s.data.PhaseOf(cohort)
	}
	return who, ""
}
