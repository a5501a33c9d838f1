package surveys

import (
	"context"
	"log/slog"
	"time"
)

// What tests of other packages see of this one.
var (
	Once           = (*Service).once
	Hold           = (*Service).hold
	DestroyDeleted = (*Service).destroyDeleted
	TidyRooms      = (*Service).tidyRooms
	ForgetBegun    = (*Service).forgetBegun
	TidyExports    = (*Service).tidyExports
	DestroyKeys    = (*Service).destroyKeys
	KeepAlert      = (*Service).alert
	ForgetOld      = (*Service).forgetOldAlerts

	LookAfterApproaches = (*Service).lookAfterApproaches
)

// TakeDaysOff says on which days nobody of a programme works.
func TakeDaysOff(s *Service, ctx context.Context, programme ProgrammeID, days ...string) error {
	_, err := change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		p.Safeguarding.Holidays = days
		return nil
	})
	return err
}

// NameLeads names a programme's lead and deputy.
func NameLeads(s *Service, ctx context.Context, programme ProgrammeID, lead, deputy AccountID) error {
	_, err := change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		p.Safeguarding.Lead, p.Safeguarding.Deputy = lead, deputy
		return nil
	})
	return err
}

// ImportNow imports a file whatever else is under way, as two who begin in the same
// moment do.
func (s *Service) ImportNow(ctx context.Context, u Upload) error {
	j, err := s.startJob(ctx, Job{Kind: JobImport, Programme: u.Programme, Strand: u.Strand, Upload: u.ID, File: u.Name, Mapping: u.Mapping, Policy: PolicySkip})
	if err != nil {
		return err
	}
	return s.workJob(ctx, Record{ID: string(j.ID), At: s.moment()})
}

// Repeat does one chore as Work does.
func Repeat(s *Service, ctx context.Context, name string, every time.Duration, run func(context.Context) error, log *slog.Logger) {
	s.repeat(ctx, chore{name, every, run, nil}, log)
}

// RepeatExports does the chore that makes files as Work does, without its ticks.
func RepeatExports(s *Service, ctx context.Context) {
	s.repeat(ctx, chore{"exports", time.Hour, s.WorkExports, s.exportAsked}, slog.New(slog.DiscardHandler))
}

// MarkedParts is how many parts of a dataset its mark is made of.
func MarkedParts(d *Dataset) int { return len(d.parts()) }

// EndingKinds are the kinds in the table of what retention destroys.
func EndingKinds() []RecordKind {
	var kinds []RecordKind
	for _, e := range endings {
		kinds = append(kinds, e.kind)
	}
	return kinds
}

// EndingsWithoutReason are rows that say neither by which step nor why not.
func EndingsWithoutReason() []string {
	var wrong []string
	for _, e := range endings {
		if (e.step == "") == (e.why == "") || (e.step == "") != (e.find == nil) {
			wrong = append(wrong, "row "+string(e.kind)+" says neither how it goes nor why it is kept, or both")
		}
	}
	return wrong
}

// StepOf is the step of retention by which a kind goes; "" if none.
func StepOf(kind RecordKind) RetentionStep {
	e, _ := endingOf(kind)
	return e.step
}

// FoundOf are the ids of the records of a kind that retention finds in a programme.
func FoundOf(ctx context.Context, s *Service, id ProgrammeID, kind RecordKind) (map[string]bool, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return nil, err
	}
	e, _ := endingOf(kind)
	all, err := e.find(ctx, s, &p)
	ids := map[string]bool{}
	for _, one := range all {
		ids[one.ID] = true
	}
	return ids, err
}
