package surveys_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// everyRule has defaults, conditions, and items that are worked out or read only.
const everyRule = `{"title": {"en": "Your way"}, "languages": ["en", "ar"], "parts": [
 {"id": "one", "items": [
  {"id": "a", "kind": "short_text", "label": {"en": "A", "ar": "أ"}, "default": "hello"},
  {"id": "b", "kind": "number", "label": {"en": "B", "ar": "ب"}, "default": "3"},
  {"id": "day", "kind": "date", "label": {"en": "Day", "ar": "يوم"}, "default": "today()"},
  {"id": "c", "kind": "single_choice", "label": {"en": "C", "ar": "ج"}, "choices": [
   {"code": "x", "label": {"en": "X", "ar": "س"}}, {"code": "y", "label": {"en": "Y", "ar": "ص"}}, {"code": "z", "label": {"en": "Other", "ar": "آخر"}, "meaning": "other"}]},
  {"id": "m", "kind": "multiple_choice", "label": {"en": "M", "ar": "م"}, "relevant": "${c} = 'x'", "choices": [{"code": "p", "label": {"en": "P", "ar": "ف"}}, {"code": "q", "label": {"en": "Q", "ar": "ق"}}]},
  {"id": "rank", "kind": "ranking", "label": {"en": "R", "ar": "ر"}, "choices": [{"code": "p", "label": {"en": "P", "ar": "ف"}}, {"code": "q", "label": {"en": "Q", "ar": "ق"}}]},
  {"id": "fixed", "kind": "short_text", "label": {"en": "F", "ar": "ث"}, "default": "fixed", "read_only": "true()"},
  {"id": "joined", "kind": "short_text", "label": {"en": "J", "ar": "ع"}, "calculation": "concat(${a}, '!')"}]},
 {"id": "two", "items": [
  {"id": "e", "kind": "long_text", "label": {"en": "E", "ar": "ه"}, "relevant": "${b} > 2"},
  {"id": "chosen", "kind": "calculated", "label": {}, "calculation": "jr:choice-name(${c}, '${c}')"}]}]}`

// TestBothWaysKeepTheSame sends forms whole, twice with an hour between, and page
// by page with another language at each: the same is kept, on the path and aside.
func TestBothWaysKeepTheSame(t *testing.T) {
	t.Parallel()
	w := worldThatAsks(t, []byte(everyRule))
	for i, tt := range []struct {
		raw         questionnaire.Raw
		want, aside words
	}{
		{questionnaire.Raw{"a": {"hi"}, "b": {"3"}, "day": {"2026-03-03"}, "c": {"x"}, "m": {"p", "q"}, "rank__1": {"2"}, "rank__2": {"1"}, "e": {"one\r\ntwo"}, "fixed": {"forged"}, "joined": {"forged"}},
			words{"a": "hi", "b": "3", "day": "2026-03-03", "c": "x", "m": "", "rank": "", "e": "one\ntwo", "fixed": "fixed", "joined": "hi!", "chosen": "X"}, words{}},
		{questionnaire.Raw{"a": {""}, "b": {""}, "day__year": {"2026"}, "day__month": {"3"}, "day__day": {"1"}, "c": {"z"}, "c__other": {"  mine "}, "m": {"p"}, "e": {"aside"}},
			words{"day": "2026-03-01", "c": "zmine", "fixed": "fixed", "joined": "!", "chosen": "Other"}, words{"m": "", "e": "aside"}},
		{questionnaire.Raw{"a": {" sp  aced "}, "b": {"٣٫٥"}, "c": {"y"}, "m": {"q"}, "rank__1": {"1"}, "rank__2": {"2"}, "e": {"🙂"}},
			words{"a": "sp  aced", "b": "3.5", "c": "y", "rank": "", "e": "🙂", "fixed": "fixed", "joined": "sp  aced!", "chosen": "Y"}, words{"m": ""}},
	} {
		sub := surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("whole_form_%d", i)), Raw: tt.raw, Started: noon}
		whole, err := w.Submit(t.Context(), w.token(), sub)
		must(t, err)
		if diff := cmp.Diff(tt.want, held(whole.Answers)) + cmp.Diff(tt.aside, held(whole.Aside)); diff != "" {
			t.Errorf("form %d, answers and aside (-want +got):\n%s", i, diff)
		}
		w.clock.pass(time.Hour)
		again, err := w.Submit(t.Context(), w.token(), sub)
		must(t, err)
		if diff := cmp.Diff(whole, again); diff != "" {
			t.Errorf("form %d sent again (-first +again):\n%s", i, diff)
		}
		id := w.begin(t)
		for part, language := range []string{"ar", "en"} {
			_, err = w.SavePart(t.Context(), w.token(), id, part, maps.Clone(tt.raw))
			must(t, err)
			_, err = w.SetLanguage(t.Context(), w.token(), id, language)
			must(t, err)
		}
		pages, err := w.Finish(t.Context(), w.token(), id)
		must(t, err)
		if diff := cmp.Diff(whole.Answers, pages.Answers) + cmp.Diff(whole.Aside, pages.Aside); diff != "" {
			t.Errorf("form %d page by page (-whole +pages):\n%s", i, diff)
		}
		if whole.Digest != pages.Digest {
			t.Errorf("form %d: the digest of the pages is another", i)
		}
	}
}
