package surveys_test

import (
	"strings"
	"sync"
	"testing"

	"soundings/surveys"
)

func TestStatementsAreKeptOnceAndNumbered(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		key := surveys.EditKey(surveys.StatementPrivacy, "readers", "en")
		said := surveys.Statements{Controller: " Council ", Edits: map[string]surveys.SummaryEdit{
			key:    {Text: "Ours", Proposed: "Theirs"},
			"none": {Text: "As proposed", Proposed: "As proposed"},
		}}
		must(t, w.SaveStatements(w.ctx, w.programme.ID, said))
		if err := w.SaveStatements(w.ctx, w.programme.ID, said); surveys.KindOf(err) != surveys.KindConflict {
			t.Errorf("saved over a newer one: %v", err)
		}
		kept, err := w.Statements(w.ctx, w.programme.ID)
		must(t, err)
		if kept.Controller != "Council" || len(kept.Edits) != 1 || kept.Edits[key].Name != "Olu Owner" || !kept.Edits[key].At.Equal(origin) {
			t.Errorf("kept %+v", kept)
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				parts := map[string][]surveys.StatementPart{"en": {{ID: "readers", Text: "Ours", Lang: "en"}}}
				if _, err := w.PublishStatement(w.ctx, w.programme.ID, surveys.StatementPrivacy, parts); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		all, err := w.Issues(w.ctx, w.programme.ID, surveys.StatementPrivacy)
		must(t, err)
		for i, issue := range all {
			if issue.Number != i+1 {
				t.Errorf("issue %d is number %d", i+1, issue.Number)
			}
		}
		if len(all) != 4 {
			t.Errorf("%d issues, want 4", len(all))
		}
		inv, err := w.Invitation(w.ctx, w.token())
		must(t, err)
		if shown, _, err := w.ShownStatement(t.Context(), inv, surveys.StatementPrivacy); err != nil || shown.Number != 4 {
			t.Errorf("shown is %d %v, want the last", shown.Number, err)
		}
		if _, _, err := w.ShownStatement(t.Context(), inv, surveys.StatementAssessment); surveys.KindOf(err) != surveys.KindNotFound {
			t.Errorf("the team's own assessment is shown: %v", err)
		}
	})
}

func TestAssessmentFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	whole := func(f surveys.StatementFacts, said surveys.Statements) string {
		var all strings.Builder
		for _, p := range surveys.Assessment(f, said) {
			all.WriteString(p.ID + ": " + p.Title + "\n" + p.Text + "\n")
		}
		return all.String()
	}
	bare := whole(surveys.StatementFacts{Name: "Calm schools"}, surveys.Statements{})
	for _, thing := range []string{"Children answer", "keyed hashes", "E-mail addresses", "risk.disclosure", "risk.quoted", "risk.linked", "risk.contacts", "ask to be contacted"} {
		if strings.Contains(bare, thing) {
			t.Errorf("a programme without it says %q", thing)
		}
	}
	f := surveys.StatementFacts{
		Name: "Calm schools", Children: true, Codes: true, Letters: true, Quotes: true, OpenAnswers: true, Approaches: true,
		Cohorts: 1, Institutions: 2, SmallestGroup: 7, Lead: true, Deputy: true, HelpLines: 3,
	}
	full := whole(f, surveys.Statements{Basis: surveys.BasisTask, Officer: "Dana Officer"})
	for _, thing := range []string{"Children answer", "keyed hashes", "E-mail addresses", "risk.disclosure", "risk.quoted", "risk.linked", "risk.contacts", "at least 7 people", "1 cohort and 2 institutions", "article 6(1)(e)", "Dana Officer", "reminded after a working day", "has not been set"} {
		if !strings.Contains(full, thing) {
			t.Errorf("a programme with it does not say %q", thing)
		}
	}
	if strings.Contains(full, "[Name a safeguarding lead") {
		t.Error("a lead who is named is asked for")
	}
}

func TestStatementFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, err := w.StatementFacts(t.Context(), w.programme)
	must(t, err)
	if f.Name != "Calm schools" || f.Cohorts != 1 || f.Institutions != 0 || f.SmallestGroup != 5 || f.Letters || f.Approaches || len(f.Until) != 0 || len(f.Languages) == 0 {
		t.Errorf("facts %+v", f)
	}
}
