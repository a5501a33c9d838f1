package surveys

import (
	"context"
	"fmt"
	"math"
	"time"
)

// forgetKeyHere drops a destroyed key from the memory of this instance.
func (s *Service) forgetKeyHere(id ProgrammeID) { s.cache.keys.drop(id) }

// forgetKeysHere drops from the memory of this instance the keys of programmes that
// take no answers any more: another instance may have destroyed them. A key that is
// still there is read again when it is needed.
func (s *Service) forgetKeysHere(ctx context.Context) {
	s.cache.keys.mu.Lock()
	defer s.cache.keys.mu.Unlock()
	for id, row := range s.cache.keys.rows {
		if row.read.Before(s.now().Add(-freshness)) {
			delete(s.cache.keys.rows, id)
		}
	}
}

// keysSaid says for the certificate where the keys of p are gone from, and what copies
// that were made before may still hold.
func (s *Service) keysSaid(ctx context.Context, p Programme) (keys, backups string, err error) {
	keys = "The key under which linkage codes were hashed is destroyed in the store and in the memory of the programs that used it."
	gone, folder, err := s.KeyBackupsGone(ctx, p.ID)
	switch {
	case err != nil:
		return "", "", err
	case !folder:
		keys += " The program that did it has no folder of backups."
	case gone:
		keys += " Its copy in the folder of backups is removed."
	default:
		keys += " Its copy in the folder of backups is being removed; no restore takes it."
	}
	backups = "Copies of the store that were made before hold what was destroyed until they are removed themselves"
	if plan := s.BackupPlan(); folder && plan.Keep > 0 && plan.Every > 0 {
		backups += fmt.Sprintf(": in the folder of backups after %d days at most", int(math.Ceil((time.Duration(plan.Keep)*plan.Every).Hours()/24)))
	}
	return keys, backups + ". A restore brings back none of the keys, and does again at once what the clock says is due.", nil
}
