package app_test

import (
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// rated gives the hall a programme whose teachers rate workshops.
func (h *hall) rated() {
	h.tb.Helper()
	p, err := h.service.CreateProgramme(h.owner, surveys.Programme{
		Name: "Rated", Zone: "Europe/London", SmallestGroup: 1, Strands: []surveys.Strand{{
			ID: "pupils", Title: "Teachers", Audience: surveys.AudienceTeacher, Design: surveys.DesignRating, Questionnaire: "views", Role: "Teacher",
		}},
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	h.owner = surveys.WithAccount(h.tb.Context(), h.ownerNow())
	c, err := h.service.CreateCohort(h.owner, surveys.Cohort{Programme: p.ID, Name: "Elm", Expected: map[surveys.StrandID]int{"pupils": 2}})
	if err != nil {
		h.tb.Fatal(err)
	}
	if h.link, err = h.service.CreateLink(h.owner, surveys.Link{Programme: p.ID, Strand: "pupils", Cohort: c.ID, Wave: questionnaire.WavePost}); err != nil {
		h.tb.Fatal(err)
	}
}

// ownerNow is the owner's account with its newest roles.
func (h *hall) ownerNow() surveys.Account {
	h.tb.Helper()
	all, err := h.service.Accounts(h.owner)
	if err != nil {
		h.tb.Fatal(err)
	}
	return all[0]
}

// TestTeachersRateAWorkshop goes from an empty list to a rating on the board.
func TestTeachersRateAWorkshop(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.rated()
	d := h.ownersDesk()
	at := h.programmePath() + "/workshops"
	checkHTML(t, d.open(at).wants(t, 200, "There is none yet", "Who counts the people").lacks(t, `href="{`))
	teacher := h.phone()
	teacher.get("").wants(t, 200, "Views").has(t, `id="rest"`)

	cohort := string(h.link.Cohort)
	d.sends(at, url.Values{"cohort": {cohort}, "attended": {"many"}}).wants(t, 422, "Enter a whole number", "Enter the title")
	d.sends(at, url.Values{"cohort": {cohort}, "title": {"Feelings"}, "date": {"2026-03-03"}, "attended": {"28"}}).wants(t, 303, at)
	d.sends(at, url.Values{"cohort": {cohort}, "title": {"Friendship & more"}, "date": {"2026-03-04"}}).wants(t, 303)
	d.sends(at, url.Values{"cohort": {cohort}, "title": {"Tomorrow"}, "date": {"2026-03-30"}}).wants(t, 303)
	checkHTML(t, d.open(at).wants(t, 200, "3 workshops", "Friendship & more", "28"))

	list := teacher.get("").wants(t, 200, "Which workshop do you want to rate?", "Feelings", "3 March 2026", "Another workshop").lacks(t, "Tomorrow")
	checkHTML(t, list)
	teacher.get("?other&lang=en").wants(t, 200).lacks(t, "Which workshop")
	to := between(list.body, `class="btn alt" href="`, `?`, 2) // Feelings: the latest comes first
	form := h.phone().send("GET", to, nil).wants(t, 200, "Feelings, 3 March 2026", "I am calm", "What helped?")
	checkHTML(t, form)
	form.lacks(t, `<section id="check"`)
	sent := h.phone().send("POST", to+"/submit", strings.NewReader("_id=teacher_0001&calm_a=3&calm_b=1&may=yes&why=Calm+words"))
	sent.wants(t, 303, "/thanks")

	d.open(at).wants(t, 200, "3 workshops")
	d.open(h.programmePath()+"/board").wants(t, 200, "1 rater of 2 expected", "1 of 3 workshops rated", "with 28 people in them")
	one := between(d.open(at).body, `<a href="`+at+"/", `"`, 1)
	checkHTML(t, d.open(at+"/"+one).wants(t, 200, "Feelings", "1 rater", "Poster"))
	d.sends(at+"/"+one, url.Values{"title": {""}, "revision": {"1"}}).wants(t, 422, "Enter the title")
	d.open(h.strandPath()).wants(t, 200, "28 people present")
	d.sends(at+"/"+one, url.Values{"title": {"Feelings"}, "attended": {"29"}, "revision": {"1"}}).wants(t, 303, at)
	d.open(h.strandPath()).wants(t, 200, "29 people present") // the report that is kept is older
	d.sends(at+"/"+one, url.Values{"title": {"Feelings"}, "attended": {"30"}, "revision": {"1"}}).wants(t, 422, "meanwhile")
	d.sends(at+"/counted/pupils", url.Values{"item": {"calm_a"}}).wants(t, 422)

	d.sendsFile(at+"/import", "file", "w.csv", "Theme,Class,Pupils\nCalm,Nowhere,many\n").wants(t, 422, "Nothing of the sheet was kept", "“many” is none", "0 cohorts are meant")
	d.sendsFile(at+"/import", "file", "w.csv", "").wants(t, 422, "Choose the spreadsheet")
	d.sendsFile(at+"/import", "file", "w.csv", "Theme,Class,Pupils\nCalm,Elm,31\n").wants(t, 303, at)
	checkHTML(t, d.open(at).wants(t, 200, "4 workshops", "Calm", "31"))
}
