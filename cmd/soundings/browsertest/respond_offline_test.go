package browsertest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// What poor signal does: the network is cut at every step, the browser is closed
// and opened again, and the program dies while it answers.

// handset is a browser of its own, with a profile that stays when it is closed.
type handset struct {
	t       *testing.T
	profile string
	mast    *mast
	browser context.Context
	end     func()
}

// newHandset starts a browser behind a network that can be cut.
func newHandset(t *testing.T) *handset {
	t.Helper()
	h := &handset{t: t, profile: t.TempDir(), mast: newMast(t, product.base)}
	h.start()
	t.Cleanup(func() { h.end() })
	return h
}

func (h *handset) start() {
	h.t.Helper()
	browser, end, err := startBrowser(chromedp.UserDataDir(h.profile))
	if err != nil {
		h.t.Fatal(err)
	}
	h.browser, h.end = browser, end
}

// closes ends the browser as a person does, and opens closes nothing twice.
func (h *handset) closes() {
	h.t.Helper()
	_, _ = chromedp.CallBrowser(h.browser, browser.Close, cdp.Empty{}) // it answers or is gone
	h.end()
}

// dies kills the browser, as an empty battery does.
func (h *handset) dies() {
	h.t.Helper()
	if err := chromedp.FromContext(h.browser).Browser.Process().Kill(); err != nil {
		h.t.Fatal(err)
	}
	h.end()
}

// tab opens a page of this browser.
func (h *handset) tab() *tab {
	h.t.Helper()
	p := openTab(h.t, h.browser, h.mast.base(), phone)
	p.watch.dropped = true
	return p
}

// kept waits until the worker runs and the page of an address is kept.
func (p *tab) kept(address string) {
	p.t.Helper()
	p.until(`navigator.serviceWorker.controller`)
	p.until(fmt.Sprintf(`window.pageIsKept || (caches.match(%s).then(a => window.pageIsKept = !!a), false)`, quote(address)))
}

// waits waits until the page says that answers are saved and not yet sent.
func (p *tab) waits() {
	p.t.Helper()
	p.until(`[...document.querySelectorAll("[role=status]")].some(e => e.checkVisibility() && e.innerText.includes("saved on this phone and not yet sent"))`)
}

// sentLater waits until the landing says that what waited was sent.
func (p *tab) sentLater() string {
	p.t.Helper()
	p.until(`document.getElementById("start").innerText.includes("Your answers have been sent. Your receipt:")`)
	return eval[string](p, `document.getElementById("start").innerText.match(/receipt: ([A-Z0-9-]+)/)[1]`)
}

// TestOfflineAtEveryStep cuts the network after n steps: the respondent finishes
// without it, and the answers are sent once when it is back.
func TestOfflineAtEveryStep(t *testing.T) {
	for steps := range 8 {
		t.Run(fmt.Sprint("after_", steps, "_steps"), func(t *testing.T) {
			t.Parallel()
			l := newLink(t, "parents", "pre")
			h := newHandset(t)
			p := h.tab()
			p.visit(l.Path)
			if steps == 0 {
				h.mast.cut()
			}
			p.begin()
			for n := 1; !p.checking(); n++ {
				if n == steps {
					h.mast.cut()
				}
				if p.shows(named("heard")) {
					p.choose("heard", "friend")
				}
				p.next()
			}
			h.mast.cut()
			p.click(stepForward)
			p.waits()
			l.wantSubmitted(t, 0)
			h.mast.mend()
			eval[bool](p, `dispatchEvent(new Event("online"))`)
			p.thanked()
			l.wantSubmitted(t, 1)
		})
	}
}

// TestOfflineReopenedOnline closes the browser while answers wait: the next page
// that opens sends them, once, and shows the receipt.
func TestOfflineReopenedOnline(t *testing.T) {
	for _, end := range []struct {
		name string
		do   func(*handset)
	}{{"closed", (*handset).closes}, {"killed", (*handset).dies}} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			l := newLink(t, "parents", "pre")
			h := newHandset(t)
			h.fillsOffline(l)
			end.do(h)
			h.mast.mend()
			h.start()
			p := h.tab()
			p.visit(newLink(t, "parents", "post").Path) // any link of this address will do
			l.eventually(t, 1)
			p.visit(l.Path)
			if receipt := p.sentLater(); len(receipt) != 11 {
				t.Errorf("the receipt is %q", receipt)
			}
			if p.shows("#start form .btn[type=button]") {
				t.Error("answers that were sent are offered to go on with")
			}
			p.wantGood("sent later", "en")
			p.picture("sent_later")
			p.click("#start div .btn")
			p.until(`!document.getElementById("start").innerText.includes("receipt")`)
			p.reload()
			p.until(`document.querySelector("#start [role=status]")`)
			if strings.Contains(p.text("#start"), "receipt") {
				t.Error("what was hidden is shown again")
			}
			l.wantSubmitted(t, 1)
		})
	}
}

// fillsOffline opens a link, answers, and presses Send without network.
func (h *handset) fillsOffline(l link) *tab {
	h.t.Helper()
	p := h.tab()
	p.visit(l.Path)
	p.kept(l.Path)
	p.begin()
	p.goTo("heard")
	p.choose("heard", "friend")
	p.finish()
	h.mast.cut()
	p.click(stepForward)
	p.waits()
	p.wantGood("waiting", "en")
	p.picture("waiting")
	return p
}

// eventually waits until that many responses are stored.
func (l link) eventually(t *testing.T, want int) {
	t.Helper()
	for end := time.Now().Add(patience); l.submitted(t) != want; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d responses are stored, want %d", l.submitted(t), want)
		}
	}
}

// TestOfflineReopenedOffline opens the browser and the page again without network,
// answers another time, and has both sent by the worker when it is back.
func TestOfflineReopenedOffline(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	h.fillsOffline(l)
	h.closes()
	h.start()
	p := h.tab()
	if status := p.visit(l.Path); status != 200 {
		t.Errorf("the kept page opens with status %d, want 200", status)
	}
	p.waits()
	p.begin()
	p.goTo("heard")
	p.choose("heard", "school")
	p.finish()
	p.click(stepForward)
	p.waits()
	p.visit("/s/" + strings.TrimPrefix(l.Path, "/s/") + "?lang=en") // another address of the same page
	p.until(`document.querySelector("#start [role=status]").innerText.includes("(2)")`)
	p.wantGood("two wait", "en")
	p.picture("two_wait")
	h.mast.mend()
	p.dispatchSync()
	l.eventually(t, 2)
}

// TestStalledNetworkOpensTheKeptPage: a network that answers nothing is none.
func TestStalledNetworkOpensTheKeptPage(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.tab()
	p.visit(l.Path)
	p.kept(l.Path)
	h.mast.stall()
	if status := p.visit(l.Path); status != 200 {
		t.Errorf("the page opens with status %d, want 200", status)
	}
	p.begin()
}

// dispatchSync has the browser tell the worker that there is network again.
func (p *tab) dispatchSync() {
	p.t.Helper()
	call(p, serviceworker.Enable, cdp.Empty{})
	var id serviceworker.RegistrationID
	for end := time.Now().Add(patience); id == ""; time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("no worker is registered")
		}
		id = p.watch.worker()
	}
	call(p, serviceworker.DispatchSyncEvent, serviceworker.DispatchSyncEventParams{Origin: p.base, RegistrationID: id, Tag: "q"})
}

// TestWorkerKeepsNothingOfAPerson looks through all that the worker keeps.
func TestWorkerKeepsNothingOfAPerson(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.tab()
	p.visit(l.Path)
	p.kept(l.Path)
	p.begin()
	p.goTo("heard")
	p.finish()
	p.send()
	p.reload() // the thanks
	for _, path := range []string{l.Path + "/check", "/sign-in", l.Path} {
		p.visit(path)
	}
	kept := eval[string](p, `caches.open("pages").then(c => c.keys()).then(k => k.map(r => r.url.replace(location.origin, "").replace(/=.*/, "")).sort().join(" "))`)
	if want := l.Path + " /static/respond_later.js?v"; kept != want {
		t.Errorf("the worker keeps %q, want %q", kept, want)
	}
}

// TestDraftSurvivesItsBrowser kills the browser a moment after an answer, and opens
// the page again without network: the answer is there, and the offer shows nothing of
// it. The linkage code is not; its question comes first.
func TestDraftSurvivesItsBrowser(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.tab()
	p.visit(l.Path)
	p.kept(l.Path)
	p.begin()
	p.writeIn("code__m2", "Ma")
	p.goTo("heard")
	p.choose("heard", "friend")
	p.until(`window.draftIsSafe || (indexedDB.open("soundings").onsuccess = e => e.target.result.transaction("q").objectStore("q").getAll().onsuccess = r => window.draftIsSafe = r.target.result.some(x => JSON.stringify(x).includes("friend")), false)`)
	h.dies()
	h.mast.cut()
	h.start()
	p = h.tab()
	p.visit(l.Path)
	const goOn = "#start form .btn[type=button]"
	p.until(`document.querySelector("` + goOn + `")`)
	if offered := p.text("#start"); !strings.Contains(offered, fmt.Sprint(time.Now().Year())) || strings.Contains(offered, "friend") {
		t.Errorf("the offer says %q, want when it is from, and none of the answers", offered)
	}
	p.wantGood("the offer", "en")
	p.picture("draft_offered")
	p.click(goOn)
	p.until(`document.querySelector('[name="code__m2"]').checkVisibility()`)
	p.wantValue("code__m2", "")
	p.wantValue("heard", "friend")
}

// TestDraftIsThrownAway asks once more, and then nothing of it is left.
func TestDraftIsThrownAway(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.goTo("heard")
	p.choose("heard", "friend")
	p.visit("/sign-in")
	again := p.sibling()
	again.visit(l.Path)
	eval[bool](again, `window.confirm = text => { window.asked = text; return true }, true`)
	again.click("#start form .btn.alt[type=button]")
	again.until(`window.asked === "Throw these answers away"`)
	again.reload()
	if again.shows("#start form .btn[type=button]") {
		t.Error("what was thrown away is offered again")
	}
}
