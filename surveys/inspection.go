package surveys

import (
	"context"
	"time"
)

// Inspection is what a store says of itself to who looks after it, in plain words
// and without anything that people typed.
type Inspection struct {
	Said   []string  // how it is
	Advice []string  // what would be better
	Wrong  []string  // what has to be mended, and how
	Clock  time.Time // of the machine it is on; zero: the same as ours
}

// Inspector is a store that can be inspected. Both are.
type Inspector interface {
	Inspect(ctx context.Context) (Inspection, error)
}
