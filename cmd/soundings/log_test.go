package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestLogTellsWhatIsListed: an attribute that is not listed is counted and not told,
// nor is a listed one that holds more than one plain value.
func TestLogTellsWhatIsListed(t *testing.T) {
	t.Parallel()
	for _, json := range []bool{false, true} {
		var out bytes.Buffer
		log := newLog(config{json: json}, &out)
		log.Info("request", slog.String("route", "/s/:token"), slog.String("answer", "zebra"), slog.Int("status", 200))
		log.With(slog.String("email", "zebra"), slog.String("name", "jobs")).Error("chore", slog.Any("cause", errors.New("zebra")))
		log.WithGroup("zebra").Info("grouped", slog.Group("cause", slog.String("key", "zebra")))
		said := out.String()
		if strings.Contains(said, "zebra") {
			t.Errorf("said %s, with what is not listed", said)
		}
		for _, want := range []string{"/s/:token", "200", "left_out", "jobs"} {
			if !strings.Contains(said, want) {
				t.Errorf("said %s, want %s in it", said, want)
			}
		}
	}
}
