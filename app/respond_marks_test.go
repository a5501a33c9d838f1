package app

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	t.Parallel()
	answers := map[string]string{"name": "<b>Amina & *co*</b>"}
	for _, tt := range []struct{ name, text, wantHTML, wantPlain string }{
		{"plain", "How old are you?", "How old are you?", "How old are you?"},
		{"html is text", "<script>alert('x')</script> & more", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; more", "<script>alert('x')</script> & more"},
		{"bold and emphasis", "a **bold** and *soft* word", "a <strong>bold</strong> and <em>soft</em> word", "a bold and soft word"},
		{"underscores", "__bold__ _soft_ snake_case_name", "<strong>bold</strong> <em>soft</em> snake_case_name", "bold soft snake_case_name"},
		{"nested", "**a *b* c**", "<strong>a <em>b</em> c</strong>", "a b c"},
		{"signs alone", "2 * 3 * 4, 5** and *", "2 * 3 * 4, 5** and *", "2 * 3 * 4, 5** and *"},
		{"escaped", `\*not soft\* \# \${name}`, "*not soft* # ${name}", "*not soft* # ${name}"},
		{"lines", "one\ntwo\r\n\nfour", "one<br>two<br><br>four", "one\ntwo\n\nfour"},
		{"heading", "# Part *one* #\nwords", `<b class="head">Part <em>one</em></b>words`, "Part one\nwords"},
		{"no heading", "#1 choice", "#1 choice", "#1 choice"},
		{"link", "see [our **page**](https://example.org/?a=1&b=2)", `see <a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">our <strong>page</strong></a>`, "see our page"},
		{"other links are words", "[a](javascript:alert`1`) [b](/x) [c](data:text/html,x)", "a b c", "a b c"},
		{"quotes in a link", `[a](https://x"onclick=y)`, `<a href="https://x&#34;onclick=y" target="_blank" rel="noopener noreferrer">a</a>`, "a"},
		{"pipe", "Hello ${name}, *${name}*", "Hello [name], <em>[name]</em>", "Hello <b>Amina & *co*</b>, <b>Amina & *co*</b>"},
		{"no pipe", "${1x} ${} $", "${1x} ${} $", "${1x} ${} $"},
		{"arabic", "**مرحبا** بك", "<strong>مرحبا</strong> بك", "مرحبا بك"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := string(wordsHTML(tt.text, func(name string) string { return "[" + name + "]" }))
			if got != tt.wantHTML {
				t.Errorf("wordsHTML(%q) = %q, want %q", tt.text, got, tt.wantHTML)
			}
			if got := wordsPlain(tt.text, func(name string) string { return answers[name] }); got != tt.wantPlain {
				t.Errorf("wordsPlain(%q) = %q, want %q", tt.text, got, tt.wantPlain)
			}
		})
	}
}

// TestWords_Long gives a draft's text of four million signs that open and never
// close: read for its marks it would keep a processor busy for hours.
func TestWords_Long(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("*a ", 4<<20/3)
	if got := string(wordsHTML(text, nil)); got != text {
		t.Errorf("it becomes %.80q, want it as it is", got)
	}
	most := "**a** " + strings.Repeat("é", 4997) // characters: as much as can be published
	if got, want := string(wordsHTML(most, nil)), "<strong>a</strong> "; !strings.HasPrefix(got, want) {
		t.Errorf("the longest text that can be published begins with %.30q, want %q", got, want)
	}
}

// TestWordsAreSafe reads what any words become: only the few elements, no
// attribute but those of a link to the web, and the plain words unchanged.
func TestWordsAreSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab *_#[]()<>\"'&\\\n${}:/htps.é"))).Draw(t, "text")
		checkInert(t, text)
	})
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"**a**", "[x](https://y)", "${a}", "# h", `"><script>`, "*_*_", "\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkInert(t, text) })
}

func checkInert(t interface{ Fatalf(string, ...any) }, text string) {
	page := string(wordsHTML(text, func(string) string { return "PIPE" }))
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind == html.TextToken {
			continue
		}
		token := z.Token()
		switch token.Data {
		case "b", "strong", "em", "br":
			if len(token.Attr) > 0 && token.Data != "b" {
				t.Fatalf("%q gives %s", text, token)
			}
		case "a":
			if kind == html.StartTagToken && !strings.HasPrefix(token.Attr[0].Val, "http") {
				t.Fatalf("%q leads to %s", text, token)
			}
		default:
			t.Fatalf("%q gives %s", text, token)
		}
	}
}
