package surveys

import (
	"context"
	"slices"
	"time"
)

// AuditEntry is one line of the append-only trail: who did what, when. What
// names a thing by id or by its public name, never an answer or a secret.
type AuditEntry struct {
	At      time.Time `json:"at"`
	Account AccountID `json:"account,omitempty"` // "": the program itself
	Name    string    `json:"name,omitempty"`
	Action  string    `json:"action"` // "workbook.downloaded"
	What    string    `json:"what,omitempty"`
}

// trailSigns is how much of a response's id stands in a trail.
const trailSigns = 12

// TrailName names a response in a trail, by the end of its id: the beginning is its
// receipt, with which whoever reads the trail, and may read no answer, could take the
// answers back in the respondent's place.
func TrailName(id ResponseID) string {
	return "…" + string(id[max(0, len(id)-trailSigns):])
}

// Audit appends a line to a programme's trail, or to the one of the whole
// product for programme "".
func (s *Service) Audit(ctx context.Context, programme ProgrammeID, action, what string) error {
	account, _ := AccountFrom(ctx)
	id, err := s.newID()
	if err != nil {
		return err
	}
	entry := AuditEntry{s.moment(), account.ID, account.Name, action, what}
	_, err = s.put(ctx, recordAudit, id, string(programme), "", 0, entry)
	return err
}

// AuditTrail lists a programme's trail, newest first; its administrators may see
// it. That of the whole product, programme "", is the owners' to see.
func (s *Service) AuditTrail(ctx context.Context, programme ProgrammeID) ([]AuditEntry, error) {
	if err := requireTrail(ctx, programme); err != nil {
		return nil, err
	}
	entries, err := listRecords[AuditEntry](ctx, s.store, recordAudit, string(programme))
	slices.Reverse(entries)
	return entries, err
}

func requireTrail(ctx context.Context, programme ProgrammeID) error {
	if programme == "" {
		_, err := requireOwner(ctx)
		return err
	}
	_, err := require(ctx, programme, MayManage)
	return err
}
