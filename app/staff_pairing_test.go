package app_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// coded is a questionnaire with a code of four elements and one measure.
const coded = `{"title":{"en":"Views"},"languages":["en"],"parts":[{"id":"p","items":[
 {"id":"own_code","kind":"linkage_code","label":{"en":"Your own code"},"prompts":[
  {"id":"mother","label":{"en":"First letter of your mother's first name"},"element":"letters","length":1},
  {"id":"day","label":{"en":"Day you were born on"},"element":"day"},
  {"id":"month","label":{"en":"Month you were born in"},"element":"month"},
  {"id":"older","label":{"en":"Older brothers and sisters"},"element":"count"}]},
 {"id":"calm","kind":"rating","label":{"en":"How often?"},"rows":[{"id":"calm_a","label":{"en":"I am calm"}}],
  "choices":[{"code":"1","label":{"en":"Never"},"score":1},{"code":"2","label":{"en":"Sometimes"},"score":2},{"code":"3","label":{"en":"Always"},"score":3}]}]}],
 "scales":[],"measures":[{"id":"m_calm","of":"calm_a","type":"score","direction":"higher","headline":true}]}`

// deskHall is a hall with a pairing desk that has something of everything.
type deskHall struct {
	*hall
	after surveys.Link
	desk  *desk
}

// sendsCode answers with a code "S 7 4 1", blank as "-".
func (h *deskHall) sendsCode(link surveys.Link, id, code, calm string) {
	h.tb.Helper()
	raw := questionnaire.Raw{"calm_a": {calm}}
	for i, text := range strings.Fields(code) {
		if text != "-" {
			raw[questionnaire.PromptControl("own_code", questionnaire.ItemID([]string{"mother", "day", "month", "older"}[i]))] = []string{text}
		}
	}
	if _, err := h.service.Submit(h.tb.Context(), link.Token, surveys.Submission{ID: surveys.ResponseID(id), Raw: raw}); err != nil {
		h.tb.Fatal(err)
	}
	h.pass(time.Second)
}

func pairingHall(tb testing.TB) *deskHall {
	tb.Helper()
	definition, err := questionnaire.ParseDefinition([]byte(coded))
	if err != nil {
		tb.Fatal(err)
	}
	h := &deskHall{hall: hallWith(tb, definition, app.Config{})}
	h.after, err = h.service.CreateLink(h.owner, surveys.Link{
		Programme: h.link.Programme, Strand: h.link.Strand, Cohort: h.link.Cohort, Wave: questionnaire.WavePost})
	if err != nil {
		tb.Fatal(err)
	}
	for _, one := range []struct {
		link           surveys.Link
		id, code, calm string
	}{
		{h.link, "aexact01_id", "S 7 4 1", "1"}, {h.after, "zexact01_id", "S 7 4 1", "2"},
		{h.link, "anear002_id", "K 9 5 0", "1"}, {h.after, "znear002_id", "K 10 5 0", "3"},
		{h.link, "atie0003_id", "M 21 8 2", "2"}, {h.link, "atie0004_id", "M 21 8 2", "1"}, {h.after, "ztie0003_id", "M 21 8 2", "3"},
		{h.link, "aleft005_id", "B 30 12 4", "2"}, {h.after, "zcame006_id", "V 2 1 0", "2"},
	} {
		h.sendsCode(one.link, one.id, one.code, one.calm)
	}
	h.desk = h.ownersDesk()
	return h
}

func (h *deskHall) pairing(query string) string { return h.strandPath() + "/pairing" + query }

// says posts one thing on the desk and wants to be sent back to it.
func (h *deskHall) says(form ...string) {
	h.tb.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	h.pass(time.Second)
	h.desk.sends(h.pairing(""), values).wants(h.tb, 303, "/pairing?show=decide")
}

// matched is how many pairs each line of the table of effects has.
func (h *deskHall) matched() string {
	h.tb.Helper()
	g := h.desk.open(h.pairing("")).wants(h.tb, 200)
	var counts []string
	for _, found := range regexp.MustCompile(`data-of="Matched">(\d+)<`).FindAllStringSubmatch(g.body, -1) {
		counts = append(counts, found[1])
	}
	return strings.Join(counts, " ")
}

// TestPairingDesk looks at each list.
func TestPairingDesk(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	for query, want := range map[string][]string{
		"":                                 {"To decide", "aexact", "2"},
		"?show=decide":                     {"atie0003 and ztie0003", "atie0004 and ztie0003", "same code", "could be somebody else too", "Day you were born on"},
		"?show=exact":                      {"aexact01", "zexact01", "Take apart"},
		"?show=near":                       {"anear002", "znear002", "Day you were born on"},
		"?show=reviewed":                   {"There are no such pairs."},
		"?show=unmatched":                  {"aleft005", "zcame006", "Nobody left in its block", "Another response of its wave has the same code."},
		"?show=twice":                      {"One code, different answers", "atie0003", "atie0004", "Same person twice"},
		"?show=log":                        {"Nobody has decided anything yet."},
		"?show=unmatched&with=aleft005_id": {"zcame006", "Same person: make a pair", "Same person twice: set", "aexact01"},
	} {
		if query == "" {
			want = want[:1]
		}
		g := h.desk.open(h.pairing(query)).wants(t, 200, want...)
		checkHTML(t, g)
		g.lacks(t, "<no value>", "%!", "Always", "Never<")
	}
	h.desk.open(h.pairing("?show=exact&cohort="+string(h.link.Cohort))).wants(t, 200, "aexact01")
	h.desk.open(h.pairing("?show=exact&cohort=another")).wants(t, 200, "There are no such pairs.")
	h.desk.open(h.pairing("?with=unknown")).wants(t, 404)
	if got := h.matched(); got != "1 2 2 1" {
		t.Errorf("matched exact, near, reviewed, held: %s, want 1 2 2 1", got)
	}
}

// TestPairingDeskDecides accepts, splits, merges, says that somebody answered twice,
// and takes everything back: the table of effects is as before.
func TestPairingDeskDecides(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	before := h.matched()
	steps := []struct {
		do, pre, post, want string
	}{
		{"accept", "atie0003_id", "ztie0003_id", "1 2 3 2"},
		{"split", "aexact01_id", "zexact01_id", "0 1 2 1"},
		{"accept", "aleft005_id", "zcame006_id", "0 1 3 2"},
		{"twice", "atie0003_id", "atie0004_id", "1 2 3 2"},
	}
	for _, s := range steps {
		h.says("do", s.do, "pre", s.pre, "post", s.post, "reason", "seen on the list", "at", "1")
		if got := h.matched(); got != s.want {
			t.Errorf("after %s %s %s: %s, want %s", s.do, s.pre, s.post, got, s.want)
		}
	}
	h.desk.open(h.pairing("?show=log")).wants(t, 200, "seen on the list", "Different people", "answered twice: the first counts", "Owner", "counts")
	h.desk.open(h.pairing("?show=reviewed")).wants(t, 200, "aleft005", "atie0003")
	h.desk.open(h.strandPath()).wants(t, 200, "2 were accepted by a person")
	for i := len(steps) - 1; i >= 0; i-- {
		h.says("do", "undo", "pre", steps[i].pre, "post", steps[i].post, "number", "1")
	}
	if got := h.matched(); got != before {
		t.Errorf("after undoing everything: %s, want %s", got, before)
	}
	h.desk.open(h.pairing("?show=log")).wants(t, 200, "Took a decision back", "replaced or taken back", "Undo this undoing")
	h.desk.open(h.programmePath()+"/audit").wants(t, 200, "pair: decision undone", "pair: decided")
}

// TestPairingDeskPolicy lets near codes wait, and decides about one.
func TestPairingDeskPolicy(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	h.says("do", "review_near")
	h.desk.open(h.pairing("")).wants(t, 200, "anear002 and znear002", "Let near codes make pairs", "1 part of the code differs", "Nobody else left is as near")
	h.desk.open(h.strandPath()).wants(t, 200, "0 differ a little")
	h.says("do", "accept_near")
	h.desk.open(h.strandPath()).wants(t, 200, "1 differ a little")
	h.desk.open(h.programmePath()+"/audit").wants(t, 200, "pairing: policy set")
}

// TestPairingDeskRefuses keeps what was typed.
func TestPairingDeskRefuses(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	for want, form := range map[string]url.Values{
		"Shorten the reason":             {"do": {"accept"}, "pre": {"atie0003_id"}, "post": {"ztie0003_id"}, "reason": {strings.Repeat("long ", 101)}},
		"Choose two different responses": {"do": {"accept"}, "pre": {"ztie0003_id"}, "post": {"atie0003_id"}},
		"Choose what to do":              {"do": {"burn"}, "pre": {"atie0003_id"}, "post": {"ztie0003_id"}},
		"There is no decision":           {"do": {"undo"}, "pre": {"atie0003_id"}, "post": {"ztie0003_id"}, "number": {"1"}},
	} {
		g := h.desk.sends(h.pairing(""), form).wants(t, 422, want)
		checkHTML(t, g)
		if form.Has("reason") {
			if !strings.Contains(g.body, `value="long long`) {
				t.Error("the reason is not kept")
			}
		}
	}
	h.says("do", "accept", "pre", "atie0003_id", "post", "ztie0003_id")
	h.desk.sends(h.pairing(""), url.Values{"do": {"accept"}, "pre": {"atie0004_id"}, "post": {"ztie0003_id"}}).wants(t, 422, "Undo that decision first")
}

// TestPairingDeskWithoutWho shows a decision about a response that is gone.
func TestPairingDeskWithoutWho(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	h.says("do", "accept", "pre", "aleft005_id", "post", "zcame006_id")
	r, err := h.store.Response(t.Context(), "zcame006_id")
	if err != nil {
		t.Fatal(err)
	}
	r.Status = surveys.StatusWithdrawn
	if err := h.store.PutResponse(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	h.desk.open(h.pairing("?show=log")).wants(t, 200, "no longer applies", "Gone", "deleted, withdrawn")
	h.desk.open(h.pairing("")).wants(t, 200, "1 decision no longer applies")
	h.says("do", "undo", "pre", "aleft005_id", "post", "zcame006_id", "number", "1")
	h.desk.open(h.pairing("?show=unmatched")).wants(t, 200, "aleft005").lacks(t, "zcame006 ")
}

// TestPairingDeskIsPaged turns the pages of a list.
func TestPairingDeskIsPaged(t *testing.T) {
	t.Parallel()
	h := pairingHall(t)
	for i := range 27 {
		code := fmt.Sprintf("%c %d %d %d", 'A'+i%26, 1+i, 1+i%12, i%6)
		h.sendsCode(h.link, fmt.Sprintf("p%07d_id", i), code, "1")
		h.sendsCode(h.after, fmt.Sprintf("q%07d_id", i), code, "2")
	}
	h.desk.open(h.pairing("?show=exact")).wants(t, 200, "1–25 of 28", "p0000000").lacks(t, "p0000026")
	h.desk.open(h.pairing("?show=exact&page=2&cohort="+string(h.link.Cohort))).wants(t, 200, "p0000026")
}
