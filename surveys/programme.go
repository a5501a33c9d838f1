package surveys

import (
	"slices"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// Design is how a strand measures change; it picks the method and the wording,
// and no export mixes designs.
type Design string

const (
	DesignPrePost         Design = "pre_post"           // the same people before and after, paired by linkage code
	DesignPrePostFollowUp Design = "pre_post_follow_up" // and once more later
	DesignThenNow         Design = "then_now"           // both in one form, rated afterwards from memory
	DesignRating          Design = "rating"             // a teacher rates a workshop: the rater is not the subject
	DesignUnlinked        Design = "unlinked"           // before and after, and nobody can link the answers: two groups
)

// Waves lists the points of data collection of d, in order.
func (d Design) Waves() []questionnaire.Wave {
	switch d {
	case DesignPrePost, DesignUnlinked:
		return []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}
	case DesignPrePostFollowUp:
		return []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost, questionnaire.WaveFollowUp}
	case DesignThenNow, DesignRating:
		return []questionnaire.Wave{questionnaire.WavePost}
	}
	return nil
}

// Audience is who answers.
type Audience string

const (
	AudienceParticipant Audience = "participant"
	AudienceTrainee     Audience = "trainee"
	AudienceTeacher     Audience = "teacher"
)

// Block is within what pairs are looked for.
type Block string

const (
	BlockCohort      Block = "cohort"
	BlockInstitution Block = "institution"
	BlockProgramme   Block = "programme"
)

// Programme is the intervention that is evaluated, with its plan.
type Programme struct {
	ID            ProgrammeID  `json:"id"`
	Name          string       `json:"name" validate:"required,max=200,line"`
	Purpose       string       `json:"purpose,omitempty" validate:"max=2000,lines"`
	Funder        string       `json:"funder,omitempty" validate:"max=200,line"`
	From          string       `json:"from,omitempty" validate:"omitempty,datetime=2006-01-02"` // first day of the funded period
	To            string       `json:"to,omitempty" validate:"omitempty,datetime=2006-01-02"`   // last day, included
	Zone          string       `json:"zone" validate:"required,timezone"`                       // IANA name; times are shown in it
	SmallestGroup int          `json:"smallest_group" validate:"min=1,max=100"`                 // people; smaller groups are suppressed in summaries
	Targets       Targets      `json:"targets"`
	Strands       []Strand     `json:"strands" validate:"required,min=1,max=20,dive"`
	Safeguarding  Safeguarding `json:"safeguarding,omitzero"`
	Retention     Retention    `json:"retention,omitzero"`
	Demo          bool         `json:"demo,omitempty"` // made-up data, marked as such wherever shown
	Created       time.Time    `json:"created"`
	Revision      int64        `json:"revision"`
}

// Targets are what the grant asked for; 0 means that none was set.
type Targets struct {
	People       int `json:"people,omitempty" validate:"min=0"`
	Institutions int `json:"institutions,omitempty" validate:"min=0"`
}

// Strand is one line of the plan: one audience, one questionnaire, one design.
type Strand struct {
	ID            StrandID             `json:"id" validate:"required,max=32"`
	Title         string               `json:"title" validate:"required,max=200,line"`
	Audience      Audience             `json:"audience" validate:"oneof=participant trainee teacher"`
	Design        Design               `json:"design" validate:"oneof=pre_post pre_post_follow_up then_now rating unlinked"`
	Questionnaire questionnaire.ID     `json:"questionnaire" validate:"required"`
	Block         Block                `json:"block,omitempty" validate:"omitempty,oneof=cohort institution programme"` // pairing only
	ReviewNear    bool                 `json:"review_near,omitempty"`                                                   // near matches wait for a person
	Role          string               `json:"role" validate:"required,max=80,line"`                                    // attribution of quotes: "Parent", "Class teacher"
	People        string               `json:"people,omitempty" validate:"max=80,line"`                                 // what they are called in sentences: "parents"; empty: by audience
	Places        string               `json:"places,omitempty" validate:"max=80,line"`                                 // what its institutions are called: "schools"; empty: "institutions"
	Groups        string               `json:"groups,omitempty" validate:"max=80,line"`                                 // what its cohorts are called: "series"; empty: "cohorts"
	Target        int                  `json:"target,omitempty" validate:"min=0"`                                       // people of this strand that the grant asked for; 0: not said
	Present       questionnaire.ItemID `json:"present,omitempty" validate:"max=64"`                                     // the item of a rating that says how many people were at the workshop
	Children      bool                 `json:"children,omitempty"`                                                      // children answer: quotes need their own consent and that of their school or parents
	Variants      []StrandVariant      `json:"variants,omitempty" validate:"max=10,dive"`                               // other questionnaires by phase; they share items by id
}

// StrandVariant is the questionnaire that cohorts of one phase answer instead of
// the strand's own.
type StrandVariant struct {
	Phase         string           `json:"phase" validate:"required,max=80,line"` // of the cohort, else of its institution; compared without regard to case
	Questionnaire questionnaire.ID `json:"questionnaire" validate:"required"`
}

// QuestionnaireFor returns the questionnaire that a cohort in this phase answers.
func (s Strand) QuestionnaireFor(phase string) questionnaire.ID {
	for _, variant := range s.Variants {
		if strings.EqualFold(strings.TrimSpace(variant.Phase), strings.TrimSpace(phase)) {
			return variant.Questionnaire
		}
	}
	return s.Questionnaire
}

// Questionnaires lists those that the strand is answered with, its own first,
// each once.
func (s Strand) Questionnaires() []questionnaire.ID {
	all := []questionnaire.ID{s.Questionnaire}
	for _, variant := range s.Variants {
		if !slices.Contains(all, variant.Questionnaire) {
			all = append(all, variant.Questionnaire)
		}
	}
	return all
}

// Strand returns the strand with that id.
func (p *Programme) Strand(id StrandID) (Strand, bool) {
	for _, s := range p.Strands {
		if s.ID == id {
			return s, true
		}
	}
	return Strand{}, false
}

// Paired reports whether the strand's responses are paired by linkage code.
func (s Strand) Paired() bool {
	return s.Design == DesignPrePost || s.Design == DesignPrePostFollowUp
}

// Institution is where cohorts are: a school, nursery, college, department.
type Institution struct {
	ID        InstitutionID `json:"id"`
	Programme ProgrammeID   `json:"programme"`
	Name      string        `json:"name" validate:"required,max=200,line"`
	Kind      string        `json:"kind,omitempty" validate:"max=80,line"`  // school, nursery, college, department, community organisation
	Phase     string        `json:"phase,omitempty" validate:"max=80,line"` // Early years, Primary, Secondary …
	Area      string        `json:"area,omitempty" validate:"max=80,line"`
	Language  string        `json:"language,omitempty" validate:"omitempty,bcp47_language_tag"` // BCP 47, of its posters; "": that of the questionnaire
	Revision  int64         `json:"revision"`
}

// Cohort is the people who go through a programme together.
type Cohort struct {
	ID          CohortID         `json:"id"`
	Programme   ProgrammeID      `json:"programme"`
	Institution InstitutionID    `json:"institution,omitempty"` // "": not at an institution
	Name        string           `json:"name" validate:"required,max=200,line"`
	Phase       string           `json:"phase,omitempty" validate:"max=80,line"` // "": that of its institution
	Starts      string           `json:"starts,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Ends        string           `json:"ends,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Expected    map[StrandID]int `json:"expected,omitempty" validate:"dive,min=0,max=100000"` // people who were there, by strand
	AgreedBy    string           `json:"agreed_by,omitempty" validate:"max=200,line"`         // who agreed, for children, that they may be quoted: "Head teacher, by letter to parents"; "": nobody
	AgreedOn    string           `json:"agreed_on,omitempty" validate:"omitempty,datetime=2006-01-02"`
	Revision    int64            `json:"revision"`
}

// Link is the address handed out for one cohort × strand × wave, or for one
// workshop of the cohort.
type Link struct {
	ID        LinkID             `json:"id"`
	Token     string             `json:"token"` // the secret in the address; ten unambiguous signs
	Programme ProgrammeID        `json:"programme"`
	Strand    StrandID           `json:"strand" validate:"required"`
	Cohort    CohortID           `json:"cohort" validate:"required"`
	Wave      questionnaire.Wave `json:"wave" validate:"oneof=pre post follow_up"`
	Workshop  WorkshopID         `json:"workshop,omitempty"` // that is rated; "": the cohort's own link, which leads to those of its workshops
	Opens     time.Time          `json:"opens,omitzero"`     // open from here, included; zero: at once
	Closes    time.Time          `json:"closes,omitzero"`    // open until here, excluded; zero: never
	Withdrawn bool               `json:"withdrawn,omitempty"`
	Revision  int64              `json:"revision"`
}

// State says whether l takes answers at now: "open", "not_yet", "closed" or "withdrawn".
func (l Link) State(now time.Time) string {
	switch {
	case l.Withdrawn:
		return "withdrawn"
	case !l.Closes.IsZero() && !now.Before(l.Closes): // first: it may be closed before it ever opened
		return "closed"
	case !l.Opens.IsZero() && now.Before(l.Opens):
		return "not_yet"
	}
	return "open"
}
