package browsertest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
)

// cardedForm takes a card, or four questions instead, in three languages.
const cardedForm = `{"title": {"en": "Your views", "ar": "رأيك", "bn": "আপনার মতামত"}, "languages": ["en", "ar", "bn"], "parts": [
 {"id": "code_part", "items": [
  {"id": "code", "kind": "linkage_code", "label": {"en": "Your code", "ar": "رمزك", "bn": "আপনার কোড"}, "card": true, "prompts": [
   {"id": "mother", "element": "letters", "length": 2, "label": {"en": "First two letters of your mother’s first name", "ar": "أول حرفين من اسم أمك الأول", "bn": "আপনার মায়ের নামের প্রথম দুই অক্ষর"}},
   {"id": "day", "element": "day", "label": {"en": "Day of the month you were born on", "ar": "يوم ميلادك في الشهر", "bn": "মাসের কোন তারিখে আপনার জন্ম"}},
   {"id": "month", "element": "month", "label": {"en": "Month you were born in", "ar": "شهر ميلادك", "bn": "আপনার জন্মের মাস"}},
   {"id": "siblings", "element": "count", "label": {"en": "How many older brothers and sisters?", "ar": "عدد إخوتك الأكبر منك", "bn": "আপনার কতজন বড় ভাইবোন আছে"}}]}]},
 {"id": "rest_part", "items": [{"id": "calm", "kind": "scale_0_10", "label": {"en": "How calm are you?", "ar": "ما مدى هدوئك؟", "bn": "আপনি কতটা শান্ত?"}}]}],
 "measures": [{"id": "calm", "label": {"en": "Calm"}, "of": "calm", "type": "score", "direction": "higher", "headline": true}]}`

var (
	cardedOnce      sync.Once
	cardedProgramme string
)

// carded is a programme of the tests' own whose strand "pupils" takes cards.
func carded(t *testing.T) string {
	t.Helper()
	c := api(t)
	cardedOnce.Do(func() {
		c.post(t, "/questionnaires/carded/versions", json.RawMessage(cardedForm))
		cardedProgramme = c.post(t, "/programmes", map[string]any{
			"name": "Calm schools", "zone": "Europe/London", "smallest_group": 1,
			"strands": []strand{{"pupils", "Pupils", "participant", "pre_post", "carded", "cohort", "Pupil"}},
		})["id"].(string)
	})
	return cardedProgramme
}

// cardedLinks are the links before and after of a cohort of the test's own.
func cardedLinks(t *testing.T) (pre, post link) {
	t.Helper()
	programme, c := carded(t), api(t)
	pre = c.newLink(t, programme, "pupils", "pre", time.Time{})
	made := c.post(t, "/programmes/"+programme+"/links", map[string]any{"strand": "pupils", "cohort": pre.cohort, "wave": "post"})
	post = pre
	post.Path, post.ID, post.wave = "/s/"+made["token"].(string), made["id"].(string), "post"
	return pre, post
}

// printCards prints n cards for a cohort, in the languages ticked, and stays on the
// page that shows them.
func printCards(t *testing.T, l link, n int, tags ...string) *tab {
	t.Helper()
	p := signedIn(t, desk)
	p.visit("/programmes/" + l.programme + "/cards")
	p.click(fmt.Sprintf(`[name="cohort"][value="%s"]`, l.cohort))
	p.writeIn("count", fmt.Sprint(n))
	for _, tag := range tags {
		p.click(fmt.Sprintf(`[name="language"][value="%s"]`, tag))
	}
	if status := p.follow("button.main"); status != http.StatusOK {
		t.Fatalf("printing: status %d", status)
	}
	return p
}

// cardOn reads the first card as a phone's camera does: the path with its code.
func (p *tab) cardOn() (path, code string) {
	p.t.Helper()
	path, ok := strings.CutPrefix(p.readCode(".piece svg.qr"), product.base)
	if !ok {
		p.t.Fatalf("the code on the card leads to %q, want an address of %s", path, product.base)
	}
	_, code, _ = strings.Cut(path, "#")
	if shown := strings.ReplaceAll(p.text(".piece .code"), "-", ""); shown != code {
		p.t.Errorf("the card says %q and its square %q", shown, code)
	}
	return path, code
}

// stored is everything that the browser has kept, in one text.
func (p *tab) stored() string {
	p.t.Helper()
	return eval[string](p, `JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage), document.cookie, location.href])`)
}

// matched is how many pairs of a programme's pupils are found.
func matched(t *testing.T, programme string) (pairs, exact float64) {
	t.Helper()
	report := api(t).ask(t, http.MethodGet, "/programmes/"+programme+"/strands/pupils/report", nil)
	found, _ := report["pairing"].(map[string]any)
	pairs, _ = found["matched"].(float64)
	exact, _ = found["exact"].(float64)
	return pairs, exact
}

// TestCardIsScannedBeforeAndAfter prints a card, scans it for both forms, and finds
// one pair; its code is in no address and stays nowhere.
func TestCardIsScannedBeforeAndAfter(t *testing.T) {
	pre, post := cardedLinks(t)
	path, code := printCards(t, pre, 12, "ar").cardOn()
	before, _ := matched(t, pre.programme)
	for i, l := range []link{pre, post} {
		p := newTab(t, phone)
		p.visit(path)
		p.wantText("h1", "Which form do you want?")
		p.wantGood("which form", "en")
		p.follow(fmt.Sprintf(`main p:nth-of-type(%d) a.btn`, i+2))
		p.wantPath(l.Path)
		if hash := eval[string](p, `location.hash`); hash != "" {
			t.Errorf("the address bar still has %q", hash)
		}
		p.begin()
		p.wantText(".read", "Read from your card.")
		p.wantGood("scanned", "en")
		if got := strings.ReplaceAll(p.value("code__card"), "-", ""); got != code {
			t.Errorf("the form has the code %q, want the card's", got)
		}
		p.finish()
		if shown := p.text("#check"); strings.Contains(strings.ReplaceAll(shown, "-", ""), code) {
			t.Error("the check shows the code")
		}
		p.send()
		if kept := strings.ReplaceAll(p.stored(), "-", ""); strings.Contains(kept, code) {
			t.Errorf("after sending the browser keeps the code: %s", kept)
		}
		l.wantSubmitted(t, 1)
	}
	if after, _ := matched(t, pre.programme); after != before+1 {
		t.Errorf("%v pairs, want one more than %v", after, before)
	}
}

// TestCardLeadsToTheOneOpenForm: with one wave open nothing is asked; with none the
// person is told when.
func TestCardLeadsToTheOneOpenForm(t *testing.T) {
	pre, post := cardedLinks(t)
	path, _ := printCards(t, pre, 1).cardOn()
	setOpen := func(l link, to string) {
		t.Helper()
		p := signedIn(t, desk)
		p.visit("/programmes/" + l.programme + "/cohorts/" + l.cohort)
		p.follow(fmt.Sprintf(`form[action$="/links/%s"] button[value="%s"]`, l.ID, to))
	}
	setOpen(post, "close")
	p := newTab(t, phone)
	leads(p, path, func(int64) bool { return p.path() == pre.Path })
	p.begin()
	if p.value("code__card") == "" {
		t.Error("the code did not come along")
	}
	setOpen(pre, "close")
	leads(p, strings.Split(path, "#")[0], func(status int64) bool { return status == http.StatusGone && strings.HasPrefix(p.path(), "/k/") })
	p.wantText("main", "It was open until")
	p.wantGood("closed", "en")
}

// leads visits a path until it is as it should be: what a card leads to is believed
// for three seconds.
func leads(p *tab, path string, right func(status int64) bool) {
	p.t.Helper()
	for range 10 {
		if right(p.visit(path)) {
			return
		}
		time.Sleep(time.Second)
	}
	p.t.Fatalf("%s leads to %s, which it should not", strings.Split(path, "#")[0], p.path())
}

// TestCardTypedWrong types codes that are wrong and one that is another's, with and
// without JavaScript, and goes on all the same.
func TestCardTypedWrong(t *testing.T) {
	l, _ := cardedLinks(t)
	elsewhere, _ := cardedLinks(t)
	_, code := printCards(t, elsewhere, 1).cardOn()
	const mistyped = "K7M2RX94J"

	p := newTab(t, phone)
	p.visit(l.Path)
	p.begin()
	p.writeIn("code__card", mistyped)
	p.click(stepForward)
	p.until(`document.querySelector(".q.bad")`)
	p.wantText(".q.bad", "Compare this with your card")
	p.wantGood("mistyped", "en")
	p.writeIn("code__card", code)
	p.finish()
	p.click(stepForward)
	p.until(`document.querySelector(".q.bad")`)
	p.wantText(".q.bad", "This card was given out for another group.")
	p.wantGood("another's", "en")
	p.click(".anyway input")
	p.finish()
	p.send()

	plainly := newTab(t, plain)
	plainly.visit(l.Path)
	plainly.follow(startButton)
	for typed, said := range map[string]string{mistyped: "Compare this with your card", code: "This card was given out for another group."} {
		plainly.writeIn("code__card", typed)
		if status := plainly.follow(nextButton); status != http.StatusUnprocessableEntity {
			t.Fatalf("status %d, want 422", status)
		}
		plainly.wantText(".q.bad", said)
		plainly.wantGood("plainly "+said, "en")
	}
	plainly.click(".anyway input")
	plainly.follow(nextButton)
	plainly.wantPath(l.Path + "/part/2")
	plainly.follow(nextButton)
	plainly.follow(sendButton)
	l.wantSubmitted(t, 2)
}

// selfMade is a code typed in a language, and how it is shown back.
var selfMade = []struct{ lang, mother, shown string }{
	{"ar", "سع", "سع 7 مارس 2"},
	{"bn", "সালমা", "সালমা 7 মার্চ 2"},
}

// TestSelfMadeCodeLooksLikeYours makes a code in Arabic and in Bengali, on the phone
// before and without JavaScript after: each time it is shown back once, and the two
// pair.
func TestSelfMadeCodeLooksLikeYours(t *testing.T) {
	for _, tt := range selfMade {
		t.Run(tt.lang, func(t *testing.T) {
			pre, post := cardedLinks(t)
			before, _ := matched(t, pre.programme)
			p := newTab(t, phone)
			p.visit(pre.Path + "?lang=" + tt.lang)
			p.begin()
			p.click(".instead summary")
			fillCode(p, tt.mother)
			p.wantGood("self-made", tt.lang)
			p.click(stepForward)
			p.until(`document.activeElement.matches(".look")`)
			wantShownBack(t, p, tt.shown)
			p.wantGood("looks like yours", tt.lang)
			p.finish()
			if strings.Contains(p.text("#check"), tt.mother) {
				t.Error("the check shows the code")
			}
			p.send()

			p = newTab(t, plain)
			p.visit(post.Path + "?lang=" + tt.lang)
			p.follow(startButton)
			p.click(".instead summary")
			fillCode(p, tt.mother)
			p.follow(nextButton)
			p.wantPath(post.Path + "/part/1")
			wantShownBack(t, p, tt.shown)
			p.wantGood("looks like yours, plainly", tt.lang)
			p.follow(nextButton)
			p.wantPath(post.Path + "/part/2")
			p.follow(nextButton)
			p.follow(sendButton)
			if after, _ := matched(t, pre.programme); after != before+1 {
				t.Errorf("%v pairs, want one more than %v", after, before)
			}
		})
	}
}

func fillCode(p *tab, mother string) {
	p.t.Helper()
	p.writeIn("code__mother", mother)
	eval[bool](p, `["day", "month"].every(n => { const s = document.querySelector("[name=code__" + n + "]"); s.value = n == "day" ? "7" : "3"; s.dispatchEvent(new Event("change", {bubbles: true})); return s.value; })`)
	p.click(`[name="code__siblings"][value="2"]`)
}

// wantShownBack checks the code that a page shows back, element by element.
func wantShownBack(t *testing.T, p *tab, want string) {
	t.Helper()
	if got := eval[string](p, `[...document.querySelectorAll(".look:not([hidden]) bdi")].map(e => e.textContent).join(" ")`); got != want {
		t.Errorf("the code is shown as %q, want %q", got, want)
	}
}

// TestCardsOnPaper measures the page that is printed: ten cards a sheet, three
// sheets for thirty, nothing cut off, each square readable.
func TestCardsOnPaper(t *testing.T) {
	l, _ := cardedLinks(t)
	p := printCards(t, l, 30, "ar", "bn")
	if got := eval[int](p, `document.querySelectorAll(".paper").length`); got != 3 {
		t.Errorf("%d sheets of paper, want 3", got)
	}
	if got := eval[int](p, `document.querySelectorAll(".piece").length`); got != 30 {
		t.Errorf("%d cards, want 30", got)
	}
	cut := eval[string](p, `[...document.querySelectorAll(".piece, .piece .say, .piece .code")].filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1).map(e => e.className).join(" ")`)
	if cut != "" {
		t.Errorf("cut off on the cards: %s", cut)
	}
	if cache := eval[string](p, `fetch(location.href.replace(/#.*/, ""), {method: "GET"}).then(r => r.headers.get("cache-control"))`); cache != "no-store" {
		t.Errorf("Cache-Control %q, want no-store", cache)
	}
	p.cardOn()
	p.wantAccessible("cards to print")
	if got := p.printedPages(); got != 3 {
		t.Errorf("30 cards are printed on %d pages, want 3", got)
	}
}

// onePage begins the object of one page in a PDF file.
var onePage = regexp.MustCompile(`/Type\s*/Page[^s]`)

// printedPages prints the page on paper of the size that it asks for, and counts.
func (p *tab) printedPages() int {
	p.t.Helper()
	yes := true
	file := call(p, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes}).Data
	return len(onePage.FindAll(file, -1))
}
