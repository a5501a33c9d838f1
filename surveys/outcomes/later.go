package outcomes

import "soundings/surveys/questionnaire"

// LaterResult compares the answers of a third wave with earlier ones of the same
// people: a paired result with its own base, beside the main one.
type LaterResult struct {
	From questionnaire.Wave `json:"from"` // pre or post
	To   questionnaire.Wave `json:"to"`   // follow_up
	Result
}

// Contrast is one of the three comparisons where people were asked before, and
// afterwards how it was then and how it is now. They are never mixed: each is
// labelled by what it sets against what.
//
// Source: response shift, Howard (1980), Evaluation Review 4:93: then - pre is how
// far people judge their beginning otherwise afterwards.
type Contrast struct {
	Name  string             `json:"name"` // "post-pre", "post-then", "then-pre"
	Label questionnaire.Text `json:"label"`
	Result
}

// ContrastWords says what a contrast sets against what.
func ContrastWords(name string) string {
	switch name {
	case "post-pre":
		return "measured before and after"
	case "post-then":
		return "rated afterwards from memory"
	case "then-pre":
		return "how far people judge their beginning otherwise afterwards"
	}
	return name
}
