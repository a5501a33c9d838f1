package app

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzCheckShape feeds bodies of a bulk post to the reader of the API: it never
// panics, what it passes decodes, and what it refuses is told without the value.
func FuzzCheckShape(f *testing.F) {
	for _, seed := range []string{
		`{"responses":[{"id":"abcdefghij","answers":{"stress":7},"code":{"day":"7"}}]}`,
		`{"responses":[{"id":"a","id":"b"}]}`, `{"RESPONSES":[]}`, `{"responses":[{"submitted":"2024-02-31T00:00:00Z"}]}`,
		`{"responses":null}`, `[`, `{"responses":` + strings.Repeat("[", 50), "{\"responses\":[{\"id\":\"\xff\"}]}", `{} {}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := checkShape(body, reflect.TypeFor[responsesInput]()); err != nil {
			if asError(err).Key == "" || asError(err).Key == "page.broken" {
				t.Errorf("refused without telling why: %v", err)
			}
			return
		}
		var in responsesInput
		if err := json.Unmarshal(body, &in); err == nil {
			return
		} else if explained := asError(explainJSON(err)); explained.Key == "" {
			t.Errorf("a body that does not decode is not explained: %v", err)
		}
	})
}
