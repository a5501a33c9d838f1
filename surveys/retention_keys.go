package surveys

import (
	"context"
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
	backups = "Copies of the store that were made before may still hold what was destroyed until they are removed themselves. A restore brings back no key and no linkage of this programme."
	return keys, backups, nil
}
