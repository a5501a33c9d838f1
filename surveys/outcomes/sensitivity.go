package outcomes

// Sensitivity says how far a result depends on who was paired with whom, on who
// left, on those who had no room to move, and on people of one group being alike.
// It is of measures in designs with pairs; each part is an extra beside
// the result, never instead of it.
type Sensitivity struct {
	Pairs      []PairsResult `json:"pairs,omitempty"`        // exact; exact and near; exact, near and reviewed
	DropOut    *DropOut      `json:"drop_out,omitempty"`     // nil if nobody left
	RoomToMove *RoomToMove   `json:"room_to_move,omitempty"` // where 15 % or more were at the best value before
	Clusters   *Clusters     `json:"clusters,omitempty"`     // with five groups or more
}

// PairsResult is the result with some of the pairs only.
type PairsResult struct {
	Pairs      Pairs    `json:"pairs"` // exact, near, reviewed
	N          int      `json:"n"`     // matched people who answered this both times
	Suppressed bool     `json:"suppressed,omitempty"`
	Change     Estimate `json:"change"` // mean change in the measure's unit, or the difference in percentage points
	CI         Interval `json:"ci"`
	Improved   Estimate `json:"improved_pct"` // of the matched; of a yes or no the percentage after
}

// DropOut sets those who answered both times beside those who left, and bounds what
// the result would be over everyone who began.
type DropOut struct {
	NStayed    int      `json:"n_stayed"`
	NLeft      int      `json:"n_left"` // answered before and not after
	MeanStayed Estimate `json:"mean_stayed"`
	MeanLeft   Estimate `json:"mean_left"`
	SMD        Estimate `json:"smd"`    // (stayed - left)/pooled SD before
	Marked     bool     `json:"marked"` // |SMD| is 0.25 or more

	// If nobody who left had changed: over everyone who began. It is a bound for a
	// result that is an improvement, not a better figure.
	NBegan   int      `json:"n_began"`
	Change   Estimate `json:"change"` // in the measure's unit, or percentage points
	Improved Estimate `json:"improved_pct"`
}

// RoomToMove is the result over those who were not at the best value before.
type RoomToMove struct {
	AtBest     Estimate `json:"at_best_pct"` // of the matched before, 15 or more
	N          int      `json:"n"`           // matched who could improve
	Suppressed bool     `json:"suppressed,omitempty"`
	Change     Estimate `json:"change"`
	CI         Interval `json:"ci"`
	Improved   Estimate `json:"improved_pct"`
}

// Clusters says what it does to the interval that people of one group are alike.
type Clusters struct {
	By           string   `json:"by"` // "cohort", "institution": the division whose design effect is the largest
	Groups       int      `json:"groups"`
	ICC          Estimate `json:"icc1_change"`
	DesignEffect Estimate `json:"design_effect"`
	CI           Interval `json:"ci"` // of the mean change, widened by the root of the design effect
}

// Note is a remark that belongs beside a result, in plain words that all printers
// use.
type Note struct {
	Key  NoteKey `json:"key"`
	Text string  `json:"text"` // a sentence
}

// NoteKey says what a note is about.
type NoteKey string

// The notes.
const (
	NoteChanged  NoteKey = "changed"  // the measure was changed after answers had come in
	NoteCeiling  NoteKey = "ceiling"  // many were at the best value before
	NoteFloor    NoteKey = "floor"    // many were at the worst value before
	NoteDropOut  NoteKey = "drop_out" // those who left started from a different place
	NoteClusters NoteKey = "clusters" // people of one group are alike
	NotePairs    NoteKey = "pairs"    // the result depends on which pairs count
	NoteMemory   NoteKey = "memory"   // rated from memory, in a design that measures before and after too
	NoteAlpha    NoteKey = "alpha"    // the items of the scale do not hang together, or one is not reversed
)
