package surveys_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// TestChoreSurvives: a mistake in a chore is told without what was typed, and the
// chore is done again in its time.
func TestChoreSurvives(t *testing.T) {
	t.Parallel()
	all, _ := instances(t, 1)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var log bytes.Buffer
	runs := 0
	surveys.Repeat(all[0], ctx, "fragile", time.Millisecond, func(context.Context) error {
		runs++
		switch runs {
		case 1:
			var none []int
			_ = none[runs]
		case 2:
			panic("what a respondent typed")
		}
		end()
		return nil
	}, slog.New(slog.NewTextHandler(&log, nil)))
	if runs != 3 || !strings.Contains(log.String(), "index out of range") || strings.Contains(log.String(), "respondent typed") {
		t.Errorf("%d runs, log %s; want 3 and where the mistake was, without what was said", runs, log.String())
	}
}
