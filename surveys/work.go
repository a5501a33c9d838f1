package surveys

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"
)

// chore is work that nobody asks for by a request. Every instance runs every
// chore; what is to be done once takes a lease (see hold and once).
type chore struct {
	name  string
	every time.Duration
	run   func(context.Context) error
	wake  <-chan struct{} // also when something comes of it; nil: only every so often
}

// chores lists all of them.
func (s *Service) chores() []chore {
	return []chore{
		{"clean trials", 6 * time.Hour, func(ctx context.Context) error { _, err := s.CleanTrials(ctx); return err }, nil},
		{"forget claims", time.Hour, s.forgetClaims, nil},
		{"destroy what was deleted", time.Hour, s.destroyDeleted, nil},
		// Rooms.
		{"tidy rooms", 6 * time.Hour, s.tidyRooms, nil},
		{"forget who began", time.Hour, s.forgetBegun, nil},
		// Cards.
		// Packs and the board.
		// Mailings.
		{"send letters", lettersEvery, func(ctx context.Context) error { _, err := s.SendLetters(ctx); return err }, nil},
		// Paper.
		// Old data.
		{"jobs", jobsEvery, s.WorkJobs, nil},
		{"clean uploads", time.Hour, s.cleanUploads, nil},
		// Exports.
		{"exports", exportsEvery, s.WorkExports, s.exportAsked},
		{"more exports", exportsEvery, s.WorkExports, s.exportAsked}, // a small one does not wait for a large one
		{"tidy exports", exportsTidied, s.tidyExports, nil},
		// Accounts.
		{"send links for passwords", 20 * time.Second, s.SendResets, nil},
		{"forget what has ended", time.Hour, s.forgetEnded, nil},
		{"forget roles by group", time.Hour, s.forgetOldGroups, nil},
		// Safeguarding and alerts.
		{"send alerts", alertsEvery, func(ctx context.Context) error { _, err := s.SendAlerts(ctx); return err }, nil},
		{"mark answers", marksEvery, func(ctx context.Context) error { _, err := s.MarkAnswers(ctx); return err }, s.marksAsked},
		{"notices of concerns", noticesEvery, s.SendNotices, nil},
		{"forget alerts", 6 * time.Hour, s.forgetOldAlerts, nil},
		{"look after approaches", approachesLookedAfter, s.lookAfterApproaches, nil},
		// Retention.
		{"retention", retentionEvery, s.keepRetention, nil},
		// Backups.
		{"back up", backupsEvery, s.WorkBackups, s.backupAsked},
	}
}

// Work does the chores until ctx ends, each in its own rhythm and never twice at
// once here. What fails is told in the log and tried again in its time.
func (s *Service) Work(ctx context.Context, log *slog.Logger) {
	ended := make(chan struct{})
	all := s.chores()
	for _, one := range all {
		go func() {
			s.repeat(ctx, one, log)
			ended <- struct{}{}
		}()
	}
	for range all {
		<-ended
	}
}

// survive runs c, and turns a panic into an error: one mistake in it would end the
// program, and every request with it.
func (c chore) survive(ctx context.Context) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = PanicError(said)
		}
	}()
	return c.run(ctx)
}

// PanicError is what was said by a panic as an error that tells where it was. What
// was said may be something typed, and is told only if the runtime said it.
func PanicError(said any) error {
	if mistake, ok := said.(runtime.Error); ok {
		return fmt.Errorf("panic: %w\n%s", mistake, debug.Stack())
	}
	return fmt.Errorf("panic with a %T\n%s", said, debug.Stack())
}

func (s *Service) repeat(ctx context.Context, one chore, log *slog.Logger) {
	next := time.NewTicker(one.every)
	defer next.Stop()
	for ctx.Err() == nil {
		began := s.now()
		err := one.survive(ctx)
		if ctx.Err() != nil {
			return
		}
		s.tellChore(one.name, began, err)
		if err != nil {
			log.Error("chore", slog.String("name", one.name), slog.String("cause", err.Error()))
		}
		select {
		case <-next.C:
		case <-one.wake:
		case <-ctx.Done():
		}
	}
}
