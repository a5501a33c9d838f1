package app

import (
	"context"
	"errors"
	"testing"

	"soundings/surveys"
)

// TestBoardKnowsItsRoom: a room's poller begins only when it knows what to ask about.
// Begun before, it ended the program on a machine that was busy enough.
func TestBoardKnowsItsRoom(t *testing.T) {
	t.Parallel()
	s := &Server{stop: make(chan struct{})}
	close(s.stop)
	what := watched{programme: "p", cohort: "c"}
	b, _ := s.newBoard(what)
	if len(b.watchers) != 0 || s.live.boards[what] != b {
		t.Fatal("the board is not there for who watches next")
	}
	b.room.add(surveys.BegunKey{Programme: "p", Cohort: "c", Strand: "pupils", Wave: "pre"})
	if programme, cell := b.room.next(); programme != "p" || cell != nil {
		t.Errorf("the first question is about %q, %v", programme, cell)
	}
	b.cancel()
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
