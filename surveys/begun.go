package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"soundings/surveys/questionnaire"
)

// A phone says once that somebody has begun to answer, so that a facilitator sees
// how many are still at it. It is a mark for one cohort, strand and wave and says
// nothing else: not who, not on what, not what was answered. That somebody was here
// who sent nothing is forgotten after a day.
const begunLife = 24 * time.Hour

// BegunKey is what is counted together.
type BegunKey struct {
	Programme ProgrammeID
	Cohort    CohortID
	Strand    StrandID
	Wave      questionnaire.Wave
}

func (k BegunKey) scope() string {
	return string(k.Programme) + "/" + string(k.Cohort) + "/" + string(k.Strand) + "/" + string(k.Wave)
}

// Begin notes that the one who drew id has begun to answer a link; to say it again
// changes nothing. Where nothing is counted, in a trial, nothing is noted.
// KindNotFound, KindClosed: as for Submit.
func (s *Service) Begin(ctx context.Context, token string, id ResponseID) error {
	if !id.Valid() {
		return invalid("id", "response.bad_id")
	}
	inv, err := s.openInvitation(ctx, token)
	if err != nil || inv.Test {
		return err
	}
	sum := sha256.Sum256([]byte("soundings begun\x00" + string(id)))
	mark := hex.EncodeToString(sum[:idBytes])
	_, err = s.put(ctx, recordBegun, mark, BegunKey{inv.Programme.ID, inv.Cohort.ID, inv.Strand.ID, inv.Link.Wave}.scope(), "", 0, struct{}{})
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// Begun counts who began within the last day. It is one query.
func (s *Service) Begun(ctx context.Context, key BegunKey) (int, error) {
	if _, err := require(ctx, key.Programme, MaySeeProgramme); err != nil {
		return 0, err
	}
	return s.store.CountRecords(ctx, recordBegun, key.scope(), s.moment().Add(-begunLife))
}

// Counts are the responses of a programme by cohort, strand, wave and status. It
// is one query.
func (s *Service) Counts(ctx context.Context, programme ProgrammeID) (map[CountKey]int, error) {
	if _, err := require(ctx, programme, MaySeeProgramme); err != nil {
		return nil, err
	}
	return s.store.CountResponses(ctx, programme)
}

// forgetBegun removes the marks of those who began more than a day ago.
func (s *Service) forgetBegun(ctx context.Context) error {
	_, err := s.store.DeleteRecordsBefore(ctx, recordBegun, s.moment().Add(-begunLife))
	return err
}
