package surveys

// Retention is how long a programme keeps what it holds. Its zero value: no clock
// was set.
type Retention struct{}
