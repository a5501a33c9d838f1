package surveys_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// BenchmarkOldData imports 100,000 rows of 40 columns into SQLite, the file kept in
// the store. Budget: the heap stays within 150 MB, whatever the rows.
func BenchmarkOldData(b *testing.B) {
	const rows = 100_000
	for b.Loop() {
		w := newWorld(b)
		w.publishWide(b)
		path := filepath.Join(b.TempDir(), "old.csv")
		must(b, os.WriteFile(path, []byte(wideCSV(rows)), 0o600))
		file, err := os.Open(path)
		must(b, err)
		info, err := file.Stat()
		must(b, err)
		runtime.GC()
		begun, watch := time.Now(), watchHeap()
		u, err := w.KeepUpload(w.ctx, w.programme.ID, "pupils", "old.csv", file, info.Size())
		must(b, err)
		b.ReportMetric(time.Since(begun).Seconds(), "s-upload")
		u = w.mapped(b, u, nil)
		begun = time.Now()
		checked := w.work(b, w.Service, u.Check)
		b.ReportMetric(rows/time.Since(begun).Seconds(), "rows/s-looked-through")
		if checked.New != rows || checked.Wrong > 0 {
			b.Fatalf("looked through: %+v", checked)
		}
		j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", u.ID, surveys.PolicySkip)
		must(b, err)
		begun = time.Now()
		if j = w.work(b, w.Service, j.ID); j.New != rows {
			b.Fatalf("imported: %+v", j)
		}
		b.ReportMetric(rows/time.Since(begun).Seconds(), "rows/s-kept")
		begun = time.Now()
		if undone := w.undoes(b, j.ID, false); undone.Removed != rows {
			b.Fatalf("undone: %+v", undone)
		}
		b.ReportMetric(rows/time.Since(begun).Seconds(), "rows/s-undone")
		b.ReportMetric(float64(watch())/1e6, "MB-heap")
		file.Close()
	}
}

// watchHeap looks at the heap until it is called, and returns the most.
func watchHeap() func() uint64 {
	var most atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			most.Store(max(most.Load(), memory.HeapAlloc))
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most.Load()
	}
}

// publishWide publishes a version of 37 ratings.
func (w *world) publishWide(tb testing.TB) {
	tb.Helper()
	var items []string
	for i := range 37 {
		items = append(items, fmt.Sprintf(`{"id":"q%d","kind":"single_choice","label":{"en":"Question %d"},"choices":[{"code":"1","label":{"en":"Never"},"score":1},{"code":"2","label":{"en":"Sometimes"},"score":2},{"code":"3","label":{"en":"Often"},"score":3}]}`, i, i))
	}
	d, err := questionnaire.ParseDefinition([]byte(`{"title":{"en":"Wide"},"languages":["en"],"parts":[{"id":"p","items":[` + strings.Join(items, ",") + `]}]}`))
	must(tb, err)
	_, err = w.Publish(w.ctx, "views", d)
	must(tb, err)
}

func wideCSV(rows int) string {
	var csv strings.Builder
	csv.WriteString("respondent,wave,date")
	for i := range 37 {
		fmt.Fprintf(&csv, ",q%d", i)
	}
	for i := range rows {
		fmt.Fprintf(&csv, "\np%d,%s,2025-03-%02d", i/2, []string{"pre", "post"}[i%2], 1+i%28)
		for q := range 37 {
			csv.WriteString([]string{",1", ",Sometimes", ",often", ","}[(i+q)%4])
		}
	}
	return csv.String() + "\n"
}
