package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
)

// firstYear is the programme of which the first step of retention is done.
const firstYear = "Stronger Families, the year before"

// Retire adds to a demonstration what is seen of retention: a programme whose clock
// runs, with a step that is near, and one whose linkage keys are destroyed. service
// needs to make files, since figures are frozen.
func Retire(ctx context.Context, service *surveys.Service, loaded Result) error {
	l := loaded.loader
	l.service = service
	ctx, err := l.refresh(surveys.WithAccount(ctx, l.account))
	if err != nil {
		return err
	}
	today := service.Now()
	if err := l.runClock(ctx, l.programme[forms[1]], today, 0); err != nil {
		return fmt.Errorf("setting a clock: %w", err)
	}
	old, err := l.copyFirst(ctx)
	if err != nil {
		return fmt.Errorf("copying a programme: %w", err)
	}
	if ctx, err = l.refresh(ctx); err != nil {
		return err
	}
	if err := l.sendAgain(ctx, old, loaded.lines); err != nil {
		return fmt.Errorf("answering last year: %w", err)
	}
	if err := l.runClock(ctx, old, today, -30); err != nil {
		return fmt.Errorf("setting a clock: %w", err)
	}
	for _, before := range []time.Duration{20 * time.Minute, 10 * time.Minute, 0} { // it waits between for what is under way
		if err := service.At(today.Add(-before)).Retain(ctx); err != nil {
			return fmt.Errorf("retiring a programme: %w", err)
		}
	}
	return nil
}

// runClock lets the clock of a programme count from a day before or after today.
func (l *loader) runClock(ctx context.Context, id surveys.ProgrammeID, today time.Time, days int) error {
	_, err := l.service.SetRetention(ctx, id, surveys.RetentionAsk{
		Start: today.AddDate(0, 0, days).Format(time.DateOnly), Quotes: surveys.QuotesInFiles, Confirm: true,
		Spans: map[surveys.RetentionStep]surveys.Span{
			surveys.StepLinkages: {N: 25, Unit: surveys.SpanDays}, surveys.StepContacts: {N: 3, Unit: surveys.SpanMonths},
			surveys.StepTexts: {N: 12, Unit: surveys.SpanMonths}, surveys.StepAnswers: {N: 24, Unit: surveys.SpanMonths},
		},
	})
	return err
}

// copyFirst copies the smallest programme with its cohorts and links.
func (l *loader) copyFirst(ctx context.Context) (surveys.ProgrammeID, error) {
	made, err := l.service.CopyProgramme(ctx, l.programme[forms[0]], surveys.ProgrammeCopy{
		Key: "demo_first_year_0", Name: firstYear, From: "2022-09-01", To: "2023-08-31", Cohorts: true, Links: true,
	})
	return made.ID, err
}

// sendAgain sends the forms of the smallest programme a year earlier, under other ids.
func (l *loader) sendAgain(ctx context.Context, id surveys.ProgrammeID, lines []*filled) error {
	tokens, err := l.tokensOf(ctx, id)
	if err != nil {
		return err
	}
	mine := slices.DeleteFunc(slices.Clone(lines), func(f *filled) bool { return f.form != forms[0] || tokens[place{f.form, f.cohort, f.wave}] == "" })
	return each(ctx, mine, func(ctx context.Context, f *filled) error {
		submission, err := l.asked[f.form].submission(f)
		if err != nil {
			return err
		}
		submission.ID = surveys.ResponseID("b" + string(submission.ID)[1:])
		submission.Started = submission.Started.AddDate(-1, 0, 0)
		_, err = l.service.At(f.submitted.AddDate(-1, 0, 0)).Submit(ctx, tokens[place{f.form, f.cohort, f.wave}], submission)
		return err
	})
}

// tokensOf are the links of a programme by the name of their cohort and the wave.
func (l *loader) tokensOf(ctx context.Context, id surveys.ProgrammeID) (map[place]string, error) {
	cohorts, err := l.service.Cohorts(ctx, id)
	if err != nil {
		return nil, err
	}
	links, err := l.service.Links(ctx, id)
	if err != nil {
		return nil, err
	}
	tokens := map[place]string{}
	for _, link := range links {
		i := slices.IndexFunc(cohorts, func(c surveys.Cohort) bool { return c.ID == link.Cohort })
		if i >= 0 {
			tokens[place{forms[0], cohorts[i].Name, link.Wave}] = link.Token
		}
	}
	return tokens, nil
}
