package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// historyLimit is how many edits of a draft can be undone.
const historyLimit = 50

// Draft is what will be the next version of a questionnaire. There is one for a
// questionnaire, which everybody who may design it works on. It need not pass
// Definition.Check: it is kept as far as it has come.
type Draft struct {
	ID         questionnaire.ID         `json:"id"`
	Definition questionnaire.Definition `json:"definition"`
	Base       int                      `json:"base"` // version it started from; 0: a new questionnaire
	Revision   int64                    `json:"revision"`
	Started    time.Time                `json:"started"`
	Changed    time.Time                `json:"changed"`
	By         string                   `json:"by"` // name of the account that changed it last

	Undo   string `json:"undo,omitempty"`    // what the next undo takes back, as EditDraft was told; "": nothing
	UndoBy string `json:"undo_by,omitempty"` // name of the account that did it
	Redo   string `json:"redo,omitempty"`    // what the next redo brings again; "": nothing
}

// CreateDraft begins a new questionnaire. KindInvalid: id is none, or def cannot
// be kept. KindConflict: there is a questionnaire or a draft of that id.
func (s *Service) CreateDraft(ctx context.Context, id questionnaire.ID, def questionnaire.Definition) (Draft, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return Draft{}, err
	}
	if err := checkNewID(id); err != nil {
		return Draft{}, err
	}
	exists, err := s.Published(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	if exists {
		return Draft{}, &Error{Kind: KindConflict, Key: "questionnaire.exists", Args: []any{string(id)}, Field: "id"}
	}
	d, err := s.insertDraft(ctx, id, 0, def)
	if err != nil {
		return Draft{}, orConflict(err, "id", "questionnaire.exists", string(id))
	}
	return d, nil
}

// StartDraft returns the draft of questionnaire id: the one that is there, else a
// new one made of the newest version. KindNotFound: there is neither.
func (s *Service) StartDraft(ctx context.Context, id questionnaire.ID) (Draft, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return Draft{}, err
	}
	for range tries {
		kept, err := s.readDraft(ctx, id)
		if kindOfNil(err) != KindNotFound {
			return kept.draft(), err
		}
		if kept.Ended { // its removal was interrupted
			if err := s.removeDraft(ctx, id); err != nil {
				return Draft{}, err
			}
		}
		newest, err := s.latest(ctx, id)
		if kindOfNil(err) == KindInvalid {
			return Draft{}, notFound("questionnaire.not_found", string(id))
		}
		if err != nil {
			return Draft{}, err
		}
		v := newest.Version()
		d, err := s.insertDraft(ctx, id, v.Number, v.Definition)
		if kindOfNil(err) != KindConflict { // another page began it: read that one
			return d, err
		}
	}
	return Draft{}, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// CopyQuestionnaire begins questionnaire to as a copy of a version of from; 0 is
// the newest. Item ids are kept, so that both can be pooled as variants.
// KindNotFound: no such version. KindConflict: to exists.
func (s *Service) CopyQuestionnaire(ctx context.Context, from questionnaire.ID, version int, to questionnaire.ID) (Draft, error) {
	v, err := s.Version(ctx, from, version)
	if err != nil {
		return Draft{}, err
	}
	return s.CreateDraft(ctx, to, v.Definition)
}

func (s *Service) insertDraft(ctx context.Context, id questionnaire.ID, base int, def questionnaire.Definition) (Draft, error) {
	if err := keepable(def); err != nil {
		return Draft{}, err
	}
	life, err := s.newID()
	if err != nil {
		return Draft{}, err
	}
	account, _ := AccountFrom(ctx)
	now := s.moment()
	kept := keptDraft{Life: life, ID: id, Definition: def, Base: base, Started: now, Changed: now, By: account.Name}
	if kept.revision, err = s.put(ctx, recordDraft, string(id), "", "", 0, kept); err != nil {
		return Draft{}, err
	}
	if base == 0 {
		if err := s.giveHome(ctx, id); err != nil {
			return Draft{}, err
		}
	}
	return kept.draft(), s.Audit(ctx, "", "draft.started", string(id))
}

// Draft returns the draft of a questionnaire, for owners and designers of any
// programme. KindNotFound: there is none.
func (s *Service) Draft(ctx context.Context, id questionnaire.ID) (Draft, error) {
	if err := s.requireSight(ctx, id); err != nil {
		return Draft{}, orNotFound(err, "draft.not_found", string(id))
	}
	kept, err := s.readDraft(ctx, id)
	return kept.draft(), err
}

// Drafts lists all drafts, last changed first, for owners and designers of any
// programme.
func (s *Service) Drafts(ctx context.Context) ([]Draft, error) {
	sight, err := s.sightOf(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := listRecords[keptDraft](ctx, s.store, recordDraft, "")
	if err != nil {
		return nil, err
	}
	drafts := []Draft{}
	for i := range kept {
		if !kept[i].Ended && sight.sees(kept[i].ID) {
			drafts = append(drafts, kept[i].draft())
		}
	}
	slices.SortStableFunc(drafts, func(a, b Draft) int { return b.Changed.Compare(a.Changed) })
	return drafts, nil
}

// EditDraft changes a draft: edit is given the definition as it is at that moment
// and changes it in place. If someone else's edit is stored in between, edit is
// asked again about what is there then, so that two people who change different
// items both succeed; edit refuses, with an error of its own that is handed back,
// where what it wanted to change is no longer what its author saw. label says
// what the edit does, in a few words, for undo.
//
// KindNotFound: no draft. KindInvalid: the outcome cannot be kept (more than
// questionnaire.DefinitionLimit bytes, text that is not UTF-8, a number that is
// none) or changes the wording of a locked item. An edit that changes nothing
// stores nothing.
func (s *Service) EditDraft(ctx context.Context, id questionnaire.ID, label string, edit func(*questionnaire.Definition) error) (Draft, error) {
	return s.changeDraft(ctx, id, func(kept *keptDraft) (bool, error) {
		before, err := deepCopy(kept.Definition)
		if err != nil {
			return false, err
		}
		if err := edit(&kept.Definition); err != nil {
			return false, err
		}
		if err := keepable(kept.Definition); err != nil {
			return false, err
		}
		if same(before, kept.Definition) {
			return false, nil
		}
		if locked := questionnaire.LockedChanges(before, kept.Definition); len(locked) > 0 {
			return false, invalid(string(locked[0]), "draft.locked", string(locked[0]))
		}
		account, _ := AccountFrom(ctx)
		kept.Past = append(kept.Past, step{kept.revision, label, account.Name})
		kept.Past = kept.Past[max(0, len(kept.Past)-historyLimit):]
		kept.Future = nil
		return true, s.keepSnapshot(ctx, kept, before)
	})
}

// UndoDraft takes back the last edit, whoever made it. KindInvalid: there is none.
func (s *Service) UndoDraft(ctx context.Context, id questionnaire.ID) (Draft, error) {
	return s.changeDraft(ctx, id, func(kept *keptDraft) (bool, error) {
		return true, s.travel(ctx, kept, &kept.Past, &kept.Future, "draft.nothing_to_undo")
	})
}

// RedoDraft brings back what UndoDraft took. KindInvalid: there is nothing, or
// the draft was edited since.
func (s *Service) RedoDraft(ctx context.Context, id questionnaire.ID) (Draft, error) {
	return s.changeDraft(ctx, id, func(kept *keptDraft) (bool, error) {
		return true, s.travel(ctx, kept, &kept.Future, &kept.Past, "draft.nothing_to_redo")
	})
}

// DiscardDraft throws a draft and its history away. KindNotFound: no draft.
func (s *Service) DiscardDraft(ctx context.Context, id questionnaire.ID) error {
	if err := s.requireDesigner(ctx, id); err != nil {
		return err
	}
	if _, err := s.readDraft(ctx, id); err != nil {
		return err
	}
	if err := s.removeDraft(ctx, id); err != nil {
		return err
	}
	return s.Audit(ctx, "", "draft.discarded", string(id))
}

// removeDraft deletes the draft first: a history without a draft is met by
// nobody, and goes with the next draft's.
func (s *Service) removeDraft(ctx context.Context, id questionnaire.ID) error {
	if err := s.store.DeleteRecord(ctx, recordDraft, string(id)); err != nil {
		return fmt.Errorf("removing the draft of %s: %w", id, err)
	}
	var steps []string
	for r, err := range s.store.Records(ctx, recordDraftStep, string(id)) {
		if err != nil {
			return fmt.Errorf("removing the history of %s: %w", id, err)
		}
		steps = append(steps, r.ID)
	}
	for _, step := range steps {
		if err := s.store.DeleteRecord(ctx, recordDraftStep, step); err != nil {
			return fmt.Errorf("removing the history of %s: %w", id, err)
		}
	}
	return nil
}
