package browsertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to do what a test waits for.
const patience = 10 * time.Second

// visit opens a path of the program and returns the status of its answer.
func (p *tab) visit(path string) int64 {
	p.t.Helper()
	answer, err := chromedp.Run(p.ctx, chromedp.NavigateResponse(p.base+path))
	if err != nil {
		p.t.Fatalf("opening %s: %v", path, err)
	}
	p.inspect()
	return answer.Status
}

// follow clicks on something that leads to another document and returns the
// status of its answer.
func (p *tab) follow(selector string) int64 {
	p.t.Helper()
	answer, err := chromedp.RunResponse(p.ctx, p.clickOn(selector))
	if err != nil {
		p.t.Fatalf("following %s: %v\n%s", selector, err, p.whereabouts())
	}
	p.inspect()
	if answer == nil {
		return 0 // out of the browser's memory of pages
	}
	return answer.Status
}

// back is the browser's own Back to another document, which may come out of its
// memory as it was left.
func (p *tab) back() {
	p.t.Helper()
	eval[bool](p, `window.left = true`)
	history := call(p, page.GetNavigationHistory, cdp.Empty{})
	if history.CurrentIndex < 1 {
		p.t.Fatal("there is nothing to go back to")
	}
	call(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID})
	p.until(`!window.left && document.readyState === "complete"`)
}

func (p *tab) reload() {
	p.t.Helper()
	p.do(chromedp.Reload())
}

// inspect checks what must hold for every document.
func (p *tab) inspect() {
	p.t.Helper()
	if styled := eval[[]string](p, `[...document.querySelectorAll("[style]")].map(e => e.outerHTML.slice(0, 120))`); len(styled) > 0 {
		p.t.Errorf("%s has style attributes, which the policy forbids: %q", p.path(), styled)
	}
}

// click presses the mouse on the middle of an element, as a finger would: what
// lies over it takes the click.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(p.clickOn(selector))
}

func (p *tab) clickOn(selector string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		at, err := spot(selector)(ctx, t)
		if err != nil {
			return chromedp.Void{}, err
		}
		return chromedp.MouseClickXY(at.X, at.Y)(ctx, t)
	}
}

// point is a place in the window, in CSS pixels.
type point struct{ X, Y float64 }

// spot scrolls the first element that selector finds into view and returns its
// middle. It fails if the element is not shown or something else lies over it.
func spot(selector string) chromedp.Action[point] {
	return func(ctx context.Context, t *chromedp.Target) (point, error) {
		found, err := chromedp.Evaluate[string](fmt.Sprintf(`(() => {
			const e = [...document.querySelectorAll(%s)].find(e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length);
			if (!e) return "nothing like that is shown";
			e.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
			const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
			if (!top || !(e.contains(top) || top.contains(e) || top.closest("label")?.control === e)) return "it lies under " + (top ? top.outerHTML.slice(0, 100) : "nothing: it is outside the window");
			return JSON.stringify({X: x, Y: y});
		})()`, quote(selector)))(ctx, t)
		if err != nil {
			return point{}, err
		}
		var at point
		if json.Unmarshal([]byte(found), &at) != nil {
			return at, fmt.Errorf("%s cannot be clicked: %s", selector, found)
		}
		return at, nil
	}
}

// choose clicks the answer of a control with that value.
func (p *tab) choose(control, value string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`input[name="%s"][value="%s"]`, control, value))
}

// write replaces the text of a control by typing.
func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.click(selector)
	eval[bool](p, `(e => (e.select ? e.select() : 0, true))(document.activeElement)`)
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// writeIn types into the control of a name.
func (p *tab) writeIn(control, text string) {
	p.t.Helper()
	p.write(fmt.Sprintf(`[name="%s"]`, control), text)
}

// pick chooses the option of a list that begins with text, by typing it: the
// list that a click unfolds is no part of the page.
func (p *tab) pick(control, text string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`document.querySelector('select[name="%s"]').focus(), true`, control))
	p.do(chromedp.KeyEvent(text))
}

// eval returns what an expression is in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluating %.200s: %v", expression, err)
	}
	return value
}

// until waits for an expression to become true.
func (p *tab) until(expression string) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		value, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && value {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("waited %s in vain for %s (%v)\n%s", patience, expression, err, p.whereabouts())
		}
	}
}

func (p *tab) path() string { p.t.Helper(); return eval[string](p, "location.pathname") }

// text is what the page shows of an element, "" if it shows none of it.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return eval[string](p, `(e => e ? e.innerText.trim() : "")(document.querySelector(`+quote(selector)+`))`)
}

func (p *tab) shows(selector string) bool {
	p.t.Helper()
	return eval[bool](p, `[...document.querySelectorAll(`+quote(selector)+`)].some(e => e.checkVisibility())`)
}

// value is what a control holds: of radios and boxes the value of those chosen.
func (p *tab) value(control string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf(`[...document.querySelectorAll('[name="%s"]')].filter(e => !/radio|checkbox/.test(e.type) || e.checked).map(e => e.value).join(",")`, control))
}

func (p *tab) wantValue(control, want string) {
	p.t.Helper()
	if got := p.value(control); got != want {
		p.t.Errorf("%s: %s holds %q, want %q", p.path(), control, got, want)
	}
}

func (p *tab) wantText(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s: %s says %q, want %q in it", p.path(), selector, got, want)
	}
}

func (p *tab) wantPath(want string) {
	p.t.Helper()
	if got := p.path(); got != want {
		p.t.Errorf("the page is %s, want %s", got, want)
	}
}

// focused is the id of the element that has the focus.
func (p *tab) focused() string {
	p.t.Helper()
	return eval[string](p, `document.activeElement ? document.activeElement.id : ""`)
}

func quote(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(raw)
}
