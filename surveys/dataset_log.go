package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Log is what people decided about a strand beside its rulings, readings and the
// corrections of submitted responses, which the dataset has itself.
type Log struct {
	Names map[AccountID]string // of all accounts
	SetUp []AuditEntry         // of the programme, its imports and the strand's questionnaires, oldest first
	Aside []Response           // left out or deleted by a person: with their history, without answers
}

// setUpActions begin the actions that change how a strand is set up.
var setUpActions = []string{"programme.", "pairing.policy_set", "old_data.import_started", "old_data.undo_started", "questionnaire.published", "questionnaire.retired", "questionnaire.reinstated"}

// Log reads what the dataset does not hold; it is empty for data that no Service
// gathered.
func (d *Dataset) Log(ctx context.Context) (Log, error) {
	if d.log == nil {
		return Log{}, nil
	}
	log, err := d.log(ctx)
	if err != nil {
		return log, fmt.Errorf("reading what was decided in strand %s: %w", d.Strand.ID, err)
	}
	return log, nil
}

// readLog gathers the log of d.
func (s *Service) readLog(ctx context.Context, d *Dataset) (log Log, err error) {
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return log, err
	}
	log.Names = make(map[AccountID]string, len(accounts))
	for _, a := range accounts {
		log.Names[a.ID] = a.Name
	}
	for _, scope := range []ProgrammeID{d.Programme.ID, ""} {
		entries, err := listRecords[AuditEntry](ctx, s.store, recordAudit, string(scope))
		if err != nil {
			return log, err
		}
		for _, entry := range entries {
			if d.setsUp(entry, scope) {
				log.SetUp = append(log.SetUp, entry)
			}
		}
	}
	slices.SortStableFunc(log.SetUp, func(a, b AuditEntry) int { return a.At.Compare(b.At) })
	log.Aside, err = d.setAside(ctx)
	return log, err
}

// setsUp reports whether an entry is of the programme's set-up or, in the product's
// trail, of a questionnaire of the strand.
func (d *Dataset) setsUp(entry AuditEntry, scope ProgrammeID) bool {
	if !slices.ContainsFunc(setUpActions, func(begin string) bool { return strings.HasPrefix(entry.Action, begin) }) {
		return false
	}
	if scope != "" {
		return true
	}
	return slices.ContainsFunc(d.Strand.Questionnaires(), func(id questionnaire.ID) bool {
		return entry.What == string(id) || strings.HasPrefix(entry.What, string(id)+"@")
	})
}

// setAside reads the responses that a person left out or deleted.
func (d *Dataset) setAside(ctx context.Context) (aside []Response, err error) {
	for head, err := range d.Heads(ctx) {
		if err != nil {
			return nil, err
		}
		if head.Status != StatusExcluded && head.Status != StatusDeleted {
			continue
		}
		r, err := d.store.Response(ctx, head.ID)
		if KindOf(err) == KindNotFound {
			continue // destroyed meanwhile
		}
		if err != nil {
			return nil, err
		}
		r.Answers, r.Aside = nil, nil
		aside = append(aside, r)
	}
	return aside, nil
}
