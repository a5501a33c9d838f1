package surveys

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// home says whose a questionnaire is. A designer sees those that their programmes
// made or use, and those that are shared; of the others they learn nothing, since
// their words may tell what another organisation does. Owners see all.
type home struct {
	Programmes []ProgrammeID `json:"programmes,omitempty"` // in which whoever made it designs
	Shared     bool          `json:"shared,omitempty"`     // every designer may look at it and copy it
}

// designsIn lists the programmes in which a designs, in order.
func (a Account) designsIn() []ProgrammeID {
	var all []ProgrammeID
	for _, programme := range slices.Sorted(maps.Keys(a.Roles)) {
		if a.May(programme, MayDesign) {
			all = append(all, programme)
		}
	}
	return all
}

// sight is what an account may see of questionnaires.
type sight struct {
	all        bool
	mine       []ProgrammeID
	homes      map[questionnaire.ID]home
	programmes []Programme
}

// sightOf reads what the account that acts may see.
func (s *Service) sightOf(ctx context.Context) (sight, error) {
	if err := requireDesigns(ctx); err != nil {
		return sight{}, err
	}
	a, _ := AccountFrom(ctx)
	if a.ownsDesign() {
		return sight{all: true}, nil
	}
	v := sight{mine: a.designsIn(), homes: map[questionnaire.ID]home{}}
	for r, err := range s.store.Records(ctx, recordHome, "") {
		if err != nil {
			return v, fmt.Errorf("listing whose questionnaires are: %w", err)
		}
		h, err := decode[home](r)
		if err != nil {
			return v, err
		}
		v.homes[questionnaire.ID(r.ID)] = h
	}
	var err error
	v.programmes, err = listRecords[Programme](ctx, s.store, recordProgramme, "")
	return v, err
}

// owns reports whether a questionnaire is of one of the account's programmes.
func (v sight) owns(id questionnaire.ID) bool {
	if v.all || slices.ContainsFunc(v.homes[id].Programmes, func(p ProgrammeID) bool { return slices.Contains(v.mine, p) }) {
		return true
	}
	return slices.ContainsFunc(v.programmes, func(p Programme) bool { return slices.Contains(v.mine, p.ID) && p.uses(id) })
}

// sees reports whether the account may look at a questionnaire.
func (v sight) sees(id questionnaire.ID) bool { return v.owns(id) || v.homes[id].Shared }

// changes reports whether the account designs in every programme that uses it.
func (v sight) changes(id questionnaire.ID) bool {
	return v.all || v.owns(id) && !slices.ContainsFunc(v.programmes, func(p Programme) bool {
		return p.uses(id) && !slices.Contains(v.mine, p.ID)
	})
}

// requireSight fails with KindNotFound for a questionnaire that the account may not
// see, as for one that there is not.
func (s *Service) requireSight(ctx context.Context, id questionnaire.ID) error {
	v, err := s.sightOf(ctx)
	if err == nil && !v.sees(id) {
		return notFound("questionnaire.not_found", string(id))
	}
	return err
}

// requireDesigner fails unless the account may change a questionnaire, or make it:
// KindNotFound for one that it may not see, KindForbidden for one that others use.
func (s *Service) requireDesigner(ctx context.Context, id questionnaire.ID) error {
	v, err := s.sightOf(ctx)
	if err != nil || v.changes(id) {
		return err
	}
	exists, err := s.questionnaireExists(ctx, id)
	switch {
	case err != nil:
		return err
	case v.sees(id), !exists && slices.ContainsFunc(v.programmes, func(p Programme) bool { return p.uses(id) }):
		return &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	case exists:
		return notFound("questionnaire.not_found", string(id))
	}
	return nil
}

// questionnaireExists reports whether there is a version, a draft or an owner of it.
func (s *Service) questionnaireExists(ctx context.Context, id questionnaire.ID) (bool, error) {
	n, err := s.store.CountRecords(ctx, recordVersion, string(id), time.Time{})
	if err != nil || n > 0 {
		return n > 0, err
	}
	for _, kind := range []RecordKind{recordDraft, recordHome} {
		_, err := s.store.Record(ctx, kind, string(id))
		if kindOfNil(err) != KindNotFound {
			return err == nil, err
		}
	}
	return false, nil
}

// giveHome makes a new questionnaire one of the programmes in which the account that
// acts designs. What an owner makes, who may design everywhere, is of the programmes
// that come to use it. One that has a home keeps it.
func (s *Service) giveHome(ctx context.Context, id questionnaire.ID) error {
	a, _ := AccountFrom(ctx)
	var made home
	if !a.Owner {
		made.Programmes = a.designsIn()
	}
	_, err := s.put(ctx, recordHome, string(id), "", "", 0, made)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// ShareQuestionnaire lets every designer look at a questionnaire and copy it, or ends
// that. Only an owner may. KindNotFound: there is none.
func (s *Service) ShareQuestionnaire(ctx context.Context, id questionnaire.ID, shared bool) error {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return err
	}
	exists, err := s.questionnaireExists(ctx, id)
	if err != nil {
		return err
	}
	if !exists {
		return notFound("questionnaire.not_found", string(id))
	}
	_, err = s.put(ctx, recordHome, string(id), "", "", 0, home{Shared: shared})
	if kindOfNil(err) == KindConflict {
		_, err = change(ctx, s, recordHome, string(id), func(h *home) error {
			h.Shared = shared
			return nil
		})
	}
	if err != nil {
		return err
	}
	if shared {
		return s.Audit(ctx, "", "questionnaire.shared", string(id))
	}
	return s.Audit(ctx, "", "questionnaire.unshared", string(id))
}

// SharedQuestionnaire reports whether every designer may look at a questionnaire.
func (s *Service) SharedQuestionnaire(ctx context.Context, id questionnaire.ID) (bool, error) {
	if err := s.requireSight(ctx, id); err != nil {
		return false, err
	}
	h, err := readRecord[home](ctx, s.store, recordHome, string(id))
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	return h.Shared, err
}
