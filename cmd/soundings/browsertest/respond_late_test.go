package browsertest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What becomes of answers that cannot be delivered, and of a program that dies.

// shut closes a link as a facilitator does, and returns to the page of late answers.
func shut(t *testing.T, l link) *tab {
	t.Helper()
	staff := signedIn(t, desk)
	staff.visit("/programmes/" + l.programme + "/cohorts/" + l.cohort)
	staff.follow(`button[name="do"][value="close"]`)
	return staff
}

// TestLateIsHandedOver closes the link while answers wait on a phone: the page
// explains, hands them over, and the facilitator takes them in.
func TestLateIsHandedOver(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.fillsOffline(l)
	staff := shut(t, l)
	h.mast.mend()
	eval[bool](p, `dispatchEvent(new Event("online"))`)
	p.until(`document.querySelector("main h1")?.innerText === "This form takes no answers now"`)
	p.until(`document.querySelector("main").innerText.includes("Your answers are still on this phone. Hand them over")`)
	p.wantGood("late", "en")
	p.picture("late_explained")
	p.click("main div .btn:not(.alt)")
	p.until(`document.querySelector("main").innerText.includes("Show this code to the person who gave you the link:")`)
	p.wantGood("handed over", "en")
	p.picture("late_handed_over")
	code := regexp.MustCompile(`link: ([A-Z0-9-]{11})`).FindStringSubmatch(p.text("main"))
	if code == nil {
		t.Fatalf("no code is shown: %s", p.text("main"))
	}
	l.wantSubmitted(t, 0)
	staff.visit("/programmes/" + l.programme + "/held")
	staff.wantText("table", code[1])
	staff.picture("staff_held")
	staff.click(fmt.Sprintf(`tr:has(.code) form:has(input[name="response"]) button[value="take"]`))
	staff.until(`document.body.innerText.includes("taken in")`)
	l.wantSubmitted(t, 1)
	p.reload()
	p.until(`document.querySelector("main").innerText.includes(` + quote(code[1]) + `)`) // until it is put away
}

// TestOneThatFailsHoldsNothingBack lets answers wait behind others for which the
// server never gives an answer.
func TestOneThatFailsHoldsNothingBack(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.fillsOffline(l)
	eval[bool](p, `new Promise((ok, no) => {
		const o = indexedDB.open("soundings");
		o.onsuccess = () => {
			const t = o.result.transaction("q", "readwrite");
			t.objectStore("q").put({id: "0".repeat(32), u: "http://127.0.0.1:9/submit", b: "", t: 1});
			t.oncomplete = () => { o.result.close(); ok(true); };
			t.onabort = no;
		};
	})`)
	p.reload() // they wait like those of an earlier visit
	h.mast.mend()
	eval[bool](p, `dispatchEvent(new Event("online"))`)
	l.eventually(t, 1)
}

// TestLateFile saves undeliverable answers as a file, without network, and has the
// facilitator take it up.
func TestLateFile(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	h := newHandset(t)
	p := h.fillsOffline(l)
	staff := shut(t, l)
	h.mast.mend()
	eval[bool](p, `dispatchEvent(new Event("online"))`)
	p.until(`document.querySelector("a[download]")`)
	h.mast.cut()
	folder := t.TempDir()
	call(p, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder})
	p.click("a[download]")
	var saved []string
	for end := time.Now().Add(patience); len(saved) == 0; time.Sleep(30 * time.Millisecond) {
		saved, _ = filepath.Glob(filepath.Join(folder, "soundings-*.json"))
		if time.Now().After(end) {
			t.Fatal("nothing was saved")
		}
	}
	staff.visit("/programmes/" + l.programme + "/held")
	staff.do(chromedp.SetUploadFiles("#file-file", saved))
	staff.follow("#file .main")
	staff.wantText("table", "waits")
	l.wantSubmitted(t, 0)
}

// TestDraftOfAClosedLink: answers begun and not sent are not lost either.
func TestDraftOfAClosedLink(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	p := entered(t, l)
	p.goTo("heard")
	p.choose("heard", "friend")
	shut(t, l)
	p.visit(l.Path)
	p.until(`document.querySelector("main").innerText.includes("You began answers on this phone")`)
	p.click("main div .btn:not(.alt)")
	p.until(`document.querySelector("main").innerText.includes("Show this code")`)
}

// TestKilledWhileSending kills the program before it has taken the post, and after
// it has taken it and before its answer has arrived: the phone sends again, and it
// is stored once.
func TestKilledWhileSending(t *testing.T) {
	for name, lose := range map[string]func(*mast, func()){"before_it_is_taken": (*mast).losesPosts, "before_it_is_answered": (*mast).losesAnswers} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			first := runAgain(t, "demo", folder)
			before := first.answers(t)
			h := newHandset(t)
			h.mast.leads(first.base)
			p := h.tab()
			p.visit(first.respondent)
			p.begin()
			p.finish()
			lose(h.mast, func() { _ = first.command.Process.Kill() })
			p.click(stepForward)
			p.waits()
			first.stop()
			second := runAgain(t, "serve", folder)
			second.email, second.password = first.email, first.password
			h.mast.leads(second.base)
			h.mast.mend()
			eval[bool](p, `dispatchEvent(new Event("online"))`)
			p.thanked()
			if got := second.answers(t); got != before+1 {
				t.Errorf("%d responses are stored, want %d", got, before+1)
			}
		})
	}
}

var answersLine = regexp.MustCompile(`answers on (http://\S+)`)

// runAgain runs the program on the data of a folder.
func runAgain(t *testing.T, command, folder string) *program {
	t.Helper()
	p := &program{binary: product.binary}
	out, err := p.run(command, folder)
	t.Cleanup(p.stop)
	introduced := p.introduced
	if command == "serve" {
		introduced = func(out io.Reader) error {
			said, err := readUntil(out, "Soundings answers on")
			if found := answersLine.FindStringSubmatch(said); found != nil {
				p.base = found[1]
			}
			return err
		}
	}
	if err == nil {
		err = p.await(out, introduced)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answers counts all responses of a program, by its API.
func (p *program) answers(t *testing.T) int {
	t.Helper()
	staff := openTab(t, chrome, p.base, desk, chromedp.WithNewBrowserContext())
	staff.signIn(p.email, p.password)
	token := createToken(staff)
	var all struct{ Programmes []struct{ ID string } }
	p.askFor(t, token, "/programmes", &all)
	n := 0
	for _, one := range all.Programmes {
		var counted struct{ Progress []struct{ Submitted int } }
		p.askFor(t, token, "/programmes/"+one.ID+"/progress", &counted)
		for _, row := range counted.Progress {
			n += row.Submitted
		}
	}
	return n
}

func (p *program) askFor(t *testing.T, token, path string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/api/v1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d, %v", path, answer.StatusCode, err)
	}
}

// picture writes what the tab shows into the folder PICTURES, to be looked at.
func (p *tab) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("PICTURES")
	if folder == "" {
		return
	}
	shot := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err := os.WriteFile(filepath.Join(folder, strings.ReplaceAll(name, "/", "_")+".png"), shot.Data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
