package app_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/questionnaire"
)

// TestLogicWithoutJavaScript walks testdata/respond/logic.json as a phone
// without JavaScript does: each page shows what is on the path by then.
func TestLogicWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := newHall(t, "logic")
	p := h.phone()
	p.begin()
	first := p.get("/part/1").wants(t, 200, "Part 1 of 3", "In which town?", "Leeds", "Bath", "What is it called?")
	first.has(t, `name="pets" value="no" checked`)
	first.lacks(t, "data-item", `name="src"`, "Where from")
	// The page asks about the pet although there may be none, and refuses it only if there is one.
	you := url.Values{"name": {"<b>Amina & *co*</b>"}, "region": {"north"}, "town": {"bath"}, "pets": {"yes"}}
	refused := p.post("/part/1", you).wants(t, 422, "Name one pet, <b>Amina & *co*</b>.", "Choose from the answers shown.")
	refused.lacks(t, "<b>Amina")
	you.Set("town", "york")
	you.Set("pets", "no")
	you.Set("pet", "Rex") // put aside: there are no pets
	p.post("/part/1", you).wants(t, 303, "/part/2")
	p.get("/part/1").has(t, `value="Rex"`, `value="york" checked`) // and kept
	second := p.get("/part/2").wants(t, 200, "Part 2 of 3", "Hello <b>Amina & *co*</b> from York.", "How many of them go to school?")
	second.has(t, "Hello <strong>&lt;b&gt;Amina &amp; *co*&lt;/b&gt;</strong>", "<h3>Your children</h3>")
	p.post("/part/2", url.Values{"children": {"0"}, "older": {"Art"}}).wants(t, 303, "/part/4") // no children: the third part has nothing to ask
	p.get("/part/3").wants(t, 303, "/part/4")
	last := p.get("/part/4").wants(t, 200, "Part 3 of 3", "7 March 2026")
	last.lacks(t, "are at home")
	last.has(t, `<option value="3" selected>March</option>`, `<p class="say" dir="auto">Hillside</p>`)
	p.post("/part/4", url.Values{"_back": {"1"}}).wants(t, 303, "/part/2")
	p.post("/part/2", url.Values{"children": {"3"}, "school": {"4"}}).wants(t, 422, "You said 3 children live with you.")
	p.post("/part/2", url.Values{"children": {"3"}, "school": {"2"}}).wants(t, 422, "What is the oldest one’s favourite subject?")
	p.post("/part/2", url.Values{"children": {"3"}, "school": {"2"}, "older": {"Art"}}).wants(t, 303, "/part/3")
	p.get("/part/3").wants(t, 200, "Part 3 of 4", "What do they help with?")
	p.post("/part/3", url.Values{"help": {"cook", "shop"}}).wants(t, 303, "/part/4")
	p.get("/part/4").wants(t, 200, "Part 4 of 4", "By day 1 of them are at home.")
	p.post("/part/4", url.Values{"day__day": {"1"}, "day__month": {"2"}, "day__year": {"2026"}, "fixed": {"forged"}}).wants(t, 303, "/check")
	check := p.get("/check").wants(t, 200, "York", "Cooking; Shopping", "1 February 2026", "Hillside")
	if strings.Contains(check.text(t), "Rex") || strings.Contains(check.text(t), "What is it called?") {
		t.Error("the check lists what is off the path")
	}
	// Who changes an answer from the check is led past what that opens.
	p.post("/part/2?check", url.Values{"children": {"0"}}).wants(t, 303, "/check")
	p.post("/part/2?check", url.Values{"children": {"3"}, "school": {"2"}, "older": {"Art"}}).wants(t, 303, "/check") // seen before
	p.post("/send", nil).wants(t, 303, "/thanks")
	r := h.stored()[0]
	for id, want := range map[questionnaire.ItemID]questionnaire.Answer{
		"pet": {Missing: questionnaire.NotAsked}, "at_home": {Number: number(1)}, "fixed": {Text: "Hillside"}, "day": {Text: "2026-02-01"},
		"src": {Missing: questionnaire.NotAsked}, "school": {Number: number(2)},
	} {
		if diff := cmp.Diff(want, r.Answers[id]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if got := r.Aside["pet"].Text; got != "Rex" {
		t.Errorf("aside has %q of the pet, want Rex", got)
	}
}

// TestCheckLeadsToWhatWasNeverShown: an answer changed from the check opens a part
// that was passed by.
func TestCheckLeadsToWhatWasNeverShown(t *testing.T) {
	t.Parallel()
	p := newHall(t, "logic").phone()
	p.begin()
	p.post("/part/1", url.Values{"region": {"north"}}).wants(t, 303, "/part/2")
	p.post("/part/2", url.Values{"children": {"0"}}).wants(t, 303, "/part/4")
	p.post("/part/4", url.Values{}).wants(t, 303, "/check")
	p.post("/part/2?check", url.Values{"children": {"2"}}).wants(t, 303, "/part/3?check")
	p.post("/part/3?check", url.Values{}).wants(t, 303, "/check")
}

// TestHiddenFromTheLink carries what an address says to the answers.
func TestHiddenFromTheLink(t *testing.T) {
	t.Parallel()
	h := newHall(t, "logic")
	p := h.phone()
	landing := p.get("?src=hall%202&other=x&lang=en").wants(t, 200)
	landing.has(t, `<input type="hidden" name="link.src" value="hall 2">`, `href="?lang=ar&amp;src=hall&#43;2"`).lacks(t, "link.other")
	checkHTML(t, landing)
	if a, b := h.phone().get("").body, h.phone().get("?other=x").body; a != b {
		t.Error("an address that says nothing of hidden items gets a document of its own")
	}
	p.post("/start", url.Values{"_lang": {"en"}, "link.src": {"hall 2"}, "link.at_home": {"9"}}).wants(t, 303, "/part/1")
	p.post("/part/1", url.Values{"region": {"north"}, "src": {"forged"}}).wants(t, 303)
	p.post("/part/1", url.Values{"region": {"north"}, "_back": {"1"}}).wants(t, 303, "?src=hall+2")
	p.post("/send", nil).wants(t, 303, "/thanks")
	if got := h.stored()[0].Answers["src"].Text; got != "hall 2" {
		t.Errorf("src = %q, want hall 2", got)
	}
	p.post("/again", nil).wants(t, 303, "?shared&lang=en&src=hall+2")
	form := url.Values{"_id": {phoneID}, "region": {"south"}, "src": {"hall 3"}}
	script(h.phone()).post("/submit", form).wants(t, 200)
	if got := h.stored()[1].Answers["src"].Text; got != "hall 3" && h.stored()[0].Answers["src"].Text != "hall 3" {
		t.Errorf("the script's src = %q, want hall 3", got)
	}
}

// TestLogicInOneDocument: the document has everything, and the trees beside it.
func TestLogicInOneDocument(t *testing.T) {
	t.Parallel()
	h := newHall(t, "logic")
	for _, lang := range []string{"en", "ar"} {
		doc := h.phone().get("?lang=" + lang)
		checkHTML(t, doc)
		doc.has(t, `data-item="pet"`, `data-part="kids"`, `data-group="g_kids"`, `<span data-pipe="name"></span>`, `data-n="2"`, `data-order`, `data-missing`)
		doc.lacks(t, `name="at_home"`)
		raw := regexp.MustCompile(`(?s)<script type="application/json" id="logic">(.*?)</script>`).FindStringSubmatch(doc.body)
		if raw == nil {
			t.Fatal("the document has no logic")
		}
		if shown, _, _ := strings.Cut(doc.body, "<script"); strings.Contains(shown, "${") {
			t.Error("a pipe stands in the page as it is written")
		}
		var logic struct {
			Items map[string]map[string]json.RawMessage
			Say   map[string]any
			Zone  string
		}
		if err := json.Unmarshal([]byte(raw[1]), &logic); err != nil {
			t.Fatal(err)
		}
		if got := string(logic.Items["pet"]["relevant"]); got != `["=",["ref","pets"],["str","yes"]]` {
			t.Errorf("pet is relevant if %s", got)
		}
		if logic.Zone != "Europe/London" || len(logic.Say["months"].([]any)) != 12 {
			t.Errorf("zone, months = %q, %v", logic.Zone, logic.Say["months"])
		}
	}
}

// TestLogicInOnePost: what the script sends of items off the path is put aside.
func TestLogicInOnePost(t *testing.T) {
	t.Parallel()
	h := newHall(t, "logic")
	form := url.Values{
		"_id": {phoneID}, "_lang": {"en"}, "name": {"Amina"}, "region": {"north"}, "town": {"leeds"}, "pets": {"no"}, "pet": {"Rex"},
		"children": {"0"}, "school": {"2"}, "help": {"cook"}, "help__order": {"shop", "cook", "clean", "pet_care", "none"}, "at_home": {"99"}, "day": {"2026-03-01"},
	}
	script(h.phone()).post("/submit", form).wants(t, 200)
	r := h.stored()[0]
	for _, id := range []questionnaire.ItemID{"pet", "school", "help"} {
		if r.Answers[id].Missing != questionnaire.NotAsked {
			t.Errorf("%s = %+v, want not asked", id, r.Answers[id])
		}
		if _, kept := r.Aside[id]; !kept {
			t.Errorf("%s is not kept aside", id)
		}
	}
	if got := r.Answers["at_home"].Number; got == nil || *got != 0 {
		t.Errorf("at_home = %v, want 0 as worked out here", got)
	}
	form.Set("_id", strings.Repeat("c", 32))
	form.Set("children", "1")
	got := script(h.phone()).post("/submit", form).wants(t, 422)
	if !strings.Contains(got.body, "You said 1 children live with you.") {
		t.Errorf("the refusal is %s", got.body)
	}
}
