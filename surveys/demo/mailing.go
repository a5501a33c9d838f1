package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// setUpMailing gives the programme of council staff some addresses that reach
// nobody, and plans a mailing that nobody has started. It does nothing where no
// address may be kept.
func (l *loader) setUpMailing(ctx context.Context) error {
	if !l.service.KeepsAddresses() {
		return nil
	}
	i := slices.IndexFunc(l.programmes, func(p surveys.Programme) bool { _, ok := p.Strand("staff"); return ok })
	p := l.programmes[i]
	cohorts, err := l.service.Cohorts(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("listing cohorts to write to: %w", err)
	}
	in := surveys.ContactsImport{Programme: p.ID, Strand: "staff", Agreed: true}
	for n := range 12 {
		in.Rows = append(in.Rows, surveys.ContactRow{
			Number: n + 1, Address: fmt.Sprintf("colleague%d@council.example", n+1), Cohort: cohorts[n%min(3, len(cohorts))].Name,
		})
	}
	if _, err := l.service.AddContacts(ctx, in); err != nil {
		return fmt.Errorf("adding addresses: %w", err)
	}
	at := l.service.Now().Truncate(time.Hour)
	_, err = l.service.SaveMailing(ctx, surveys.Mailing{Programme: p.ID, Strand: "staff", Wave: questionnaire.WavePost, At: map[surveys.Step]time.Time{
		surveys.StepInvitation: at, surveys.StepReminder: at.AddDate(0, 0, 7), surveys.StepLastReminder: at.AddDate(0, 0, 14),
	}})
	if err != nil {
		return fmt.Errorf("planning a mailing: %w", err)
	}
	return nil
}
