package surveys

import (
	"context"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// VersionSummary is one version as a list shows it.
type VersionSummary struct {
	Number     int                                           `json:"number"`
	Published  time.Time                                     `json:"published"`
	By         string                                        `json:"by,omitempty"` // name of the account; "": not known
	Note       string                                        `json:"note,omitempty"`
	Title      questionnaire.Text                            `json:"title"`
	Languages  []string                                      `json:"languages"`
	Questions  int                                           `json:"questions"`            // items that are answered; a battery counts once
	Comparable []questionnaire.ItemID                        `json:"comparable,omitempty"` // changed items and rows whose answers can be compared with those before
	Replaced   map[questionnaire.ItemID]questionnaire.ItemID `json:"replaced,omitempty"`   // changed ones that cannot: their id before, and now
}

// Versions lists the versions of a questionnaire, newest first, for owners and
// for designers who may see it. KindNotFound: none is published.
func (s *Service) Versions(ctx context.Context, id questionnaire.ID) ([]VersionSummary, error) {
	if err := s.requireSight(ctx, id); err != nil {
		return nil, err
	}
	versions, err := s.versions(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, notFound("questionnaire.not_found", string(id))
	}
	summaries := make([]VersionSummary, len(versions))
	for i, v := range versions {
		summaries[i] = VersionSummary{
			Number: v.Number, Published: v.Published, By: v.By, Note: v.Note, Title: v.Definition.Title,
			Languages: v.Definition.Languages, Questions: questionsOf(v.Definition), Comparable: v.Comparable, Replaced: v.Replaced,
		}
	}
	slices.Reverse(summaries)
	return summaries, nil
}

// Version returns version n of a questionnaire, 0 for the newest, for owners and
// for designers who may see it. KindNotFound.
func (s *Service) Version(ctx context.Context, id questionnaire.ID, n int) (questionnaire.Version, error) {
	if n == 0 {
		newest, err := s.Questionnaire(ctx, id)
		if err != nil {
			return questionnaire.Version{}, err
		}
		return *newest.Version(), nil
	}
	if err := s.requireSight(ctx, id); err != nil {
		return questionnaire.Version{}, err
	}
	v, err := readRecord[questionnaire.Version](ctx, s.store, recordVersion, versionID(id, n))
	return v, orNotFound(err, "questionnaire.not_found", string(id))
}

// retirement is that a questionnaire is used no more.
type retirement struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
}

// Retire ends a questionnaire: it takes no new links, no closed link of it is
// opened again, no new programme may use it, and no version of it is published.
// Links that are open go on until they are closed, so that nobody is cut off in
// the middle of a wave; its answers stay in every report. Retiring again does
// nothing. KindNotFound: none is published.
func (s *Service) Retire(ctx context.Context, id questionnaire.ID) error {
	if err := s.requireDesigner(ctx, id); err != nil {
		return err
	}
	if published, err := s.Published(ctx, id); err != nil || !published {
		return or(err, notFound("questionnaire.not_found", string(id)))
	}
	account, _ := AccountFrom(ctx)
	_, err := s.put(ctx, recordRetired, string(id), "", "", 0, retirement{s.moment(), account.Name})
	if kindOfNil(err) == KindConflict {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Audit(ctx, "", "questionnaire.retired", string(id))
}

// Reinstate takes a questionnaire back into use. One that is in use stays so.
func (s *Service) Reinstate(ctx context.Context, id questionnaire.ID) error {
	if err := s.requireDesigner(ctx, id); err != nil {
		return err
	}
	retired, err := s.Retired(ctx, id)
	if err != nil || !retired {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordRetired, string(id)); err != nil {
		return err
	}
	return s.Audit(ctx, "", "questionnaire.reinstated", string(id))
}

// Retired reports whether a questionnaire is retired, which anyone may know.
func (s *Service) Retired(ctx context.Context, id questionnaire.ID) (bool, error) {
	_, err := s.store.Record(ctx, recordRetired, string(id))
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	return err == nil, err
}

// refuseRetired is KindInvalid for a questionnaire that is retired.
func (s *Service) refuseRetired(ctx context.Context, id questionnaire.ID) error {
	retired, err := s.Retired(ctx, id)
	if err != nil || !retired {
		return err
	}
	return invalid("questionnaire", "questionnaire.retired", string(id))
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
