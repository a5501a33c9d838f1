package app_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
)

// staffPages are the pages of the hall's programme that stand still.
func staffPages(h *hall) []string {
	return []string{
		"/programmes", "/programmes/new", "/account", "/accounts", "/backups", "/audit", "/questionnaires", "/questionnaires/views", h.programmePath(), h.programmePath() + "/cohorts",
		h.programmePath() + "/institutions", h.programmePath() + "/packs", h.programmePath() + "/packs/posters", h.programmePath() + "/board", h.programmePath() + "/workshops", h.programmePath() + "/people", h.programmePath() + "/audit", h.cohortPath(), h.linkPath() + "/live", h.linkPath() + "/poster", h.programmePath() + "/rooms",
		h.strandPath(), h.strandPath() + "/answers", h.strandPath() + "/pairing", h.programmePath() + "/nothing",
	}
}

func TestStaffPagesAreWellFormed(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	for i := range 8 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "The breathing helped me a lot in the end.")
	}
	d := h.ownersDesk()
	pages := []page{h.phone().send("GET", "/sign-in", nil)}
	for _, path := range staffPages(h) {
		pages = append(pages, d.open(path))
	}
	pages = append(pages, d.sends("/programmes", url.Values{"do": {"add"}, "strands[0].title": {"x"}}),
		d.sends("/questionnaires", url.Values{"id": {"views"}, "definition": {`{"title":{"en":"<b>"}}`}}),
		d.sends("/programmes", nil), d.sends("/accounts", nil), d.sends("/account/tokens", nil),
		d.sends(h.programmePath()+"/people", nil), d.sends(h.programmePath()+"/cohorts", url.Values{"expected[pupils]": {"many"}}),
		d.sends(h.programmePath()+"/institutions", nil))
	for _, g := range pages {
		checkHTML(t, g)
		g.lacks(t, "ZgotmplZ", "<no value>", "%!", " onclick", "style=")
		if g.header.Get("Content-Security-Policy") == "" || g.header.Get("X-Content-Type-Options") != "nosniff" || g.header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers = %v, want a content security policy, nosniff and no-store", g.header)
		}
	}
}

// TestNamesAndAnswersAreInert puts markup wherever people may write.
func TestNamesAndAnswersAreInert(t *testing.T) {
	t.Parallel()
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`
	h := classroom(t)
	d := h.ownersDesk()
	made := d.sends("/programmes", url.Values{
		"name": {evil}, "purpose": {evil}, "funder": {evil}, "zone": {"Europe/London"}, "smallest_group": {"1"},
		"strands[0].title": {evil}, "strands[0].audience": {"participant"}, "strands[0].design": {"pre_post"},
		"strands[0].questionnaire": {"views"}, "strands[0].block": {"cohort"}, "strands[0].role": {evil[:20]},
	}).wants(t, 303)
	programme := made.header.Get("Location")
	d.sends(programme+"/institutions", url.Values{"name": {evil}, "kind": {"<b>"}, "phase": {"<b>"}, "area": {"<b>"}}).wants(t, 303)
	institution := between(d.open(programme+"/cohorts").body, `<option value="`, `"`, 2)
	cohort := d.sends(programme+"/cohorts", url.Values{"name": {evil}, "institution": {institution}}).wants(t, 303).header.Get("Location")
	d.sends(cohort+"/links", url.Values{"do": {"all"}}).wants(t, 303)
	link := programme + "/links/" + between(d.open(cohort).body, programme+"/links/", `"`, 1)
	h.link.Token = between(d.open(cohort).body, `href="/s/`, `"`, 1)
	h.answers("evilanswer", "2", "2", "yes", evil)
	strand := programme + "/strands/" + between(d.open(programme).body, "/strands/", `"`, 1)
	for _, path := range []string{"/programmes", programme, programme + "/cohorts", programme + "/audit", programme + "/people",
		cohort, link + "/qr", link + "/live", h.programmePath() + "/rooms", link + "/poster", strand, strand + "/answers", "/account"} {
		g := d.open(path).wants(t, 200)
		g.lacks(t, "<script>alert", "<img src=x")
		checkHTML(t, g)
	}
	d.open(strand+"/answers").wants(t, 200, evil)
}

// between is the n-th text between two marks.
func between(body, from, to string, n int) string {
	for range n {
		_, body, _ = strings.Cut(body, from)
	}
	found, _, _ := strings.Cut(body, to)
	return found
}

func TestCreateProgramme(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	form := url.Values{
		"name": {"Wild Walks"}, "zone": {"Nowhere"}, "smallest_group": {"5"}, "strands[0].title": {"Parents, before & after"},
		"strands[0].audience": {"participant"}, "strands[0].design": {"pre_post"}, "strands[0].questionnaire": {"views"},
		"strands[0].block": {"cohort"}, "strands[0].role": {"Parent"},
	}
	d.sends("/programmes", form).wants(t, 422, "Enter a time zone, like Europe/London").has(t, `href="#programme-zone"`, `value="Wild Walks"`)
	form.Set("zone", "Europe/London")
	form.Set("targets.people", "lots")
	d.sends("/programmes", form).wants(t, 422, "Enter a whole number")
	form.Set("targets.people", "40")
	at := d.sends("/programmes", form).wants(t, 303, "/programmes/").header.Get("Location")
	d.open(at).wants(t, 200, "Wild Walks", "Parents, before & after", "40").has(t, "/strands/parents_before_after")
}

// TestCreateProgrammeWithVariants names a questionnaire for a phase, once in a way
// that cannot be, and once more than the page had room for at first.
func TestCreateProgrammeWithVariants(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open("/programmes/new").wants(t, 200).has(t, `name="strands[0].variants[1].phase"`).lacks(t, `name="strands[0].variants[2].phase"`)
	form := url.Values{
		"name": {"Wild Walks"}, "zone": {"Europe/London"}, "smallest_group": {"5"}, "strands[0].title": {"Pupils"},
		"strands[0].audience": {"participant"}, "strands[0].design": {"rating"}, "strands[0].questionnaire": {"views"}, "strands[0].role": {"Pupil"},
		"strands[0].variants[0].phase": {"Early years"}, "strands[0].variants[1].phase": {"early years"},
		"strands[0].variants[1].questionnaire": {"views"},
	}
	d.sends("/programmes", form).wants(t, 422, "or clear the phase", "is there twice").has(t, `name="strands[0].variants[2].phase"`)
	form.Set("strands[0].variants[0].questionnaire", "views")
	form.Set("strands[0].variants[1].phase", "Secondary")
	at := d.sends("/programmes", form).wants(t, 303, "/programmes/").header.Get("Location")
	d.open(at).wants(t, 200, "Pupils")
}

func TestPagesHideWhatIsNotAllowed(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	facilitator := h.colleague("facilitator", surveys.RoleFacilitator)
	facilitator.open(h.programmePath()).wants(t, 200, "Cohorts").lacks(t, "workbook", "/answers", "/people", "/audit", "/strands/")
	facilitator.open(h.cohortPath()).wants(t, 200, "Show to scan", "Open")
	evaluator := h.colleague("evaluator", surveys.RoleEvaluator)
	evaluator.open(h.programmePath()).wants(t, 200, "Outcomes").lacks(t, "/people", "/audit")
	evaluator.open(h.cohortPath()).wants(t, 200).lacks(t, h.link.Token, "<svg class=\"qr\"")
	evaluator.open("/programmes").wants(t, 200).lacks(t, "/programmes/new", "/accounts")
}

func TestCloseAndOpenALink(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.sends(h.linkPath(), url.Values{"do": {"close"}}).wants(t, 303, h.cohortPath())
	d.open(h.cohortPath()).wants(t, 200, "Closed")
	d.open(h.linkPath()+"/qr").wants(t, 200, "not open").lacks(t, `class="qr"`)
	d.sends(h.linkPath(), url.Values{"do": {"open"}}).wants(t, 303)
	d.open(h.linkPath()+"/qr").wants(t, 200).has(t, `class="qr"`)
}

// TestSmallGroupsAreHidden asks for outcomes with fewer people than may be shown.
func TestSmallGroupsAreHidden(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "")
	h.ownersDesk().open(h.strandPath()).wants(t, 200, "not shown, because so few people are behind it").lacks(t, "interval", `class="bar"`)
}

func TestStaffWorkbook(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "It helped.")
	d := h.ownersDesk()
	g := d.open(h.strandPath()+"/workbook.xlsx").wants(t, 200)
	if got, want := g.header.Get("Content-Disposition"), `attachment; filename="hillside-projects-pupils-analysis-2026-03-07.xlsx"`; got != want {
		t.Errorf("Content-Disposition = %s, want %s", got, want)
	}
	if _, err := zip.NewReader(bytes.NewReader([]byte(g.body)), int64(len(g.body))); err != nil {
		t.Errorf("workbook of %d bytes: %v", len(g.body), err)
	}
	d.open(h.programmePath()+"/audit").wants(t, 200, "export: downloaded")
	d.open(h.programmePath()+"/strands/none/workbook.xlsx").wants(t, 404, "no such strand")
}

func TestAPITokenIsShownOnce(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	shown := d.sends("/account/tokens", wishOf("weekly")).wants(t, 201, "snd_")
	id := between(shown.body, "/account/tokens/", "/revoke", 1)
	d.open("/account").wants(t, 200, "weekly").lacks(t, "snd_")
	d.sends("/account/tokens/"+id+"/revoke", nil).wants(t, 303, "/account")
	d.open("/account").wants(t, 200).lacks(t, "weekly")
}

func TestGrantRoles(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d, colleague := h.ownersDesk(), h.colleague("colleague")
	colleague.open(h.programmePath()).wants(t, 404, "no role in it")
	d.sends(h.programmePath()+"/people", url.Values{"email": {"nobody@example.org"}, "roles": {"evaluator"}}).wants(t, 422, "there is none with this one")
	d.sends(h.programmePath()+"/people", url.Values{"email": {"Colleague@example.org"}, "roles": {"evaluator", "designer"}}).wants(t, 303)
	colleague.open(h.strandPath()).wants(t, 200)
	d.open(h.programmePath()+"/people").wants(t, 200, "Designer, Evaluator")
}
