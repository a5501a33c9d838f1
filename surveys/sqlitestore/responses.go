package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"soundings/surveys"
)

const (
	responseColumns = `programme, strand, cohort, wave, questionnaire, version, language, mode, status,
		started, submitted, page, coded, device, batch, workshop, digest, notes, answers, aside, history, revision, id`
	insertResponse = `INSERT INTO responses (` + responseColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateResponse = `UPDATE responses SET programme = ?, strand = ?, cohort = ?, wave = ?, questionnaire = ?, version = ?,
		language = ?, mode = ?, status = ?, started = ?, submitted = ?, page = ?, coded = ?, device = ?, batch = ?, workshop = ?,
		digest = ?, notes = ?, answers = ?, aside = ?, history = ?, revision = ? WHERE id = ? AND revision = ?`
	findResponse = `SELECT 1 FROM responses WHERE id = ?`
	headColumns  = `programme, strand, cohort, wave, questionnaire, version, language, mode, status,
		started, submitted, page, coded, device, batch, workshop, digest, notes, '{}', '{}', '', revision, id`
	selectHead      = `SELECT ` + headColumns + ` FROM responses `
	selectResponse  = `SELECT ` + responseColumns + ` FROM responses `
	selectPassing   = `SELECT id, cohort, wave, questionnaire, version, language, mode, submitted, workshop, answers FROM responses `
	deleteResponse  = `DELETE FROM responses WHERE id = ?`
	deleteResponses = `DELETE FROM responses WHERE programme = ? AND strand = ?`
	deleteLinkage   = `DELETE FROM linkages WHERE number = (SELECT number FROM responses WHERE id = ?)`
	countResponses  = `SELECT cohort, strand, wave, status, sum(responses) FROM tallies WHERE programme = ? GROUP BY cohort, strand, wave, status HAVING sum(responses) > 0`
	selectTallies   = `SELECT cohort, strand, wave, status, workshop, responses, last FROM tallies WHERE programme = ? AND responses > 0`
)

// PutResponse keeps r and l in one transaction, or neither.
func (s *Store) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	args, err := responseArgs(r)
	if err != nil {
		return fmt.Errorf("encoding response %s: %w", r.ID, err)
	}
	linkage := linkageArgs(l)
	err = s.write(ctx, func(to *writeStatements) error {
		if err := putResponse(to, r.ID, r.Revision, args); err != nil || linkage == nil {
			return err
		}
		_, err := changed(to.putLinkage, linkage...)
		return err
	})
	if err != nil {
		return fmt.Errorf("putting response %s: %w", r.ID, err)
	}
	return nil
}

func putResponse(to *writeStatements, id surveys.ResponseID, revision int64, args []any) error {
	if revision == 0 {
		_, err := changed(to.insertResponse, args...)
		return err
	}
	return replace(to.updateResponse, append(args, revision), to.findResponse, string(id))
}

// responseArgs are the columns' values; they hold nothing that the caller may
// change while the write waits.
func responseArgs(r surveys.Response) ([]any, error) {
	answers, err := encodeAnswers(r.Answers)
	if err != nil {
		return nil, err
	}
	aside, err := encodeAnswers(r.Aside)
	if err != nil {
		return nil, err
	}
	history, err := surveys.EncodeHistory(r.History)
	if err != nil {
		return nil, err
	}
	return []any{
		string(r.Programme), string(r.Strand), string(r.Cohort), string(r.Wave), string(r.Questionnaire), r.Version,
		r.Language, string(r.Mode), string(r.Status), r.Started.UnixMilli(), r.Submitted.UnixMilli(), r.Page, r.Coded,
		r.Device, r.Batch, string(r.Workshop), r.Digest, encodeTexts(r.Notes), answers, aside, history, r.Revision + 1, string(r.ID),
	}, nil
}

// Response returns one by id.
func (s *Store) Response(ctx context.Context, id surveys.ResponseID) (surveys.Response, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Response{}, err
	}
	r, err := (&responseReader{}).scan(s.reads.response.QueryRowContext(ctx, string(id)))
	if err != nil {
		return r, fmt.Errorf("reading response %s: %w", id, meaning(err))
	}
	return r, nil
}

// Responses streams the submitted ones of a strand by time of submission, then id.
func (s *Store) Responses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return s.ahead(ctx, "listing responses", nil, func(ctx context.Context, take func(responseRow) bool) error {
		return s.each(ctx, s.reads.responses, []any{string(programme), string(strand)}, func(row scanner) (bool, error) {
			r, err := scanRow(row)
			return err == nil && take(r), err
		})
	})
}

// ResponsesSince streams the submitted ones of a strand from a moment on.
func (s *Store) ResponsesSince(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, since time.Time) iter.Seq2[surveys.Response, error] {
	reader := &responseReader{names: make(names)}
	return stream(ctx, s, "listing new responses", s.reads.responsesSince, []any{string(programme), string(strand), since.UnixMilli()}, reader.scan)
}

// ResponseHeads streams all of a strand without answers, by status, submission and id.
func (s *Store) ResponseHeads(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	reader := &responseReader{names: make(names)}
	return stream(ctx, s, "listing heads of responses", s.reads.responseHeads, []any{string(programme), string(strand)}, reader.scan)
}

// ResponsesWithPrefix returns those whose id begins with prefix.
func (s *Store) ResponsesWithPrefix(ctx context.Context, prefix string, limit int) (found []surveys.Response, err error) {
	reader := &responseReader{names: make(names)}
	args := []any{prefix, prefix + surveys.AfterEveryID, limit}
	err = s.each(ctx, s.reads.responsesWithPrefix, args, func(row scanner) (bool, error) {
		r, err := reader.scan(row)
		found = append(found, r)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("finding responses by the beginning of their id: %w", err)
	}
	return found, nil
}

// responseReader scans rows of selectResponse.
type responseReader struct {
	names names
	order []string // the variables of the response before, which the next often has too
}

func (reader *responseReader) scan(row scanner) (surveys.Response, error) {
	r, err := scanRow(row)
	if err != nil {
		return r.Response, err
	}
	return r.Response, reader.finish(&r)
}

// scanRow reads the columns of a row.
func scanRow(row scanner) (r responseRow, err error) {
	var started, submitted int64
	err = row.Scan(&r.Programme, &r.Strand, &r.Cohort, &r.Wave, &r.Questionnaire, &r.Version, &r.Language, &r.Mode, &r.Status,
		&started, &submitted, &r.Page, &r.Coded, &r.Device, &r.Batch, &r.Workshop,
		&r.Digest, &r.notes, &r.answers, &r.aside, &r.history, &r.Revision, &r.ID)
	r.Started, r.Submitted = fromMillis(started), fromMillis(submitted)
	return r, err
}

// finish reads what the texts of a row hold.
func (reader *responseReader) finish(row *responseRow) (err error) {
	if row.passing {
		return reader.finishPassing(row)
	}
	r := &row.Response
	if r.History, err = surveys.DecodeHistory(row.history); err != nil {
		return fmt.Errorf("history of %s: %w", r.ID, err)
	}
	return reader.decode(r, row.notes, row.answers, row.aside)
}

func (reader *responseReader) decode(r *surveys.Response, notes, answers, aside string) (err error) {
	if r.Notes, err = decodeTexts(notes); err != nil {
		return fmt.Errorf("notes of %s: %w", r.ID, err)
	}
	if r.Answers, err = decodeAnswers(answers, reader.names); err != nil {
		return fmt.Errorf("answers of %s: %w", r.ID, err)
	}
	if r.Aside, err = decodeAnswers(aside, reader.names); err != nil {
		return fmt.Errorf("answers aside of %s: %w", r.ID, err)
	}
	return nil
}

// DeleteResponse removes one; a trigger removes its linkage.
func (s *Store) DeleteResponse(ctx context.Context, id surveys.ResponseID) error {
	return s.remove(ctx, "response", id, func(to *writeStatements) *sql.Stmt { return to.deleteResponse })
}

// DeleteLinkage removes the linkage of one response.
func (s *Store) DeleteLinkage(ctx context.Context, id surveys.ResponseID) error {
	return s.remove(ctx, "linkage", id, func(to *writeStatements) *sql.Stmt { return to.deleteLinkage })
}

func (s *Store) remove(ctx context.Context, what string, id surveys.ResponseID, with func(*writeStatements) *sql.Stmt) error {
	err := s.write(ctx, func(to *writeStatements) error {
		_, err := changed(with(to), string(id))
		return err
	})
	if err != nil {
		return fmt.Errorf("deleting the %s of %s: %w", what, id, err)
	}
	return nil
}

// DeleteResponses removes the responses of a strand; a trigger removes their
// linkages and counts them no longer.
func (s *Store) DeleteResponses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (int, error) {
	var n int
	err := s.write(ctx, func(to *writeStatements) (err error) {
		n, err = changed(to.deleteResponses, string(programme), string(strand))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("deleting the responses of %s/%s: %w", programme, strand, err)
	}
	return n, nil
}

// CountResponses counts a programme's responses by cohort, strand, wave and status.
func (s *Store) CountResponses(ctx context.Context, programme surveys.ProgrammeID) (map[surveys.CountKey]int, error) {
	counts := make(map[surveys.CountKey]int)
	err := s.each(ctx, s.reads.countResponses, []any{string(programme)}, func(row scanner) (bool, error) {
		var key surveys.CountKey
		var n int
		err := row.Scan(&key.Cohort, &key.Strand, &key.Wave, &key.Status, &n)
		counts[key] = n
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("counting responses of %s: %w", programme, err)
	}
	return counts, nil
}

// Tallies counts a programme's responses by workshop too, with the moment of the
// latest submission.
func (s *Store) Tallies(ctx context.Context, programme surveys.ProgrammeID) ([]surveys.Tally, error) {
	var all []surveys.Tally
	err := s.each(ctx, s.reads.tallies, []any{string(programme)}, func(row scanner) (bool, error) {
		var t surveys.Tally
		var last int64
		err := row.Scan(&t.Cohort, &t.Strand, &t.Wave, &t.Status, &t.Workshop, &t.Responses, &last)
		if t.Status == surveys.StatusSubmitted {
			t.Last = fromMillis(last)
		}
		all = append(all, t)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("tallying responses of %s: %w", programme, err)
	}
	return all, nil
}
