package sqlitestore

import (
	"context"
	"database/sql"
	"maps"
	"net/url"
	"slices"

	"soundings/surveys/questionnaire"
)

// Pool opens unusual connections.
func Pool(path, pragma string) *sql.DB { return pool(path, url.Values{"_pragma": {pragma}}) }

// EncodeAnswers is the codec's writer.
func EncodeAnswers(a questionnaire.Answers) (string, error) { return encodeAnswers(a) }

// DecodeAnswers is the codec's reader.
func DecodeAnswers(stored string) (questionnaire.Answers, error) {
	return decodeAnswers(stored, make(names))
}

// EachConnection calls check with the writing connection and with n reading
// connections that are open at once.
func (s *Store) EachConnection(ctx context.Context, n int, check func(*sql.Conn) error) error {
	if err := check(s.writer.conn); err != nil {
		return err
	}
	for range n {
		conn, err := s.reading.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := check(conn); err != nil {
			return err
		}
	}
	return nil
}

// Write runs a write of the test's own through the writer.
func (s *Store) Write(ctx context.Context, run func() error) error {
	return s.write(ctx, func(*writeStatements) error { return run() })
}

// Queries are all the reading queries.
func Queries() []string {
	return slices.Sorted(maps.Values((&readStatements{}).queries()))
}
