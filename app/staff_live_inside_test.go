package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestBoardKnowsItsRoom: a room's poller asks at once, and knows what about. On a
// machine that was busy enough it ended the program when it did not.
func TestBoardKnowsItsRoom(t *testing.T) {
	t.Parallel()
	s := &Server{stop: make(chan struct{}), surveys: surveys.NewService(storetest.SQLite(t), time.Now, rand.Reader), log: slog.New(slog.DiscardHandler)}
	close(s.stop)
	link := surveys.BegunKey{Programme: "p", Cohort: "c", Strand: "pupils", Wave: "pre"}
	b := s.newBoard(watched{programme: "p", cohort: "c"}, &link)
	defer b.cancel()
	b.room.mu.Lock()
	defer b.room.mu.Unlock()
	if !slices.Equal(b.room.cells, []surveys.BegunKey{link}) {
		t.Errorf("a new board asks about %v, want the link that it was opened for", b.room.cells)
	}
}

// TestReaderSurvives: a mistake while counts are read is an error like others.
func TestReaderSurvives(t *testing.T) {
	t.Parallel()
	var none []string
	broken := reader(func(context.Context) (map[string]string, error) { return nil, errors.New(none[len(none)]) })
	if _, err := broken.survive(t.Context()); err == nil {
		t.Error("a reader that panics gives no error")
	}
}
