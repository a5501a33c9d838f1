package surveys_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func number(n float64) questionnaire.Answer { return questionnaire.Answer{Number: &n} }

func TestSubmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := origin.Add(-4 * time.Minute)
	kept, err := w.Submit(t.Context(), strings.ToUpper(w.token()), surveys.Submission{
		ID: "response_one", Language: "ar", Mode: surveys.ModeShared, Started: before,
		Raw: form(questionnaire.Raw{"travel": {"other"}, "travel__other": {" By boat "}, "changed": {"not asked now"}, "unknown": {"x"}}),
	})
	must(t, err)
	want := surveys.Response{
		ID: "response_one", Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre,
		Questionnaire: "views", Version: 1, Language: "ar", Mode: surveys.ModeShared, Status: surveys.StatusSubmitted,
		Started: before, Submitted: origin, Coded: true, Digest: kept.Digest, Revision: 1,
		Answers: questionnaire.Answers{
			"stress": number(7), "travel": {Choice: "other", Text: "By boat"}, "subjects": {Choices: []string{"maths", "art"}},
			"sleep": number(8.5), "before": {Missing: questionnaire.NotReached}, "may_quote": {Choice: "yes"},
			"why": {Text: "Because of the garden."}, "changed": {Missing: questionnaire.NotAsked},
		},
		Aside: questionnaire.Answers{"changed": {Text: "not asked now"}},
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("Submit differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]surveys.Response{want}, w.sent(t)); diff != "" {
		t.Errorf("what is stored differs (-want +got):\n%s", diff)
	}
	if l := w.linkages(t); len(l) != 1 || l[0].Response != "response_one" || len(l[0].Elements) != 4 || slices.Contains(l[0].Elements, "") {
		t.Errorf("linkages = %+v, want one of four hashes", l)
	}
}

func TestSubmitDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Language: "tlh", Mode: "telepathy", Raw: form(nil)})
	must(t, err)
	if kept.Language != "en" || kept.Mode != surveys.ModePhone || !kept.Started.Equal(origin) {
		t.Errorf("Submit = %s, %s, %v, want en, phone, %v", kept.Language, kept.Mode, kept.Started, origin)
	}
}

func TestSubmitStarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, tt := range []struct {
		name          string
		started, want time.Time
	}{
		{"in another zone", origin.Add(-time.Minute).In(time.FixedZone("x", 7200)), origin.Add(-time.Minute)},
		{"with nanoseconds", origin.Add(-time.Minute + 999), origin.Add(-time.Minute)},
		{"now", origin, origin},
		{"in the future", origin.Add(time.Second), origin},
		{"29 days ago", origin.AddDate(0, 0, -29), origin.AddDate(0, 0, -29)},
		{"31 days ago", origin.AddDate(0, 0, -31), origin},
		{"at the beginning of time", time.Unix(0, 0), origin},
		{"after the end of time", time.Unix(1<<60, 0), origin},
	} {
		kept, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%d", i)), Started: tt.started, Raw: form(nil)})
		must(t, err)
		if !kept.Started.Equal(tt.want) || kept.Started.Location() != time.UTC {
			t.Errorf("started %s: %v, want %v", tt.name, kept.Started, tt.want)
		}
	}
}

func TestSubmitAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(raw questionnaire.Raw) surveys.Response {
		t.Helper()
		w.clock.pass(time.Minute)
		r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: raw})
		must(t, err)
		return r
	}
	first := send(form(nil))
	if diff := cmp.Diff(first, send(form(nil))); diff != "" {
		t.Errorf("the same again differs (-first +second):\n%s", diff)
	}
	other := send(form(questionnaire.Raw{"stress": {"3"}}))
	if other.ID == first.ID || !cmp.Equal(other.Notes, []string{"same_id_other_answers"}) || *other.Answers["stress"].Number != 3 {
		t.Errorf("other answers under the same id = %+v, want a response of their own with a note", other)
	}
	if diff := cmp.Diff(other, send(form(questionnaire.Raw{"stress": {"3"}}))); diff != "" {
		t.Errorf("the other answers again differ (-first +second):\n%s", diff)
	}
	code := send(form(questionnaire.Raw{"own_code__day": {"18"}}))
	if code.ID == first.ID || code.ID == other.ID {
		t.Error("another linkage code under the same id is the same response, want one of its own")
	}
	if n := len(w.sent(t)); n != 3 {
		t.Errorf("%d responses, want 3", n)
	}
	if n := len(w.linkages(t)); n != 3 {
		t.Errorf("%d linkages, want 3", n)
	}
}

func TestSubmitOneFormUnderTwoLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		for _, wave := range surveys.DesignPrePost.Waves() {
			_, err := w.Submit(t.Context(), w.links[wave].Token, surveys.Submission{ID: "response_one", Raw: form(nil)})
			must(t, err)
		}
	}
	if n := len(w.sent(t)); n != 2 {
		t.Errorf("%d responses, want one for each wave", n)
	}
}

func TestSubmitAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		id   func(*testing.T, *world) surveys.ResponseID
	}{
		{"new", func(*testing.T, *world) surveys.ResponseID { return "response_one" }},
		{"begun on the server", func(t *testing.T, w *world) surveys.ResponseID {
			r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
			must(t, err)
			return r.ID
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			id := tt.id(t, w)
			got, errs := together(50, func(int) (surveys.Response, error) {
				return w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(nil)})
			})
			for i, err := range errs {
				must(t, err)
				if diff := cmp.Diff(got[0], got[i]); diff != "" {
					t.Fatalf("two answers differ (-first +other):\n%s", diff)
				}
			}
			if n := len(w.sent(t)); n != 1 {
				t.Errorf("%d responses, want 1", n)
			}
		})
	}
}

func TestSubmitWhenClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sub := surveys.Submission{ID: "response_one", Raw: form(nil)}
	for _, tt := range []struct {
		name string
		link surveys.Link
		key  string
	}{
		{"not yet", surveys.Link{Wave: questionnaire.WavePre, Opens: origin.Add(time.Millisecond)}, "link.not_yet"},
		{"closed", surveys.Link{Wave: questionnaire.WavePre, Closes: origin}, "link.closed"},
		{"withdrawn", surveys.Link{Wave: questionnaire.WavePre, Withdrawn: true}, "link.withdrawn"},
	} {
		token := w.link(t, tt.link).Token
		_, err := w.Submit(t.Context(), token, sub)
		wantError(t, "Submit "+tt.name, err, surveys.KindClosed, tt.key)
		_, err = w.Start(t.Context(), token, "en", surveys.ModePhone, nil)
		wantError(t, "Start "+tt.name, err, surveys.KindClosed, tt.key)
	}
	_, err := w.Submit(t.Context(), "unknown", sub)
	wantError(t, "Submit to no link", err, surveys.KindNotFound, "link.not_found")
	if n := len(w.sent(t)); n != 0 {
		t.Errorf("%d responses, want none", n)
	}
}

// TestSubmitAgainWhenClosed is a phone that lost the answer and sends again after
// the link closed: it is thanked for what was kept, and for nothing else.
func TestSubmitAgainWhenClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bodies := []questionnaire.Raw{form(nil), form(questionnaire.Raw{"stress": {"1"}})}
	kept := make([]surveys.Response, len(bodies))
	var err error
	for i, raw := range bodies {
		kept[i], err = w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: raw})
		must(t, err)
	}
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	for i, raw := range bodies {
		again, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: raw})
		must(t, err)
		if diff := cmp.Diff(kept[i], again); diff != "" {
			t.Errorf("body %d again differs (-kept +again):\n%s", i, diff)
		}
	}
	for name, raw := range map[string]questionnaire.Raw{"other": form(questionnaire.Raw{"stress": {"2"}}), "invalid": form(questionnaire.Raw{"stress": {"x"}})} {
		_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: raw})
		wantError(t, name, err, surveys.KindClosed, "link.closed")
	}
}

// TestSubmitOlderVersion sends a form that was opened before a new version was
// published which requires one item more.
func TestSubmitOlderVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	def := definition(t)
	def.Parts[1].Items[3].Required = true // sleep
	_, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	w.clock.pass(4 * time.Second)
	raw := form(questionnaire.Raw{"sleep": nil})
	for _, tt := range []struct {
		version, want int
	}{{0, 0}, {2, 0}, {99, 0}, {1, 1}} {
		r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Version: tt.version, Raw: raw})
		if tt.want == 0 {
			wantError(t, fmt.Sprintf("version %d", tt.version), err, surveys.KindInvalid, "answers.check")
			continue
		}
		must(t, err)
		if r.Version != tt.want {
			t.Errorf("version %d was kept as %d, want %d", tt.version, r.Version, tt.want)
		}
	}
}
