package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestFaults lets each store call of an operation fail in turn and does it again:
// what is there then is the same as if nothing had failed.
func TestFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, s *surveys.Service, id surveys.ResponseID) error
		want int // submitted responses
	}{
		{"Submit", func(t *testing.T, s *surveys.Service, id surveys.ResponseID) error {
			return second(s.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(nil)}))
		}, 1},
		{"Submit_other_answers", func(t *testing.T, s *surveys.Service, id surveys.ResponseID) error {
			_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(nil)})
			must(t, err)
			return second(s.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(questionnaire.Raw{"stress": {"1"}})}))
		}, 2},
		{"Import", func(t *testing.T, s *surveys.Service, id surveys.ResponseID) error {
			return second(s.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, []surveys.IncomingResponse{
				{ID: id, Answers: []byte(`{"stress": 1}`)}, {ID: id + "_b", Answers: []byte(`{"stress": 2}`)},
			}))
		}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for n, failed := 1, true; failed; n++ {
				before := len(w.sent(t))
				id := surveys.ResponseID(fmt.Sprintf("%s_%03d", strings.ToLower(tt.name), n))
				faulty := storetest.Faulty(w.store, n)
				service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
				err := tt.do(t, service, id)
				wantComplete(t, w.sent(t))
				if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
					t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
				}
				if failed {
					err = tt.do(t, service, id)
				}
				must(t, err)
				if got := len(w.sent(t)) - before; got != tt.want {
					t.Errorf("after call %d failed and all was done again: %d responses, want %d", n, got, tt.want)
				}
			}
		})
	}
}

// wantComplete checks that every response has all its answers.
func wantComplete(t *testing.T, all []surveys.Response) {
	t.Helper()
	for _, r := range all {
		if len(r.Answers) != 8 || r.Digest == "" || r.Submitted.IsZero() {
			t.Errorf("half a response: %+v", r)
		}
	}
}

// TestFaultsPageByPage lets each store call of the way without JavaScript fail
// in turn; the step that failed is done again.
func TestFaultsPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counting := storetest.Faulty(w.store, 0)
	pageByPage(t, w, surveys.NewService(counting, w.clock.Now, rand.Reader))
	for n := 1; n <= counting.Calls(); n++ {
		pageByPage(t, w, surveys.NewService(storetest.Faulty(w.store, n), w.clock.Now, rand.Reader))
	}
	if got, want := len(w.sent(t)), counting.Calls()+1; got != want {
		t.Errorf("%d responses, want %d", got, want)
	}
	for _, r := range w.sent(t) {
		if !r.Coded || *r.Answers["stress"].Number != 7 || r.Answers["why"].Text == "" {
			t.Errorf("response %+v is not complete", r)
		}
	}
}

// pageByPage answers all parts, doing each step again that failed.
func pageByPage(t *testing.T, w *world, s *surveys.Service) {
	t.Helper()
	again := func(step func() (surveys.Response, error)) surveys.Response {
		t.Helper()
		r, err := step()
		if errors.Is(err, storetest.ErrFault) {
			r, err = step()
		}
		must(t, err)
		return r
	}
	id := again(func() (surveys.Response, error) { return s.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil) }).ID
	for part := range 3 {
		again(func() (surveys.Response, error) { return s.SavePart(t.Context(), w.token(), id, part, form(nil)) })
	}
	again(func() (surveys.Response, error) { return s.Finish(t.Context(), w.token(), id) })
}

// TestCreateFailsAsTheStoreDoes checks that a store that does not answer is not
// taken for a thing that does not exist.
func TestCreateFailsAsTheStoreDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	school, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Garn"})
	must(t, err)
	response, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	must(t, err)
	for name, do := range map[string]func(*surveys.Service) error{
		"CreateCohort": func(s *surveys.Service) error {
			return second(s.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "8", Institution: school.ID}))
		},
		"CreateLink": func(s *surveys.Service) error {
			return second(s.CreateLink(w.ctx, surveys.Link{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre}))
		},
		"Decide": func(s *surveys.Service) error {
			return s.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: response.ID, Variable: "may_quote"})
		},
		"Submit": func(s *surveys.Service) error {
			return second(s.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_two", Raw: form(nil)}))
		},
		"SetLinkOpen": func(s *surveys.Service) error {
			return second(s.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, true))
		},
	} {
		for n := 1; ; n++ {
			faulty := storetest.Faulty(w.store, n)
			err := do(surveys.NewService(faulty, w.clock.Now, rand.Reader))
			if faulty.Calls() < n {
				break
			}
			wantError(t, name, err, surveys.KindUnavailable, "")
		}
	}
}
