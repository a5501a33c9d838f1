package browsertest_test

import (
	"strings"
	"testing"
)

// TestWatch makes a page do what no page may, and looks whether the watch saw it:
// its silence about all other pages says something only then.
func TestWatch(t *testing.T) {
	cases := []struct{ name, does, want string }{
		{"style_attribute", `document.body.setAttribute("style", "color: red")`, "Content Security Policy"},
		{"inline_script", `document.body.append(Object.assign(document.createElement("script"), {text: "1"}))`, "Content Security Policy"},
		{"other_origin", `fetch("http://localhost:1/").catch(() => 0)`, "Content Security Policy"},
		{"console", `console.error("oh")`, "console.error"},
		{"exception", `setTimeout(() => { throw new Error("oh") })`, "the script broke"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newTab(t, phone)
			p.visit(product.respondent)
			eval[bool](p, "("+c.does+", true)")
			eval[bool](p, `new Promise(done => setTimeout(() => done(true), 100))`)
			seen := strings.Join(p.watch.complained(), "\n")
			p.watch.pardon()
			if !strings.Contains(seen, c.want) {
				t.Errorf("the watch saw %q, want %q in it", seen, c.want)
			}
		})
	}
}

// pardon forgets the complaints, for what a test did on purpose.
func (w *watch) pardon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = nil
}
