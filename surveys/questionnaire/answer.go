package questionnaire

// Missing is the reason why a variable has no value.
type Missing string

const (
	Answered   Missing = ""
	NotAsked   Missing = "not_asked"   // the item was not on this person's path
	NotReached Missing = "not_reached" // asked, and passed over without a word
	Declined   Missing = "declined"    // "prefer not to say"
	DontKnow   Missing = "dont_know"
	Withdrawn  Missing = "withdrawn"
	Illegible  Missing = "illegible" // on paper: written, and nobody can read it
	Ambiguous  Missing = "ambiguous" // on paper: two boxes ticked where one answer was asked for

	Withheld Missing = "withheld" // never stored: there is an answer, and it waits with the safeguarding lead
)

// Answer is the value of one variable in one response, or why there is none.
// Exactly one of Missing, Choice, Choices, Number and Text says it, but for an
// item with an "other, please say" choice: what was typed there is in Text
// beside the code or codes, even if another choice was taken in the end.
// The zero Answer is not valid; what was not answered has a Missing.
type Answer struct {
	Missing Missing  `json:"missing,omitempty"`
	Choice  string   `json:"choice,omitempty"`  // code of the one choice
	Choices []string `json:"choices,omitempty"` // codes, in the definition's order, for ranking the first rank first; at least one
	Number  *float64 `json:"number,omitempty"`  // number, scale_0_10, scale, and calculated where it is one
	Text    string   `json:"text,omitempty"`    // as typed, trimmed, line breaks as \n; date, time and date_time in ISO form
	Order   []string `json:"order,omitempty"`   // codes of a shuffled item in the order they were shown in; beside an answer or none
}

// Answers holds the answers of one response by variable. A variable that is
// not in the map was not reached.
type Answers map[ItemID]Answer

// Raw is what a person typed or chose, by control name, before any meaning is
// given to it: the shape of a posted HTML form. Control names are the
// variable's id; the words of "other" are <id>__other; the elements of a
// linkage code are <item>__<prompt>.
type Raw map[string][]string
