package browsertest_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// beginQuestionnaire begins a draft from the list of questionnaires.
func (p *tab) beginQuestionnaire(title, languages string) {
	p.t.Helper()
	p.visit("/questionnaires")
	p.follow(`a[href="/questionnaires/new"]`)
	p.writeIn("title", title)
	p.writeIn("languages", languages)
	p.follow("form.stack .main")
	p.until(`!!document.getElementById("outline")`)
}

// addItem adds an item to the first part by the chooser and waits for its form.
func (p *tab) addItem(kind string) {
	p.t.Helper()
	p.click("#outline [data-add]")
	p.until(`!!document.querySelector("#form .kinds")`)
	before := eval[int](p, `document.querySelectorAll("#outline [data-item]").length`)
	p.click(fmt.Sprintf(`button[value^="add:%s:"]`, kind))
	p.until(fmt.Sprintf(`document.querySelectorAll("#outline [data-item]").length === %d && !!document.querySelector("#form #fields")`, before+1))
}

// fill types into controls of the open form and waits until each is saved.
func (p *tab) fill(pairs ...string) {
	p.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		eval[bool](p, fmt.Sprintf(`(e => { if (e) e.open = true; return true })(document.querySelector('#form [name="%s"]')?.closest("details"))`, pairs[i]))
		p.writeIn(pairs[i], pairs[i+1])
		p.saved()
	}
}

// saved leaves the control, which saves it, and waits.
func (p *tab) saved() {
	p.t.Helper()
	eval[bool](p, `document.activeElement.blur(), true`)
	p.until(`!dirty && !saving`)
	if wrong := eval[string](p, `document.querySelector("#form .summary")?.innerText ?? ""`); wrong != "" {
		p.t.Fatalf("not saved: %s", wrong)
	}
}

// pasteLines pastes lines into a list of the open form.
func (p *tab) pasteLines(list, lines string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`document.querySelector("#list-%s details").open = true`, list))
	p.writeIn(list+".paste", lines)
	p.click(fmt.Sprintf(`button[value="paste:%s"]`, list))
	last := lines[strings.LastIndexByte(strings.TrimSpace(lines), '\n')+1:]
	last, _, _ = strings.Cut(last, "\t")
	p.until(fmt.Sprintf(`!saving && [...document.querySelectorAll("#list-%s .one input")].some(i => i.value === %q)`, list, last))
}

// tick ticks a box of the open form.
func (p *tab) tick(name string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`input[type=checkbox][name="%s"]`, name))
	p.saved()
}

// TestEditorFromNothing builds a questionnaire of 12 items in the editor, with a
// condition and a second language, publishes it, hands it out, answers it on a
// phone and finds the answer in the workbook.
func TestEditorFromNothing(t *testing.T) {
	p := signedIn(t, desk)
	p.beginQuestionnaire("How the day went", "en, ar")
	p.wantGoodDesks("empty draft")
	p.buildTwelve()
	p.wantGoodDesks("outline of 12 items")
	p.publishIt()
	link := handOut(t, "day_went")
	answerTheDay(t, link)
	p.wantCell("<v>37</v>") // how many times; open answers are withheld until somebody read them
}

// buildTwelve builds the items.
func (p *tab) buildTwelve() {
	p.t.Helper()
	p.addItem("statement")
	p.fill("label.en", "Thank you for coming.", "label.ar", "شكرا لحضورك")
	p.addItem("single_choice")
	p.wantGoodDesks("form of a new item")
	p.fill("label.en", "Have you been here before?", "label.ar", "هل حضرت من قبل؟")
	p.pasteLines("choices", "Yes\tنعم\nNo\tلا\n")
	p.addItem("number")
	p.fill("label.en", "How many times?", "label.ar", "كم مرة؟", "min", "1", "max", "100")
	p.tick("whole")
	p.condition("Have you", "Yes")
	p.wantGoodDesks("form with a condition")
	p.addItem("rating")
	p.fill("label.en", "How much do you agree?", "label.ar", "إلى أي مدى توافق؟")
	p.pasteLines("rows", "I felt welcome\tشعرت بالترحيب\nI learnt something\tتعلمت شيئا\n")
	p.pasteLines("choices", "Disagree\tلا أوافق\t1\nIn between\tبين بين\t2\nAgree\tأوافق\t3\n")
	p.wantGoodDesks("form of a battery")
	p.addItem("scale_0_10")
	p.fill("label.en", "How likely are you to come again?", "label.ar", "ما احتمال أن تعود؟", "low.en", "Not at all", "low.ar", "أبدا", "high.en", "Certainly", "high.ar", "بالتأكيد")
	p.addItem("multiple_choice")
	p.fill("label.en", "What did you do?", "label.ar", "ماذا فعلت؟")
	p.pasteLines("choices", "Painting\tرسم\nMusic\tموسيقى\nCooking\tطبخ\n")
	p.addItem("date")
	p.fill("label.en", "When did you come?", "label.ar", "متى أتيت؟")
	p.addItem("ranking")
	p.fill("label.en", "What matters most to you?", "label.ar", "ما الأهم لك؟")
	p.pasteLines("choices", "Friends\tأصدقاء\nFood\tطعام\n")
	p.addItem("short_text")
	p.fill("label.en", "Where do you live?", "label.ar", "أين تسكن؟")
	p.addItem("consent")
	p.fill("label.en", "May we use your words?", "label.ar", "هل يمكننا استخدام كلماتك؟", "id", "may_quote")
	p.until(`location.pathname.endsWith("/items/may_quote")`)
	p.addItem("long_text")
	p.fill("label.en", "What would you change?", "label.ar", "ماذا تغير؟", "id", "change")
	p.until(`location.pathname.endsWith("/items/change")`)
	p.tick("quotable")
	p.pick("consent", "“May")
	p.saved()
	p.addItem("faces")
	p.fill("label.en", "How do you feel now?", "label.ar", "كيف تشعر الآن؟")
	for i, words := range []string{"حزين", "بين بين", "سعيد"} {
		p.fill(fmt.Sprintf("choices.%d.label.ar", i), words)
	}
	if n := eval[int](p, `document.querySelectorAll("#outline [data-item]").length`); n != 12 {
		p.t.Fatalf("the outline has %d items, want 12", n)
	}
}

// condition adds a condition to the open form: a question and an answer to it.
func (p *tab) condition(question, answer string) {
	p.t.Helper()
	p.click(`button[value="clause:relevant"]`)
	p.until(`!saving && !!document.querySelector('[name="relevant.0.name"]')`)
	p.pick("relevant.0.name", question)
	p.saved()
	p.until(`document.querySelector('[name="relevant.0.value"]')?.tagName === "SELECT"`)
	p.pick("relevant.0.value", answer)
	p.saved()
	if got := p.value("relevant"); !strings.Contains(got, "= 'yes'") {
		p.t.Fatalf("the expression is %q", got)
	}
}

// publishIt publishes the draft that is open.
func (p *tab) publishIt() {
	p.t.Helper()
	p.follow(`a[href$="/draft/publish"]`)
	p.wantGoodDesks("publish")
	if p.shows("#problems") {
		p.t.Fatalf("it cannot be published: %s", p.text("#problems + ul"))
	}
	p.click(`input[name="fallback.ar"]`) // the title has no Arabic words
	p.follow(`button[value="publish"]`)
	p.wantText("h1", "Versions of")
	p.wantGoodDesks("versions")
}

// handOut makes a programme that asks a questionnaire, with a cohort and a link.
func handOut(t *testing.T, questionnaire string) link {
	t.Helper()
	c := api(t)
	c.programme = c.post(t, "/programmes", map[string]any{
		"name": "Programme of " + t.Name(), "zone": "Europe/London", "smallest_group": 1,
		"strands": []strand{{"visitors", "Visitors", "participant", "rating", questionnaire, "", "Visitor"}},
	})["id"].(string)
	cohort := c.post(t, "/programmes/"+c.programme+"/cohorts", map[string]any{"name": "Saturday"})["id"].(string)
	made := c.post(t, "/programmes/"+c.programme+"/links", map[string]any{"strand": "visitors", "cohort": cohort, "wave": "post"})
	return link{Path: "/s/" + made["token"].(string), ID: made["id"].(string), cohort: c.programme, strand: "visitors", wave: "post"}
}

// answerTheDay answers in Arabic on a phone; the condition asks how many times
// only of who was there before.
func answerTheDay(t *testing.T, l link) {
	t.Helper()
	p := newTab(t, phone)
	p.visit(l.Path + "?lang=ar")
	p.wantText("body", "How the day went") // the title has no Arabic words: it falls back
	p.begin()
	before := eval[string](p, `document.querySelector("fieldset [type=radio]").name`)
	times := eval[string](p, `document.querySelector("#answers input[inputmode]").name`)
	if p.shows(named(times)) {
		t.Error("how many times is asked before anybody said that they were here before")
	}
	p.choose(before, "yes")
	p.until(fmt.Sprintf(`document.querySelector('[name="%s"]').checkVisibility()`, times))
	p.writeIn(times, "37")
	p.choose("may_quote", "yes")
	p.writeIn("change", "Bring a friend")
	p.finish()
	p.send()
}

// wantCell downloads the workbook and looks for a cell.
func (p *tab) wantCell(words string) {
	p.t.Helper()
	for _, one := range api(p.t).list(p.t, "/programmes", "programmes") {
		if one["name"] != "Programme of "+p.t.Name() {
			continue
		}
		folder := p.t.TempDir()
		p.visit("/programmes/" + one["id"].(string))
		p.downloadTo(folder)
		p.click(`a[href$="/strands/visitors/workbook.xlsx"]`)
		if !strings.Contains(bookText(p.t, awaitFile(p.t, folder)), words) {
			p.t.Errorf("no cell of the workbook has %q", words)
		}
		return
	}
	p.t.Fatal("the programme is not there")
}

// bookText is the text of all parts of a workbook.
func bookText(t *testing.T, path string) string {
	t.Helper()
	book, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	var all strings.Builder
	for _, file := range book.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestEditorByKeyboard moves an item, undoes it and keeps the focus, with keys alone.
func TestEditorByKeyboard(t *testing.T) {
	p := signedIn(t, desk)
	p.beginQuestionnaire("By keyboard "+t.Name(), "en")
	p.addItem("short_text")
	p.fill("label.en", "First")
	p.addItem("short_text")
	p.fill("label.en", "Second")
	order := `[...document.querySelectorAll("#outline [data-item] a")].map(a => a.textContent).join(" ")`
	eval[bool](p, `document.querySelector('#outline [data-item]:nth-child(2) a').focus(), true`)
	focused := p.focused()
	p.do(chromedp.KeyEvent("\u0304", chromedp.KeyModifiers(1))) // Alt and arrow up
	p.until(order + ` === "Second First"`)
	p.until(fmt.Sprintf(`document.activeElement.id === %q`, focused))
	p.wantText("#said", "Moved")
	eval[bool](p, `document.getElementById("do-undo").focus(), true`)
	p.do(chromedp.KeyEvent("\r"))
	p.until(order + ` === "First Second"`)
	p.until(`document.activeElement.id === "do-undo"`)
	p.wantText("#said", "Taken back: move “Second” up")
}

// hold presses the mouse on a control, waits until condition holds and lets go,
// as a hand does that takes its time.
func (p *tab) hold(selector, condition string) {
	p.t.Helper()
	at, err := chromedp.Run(p.ctx, spot(selector))
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, at.X, at.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	p.until(condition)
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, at.X, at.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// TestEditorPress leaves a field by pressing a button: the save that this
// begins answers, with a new id, before the button is let go, and takes
// neither the press nor lines that wait to be pasted.
func TestEditorPress(t *testing.T) {
	p := signedIn(t, desk)
	p.beginQuestionnaire("Pressing "+t.Name(), "en")
	p.addItem("single_choice")
	eval[bool](p, `(real => {
		window.gate = Promise.resolve(); window.answers = 0;
		fetch = (...a) => gate.then(() => real(...a)).finally(() => { answers++ });
		return true })(fetch)`)
	p.writeIn("label.en", "Which colour")
	p.hold(`button[value="add:choices"]`, `answers > 0`)
	p.until(`!dirty && !saving && !!document.querySelector('[name="choices.0.label.en"]')`)
	if !strings.HasSuffix(p.path(), "/items/colour") {
		t.Errorf("the item's address is %s, want its id made of its words", p.path())
	}
	eval[bool](p, `document.querySelector("#list-choices details").open = true`)
	eval[bool](p, `gate = new Promise(open => { window.openGate = open }), true`)
	p.writeIn("choices.0.label.en", "Blue")
	p.writeIn("choices.paste", "Green and yellow")
	eval[bool](p, `answers = 0, openGate(), true`)
	p.until(`answers > 0 && !saving`)
	p.wantValue("choices.paste", "Green and yellow")
}

// TestEditorPlain builds an item without JavaScript.
func TestEditorPlain(t *testing.T) {
	p := signedIn(t, look{width: 1280, height: 900, noScript: true})
	p.visit("/questionnaires/new")
	p.writeIn("title", "Plain "+t.Name())
	p.writeIn("languages", "en")
	p.follow("form.stack .main")
	p.follow("#outline [data-add]")
	p.wantGoodDesks("chooser")
	p.follow(`button[value^="add:single_choice:"]`)
	p.writeIn("label.en", "Which?")
	p.follow(`button[value="add:choices"]`)
	p.wantValue("label.en", "Which?")
	p.writeIn("choices.0.label.en", "This")
	if status := p.follow(`#fields .send button`); status != http.StatusOK {
		t.Errorf("saved: status %d", status)
	}
	p.wantText("#form", "Saved.")
	p.wantValue("choices.0.label.en", "This")
	p.wantGoodDesks("item without a script")
}

// TestEditorTwoPeople changes one item in two tabs: the second is shown both.
func TestEditorTwoPeople(t *testing.T) {
	p := signedIn(t, desk)
	p.beginQuestionnaire("Two people "+t.Name(), "en")
	p.addItem("short_text")
	p.fill("label.en", "As it was")
	address := p.path()
	other := p.sibling()
	other.visit(address)
	p.fill("label.en", "What they wrote")
	other.writeIn("label.en", "What I wrote")
	eval[bool](other, `document.activeElement.blur(), true`)
	other.until(`!!document.querySelector("#form .conflict")`)
	other.wantText("#form", "What they wrote")
	other.wantGoodDesks("conflict")
	other.click(`.conflict .main`)
	other.until(`!document.querySelector("#form .conflict") && !saving`)
	other.wantValue("label.en", "What I wrote")
	p.visit(address)
	p.wantValue("label.en", "What I wrote")
}
