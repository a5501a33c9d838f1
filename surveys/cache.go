package surveys

import (
	"sync"
	"time"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// freshness is how long an invitation or a pairing key is believed before it is
// read again: closing a link takes effect everywhere within this time.
const freshness = 3 * time.Second

// What an invitation was is shown on while the store does not answer: for so long, and
// after waiting for so long.
const (
	staleness     = 10 * time.Minute
	stalePatience = time.Second
)

// cacheSize bounds each table; a full one is emptied, which costs a few reads.
const cacheSize = 4096

// cache spares the hot path of a submission its reads. It holds nothing that
// another instance needs.
type cache struct {
	now         func() time.Time // also of a service whose clock is stopped: what is loaded of the past is read now
	versions    table[string, *questionnaire.Instrument]
	invitations table[string, Invitation]
	keys        table[ProgrammeID, pairing.Key]
	latest      table[questionnaire.ID, int]
	dayKeys     table[string, string]
	rooms       table[string, Room]
	cards       table[string, CardVisit]
	rules       table[string, SignInRules]
	cared       table[ProgrammeID, bool]
	watchers    watchers
}

func newCache(now func() time.Time) *cache { return &cache{now: now} }

// table is a small map of values with the moment they were read.
type table[K comparable, V any] struct {
	mu   sync.RWMutex
	rows map[K]cached[V]
}

type cached[V any] struct {
	value V
	read  time.Time
}

// get returns the value of k if it was read within age before now. One that was read
// after now is not believed either: the clock was set back, and it would be for as long.
func (t *table[K, V]) get(k K, now time.Time, age time.Duration) (V, bool) {
	row, ok := t.row(k)
	if !ok || row.read.Before(now.Add(-age)) || row.read.After(now) {
		var none V
		return none, false
	}
	return row.value, true
}

// ever returns the value of k, whenever it was read: of what never changes.
func (t *table[K, V]) ever(k K) (V, bool) {
	row, ok := t.row(k)
	return row.value, ok
}

func (t *table[K, V]) row(k K) (cached[V], bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	row, ok := t.rows[k]
	return row, ok
}

func (t *table[K, V]) put(k K, v V, read time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil || len(t.rows) >= cacheSize {
		t.rows = make(map[K]cached[V])
	}
	t.rows[k] = cached[V]{v, read}
}

// putOnly keeps v and forgets all others.
func (t *table[K, V]) putOnly(k K, v V, read time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = map[K]cached[V]{k: {v, read}}
}

func (t *table[K, V]) drop(k K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rows, k)
}
