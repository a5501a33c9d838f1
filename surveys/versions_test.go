package surveys_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	def := definition(t)
	def.Title["en"] = "Your views again"
	_, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	all, err := w.Versions(w.ctx, "views")
	must(t, err)
	if len(all) != 2 || all[0].Number != 2 || all[0].Title["en"] != "Your views again" || all[1].By != "Olu Owner" || all[1].Questions != 9 {
		t.Errorf("Versions = %+v", all)
	}
	newest, err := w.Version(w.ctx, "views", 0)
	must(t, err)
	if newest.Number != 2 {
		t.Errorf("Version 0 = %d, want the newest", newest.Number)
	}
	_, err = w.Versions(w.ctx, "nothing")
	wantError(t, "Versions of nothing", err, surveys.KindNotFound, "questionnaire.not_found")
	_, err = w.Version(w.ctx, "views", 3)
	wantError(t, "Version 3", err, surveys.KindNotFound, "questionnaire.not_found")
}

// TestRetire: what is retired takes nothing new, and what goes on goes on.
func TestRetire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := w.links[questionnaire.WavePost]
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, post.ID, false)
	must(t, err)
	_, err = w.StartDraft(w.ctx, "views")
	must(t, err)
	c := w.edit(t, func(d *questionnaire.Definition) { d.Thanks = questionnaire.Text{"en": "Thank you", "ar": "شكرا"} })

	must(t, w.Retire(w.ctx, "views"))
	must(t, w.Retire(w.ctx, "views"))
	wantError(t, "Retire of nothing", w.Retire(w.ctx, "nothing"), surveys.KindNotFound, "questionnaire.not_found")

	_, err = w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	must(t, err)
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, true)
	must(t, err)
	_, err = w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	for name, err := range map[string]error{
		"CreateLink":       second(w.CreateLink(w.ctx, surveys.Link{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre})),
		"opening a closed": second(w.SetLinkOpen(w.ctx, w.programme.ID, post.ID, true)),
		"CreateProgramme":  second(w.CreateProgramme(w.ctx, plan())),
		"Publish":          second(w.Publish(w.ctx, "views", definition(t))),
		"PublishDraft":     second(w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Fallback: arabic})),
	} {
		wantError(t, name, err, surveys.KindInvalid, "questionnaire.retired")
	}

	listed := func() bool {
		t.Helper()
		list, err := w.Questionnaires(w.ctx)
		must(t, err)
		return list[0].Retired
	}
	if !listed() {
		t.Error("Questionnaires does not say that it is retired")
	}
	must(t, w.Reinstate(w.ctx, "views"))
	must(t, w.Reinstate(w.ctx, "views"))
	if listed() {
		t.Error("Questionnaires says that it is still retired")
	}
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, post.ID, true)
	must(t, err)
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Fallback: arabic})
	must(t, err)

	trail, err := w.AuditTrail(w.ctx, "")
	must(t, err)
	var actions []string
	for _, entry := range trail {
		if entry.What == "views" || entry.What == "views@000002" {
			actions = append(actions, entry.Action)
		}
	}
	slices.Sort(actions) // all of one moment
	if diff := cmp.Diff([]string{"draft.started", "questionnaire.published", "questionnaire.reinstated", "questionnaire.retired"}, actions); diff != "" {
		t.Errorf("audit trail (-want +got)\n%s", diff)
	}
}
