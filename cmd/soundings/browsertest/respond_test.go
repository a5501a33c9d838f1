package browsertest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Where things are on a respondent's pages.
const (
	startButton = "#start form .btn:not([type=button])"
	nextButton  = "#answers .btns .btn:not(.alt)"
	sendButton  = "main form .btns .btn:not(.alt)" // of the check without JavaScript
	stepForward = "#next"
)

// asked is one questionnaire with something in it that will be refused.
type askedForm struct {
	strand, wave   string
	wrong, refused string // a control, and what it does not take
}

// tooLong is one letter more than a long text may have.
var tooLong = strings.Repeat("a", 10_001)

// askedForms are all questionnaires; between them they have every kind of item.
var askedForms = []askedForm{
	{"parents", "pre", "children", "99"},
	{"parents", "post", "what_changed", tooLong},
	{"pupils", "post", "best_thing", tooLong},
	{"teachers", "post", "class_size", "many"},
	{"trainees", "post", "weeks_taught", "201"},
	{"staff", "pre", "quiz_0_10", "11"},
}

// narrow are the widths of old phones and of pages zoomed in, in CSS pixels.
var narrow = []int64{360, 320, 280}

// wantGood checks everything that holds for each of a respondent's pages.
func (p *tab) wantGood(name, language string) {
	p.t.Helper()
	p.wantDirection(language)
	p.wantAccessible(name)
	p.wantFitting(name, narrow...)
	p.wantTouchable(name)
}

// TestRespondentPages opens every page of every questionnaire as a phone without
// JavaScript gets it, in both languages.
func TestRespondentPages(t *testing.T) {
	for _, form := range askedForms {
		for _, language := range languages {
			t.Run(fmt.Sprintf("%s_%s/%s", form.strand, form.wave, language), func(t *testing.T) {
				t.Parallel()
				walkPages(newTab(t, plain), form, newLink(t, form.strand, form.wave), language)
			})
		}
	}
}

func walkPages(p *tab, form askedForm, l link, language string) {
	p.visit(l.Path + "?lang=" + language)
	p.wantGood("landing", language)
	for p.follow(startButton); strings.Contains(p.path(), "/part/"); p.follow(nextButton) {
		p.wantGood(p.path(), language)
		if !p.shows(named(form.wrong)) {
			continue
		}
		p.writeIn(form.wrong, form.refused)
		if status := p.follow(nextButton); status != 422 {
			p.t.Fatalf("%s = %.10q: status %d, want 422", form.wrong, form.refused, status)
		}
		p.wantGood(p.path()+" refused", language)
		p.writeIn(form.wrong, "2")
	}
	p.wantPath(l.Path + "/check")
	p.wantGood("check", language)
	p.follow(sendButton)
	p.wantPath(l.Path + "/thanks")
	p.wantGood("thanks", language)
}

func named(control string) string { return fmt.Sprintf(`[name="%s"]`, control) }

// TestRespondentSteps does the same with JavaScript, where all is one document.
func TestRespondentSteps(t *testing.T) {
	for _, form := range askedForms[1:3] { // every kind of control that the script touches
		for _, language := range languages {
			t.Run(fmt.Sprintf("%s_%s/%s", form.strand, form.wave, language), func(t *testing.T) {
				t.Parallel()
				walkSteps(newTab(t, phone), form, newLink(t, form.strand, form.wave), language)
			})
		}
	}
}

func walkSteps(p *tab, form askedForm, l link, language string) {
	p.visit(l.Path + "?lang=" + language)
	p.wantGood("landing", language)
	p.begin()
	for ; !p.checking(); p.next() {
		p.wantGood(fmt.Sprint("step ", p.step()), language)
		if p.shows(named(form.wrong)) {
			p.writeIn(form.wrong, form.refused)
		}
	}
	p.wantGood("check", language)
	p.click(stepForward)
	p.until(`!document.querySelector(".errs").hidden`)
	p.wantGood("refused", language)
	p.writeIn(form.wrong, "2")
	for !p.checking() {
		p.next()
	}
	p.send()
	p.wantGood("thanks", language)
}

// begin presses Start and waits for the first step.
func (p *tab) begin() {
	p.t.Helper()
	p.click(startButton)
	p.until(`!document.getElementById("answers").hidden`)
}

// step is the number of the step shown, from 1; 0 is none.
func (p *tab) step() int {
	p.t.Helper()
	return eval[int](p, `[...document.querySelectorAll("#answers section")].findIndex(s => s.checkVisibility()) + 1`)
}

// checking reports whether the step shown is the check of all answers.
func (p *tab) checking() bool { p.t.Helper(); return p.shows("#check") }

// next goes one step on; past a code that is not given, by saying so twice.
func (p *tab) next() {
	p.t.Helper()
	from := p.step()
	p.click(stepForward)
	if p.step() == from && p.shows(".errs") {
		p.click(stepForward)
	}
	p.until(fmt.Sprintf(`[...document.querySelectorAll("#answers section")].findIndex(s => s.checkVisibility()) + 1 > %d`, from))
}

// goTo goes on until a control is shown.
func (p *tab) goTo(control string) {
	p.t.Helper()
	for !p.shows(named(control)) {
		if p.checking() {
			p.t.Fatalf("no step shows %s", control)
		}
		p.next()
	}
}

// finish goes on to the check.
func (p *tab) finish() {
	p.t.Helper()
	for !p.checking() {
		p.next()
	}
}

// send sends from the check and waits for the thanks.
func (p *tab) send() {
	p.t.Helper()
	p.click(stepForward)
	p.thanked()
}

func (p *tab) thanked() {
	p.t.Helper()
	p.until(`document.querySelector(".receipt")?.checkVisibility() && document.querySelector(".receipt").textContent`)
}

// TestRespondentRefusals looks at the pages of links that take no answers.
func TestRespondentRefusals(t *testing.T) {
	closed := newLinkUntil(t, "parents", "pre", time.Now().Add(-time.Hour))
	pages := []struct {
		name, path string
		status     int64
	}{
		{"closed", closed.Path, 410},
		{"unknown_link", "/s/ABCDEFGHJK", 404},
		{"unknown_page", "/s/ABCDEFGHJK/nothing", 404},
	}
	for _, page := range pages {
		for _, language := range languages {
			t.Run(page.name+"/"+language, func(t *testing.T) {
				p := newTab(t, phone)
				if status := p.visit(page.path + "?lang=" + language); status != page.status {
					t.Errorf("status %d, want %d", status, page.status)
				}
				p.wantGood(page.name, language)
			})
		}
	}
}
