package app

import (
	"context"
	"testing"

	"soundings/surveys"
)

// TestTurns takes all there are: the next waits until one is given back, and no
// longer than its request may take.
func TestTurns(t *testing.T) {
	t.Parallel()
	files := make(turns, filesAtOnce)
	var give func()
	for range filesAtOnce {
		done, err := files.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		give = done
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := files.take(ended); err == nil || surveys.KindOf(err) != surveys.KindThrottled {
		t.Errorf("with all turns taken: %v, want KindThrottled", err)
	}
	taken := make(chan error)
	go func() {
		_, err := files.take(t.Context())
		taken <- err
	}()
	give()
	if err := <-taken; err != nil {
		t.Errorf("after one was given back: %v", err)
	}
}
