package demo

import (
	"context"
	"fmt"

	"soundings/surveys"
)

// answerForAll does it for every programme, once all of it is set up.
func (l *loader) answerForAll(ctx context.Context) error {
	for _, p := range l.programmes {
		if err := answerForIt(ctx, l.service, p.ID); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// answerForIt says who is responsible for a programme, and publishes its impact
// assessment as it follows from how the programme is set up.
func answerForIt(ctx context.Context, service *surveys.Service, id surveys.ProgrammeID) error {
	p, err := service.Programme(ctx, id) // as it is by now
	if err != nil {
		return err
	}
	said := surveys.Statements{
		Controller: "Made-up Council", Contact: "data@council.example", Officer: "Dana Officer", Basis: surveys.BasisTask,
		Edits: map[string]surveys.SummaryEdit{
			surveys.EditKey(surveys.StatementAssessment, "consultation", "en"): {
				Text:     "Two schools, a parents' group and the safeguarding lead read the questions and this assessment. They asked for fewer questions about home, and two were taken out. All of it is made up.",
				Proposed: "[Say whom you asked, and what came of it: schools, parents or those who answer, the safeguarding lead, the data protection officer, whoever runs the server.]",
			},
		},
	}
	if err := service.SaveStatements(ctx, p.ID, said); err != nil {
		return fmt.Errorf("saying who is responsible: %w", err)
	}
	facts, err := service.StatementFacts(ctx, p)
	if err != nil {
		return fmt.Errorf("gathering what a programme does: %w", err)
	}
	parts := surveys.Assessment(facts, said)
	for i := range parts {
		if edit, ok := said.Edits[surveys.EditKey(surveys.StatementAssessment, parts[i].ID, "en")]; ok {
			parts[i].Text = edit.Text
		}
	}
	if _, err := service.PublishStatement(ctx, p.ID, surveys.StatementAssessment, map[string][]surveys.StatementPart{"en": parts}); err != nil {
		return fmt.Errorf("publishing an assessment: %w", err)
	}
	return nil
}
