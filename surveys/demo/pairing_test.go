package demo_test

import (
	"testing"

	"soundings/surveys"
)

// The forms are paired by the codes as people typed them, without the truth. The
// one wrong pair of the parents is planted: no rule can see it.
func TestPairingFindsThePeople(t *testing.T) {
	l := demonstration(t)
	person := map[surveys.ResponseID]string{}
	for _, row := range testTable(t, "people") {
		person[surveys.ResponseID(row["response_id"])] = row["person"]
	}
	cases := []struct {
		name              string
		both              int // people who answered at both waves
		wrong             int // at most
		precision, recall float64
		repeats           int
	}{
		{"parenting", 44, 1, 0.97, 0.95, 1},
		{"pupil_workshop", 731, 7, 0.99, 0.95, 3},
		{"staff_training", 333, 3, 0.99, 0.95, 5},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			summary := build(t, l.dataset(t, c.name), nil).Pairing
			right := 0
			for _, p := range summary.Pairs {
				if person[surveys.ResponseID(p.Pre)] == person[surveys.ResponseID(p.Post)] {
					right++
				}
			}
			wrong := len(summary.Pairs) - right
			precision, recall := float64(right)/float64(len(summary.Pairs)), float64(right)/float64(c.both)
			t.Logf("%d right, %d wrong, precision %.4f, recall %.4f, %d for review", right, wrong, precision, recall, summary.ForReview)
			if wrong > c.wrong || precision < c.precision || recall < c.recall {
				t.Errorf("%d wrong pairs, precision %.4f, recall %.4f; want at most %d, %.2f and %.2f", wrong, precision, recall, c.wrong, c.precision, c.recall)
			}
			if summary.Repeats != c.repeats {
				t.Errorf("%d repeats, want %d", summary.Repeats, c.repeats)
			}
		})
	}
}
