package browsertest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tabLasts is how long one tab may be used; a test that hangs fails then.
const tabLasts = 90 * time.Second

// look is how a tab is set up.
type look struct {
	width, height int64
	scale         float64 // device pixels in a CSS pixel; 0 is 1
	noScript      bool
}

var (
	phone     = look{width: 360, height: 800}
	plain     = look{width: 360, height: 800, noScript: true} // the phone without JavaScript
	desk      = look{width: 1280, height: 900}
	languages = []string{"en", "ar"}
)

// tab is one page of the browser, watched.
type tab struct {
	t     *testing.T
	ctx   context.Context
	base  string // address of the program it talks to
	watch *watch
	look  look

	reported map[string]bool // rules of axe that failed
}

// newTab opens a tab in a browser context of its own: no cookies, nothing stored.
func newTab(t *testing.T, l look) *tab {
	t.Helper()
	return openTab(t, chrome, product.base, l, chromedp.WithNewBrowserContext())
}

// sibling opens another tab that shares cookies and storage with p.
func (p *tab) sibling() *tab {
	p.t.Helper()
	return openTab(p.t, p.ctx, p.base, p.look)
}

func openTab(t *testing.T, parent context.Context, base string, l look, options ...chromedp.ContextOption) *tab {
	t.Helper()
	p := &tab{t: t, base: base, watch: &watch{origin: base + "/"}, look: l, reported: map[string]bool{}}
	limited, endLimit := context.WithTimeout(parent, tabLasts)
	ctx, end := chromedp.NewContext(limited, append(options, chromedp.WithListener(p.watch.see))...)
	t.Cleanup(func() { end(); endLimit() })
	t.Cleanup(p.judge)
	p.ctx = ctx
	p.do(chromedp.Steps())
	p.resize(l.width, l.height)
	p.dark(false)
	p.script(!l.noScript)
	return p
}

// judge fails the test for everything the page did that no page may do.
func (p *tab) judge() {
	for _, complaint := range p.watch.complained() {
		p.t.Error(complaint)
	}
}

// do runs actions and fails the test if one cannot be.
func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.whereabouts())
	}
}

// call sends one command of the browser's protocol.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	result, err := chromedp.Call(p.ctx, command, params)
	if err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

func (p *tab) resize(width, height int64) {
	p.t.Helper()
	scale := max(p.look.scale, 1)
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: scale, Mobile: width < 800,
	})
}

func (p *tab) dark(on bool) {
	p.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[on]
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // a colour on its way would be measured as it is just then
		},
	})
}

// script switches the page's own JavaScript; what the tests evaluate runs anyway.
func (p *tab) script(on bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// offline takes the network away, or gives it back.
func (p *tab) offline(on bool) {
	p.t.Helper()
	p.network(network.OverrideNetworkStateParams{Offline: on, DownloadThroughput: -1, UploadThroughput: -1})
}

// emulateNetwork is an old command that every browser of these years still knows;
// its successor by rules is refused by some.
var emulateNetwork = cdp.Command[network.OverrideNetworkStateParams, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// network makes the network of this page slow, or takes it away.
func (p *tab) network(as network.OverrideNetworkStateParams) {
	p.t.Helper()
	call(p, emulateNetwork, as)
}

// whereabouts says where a tab is, for a failure's message.
func (p *tab) whereabouts() string {
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.pathname + ": " + (document.querySelector("main") || document.body).innerText.slice(0, 400)`))
	if err != nil {
		return "(the page does not say where it is: " + err.Error() + ")"
	}
	return strings.ReplaceAll(text, product.password, "…")
}
