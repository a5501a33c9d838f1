package app_test

import "testing"

// skipsRace leaves a long walk of one goroutine out of the race detector's run, which
// finds nothing in it and takes ten times as long.
func skipsRace(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: leaves out a long walk of one goroutine")
	}
}
