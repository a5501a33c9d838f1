package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// study is a classroom with a draft of its questionnaire.
func study(t *testing.T) (*hall, *desk) {
	t.Helper()
	h := classroom(t)
	d := h.ownersDesk()
	d.sends("/questionnaires/views/draft", url.Values{"do": {"start"}}).wants(t, 303, "/questionnaires/views/draft")
	return h, d
}

const draftOfViews = "/questionnaires/views/draft"

var hiddenHash = regexp.MustCompile(`name="hash" value="([0-9a-f]+)"`)

var hiddenMarks = regexp.MustCompile(`name="marks" value="([^"]+)"`)

// formAt is the form of the editor at an address as a browser would post it.
func (d *desk) formAt(path string) url.Values {
	d.h.tb.Helper()
	body := d.open(path).wants(d.h.tb, 200).body
	found := hiddenHash.FindStringSubmatch(body)
	if found == nil {
		d.h.tb.Fatalf("%s has no form of the editor", path)
	}
	return url.Values{"hash": {found[1]}}
}

// types posts a form of the editor with some fields changed.
func (d *desk) types(path string, fields url.Values) page {
	d.h.tb.Helper()
	form := d.formAt(path)
	for name, values := range fields {
		form[name] = values
	}
	return d.sends(path, form)
}

func (h *hall) draft(id questionnaire.ID) questionnaire.Definition {
	h.tb.Helper()
	d, err := h.service.Draft(h.owner, id)
	if err != nil {
		h.tb.Fatal(err)
	}
	return d.Definition
}

func TestNewQuestionnaire(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open("/questionnaires").wants(t, 200, "New questionnaire", "Import a spreadsheet").has(t, `href="/questionnaires/new"`)
	d.open("/questionnaires/new").wants(t, 200, "Title", "Languages")
	d.sends("/questionnaires/new", url.Values{"languages": {"en"}}).wants(t, 422, "Enter the title")
	d.sends("/questionnaires/new", url.Values{"title": {"x"}, "languages": {"english, nowhere!"}}).wants(t, 422, "language is called").has(t, `value="x"`)
	d.sends("/questionnaires/new", url.Values{"title": {"x"}, "languages": {"en"}, "id": {"new"}}).wants(t, 422, "is the address of a page")
	d.sends("/questionnaires/new", url.Values{"title": {"x"}, "languages": {"en"}, "id": {"views"}}).wants(t, 422)
	d.sends("/questionnaires/new", url.Values{"title": {"Your views on the workshop"}, "languages": {"en, ar"}}).wants(t, 303, "/questionnaires/views_workshop/draft")
	d.sends("/questionnaires/new", url.Values{"title": {"Your views on the workshop"}, "languages": {"en"}}).wants(t, 303, "/questionnaires/views_workshop_2/draft")
	d.open("/questionnaires").wants(t, 200, "Being written", "Your views on the workshop")
	d.open("/questionnaires/views_workshop/draft").wants(t, 200, "Outline", "Part 1", "Has no items")
	h.colleague("evaluator", surveys.RoleEvaluator).open("/questionnaires/new").wants(t, 403)
}

func TestEditorOutline(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	d.open(draftOfViews).wants(t, 200, "How often?", "Time to fill in", "version 1", "Ready to publish").
		has(t, `href="/questionnaires/views/draft/items/calm"`, `value="down:calm"`)
	do := func(what string, status int) page {
		t.Helper()
		return d.sends(draftOfViews, url.Values{"do": {what}}).wants(t, status)
	}
	order := func() string {
		var ids []string
		for _, part := range h.draft("views").Parts {
			for _, item := range part.Items {
				ids = append(ids, string(item.ID))
			}
			ids = append(ids, "|")
		}
		return strings.Join(ids, " ")
	}
	steps := []struct{ do, want string }{
		{"down:calm", "may calm why |"},
		{"undo", "calm may why |"},
		{"redo", "may calm why |"},
		{"place:why:p:may", "why may calm |"},
		{"add_part", "why may calm | |"},
		{"down:calm", "why may | calm |"},
		{"up:calm", "why may calm | |"},
		{"to_part:may:part_2", "why calm | may |"},
		{"part_up:part_2", "may | why calm |"},
		{"copy:calm", "may | why calm calm_2 |"},
		{"delete:calm_2", "may | why calm |"},
		{"undo", "may | why calm calm_2 |"},
		{"delete_part:p", "may |"},
		{"undo", "may | why calm calm_2 |"},
		{"add:faces:part_2:may", "may q5 | why calm calm_2 |"},
	}
	for _, step := range steps {
		do(step.do, 303)
		if got := order(); got != step.want {
			t.Fatalf("after %s: %s, want %s", step.do, got, step.want)
		}
	}
	do("delete:nothing", 409)
	do("dance", 409)
	do("redo", 422)
	d.open(draftOfViews).wants(t, 200, "Undo: add “faces”")
	if rows := h.draft("views").Parts[1].Items[2].Rows; rows[0].ID == "calm_a" {
		t.Errorf("the duplicate's rows are %v, want ids of their own", rows)
	}
}

func TestItemPage(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	path := draftOfViews + "/items/calm"
	d.open(path).wants(t, 200, "Question above the statements", "I am calm", "Never", "Paste lines from a spreadsheet").
		has(t, `name="rows.0.label.ar"`, `dir="rtl"`, `lang="ar"`, `/questionnaires/views/draft/preview?part=1&amp;at=calm_a`)
	d.open(path+"?beside=none").lacks(t, `name="rows.0.label.ar"`)
	d.types(path, url.Values{"label.en": {"How often lately?"}, "label.ar": {"كم مرة؟"}}).wants(t, 303, path)
	if item := h.draft("views").Parts[0].Items[0]; item.Label["en"] != "How often lately?" || item.Label["ar"] != "كم مرة؟" {
		t.Errorf("label = %v", item.Label)
	}
	d.open(draftOfViews).wants(t, 200, "How often lately?", "Undo: Question above the statements of “How often?”")
	d.types(path, url.Values{"choices.count": {"1"}, "choices.0.was": {"1"}, "choices.0.score": {"lots"}, "choices.0.label.en": {"Not once"}}).
		wants(t, 422, "write a number in digits").has(t, `value="lots"`, `value="Not once"`)
	d.types(path, url.Values{"id": {"often"}}).wants(t, 303, "/items/often")
	d.open(path).wants(t, 404)
	d.open(draftOfViews+"/items/often?saved=1").wants(t, 200, "Saved.")
	d.open(draftOfViews+"/items/nothing").wants(t, 404)
}

// TestTwoPeople: who changes what another changed meanwhile sees both and chooses.
func TestTwoPeople(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	path := draftOfViews + "/items/why"
	mine, theirs := d.formAt(path), d.formAt(path)
	theirs.Set("label.en", "What helped you?")
	d.sends(path, theirs).wants(t, 303)
	mine.Set("label.en", "What helped most?")
	mine.Set("hint.en", "In a few words")
	g := d.sends(path, mine).wants(t, 409, "Two people changed the same", "What helped you?", "What helped most?", "In a few words", "Theirs", "Mine")
	if got := h.draft("views").Parts[0].Items[2].Label["en"]; got != "What helped you?" {
		t.Errorf("after the conflict the label is %q, want theirs", got)
	}
	// Take theirs for the label and mine for the hint.
	chosen := url.Values{"hash": {hiddenHash.FindStringSubmatch(g.body)[1]}, "keep.label.en": {"theirs"}, "label.en": {"What helped most?"}, "keep.hint.en": {"mine"}, "hint.en": {"In a few words"}}
	d.sends(path, chosen).wants(t, 303)
	if item := h.draft("views").Parts[0].Items[2]; item.Label["en"] != "What helped you?" || item.Hint["en"] != "In a few words" {
		t.Errorf("item = %v %v, want their label and my hint", item.Label, item.Hint)
	}
	// Two who change different fields of one item both succeed, whatever else a browser posts.
	asShown := h.draft("views").Parts[0].Items[2].Label["en"]
	marks := hiddenMarks.FindStringSubmatch(d.open(path).body)[1]
	mine, theirs = d.formAt(path), d.formAt(path)
	for _, form := range []url.Values{mine, theirs} {
		form.Set("marks", marks)
		form.Set("label.en", asShown)
		form.Set("hint.en", "In a few words")
	}
	theirs.Set("label.en", "What helped you here?")
	mine.Set("hint.en", "In one word")
	d.sends(path, theirs).wants(t, 303)
	d.sends(path, mine).wants(t, 303)
	if item := h.draft("views").Parts[0].Items[2]; item.Label["en"] != "What helped you here?" || item.Hint["en"] != "In one word" {
		t.Errorf("item = %v %v, want their label and my hint", item.Label, item.Hint)
	}
	// A field of theirs is not shown as mine where I left it as it was.
	mine.Set("label.en", asShown)
	mine.Set("hint.en", "In two words")
	d.sends(path, mine).wants(t, 409, "In one word", "In two words").lacks(t, `name="keep.label.en"`)
	// Two who change different items both succeed.
	one, other := d.formAt(path), d.formAt(draftOfViews+"/items/may")
	one.Set("label.en", "Why?")
	other.Set("label.en", "May we?")
	d.sends(path, one).wants(t, 303)
	d.sends(draftOfViews+"/items/may", other).wants(t, 303)
	// An item that somebody deleted: what was typed is shown.
	gone := d.formAt(path)
	gone.Set("label.en", "Words that took an hour")
	gone.Set("hint.en", "And a hint")
	d.sends(draftOfViews, url.Values{"do": {"delete:why"}}).wants(t, 303)
	d.sends(path, gone).wants(t, 409, "Somebody deleted this item", "And a hint", "Words that took an hour").lacks(t, d.csrf+"</textarea>")
}

// TestConflictOfLists: a list that both changed is chosen as a whole.
func TestConflictOfLists(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	path := draftOfViews + "/items/calm"
	rows := func(first, second string) url.Values {
		form := d.formAt(path)
		for name, value := range map[string]string{"rows.count": "2", "rows.0.was": "calm_a", "rows.0.label.en": first, "rows.1.was": "calm_b", "rows.1.label.en": second} {
			form.Set(name, value)
		}
		return form
	}
	mine, theirs := rows("I am calm", "I am angry"), rows("I feel calm", "I am cross")
	d.sends(path, theirs).wants(t, 303)
	g := d.sends(path, mine).wants(t, 409, "Statements", "I feel calm", "I am angry")
	chosen := url.Values{"keep.rows.": {"mine"}}
	for _, found := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(g.body, -1) {
		if found[1] != "csrf" && found[1] != "do" {
			chosen.Add(html.UnescapeString(found[1]), html.UnescapeString(found[2]))
		}
	}
	d.sends(path, chosen).wants(t, 303)
	if item := h.draft("views").Parts[0].Items[0]; item.Rows[0].Label["en"] != "I am calm" || item.Rows[1].Label["en"] != "I am angry" {
		t.Errorf("rows = %v, want mine", item.Rows)
	}
}

// TestScriptGetsFragments: the script is answered with the parts of the page.
func TestScriptGetsFragments(t *testing.T) {
	t.Parallel()
	_, d := study(t)
	path := draftOfViews + "/items/may"
	form := d.formAt(path)
	d.header.Set("Soundings-Fragment", "1")
	var answer struct {
		Parts     map[string]string
		Say, Hash string
		Saved     bool
		Go        string
	}
	read := func(g page) {
		t.Helper()
		answer.Parts, answer.Say, answer.Go, answer.Saved = nil, "", "", false
		if err := json.Unmarshal([]byte(g.body), &answer); err != nil {
			t.Fatalf("%v: %s", err, g.body)
		}
	}
	form.Set("label.en", "May we use your words?")
	read(d.sends(path, form).wants(t, 200))
	if !answer.Saved || answer.Say != "Saved." || answer.Hash == form.Get("hash") || !strings.Contains(answer.Parts["outline"], "May we use your words?") || !strings.Contains(answer.Parts["form"], "May we use your words?") {
		t.Errorf("answer = %+v", answer)
	}
	form.Set("label.en", "Another wording")
	read(d.sends(path, form).wants(t, 409)) // the hash is that of before
	if answer.Saved || !strings.Contains(answer.Parts["form"], "Another wording") {
		t.Errorf("answer to a stale form = %+v", answer)
	}
	read(d.sends(draftOfViews, url.Values{"do": {"add:number:p:"}}).wants(t, 200))
	if answer.Go != draftOfViews+"/items/q4" {
		t.Errorf("a new item opens %q", answer.Go)
	}
	read(d.sends(draftOfViews, url.Values{"do": {"delete:none"}}).wants(t, 409))
	if answer.Saved || !strings.Contains(answer.Say, "not there any more") {
		t.Errorf("answer = %+v", answer)
	}
}

// TestFirstWordsNameTheItem: the id of a new item is made of its first words, and stays then.
func TestFirstWordsNameTheItem(t *testing.T) {
	t.Parallel()
	_, d := study(t)
	d.sends(draftOfViews, url.Values{"do": {"add:number:p:"}}).wants(t, 303, "/items/q4")
	d.types(draftOfViews+"/items/q4", url.Values{"hint.en": {"A guess will do"}}).wants(t, 303, "/items/q4?")
	d.types(draftOfViews+"/items/q4", url.Values{"label.en": {"How many birds did you see?"}}).wants(t, 303, "/items/birds_see?")
	d.types(draftOfViews+"/items/birds_see", url.Values{"label.en": {"How many cats?"}}).wants(t, 303, "/items/birds_see?")
}

func TestOtherForms(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	d.types(draftOfViews+"/settings", url.Values{"title.en": {"Your views"}, "languages": {"en, ar, so"}}).wants(t, 303)
	d.types(draftOfViews+"/settings", url.Values{"languages": {"nowhere!"}}).wants(t, 422, "language is called").has(t, `value="nowhere!"`)
	d.types(draftOfViews+"/parts/p", url.Values{"title.en": {"About you"}, "waves.shown": {"1"}, "waves": {"pre"}}).wants(t, 303)
	d.types(draftOfViews+"/scales/mood", url.Values{"method": {"sum"}, "reverse.shown": {"1"}}).wants(t, 303)
	d.types(draftOfViews+"/scales/mood", url.Values{"min": {"low"}}).wants(t, 422, "write a number")
	d.types(draftOfViews+"/measures/m_mood", url.Values{"direction": {"lower"}, "top": {"2 3"}, "min_change": {"0.5"}}).wants(t, 303)
	d.sends(draftOfViews, url.Values{"do": {"add_group"}}).wants(t, 303, "/groups/group_1")
	d.types(draftOfViews+"/groups/group_1", url.Values{"label.en": {"Together"}}).wants(t, 303)
	d.types(draftOfViews+"/items/may", url.Values{"group": {"group_1"}}).wants(t, 303)
	def := h.draft("views")
	got := fmt.Sprint(def.Title["en"], def.Languages, def.Parts[0].Title["en"], def.Parts[0].Waves, def.Scales[0].Method, def.Scales[0].Reverse,
		def.Measures[0].Direction, def.Measures[0].Top, *def.Measures[0].MinChange, def.Groups[0].Label["en"], def.Parts[0].Items[1].Group)
	if want := "Your views[en ar so]About you[pre]sum[]lower[2 3] 0.5Togethergroup_1"; got != want {
		t.Errorf("draft = %s\nwant    %s", got, want)
	}
	d.sends(draftOfViews, url.Values{"do": {"delete_group:group_1"}}).wants(t, 303)
	d.sends(draftOfViews, url.Values{"do": {"delete_measure:m_mood"}}).wants(t, 303)
	d.sends(draftOfViews, url.Values{"do": {"add_scale"}}).wants(t, 303, "/scales/scale_1")
	d.sends(draftOfViews, url.Values{"do": {"add_measure"}}).wants(t, 303, "/measures/measure_1")
	if def = h.draft("views"); len(def.Groups) != 0 || len(def.Measures) != 2 || def.Parts[0].Items[1].Group != "" {
		t.Errorf("after deleting: %v %v", def.Groups, def.Measures)
	}
	d.open(draftOfViews+"/add?part=p&after=may").wants(t, 200, "Then and now", "after “May we quote you?”", "Saved by your team").has(t, `value="add:rating:p:may"`)
}

func TestPreview(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	g := d.open(draftOfViews+"/preview?part=1&lang=ar").wants(t, 200, "How often?").has(t, `dir="rtl"`)
	policy := g.header.Get("Content-Security-Policy")
	for _, want := range []string{"frame-ancestors 'self'", "form-action 'none'", "connect-src 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy = %s, want %s", policy, want)
		}
	}
	if got := g.header.Get("X-Frame-Options"); got != "SAMEORIGIN" {
		t.Errorf("X-Frame-Options = %s", got)
	}
	d.open(draftOfViews+"/preview?part=0").wants(t, 200, "Views")
	d.open("/questionnaires/views/versions/1/preview").wants(t, 200, "How often?")
	broken := func(def *questionnaire.Definition) error {
		def.Parts[0].Items[0].Relevant = "${not_written_yet} ="
		return nil
	}
	if _, err := h.service.EditDraft(h.owner, "views", "half a condition", broken); err != nil {
		t.Fatal(err)
	}
	d.open(draftOfViews+"/preview?part=1").wants(t, 200, "How often?")
	d.open("/questionnaires/views/versions/9/preview").wants(t, 404)
	d.open("/questionnaires/views/versions/x/preview").wants(t, 404)
	if policy := d.open(draftOfViews).header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the editor may be framed: %s", policy)
	}
}

// onePixel is a picture of one pixel.
func onePixel() []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))) // into memory
	return out.Bytes()
}
