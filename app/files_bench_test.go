package app_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"soundings/app"
	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
)

// library is a store with many responses of 40 columns, and who may read them.
type library struct {
	store     surveys.Store
	service   *surveys.Service
	ctx       context.Context
	programme surveys.ProgrammeID
	cohorts   []surveys.CohortID
}

// wideForm has 26 statements and words, which with 13 columns about the response are 40
// columns.
func wideForm() questionnaire.Definition {
	d := questionnaire.Definition{Title: questionnaire.Text{"en": "Wide"}, Languages: []string{"en"}}
	battery := questionnaire.Item{ID: "battery", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How far do you agree?"}}
	for i, label := range []string{"Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"} {
		score := float64(i + 1)
		battery.Choices = append(battery.Choices, questionnaire.Choice{Code: strconv.Itoa(i + 1), Label: questionnaire.Text{"en": label}, Score: &score})
	}
	for i := range 26 {
		battery.Rows = append(battery.Rows, questionnaire.Row{ID: wideItem(i), Label: questionnaire.Text{"en": fmt.Sprint("Statement ", i+1)}})
		if i < 5 {
			d.Measures = append(d.Measures, questionnaire.Measure{ID: questionnaire.ItemID(fmt.Sprintf("measure_%d", i)), Of: wideItem(i), Type: questionnaire.MeasureScore, Direction: "higher", Label: questionnaire.Text{"en": fmt.Sprint("Measure ", i+1)}})
		}
	}
	words := questionnaire.Item{ID: "words", Kind: questionnaire.KindLongText, Label: questionnaire.Text{"en": "Anything else?"}}
	d.Parts = []questionnaire.Part{{ID: "part", Title: questionnaire.Text{"en": "All"}, Items: []questionnaire.Item{battery, words}}}
	return d
}

func wideItem(i int) questionnaire.ItemID { return questionnaire.ItemID(fmt.Sprintf("item_%02d", i)) }

func wideAnswers(n int) questionnaire.Answers {
	answers := questionnaire.Answers{"words": {Text: fmt.Sprintf("%d: the room was cold & <small>, but we laughed a lot; أهلا 🙂, and I would come again with my sister next time.", n)}}
	for i := range 26 {
		answers[wideItem(i)] = questionnaire.Answer{Choice: strconv.Itoa((n*7+i*3+n/11)%5 + 1)}
		if (n+i)%25 == 0 {
			answers[wideItem(i)] = questionnaire.Answer{Missing: questionnaire.NotReached}
		}
	}
	return answers
}

// libraryOf opens the store that SOUNDINGS_BENCHMARK names, filled with n responses the
// first time, or fills a new one.
func libraryOf(b *testing.B, n int) *library {
	b.Helper()
	folder := os.Getenv("SOUNDINGS_BENCHMARK")
	if folder == "" {
		folder = b.TempDir()
	}
	path := filepath.Join(folder, fmt.Sprintf("%d.db", n))
	_, err := os.Stat(path)
	store, openErr := sqlitestore.Open(b.Context(), path)
	if openErr != nil {
		b.Fatal(openErr)
	}
	b.Cleanup(func() { _ = store.Close() })
	l := &library{store: store, service: surveys.NewService(store, time.Now, rand.Reader).WithFiles(app.Files())}
	if err != nil {
		l.found(b)
		l.fill(b, 0, n)
	}
	l.enter(b)
	return l
}

const libraryEmail, libraryPassword = "reader@example.org", "a password for nothing"

// found makes the programme.
func (l *library) found(b *testing.B) {
	b.Helper()
	fatal := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	secret, err := l.service.SetUpSecret(b.Context())
	fatal(err)
	account, err := l.service.SetUp(b.Context(), secret, "Reader", libraryEmail, libraryPassword)
	fatal(err)
	ctx := surveys.WithAccount(b.Context(), account)
	_, err = l.service.Publish(ctx, "wide", wideForm())
	fatal(err)
	p, err := l.service.CreateProgramme(ctx, surveys.Programme{Name: "Wide", Zone: "Europe/London", SmallestGroup: 5, Strands: []surveys.Strand{{
		ID: "people", Title: "People", Audience: surveys.AudienceTeacher, Design: surveys.DesignRating, Questionnaire: "wide", Role: "Teacher",
	}}})
	fatal(err)
	l.enter(b)
	for i := range 20 {
		_, err := l.service.CreateCohort(l.ctx, surveys.Cohort{Programme: p.ID, Name: fmt.Sprint("Class ", i+1)})
		fatal(err)
	}
}

// enter finds the account, the programme and its cohorts.
func (l *library) enter(b *testing.B) {
	b.Helper()
	step, err := l.service.SignIn(b.Context(), libraryEmail, libraryPassword, surveys.Visitor{})
	if err != nil {
		b.Fatal(err)
	}
	account, _, err := l.service.SignedIn(b.Context(), step.Secret)
	if err != nil {
		b.Fatal(err)
	}
	l.ctx = surveys.WithAccount(b.Context(), account)
	all, err := l.service.Programmes(l.ctx)
	if err != nil || len(all) != 1 {
		b.Fatal(len(all), err)
	}
	l.programme, l.cohorts = all[0].ID, nil
	cohorts, err := l.service.Cohorts(l.ctx, l.programme)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range cohorts {
		l.cohorts = append(l.cohorts, c.ID)
	}
}

// fill stores responses from number a to number z, by 64 writers at once.
func (l *library) fill(b *testing.B, a, z int) {
	b.Helper()
	l.enter(b)
	begin := time.Date(2025, 9, 1, 9, 0, 0, 0, time.UTC)
	var next atomic.Int64
	next.Store(int64(a))
	var writers sync.WaitGroup
	for range 64 {
		writers.Go(func() {
			for n := int(next.Add(1)) - 1; n < z; n = int(next.Add(1)) - 1 {
				at := begin.Add(time.Duration(n) * time.Second)
				err := l.store.PutResponse(b.Context(), surveys.Response{
					ID: surveys.ResponseID(fmt.Sprintf("%032x", n*2654435761)), Programme: l.programme, Strand: "people", Cohort: l.cohorts[n%len(l.cohorts)],
					Wave: questionnaire.WavePost, Questionnaire: "wide", Version: 1, Language: "en", Mode: surveys.ModePhone, Status: surveys.StatusSubmitted,
					Started: at.Add(-time.Minute), Submitted: at, Answers: wideAnswers(n),
				}, nil)
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
}

// sizesOf are the numbers of responses to measure; SOUNDINGS_BENCHMARK_SIZES names others.
func sizesOf(b *testing.B) []int {
	b.Helper()
	var sizes []int
	var text string
	for _, r := range os.Getenv("SOUNDINGS_BENCHMARK_SIZES") + "," {
		if r != ',' {
			text += string(r)
			continue
		}
		if n, err := strconv.Atoi(text); err == nil {
			sizes = append(sizes, n)
		}
		text = ""
	}
	if sizes == nil {
		return []int{1_000, 10_000}
	}
	return sizes
}

// BenchmarkExport makes the analysis workbook of n responses of 40 columns as the
// product does: asked for, read from the SQLite store, its report worked out, written
// into pieces in the store, and read back. cpu-s is the processor time of one, MB-heap
// the highest heap above the start, MB-rss the highest memory of the process.
//
//	SOUNDINGS_BENCHMARK_SIZES=1000,10000,100000,1000000 go test ./app -run '^$' -bench Export -benchtime 1x
//
// Budget for 100,000: less than 7.8 s, 0.3 of libxlsxwriter's processor time, and 100 MB
// (.ci/benchmark).
func BenchmarkExport(b *testing.B) {
	for _, n := range sizesOf(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := libraryOf(b, n)
			size := int64(0)
			measured(b, func(round int) {
				asked := surveys.Export{Programme: l.programme, Strand: "people", Format: "analysis.xlsx"}
				asked.Filter.From = fmt.Sprintf("1999-01-%02d", round%28+1) // else it would be made once; it leaves nobody out
				e, err := l.service.AskExport(l.ctx, asked)
				if err == nil && e.Ended() {
					b.Fatal("it is there already")
				}
				if err == nil {
					e, err = l.service.AwaitExport(l.ctx, l.programme, e.ID)
				}
				if err != nil || e.State != surveys.ExportDone {
					b.Fatal(e.State, e.Key, err)
				}
				size = l.fetch(b, e)
				if _, err = l.service.CancelExport(l.ctx, l.programme, e.ID); err != nil {
					b.Fatal(err)
				}
			})
			b.ReportMetric(float64(size)/1e6, "MB-file")
		})
	}
}

// fetch reads the file, into SOUNDINGS_BENCHMARK_FILE if that is set.
func (l *library) fetch(b *testing.B, e surveys.Export) int64 {
	b.Helper()
	f, err := l.service.ExportFile(l.ctx, l.programme, e.ID)
	if err != nil {
		b.Fatal(err)
	}
	to := io.Discard
	if path := os.Getenv("SOUNDINGS_BENCHMARK_FILE"); path != "" {
		file, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		to = file
	}
	size, err := io.Copy(to, f.Reader(b.Context()))
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// BenchmarkWriteFile is the writing alone: of a report that is there already, from the
// store to nowhere.
func BenchmarkWriteFile(b *testing.B) {
	for _, n := range sizesOf(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := libraryOf(b, n)
			data, err := l.service.Dataset(l.ctx, l.programme, "people")
			if err != nil {
				b.Fatal(err)
			}
			report, err := outcomes.Build(b.Context(), data, outcomes.Options{Made: time.Now()})
			if err != nil {
				b.Fatal(err)
			}
			format, _ := exports.FormatOf("analysis.xlsx")
			measured(b, func(int) {
				if err := format.Write(b.Context(), io.Discard, exports.Material{Data: data, Report: report}); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkReportLarge works out the report alone.
func BenchmarkReportLarge(b *testing.B) {
	for _, n := range sizesOf(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := libraryOf(b, n)
			data, err := l.service.Dataset(l.ctx, l.programme, "people")
			if err != nil {
				b.Fatal(err)
			}
			measured(b, func(int) {
				if _, err := outcomes.Build(b.Context(), data, outcomes.Options{Made: time.Now()}); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// measured does a round b.N times and tells its processor time and memory.
func measured(b *testing.B, round func(int)) {
	b.Helper()
	runtime.GC()
	highest, stop := heapWatch()
	before := processorTime(b)
	b.ResetTimer()
	rounds := 0
	for b.Loop() {
		round(rounds)
		rounds++
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/float64(rounds), "cpu-s")
	stop()
	b.ReportMetric(float64(highest.Load())/1e6, "MB-heap")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// heapWatch samples the heap in use above what it is now.
func heapWatch() (highest *atomic.Int64, stop func()) {
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	highest, over := &atomic.Int64{}, make(chan struct{})
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				highest.Store(max(highest.Load(), int64(now.HeapInuse)-int64(before.HeapInuse)))
			}
		}
	}()
	return highest, func() { close(over) }
}

// BenchmarkSubmitGrown stores one response among n: what is there already must not
// matter.
func BenchmarkSubmitGrown(b *testing.B) {
	for _, n := range sizesOf(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := libraryOf(b, n)
			from := n + 1_000_000_000 + int(time.Now().UnixNano()%1_000_000)*1_000
			b.ResetTimer()
			l.fill(b, from, from+b.N)
		})
	}
}
