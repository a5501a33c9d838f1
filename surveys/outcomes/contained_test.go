package outcomes

import (
	"strings"
	"testing"
)

// TestAtOnceContains: a mistake in one of many is an error, and ends nothing else.
func TestAtOnceContains(t *testing.T) {
	t.Parallel()
	var nothing []int
	err := atOnce(t.Context(), 4, func(i int) error {
		if i == 2 {
			_ = nothing[i]
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("atOnce = %v, want the panic as an error", err)
	}
}
