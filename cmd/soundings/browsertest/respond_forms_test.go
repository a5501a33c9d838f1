package browsertest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Forms with the rarer kinds of item and with logic: the definitions that the
// tests of package app walk without a browser.
const formsFolder = "../../../app/testdata/respond/"

// published are the forms that were published, by name.
var published struct {
	sync.Mutex
	programmes map[string]string // the programme that asks each
}

// newForm returns an open link to a form.
func newForm(t *testing.T, name string) link {
	t.Helper()
	c := api(t)
	return c.newLink(t, c.publish(t, name), "people", "pre", time.Time{})
}

// publish publishes a form, once, in a programme of its own. The pictures it names
// are not there: a page has to do without.
func (c client) publish(t *testing.T, name string) string {
	t.Helper()
	published.Lock()
	defer published.Unlock()
	if id, ok := published.programmes[name]; ok {
		return id
	}
	raw, err := os.ReadFile(formsFolder + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for i, medium := range []string{"PIC1", "PIC2", "PIC3", "AUDIO"} {
		text = strings.ReplaceAll(text, `"`+medium+`"`, `"`+strings.Repeat(fmt.Sprint(i), 64)+`"`)
	}
	c.post(t, "/questionnaires/form_"+name+"/versions", json.RawMessage(text))
	programme := c.post(t, "/programmes", map[string]any{
		"name": "Form " + name, "zone": "Europe/London", "smallest_group": 1,
		"strands": []strand{{"people", "People", "participant", "pre_post", "form_" + name, "cohort", "Person"}},
	})["id"].(string)
	if published.programmes == nil {
		published.programmes = map[string]string{}
	}
	published.programmes[name] = programme
	return programme
}

// startForm opens a form with JavaScript and starts.
func startForm(t *testing.T, l link, query string) *tab {
	t.Helper()
	p := newTab(t, phone)
	p.visit(l.Path + query)
	p.begin()
	return p
}

// TestFormPages looks at every page of the forms, as a phone without JavaScript
// gets it.
func TestFormPages(t *testing.T) {
	for _, name := range []string{"kinds", "logic"} {
		for _, language := range languages {
			t.Run(name+"/"+language, func(t *testing.T) {
				t.Parallel()
				p := newTab(t, plain)
				p.visit(newForm(t, name).Path + "?lang=" + language)
				p.wantGood("landing", language)
				for p.follow(startButton); strings.Contains(p.path(), "/part/"); p.follow(nextButton) {
					p.wantGood(p.path(), language)
					p.answerNeeded()
				}
				p.wantGood("check", language)
			})
		}
	}
}

// TestFormSteps does the same with JavaScript.
func TestFormSteps(t *testing.T) {
	for _, name := range []string{"kinds", "logic"} {
		for _, language := range languages {
			t.Run(name+"/"+language, func(t *testing.T) {
				t.Parallel()
				p := startForm(t, newForm(t, name), "?lang="+language)
				for ; !p.checking(); p.next() {
					p.wantGood(fmt.Sprint("step ", p.step()), language)
					p.answerNeeded()
				}
				p.wantGood("check", language)
				p.send()
			})
		}
	}
}

// answerNeeded answers what is shown and needs an answer.
func (p *tab) answerNeeded() {
	p.t.Helper()
	if p.shows(named("region")) {
		p.choose("region", "north")
	}
	if p.shows(named("ack")) {
		p.choose("ack", "OK")
	}
	if p.shows(named("joined__year")) {
		p.writeIn("joined__year", "2024")
		eval[bool](p, `(e => { e.value = "11"; e.dispatchEvent(new Event("change", {bubbles: true})); return true })(document.querySelector('[name="joined__month"]'))`)
	}
}

// order is how the rows of the ranking stand, by code.
func (p *tab) order() string {
	p.t.Helper()
	return eval[string](p, `[...document.querySelectorAll(".rank")].map(e => e.dataset.code).join(" ")`)
}

// TestRankingByKeyboard moves choices with Tab and Enter only.
func TestRankingByKeyboard(t *testing.T) {
	t.Parallel()
	l := newForm(t, "kinds")
	p := startForm(t, l, "")
	p.goTo("mix")
	first := strings.Fields(p.order())
	for n := 1; n <= 4; n++ {
		p.wantValue(fmt.Sprint("rank__", n), "") // nothing is ranked before somebody did it
	}
	eval[bool](p, `document.querySelector(".rank .down").focus(), true`)
	p.do(chromedp.KeyEvent(kb.Enter))
	want := strings.Join([]string{first[1], first[0], first[2], first[3]}, " ")
	if got := p.order(); got != want {
		t.Errorf("the order is %q, want %q", got, want)
	}
	if got := eval[string](p, `document.activeElement.className + " of " + document.activeElement.closest(".rank").dataset.code`); got != "down of "+first[0] {
		t.Errorf("the focus is on %q, want it to go with the row", got)
	}
	p.wantText(".ranks [role=status]", "is now number 2 of 4")
	p.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Enter)) // the last does nothing: it is at the end
	want = strings.Join([]string{first[1], first[2], first[3], first[0]}, " ")
	if got := p.order(); got != want {
		t.Errorf("the order is %q, want %q", got, want)
	}
	p.reload()
	p.until(`document.querySelector(".ranks").checkVisibility()`)
	if got := p.order(); got != want {
		t.Errorf("after a reload the order is %q, want %q", got, want)
	}
	p.next()
	p.answerNeeded()
	p.next()
	p.answerNeeded()
	p.finish()
	p.wantText("#check", "1. ")
	p.send()
	l.wantSubmitted(t, 1)
}

// TestRankingIsConfirmedOrCleared: the order shown may be the right one.
func TestRankingIsConfirmedOrCleared(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "kinds"), "")
	p.goTo("mix")
	p.click(".ranks .done")
	if got := eval[string](p, `[...document.querySelectorAll(".rank select")].map(e => e.value).join("")`); got != "1234" {
		t.Errorf("confirmed, the ranks are %q, want 1234", got)
	}
	p.click(".ranks .done")
	if got := eval[string](p, `[...document.querySelectorAll(".rank select")].map(e => e.value).join("")`); got != "" {
		t.Errorf("cleared, the ranks are %q, want none", got)
	}
}

// TestDateIsShownInWords gives a date by its three controls.
func TestDateIsShownInWords(t *testing.T) {
	for language, want := range map[string]string{"en": "7 March 2015", "ar": "2015"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := startForm(t, newForm(t, "kinds"), "?lang="+language)
			p.goTo("born__day")
			p.pick("born__day", "7")
			eval[bool](p, `document.querySelector('[name="born__month"]').selectedIndex = 3, true`)
			p.writeIn("born__year", "2015")
			p.answerNeeded()
			p.next()
			p.answerNeeded()
			p.finish()
			p.wantText("#check", want)
		})
	}
}

// TestShuffleAgrees draws the order that the program showed one person without
// JavaScript once more in the browser: it is the same.
func TestShuffleAgrees(t *testing.T) {
	t.Parallel()
	l := newForm(t, "kinds")
	for range 3 {
		p := begun(t, l)
		p.follow(nextButton)
		shown := eval[map[string][]string](p, shownOrders)
		id := p.responseID()
		scripted := startForm(t, l, "")
		drawn := eval[map[string][]string](scripted, fmt.Sprintf(`(() => {
			const form = document.getElementById("answers");
			form.dispatchEvent(new CustomEvent("begin", {bubbles: true, detail: {id: %s, s: Date.now()}}));
			form.dispatchEvent(new Event("change", {bubbles: true}));
			return %s;
		})()`, quote(id), shownOrders))
		for name, order := range shown {
			if got := strings.Join(drawn[name], " "); got != strings.Join(order, " ") || len(order) < 4 {
				t.Errorf("%s stands as %q in the browser, as %q on the page", name, got, strings.Join(order, " "))
			}
		}
		if len(shown) != 2 {
			t.Errorf("%d items are shuffled, want 2", len(shown))
		}
	}
}

// shownOrders is the order in which choices stand on the page, as it is sent.
const shownOrders = `Object.fromEntries(["mix", "rank"].map(name => [name, [...document.querySelectorAll('[name="' + name + '__order"]')].map(e => e.value)]))`

// responseID is the id of the response that this browser began without JavaScript.
func (p *tab) responseID() string {
	p.t.Helper()
	cookies := call(p, network.GetCookies, network.GetCookiesParams{URLs: []string{p.base + p.path()}}).Cookies
	for _, cookie := range cookies {
		if cookie.Name == "soundings_response" {
			return cookie.Value
		}
	}
	p.t.Fatal("the browser has no response")
	return ""
}
