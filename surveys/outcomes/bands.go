package outcomes

import "soundings/surveys/questionnaire"

// Bands says how many of the matched were in which band of a scale before and
// after.
type Bands struct {
	N          int         `json:"n"` // matched people whose scores lie in a band both times
	Suppressed bool        `json:"suppressed,omitempty"`
	Bands      []BandCount `json:"bands"`  // lowest first
	Better     int         `json:"better"` // moved to a better band
	Same       int         `json:"same"`
	Worse      int         `json:"worse"`
}

// BandCount is one band.
type BandCount struct {
	Label  questionnaire.Text `json:"label"`
	Min    float64            `json:"min"`
	Max    float64            `json:"max"`
	Before int                `json:"before"`
	After  int                `json:"after"`
}

// ScaleNote says how a scale is scored and who allows its use.
type ScaleNote struct {
	Scale       questionnaire.ItemID   `json:"scale"`
	Label       questionnaire.Text     `json:"label"`
	Items       []questionnaire.ItemID `json:"items"`
	Reverse     []questionnaire.ItemID `json:"reverse,omitempty"`
	Method      string                 `json:"method"` // mean, sum
	MinAnswered int                    `json:"min_answered"`
	Multiply    float64                `json:"multiply,omitempty"`
	Table       bool                   `json:"table,omitempty"` // the raw score is looked up in a published table
	Min         float64                `json:"min"`             // possible scores
	Max         float64                `json:"max"`
	Direction   string                 `json:"direction,omitempty"`
	Source      string                 `json:"source,omitempty"`
	Licence     string                 `json:"licence,omitempty"`
	Prorated    int                    `json:"prorated"`        // scores in which left-out items count as the mean of the others
	Flags       []FlagCount            `json:"flags,omitempty"` // in no profile: for evaluators only
}

// FlagCount is how many responses have an answer that a person should look at.
type FlagCount struct {
	Item    questionnaire.ItemID `json:"item"`
	AtLeast float64              `json:"at_least"`
	Label   questionnaire.Text   `json:"label,omitempty"`
	N       int                  `json:"n"` // responses of all waves, repeats set aside
}
