package browsertest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/performance"
)

// How slow the phone and its network are made, and how often it is measured:
// as in the comparison with other products.
const (
	slowDownload = 1.6e6 / 8 // bytes/s
	slowUpload   = 750e3 / 8 // bytes/s
	slowLatency  = 150       // ms
	slowCPU      = 4         // times slower
	visits       = 5
)

// figures is what one visit cost.
type figures struct {
	requests int
	bytes    float64 // over the wire, with headers
	lcp      float64 // ms, largest contentful paint
	heap     float64 // bytes of JavaScript in use
}

// TestFigures measures the pages whose weight the README states. It asserts
// nothing: this machine's clock is not everybody's. Run it with -v.
func TestFigures(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("it only prints: run it with -v")
	}
	var landings []figures
	for range visits {
		p := newTab(t, phone)
		p.slow()
		landings = append(landings, p.measure(product.respondent))
	}
	t.Logf("respondent's page: %s", medians(landings))
	var dashboards []figures
	for range visits {
		dashboards = append(dashboards, signedIn(t, desk).measure(place(t, "pupils")))
	}
	t.Logf("dashboard, not slowed: %s", medians(dashboards))
}

// slow makes the tab an old phone with bad signal.
func (p *tab) slow() {
	p.t.Helper()
	p.network(network.OverrideNetworkStateParams{Latency: slowLatency, DownloadThroughput: slowDownload, UploadThroughput: slowUpload})
	call(p, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slowCPU})
}

func (p *tab) measure(path string) figures {
	p.t.Helper()
	call(p, performance.Enable, performance.EnableParams{})
	p.watch.forget()
	p.visit(path)
	f := figures{lcp: eval[float64](p, `new Promise(done => new PerformanceObserver(l => done(l.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))`)}
	for _, r := range p.watch.asked() {
		if !strings.HasSuffix(r.url, "/events") { // stays open
			f.requests++
			f.bytes += r.bytes
		}
	}
	for _, m := range call(p, performance.GetMetrics, cdp.Empty{}).Metrics {
		if m.Name == "JSHeapUsedSize" {
			f.heap = m.Value
		}
	}
	return f
}

// medians puts the middle of several visits into words.
func medians(all []figures) string {
	middle := func(of func(figures) float64) float64 {
		values := make([]float64, len(all))
		for i, f := range all {
			values[i] = of(f)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return fmt.Sprintf("%.0f requests, %.0f bytes, LCP %.0f ms, heap %.2f MB (medians of %d)",
		middle(func(f figures) float64 { return float64(f.requests) }), middle(func(f figures) float64 { return f.bytes }),
		middle(func(f figures) float64 { return f.lcp }), middle(func(f figures) float64 { return f.heap / 1e6 }), len(all))
}
