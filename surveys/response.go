package surveys

import (
	"time"

	"soundings/surveys/questionnaire"
)

// Status is where a response stands.
type Status string

const (
	StatusInProgress Status = "in_progress"
	StatusSubmitted  Status = "submitted"
	StatusWithdrawn  Status = "withdrawn" // by the respondent: answers and linkage are gone
	StatusExcluded   Status = "excluded"  // left out by a person, who said why; can be taken back
	StatusDeleted    Status = "deleted"   // by a person, who said why; can be taken back until it is destroyed
	StatusHeld       Status = "held"      // came when its link took no answers; waits for a person
)

// Mode is how the answers came.
type Mode string

const (
	ModePhone  Mode = "phone"
	ModeShared Mode = "shared_device"
	ModePaper  Mode = "paper"
	ModeImport Mode = "import"
)

func (m Mode) known() bool {
	return m == ModePhone || m == ModeShared || m == ModePaper || m == ModeImport
}

// Response is one respondent's answers to one version at one wave. It holds no
// name, no address, no user agent, and not the linkage code.
type Response struct {
	ID            ResponseID
	Programme     ProgrammeID
	Strand        StrandID
	Cohort        CohortID
	Wave          questionnaire.Wave
	Questionnaire questionnaire.ID
	Version       int
	Language      string // BCP 47
	Mode          Mode
	Status        Status
	Started       time.Time  // UTC, whole milliseconds, as all times
	Submitted     time.Time  // zero while in progress
	Page          int        // in progress: the first part not yet saved, from 0
	Coded         bool       // a linkage code was given
	Device        string     // a tag that the phone drew for this link alone: it tells two sendings from one phone, and joins nothing across links
	Batch         string     // of paper forms, or the import that brought it; "" for others
	Workshop      WorkshopID // that was rated; "" where none is
	Digest        string     // of what was submitted; tells a repeat from another body under the same id
	Notes         []string   // quality notes: "same_id_other_answers"
	Answers       questionnaire.Answers
	Aside         questionnaire.Answers // answers to items that left the path; kept, never exported
	History       []Change              // what people corrected, oldest first; goes with the response
	Revision      int64                 // 1 after the first write
}

// Linkage is what pairs a response with another: keyed hashes of the elements
// of its code, never the code. It is kept apart so that it can be destroyed first.
type Linkage struct {
	Response  ResponseID
	Programme ProgrammeID
	Strand    StrandID
	Elements  []string // hexadecimal; "" for an element left blank; one only if it is the code of a card

	// Note is for the response, and not stored here: "code_unknown" or
	// "code_other_cohort" of the code of a card that its respondent went on with
	// though it was not issued to this cohort; else "".
	Note string
}
