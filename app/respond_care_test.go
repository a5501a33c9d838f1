package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

const unconfirmed = "talk to somebody you trust now"

// helped is what a team has confirmed, with a name in Arabic.
func helped() surveys.Help {
	help := surveys.Help{Lines: surveys.SuggestedHelp(), Checked: "2026-03-02"}
	help.Lines[1].Name = questionnaire.Text{"en": "Childline", "ar": "خط الطفل"}
	return help
}

func (h *hall) sets(help surveys.Help) {
	h.tb.Helper()
	if err := h.service.SetHelp(h.owner, h.link.Programme, help); err != nil {
		h.tb.Fatal(err)
	}
	h.pass(5 * time.Second) // what was read of the programme is believed for as long
}

func TestEveryRespondentsPageNamesHelp(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.get("").wants(t, 200, unconfirmed).lacks(t, "tel:", "0800 1111")
	h.sets(helped())
	room := h.room()
	p.begin()
	pages := map[string]page{
		"landing": h.phone().get(""), "part": p.get("/part/1"), "check": p.get("/check"), "resume": p.get("/resume"), "saved": p.get("/saved"),
		"room": h.phone().send("GET", "/room/"+room.Token+"/form", nil), "language": h.phone().get("?lang=ar"), "no such part": p.get("/part/99"),
		"refused": h.phone().post("/submit", url.Values{"_id": {"no id"}}),
	}
	p.post("/submit", whole()).wants(t, 303)
	pages["thanks"] = p.get("/thanks")
	h.close()
	h.pass(time.Minute)
	pages["closed"] = h.phone().get("")
	for name, g := range pages {
		t.Run(name, func(t *testing.T) {
			checkHTML(t, g)
			for _, want := range []string{`href="tel:08001111"`, `href="tel:116123"`, "0808 800 5000", `href="https://www.childline.org.uk" dir="ltr" rel="noreferrer"`} {
				if !strings.Contains(g.body, want) {
					t.Errorf("%d: no %s", g.status, want)
				}
			}
			if strings.Contains(g.body, "ZgotmplZ") {
				t.Error("an address was not believed")
			}
		})
	}
	pages["language"].has(t, `<bdi>خط الطفل</bdi>`).has(t, `<bdi lang="en">Samaritans</bdi>`)
	for _, path := range []string{"/withdraw", "/s/none", "/m/none", "/p/none", "/k/none", "/room/none"} {
		g := h.phone().send("GET", path, nil)
		if !strings.Contains(g.body, unconfirmed) {
			t.Errorf("%s, which knows no programme, does not say to talk to somebody", path)
		}
	}
}

// TestPagesOfLettersAndCardsNameHelp: so do the pages to which a letter or a card leads.
func TestPagesOfLettersAndCardsNameHelp(t *testing.T) {
	t.Parallel()
	r := newMailRoom(t, "everything")
	r.sets(helped())
	r.invitesTo(questionnaire.WavePre, "jo@school.example")
	jo, tag := r.secretOf("jo@school.example")
	carded, printed := cardHall(t, false)
	carded.sets(helped())
	carded.pass(25 * time.Hour)
	for name, g := range map[string]page{
		"personal": r.phone().send("GET", "/p/"+jo, nil), "unsubscribe": r.phone().send("GET", "/m/"+tag, nil),
		"cards": carded.phone().send("GET", "/k/"+printed.Token, nil),
	} {
		if !strings.Contains(g.body, `href="tel:08001111"`) {
			t.Errorf("%s: %d names no help", name, g.status)
		}
	}
}

func TestPaperNamesHelp(t *testing.T) {
	t.Parallel()
	h, d, batch := paperHall(t, readDefinition(t, "everything"))
	h.sets(helped())
	g := d.open(batch+"/print").wants(t, 200, "0800 1111", "116 123", "childline.org.uk")
	checkHTML(t, g)
}

func TestHelpIsConfirmedByThoseWhoManage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	at := h.programmePath() + "/help"
	d := h.colleague("head", surveys.RoleAdministrator)
	g := d.open(at).wants(t, 200, "Nothing has been confirmed yet").has(t, `value="0800 1111"`).has(t, `value="116 123"`).has(t, `value="0808 800 5000"`)
	checkHTML(t, g)
	form := url.Values{"lines[0].name": {"Childline"}, "lines[0].number": {"0800 1111"}, "lines[2].name": {"Web"}, "lines[2].web": {"javascript:alert(1)"}, "words": {"en: Talk to us:"}}
	g = d.sends(at, form).wants(t, 422, "begins with https", "Tick the box", "en: Talk to us:").has(t, `value="javascript:alert(1)"`)
	checkHTML(t, g)
	h.phone().get("").wants(t, 200, unconfirmed)
	form.Set("lines[2].web", "https://www.childline.org.uk/kids/")
	form.Set("checked", "yes")
	d.sends(at, form).wants(t, 303)
	h.pass(5 * time.Second)
	h.phone().get("").wants(t, 200, "Talk to us:", "0800 1111", "childline.org.uk/kids").lacks(t, unconfirmed)
	d.open(at).wants(t, 200, "last on").lacks(t, "Nothing has been confirmed yet")
	for _, text := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`} {
		form.Set("lines[0].name", text)
		form.Set("words", "en: "+text)
		d.sends(at, form).wants(t, 303)
		h.pass(5 * time.Second)
		h.phone().get("").lacks(t, text)
	}
}
