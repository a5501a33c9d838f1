package browsertest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
)

// clerk is the window forms are keyed in.
var clerk = look{width: 1024, height: 768}

// Keying in, and what is asked of it.
const (
	formsKeyed   = 30
	answersAForm = 18 // of parenting before the programme: five elements of the code, 13 answers
	leastRate    = 6  // answers a second
)

// aForm are the keys of one form of parents, before: its number, the code, a friend,
// two hopes, two children, no, 10, a battery of four and another, and Save.
const aForm = "\rsu07m03n" + "3" + "13\r" + "2\r" + "2" + "+" + "2345" + "5432" + "\r"

// keyingIn opens the screen for a new batch of the parents' form before the
// programme, and returns the address of the batch.
func keyingIn(t *testing.T) (*tab, link, string) {
	t.Helper()
	l, p := newLink(t, "parents", "pre"), signedIn(t, clerk)
	p.visit("/programmes/" + l.programme + "/paper")
	p.pick("cohort", t.Name())
	p.pick("asked", "Parents: before")
	p.follow(`form[action$="/paper"] button.main`)
	batch := p.path()
	p.visit(batch + "/entry")
	p.until(`document.querySelector(".top.now")`)
	return p, l, batch
}

// namedKeys are the keys that write nothing, or no sign of their own.
var namedKeys = map[rune]input.DispatchKeyEventParams{
	'\r':      {Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Text: "\r"},
	backspace: {Key: "Backspace", Code: "Backspace", WindowsVirtualKeyCode: 8},
	f2:        {Key: "F2", Code: "F2", WindowsVirtualKeyCode: 113},
}

const (
	backspace = '\b'
	f2        = '\u0001'
)

// keys presses keys one after another, as fast as the page takes them. A key whose
// press the page has handled writes nothing, as on a keyboard: chromedp's own way
// sends what it writes by itself.
func (p *tab) keys(text string) {
	p.t.Helper()
	for _, sign := range text {
		press, ok := namedKeys[sign]
		if !ok {
			press = input.DispatchKeyEventParams{Key: string(sign), Text: string(sign)}
		}
		press.Type = input.DispatchKeyEventTypeKeyDown
		call(p, input.DispatchKeyEvent, press)
		press.Type, press.Text = input.DispatchKeyEventTypeKeyUp, ""
		call(p, input.DispatchKeyEvent, press)
	}
}

// timeKeys lets the page measure how long it handles each key, from the press to
// the end of all that the script does at once.
const timeKeys = `(() => {
	window.took = [];
	let began = 0;
	const end = () => { if (began) { window.took.push(performance.now() - began); began = 0; } };
	addEventListener("keydown", () => { end(); began = performance.now(); }, true);
	addEventListener("keydown", () => { const at = performance.now(); window.took.push(at - began); began = 0; });
	return true;
})()`

// TestPaperKeyedByKeyboard keys 30 forms with key events alone, from the focus that
// the page opens with to the last form stored.
func TestPaperKeyedByKeyboard(t *testing.T) {
	p, l, _ := keyingIn(t)
	eval[bool](p, timeKeys)
	began := time.Now()
	p.keys(strings.Repeat(aForm, formsKeyed))
	p.until(fmt.Sprintf(`document.getElementById("queue").textContent === "%d stored."`, formsKeyed))
	took := time.Since(began)
	rate := float64(formsKeyed*answersAForm) / took.Seconds()
	handling := eval[float64](p, `window.took.reduce((a, b) => a + b, 0) / window.took.length`)
	longest := eval[float64](p, `Math.max(...window.took)`)
	t.Logf("%d forms, %d answers in %s, saving included: %.0f answers a second; a key takes the page %.2f ms, at most %.1f ms",
		formsKeyed, formsKeyed*answersAForm, took.Round(time.Millisecond), rate, handling, longest)
	if rate <= leastRate {
		t.Errorf("%.1f answers a second, want more than %d", rate, leastRate)
	}
	l.wantSubmitted(t, formsKeyed)
	p.wantText("#of", fmt.Sprintf("form %d", formsKeyed+1))
	p.keys("\rsu07m")
	p.wantGoodDesks("entry")
}

// TestPaperKeysGoBack corrects, skips and marks, and looks at what the form then holds.
func TestPaperKeysGoBack(t *testing.T) {
	p, l, batch := keyingIn(t)
	p.keys("41\rsu\r07m\r03n") // Enter after a full line leaves no line out
	p.keys("5\b5")             // other: its words are asked; back, and other again
	p.keys("a poster\r")
	p.keys("12" + "1" + "\r") // calm is taken back
	p.keys("70\r")            // nobody has 70 children: the page says so
	p.until(`document.querySelector(".l.now.no")`)
	p.wantText("#said", "or less")
	p.keys("\b\r")
	p.keys("*" + "/" + " 345" + "5432")
	p.wantValue("heard", "other")
	p.wantValue("heard__other", "a poster")
	p.wantValue("hopes", "bedtime")
	p.wantValue("attends_school_events__mark", "ambiguous")
	p.wantValue("stress__mark", "illegible")
	p.wantValue("pc1", "")
	p.wantValue("pc2", "3")
	p.keys("\r")
	p.until(`document.getElementById("queue").textContent === "1 stored."`)
	l.wantSubmitted(t, 1)
	p.keys("41") // the number of the form that is there
	p.keys(aForm)
	p.until(`document.querySelector("#refused button")`)
	p.wantText("#refused", "Form 41 was not taken")
	p.keys(string(rune(f2)))
	p.wantValue("_form", "41")
	p.wantValue("stress", "10")
	p.visit(batch)
	p.wantGoodDesks("batch")
}

// TestPaperWithoutNetwork keys two forms without a network. Another tab takes them
// over and stores them; the first sends them too when it can, and they are there once.
func TestPaperWithoutNetwork(t *testing.T) {
	p, l, batch := keyingIn(t)
	p.watch.dropped = true
	p.offline(true)
	p.keys(strings.Repeat(aForm, 2))
	p.until(`document.getElementById("said").textContent.startsWith("2 not stored yet")`)
	l.wantSubmitted(t, 0)
	other := p.sibling()
	other.visit(batch + "/entry")
	other.until(`document.getElementById("queue").textContent === "2 stored."`)
	l.wantSubmitted(t, 2)
	p.offline(false)
	p.until(`document.getElementById("queue").textContent === "2 stored."`)
	l.wantSubmitted(t, 2)
	if left := eval[int](p, `Object.keys(localStorage).filter(k => k.startsWith("paper ")).length`); left != 0 {
		t.Errorf("%d forms are kept in the browser after they were stored", left)
	}
}

// TestPaperSecondPass keys a form twice with one difference and settles it, by keys.
func TestPaperSecondPass(t *testing.T) {
	p, _, batch := keyingIn(t)
	p.keys(aForm)
	p.until(`document.getElementById("queue").textContent === "1 stored."`)
	p.visit(batch + "/entry?second=1")
	p.until(`document.querySelector(".top.now")`)
	p.wantValue("_form", "1")
	p.keys(strings.Replace(aForm, "2+2345", "262345", 1))
	p.until(`document.getElementById("said").textContent.includes("1 different")`)
	p.visit(batch + "/forms/1")
	p.wantText("tbody", "How stressed")
	p.wantGoodDesks("settle")
	eval[bool](p, `document.querySelector("[type=radio]").focus(), true`)
	p.keys("2")
	p.wantValue("take.stress", "second")
	p.keys("\r")
	p.until(`location.pathname === ` + quote(batch) + ` && document.readyState === "complete"`)
	p.wantText("#forms ~ div", "Verified: 1 settled")
}

// TestPaperPrinted looks at the forms of the demonstration in each of their
// languages as they are printed: nothing is cut off, whatever the size of print.
func TestPaperPrinted(t *testing.T) {
	for questionnaire, languages := range map[string][]string{
		"parenting": {"en", "ar"}, "pupil_workshop": {"en", "ar"}, "staff_training": {"en", "ar"}, "teacher_feedback": {"en", "ar"}, "trainee_day": {"en", "ar"},
		"womens_workshop": {"en", "ar", "bn", "so"},
	} {
		t.Run(questionnaire, func(t *testing.T) {
			t.Parallel()
			p := signedIn(t, look{width: 690, height: 980}) // A4 within its margins
			for _, language := range languages {
				for _, large := range []string{"", "&large=true"} {
					name := questionnaire + " in " + language + large
					if status := p.visit("/questionnaires/" + questionnaire + "/versions/1/paper?wave=pre&lang=" + language + large); status != http.StatusOK {
						t.Fatalf("%s: status %d", name, status)
					}
					call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
					p.wantFitting(name, 690)
					if small := eval[string](p, `[...document.querySelectorAll("main *")].filter(e => e.innerText && !e.children.length && !e.matches(".key, small") && parseFloat(getComputedStyle(e).fontSize) < 11 * 4 / 3 - .1).slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(" | ")`); small != "" {
						t.Errorf("%s has print under 11 points: %s", name, small)
					}
					p.dark(false)
				}
				p.wantAccessible(questionnaire + " on paper, " + language)
			}
		})
	}
}
