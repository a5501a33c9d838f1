package questionnaire

import "time"

// Sitting is what decides about the path of one person through a questionnaire,
// besides the answers: where they are, when, and what their link said.
type Sitting struct {
	Wave    Wave
	Started time.Time         // hidden items from start
	Now     time.Time         // today(), now(), hidden items from end
	Zone    *time.Location    // of the programme; nil: UTC
	Seed    string            // the response's id: what a shuffled order and random() are drawn from
	Link    map[string]string // what the address said of hidden items
	Paper   bool              // written on paper: nothing is required, and answers may be marked as unusable
}
