package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// effect is the table of what pairing does to the headline, as text, however it is
// laid out.
func (p *tab) effect() string {
	p.t.Helper()
	return eval[string](p, `document.querySelector('section[aria-labelledby="effect"] tbody').textContent.replace(/\s+/g, " ")`)
}

// TestPairingDeskByKeyboard accepts a possible pair by the keyboard alone: the
// headline changes; undone by the keyboard, it is as before.
func TestPairingDeskByKeyboard(t *testing.T) {
	p := signedIn(t, desk)
	p.visit(place(t, "staff") + "/strands/staff/pairing")
	before, first := p.effect(), p.text("#pair-1 h3")
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	if !eval[bool](p, `document.activeElement.id === "pair-1"`) {
		t.Fatal("arrow down does not lead to the first card")
	}
	p.do(chromedp.KeyEvent("a"))
	p.until(`!!document.querySelector("#last") && document.querySelector("#pair-1 h3").innerText !== ` + quote(first))
	if !eval[bool](p, `document.activeElement.id === "pair-1"`) {
		t.Error("after a decision the next card has not got the focus")
	}
	if after := p.effect(); after == before {
		t.Errorf("the headline has not moved: %s", after)
	}
	p.wantGoodDesks("pairing")
	p.do(chromedp.KeyEvent("u"))
	p.until(`document.querySelector("#pair-1 h3").innerText === ` + quote(first))
	if after := p.effect(); after != before {
		t.Errorf("after undoing the headline is %s, want %s", after, before)
	}
	for _, show := range []string{"near", "unmatched", "twice", "log"} {
		p.visit(place(t, "staff") + "/strands/staff/pairing?show=" + show)
		p.wantGoodDesks("pairing " + show)
	}
	p.visit(place(t, "staff") + "/strands/staff/pairing?show=unmatched")
	p.follow(`#pairs a[href*="with="]`)
	p.wantGoodDesks("pairing partner")
}

// TestPairingDeskWithoutScript refuses a possible pair with JavaScript off.
func TestPairingDeskWithoutScript(t *testing.T) {
	p := signedIn(t, desk)
	p.script(false)
	p.visit(place(t, "pupils") + "/strands/pupils/pairing")
	first := p.text("#pair-1 h3")
	p.follow(`#pair-1 button[value="refuse"]`)
	if got := p.text("#pair-1 h3"); got == first {
		t.Error("the card is still there")
	}
	p.follow(`section[aria-labelledby="last"] button`)
	if got := p.text("#pair-1 h3"); got != first {
		t.Errorf("after undoing the first card is %s, want %s", got, first)
	}
}
