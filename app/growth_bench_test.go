package app_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// How the growth is measured: so many forms from so many phones at each size, and
// so many people in each cohort.
const (
	growthForms  = 5_000
	growthPhones = 16
	growthCohort = 500
)

// BenchmarkGrowth fills a SQLite file with 1,000, 100,000 and 1,000,000 responses of
// 30 items, each person's before and after, and then measures what one more durable
// submission costs over HTTP, how soon the results page says something, and how
// soon it holds the report. Budget: a submission at 1,000,000 at most 1.2 times
// that at 1,000. Run it with -benchtime 1x.
func BenchmarkGrowth(b *testing.B) {
	for _, stored := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", stored), func(b *testing.B) {
			for b.Loop() {
				measureGrowth(b, stored)
			}
		})
	}
}

func measureGrowth(b *testing.B, stored int) {
	h := hallWith(b, growthDefinition(b), app.Config{})
	began := time.Now()
	h.fill(b, stored)
	b.ReportMetric(float64(stored)/time.Since(began).Seconds(), "filled/s")
	took := h.sendForms(b)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/submission-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/submission-p99")
	first, whole := h.openResults(b)
	b.ReportMetric(float64(first.Milliseconds()), "ms/first-answer")
	b.ReportMetric(float64(whole.Milliseconds()), "ms/results")
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB/process")
}

// growthDefinition has 30 items in 5 scales, each a measure.
func growthDefinition(b *testing.B) questionnaire.Definition {
	b.Helper()
	var items, scales, measures []string
	for i := range 5 {
		var rows, names []string
		for j := range 6 {
			names = append(names, fmt.Sprintf(`"i%d_%d"`, i, j))
			rows = append(rows, fmt.Sprintf(`{"id":"i%d_%d","label":{"en":"Row %d of %d"}}`, i, j, j, i))
		}
		items = append(items, fmt.Sprintf(`{"id":"battery%d","kind":"rating","label":{"en":"How often?"},"rows":[%s],"choices":[%s]}`, i, strings.Join(rows, ","), growthChoices))
		scales = append(scales, fmt.Sprintf(`{"id":"scale%d","label":{"en":"Scale %d"},"items":[%s],"min":1,"max":5,"method":"mean","min_answered":5}`, i, i, strings.Join(names, ",")))
		measures = append(measures, fmt.Sprintf(`{"id":"m%d","of":"scale%d","type":"score","direction":"higher"}`, i, i))
	}
	raw := fmt.Sprintf(`{"title":{"en":"Growth"},"languages":["en"],"parts":[{"id":"p","items":[%s]}],"scales":[%s],"measures":[%s]}`,
		strings.Join(items, ","), strings.Join(scales, ","), strings.Join(measures, ","))
	definition, err := questionnaire.ParseDefinition([]byte(raw))
	if err != nil {
		b.Fatal(err)
	}
	return definition
}

const growthChoices = `{"code":"1","label":{"en":"Never"},"score":1},{"code":"2","label":{"en":"Rarely"},"score":2},{"code":"3","label":{"en":"At times"},"score":3},{"code":"4","label":{"en":"Often"},"score":4},{"code":"5","label":{"en":"Always"},"score":5}`

// fill stores so many responses, in cohorts of growthCohort people.
func (h *hall) fill(b *testing.B, stored int) {
	b.Helper()
	var cohorts []surveys.CohortID
	for i := range (stored/2 + growthCohort - 1) / growthCohort {
		c, err := h.service.CreateCohort(h.owner, surveys.Cohort{Programme: h.link.Programme, Name: fmt.Sprintf("Group %d", i)})
		if err != nil {
			b.Fatal(err)
		}
		cohorts = append(cohorts, c.ID)
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < stored; n = int(next.Add(1)) - 1 {
				if err := h.putOne(b, n, cohorts); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// putOne stores response n: of person n/2, before or after.
func (h *hall) putOne(b *testing.B, n int, cohorts []surveys.CohortID) error {
	person := n / 2
	at := h.clock.Add(time.Duration(n-10_000_000) * time.Second)
	mixed := (uint64(n) + 1) * 0x9E3779B97F4A7C15 // ids in no order, as drawn ones
	r := surveys.Response{
		ID: surveys.ResponseID(fmt.Sprintf("%016x%016x", mixed, n)), Programme: h.link.Programme, Strand: h.link.Strand, Cohort: cohorts[person/growthCohort],
		Wave: []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}[n%2], Questionnaire: "views", Version: 1, Language: "en",
		Mode: surveys.ModePhone, Status: surveys.StatusSubmitted, Started: at.Add(-4 * time.Minute), Submitted: at, Digest: "d41d8cd98f00b204",
		Answers: questionnaire.Answers{},
	}
	for i := range 30 {
		r.Answers[questionnaire.ItemID(fmt.Sprintf("i%d_%d", i/6, i%6))] = questionnaire.Answer{Choice: fmt.Sprint(1 + (person*7+i*(1+n%2)+person/3)%5)}
	}
	if h.talkative && n%5 == 0 {
		r.Answers["may"], r.Answers["words"] = questionnaire.Answer{Choice: "yes"}, questionnaire.Answer{Text: fmt.Sprintf("I learnt to breathe slowly, and it helped me %d times.", n)}
	}
	elements, err := elementsOf(person)
	if err != nil {
		return err
	}
	return h.store.PutResponse(b.Context(), r, &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: elements})
}

// elementsOf is the code of a person, of a letter, a day, a month and another
// letter: as people are, some in a cohort are one element apart.
func elementsOf(person int) ([]string, error) {
	drawn := rand.New(rand.NewPCG(uint64(person), 1)) // the same at both waves
	elements := make([]string, 4)
	for i, values := range []int{26, 31, 12, 26} {
		text, err := pairing.ElementHash{byte(i + 1), byte(drawn.IntN(values))}.MarshalText()
		if err != nil {
			return nil, err
		}
		elements[i] = string(text)
	}
	return elements, nil
}

// sendForms posts growthForms forms and returns how long each took, sorted.
func (h *hall) sendForms(b *testing.B) []time.Duration {
	b.Helper()
	address := serve(b, func(l net.Listener) error { return h.server.Serve(l) })
	form := url.Values{"_lang": {"en"}, "_started": {"1772873000000"}}
	for i := range 30 {
		form.Set(fmt.Sprintf("i%d_%d", i/6, i%6), fmt.Sprint(1+i%5))
	}
	body := form.Encode() + "&_id="
	client := &fasthttp.Client{MaxConnsPerHost: growthPhones}
	took := make([]time.Duration, growthForms)
	var next atomic.Int64
	var all sync.WaitGroup
	for range growthPhones {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < growthForms; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := oneVisit(client, "", "http://"+address+"/s/"+h.link.Token+"/submit", body); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}

// openResults opens the results page of a server that has just started: how soon it
// answers, and how soon the report is on it.
func (h *hall) openResults(b *testing.B) (first, whole time.Duration) {
	b.Helper()
	var err error
	if h.server, err = app.New(h.service, app.Config{}, slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	d := h.ownersDesk()
	began := time.Now()
	for {
		page := d.open(h.strandPath())
		if first == 0 {
			first = time.Since(began)
		}
		switch page.status {
		case 200:
			return first, time.Since(began)
		case 202: // it says how far it is
		default:
			b.Fatalf("results: %d", page.status)
		}
	}
}
