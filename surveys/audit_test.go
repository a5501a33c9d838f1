package surveys_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// TestAuditTrail makes every change once and reads the trail: each is there, and
// no answer, code, password, token or secret.
func TestAuditTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secrets := w.changeEverything(t)
	of := func(programme surveys.ProgrammeID) map[string]int {
		t.Helper()
		trail, err := w.AuditTrail(w.ctx, programme)
		must(t, err)
		wantSilent(t, trail, secrets)
		seen := map[string]int{}
		for i, entry := range trail {
			seen[entry.Action]++
			if i > 0 && entry.At.After(trail[i-1].At) {
				t.Errorf("entry %d is newer than the one before it, want the newest first", i)
			}
		}
		return seen
	}
	mine := of(w.programme.ID)
	for _, action := range []string{
		"programme.created", "institution.created", "cohort.created", "link.created", "link.closed", "link.opened",
		"account.roles_changed", "responses.imported", "answer.read", "pair.decided",
	} {
		if mine[action] == 0 {
			t.Errorf("the programme's trail lacks %s", action)
		}
	}
	all := of("")
	for _, action := range []string{
		"account.set_up", "account.created", "account.signed_in", "account.sign_in_refused", "account.signed_out",
		"api_token.created", "api_token.revoked", "questionnaire.published",
	} {
		if all[action] == 0 {
			t.Errorf("the product's trail lacks %s", action)
		}
	}
}

// wantSilent checks that a trail holds none of the secrets.
func wantSilent(t *testing.T, trail []surveys.AuditEntry, secrets []string) {
	t.Helper()
	text, err := json.Marshal(trail)
	must(t, err)
	for _, secret := range secrets {
		if strings.Contains(string(text), secret) {
			t.Errorf("the trail holds %q", secret)
		}
	}
}

// changeEverything makes each kind of change and returns what must not be told.
func (w *world) changeEverything(t *testing.T) (secrets []string) {
	t.Helper()
	id, link := w.programme.ID, w.links[questionnaire.WavePre]
	w.clock.pass(time.Minute)
	must(t, second(w.CreateInstitution(w.ctx, surveys.Institution{Programme: id, Name: "Garn"})))
	must(t, second(w.CreateAccount(w.ctx, surveys.Account{Name: "Fay", Email: "fay@example.org"}, "the password of Fay")))
	must(t, w.Grant(w.ctx, "fay@example.org", id, []surveys.Role{surveys.RoleFacilitator}))
	pre := w.answered(t, questionnaire.WavePre, "response_pre", nil)
	post := w.answered(t, questionnaire.WavePost, "response_post", nil)
	must(t, second(w.importAll(t, incoming("incoming_one", `{"stress": 1, "why": "imported words"}`))))
	must(t, w.Decide(w.ctx, id, "pupils", surveys.Reading{Response: pre, Variable: "why", Status: surveys.QuoteApproved, Text: "the garden"}))
	must(t, w.DecidePair(w.ctx, id, "pupils", pairing.Decision{Pre: string(pre), Post: string(post)}))
	must(t, second(w.SetLinkOpen(w.ctx, id, link.ID, false)))
	must(t, second(w.SetLinkOpen(w.ctx, id, link.ID, true)))
	token, err := w.CreateAPIToken(w.ctx, everything("nightly"))
	must(t, err)
	tokens, err := w.APITokens(w.ctx)
	must(t, err)
	must(t, w.RevokeAPIToken(w.ctx, tokens[0].ID))
	w.guess(t, t.Context(), ownerEmail, "network", surveys.KindUnauthenticated)
	step, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
	must(t, err)
	must(t, w.SignOut(w.ctx, step.Secret))
	return []string{"garden", "Xanthippe", "imported words", password, "the password of Fay", token, token[4:], step.Secret, step.Device, link.Token, ownerEmail, "argon2"}
}
