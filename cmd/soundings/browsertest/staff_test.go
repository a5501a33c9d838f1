package browsertest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// desks are the windows staff pages are looked at in.
var desks = []look{desk, phone}

// place finds the demonstration's programme that has a strand.
func place(t *testing.T, strand string) string {
	t.Helper()
	c := api(t)
	for _, raw := range c.list(t, "/programmes", "programmes") {
		if raw["demo"] != true {
			continue
		}
		for _, s := range raw["strands"].([]any) {
			if s.(map[string]any)["id"] == strand {
				return "/programmes/" + raw["id"].(string)
			}
		}
	}
	t.Fatalf("the demonstration has no strand %s", strand)
	return ""
}

// list asks the API for a list.
func (c client) list(t *testing.T, path, name string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, one := range c.ask(t, http.MethodGet, path, nil)[name].([]any) {
		all = append(all, one.(map[string]any))
	}
	return all
}

// staffPages are the addresses of all pages that staff see.
func staffPages(t *testing.T) map[string]string {
	t.Helper()
	c, parents, pupils := api(t), place(t, "parents"), place(t, "pupils")
	cohort := parents + "/cohorts/" + c.list(t, parents+"/cohorts", "cohorts")[0]["id"].(string)
	link := parents + "/links/" + c.list(t, parents+"/links", "links")[0]["id"].(string)
	return map[string]string{
		"programmes":         "/programmes",
		"new_programme":      "/programmes/new",
		"dashboard":          parents,
		"dashboard_two":      pupils,
		"cohorts":            parents + "/cohorts",
		"cohort":             cohort,
		"qr":                 link + "/qr",
		"live":               link + "/live",
		"rooms":              parents + "/rooms",
		"poster":             link + "/poster",
		"people":             parents + "/people",
		"audit":              parents + "/audit",
		"audit_all":          "/audit",
		"questionnaires":     "/questionnaires",
		"questionnaire":      "/questionnaires/pupil_workshop",
		"new_questionnaire":  "/questionnaires/new",
		"versions":           "/questionnaires/pupil_workshop/versions",
		"compare":            "/questionnaires/pupil_workshop/compare?with=teacher_feedback",
		"trials":             "/questionnaires/pupil_workshop/trials",
		"import":             "/questionnaires/import",
		"draft":              "/questionnaires/womens_workshop/draft",
		"draft_settings":     "/questionnaires/womens_workshop/draft/settings",
		"draft_part":         "/questionnaires/womens_workshop/draft/parts/next_time",
		"draft_pictures":     "/questionnaires/womens_workshop/draft/items/weather",
		"draft_ranking":      "/questionnaires/womens_workshop/draft/items/next_topics",
		"draft_calculated":   "/questionnaires/womens_workshop/draft/items/first_choice",
		"draft_measure":      "/questionnaires/womens_workshop/draft/measures/useful",
		"draft_add":          "/questionnaires/womens_workshop/draft/add",
		"draft_languages":    "/questionnaires/womens_workshop/draft/languages",
		"draft_publish":      "/questionnaires/womens_workshop/draft/publish",
		"library":            "/library",
		"library_slot":       "/library/swemwbs?draft=womens_workshop",
		"answers_unread":     parents + "/strands/parents/answers",
		"answers_approved":   parents + "/strands/parents/answers?show=approved",
		"outcomes_pre_post":  parents + "/strands/parents",
		"outcomes_pupils":    pupils + "/strands/pupils",
		"outcomes_rating":    pupils + "/strands/teachers",
		"outcomes_then_now":  place(t, "trainees") + "/strands/trainees",
		"outcomes_published": pupils + "/strands/pupils?profile=published",
		"outcomes_filtered":  pupils + "/strands/pupils?language=ar&from=2024-01-01&to=2024-03-31",
		"results":            pupils + "/results",
		"outcomes_one_block": place(t, "staff") + "/strands/staff",
		"responses":          pupils + "/strands/pupils/responses",
		"responses_noted":    pupils + "/strands/pupils/responses?note=straight_lined",
		"pairing":            pupils + "/strands/pupils/pairing",
		"old_data":           pupils + "/strands/pupils/old-data",
		"board":              pupils + "/board",
		"reach":              pupils + "/reach",
		"reach_one_strand":   parents + "/reach",
		"reach_rows":         pupils + "/reach/rows?of=people&strand=pupils&by=phase&name=Primary",
		"reach_targets":      pupils + "/reach/targets",
		"institutions":       pupils + "/institutions",
		"packs":              pupils + "/packs",
		"workshops":          pupils + "/workshops",
		"cards":              pupils + "/cards",
		"mailings":           place(t, "staff") + "/mailings",
		"addresses":          place(t, "staff") + "/mailings/contacts",
		"paper":              pupils + "/paper",
		"held":               pupils + "/held",
		"copy":               pupils + "/copy",
		"account":            "/account",
		"accounts":           "/accounts",
		"error":              "/programmes/none",
	}
}

// TestStaffPages looks at every page at a desk and on a phone.
func TestStaffPages(t *testing.T) {
	pages := staffPages(t)
	var names []string
	for name := range pages {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := signedIn(t, desk)
			want := int64(http.StatusOK)
			if name == "error" {
				want = http.StatusNotFound
			}
			if status := p.visit(pages[name]); status != want {
				t.Fatalf("status %d, want %d", status, want)
			}
			p.wantGoodDesks(name)
		})
	}
}

// wantGoodDesks checks the page shown at a desk and on a phone, with the first
// of what can be unfolded unfolded: the others are the same with other figures. A
// menu lies over the page while it is open; TestFirstScreen looks at those.
func (p *tab) wantGoodDesks(name string) {
	p.t.Helper()
	eval[bool](p, `[...document.querySelectorAll("details:not(.menu)")].slice(0, 3).forEach(d => d.open = true), true`)
	for _, l := range desks {
		p.look.width, p.look.height = l.width, l.height
		p.wantFitting(name, l.width)
		p.wantAccessible(name)
	}
}

// TestStaffFormsRefused looks at forms that come back with what is wrong.
func TestStaffFormsRefused(t *testing.T) {
	c := api(t)
	for name, page := range map[string]struct{ path, form string }{
		"programme": {"/programmes/new", "form.stack"},
		"account":   {"/accounts", "form.stack"},
		"cohort":    {"/programmes/" + c.programme + "/cohorts", `form.stack[action$="/cohorts"]`},
		"role":      {"/programmes/" + c.programme + "/people", "form.stack"},
		"token":     {"/account", "form.stack"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := signedIn(t, desk)
			p.visit(page.path)
			if status := p.follow(page.form + " .main"); status != http.StatusUnprocessableEntity {
				t.Errorf("sent empty: status %d, want 422", status)
			}
			p.wantGoodDesks(name)
			target := eval[string](p, `document.querySelector(".summary a")?.hash.slice(1) ?? ""`)
			p.click(".summary a")
			if got := p.focused(); got == "" || got != target {
				t.Errorf("the summary's link leads to %q, want %q", got, target)
			}
		})
	}
}

// TestStaffSignInPages looks at what is seen before signing in.
func TestStaffSignInPages(t *testing.T) {
	p := newTab(t, desk)
	p.visit("/programmes")
	p.wantPath("/sign-in")
	p.wantGoodDesks("sign-in")
	p.signIn("nobody@example.org", "wrong horse battery staple")
	p.wantText(".summary", "Check")
	p.wantGoodDesks("sign-in refused")
	if strings.Contains(eval[string](p, "document.documentElement.outerHTML"), "wrong horse") {
		t.Error("the page repeats the password")
	}
}
