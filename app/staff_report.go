package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// reportsKept bounds the reports in memory; a full cache is emptied.
const reportsKept = 200

// reports keeps the newest report of each strand for as long as nothing it is
// made of has changed. It holds figures, no answers.
type reports struct {
	mu   sync.Mutex
	kept map[string]*keptReport
}

// keptReport is one strand's report and the mark of what it was made of. Its
// lock lets one request build while others wait for the same.
type keptReport struct {
	mu     sync.Mutex
	mark   string
	report *outcomes.Report
}

func (r *reports) of(key string) *keptReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.kept[key]; ok {
		return k
	}
	if r.kept == nil || len(r.kept) >= reportsKept {
		r.kept = map[string]*keptReport{}
	}
	k := &keptReport{}
	r.kept[key] = k
	return k
}

// report returns a strand's data and the report on it, with small groups
// suppressed; the account needs to be its evaluator. It is built again when a
// response, a decision or the plan has changed.
func (s *Server) report(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (*surveys.Dataset, *outcomes.Report, error) {
	data, err := s.surveys.Dataset(ctx, programme, strand)
	if err != nil {
		return nil, nil, err
	}
	mark, err := s.markOf(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	kept := s.reports.of(string(programme) + "/" + string(strand))
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.mark == mark {
		return data, kept.report, nil
	}
	report, err := outcomes.Build(ctx, data, outcomes.Options{Profile: surveys.ProfileInternal, Made: s.surveys.Now()})
	if err != nil {
		return nil, nil, err
	}
	kept.mark, kept.report = mark, report
	return data, report, nil
}

// markOf changes whenever a report on data would: by the number of responses
// sent and left out, corrections, decisions and readings, and the revisions of plan,
// places and questionnaire.
func (s *Server) markOf(ctx context.Context, data *surveys.Dataset) (string, error) {
	rows, err := s.surveys.Progress(ctx, data.Programme.ID)
	if err != nil {
		return "", err
	}
	sent := sha256.New()
	for _, row := range rows {
		if row.Strand == data.Strand.ID {
			_, _ = fmt.Fprintln(sent, row.Cohort, row.Wave, row.Submitted, row.Expected) // a hash takes everything
		}
	}
	_, _ = fmt.Fprintln(sent, placesOf(data))
	var read time.Time
	for _, r := range data.Readings {
		if r.At.After(read) {
			read = r.At
		}
	}
	// All decisions: one that was changed moves to the end, so the last says little.
	decisions := sha256.Sum256(fmt.Append(nil, data.Decisions))
	return fmt.Sprintf("%d/%d/%x/%d/%v/%d/%d/%d/%x", data.Programme.Revision, len(data.Instruments), sent.Sum(nil), data.Revised, data.LeftOut,
		len(data.Cohorts), len(data.Readings), read.UnixMilli(), decisions), nil
}

// placesOf are the revisions of the institutions, cohorts and workshops, by id: a
// report tells them apart, by phase for example, and counts who was in a workshop.
func placesOf(data *surveys.Dataset) map[string]int64 {
	places := map[string]int64{}
	for id, i := range data.Institutions {
		places[string(id)] = i.Revision
	}
	for id, c := range data.Cohorts {
		places[string(id)] = c.Revision
	}
	for id, w := range data.Workshops {
		places[string(id)] = w.Revision
	}
	return places
}

// notPublished reports whether err says that a strand's questionnaire has no
// version yet.
func notPublished(err error) bool {
	var e *surveys.Error
	return errors.As(err, &e) && e.Key == "questionnaire.not_published"
}
