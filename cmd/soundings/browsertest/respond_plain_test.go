package browsertest_test

import (
	"testing"
)

// The way without JavaScript: every part is a page, saved by the program.

// begun opens a link without JavaScript and goes to its first part.
func begun(t *testing.T, l link) *tab {
	t.Helper()
	p := newTab(t, plain)
	p.visit(l.Path)
	p.follow(startButton)
	p.wantPath(l.Path + "/part/1")
	return p
}

// onward goes on until a control is shown.
func (p *tab) onward(control string) {
	p.t.Helper()
	for !p.shows(named(control)) {
		if status := p.follow(nextButton); status != 200 {
			p.t.Fatalf("status %d on the way to %s", status, control)
		}
	}
}

// toCheck goes on until all answers are shown.
func (p *tab) toCheck(l link) {
	p.t.Helper()
	for p.path() != l.Path+"/check" {
		p.follow(nextButton)
	}
}

func TestPlainLanguageIsChosenFirst(t *testing.T) {
	t.Parallel()
	p := newTab(t, plain)
	p.visit(newLink(t, "parents", "pre").Path)
	p.wantDirection("en")
	p.follow(`.langs [lang="ar"]`)
	p.wantDirection("ar")
	p.follow(startButton)
	p.wantDirection("ar")
}

func TestPlainLanguageSwitchKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := begun(t, newLink(t, "parents", "pre"))
	p.onward("children")
	p.choose("heard", "friend")
	p.writeIn("children", "3")
	p.follow(`.langs [lang="ar"]`)
	p.wantDirection("ar")
	p.wantValue("heard", "friend")
	p.wantValue("children", "3")
}

func TestPlainErrorsKeepWhatWasTyped(t *testing.T) {
	cases := []struct{ name, wave, control, typed string }{
		{"wrong_number", "pre", "children", "99"},
		{"no_number", "pre", "children", "two"},
		{"too_long", "post", "what_changed", tooLong},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := begun(t, newLink(t, "parents", c.wave))
			p.onward("attends_school_events")
			p.choose("attends_school_events", "yes")
			p.onward(c.control)
			p.writeIn(c.control, c.typed)
			if status := p.follow(nextButton); status != 422 {
				t.Errorf("status %d, want 422", status)
			}
			p.wantValue(c.control, c.typed)
			if !eval[bool](p, `document.activeElement.matches(".errs")`) {
				t.Error("the summary has not the focus")
			}
			p.follow(".errs a") // a link within the page
			if got := p.focused(); got != "a-"+c.control {
				t.Errorf("the summary's link leads to %q, want a-%s", got, c.control)
			}
		})
	}
}

func TestPlainBackKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := begun(t, l)
	p.onward("children")
	p.writeIn("children", "4")
	p.follow(`button[name="_back"]`)
	p.wantPath(l.Path + "/part/1")
	p.onward("children")
	p.wantValue("children", "4")
}

// TestPlainWholeWay answers, checks, changes, sends, and looks at the thanks
// again in every way that people do.
func TestPlainWholeWay(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := begun(t, l)
	p.writeIn("code__m2", "Ma")
	p.pick("code__dd", "17")
	p.wantValue("code__dd", "17")
	p.onward("children")
	p.writeIn("children", "3")
	p.toCheck(l)
	p.wantText("main", "How many children live with you?\n3")
	if shown := p.text("main"); containsWord(shown, "Ma") {
		t.Error("the check shows an element of the linkage code")
	}
	p.follow(`a[href*="a-children"]`)
	p.wantValue("children", "3")
	p.writeIn("children", "5")
	p.follow(nextButton)
	p.wantPath(l.Path + "/check") // a change comes back here
	p.wantText("main", "How many children live with you?\n5")
	p.follow(sendButton)
	p.wantSentOnce(l)
}

// wantSentOnce reloads the thanks, goes back and tries to send again.
func (p *tab) wantSentOnce(l link) {
	p.t.Helper()
	p.wantPath(l.Path + "/thanks")
	receipt := p.text(".receipt")
	if receipt == "" {
		p.t.Error("the thanks have no receipt")
	}
	p.reload()
	p.wantText(".receipt", receipt)
	p.back()
	if p.path() == l.Path+"/check" { // out of the browser's memory of pages
		p.follow(sendButton)
	}
	p.wantPath(l.Path + "/thanks")
	p.wantText(".receipt", receipt)
	l.wantSubmitted(p.t, 1)
}

// TestPlainTwoTabsSendOnce goes on in a second tab and sends from both.
func TestPlainTwoTabsSendOnce(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	first := begun(t, l)
	first.onward("children")
	first.writeIn("children", "2")
	first.follow(nextButton)
	second := first.sibling()
	second.visit(l.Path)
	second.follow("#start a.btn") // go on with what was begun
	second.toCheck(l)
	second.wantText("main", "How many children live with you?\n2")
	first.toCheck(l)
	second.follow(sendButton)
	receipt := second.text(".receipt")
	first.follow(sendButton)
	first.wantPath(l.Path + "/thanks")
	first.wantText(".receipt", receipt)
	l.wantSubmitted(t, 1)
}

// TestPlainNextPerson starts anew on the same device without the answers of the
// person before.
func TestPlainNextPerson(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := begun(t, l)
	p.onward("children")
	p.writeIn("children", "2")
	p.toCheck(l)
	p.follow(sendButton)
	p.follow(`form[action$="/again"] .btn`)
	p.wantPath(l.Path)
	p.follow(startButton)
	p.onward("children")
	p.wantValue("children", "")
}

// TestPlainResumeCode saves on one phone and goes on on another by the code.
func TestPlainResumeCode(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := begun(t, l)
	p.wantGood("part with a code", "en")
	p.onward("children")
	p.writeIn("children", "3")
	p.picture("plain_part")
	p.follow(`button[name="_pause"]`)
	p.wantPath(l.Path + "/saved")
	p.wantGood("saved", "en")
	p.picture("plain_saved")
	code := p.text(".receipt")
	other := newTab(t, plain)
	other.visit(l.Path)
	other.follow(`a[href*="/resume"]`)
	other.wantGood("asks for the code", "en")
	other.writeIn("code", "222-222-222")
	other.follow("main form .btn")
	other.wantGood("wrong code", "en")
	other.picture("plain_wrong_code")
	other.writeIn("code", code)
	other.follow("main form .btn")
	other.toCheck(l)
	other.wantText("main", "How many children live with you?\n3")
	other.follow(sendButton)
	l.wantSubmitted(t, 1)
	p.visit(l.Path + "/resume")
	p.writeIn("code", code)
	p.follow("main form .btn")
	p.wantText("main", "It opens nothing")
}
