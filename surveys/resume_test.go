package surveys_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// begun starts a response without JavaScript and returns it with its code.
func (w *world) begun(t *testing.T) (surveys.Response, string) {
	t.Helper()
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	code, ends, err := w.ResumeCode(t.Context(), w.token(), r)
	must(t, err)
	if want := r.Started.AddDate(0, 0, 14); !ends.Equal(want) {
		t.Errorf("the code ends %v, want %v", ends, want)
	}
	return r, code
}

func TestResume(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		r, code := w.begun(t)
		if _, again, err := w.another().ResumeCode(t.Context(), w.token(), r); err != nil || again.IsZero() {
			t.Errorf("asked again: %v", err)
		}
		other, otherCode := w.begun(t)
		if code == otherCode || len(code) != 11 {
			t.Fatalf("codes %q and %q, want two of nine characters", code, otherCode)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ")} {
			found, err := w.another().Resume(t.Context(), "here", strings.ToUpper(w.token()), typed)
			must(t, err)
			if found.ID != r.ID {
				t.Errorf("%q opens %s, want %s", typed, found.ID, r.ID)
			}
		}
		found, err := w.Resume(t.Context(), "here", w.token(), otherCode)
		must(t, err)
		if found.ID != other.ID {
			t.Errorf("the other's code opens %s, want %s", found.ID, other.ID)
		}
	})
}

// TestResumeOpensNothingElse: every other code is refused with the same words.
func TestResumeOpensNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, code := w.begun(t)
	refused := func(doing, token, typed string) {
		t.Helper()
		_, err := w.Resume(t.Context(), "here", token, typed)
		wantError(t, doing, err, surveys.KindNotFound, "response.resume_unknown")
	}
	wrong := []byte(code)
	wrong[0] = map[bool]byte{true: '3', false: '2'}[wrong[0] == '2']
	refused("mistyped", w.token(), string(wrong))
	refused("nothing", w.token(), "")
	refused("long", w.token(), strings.Repeat("2", 5000))
	refused("a right code that nobody has", w.token(), "222-222-222")
	refused("another link", w.links[questionnaire.WavePost].Token, code)
	w.clock.pass(14*24*time.Hour - time.Minute)
	_, err := w.Resume(t.Context(), "here", w.token(), code)
	must(t, err)
	w.clock.pass(time.Minute)
	refused("too old", w.token(), code)
	_, _, err = w.ResumeCode(t.Context(), w.token(), r)
	wantError(t, "the code of one too old", err, surveys.KindNotFound, "")
	sent, code := w.begun(t)
	for part := range 3 {
		_, err := w.SavePart(t.Context(), w.token(), sent.ID, part, form(nil))
		must(t, err)
	}
	_, err = w.Finish(t.Context(), w.token(), sent.ID)
	must(t, err)
	refused("sent", w.token(), code)
	_, code = w.begun(t)
	w.shut(t)
	_, err = w.Resume(t.Context(), "here", w.token(), code)
	wantError(t, "closed", err, surveys.KindClosed, "link.closed")
}

func TestResumeIsThrottled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, code := w.begun(t)
	for range 100 { // who finds one is not counted
		_, err := w.Resume(t.Context(), "here", w.token(), code)
		must(t, err)
	}
	for range 45 {
		_, err := w.Resume(t.Context(), "here", w.token(), "222-222-222")
		wantError(t, "guess", err, surveys.KindNotFound, "response.resume_unknown")
	}
	_, err := w.Resume(t.Context(), "here", w.token(), code)
	wantError(t, "after too many guesses", err, surveys.KindThrottled, "account.too_many_tries")
	_, err = w.Resume(t.Context(), "elsewhere", w.token(), code)
	must(t, err)
	w.clock.pass(16 * time.Minute)
	_, err = w.Resume(t.Context(), "here", w.token(), code)
	must(t, err)
}

// TestResumeFaults lets each store call fail in turn and does it again.
func TestResumeFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
		must(t, err)
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		code, _, err := service.ResumeCode(t.Context(), w.token(), r)
		if err == nil {
			_, err = service.Resume(t.Context(), "here", w.token(), code)
		}
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
		}
		code, _, err = w.ResumeCode(t.Context(), w.token(), r)
		must(t, err)
		found, err := w.Resume(t.Context(), "here", w.token(), code)
		must(t, err)
		if found.ID != r.ID {
			t.Errorf("after call %d failed the code opens %s, want %s", n, found.ID, r.ID)
		}
	}
}
