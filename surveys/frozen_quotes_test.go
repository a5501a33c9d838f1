package surveys_test

import (
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// TestFrozenQuoteGoes: once a quote may not be shown any more, since the lead shuts its
// answer out or its writer takes the consent back, no frozen file has it.
func TestFrozenQuoteGoes(t *testing.T) {
	t.Parallel()
	for name, shut := range map[string]func(e *ending, r surveys.Response) error{
		"raised": func(e *ending, r surveys.Response) error {
			_, err := e.RaiseFromReading(e.as(t, "lead@example.org"), e.programme.ID, "pupils", surveys.ReadingKey{Response: r.ID, Variable: "why"})
			return err
		},
		"approval taken back": func(e *ending, r surveys.Response) error {
			answer, err := e.OpenAnswer(e.ctx, e.programme.ID, "pupils", r.ID, "why")
			must(t, err)
			return e.Decide(e.ctx, e.programme.ID, "pupils", surveys.Reading{Response: r.ID, Variable: "why", Revision: answer.Reading.Revision, Cleared: true, Status: surveys.QuoteRefused})
		},
		"agreement taken back": func(e *ending, r surveys.Response) error {
			must(t, e.SetChildren(e.ctx, e.programme.ID, "pupils", true))
			return second(e.SetAgreement(e.ctx, e.programme.ID, r.Cohort, "", ""))
		},
		"children answer, after all": func(e *ending, r surveys.Response) error {
			return e.SetChildren(e.ctx, e.programme.ID, "pupils", true)
		},
		"consent taken back": func(e *ending, r surveys.Response) error {
			return e.TakeConsentBackFor(e.ctx, e.programme.ID, surveys.ReceiptOf(r.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := smallEnding(t, 2)
			e.Service = e.WithFiles(keeper{})
			_, err := e.Submit(t.Context(), e.token(), surveys.Submission{ID: "0123456789abcdef0123456789abcdef", Raw: form(questionnaire.Raw{"why": {"It was calm."}})})
			must(t, err)
			must(t, e.ClearAndQuote(t, "0123456789abcdef0123456789abcdef", "It was calm."))
			e.colleague(t, "lead@example.org")
			must(t, e.SetSafeguarding(e.ctx, e.programme.ID, surveys.SafeguardingPlan{Lead: "lead@example.org"}))
			quoted, err := e.StoredResponse(e.ctx, e.programme.ID, "pupils", "0123456789abcdef0123456789abcdef")
			must(t, err)
			e.clock.pass(35 * 24 * time.Hour)
			e.rounds(t, e.Service)
			file := func(name string) error {
				return second(e.FrozenFile(e.ctx, e.programme.ID, "pupils", surveys.ProfileInternal, name))
			}
			must(t, file("publication.xlsx"))
			must(t, shut(e, quoted))
			wantError(t, "the file with the quote", file("publication.xlsx"), surveys.KindNotFound, "export.no_file")
			must(t, file(surveys.FrozenReport))
		})
	}
}
