package app

import (
	"testing"
	"time"

	"soundings/surveys/outcomes"
)

// SetReportPatience says how long pages wait for a report.
func (s *Server) SetReportPatience(d time.Duration) { s.reports.patience = d }

func TestMakingSentence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state reportState
		want  string
	}{
		"nothing read yet": {reportState{all: 100_000}, "Working it out."},
		"some read":        {reportState{read: 34_000, all: 100_000}, "Working it out: 34,000 of 100,000 responses are read."},
		"all read":         {reportState{read: 900, all: 900}, "Working it out: all 900 responses are read."},
		"there is an older one": {reportState{stale: true, read: 1000, all: 2000},
			"Newer answers are being worked in; below is how it was before them: 1,000 of 2,000 responses are read."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := makingSentence(test.state); got != test.want {
				t.Errorf("makingSentence(%+v) = %q, want %q", test.state, got, test.want)
			}
		})
	}
}

func TestMoveLabel(t *testing.T) {
	t.Parallel()
	for want, move := range map[string]outcomes.Move{
		"same": {}, "+1": {Low: 1, High: 1}, "−2": {Low: -2, High: -2}, "up to +0.5": {Low: 0, High: 0.5}, "up to −0.5": {Low: -0.5, High: 0},
		"+0.5 to +1.0": {Low: 0.5, High: 1}, "−1 to −3": {Low: -3, High: -1},
	} {
		if got := moveLabel(move); got != want {
			t.Errorf("moveLabel(%v) = %q, want %q", move, got, want)
		}
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		axis span
		want []float64
	}{
		"changes": {span{-0.5, 0.9}, []float64{-0.5, 0, 0.5}},
		"shares":  {span{0, 100}, []float64{0, 50, 100}},
		"nothing": {span{}, []float64{0}},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.axis.ticks(4)
			if len(got) != len(test.want) {
				t.Fatalf("ticks of %v = %v, want %v", test.axis, got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("ticks of %v = %v, want %v", test.axis, got, test.want)
				}
			}
		})
	}
}
