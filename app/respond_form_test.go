package app

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	"soundings/surveys/questionnaire"
)

func testInstrument(tb testing.TB) *questionnaire.Instrument {
	tb.Helper()
	raw, err := os.ReadFile("testdata/respond/everything.json")
	if err != nil {
		tb.Fatal(err)
	}
	definition, err := questionnaire.ParseDefinition(raw)
	if err != nil {
		tb.Fatal(err)
	}
	v, err := questionnaire.Publish("views", 1, definition, time.Unix(0, 0))
	if err != nil {
		tb.Fatal(err)
	}
	in, err := questionnaire.Compile(v)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// TestEveryKindHasAPage fails on a kind of item that no template shows, or whose
// controls the form reader does not know.
func TestEveryKindHasAPage(t *testing.T) {
	t.Parallel()
	shown, err := templateFiles.ReadFile("templates/respond/parts/item.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range questionnaire.Kinds {
		if !strings.Contains(string(shown), `eq .Kind "`+string(kind)+`"`) {
			t.Errorf("item.html does not show %s", kind)
		}
		if _, err := templateFiles.ReadFile("templates/respond/parts/" + string(kind) + ".html"); err != nil {
			t.Errorf("%s has no template: %v", kind, err)
		}
	}
	in := testInstrument(t)
	names := controlsOf(in.PartsAt(questionnaire.WavePre), questionnaire.WavePre)
	for _, v := range in.Variables() {
		if !names[string(v.ID)] {
			t.Errorf("the form reader leaves out %s", v.ID)
		}
	}
	if item, _ := in.Item("code"); !names[questionnaire.PromptControl(item.ID, item.Prompts[0].ID)] || !names["heard__other"] {
		t.Error("the form reader leaves out the code or the words of other")
	}
}

func TestFacesDiffer(t *testing.T) {
	t.Parallel()
	for n := 2; n <= 7; n++ {
		seen := map[string]bool{}
		for i := range n {
			seen[face(i, n)] = true
		}
		if len(seen) != n {
			t.Errorf("of %d faces %d differ", n, len(seen))
		}
	}
}

// FuzzReadForm: whatever is posted, only controls of the page come through, each
// value as it was posted, and the answers made of them hold only UTF-8.
func FuzzReadForm(f *testing.F) {
	for _, seed := range []string{
		"", "agree=yes", "agree=yes&agree=no&mode=bus&mode=walk", "age=%D9%A1%D9%A1", "liked=%ff%fe&town=a%00b%0bc", "%zz=1&&&===",
		"code__mother=SU&code__day=7", "heard__other=x&unknown=y&_id=z", "liked=" + strings.Repeat("%D8%B6", 100), "a;b;c=d;age=+12+",
	} {
		f.Add([]byte(seed))
	}
	in := testInstrument(f)
	parts := in.PartsAt(questionnaire.WavePre)
	asked := controlsOf(parts, questionnaire.WavePre)
	f.Fuzz(func(t *testing.T, body []byte) {
		var sent fasthttp.Args
		sent.ParseBytes(body)
		raw := readForm(&sent, parts, questionnaire.WavePre)
		for name, values := range raw {
			if !asked[name] || len(values) == 0 {
				t.Fatalf("readForm gave %q with %d values", name, len(values))
			}
		}
		checkAgainstNet(t, body, raw)
		answers, _, _ := in.ParseAnswers(questionnaire.WavePre, nil, raw)
		for id, a := range answers {
			if !utf8.ValidString(a.Text) {
				t.Errorf("%s holds what is not UTF-8", id)
			}
		}
	})
}

// checkAgainstNet compares with the standard library's reader where that takes
// the form.
func checkAgainstNet(t *testing.T, body []byte, raw questionnaire.Raw) {
	t.Helper()
	want, err := url.ParseQuery(string(body))
	if err != nil {
		return
	}
	for name, values := range raw {
		if !slices.Equal(want[name], values) {
			t.Errorf("%s = %q, net/url reads %q", name, values, want[name])
		}
	}
}
