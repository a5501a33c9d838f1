package surveys

import (
	"encoding/json"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// Action is how a person corrected a response.
type Action string

const (
	ActionMoved     Action = "moved"     // to another cohort or wave
	ActionCorrected Action = "corrected" // an answer
	ActionExcluded  Action = "excluded"  // left out of all results, and kept
	ActionDeleted   Action = "deleted"   // left out, and destroyed after DeletedLife
	ActionTakenIn   Action = "taken_in"  // held answers that count from now on
	ActionVerified  Action = "verified"  // settled after a second pass over a paper form
	ActionUndone    Action = "undone"    // an earlier change was taken back
)

// Change is one correction of a response: who, when, why, and what it was like
// before and after. It is stored with the response, so that there is no moment at
// which one is kept without the other, and is gone when the answers are.
type Change struct {
	At      time.Time            `json:"at"`
	Account AccountID            `json:"account,omitempty"`
	Name    string               `json:"name,omitempty"` // of the account, as it was then
	Action  Action               `json:"action"`
	Reason  string               `json:"reason"`
	Item    questionnaire.ItemID `json:"item,omitempty"`   // whose answer was corrected
	Undoes  int                  `json:"undoes,omitempty"` // number, from 1, of the change that this one took back
	Was     State                `json:"was"`
	Is      State                `json:"is"`
}

// State is what a correction can change of a response. Answers and Aside are only
// there if it changed them.
type State struct {
	Cohort  CohortID              `json:"cohort"`
	Wave    questionnaire.Wave    `json:"wave"`
	Status  Status                `json:"status"`
	Answers questionnaire.Answers `json:"answers,omitempty"`
	Aside   questionnaire.Answers `json:"aside,omitempty"`

	Workshop WorkshopID `json:"workshop,omitempty"`
}

// EncodeHistory writes a history as stores keep it: a JSON array, "" for none.
func EncodeHistory(history []Change) (string, error) {
	if len(history) == 0 {
		return "", nil
	}
	text, err := json.Marshal(history)
	if err != nil {
		return "", fmt.Errorf("encoding a history: %w", err)
	}
	return string(text), nil
}

// DecodeHistory reads what EncodeHistory wrote.
func DecodeHistory(text string) ([]Change, error) {
	if text == "" {
		return nil, nil
	}
	var history []Change
	if err := json.Unmarshal([]byte(text), &history); err != nil {
		return nil, fmt.Errorf("decoding a history: %w", err)
	}
	return history, nil
}
