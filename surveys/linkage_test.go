package surveys_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestLinkageIsOnlyHashes searches the raw files of the store for what was typed
// as a linkage code, by every way that a code can come.
func TestLinkageIsOnlyHashes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "soundings.db")
	w := newWorldIn(t, storetest.OpenSQLite(t, path))
	code := questionnaire.Raw{"own_code__mother": {"Zwquorx"}, "own_code__day": {"Vbseventeenth"}, "own_code__month": {"Kjmayish"}, "own_code__siblings": {"Qpnone"}}
	_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(code)})
	must(t, err)
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 0, code)
	must(t, err)
	_, err = w.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePost].ID, []surveys.IncomingResponse{{
		ID: "incoming_one", Answers: []byte(`{"stress": 3}`),
		Code: map[string]string{"mother": "Zwquorx", "day": "Vbseventeenth", "month": "Kjmayish", "siblings": "Qpnone"},
	}})
	must(t, err)
	files, err := filepath.Glob(path + "*")
	must(t, err)
	if len(files) < 2 {
		t.Errorf("files of the store: %v, want its log of writes too", files)
	}
	for _, file := range files {
		wantNoneIn(t, file, "zwq", "vbseventeenth", "kjmayish", "qpnone")
	}
	if all := w.linkages(t); len(all) != 3 || !slices.Equal(all[0].Elements, all[1].Elements) || !slices.Equal(all[1].Elements, all[2].Elements) {
		t.Errorf("linkages = %+v, want three of the same hashes", all)
	}
}

func wantNoneIn(t *testing.T, file string, secrets ...string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	must(t, err)
	for _, secret := range secrets {
		if bytes.Contains(bytes.ToLower(raw), []byte(secret)) {
			t.Errorf("%s holds %q of a linkage code", filepath.Base(file), secret)
		}
	}
}

func TestPartialCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name  string
		code  questionnaire.Raw
		coded bool
		given int // elements, -1: no linkage at all
	}{
		{"all", questionnaire.Raw{}, true, 4},
		{"three", questionnaire.Raw{"own_code__day": nil}, true, 3},
		{"one is only punctuation", questionnaire.Raw{"own_code__day": {"—"}}, true, 3},
		{"none", questionnaire.Raw{"own_code__mother": {" "}, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil}, false, -1},
		{"only punctuation", questionnaire.Raw{"own_code__mother": {"?"}, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil}, false, 0},
	} {
		id := surveys.ResponseID("response_" + strings.ReplaceAll(tt.name, " ", "_"))
		r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(tt.code)})
		must(t, err)
		if r.Coded != tt.coded {
			t.Errorf("%s: Coded = %v, want %v", tt.name, r.Coded, tt.coded)
		}
		if got := w.given(t, id); got != tt.given {
			t.Errorf("%s: %d elements, want %d", tt.name, got, tt.given)
		}
	}
}

// given is how many elements of a response's code are there, -1 without a linkage.
func (w *world) given(tb testing.TB, id surveys.ResponseID) int {
	tb.Helper()
	for _, l := range w.linkages(tb) {
		if l.Response == id {
			return len(slices.DeleteFunc(l.Elements, func(e string) bool { return e == "" }))
		}
	}
	return -1
}

func TestRequiredCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	def := definition(t)
	def.Parts[0].Items[0].Required = true
	_, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	w.clock.pass(4e9)
	for name, typed := range map[string][]string{"blank": nil, "punctuation": {"--"}} {
		_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(questionnaire.Raw{"own_code__month": typed})})
		wantError(t, name, err, surveys.KindInvalid, "answers.check")
	}
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 1, form(nil))
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), r.ID)
	wantError(t, "Finish without a code", err, surveys.KindInvalid, "answers.check")
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 0, form(nil))
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), r.ID)
	must(t, err)
}

// TestProgrammesHashApart gives the same code in two programmes.
func TestProgrammesHashApart(t *testing.T) {
	t.Parallel()
	first, second := newWorld(t), newWorld(t)
	for _, w := range []*world{first, second} {
		_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
		must(t, err)
	}
	a, b := first.linkages(t)[0].Elements, second.linkages(t)[0].Elements
	for i := range a {
		if a[i] == b[i] {
			t.Errorf("element %d has one hash in two programmes, want two", i)
		}
	}
}
