package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// Limits of the reports of one instance.
const (
	reportsKept    = 100                    // in memory; the one that was looked at longest ago goes
	reportsAtOnce  = 2                      // built; each takes all processors and, of a large strand, much memory
	reportsWaiting = 20                     // to be built; more are refused
	reportPatience = time.Second            // see reports.patience
	glancePatience = 200 * time.Millisecond // how long it waits for what it only mentions
	reportTime     = exportTime             // then a build is given up
)

// reports keeps the newest report of each strand, profile and filter for as long as
// nothing it is made of has changed. It holds figures, no answers. Each is built once
// however many ask, and goes on being built when they have left: who comes back finds
// it. Another instance builds its own.
type reports struct {
	mu      sync.Mutex
	kept    map[string]*keptReport
	clock   int // counts what is asked
	waiting int // builds begun and not ended
	turn    turns

	patience time.Duration // how long a page waits before it says how far a report is
	running  sync.WaitGroup
}

// keptReport is one report, the mark of what it was made of, and the build of a
// newer one. It is guarded by reports.mu.
type keptReport struct {
	mark   string
	report *outcomes.Report
	build  *building // nil: none is under way
	begun  int       // reports.clock when the build of report began
	asked  int       // and when report was asked for last
}

// building is one report being made.
type building struct {
	mark   string
	begun  int
	cancel context.CancelFunc
	read   atomic.Int64  // responses
	done   chan struct{} // closed when it has ended; err is read after that
	err    error
}

// reportAsk says which report is wanted, and how long to wait for it.
type reportAsk struct {
	profile  surveys.Profile
	filter   surveys.Filter    // normal
	earlier  []surveys.Release // of the strand; the published profile gives nothing away with them
	patience time.Duration     // 0: until it is made
}

// reportState is how far a report is.
type reportState struct {
	report    *outcomes.Report // nil: there is none yet
	stale     bool             // something has changed since report was made; a new one is on its way
	read, all int              // responses, where report is nil or stale
}

// report returns a strand's data and the report on it as ask says; the account needs
// to be its evaluator. It is built again when a response, a decision or the plan has
// changed.
func (s *Server) report(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, ask reportAsk) (*surveys.Dataset, reportState, error) {
	data, err := s.surveys.Dataset(ctx, programme, strand)
	if err != nil {
		return nil, reportState{}, err
	}
	if err := data.CheckFilter(ask.filter); err != nil {
		return nil, reportState{}, err
	}
	mark, err := data.Mark(ctx)
	if err != nil {
		return nil, reportState{}, err
	}
	state, err := s.awaitReport(ctx, data, mark, ask)
	return data, state, err
}

// withEarlier adds to a published ask what of the strand was released before.
func (s *Server) withEarlier(ctx context.Context, data *surveys.Dataset, ask reportAsk) (reportAsk, error) {
	if ask.profile != surveys.ProfilePublished {
		return ask, nil
	}
	var err error
	ask.earlier, err = s.surveys.Releases(ctx, data.Programme.ID, data.Strand.ID)
	return ask, err
}

// awaitReport waits for the report of this mark, and says how far it is if that takes
// longer than ask has patience.
func (s *Server) awaitReport(ctx context.Context, data *surveys.Dataset, mark string, ask reportAsk) (reportState, error) {
	ask, err := s.withEarlier(ctx, data, ask)
	if err != nil {
		return reportState{}, err
	}
	key, err := ask.key(data)
	if err != nil {
		return reportState{}, err
	}
	late := make(<-chan time.Time)
	if ask.patience > 0 {
		timer := time.NewTimer(ask.patience)
		defer timer.Stop()
		late = timer.C
	}
	for since := 0; ; {
		kept, build, err := s.askReport(key, data, mark, &since, ask)
		if err != nil || build == nil {
			return reportState{report: kept}, err
		}
		select {
		case <-build.done:
			if build.err != nil {
				return reportState{}, build.err
			}
		case <-late:
			all, err := s.sent(ctx, data)
			return reportState{report: kept, stale: kept != nil, read: int(build.read.Load()), all: all}, err
		case <-ctx.Done():
			return reportState{}, ctx.Err()
		}
	}
}

// key is the same for whoever asks for the same.
func (a reportAsk) key(data *surveys.Dataset) (string, error) {
	key, err := json.Marshal([]any{data.Programme.ID, data.Strand.ID, a.profile, a.filter, len(a.earlier)})
	if err != nil {
		return "", fmt.Errorf("naming a report: %w", err)
	}
	return string(key), nil
}

// askReport returns the report that is there, and the build that makes it newer: nil
// if it is of this mark, or was begun since it was first asked for: then it is of
// something newer. At first since is 0.
func (s *Server) askReport(key string, data *surveys.Dataset, mark string, since *int, ask reportAsk) (*outcomes.Report, *building, error) {
	r := &s.reports
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.of(key)
	if *since == 0 {
		*since = r.clock
	}
	switch {
	case k.report != nil && (k.mark == mark || k.begun >= *since):
		return k.report, nil, nil
	case k.build != nil:
		return k.report, k.build, nil
	case r.waiting >= reportsWaiting:
		return nil, nil, &surveys.Error{Kind: surveys.KindThrottled, Key: "report.busy"}
	}
	// It outlives the request that it began with.
	ctx, cancel := context.WithTimeout(context.Background(), reportTime)
	b := &building{mark: mark, begun: r.clock, cancel: cancel, done: make(chan struct{})}
	k.build = b
	r.waiting++
	r.running.Go(func() { s.build(ctx, k, b, data, ask) })
	return k.report, b, nil
}

// of returns what is kept under key; the one asked for longest ago makes room.
func (r *reports) of(key string) *keptReport {
	k, ok := r.kept[key]
	if !ok {
		if r.kept == nil {
			r.kept = map[string]*keptReport{}
		}
		if len(r.kept) >= reportsKept {
			r.forget()
		}
		k = &keptReport{}
		r.kept[key] = k
	}
	r.clock++
	k.asked = r.clock
	return k
}

// forget drops the report that was asked for longest ago, if any is not being built.
func (r *reports) forget() {
	oldest := ""
	for key, k := range r.kept {
		if k.build == nil && (oldest == "" || k.asked < r.kept[oldest].asked) {
			oldest = key
		}
	}
	delete(r.kept, oldest)
}

// build makes a report and keeps it. No request waits for its end, so it ends by
// itself: in time, or when the server does.
func (s *Server) build(ctx context.Context, k *keptReport, b *building, data *surveys.Dataset, ask reportAsk) {
	defer b.cancel()
	report, err := s.buildInTurn(ctx, data, ask, &b.read)
	if err != nil && ctx.Err() == nil {
		s.log.LogAttrs(ctx, slog.LevelError, "report", slog.String("cause", err.Error()))
	}
	r := &s.reports
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		k.mark, k.begun, k.report = b.mark, b.begun, report
	}
	b.err = err
	k.build = nil
	r.waiting--
	close(b.done)
}

// end gives up what is being built, and waits until nothing of it reads the store.
func (r *reports) end() {
	r.mu.Lock()
	for _, k := range r.kept {
		if k.build != nil {
			k.build.cancel()
		}
	}
	r.mu.Unlock()
	r.running.Wait()
}

// buildInTurn builds when few others do, and turns a panic into an error: nothing
// else stands between a mistake in it and the end of the program.
func (s *Server) buildInTurn(ctx context.Context, data *surveys.Dataset, ask reportAsk, read *atomic.Int64) (report *outcomes.Report, err error) {
	defer func() {
		if said := recover(); said != nil {
			report, err = nil, surveys.PanicError(said)
		}
	}()
	done, err := s.reports.turn.take(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	report, err = outcomes.Build(ctx, data, outcomes.Options{
		Profile: ask.profile, Filter: ask.filter, Earlier: ask.earlier, Made: s.surveys.Now(),
		Progress: func(responses int) { read.Store(int64(responses)) },
	})
	if err != nil {
		return nil, err
	}
	report.Slim()
	return report, nil
}

// sent counts the responses that a report on data reads.
func (s *Server) sent(ctx context.Context, data *surveys.Dataset) (int, error) {
	rows, err := s.surveys.Progress(ctx, data.Programme.ID)
	total := 0
	for _, row := range rows {
		if row.Strand == data.Strand.ID {
			total += row.Submitted
		}
	}
	return total, err
}

// notPublished reports whether err says that a strand's questionnaire has no
// version yet.
func notPublished(err error) bool {
	var e *surveys.Error
	return errors.As(err, &e) && e.Key == "questionnaire.not_published"
}
