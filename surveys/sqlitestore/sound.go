package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tallied and counted are the tallies as they are kept and as they are counted; only
// that of submitted responses tells when the latest came.
const (
	tallied = `SELECT programme, cohort, strand, wave, status, workshop, responses, CASE status WHEN 'submitted' THEN last ELSE 0 END FROM tallies WHERE responses > 0`
	counted = `SELECT programme, cohort, strand, wave, status, workshop, count(*), CASE status WHEN 'submitted' THEN max(submitted) ELSE 0 END FROM responses
		GROUP BY programme, cohort, strand, wave, status, workshop`
)

// soundness is what must be nowhere: a query that counts it, and what it is.
var soundness = []struct{ query, fault string }{
	{`SELECT count(*) FROM (` + tallied + ` EXCEPT ` + counted + `)`, "tallies of responses that are not there"},
	{`SELECT count(*) FROM (` + counted + ` EXCEPT ` + tallied + `)`, "tallies that miss responses"},
	{`SELECT count(*) FROM linkages WHERE number NOT IN (SELECT number FROM responses)`, "linkages without a response"},
	{`SELECT count(*) FROM responses WHERE status = 'submitted' AND (submitted <= -62135596800000 OR digest = '')`, "responses that were sent by halves"},
}

// Sound reads the whole file and fails if anything in it contradicts the rest: what
// SQLite itself finds, tallies that count other than the responses, linkages without a
// response. It takes as long as reading does, and holds nobody up.
func (s *Store) Sound(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	tx, err := s.reading.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one moment for all
	if err != nil {
		return fmt.Errorf("looking whether the file is sound: %w", meaning(err))
	}
	defer tx.Rollback()
	var verdict string
	if err := tx.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("looking whether the file is sound: %w", meaning(err))
	}
	var found error
	if verdict != "ok" {
		found = fmt.Errorf("SQLite finds: %s", verdict)
	}
	for _, one := range soundness {
		var n int
		if err := tx.QueryRowContext(ctx, one.query).Scan(&n); err != nil {
			return fmt.Errorf("looking for %s: %w", one.fault, meaning(err))
		}
		if n > 0 {
			found = errors.Join(found, fmt.Errorf("%d %s", n, one.fault))
		}
	}
	return found
}
