package browsertest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/chromedp/chromedp"
)

// A room: one tablet goes round. What is tested is that nothing of a person is
// left for the next, that a class answers without network, and that all of it
// comes once.

var tablet = look{width: 1024, height: 768}

// room is a room that was started for a test.
type room struct {
	link
	Path  string // "/room/…"
	staff string // its page for staff
}

// newRoom starts a room on the page for it. idle is in seconds.
func newRoom(t *testing.T, strand, wave string, idle int) room {
	t.Helper()
	l := newLink(t, strand, wave)
	p := signedIn(t, tablet)
	p.visit("/programmes/" + l.programme + "/rooms?link=" + l.ID)
	p.writeIn("idle", fmt.Sprint(idle))
	p.follow("form.stack .main")
	address := eval[string](p, `document.querySelector(".address a").getAttribute("href")`)
	return room{l, strings.TrimPrefix(address, product.base), p.path()}
}

// enter opens the room and waits until all of it is there.
func (p *tab) enter(r room) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + r.Path))
	p.until(`window.room && room.ready && document.querySelector("#hole iframe")?.contentDocument?.querySelector("#start .btn")`)
}

// inForm evaluates an expression with D for the questionnaire's document.
func inForm(expression string) string {
	return `((D) => ` + expression + `)(document.querySelector("#hole iframe").contentDocument)`
}

// press clicks on something in the questionnaire with the mouse.
func (p *tab) press(selector string) {
	p.t.Helper()
	p.until(inForm(`D.querySelector(` + quote(selector) + `)?.checkVisibility()`))
	at := eval[point](p, inForm(`{
		const e = D.querySelector(`+quote(selector)+`); e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), f = document.querySelector("#hole iframe").getBoundingClientRect();
		return {X: f.x + r.x + r.width / 2, Y: f.y + r.y + r.height / 2};
	}`))
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// answerIn answers for one person as fast as a script can, with words in every
// text, and sends.
const answerIn = `async (words) => {
	const settle = () => new Promise(ok => setTimeout(ok, 5));
	const until = async (f) => { for (let i = 0; i < 2000; i++) { if (f()) return; await settle(); } throw new Error("waited in vain: " + f + document.querySelector("#hole iframe")?.contentDocument.body.innerText.slice(0, 300)); };
	const doc = () => document.querySelector("#hole iframe")?.contentDocument;
	await until(() => doc()?.readyState === "complete" && doc().getElementById("answers"));
	const D = doc();
	D.querySelector("#start form .btn").click();
	for (let i = 0; i < 60 && D.getElementById("thanks").hidden && D.getElementById("check").hidden; i++) {
		for (const q of D.querySelectorAll("#answers section:not([hidden]) .q")) {
			const e = q.querySelector("input,textarea,select");
			if (q.closest(".code")) continue;
			if (e.tagName === "TEXTAREA") { e.value = words; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); }
			else if (e.type === "radio" && !q.querySelector(":checked")) e.click();
		}
		D.getElementById("next").click();
		await settle();
	}
	D.getElementById("next").click();
	await until(() => !document.getElementById("go").hidden);
}`

// person answers with words and makes room for the next.
func (p *tab) person(words string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(%s)(%s).then(() => true)`, answerIn, quote(words)))
	p.click("#go")
	p.until(`document.getElementById("go").hidden`)
}

// unsent waits until the tablet says how many answers wait on it.
func (p *tab) unsent(n int) {
	p.t.Helper()
	want := fmt.Sprintf("Not sent yet: %d", n)
	if n == 0 {
		want = "All answers are sent"
	}
	p.until(`document.getElementById("unsent").textContent === ` + quote(want))
}

func secretOf(n int) string { return fmt.Sprintf("Quokka%03dWombat", n) }

// secrets is what every answer's text has in common.
const secrets = "Quokka"

// wantSecret fails if what anybody answered can be found: in the page, in what it
// may read of the browser's storage and caches, behind Back, or in a new document.
func (p *tab) wantSecret() {
	p.t.Helper()
	const everything = `(async () => {
		let all = document.documentElement.innerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + JSON.stringify(history.state) + document.cookie;
		const D = document.querySelector("#hole iframe").contentDocument;
		all += D.documentElement.innerHTML + [...D.querySelectorAll("input,textarea,select")].map(e => e.value).join() + JSON.stringify({...D.defaultView.localStorage}) + JSON.stringify({...D.defaultView.sessionStorage});
		for (const name of await caches.keys()) for (const key of await (await caches.open(name)).keys()) all += await (await caches.match(key)).text();
		for (const {name} of await indexedDB.databases()) {
			const db = await new Promise(ok => { const o = indexedDB.open(name); o.onsuccess = () => ok(o.result); });
			for (const store of db.objectStoreNames) all += await new Promise(ok => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => ok(JSON.stringify(r.result.map(x => ({...x, b: x.b ? new TextDecoder("latin1").decode(x.b) : 0})))); });
			db.close();
		}
		return all;
	})()`
	if all := eval[string](p, everything); strings.Contains(all, secrets) {
		at := strings.Index(all, secrets)
		p.t.Errorf("what somebody answered can be read on the tablet: …%s…", all[max(0, at-100):min(len(all), at+40)])
	}
}

// wantNothingOnDisk searches every byte of a closed browser's profile.
func wantNothingOnDisk(t *testing.T, profile string) {
	t.Helper()
	var wide []byte
	for _, unit := range utf16.Encode([]rune(secrets)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	coded := base64.StdEncoding.EncodeToString([]byte(secrets))[:7]
	files := 0
	err := filepath.WalkDir(profile, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, text := range [][]byte{[]byte(secrets), wide, []byte(coded)} {
			if bytes.Contains(raw, text) {
				t.Errorf("%s holds what somebody answered", strings.TrimPrefix(path, profile))
			}
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Fatalf("searched %d files of the profile: %v", files, err)
	}
}

// TestRoomWholeClassOffline: thirty people answer on one tablet without network,
// the browser is killed and closed in between, and then all of it comes, once.
func TestRoomWholeClassOffline(t *testing.T) {
	t.Parallel()
	const class, before = 30, 17
	r, h := newRoom(t, "parents", "post", 90), newHandset(t)
	p := h.tab()
	p.resize(tablet.width, tablet.height)
	p.enter(r)
	p.until(`document.getElementById("ready").checkVisibility()`)
	p.unsent(0)
	h.mast.cut()
	for n := range before {
		p.person(secretOf(n))
	}
	p.unsent(before)
	p.wantSecret()
	eval[bool](p, `history.back(), true`)
	p.until(`document.querySelector("#hole iframe")`)
	p.wantSecret()
	h.mast.mend()
	p.do(chromedp.Navigate(h.mast.base() + "/healthz")) // and back, out of the browser's memory of pages
	h.mast.cut()
	p.back()
	p.until(`document.querySelector("#hole iframe")?.contentDocument?.querySelector("#start .btn")`)
	p.wantSecret()
	h.dies()
	wantNothingOnDisk(t, h.profile)

	h.start()
	p = h.tab()
	p.enter(r)
	p.unsent(before)
	for n := before; n < class; n++ {
		if n == class-3 {
			h.closes()
			wantNothingOnDisk(t, h.profile)
			h.start()
			p = h.tab()
			p.enter(r)
		}
		p.person(secretOf(n))
	}
	p.unsent(class)
	p.wantText("#done", fmt.Sprintf("Done here today: %d", class))
	p.wantSecret()
	p.keepPicture("room_offline")
	r.wantSubmitted(t, 0)

	h.mast.mend()
	eval[bool](p, `dispatchEvent(new Event("online"))`)
	p.unsent(0)
	p.enter(r) // whatever is asked again, nothing is stored again
	p.unsent(0)
	r.wantSubmitted(t, class)
	h.closes()
	wantNothingOnDisk(t, h.profile)
	staff := signedIn(t, desk)
	staff.visit(r.staff)
	staff.wantText("main", fmt.Sprintf("%d received from this room", class))
	staff.visit(r.reading())
	staff.wantText("main", secrets) // who may read them reads what was typed
}

// TestRoomOldAnswersHoldNothingBack: what a tablet still holds of a room that is not
// there any more keeps nobody's answers from being sent.
func TestRoomOldAnswersHoldNothingBack(t *testing.T) {
	t.Parallel()
	r, h := newRoom(t, "parents", "post", 90), newHandset(t)
	p := h.tab()
	p.enter(r)
	p.until(`document.getElementById("ready").checkVisibility()`)
	h.mast.cut()
	p.person(secretOf(0))
	eval[bool](p, `new Promise((ok, no) => {
		const o = indexedDB.open("soundings-room");
		o.onsuccess = () => {
			const t = o.result.transaction("sealed", "readwrite");
			t.objectStore("sealed").put({id: "0".repeat(32), room: "2222222222", b: new Uint8Array(90)});
			t.oncomplete = () => { o.result.close(); ok(true); };
			t.onabort = no;
		};
	})`)
	eval[bool](p, `dispatchEvent(new Event("online"))`) // there is none yet: both are counted
	p.unsent(2)
	h.mast.mend()
	p.until(`dispatchEvent(new Event("online")) && document.getElementById("unsent").textContent === "Not sent yet: 1"`)
	r.wantSubmitted(t, 1)
}

// keepPicture keeps a picture to look at, if a folder for them is set.
func (p *tab) keepPicture(name string) {
	p.t.Helper()
	folder := os.Getenv("PHOTOGRAPHS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// TestRoomNobodyThere leaves the tablet alone in the middle of the questions: it
// warns, goes on for who is still there, and is wiped for who is not.
func TestRoomNobodyThere(t *testing.T) {
	t.Parallel()
	r := newRoom(t, "parents", "pre", 10)
	for _, l := range []look{tablet, phone} {
		p := newTab(t, l)
		p.enter(r)
		p.press("#start form .btn")
		p.press(`[name="code__m2"]`)
		p.do(chromedp.KeyEvent("Qu"))
		if got := eval[string](p, inForm(`D.querySelector('[name="code__m2"]').value`)); got != "Qu" {
			t.Fatalf("typed %q, want Qu", got)
		}
		// The clock goes on by itself in the test: nobody waits.
		passes := func(seconds int) {
			eval[bool](p, fmt.Sprintf(`(now => { Date.now = () => now() + %d; return true; })(Date.now)`, seconds*1000))
		}
		passes(11)
		p.until(`document.getElementById("still").open && document.activeElement.id === "here"`)
		p.wantText("#still", "thrown away")
		p.keepPicture(fmt.Sprintf("room_idle_%d", l.width))
		p.wantGoodFrame("the warning")
		p.do(chromedp.KeyEvent("\r"))
		p.until(`!document.getElementById("still").open`)
		if got := eval[string](p, inForm(`D.querySelector('[name="code__m2"]').value`)); got != "Qu" {
			t.Errorf("who is still there finds %q, want Qu", got)
		}
		passes(11)
		p.until(`document.getElementById("still").open`)
		passes(11)
		p.until(`!document.getElementById("still").open && ` + inForm(`D.querySelector("#start .btn")?.checkVisibility()`))
		if got := eval[string](p, inForm(`D.querySelector('[name="code__m2"]').value`)); got != "" {
			t.Errorf("the next person finds %q", got)
		}
	}
	r.wantSubmitted(t, 0)
}

// TestRoomTwoTablets: two tablets share a room; one is told what is wrong with an
// answer, changes the language and goes back, and the room ends while it is used.
func TestRoomTwoTablets(t *testing.T) {
	t.Parallel()
	r := newRoom(t, "parents", "pre", 90)
	first, second := newTab(t, tablet), newTab(t, phone)
	for _, p := range []*tab{first, second} {
		p.enter(r)
		p.wantGoodFrame("the start")
		p.keepPicture(fmt.Sprintf("room_start_%d", p.look.width))
		p.person("nothing")
		p.unsent(0)
	}
	r.wantSubmitted(t, 2)
	p := first
	p.press("#start form .btn")
	p.press("#next")
	p.press("#next") // past the code
	p.press(`[name="children"]`)
	p.do(chromedp.KeyEvent("99"))
	p.press(`[name="heard"][value="friend"]`)
	eval[bool](p, `history.back(), true`)
	p.until(inForm(`D.querySelector('[name="code__m2"]').checkVisibility()`))
	p.press("#next")
	p.until(inForm(`D.querySelector('[name="children"]').checkVisibility()`))
	p.press(`.langs [lang="ar"]`)
	p.until(`document.documentElement.lang === "ar" && ` + inForm(`D.documentElement.lang === "ar" && D.querySelector('[name="children"]')?.checkVisibility()`))
	if got := eval[string](p, inForm(`D.querySelector('[name="children"]').value + D.querySelector('[name="heard"]:checked').value`)); got != "99friend" {
		t.Errorf("in the other language there is %q, want 99friend", got)
	}
	for i := 0; i < 10 && !eval[bool](p, inForm(`D.getElementById("check").checkVisibility()`)); i++ {
		p.press("#next")
	}
	p.press("#next")
	p.until(inForm(`D.querySelector(".errs")?.checkVisibility() && D.querySelector('[name="children"]').checkVisibility()`))
	staff := signedIn(t, desk)
	staff.visit(r.staff)
	staff.wantText("main", "2 received")
	staff.follow(`form[action$="/close"] button`)
	staff.wantText("main", "This room has ended")
	second.visitAgain()
	second.until(`document.getElementById("over").checkVisibility()`)
	second.wantText("#over", "All answers are sent")
	second.keepPicture("room_ended")
	second.wantGoodFrame("the end")
}

// wantGoodFrame lets axe look at what is around the questionnaire, which it has
// seen on phones.
func (p *tab) wantGoodFrame(name string) {
	p.t.Helper()
	eval[bool](p, axe+";true")
	p.wantRules(name, allRules+", iframes: false")
	p.dark(true)
	p.wantRules(name+", dark", colourRules+", iframes: false")
	p.dark(false)
}

// visitAgain asks how the room stands, as the page does by itself.
func (p *tab) visitAgain() {
	p.t.Helper()
	p.reload()
}

// TestRoomWithoutScript leads to the way page by page, where Back shows nothing of
// the person before.
func TestRoomWithoutScript(t *testing.T) {
	t.Parallel()
	r := newRoom(t, "parents", "post", 90)
	p := newTab(t, plain)
	p.visit(r.Path)
	p.follow("noscript a, main a.btn")
	p.wantPath(r.link.Path)
	for p.follow(startButton); strings.Contains(p.path(), "/part/"); p.follow(nextButton) {
		if p.shows("textarea") {
			p.write("textarea", secretOf(1))
		}
	}
	p.wantText("main", secrets)
	p.follow(sendButton)
	p.wantPath(r.link.Path + "/thanks")
	p.follow(`form[action$="/again"] button`)
	for range 6 {
		p.back()
		if text := eval[string](p, `document.documentElement.innerHTML + [...document.querySelectorAll("textarea")].map(e => e.value)`); strings.Contains(text, secrets) {
			t.Fatalf("Back shows %s what the person before wrote, at %s", "the next person", p.path())
		}
	}
	r.wantSubmitted(t, 1)
}

// TestRoomOverPlainHTTP opens a room at an address to which browsers give no keys:
// it says so, and works while there is network.
func TestRoomOverPlainHTTP(t *testing.T) {
	t.Parallel()
	r := newRoom(t, "parents", "post", 90)
	browser, end, err := startBrowser(chromedp.Flag("host-resolver-rules", "MAP tablet.test 127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	p := openTab(t, browser, strings.Replace(product.base, "127.0.0.1", "tablet.test", 1), tablet)
	p.watch.dropped = true
	p.enter(r)
	p.wantText("#online", "needs signal all the time")
	p.keepPicture("room_plain")
	p.person(secretOf(1))
	r.wantSubmitted(t, 1)
}

// TestLiveRoomView watches the counts of a room from begun to finished, projected
// and on a phone.
func TestLiveRoomView(t *testing.T) {
	t.Parallel()
	l := newLink(t, "parents", "pre")
	for i, size := range []look{tablet, phone} {
		staff := signedIn(t, size)
		staff.visit("/programmes/" + l.programme + "/links/" + l.ID + "/live")
		staff.wantAccessible("live")
		staff.wantFitting("live", size.width)
		shows := func(started, finished int) {
			t.Helper()
			staff.until(fmt.Sprintf(`document.getElementById("started-parents-pre").innerText === "%d" && document.getElementById("finished-parents-pre").innerText === "%d" && document.getElementById("answering-parents-pre").innerText === "%d"`,
				started, finished, started-finished))
		}
		shows(i, i)
		p := entered(t, l)
		p.goTo("heard")
		p.choose("heard", "friend")
		shows(i+1, i)
		p.finish()
		p.send()
		shows(i+1, i+1)
		staff.keepPicture(fmt.Sprintf("live_%d", size.width))
	}
}
