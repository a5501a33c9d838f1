package browsertest_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// axeDefault is where npm puts axe-core if it is installed in this folder.
const axeDefault = "node_modules/axe-core/axe.min.js"

func readAxe() (string, error) {
	path := os.Getenv("AXE")
	if path == "" {
		path = axeDefault
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return "", errors.New("axe-core is not there: run `npm pack axe-core@4.14.1`, unpack package/axe.min.js from it, and set AXE to its path")
	}
	return string(source), nil
}

// violation is what axe found of one rule.
type violation struct {
	Rule, Help string
	Nodes      []string
}

// The rules: those of WCAG 2.2 AA, axe's own best practice, and the target size,
// which axe leaves out unless asked. Dark differs in colours and in nothing else.
const (
	allRules = `runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
		rules: {"target-size": {enabled: true}}`
	colourRules = `runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}`

	axeRun = `axe.run(document, {%s, resultTypes: ["violations"]}).then(r => r.violations.map(v => (
		{Rule: v.id, Help: v.help, Nodes: v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary.split("\n").slice(1).join(";"))})))`
)

// wantAccessible fails for every violation that axe finds on the page, light and
// dark. What is hidden is not looked at.
func (p *tab) wantAccessible(name string) {
	p.t.Helper()
	p.script(true) // axe waits for timers; the page has loaded without its script
	if !eval[bool](p, `typeof axe === "object"`) {
		eval[bool](p, axe+";true")
	}
	p.wantRules(name, allRules)
	p.dark(true)
	p.wantRules(name+", dark", colourRules)
	p.dark(false)
	p.script(!p.look.noScript)
}

func (p *tab) wantRules(name, rules string) {
	p.t.Helper()
	for _, v := range eval[[]violation](p, fmt.Sprintf(axeRun, rules)) {
		p.report(v.Rule, "%s, %d px: axe %s: %s\n\t%s", name, p.look.width, v.Rule, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// report fails the test, once for each rule of a tab: one fault in a shell would
// fill pages of log.
func (p *tab) report(rule, format string, args ...any) {
	p.t.Helper()
	if p.reported[rule] {
		p.t.Fail()
		return
	}
	p.reported[rule] = true
	p.t.Errorf(format, args...)
}

// wantFitting fails if the page is wider than the window at one of the widths:
// nobody has to scroll sideways.
func (p *tab) wantFitting(name string, widths ...int64) {
	p.t.Helper()
	for _, width := range widths {
		p.resize(width, p.look.height)
		wide := eval[string](p, fmt.Sprintf(`document.documentElement.scrollWidth <= %d ? "" : document.documentElement.scrollWidth + " px because of " +
			[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %[1]d || e.getBoundingClientRect().left < 0).slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ")`, width))
		if wide != "" {
			p.t.Errorf("%s at %d px is %s", name, width, wide)
		}
	}
	p.resize(p.look.width, p.look.height)
}

// touchSize is the smallest side of a target for a finger, in CSS pixels.
const touchSize = 44

// wantTouchable fails for every radio and box whose target is too small.
func (p *tab) wantTouchable(name string) {
	p.t.Helper()
	small := eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll("input[type=radio], input[type=checkbox]")].filter(e => e.checkVisibility()).map(e => {
		const r = (e.closest("label") || e).getBoundingClientRect();
		return r.width < %d || r.height < %[1]d ? e.name + " " + e.value + " is " + Math.round(r.width) + " × " + Math.round(r.height) : "";
	}).filter(Boolean)`, touchSize))
	if len(small) > 0 {
		p.t.Errorf("%s: targets below %d px: %s", name, touchSize, strings.Join(small, "; "))
	}
}

// wantDirection fails unless the document says its language and direction.
func (p *tab) wantDirection(language string) {
	p.t.Helper()
	want := language + " " + map[string]string{"en": "ltr", "ar": "rtl", "bn": "ltr"}[language]
	if got := eval[string](p, `document.documentElement.lang + " " + document.documentElement.dir`); got != want {
		p.t.Errorf("%s is marked %q, want %q", p.path(), got, want)
	}
}
