package app_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile is what somebody may write wherever a questionnaire takes words.
const hostile = `</script><!--<script>alert(1)</script>"'><img src=x onerror=alert(1)> {{.}} [x](javascript:alert(1)) [y](https://e.example/"onmouseover=alert(1))`

// TestHostileTexts puts it into every text of a definition, into codes, names and
// expressions, and reads each page that shows them as a browser does: nothing of
// it is an element, an attribute or a program.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	_, d := study(t)
	raw, err := os.ReadFile("testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	def := strings.ReplaceAll(string(raw), `"HOSTILE"`, string(written))
	read := d.uploads("/questionnaires/import", "hostile.json", []byte(def)).wants(t, 303)
	preview := read.header.Get("Location")
	checkNoMarkup(t, preview, d.open(preview))
	d.sends(preview, url.Values{"id": {"hostile"}}).wants(t, 303)
	const draft = "/questionnaires/hostile/draft"
	d.sends(draft, url.Values{"do": {"save_item:a"}}).wants(t, 303)
	for _, page := range []string{
		"", "/preview?part=1", "/preview?part=0", "/publish", "/settings", "/languages", "/items/a", "/items/b", "/items/f", "/items/r", "/parts/p", "/groups/g", "/add?part=p&after=a",
	} {
		checkNoMarkup(t, page, d.open(draft+page).wants(t, 200))
	}
	started := d.sends("/questionnaires/hostile/trials", url.Values{"version": {"0"}, "wave": {"pre"}, "programme": {""}}).wants(t, 303)
	trial := started.header.Get("Location")
	checkNoMarkup(t, "the test link", d.open(trial).wants(t, 200))
	token := trial[strings.LastIndex(trial, "/")+1:]
	checkNoMarkup(t, "the document", d.open("/s/"+token).wants(t, 200))
	checkNoMarkup(t, "the document of an address", d.open("/s/"+token+"?"+url.Values{`na"me`: {hostile}}.Encode()).wants(t, 200))
}

func checkNoMarkup(t *testing.T, name string, p page) {
	t.Helper()
	kind, script := "", false
	for z := html.NewTokenizer(strings.NewReader(p.body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken:
			t.Errorf("%s: has a comment %.80q", name, z.Token().Data)
		case html.TextToken:
			text := z.Token().Data
			if script && kind == "application/json" && !json.Valid([]byte(text)) || script && kind == "" && strings.Contains(text, "alert(") {
				t.Errorf("%s: a script holds %.200q", name, text)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			kind, script = "", token.Data == "script"
			for _, a := range token.Attr {
				if a.Key == "type" {
					kind = a.Val
				}
				if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src") && (a.Val == "x" || strings.HasPrefix(a.Val, "javascript:")) {
					t.Errorf("%s: %s", name, token)
				}
			}
		case html.EndTagToken:
			script = false
		}
	}
}
