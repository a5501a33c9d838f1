package exports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// endless is a store that makes up its responses, so that a benchmark measures
// the workbook and not the store.
type endless struct {
	surveys.Store
	responses int
	cohort    surveys.CohortID
}

func (s *endless) Responses(ctx context.Context, p surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		for n := range s.responses {
			submitted := origin.Add(time.Duration(n) * time.Second)
			r := surveys.Response{
				ID: surveys.ResponseID(fmt.Sprintf("%026d", n)), Programme: p, Strand: strand, Cohort: s.cohort, Wave: "post",
				Questionnaire: "form", Version: 1, Language: "en", Mode: surveys.ModePhone, Status: surveys.StatusSubmitted,
				Started: submitted.Add(-time.Minute), Submitted: submitted, Answers: wideAnswers(n),
			}
			if !yield(r, ctx.Err()) {
				return
			}
		}
	}
}

const wideItems = 22 // with 18 columns about the response 40

func wideItem(i int) questionnaire.ItemID { return questionnaire.ItemID(fmt.Sprintf("item_%02d", i)) }

var wideNames, wideCodes = func() (names []questionnaire.ItemID, codes []string) {
	for i := range wideItems {
		names = append(names, wideItem(i))
	}
	return names, []string{"1", "2", "3", "4", "5"}
}()

// wideAnswers are choices of five, a twenty-fifth of them not reached, and words
// of 120 characters that nobody has read.
func wideAnswers(n int) questionnaire.Answers {
	answers := make(questionnaire.Answers, wideItems)
	for i, name := range wideNames[:wideItems-1] {
		if (n+i)%25 == 0 {
			answers[name] = questionnaire.Answer{Missing: questionnaire.NotReached}
			continue
		}
		answers[name] = questionnaire.Answer{Choice: wideCodes[(n*7+i*3+n/11)%5]}
	}
	answers[wideNames[wideItems-1]] = questionnaire.Answer{Text: fmt.Sprintf("%d: the room was cold & <small>, but we laughed a lot; أهلا 🙂, and I would come again with my sister next time.", n)}
	return answers
}

func wideDefinition() questionnaire.Definition {
	def := questionnaire.Definition{Title: questionnaire.Text{"en": "Wide"}, Languages: []string{"en"}}
	item := questionnaire.Item{ID: "battery", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How far do you agree?"}}
	for i, label := range []string{"Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"} {
		score := float64(i + 1)
		item.Choices = append(item.Choices, questionnaire.Choice{Code: wideCodes[i], Label: questionnaire.Text{"en": label}, Score: &score})
	}
	for _, name := range wideNames[:wideItems-1] {
		item.Rows = append(item.Rows, questionnaire.Row{ID: name, Label: questionnaire.Text{"en": "Statement " + string(name)}})
	}
	words := questionnaire.Item{ID: wideNames[wideItems-1], Kind: questionnaire.KindLongText, Label: questionnaire.Text{"en": "Anything else?"}}
	def.Parts = []questionnaire.Part{{ID: "part", Title: questionnaire.Text{"en": "All"}, Items: []questionnaire.Item{item, words}}}
	def.Measures = []questionnaire.Measure{{ID: "first", Of: wideNames[0], Type: questionnaire.MeasureScore, Direction: "higher", Label: questionnaire.Text{"en": "First"}}}
	return def
}

// wideWorld has n responses of 40 columns.
func wideWorld(tb testing.TB, n int) *world {
	tb.Helper()
	store := &endless{Store: storetest.SQLite(tb), responses: n}
	w := newWorldIn(tb, store, surveys.DesignRating, must(json.Marshal(wideDefinition())))
	store.cohort = w.cohorts[0].ID
	return w
}

// BenchmarkWorkbook writes both Responses sheets and all summaries. The peer, in
// the same run, is excelize's own StreamWriter with the cells of those two sheets
// alone; see BenchmarkStreamWriter. MB is the highest heap in use above the start.
func BenchmarkWorkbook(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := wideWorld(b, n)
			data, report := w.dataset()
			b.ReportAllocs()
			b.ResetTimer()
			highest, before := watchHeap(b), processorTime(b)
			for b.Loop() {
				size := &counting{}
				if err := exports.Workbook(w.ctx, size, data, report, exports.Options{Folder: b.TempDir()}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(size.n)/1e6, "MB-file")
			}
			b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N), "cpu-s")
			b.ReportMetric(float64(highest.Load())/1e6, "MB-heap")
		})
	}
}

// processorTime is what the process has used of all processors.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

type counting struct{ n int }

func (c *counting) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

// watchHeap samples the heap until the benchmark ends.
func watchHeap(b *testing.B) *atomic.Int64 {
	var highest atomic.Int64
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	b.Cleanup(func() { close(done) })
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				highest.Store(max(highest.Load(), int64(now.HeapInuse)-int64(before.HeapInuse)))
			}
		}
	}()
	return &highest
}

// BenchmarkStreamWriter is the peer: two sheets of 40 columns by excelize alone.
func BenchmarkStreamWriter(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := wideWorld(b, n)
			data, _ := w.dataset()
			b.ReportAllocs()
			b.ResetTimer()
			highest := watchHeap(b)
			for b.Loop() {
				size := &counting{}
				if err := streamPeer(w.ctx, size, data); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(size.n)/1e6, "MB-file")
			}
			b.ReportMetric(float64(highest.Load())/1e6, "MB-heap")
		})
	}
}

func streamPeer(ctx context.Context, w io.Writer, data *surveys.Dataset) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if _, err := f.NewSheet("Sheet2"); err != nil {
		return err
	}
	for _, sheet := range []string{"Sheet1", "Sheet2"} {
		stream, err := f.NewStreamWriter(sheet)
		if err != nil {
			return err
		}
		if err := streamRows(ctx, stream, data, sheet == "Sheet1"); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func streamRows(ctx context.Context, stream *excelize.StreamWriter, data *surveys.Dataset, labels bool) error {
	row, n := make([]any, 0, 40), 0
	for r, err := range data.Responses(ctx) {
		if err != nil {
			return err
		}
		n++
		iso := r.Submitted.Format(time.RFC3339)
		row = append(row[:0], string(r.ID), data.Cohorts[r.Cohort].Name, "Hill Centre", "Adults", "After", "English", "Own phone or computer",
			r.Version, float64(r.Started.Unix())/86400+25569, float64(r.Submitted.Unix())/86400+25569, iso, 1.0, nil)
		for i := range data.Latest.Variables() {
			v := &data.Latest.Variables()[i]
			a := r.Answers[v.ID]
			code := v.Code(a)
			switch {
			case a.Text != "":
				row = append(row, "[not yet read]")
			case code.IsNumber && !labels:
				row = append(row, code.Number)
			case code.Text == "":
				row = append(row, nil)
			default:
				row = append(row, v.Show(a, "en"))
			}
		}
		if err := stream.SetRow(fmt.Sprint("A", n), row); err != nil {
			return err
		}
	}
	return stream.Flush()
}

// TestMemoryIsFlat holds the budget of 100 MB for any number of rows.
func TestMemoryIsFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: not writing 100,000 rows")
	}
	result := testing.Benchmark(func(b *testing.B) {
		w := wideWorld(b, 100_000)
		data, report := w.dataset()
		highest := watchHeap(b)
		for b.Loop() {
			if err := exports.Workbook(w.ctx, &counting{}, data, report, exports.Options{Folder: b.TempDir()}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(highest.Load())/1e6, "MB-heap")
	})
	if heap := result.Extra["MB-heap"]; heap > 100 {
		t.Errorf("100,000 rows took %.0f MB, want 100 at most", heap)
	}
}
