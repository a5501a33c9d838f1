package browsertest_test

import (
	"strings"
	"testing"
)

// A linkage code left out is asked for once more, and never refused.

const codeAsked = "Without your code your two forms cannot be put together."

func TestScriptCodeIsAskedForOnce(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.writeIn("code__m2", "--")
	p.click(stepForward)
	p.until(`document.activeElement.matches(".errs")`)
	p.wantText(".errs", codeAsked)
	p.wantGood("code asked for", "en")
	if step := p.step(); step != 1 {
		t.Fatalf("the step is %d, want 1", step)
	}
	p.click(".errs a")
	if got := p.focused(); got != "a-code__m2" {
		t.Errorf("the notice leads to %q, want a-code__m2", got)
	}
	p.click(stepForward)
	p.until(`document.querySelector('[name="heard"]').checkVisibility()`)
	p.click("#back")
	p.until(`document.querySelector('[name="code__m2"]').checkVisibility()`)
	p.click(stepForward) // not a second time
	p.until(`document.querySelector('[name="heard"]').checkVisibility()`)
	p.finish()
	p.send()
	l.wantSubmitted(t, 1)
}

func TestPlainCodeIsAskedForOnce(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := begun(t, l)
	p.writeIn("code__m2", "Ma")
	p.follow(nextButton)
	p.wantPath(l.Path + "/part/1")
	p.wantText(".errs", codeAsked)
	p.wantValue("code__m2", "Ma")
	p.follow(nextButton)
	p.wantPath(l.Path + "/part/2")
}

// TestScriptTitleFollows: each step, the check and the thanks have a title.
func TestScriptTitleFollows(t *testing.T) {
	t.Parallel()
	p := entered(t, newLink(t, "parents", "pre"))
	want := func(start string) {
		t.Helper()
		if got := eval[string](p, `document.title`); !strings.HasPrefix(got, start+" – ") {
			t.Errorf("the title is %q, want it to begin with %q", got, start)
		}
	}
	want("Part 1 of 4")
	p.next()
	want("Part 2 of 4")
	p.finish()
	want("Check your answers")
	if n := eval[int](p, `[...document.querySelectorAll("#check dt")].filter(e => e.textContent == "Your code").length`); n != 1 {
		t.Errorf("the check has %d lines of the code, want 1", n)
	}
	if n := eval[int](p, `document.querySelectorAll("#check h2.small").length`); n < 2 {
		t.Errorf("the check has %d headings of parts, want one for each", n)
	}
	p.send()
	want("Thank you")
}
