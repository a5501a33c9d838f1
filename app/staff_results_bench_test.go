package app_test

import (
	"net/http"
	"testing"
	"time"
)

// BenchmarkResultsFirstAnswer measures the first answer of a strand with 100,000
// responses, whose report is not made yet, and how long it is until the page has it.
// Budget: 2 s for the first answer.
func BenchmarkResultsFirstAnswer(b *testing.B) {
	h := pairingHall(b)
	h.crowded(50_000)
	d := h.desk
	for b.Loop() {
		h.pass(time.Second)
		began := time.Now()
		page := d.open(h.strandPath())
		first := time.Since(began)
		for page.status == http.StatusAccepted {
			page = d.open(h.strandPath())
		}
		page.wants(b, http.StatusOK)
		b.ReportMetric(first.Seconds(), "s/first")
		b.ReportMetric(time.Since(began).Seconds(), "s/there")
		if first > 2*time.Second {
			b.Errorf("the first answer took %s", first)
		}
	}
}
