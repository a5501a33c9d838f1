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
	ForgetAlerts   = (*Service).forgetAlerts
	ForgetOld      = (*Service).forgetOldAlerts
)

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
