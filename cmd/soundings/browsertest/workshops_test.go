package browsertest_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestTeachersRateOnOneScreen opens the poster of a staff room on a phone, chooses
// the workshop and rates it on one screen: twelve taps in all, of which nine are
// answers. Two teachers rate one workshop, whose pupils count once.
func TestTeachersRateOnOneScreen(t *testing.T) {
	l := newLink(t, "teachers", "post")
	staff := signedIn(t, desk)
	staff.addWorkshop(l, "Names for feelings", "28")
	staff.addWorkshop(l, "Asking for help", "")
	for range 2 {
		rateOnPhone(t, l)
	}
	staff.visit("/programmes/" + l.programme + "/workshops")
	staff.wantGoodDesks("workshops")
	if got := l.workshopsRated(t); got != 1 || l.submitted(t) != 2 {
		t.Errorf("%d raters of %d workshops, want 2 of 1", l.submitted(t), got)
	}
	staff.visit("/programmes/" + l.programme + "/board?show=all&strand=teachers")
	row := eval[string](staff, `[...document.querySelectorAll(".boards tr")].find(r => r.textContent.includes(`+quote(t.Name())+`)).textContent.replace(/\s+/g, " ")`)
	for _, want := range []string{"2", "1 of 2", "28"} {
		if !strings.Contains(row, want) {
			t.Errorf("the board says %q, want %q in it", row, want)
		}
	}
}

// addWorkshop enters a workshop of a link's cohort as a facilitator does.
func (p *tab) addWorkshop(l link, title, attended string) {
	p.t.Helper()
	p.visit("/programmes/" + l.programme + "/workshops")
	p.writeIn("title", title)
	p.pick("cohort", p.t.Name())
	if attended != "" {
		p.writeIn("attended", attended)
	}
	p.follow(`form[action$="/workshops"] button.main`)
}

// rateOnPhone is one teacher.
func rateOnPhone(t *testing.T, l link) {
	t.Helper()
	p := newTab(t, phone)
	p.visit(l.Path)
	p.wantGood("workshops", "en")
	p.follow(".rated a")
	p.until(`document.querySelector("#answers:not([hidden]) section")?.checkVisibility()`)
	p.wantGood("rating", "en")
	if steps := eval[int](p, `document.querySelectorAll("#answers section").length`); steps != 1 {
		t.Fatalf("the form has %d steps, want one screen", steps)
	}
	p.click(stepForward)
	p.until(`document.getElementById("status").textContent.includes("not answered anything")`) // an empty form is sent on purpose only
	p.choose("role", "class_teacher")
	p.writeIn("class_size", "28")
	for _, row := range []string{"relevance", "quality", "pupil_engagement", "seen_change"} {
		p.choose(row, "5")
	}
	p.choose("recommend_0_10", "9")
	p.writeIn("comment", "They speak about feelings now.")
	p.choose("consent_quote", "yes")
	p.click(stepForward)
	p.thanked()
	p.wantGood("thanks", "en")
}

// workshopsRated counts the workshops of a link's cohort with a rating, as the API
// says.
func (l link) workshopsRated(t *testing.T) int {
	t.Helper()
	rows, _ := api(t).ask(t, http.MethodGet, "/programmes/"+l.programme+"/progress", nil)["progress"].([]any)
	for _, row := range rows {
		r := row.(map[string]any)
		if r["cohort"] == l.cohort && r["strand"] == l.strand {
			n, _ := r["workshops"].(float64)
			return int(n)
		}
	}
	return 0
}
