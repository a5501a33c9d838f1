package app_test

import (
	"strings"
	"testing"
)

// hasNot checks that the page's source holds none of the pieces.
func (g page) hasNot(tb testing.TB, pieces ...string) page {
	tb.Helper()
	for _, piece := range pieces {
		if strings.Contains(g.body, piece) {
			tb.Errorf("the page holds %q", piece)
		}
	}
	return g
}
