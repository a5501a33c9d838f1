package browsertest_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The way with JavaScript: one document, kept on the phone, one post.

// entered opens a link with JavaScript and starts.
func entered(t *testing.T, l link) *tab {
	t.Helper()
	p := newTab(t, phone)
	p.visit(l.Path)
	p.begin()
	return p
}

// containsWord reports whether text has word with no letter beside it.
func containsWord(text, word string) bool {
	for _, w := range strings.Fields(text) {
		if w == word {
			return true
		}
	}
	return false
}

func TestScriptThanksCanBeReloaded(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "post")
	p := entered(t, l)
	p.finish()
	p.send()
	receipt := p.text(".receipt")
	p.wantPath(l.Path + "/thanks")
	p.reload()
	p.wantText(".receipt", receipt)
	l.wantSubmitted(t, 1)
}

func TestScriptReloadRestores(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	p.writeIn("code__m2", "Ma")
	p.next()
	p.choose("heard", "friend")
	p.choose("hopes", "calm")
	p.writeIn("children", "3")
	p.reload()
	p.until(`document.getElementById("answers") && document.getElementById("answers").checkVisibility()`)
	p.wantValue("heard", "friend")
	p.wantValue("hopes", "calm")
	p.wantValue("children", "3")
	p.wantValue("code__m2", "Ma")
	if step := p.step(); step != 2 {
		t.Errorf("the reload shows step %d, want 2", step)
	}
}

// TestScriptNewTabRestores closes the tab and opens the link again. The linkage
// code is not kept beyond the tab: it says most about who it is.
func TestScriptNewTabRestores(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.writeIn("code__m2", "Ma")
	p.next()
	p.choose("heard", "friend")
	p.visit("/sign-in") // leaves the page, as closing it does
	again := p.sibling()
	again.visit(l.Path)
	again.click("#start form .btn[type=button]")
	again.until(`document.getElementById("answers").checkVisibility()`)
	again.wantValue("heard", "friend")
	again.wantValue("code__m2", "")
}

// TestScriptSharedDeviceKeepsNothing opens the link as a shared tablet does.
func TestScriptSharedDeviceKeepsNothing(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := newTab(t, phone)
	p.visit(l.Path + "?shared")
	p.begin()
	p.goTo("heard")
	p.choose("heard", "friend")
	p.visit("/sign-in")
	if kept := eval[string](p, `JSON.stringify(localStorage)`); kept != "{}" {
		t.Errorf("the shared device keeps %s", kept)
	}
	next := p.sibling()
	next.visit(l.Path + "?shared")
	if next.shows("#start form .btn[type=button]") {
		t.Error("the next person is offered the answers of the one before")
	}
}

func TestScriptDoubleClickSendsOnce(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.finish()
	at, err := chromedp.Run(p.ctx, spot(stepForward))
	if err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
	p.thanked()
	l.wantSubmitted(t, 1)
}

// TestScriptRefusalKeepsAll sends a wrong number, mends it and sends again.
func TestScriptRefusalKeepsAll(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.goTo("children")
	p.choose("heard", "friend")
	p.writeIn("children", "99")
	p.goTo("pc8")
	p.choose("pc8", "6")
	p.finish()
	p.click(stepForward)
	p.until(`document.activeElement.matches(".errs")`)
	p.wantText(".errs", "How many children live with you?")
	p.wantValue("children", "99")
	p.wantValue("heard", "friend")
	p.wantValue("pc8", "6")
	p.click(".errs a")
	if got := p.focused(); got != "a-children" {
		t.Errorf("the summary's link leads to %q, want a-children", got)
	}
	p.writeIn("children", "2")
	p.finish()
	p.wantText("#check", "How many children live with you?\n2")
	p.send()
	l.wantSubmitted(t, 1)
}

func TestScriptLanguageSwitchKeepsAnswers(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	p.goTo("children")
	p.choose("heard", "friend")
	p.writeIn("children", "3")
	p.follow(`.langs [lang="ar"]`)
	p.wantDirection("ar")
	p.wantValue("heard", "friend")
	p.wantValue("children", "3")
	if step := p.step(); step != 2 {
		t.Errorf("the other language shows step %d, want 2", step)
	}
}

func TestScriptBackGoesToThePartBefore(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	p.next()
	p.choose("heard", "friend")
	p.next()
	eval[bool](p, `history.back(), true`)
	p.until(`document.querySelector('[name="heard"]').checkVisibility()`)
	p.wantValue("heard", "friend")
	p.next()
	if step := p.step(); step != 3 {
		t.Errorf("after Back and Continue the step is %d, want 3", step)
	}
}

func TestScriptAnswerCanBeTakenBack(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	p.goTo("heard")
	p.choose("heard", "friend")
	p.click("fieldset:has([name=heard]) .clr")
	p.wantValue("heard", "")
}

// TestScriptOfflineSendWaits loses the network before sending: the page says
// so, and sends by itself, once, when the network is back.
func TestScriptOfflineSendWaits(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.goTo("heard")
	p.choose("heard", "friend")
	p.finish()
	p.offline(true)
	p.click(stepForward)
	p.waits()
	l.wantSubmitted(t, 0)
	p.offline(false)
	p.thanked()
	l.wantSubmitted(t, 1)
}

// TestSkipLink is the first thing that Tab reaches.
func TestSkipLink(t *testing.T) {
	t.Parallel()
	p := newTab(t, phone)
	p.visit(newLink(t, "parents", "pre").Path)
	p.do(chromedp.KeyEvent(kb.Tab))
	if !eval[bool](p, `document.activeElement.matches(".skip")`) {
		t.Errorf("the first Tab leads to %s", eval[string](p, `document.activeElement.outerHTML`))
	}
}

// TestKeyboard answers without a mouse: Tab goes from the part's heading to the
// first question, Space and arrows choose, Enter goes on.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	p.goTo("heard")
	p.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "))
	p.wantValue("heard", "school")
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	p.wantValue("heard", "health")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.until(`document.querySelector('[name="pc1"]').checkVisibility()`)
}
