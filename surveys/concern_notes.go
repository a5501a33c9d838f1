package surveys

import (
	"context"
	"strings"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// maxConcernNote is the longest note on a concern, in characters.
const maxConcernNote = 1000

// LookAtConcern keeps what a person decided about what may be a disclosure; only
// then can the answer be cleared or quoted. The trail says that it was done, not what.
// KindInvalid: no note, or there is nothing to look at. KindConflict as of Decide.
func (s *Service) LookAtConcern(ctx context.Context, programme ProgrammeID, strand StrandID, key ReadingKey, revision int64, note string) error {
	note = strings.TrimSpace(note)
	return s.mark(ctx, programme, strand, key, revision, "concern.looked_at", func(answer OpenAnswer, r *Reading) error {
		switch {
		case answer.Withheld || answer.Decided != "":
			return invalid("note", "concern.with_lead")
		case !answer.Concerns():
			return invalid("note", "quote.concern_none")
		case note == "" || utf8.RuneCountInString(note) > maxConcernNote || !plain(note, "\t\r\n"):
			return invalid("note", "quote.concern_note")
		}
		r.Looked = &Looked{Note: note, By: r.By, At: r.At}
		return nil
	})
}

// RaiseConcern says that an answer may be a disclosure, though nothing marked it: it
// waits to be looked at, and is neither cleared nor quoted until then.
func (s *Service) RaiseConcern(ctx context.Context, programme ProgrammeID, strand StrandID, key ReadingKey, revision int64) error {
	err := s.mark(ctx, programme, strand, key, revision, "concern.raised", func(answer OpenAnswer, r *Reading) error {
		r.Raised, r.Looked, r.Cleared, r.Status = true, nil, false, QuoteNew
		r.Text, r.Attribution, r.Level, r.Replaced = "", "", LevelRole, nil
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.raised(ctx, programme, strand, key); err != nil {
		return err
	}
	return s.spoilExports(ctx, programme, strand)
}

// mark changes the reading of one answer.
func (s *Service) mark(ctx context.Context, programme ProgrammeID, strand StrandID, key ReadingKey, revision int64, action string, edit func(OpenAnswer, *Reading) error) error {
	account, err := require(ctx, programme, MayReadAnswers)
	if err != nil {
		return err
	}
	answer, err := s.answerToDecide(ctx, programme, strand, key.Response, key.Variable)
	if err != nil {
		return err
	}
	reading := answer.Reading
	reading.Response, reading.Variable, reading.Revision = key.Response, key.Variable, revision
	reading.By, reading.At = account.ID, s.moment()
	if err := edit(answer.OpenAnswer, &reading); err != nil {
		return err
	}
	if err := s.keepReading(ctx, programme, strand, reading); err != nil {
		return err
	}
	return s.Audit(ctx, programme, action, TrailName(key.Response)+"/"+string(key.Variable))
}

// Clearing names an answer that a person has read, as they read it.
type Clearing struct {
	ReadingKey
	Revision int64
}

// maxClearings is how many answers can be cleared at once: a page of them.
const maxClearings = 50

// ClearAnswers clears answers that a person has read, and returns how many. What may
// be a disclosure and has not been looked at is left as it is, and so is what
// somebody else decided about meanwhile or what is gone.
func (s *Service) ClearAnswers(ctx context.Context, programme ProgrammeID, strand StrandID, read []Clearing) (int, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return 0, err
	}
	if len(read) > maxClearings {
		return 0, invalid("", "quote.choose")
	}
	cleared := 0
	for _, one := range read {
		err := s.Decide(ctx, programme, strand, Reading{Response: one.Response, Variable: one.Variable, Revision: one.Revision, Cleared: true})
		switch kindOfNil(err) {
		case noKind:
			cleared++
		case KindInvalid, KindConflict, KindNotFound:
		default:
			return cleared, err
		}
	}
	return cleared, nil
}

// ReadingKeyOf reads "response/variable", as addresses and forms name an answer.
func ReadingKeyOf(text string) ReadingKey {
	response, variable, _ := strings.Cut(text, "/")
	return ReadingKey{ResponseID(response), questionnaire.ItemID(variable)}
}
