package sqlitestore

import (
	"context"
	"fmt"
	"iter"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// PassingResponses streams what Responses does with only the columns that a report
// is made of; the Answers of a response are used again for a later one.
func (s *Store) PassingResponses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	p := &passing{programme: programme, strand: strand, free: make(chan *batch, 2*batchesAhead)}
	return s.ahead(ctx, "passing responses", p.free, func(ctx context.Context, take func(responseRow) bool) error {
		return s.each(ctx, s.reads.passing, []any{string(programme), string(strand)}, func(row scanner) (bool, error) {
			r, err := p.scan(row)
			return err == nil && take(r), err
		})
	})
}

// passing is one such stream.
type passing struct {
	programme surveys.ProgrammeID
	strand    surveys.StrandID
	free      chan *batch // whose rows the consumer has seen
	last      passingText
}

// passingText is what neighbouring rows often have in common: one copy is kept.
type passingText struct {
	cohort, wave, questionnaire, language, mode, workshop string
}

// scan reads a row of selectPassing.
func (p *passing) scan(row scanner) (responseRow, error) {
	var id, answers string
	var t passingText
	var version int
	var submitted int64
	if err := row.Scan(&id, &t.cohort, &t.wave, &t.questionnaire, &version, &t.language, &t.mode, &submitted, &t.workshop, &answers); err != nil {
		return responseRow{}, err
	}
	t.share(&p.last)
	return responseRow{passing: true, answers: answers, Response: surveys.Response{
		ID: surveys.ResponseID(id), Programme: p.programme, Strand: p.strand, Cohort: surveys.CohortID(t.cohort),
		Wave: questionnaire.Wave(t.wave), Questionnaire: questionnaire.ID(t.questionnaire), Version: version,
		Language: t.language, Mode: surveys.Mode(t.mode), Status: surveys.StatusSubmitted,
		Submitted: fromMillis(submitted), Workshop: surveys.WorkshopID(t.workshop),
	}}, nil
}

// share takes from last what is equal there, and leaves itself there.
func (t *passingText) share(last *passingText) {
	mine := [...]*string{&t.cohort, &t.wave, &t.questionnaire, &t.language, &t.mode, &t.workshop}
	for i, kept := range [...]*string{&last.cohort, &last.wave, &last.questionnaire, &last.language, &last.mode, &last.workshop} {
		if *mine[i] == *kept {
			*mine[i] = *kept
		}
	}
	*last = *t
}

// finishPassing reads the answers of a row into those of one that has passed.
func (reader *responseReader) finishPassing(row *responseRow) (err error) {
	if row.Answers == nil {
		row.Answers = make(questionnaire.Answers, len(reader.order))
	}
	if err = reader.decodeInto(row.Answers, row.answers); err != nil {
		return fmt.Errorf("answers of %s: %w", row.ID, err)
	}
	return nil
}
