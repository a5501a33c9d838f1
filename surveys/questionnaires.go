package surveys

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"soundings/surveys/questionnaire"
)

// idPattern is what an author may choose as the id of a questionnaire or strand.
var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// Publish freezes def as the next version of questionnaire id. The account needs
// to be an owner, or a designer of any programme: questionnaires are shared.
// KindConflict: someone published at the same moment.
func (s *Service) Publish(ctx context.Context, id questionnaire.ID, def questionnaire.Definition) (questionnaire.Version, error) {
	if err := requireDesigner(ctx); err != nil {
		return questionnaire.Version{}, err
	}
	if !idPattern.MatchString(string(id)) {
		return questionnaire.Version{}, invalid("id", "questionnaire.bad_id", string(id))
	}
	versions, err := s.versions(ctx, id)
	if err != nil {
		return questionnaire.Version{}, err
	}
	v, err := questionnaire.Publish(id, len(versions)+1, def, s.moment())
	if err != nil {
		return v, &Error{Kind: KindInvalid, Key: "questionnaire.invalid", Args: []any{err.Error()}, Field: "definition", Err: err}
	}
	if _, err := s.put(ctx, recordVersion, versionID(id, v.Number), string(id), "", 0, v); err != nil {
		return v, orConflict(err, "id", "questionnaire.published_meanwhile", string(id))
	}
	s.cache.latest.drop(id)
	return v, s.Audit(ctx, "", "questionnaire.published", versionID(id, v.Number))
}

func requireDesigner(ctx context.Context) error {
	a, ok := AccountFrom(ctx)
	if !ok {
		return &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	if a.Owner {
		return nil
	}
	for id := range a.Roles {
		if a.May(id, MayDesign) {
			return nil
		}
	}
	return &Error{Kind: KindForbidden, Key: "account.not_allowed"}
}

func versionID(id questionnaire.ID, number int) string { return fmt.Sprintf("%s@%06d", id, number) }

// versions lists every version of a questionnaire, oldest first.
func (s *Service) versions(ctx context.Context, id questionnaire.ID) ([]questionnaire.Version, error) {
	return listRecords[questionnaire.Version](ctx, s.store, recordVersion, string(id))
}

// Instrument returns one frozen version, ready for use. KindNotFound.
func (s *Service) Instrument(ctx context.Context, id questionnaire.ID, number int) (*questionnaire.Instrument, error) {
	key := versionID(id, number)
	if found, ok := s.cache.versions.get(key, time.Time{}); ok {
		return found, nil
	}
	v, err := readRecord[questionnaire.Version](ctx, s.store, recordVersion, key)
	if err != nil {
		return nil, err
	}
	compiled, err := questionnaire.Compile(v)
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", key, err)
	}
	s.cache.versions.put(key, compiled, s.now())
	return compiled, nil
}

// latest returns the newest version of a questionnaire. KindInvalid: none is published.
func (s *Service) latest(ctx context.Context, id questionnaire.ID) (*questionnaire.Instrument, error) {
	now := s.now()
	if number, ok := s.cache.latest.get(id, now.Add(-freshness)); ok {
		return s.Instrument(ctx, id, number)
	}
	count, err := s.store.CountRecords(ctx, recordVersion, string(id), time.Time{})
	if err != nil {
		return nil, err
	}
	if count == 0 {
		return nil, invalid("questionnaire", "questionnaire.not_published", string(id))
	}
	s.cache.latest.put(id, count, now)
	return s.Instrument(ctx, id, count)
}
