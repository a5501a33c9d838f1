package demo

import (
	"context"
	"fmt"

	"soundings/surveys"
)

// The addresses of the accounts that look after concerns. Nobody reads them.
const (
	LeadEmail   = "lead@example.org"
	DeputyEmail = "deputy@example.org"
)

// actions are what was done about the first concerns of a programme that has some; the
// others wait.
var actions = []surveys.ConcernAction{
	{Kind: surveys.StepTalked, Note: "Spoke to the head teacher: the school knows, and somebody of the school talks to the class today.", Then: surveys.ConcernOpen},
	{Kind: surveys.StepReferred, Note: "Referred to children’s social care by telephone. They take it on.", Then: surveys.ConcernKept},
	{Kind: surveys.StepNoConcern, Note: "Said about a game that was played.", Then: surveys.ConcernReleased},
}

// care appoints a lead and a deputy in every programme and lets the lead do something
// about a few concerns. It returns the lead's password.
func (l *loader) care(ctx context.Context) (string, error) {
	password, err := l.carers(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range l.programmes {
		if err := l.service.SetSafeguarding(ctx, p.ID, surveys.SafeguardingPlan{Lead: LeadEmail, Deputy: DeputyEmail, Letters: true}); err != nil {
			return "", fmt.Errorf("appointing a safeguarding lead: %w", err)
		}
	}
	if _, err := l.service.MarkAnswers(ctx); err != nil {
		return "", err
	}
	accounts, err := l.service.Accounts(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.Email == LeadEmail {
			ctx = surveys.WithAccount(ctx, a)
		}
	}
	for _, p := range l.programmes {
		if err := act(ctx, l.service, p.ID); err != nil {
			return "", fmt.Errorf("doing something about concerns: %w", err)
		}
	}
	return password, nil
}

// carers makes the two accounts, and returns the lead's password.
func (l *loader) carers(ctx context.Context) (string, error) {
	lead, err := drawPassword()
	if err != nil {
		return "", err
	}
	deputy, err := drawPassword()
	if err != nil {
		return "", err
	}
	for _, one := range []struct{ name, email, password string }{{"Demo lead", LeadEmail, lead}, {"Demo deputy", DeputyEmail, deputy}} {
		if _, err := l.service.CreateAccount(ctx, surveys.Account{Name: one.name, Email: one.email}, one.password); err != nil {
			return "", fmt.Errorf("making an account: %w", err)
		}
	}
	return lead, nil
}

// act does something about the least urgent concerns of a programme, so that the worst
// still wait.
func act(ctx context.Context, service *surveys.Service, id surveys.ProgrammeID) error {
	all, err := service.Concerns(ctx, id, false)
	if err != nil {
		return err
	}
	for i, a := range actions {
		if at := len(all) - 1 - i; at > 0 {
			opened, err := service.OpenConcern(ctx, id, all[at].ID)
			if err != nil {
				return err
			}
			a.Programme, a.ID, a.Revision = id, opened.ID, opened.Revision
			if err := service.ActOnConcern(ctx, a); err != nil {
				return err
			}
		}
	}
	return nil
}
