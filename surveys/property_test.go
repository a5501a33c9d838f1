package surveys_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// anyForm draws a form that is valid or refused, never broken.
func anyForm(t *rapid.T) questionnaire.Raw {
	raw := questionnaire.Raw{"stress": {rapid.SampledFrom([]string{"0", "1", "10"}).Draw(t, "stress")}}
	some := func(control string, value *rapid.Generator[string]) {
		if rapid.Bool().Draw(t, "gives "+control) {
			raw[control] = []string{value.Draw(t, control)}
		}
	}
	some("travel", rapid.SampledFrom([]string{"bus", "foot", "other", "no_say"}))
	some("travel__other", rapid.StringN(1, 50, -1))
	some("sleep", rapid.Map(rapid.Float64Range(-1, 25), func(f float64) string { return fmt.Sprintf("%.2f", f) }))
	some("subjects", rapid.SampledFrom([]string{"maths", "art", "none"}))
	some("may_quote", rapid.SampledFrom([]string{"yes", "no"}))
	some("why", rapid.String())
	some("before", rapid.String())
	some("changed", rapid.String())
	some("own_code__mother", rapid.String())
	return raw
}

// TestSubmitThenRead checks that what is read is what was kept, and that what is
// shown again in a form gives the
// same answers.
func TestSubmitThenRead(t *testing.T) {
	w := newWorld(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		raw := anyForm(rt)
		kept, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%d", n)), Raw: raw})
		if err != nil {
			if surveys.KindOf(err) != surveys.KindInvalid {
				rt.Fatalf("Submit: %v, want it kept or refused", err)
			}
			return
		}
		read, err := w.store.Response(t.Context(), kept.ID)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(kept, read); diff != "" {
			rt.Fatalf("read differs from kept (-kept +read):\n%s", diff)
		}
		inv, err := w.Invitation(t.Context(), w.token())
		if err != nil {
			rt.Fatal(err)
		}
		again, _, errs := inv.Instrument.ParseAnswers(kept.Wave, nil, inv.Instrument.Raw(kept.Answers))
		if diff := cmp.Diff(kept.Answers, again); diff != "" || len(errs) > 0 {
			rt.Fatalf("shown again in the form it differs (-kept +again): %v\n%s", errs, diff)
		}
	})
}

// TestStateIsHalfOpen checks that a link with two times is in exactly one state
// at each moment, and open only from the first, until the second.
func TestStateIsHalfOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time {
			return origin.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, name)) * time.Millisecond)
		}
		l, now := surveys.Link{Opens: at("opens"), Closes: at("closes")}, at("now")
		open := !now.Before(l.Opens) && now.Before(l.Closes)
		if got := l.State(now); (got == "open") != open {
			t.Fatalf("State at %v of [%v, %v) = %q", now, l.Opens, l.Closes, got)
		}
		if l.State(now) == "closed" && l.State(now.Add(time.Hour)) != "closed" {
			t.Fatal("a closed link opens by itself")
		}
	})
}
