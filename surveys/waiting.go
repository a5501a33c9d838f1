package surveys

import (
	"context"
	"fmt"
	"time"
)

// Waiting counts what is to be done and not yet done, by what it is: for metrics and
// for who looks after the installation. Each is one question to an index.
func (s *Service) Waiting(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	for what, kind := range map[string]RecordKind{"exports": recordExportDue, "jobs": recordJobDue, "held answers": recordHeld} {
		n, err := s.store.CountRecords(ctx, kind, "*", time.Time{})
		if err != nil {
			return nil, fmt.Errorf("counting what waits: %w", err)
		}
		counts[what] = n
	}
	return counts, nil
}
