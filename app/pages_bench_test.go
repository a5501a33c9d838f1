package app_test

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// Budgets of a page over a million responses, on two cores that nothing else uses: it
// says something within five seconds, and takes no more memory than half a gigabyte
// while it does. A page that is worked out in the background says so at once, and is
// opened again until it is there. What is over is marked: the pages that read all of a
// strand are.
const (
	staffPageBudget = 5 * time.Second
	staffPageMemory = 512 << 20 // bytes above what the process had
	pagePatience    = 10 * time.Minute
)

// BenchmarkStaffPages opens every page that staff can open of a programme with as many
// responses as SOUNDINGS_PAGES says (a million) and 200,000 open answers, and lists
// them, the slowest first. Run it with -benchtime 1x -v.
func BenchmarkStaffPages(b *testing.B) {
	stored := 1_000_000
	if text := os.Getenv("SOUNDINGS_PAGES"); text != "" {
		if _, err := fmt.Sscan(text, &stored); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		h := hallWith(b, talkativeDefinition(b), app.Config{})
		h.talkative = true
		h.fill(b, stored)
		b.Logf("%d responses stored", stored)
		h.openAll(b)
	}
}

// talkativeDefinition is growthDefinition with an open answer and consent to quote it.
func talkativeDefinition(b *testing.B) questionnaire.Definition {
	b.Helper()
	d := growthDefinition(b)
	more, err := questionnaire.ParseDefinition([]byte(`{"title":{"en":"x"},"languages":["en"],"parts":[{"id":"q","items":[
		{"id":"may","kind":"consent","label":{"en":"May we quote you?"}},
		{"id":"words","kind":"long_text","label":{"en":"In your own words"},"quotable":true,"consent":"may"}]}]}`))
	if err != nil {
		b.Fatal(err)
	}
	d.Parts = append(d.Parts, more.Parts...)
	return d
}

// opened is how one page was.
type opened struct {
	path         string
	status       int
	first, whole time.Duration
	peak         uint64 // bytes of heap above what was in use before
	bytes        int
}

func (h *hall) openAll(b *testing.B) {
	b.Helper()
	d := h.ownersDesk()
	var all []opened
	for _, r := range app.RouteTable() {
		path := strings.NewReplacer(":programme", string(h.link.Programme), ":strand", "pupils", ":cohort", string(h.link.Cohort),
			":link", string(h.link.ID), ":questionnaire", "views", ":version", "1").Replace(r.Path)
		if r.Method != http.MethodGet || r.Token || strings.Contains(path, ":") || strings.HasSuffix(path, "/events") || strings.HasSuffix(path, ".xlsx") || r.Who == "anyone" {
			continue
		}
		one := d.timed(path)
		all = append(all, one)
		if one.status >= 500 {
			b.Errorf("%s: status %d", path, one.status)
		}
	}
	slices.SortFunc(all, func(x, y opened) int { return cmp.Compare(y.whole, x.whole) })
	var table strings.Builder
	for _, one := range all {
		note := ""
		if one.first > staffPageBudget || one.peak > staffPageMemory {
			note = "  OVER BUDGET"
		}
		fmt.Fprintf(&table, "%8.2f s first %8.2f s whole %7.1f MiB %8d bytes  %d %s%s\n", one.first.Seconds(), one.whole.Seconds(), float64(one.peak)/(1<<20), one.bytes, one.status,
			strings.ReplaceAll(one.path, string(h.link.Programme), "…"), note)
	}
	b.Logf("%d pages:\n%s", len(all), table.String())
}

// timed opens a page, and again while it says that it is being worked out.
func (d *desk) timed(path string) opened {
	d.h.tb.Helper()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	ended, peak := make(chan struct{}), make(chan uint64)
	go watchHeap(ended, peak)
	began, one := time.Now(), opened{path: path}
	for {
		g := d.open(path)
		if one.first == 0 {
			one.first = time.Since(began)
		}
		one.status, one.bytes = g.status, len(g.body)
		if g.status != http.StatusAccepted || time.Since(began) > pagePatience {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	one.whole = time.Since(began)
	close(ended)
	if most := <-peak; most > before.HeapAlloc {
		one.peak = most - before.HeapAlloc
	}
	return one
}

// watchHeap tells the most that was in use until ended.
func watchHeap(ended chan struct{}, peak chan uint64) {
	var most uint64
	var memory runtime.MemStats
	for {
		runtime.ReadMemStats(&memory)
		most = max(most, memory.HeapAlloc)
		select {
		case <-ended:
			peak <- most
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
