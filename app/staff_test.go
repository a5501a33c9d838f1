package app_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

const ownerPassword = "correct horse battery staple"

// desk is a member of staff's browser, signed in.
type desk struct {
	*phone
	csrf string
}

var csrfField = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// signIn signs an account in.
func (h *hall) signIn(email, password string) *desk {
	h.tb.Helper()
	d := &desk{phone: h.phone()}
	d.send("POST", "/sign-in", formOf(url.Values{"email": {email}, "password": {password}})).wants(h.tb, 303, "/programmes")
	found := csrfField.FindStringSubmatch(d.send("GET", "/account", nil).body)
	if found == nil {
		h.tb.Fatal("the account's page has no csrf field")
	}
	d.csrf = found[1]
	return d
}

// ownersDesk signs the owner in, who is the programme's administrator, designer,
// facilitator and evaluator too.
func (h *hall) ownersDesk() *desk { h.tb.Helper(); return h.signIn("owner@example.org", ownerPassword) }

// colleague makes an account with roles in the hall's programme and signs it in.
func (h *hall) colleague(name string, roles ...surveys.Role) *desk {
	h.tb.Helper()
	email, password := name+"@example.org", name+" has a long password"
	if _, err := h.service.CreateAccount(h.owner, surveys.Account{Name: name, Email: email}, password); err != nil {
		h.tb.Fatal(err)
	}
	if err := h.service.Grant(h.owner, email, h.link.Programme, roles); err != nil {
		h.tb.Fatal(err)
	}
	return h.signIn(email, password)
}

func formOf(form url.Values) *strings.Reader { return strings.NewReader(form.Encode()) }

func (d *desk) open(path string) page { d.h.tb.Helper(); return d.send("GET", path, nil) }

// sends posts a form with the sign-in's token.
func (d *desk) sends(path string, form url.Values) page {
	d.h.tb.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("csrf", d.csrf)
	return d.send("POST", path, formOf(form))
}

func (h *hall) programmePath() string { return "/programmes/" + string(h.link.Programme) }
func (h *hall) strandPath() string    { return h.programmePath() + "/strands/pupils" }
func (h *hall) linkPath() string      { return h.programmePath() + "/links/" + string(h.link.ID) }
func (h *hall) cohortPath() string    { return h.programmePath() + "/cohorts/" + string(h.link.Cohort) }

// opinions is a questionnaire with one of each thing the staff pages show.
const opinions = `{"title":{"en":"Views"},"languages":["en","ar"],"parts":[{"id":"p","items":[
 {"id":"calm","kind":"rating","label":{"en":"How often?"},"rows":[{"id":"calm_a","label":{"en":"I am calm"}},{"id":"calm_b","label":{"en":"I am cross"}}],
  "choices":[{"code":"1","label":{"en":"Never"},"score":1},{"code":"2","label":{"en":"Sometimes"},"score":2},{"code":"3","label":{"en":"Always"},"score":3}]},
 {"id":"may","kind":"consent","label":{"en":"May we quote you?"}},
 {"id":"why","kind":"long_text","label":{"en":"What helped?"},"quotable":true,"consent":"may"}]}],
 "scales":[{"id":"mood","label":{"en":"Mood"},"items":["calm_a","calm_b"],"reverse":["calm_b"],"min":1,"max":3,"method":"mean","min_answered":1}],
 "measures":[{"id":"m_mood","of":"mood","type":"score","direction":"higher","headline":true},{"id":"m_cross","of":"calm_b","type":"score","direction":"lower"}]}`

// classroom is a hall whose programme has answers before and after.
func classroom(tb testing.TB) *hall {
	tb.Helper()
	definition, err := questionnaire.ParseDefinition([]byte(opinions))
	if err != nil {
		tb.Fatal(err)
	}
	return hallWith(tb, definition, app.Config{})
}

// answers submits one response to the hall's link.
func (h *hall) answers(id, calm, cross, consent, words string) {
	h.tb.Helper()
	raw := questionnaire.Raw{"calm_a": {calm}, "calm_b": {cross}, "may": {consent}, "why": {words}}
	if words == "" {
		delete(raw, "why")
	}
	_, err := h.service.Submit(h.tb.Context(), h.link.Token, surveys.Submission{ID: surveys.ResponseID(id), Raw: raw})
	if err != nil {
		h.tb.Fatal(err)
	}
}
