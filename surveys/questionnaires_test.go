package surveys_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestQuestionnaires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := w.programme.Strands[0].Questionnaire
	w.clock.pass(time.Hour)
	_, err := w.Publish(w.ctx, used, definition(t))
	must(t, err)
	_, err = w.Publish(w.ctx, "another", definition(t))
	must(t, err)
	all, err := w.Questionnaires(w.ctx)
	must(t, err)
	if len(all) != 2 || all[0].ID != "another" || all[1].ID != used {
		t.Fatalf("Questionnaires = %+v, want another and %s", all, used)
	}
	if all[0].Version != 1 || len(all[0].Programmes) != 0 || all[1].Version != 2 || !slices.Equal(all[1].Programmes, []surveys.ProgrammeID{w.programme.ID}) {
		t.Errorf("Questionnaires = %+v, want version 1 unused and version 2 used", all)
	}
	if all[0].Questions == 0 || all[0].Title["en"] == "" || len(all[0].Languages) == 0 || all[0].Published.IsZero() {
		t.Errorf("Questionnaires = %+v, want title, languages, questions and moment", all[0])
	}
	newest, err := w.Questionnaire(w.ctx, used)
	must(t, err)
	if got := newest.Version().Number; got != 2 {
		t.Errorf("Questionnaire: version = %d, want 2", got)
	}
	_, err = w.Questionnaire(w.ctx, "nothing")
	wantError(t, "Questionnaire of nothing", err, surveys.KindNotFound, "questionnaire.not_found")
	for id, want := range map[questionnaire.ID]bool{used: true, "nothing": false} {
		if got, err := w.Published(t.Context(), id); got != want || err != nil {
			t.Errorf("Published(%s) = %v, %v, want %v", id, got, err, want)
		}
	}
}

// TestQuestionnairesAreForDesigners asks as each role.
func TestQuestionnairesAreForDesigners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, call := range map[string]func(context.Context) error{
		"Questionnaires": func(ctx context.Context) error { return second(w.Questionnaires(ctx)) },
		"Questionnaire": func(ctx context.Context) error {
			return second(w.Questionnaire(ctx, w.programme.Strands[0].Questionnaire))
		},
	} {
		wantError(t, name+" signed out", call(t.Context()), surveys.KindUnauthenticated, "account.sign_in")
		must(t, call(surveys.WithAccount(t.Context(), surveys.Account{ID: "bare", Owner: true})))
		for _, role := range surveys.Roles() {
			err := call(w.holding(t, role))
			if slices.Contains(surveys.RolesWith(surveys.MayDesign), role) {
				must(t, err)
			} else {
				wantError(t, name+" as "+string(role), err, surveys.KindForbidden, "account.not_allowed")
			}
		}
	}
}

// TestOpenAnswer reads one answer as OpenAnswers lists it.
func TestOpenAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	response, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(questionnaire.Raw{"why": {"It helped."}})})
	must(t, err)
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: response.ID, Variable: "why", Cleared: true}))
	all, err := w.OpenAnswers(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	i := slices.IndexFunc(all, func(a surveys.OpenAnswer) bool { return a.Variable == "why" })
	if i < 0 {
		t.Fatalf("OpenAnswers = %+v, want why", all)
	}
	one, err := w.OpenAnswer(w.ctx, w.programme.ID, "pupils", response.ID, "why")
	must(t, err)
	if one.Text != all[i].Text || !reflect.DeepEqual(one.Reading, all[i].Reading) || !one.Submitted.Equal(all[i].Submitted) || one.Consented != all[i].Consented {
		t.Errorf("OpenAnswer = %+v, want %+v", one, all[i])
	}
	_, err = w.OpenAnswer(w.ctx, w.programme.ID, "pupils", response.ID, "nothing")
	wantError(t, "OpenAnswer of no variable", err, surveys.KindNotFound, "response.unknown")
	_, err = w.OpenAnswer(w.ctx, w.programme.ID, "no_strand", response.ID, "why")
	wantError(t, "OpenAnswer of another strand", err, surveys.KindNotFound, "response.unknown")
}

// TestProgrammeSaysAllThatIsWrong sends a plan with several mistakes.
func TestProgrammeSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	p := plan()
	p.Name, p.From, p.Zone = "", "soon", "Nowhere"
	p.Strands[0].Block = ""
	err := surveys.CheckProgramme(p)
	wantField(t, "CheckProgramme", err, "name")
	var e *surveys.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	for _, control := range []string{"name", "from", "zone", "strands[0].block"} {
		if _, ok := e.Fields.For(control); !ok {
			t.Errorf("CheckProgramme: %v, want %s among them", e.Fields, control)
		}
	}
}

// TestRefusedSignInIsWrittenDown for an address that somebody has, and for one
// that nobody has, which the trail does not name.
func TestRefusedSignInIsWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, email := range []string{ownerEmail, "nobody@example.org"} {
		_, err := w.SignIn(t.Context(), email, "not the password", surveys.Visitor{Network: "network"})
		wantError(t, email, err, surveys.KindUnauthenticated, "account.wrong_sign_in")
		trail, err := w.AuditTrail(w.ctx, "")
		must(t, err)
		wantSilent(t, trail, []string{"nobody@example.org"})
		refused := slices.DeleteFunc(trail, func(e surveys.AuditEntry) bool { return e.Action != "account.sign_in_refused" })
		if len(refused) != i+1 {
			t.Errorf("after %d refusals the trail has %d", i+1, len(refused))
		}
	}
}
