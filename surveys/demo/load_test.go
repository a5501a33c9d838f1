package demo_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
)

// loaded is a store with the demonstration in it.
type loaded struct {
	store   surveys.Store
	service *surveys.Service
	result  demo.Result
	ctx     context.Context // signed in
	strands map[string]surveys.ProgrammeID
}

// strandOf names the strand of each questionnaire.
var strandOf = map[string]surveys.StrandID{
	"parenting": "parents", "pupil_workshop": "pupils", "staff_training": "staff",
	"teacher_feedback": "teachers", "trainee_day": "trainees",
}

// theDemo is loaded once for all tests that only read it.
var theDemo struct {
	once sync.Once
	loaded
}

func demonstration(t *testing.T) *loaded {
	t.Helper()
	theDemo.once.Do(func() { theDemo.loaded = load(t, filepath.Join(folder, "demo.db")) })
	if theDemo.service == nil {
		t.Fatal("the demonstration could not be loaded; see the first test")
	}
	return &theDemo.loaded
}

// load fills a new SQLite store and signs in with what Load returned.
func load(tb testing.TB, path string) loaded {
	tb.Helper()
	store, err := sqlitestore.Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	stores = append(stores, store)
	service := surveys.NewService(store, time.Now, rand.Reader)
	result, err := demo.Load(context.Background(), service, nil)
	if err != nil {
		tb.Fatalf("Load() error %v", err)
	}
	l := loaded{store: store, service: service, result: result, strands: map[string]surveys.ProgrammeID{}}
	l.ctx = signIn(tb, service, result)
	for _, p := range result.Programmes {
		for _, s := range p.Strands {
			l.strands[string(s.Questionnaire)] = p.ID
		}
	}
	return l
}

func signIn(tb testing.TB, service *surveys.Service, result demo.Result) context.Context {
	tb.Helper()
	step, err := service.SignIn(context.Background(), result.Email, result.Password, surveys.Visitor{})
	if err != nil {
		tb.Fatalf("SignIn() with the drawn password: %v", err)
	}
	account, _, err := service.SignedIn(context.Background(), step.Secret)
	if err != nil {
		tb.Fatal(err)
	}
	return surveys.WithAccount(context.Background(), account)
}

func (l *loaded) dataset(t *testing.T, name string) *surveys.Dataset {
	t.Helper()
	d, err := l.service.Dataset(l.ctx, l.strands[name], strandOf[name])
	if err != nil {
		t.Fatalf("Dataset(%s): %v", name, err)
	}
	return d
}

func TestLoad(t *testing.T) {
	l := demonstration(t)
	if l.result.Responses != 4077 {
		t.Errorf("%d responses, want 4077", l.result.Responses)
	}
	if len(l.result.Programmes) != 4 {
		t.Fatalf("%d programmes, want 4", len(l.result.Programmes))
	}
	for _, p := range l.result.Programmes {
		if !p.Demo || p.Zone != "Europe/London" || p.SmallestGroup != 5 {
			t.Errorf("programme %q: Demo %v, zone %q, smallest group %d", p.Name, p.Demo, p.Zone, p.SmallestGroup)
		}
	}
	t.Logf("loaded in %v: %d responses, %d readings", l.result.Duration, l.result.Responses, l.result.Readings)
}

func TestLoadCountsResponsesByStrandAndWave(t *testing.T) {
	l := demonstration(t)
	want := map[string][2]int{ // pre, post
		"parenting": {55, 47}, "pupil_workshop": {837, 788}, "staff_training": {422, 365},
		"teacher_feedback": {0, 63}, "trainee_day": {0, 1500},
	}
	for name, n := range want {
		got := [2]int{}
		for r, err := range l.dataset(t, name).Responses(l.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Wave == questionnaire.WavePre {
				got[0]++
			} else {
				got[1]++
			}
		}
		if got != n {
			t.Errorf("%s: %d responses before and %d after, want %d and %d", name, got[0], got[1], n[0], n[1])
		}
	}
}

func TestLoadMakesCohortsAndOpenLinks(t *testing.T) {
	l := demonstration(t)
	want := map[string]struct{ institutions, cohorts, links int }{
		"Stronger Families parenting programme":      {0, 4, 8},
		"Feelings and Friendships school workshops":  {7, 7, 50},
		"Trainee teachers' wellbeing day":            {51, 82, 82},
		"Domestic abuse awareness for council staff": {0, 8, 16},
	}
	for _, p := range l.result.Programmes {
		institutions, err := l.service.Institutions(l.ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		cohorts, err := l.service.Cohorts(l.ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		links, err := l.service.Links(l.ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if w := want[p.Name]; len(institutions) != w.institutions || len(cohorts) != w.cohorts || len(links) != w.links {
			t.Errorf("%s: %d institutions, %d cohorts, %d links, want %v", p.Name, len(institutions), len(cohorts), len(links), w)
		}
		for _, link := range links {
			if state := link.State(time.Now()); state != "open" {
				t.Errorf("%s: link %s is %s, want open", p.Name, link.ID, state)
			}
		}
	}
}

func TestLoadGivesEveryRateABase(t *testing.T) {
	l := demonstration(t)
	for _, p := range l.result.Programmes {
		rows, err := l.service.Progress(l.ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.Expected < row.Submitted {
				t.Errorf("%s: cohort %s, %s: %d of %d expected", p.Name, row.Cohort, row.Strand, row.Submitted, row.Expected)
			}
		}
	}
}

func TestLoadShowsAFormInBothLanguages(t *testing.T) {
	l := demonstration(t)
	inv, err := l.service.Invitation(context.Background(), l.result.Respondent)
	if err != nil {
		t.Fatal(err)
	}
	if inv.Strand.ID != "parents" || inv.Link.Wave != questionnaire.WavePost || inv.Link.State(time.Now()) != "open" {
		t.Errorf("the link leads to %s at %s, %s", inv.Strand.ID, inv.Link.Wave, inv.Link.State(time.Now()))
	}
	if missing := inv.Instrument.Version().Definition.Untranslated("ar"); len(missing) > 0 {
		t.Errorf("not in Arabic: %v", missing)
	}
}

func TestLoadTwice(t *testing.T) {
	l := demonstration(t)
	_, err := demo.Load(context.Background(), l.service, nil)
	if err == nil || surveys.KindOf(err) != surveys.KindConflict {
		t.Fatalf("second Load() error %v, want kind conflict", err)
	}
	programmes, err := l.service.Programmes(l.ctx)
	if err != nil || len(programmes) != 4 {
		t.Errorf("after the second Load %d programmes, error %v; want 4", len(programmes), err)
	}
	signIn(t, l.service, l.result)
}

func TestLoadTellsItsProgress(t *testing.T) {
	t.Parallel()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "broken.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	ctx, stop := context.WithCancel(t.Context())
	last := 0
	_, err = demo.Load(ctx, surveys.NewService(store, time.Now, rand.Reader), func(done, total int) {
		if done != last+1 || total < 4077 {
			t.Errorf("progress(%d, %d) after %d", done, total, last)
		}
		if last = done; done == 200 {
			stop()
		}
	})
	if err == nil {
		t.Error("Load() under a cancelled context: no error")
	}
}

// BenchmarkLoad has a budget of 5 s on two cores.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b, filepath.Join(b.TempDir(), "demo.db"))
	}
}
