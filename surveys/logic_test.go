package surveys_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// pathWorld is a world whose questionnaire has logic: the code and the reason are
// asked of some only, two items are hidden and two worked out. It is in Auckland,
// where it is tomorrow already.
func pathWorld(tb testing.TB) *world {
	tb.Helper()
	data, err := os.ReadFile("testdata/path.json")
	must(tb, err)
	return worldThatAsks(tb, data)
}

// worldThatAsks is a world in Auckland whose questionnaire is data.
func worldThatAsks(tb testing.TB, data []byte) *world {
	tb.Helper()
	w := newWorld(tb)
	w.clock.pass(noon.Sub(origin))
	d, err := questionnaire.ParseDefinition(data)
	must(tb, err)
	_, err = w.Publish(w.ctx, "path", d)
	must(tb, err)
	p := plan()
	p.Zone, p.Strands[0].Questionnaire = "Pacific/Auckland", "path"
	w.programme, err = w.CreateProgramme(w.ctx, p)
	must(tb, err)
	w.ctx = w.as(tb, ownerEmail)
	w.cohort, err = w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 7"})
	must(tb, err)
	w.links[questionnaire.WavePre] = w.link(tb, surveys.Link{Wave: questionnaire.WavePre})
	return w
}

// noon is when the responses of these tests begin, as in UTC.
var noon = origin.Add(3 * time.Hour)

// fieldsOf are what is wrong with which answer.
func fieldsOf(err error) questionnaire.FieldErrors {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return nil
	}
	return e.Fields
}

// held are the answers that are not blank, as people read them.
func held(answers questionnaire.Answers) map[questionnaire.ItemID]string {
	words := map[questionnaire.ItemID]string{}
	for id, a := range answers {
		switch {
		case a.Number != nil:
			n, _ := json.Marshal(*a.Number)
			words[id] = string(n)
		case a.Missing == questionnaire.Answered:
			words[id] = a.Choice + a.Text
		}
	}
	return words
}

type words = map[questionnaire.ItemID]string

func TestSubmit_Path(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	for i, tc := range []struct {
		name      string
		raw       questionnaire.Raw
		link      map[string]string
		want      words
		wantAside words
		wantError string
		coded     bool
	}{
		{"off_the_path", questionnaire.Raw{"glad": {"yes"}, "glad__order": {"no", "yes"}, "why": {"rain"}, "left": {"3"}}, map[string]string{"site": "north"},
			words{"glad": "yes", "left": "3", "days": "21", "site": "north", "began": "2026-03-03T01:00:00.000+13:00", "sent_at": "2026-03-03T01:00:00.000+13:00", "written_on": "north 2026-03-03"},
			words{"why": "rain"}, "", false},
		{"what_is_posted_for_hidden_items_counts_for_nothing", questionnaire.Raw{"glad": {"yes"}, "days": {"9"}, "sent_at": {"1999"}}, nil,
			words{"glad": "yes", "began": "2026-03-03T01:00:00.000+13:00", "sent_at": "2026-03-03T01:00:00.000+13:00", "written_on": "2026-03-03"}, words{}, "", false},
		{"needed_on_this_path", questionnaire.Raw{"glad": {"no"}}, nil, nil, nil, `item "why": answer.said`, false},
		{"constraint", questionnaire.Raw{"glad": {"no"}, "why": {"no"}}, nil, nil, nil, `item "why": answer.check_again`, false},
		{"the_code_is_not_on_this_path", questionnaire.Raw{"glad": {"yes"}, "coded": {"no"}, "own_code__mother": {"X"}}, nil,
			words{"glad": "yes", "coded": "no", "began": "2026-03-03T01:00:00.000+13:00", "sent_at": "2026-03-03T01:00:00.000+13:00", "written_on": "2026-03-03"}, words{}, "", false},
		{"the_code_is_needed_on_this_one", questionnaire.Raw{"glad": {"yes"}, "coded": {"yes"}}, nil, nil, nil,
			`item "own_code__mother": answer.code_complete; item "own_code__day": answer.code_complete; item "own_code__month": answer.code_complete; item "own_code__siblings": answer.code_complete`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := surveys.ResponseID(fmt.Sprintf("path_row_%d", i))
			r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: tc.raw, Started: noon, Link: tc.link})
			if tc.wantError != "" {
				wantError(t, "Submit", err, surveys.KindInvalid, "answers.check")
				if got := fieldsOf(err).Error(); got != tc.wantError {
					t.Errorf("fields are %s, want %s", got, tc.wantError)
				}
				return
			}
			must(t, err)
			if diff := cmp.Diff(tc.want, held(r.Answers)) + cmp.Diff(tc.wantAside, held(r.Aside)); diff != "" || r.Coded != tc.coded {
				t.Errorf("coded %t; answers and aside (-want +got)\n%s", r.Coded, diff)
			}
		})
	}
}

// What is worked out depends on the moment, but the same body sent again is the
// same body.
func TestSubmit_AgainLater(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	sub := surveys.Submission{ID: "again_and_again", Raw: questionnaire.Raw{"glad": {"yes"}, "why": {"aside"}}, Started: noon}
	first, err := w.Submit(t.Context(), w.token(), sub)
	must(t, err)
	w.clock.pass(26 * time.Hour)
	again, err := w.Submit(t.Context(), w.token(), sub)
	must(t, err)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same body a day later (-first +again):\n%s", diff)
	}
	sub.Raw = questionnaire.Raw{"glad": {"yes"}, "why": {"another word aside"}}
	other, err := w.Submit(t.Context(), w.token(), sub)
	must(t, err)
	if other.ID == first.ID || len(w.sent(t)) != 2 {
		t.Errorf("another body is %s, %d responses, want one of its own", other.ID, len(w.sent(t)))
	}
}

// What is taken today may be refused tomorrow: a day that has passed, a question
// that has become due. What was kept before is known again, also by a link that
// has closed, and anything else is refused as ever.
func TestSubmit_AgainWhenItWouldBeRefused(t *testing.T) {
	t.Parallel()
	w := worldThatAsks(t, []byte(`{"title": {"en": "Your plan"}, "languages": ["en"], "parts": [{"id": "plan", "items": [
		{"id": "day", "kind": "date", "label": {"en": "When will you begin?"}, "constraint": ". >= today()"},
		{"id": "late", "kind": "short_text", "label": {"en": "Why so late?"}, "required": true, "relevant": "today() > date('2026-03-03')"}]}]}`))
	sub := surveys.Submission{ID: "the_plan_again", Raw: questionnaire.Raw{"day": {"2026-03-03"}}, Started: noon}
	first, err := w.Submit(t.Context(), w.token(), sub)
	must(t, err)
	same := func(when string) {
		t.Helper()
		again, err := w.Submit(t.Context(), w.token(), sub)
		must(t, err)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("the same body %s (-first +again):\n%s", when, diff)
		}
	}
	w.clock.pass(26 * time.Hour)
	same("a day later")
	other := sub
	other.Raw = questionnaire.Raw{"day": {"2026-03-02"}}
	_, err = w.Submit(t.Context(), w.token(), other)
	wantError(t, "another body under the same id", err, surveys.KindInvalid, "answers.check")
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	same("after the link closed")
	_, err = w.Submit(t.Context(), w.token(), other)
	wantError(t, "another body after the link closed", err, surveys.KindClosed, "link.closed")
	if sent := w.sent(t); len(sent) != 1 {
		t.Errorf("%d responses, want one", len(sent))
	}
}

// Page by page, back and forth: what the link said at the start stays, what leaves
// the path comes back with it, and what is never asked again is no answer.
func TestSavePart_Path(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, map[string]string{"site": "north", "other": "x"})
	must(t, err)
	save := func(part int, raw questionnaire.Raw) {
		t.Helper()
		var err error
		r, err = w.SavePart(t.Context(), w.token(), r.ID, part, raw)
		must(t, err)
	}
	save(0, questionnaire.Raw{"glad": {"no"}, "glad__order": {"no", "yes"}})
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 1, questionnaire.Raw{})
	wantError(t, "a page with a needed answer left blank", err, surveys.KindInvalid, "answers.check")
	save(1, questionnaire.Raw{"why": {"rain"}, "left": {"2"}})
	save(0, questionnaire.Raw{"glad": {"yes"}})
	if diff := cmp.Diff(words{"why": "rain"}, held(r.Aside)); diff != "" || r.Answers["why"].Missing != questionnaire.NotAsked {
		t.Errorf("why is %v; aside (-want +got)\n%s", r.Answers["why"], diff)
	}
	save(0, questionnaire.Raw{"glad": {"no"}, "glad__order": {"no yes"}})
	w.clock.pass(time.Hour)
	r, err = w.Finish(t.Context(), w.token(), r.ID)
	must(t, err)
	want := words{"glad": "no", "why": "rain", "left": "2", "days": "14", "site": "north",
		"began": "2026-03-03T01:00:00.000+13:00", "sent_at": "2026-03-03T02:00:00.000+13:00", "written_on": "north 2026-03-03"}
	if diff := cmp.Diff(want, held(r.Answers)) + cmp.Diff(words{}, held(r.Aside)); diff != "" {
		t.Errorf("finished: (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"no", "yes"}, r.Answers["glad"].Order); diff != "" {
		t.Errorf("the order shown: (-want +got)\n%s", diff)
	}
}

func TestFinish_NeedsWhatIsOnThePath(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 0, questionnaire.Raw{"glad": {"no"}})
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), r.ID)
	wantError(t, "Finish", err, surveys.KindInvalid, "answers.check")
	if got, want := fieldsOf(err).Error(), `item "why": answer.said`; got != want {
		t.Errorf("fields are %s, want %s", got, want)
	}
}

func TestImport_Path(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	rows := []surveys.IncomingResponse{{ID: "imported_row_one", Submitted: noon.Add(-48 * time.Hour), Answers: json.RawMessage(`{"glad": "yes", "why": "rain", "site": "south"}`)}}
	_, err := w.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, rows)
	must(t, err)
	sent := w.sent(t)
	if len(sent) != 1 {
		t.Fatalf("%d responses, want 1", len(sent))
	}
	want := words{"glad": "yes", "site": "south", "began": "2026-03-01T01:00:00.000+13:00", "sent_at": "2026-03-01T01:00:00.000+13:00", "written_on": "south 2026-03-01"}
	if diff := cmp.Diff(want, held(sent[0].Answers)) + cmp.Diff(words{"why": "rain"}, held(sent[0].Aside)); diff != "" {
		t.Errorf("answers and aside: (-want +got)\n%s", diff)
	}
	rows[0].ID, rows[0].Answers = "imported_row_two", json.RawMessage(`{"glad": "no"}`)
	_, err = w.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, rows)
	wantError(t, "a row without what its path needs", err, surveys.KindInvalid, "import.rows_wrong")
}
