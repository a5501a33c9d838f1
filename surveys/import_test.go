package surveys_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func (w *world) importAll(tb testing.TB, incoming ...surveys.IncomingResponse) ([]surveys.ImportedResponse, error) {
	tb.Helper()
	return w.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, incoming)
}

func incoming(id surveys.ResponseID, answers string) surveys.IncomingResponse {
	return surveys.IncomingResponse{ID: id, Answers: json.RawMessage(answers)}
}

func TestImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	submitted := origin.Add(-24*time.Hour + 12345) // nanoseconds, that no store keeps
	row := surveys.IncomingResponse{
		ID: "incoming_one", Language: "ar", Mode: surveys.ModePaper, Started: submitted.Add(-time.Minute), Submitted: submitted,
		Answers: json.RawMessage(`{"stress": 0, "travel": "other", "travel__other": "Boat", "subjects": ["art"], "sleep": null, "why": "=1+1"}`),
		Code:    map[string]string{"mother": "Ann", "day": "7", "month": "May", "siblings": "0"},
	}
	for range 2 {
		got, err := w.importAll(t, row, incoming("incoming_two", `{"stress": 10}`))
		must(t, err)
		want := []surveys.ImportedResponse{{ID: "incoming_one", Receipt: surveys.ReceiptOf("incoming_one")}, {ID: "incoming_two", Receipt: surveys.ReceiptOf("incoming_two")}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Import differs (-want +got):\n%s", diff)
		}
	}
	all := w.sent(t)
	if len(all) != 2 {
		t.Fatalf("%d responses after importing twice, want 2", len(all))
	}
	whole := submitted.Truncate(time.Millisecond)
	r := all[0]
	if r.Mode != surveys.ModePaper || r.Language != "ar" || !r.Submitted.Equal(whole) || !r.Started.Equal(whole.Add(-time.Minute)) || !r.Coded {
		t.Errorf("imported %+v, want as it was sent", r)
	}
	if *r.Answers["stress"].Number != 0 || r.Answers["travel"].Text != "Boat" || r.Answers["sleep"].Missing != questionnaire.NotReached {
		t.Errorf("answers = %+v, want 0, Boat and no sleep", r.Answers)
	}
	if all[1].Mode != surveys.ModeImport || !all[1].Submitted.Equal(origin) || all[1].Coded {
		t.Errorf("imported %+v, want mode import, now, no code", all[1])
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	with := func(change func(*surveys.IncomingResponse)) surveys.IncomingResponse {
		r := incoming("incoming_bad", `{"stress": 1}`)
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name    string
		row     surveys.IncomingResponse
		control string
		key     string
	}{
		{"bad id", incoming("?", `{"stress": 1}`), "id", "import.bad_id"},
		{"required missing", incoming("incoming_bad", `{}`), "stress", questionnaire.KeyChooseOne},
		{"unknown item", incoming("incoming_bad", `{"stress": 1, "strss": 2}`), "strss", questionnaire.KeySendKnown},
		{"not asked at this wave", incoming("incoming_bad", `{"stress": 1, "changed": "x"}`), "changed", questionnaire.KeySendAsked},
		{"text for a number", incoming("incoming_bad", `{"stress": "1"}`), "stress", questionnaire.KeySendNumber},
		{"number for text", incoming("incoming_bad", `{"stress": 1, "why": 3}`), "why", questionnaire.KeySendString},
		{"one for several", incoming("incoming_bad", `{"stress": 1, "subjects": "art"}`), "subjects", questionnaire.KeySendList},
		{"out of range", incoming("incoming_bad", `{"stress": 11}`), "stress", questionnaire.KeyNumberBetween},
		{"a choice that is not there", incoming("incoming_bad", `{"stress": 1, "travel": "rocket"}`), "travel", questionnaire.KeyChooseFromList},
		{"a long text", incoming("incoming_bad", `{"stress": 1, "why": "`+strings.Repeat("a", 40_000)+`"}`), "why", questionnaire.KeyTextShorter},
		{"no answers", incoming("incoming_bad", ``), "answers", "import.answers_json"},
		{"null", incoming("incoming_bad", `null`), "answers", "import.answers_json"},
		{"a list", incoming("incoming_bad", `[]`), "answers", "import.answers_json"},
		{"an item twice", incoming("incoming_bad", `{"stress": 1, "stress": 2}`), "answers", "import.answers_json"},
		{"half a surrogate", incoming("incoming_bad", `{"stress": 1, "why": "\ud83d"}`), "answers", "import.answers_json"},
		{"a code among the answers", incoming("incoming_bad", `{"stress": 1, "own_code__day": "7"}`), "own_code__day", questionnaire.KeySendKnown},
		{"an unknown prompt", with(func(r *surveys.IncomingResponse) { r.Code = map[string]string{"father": "x"} }), "code.father", questionnaire.KeySendKnown},
		{"an unknown mode", with(func(r *surveys.IncomingResponse) { r.Mode = "fax" }), "mode", "import.mode"},
		{"an unknown language", with(func(r *surveys.IncomingResponse) { r.Language = "cy" }), "language", "import.language"},
		{"in the future", with(func(r *surveys.IncomingResponse) { r.Submitted = origin.Add(time.Second) }), "submitted", "import.submitted"},
		{"long ago", with(func(r *surveys.IncomingResponse) { r.Submitted = origin.AddDate(-40, 0, 0) }), "submitted", "import.submitted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.importAll(t, incoming("incoming_good", `{"stress": 1}`), tt.row)
			wantError(t, "Import", err, surveys.KindInvalid, "import.rows_wrong")
			var e *surveys.Error
			errors.As(err, &e)
			got, ok := e.Fields.For("responses[1]." + tt.control)
			if !ok || got.Key != tt.key || len(e.Fields) != 1 {
				t.Errorf("fields = %v, want %s at responses[1].%s alone", e.Fields, tt.key, tt.control)
			}
		})
	}
	if n := len(w.sent(t)); n != 0 {
		t.Errorf("%d responses after refusals, want none", n)
	}
}

func TestImportCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.importAll(t)
	wantField(t, "nothing", err, "responses")
	_, err = w.importAll(t, make([]surveys.IncomingResponse, 5001)...)
	wantField(t, "too many", err, "responses")
	_, err = w.importAll(t, incoming("incoming_one", `{"stress": 1}`), incoming("incoming_one", `{"stress": 1}`))
	var e *surveys.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Control != "responses[1].id" || !slices.Equal(e.Fields[0].Args, []any{0}) {
		t.Errorf("the same id twice: %v, want an error at responses[1].id that names row 0", err)
	}
	_, err = w.importAll(t, make([]surveys.IncomingResponse, 100)...)
	if !errors.As(err, &e) || len(e.Fields) != 20 {
		t.Errorf("a hundred empty rows: %v, want twenty errors", err)
	}
}

func TestImportBesideAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.importAll(t, incoming("incoming_one", `{"stress": 1}`))
	must(t, err)
	var ids []surveys.ResponseID
	for range 2 {
		got, err := w.importAll(t, incoming("incoming_one", `{"stress": 2}`))
		must(t, err)
		ids = append(ids, got[0].ID)
	}
	if ids[0] == "incoming_one" || ids[0] != ids[1] || len(w.sent(t)) != 2 {
		t.Errorf("other answers under an id that is taken: ids %v and %d responses, want one id of their own and 2", ids, len(w.sent(t)))
	}
}

func TestImportIntoClosedLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	_, err = w.importAll(t, incoming("incoming_one", `{"stress": 1}`))
	must(t, err)
}

// TestImportMany imports 300 rows; the second time nothing changes.
func TestImportMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows := make([]surveys.IncomingResponse, 300)
	for i := range rows {
		rows[i] = incoming(surveys.ResponseID(fmt.Sprintf("incoming_%d", i)), fmt.Sprintf(`{"stress": %d}`, i%11))
	}
	for range 2 {
		got, err := w.importAll(t, rows...)
		must(t, err)
		if len(got) != len(rows) || got[299].ID != "incoming_299" {
			t.Errorf("%d results, want one for each row in order", len(got))
		}
	}
	if n := len(w.sent(t)); n != len(rows) {
		t.Errorf("%d responses, want %d", n, len(rows))
	}
}
