package surveys

import (
	"context"

	"soundings/surveys/questionnaire"
)

// Decisions are what an author says when a draft is published.
type Decisions struct {
	// Comparable answers each of Changes.Questions by the id of the item or row:
	// true if answers from before can still be compared with those that come. What
	// cannot be compared gets a new id, so that no report pools the two.
	Comparable map[questionnaire.ItemID]bool
	Fallback   map[string]bool // languages that are incomplete, and may fall back on the source language
	Note       string          // for the list of versions: what changed and why
	Over       int             // the version that the draft was compared with, Changes.Newest; 0: the draft's Base
}

// Changes are what publishing a draft would do, and what it needs to be told.
type Changes struct {
	Draft       Draft
	Newest      int // number of the version that the draft is compared with; 0: it will be the first
	Differences []questionnaire.Difference
	Questions   []Comparability
	Incomplete  []Incomplete
	Problems    questionnaire.Problems // what has to be mended first
}

// Comparability is the question whether a changed item or row is still comparable.
type Comparability struct {
	ID      questionnaire.ItemID `json:"id"`
	Item    questionnaire.ItemID `json:"item,omitempty"` // of a row: its item
	Label   questionnaire.Text   `json:"label"`
	Details []questionnaire.Detail
	Never   bool                 `json:"never,omitempty"` // its kind changed, or a choice went: it is not, whatever the author says
	Becomes questionnaire.ItemID `json:"becomes"`         // its id if it is not comparable
}

// Incomplete is a language with words missing.
type Incomplete struct {
	Language string
	Missing  []string // where, as Definition.Untranslated says it
}

// DraftChanges says what publishing the draft of a questionnaire would do, for
// owners and designers of any programme. KindNotFound: no draft.
func (s *Service) DraftChanges(ctx context.Context, id questionnaire.ID) (Changes, error) {
	d, err := s.Draft(ctx, id)
	if err != nil {
		return Changes{}, err
	}
	return s.changesOf(ctx, d)
}

// PublishDraft freezes a draft as the next version of its questionnaire and
// removes it with its history. revision is that of the draft whose changes the
// author saw. Answers of all versions go on joining by id: what is comparable
// keeps its id, and the version says so; anything else gets a new id, which all
// that refers to it follows.
//
// KindConflict: the draft was changed since, or a version was published since.
// KindInvalid: the questionnaire is retired; with Fields for what was not
// decided: the control is "comparable.<id>" or "fallback.<language>"; or with
// Err questionnaire.Problems for what has to be mended.
func (s *Service) PublishDraft(ctx context.Context, id questionnaire.ID, revision int64, decisions Decisions) (questionnaire.Version, error) {
	return questionnaire.Version{}, errNotBuilt
}

var errNotBuilt = &Error{Kind: KindUnavailable, Key: "store.unavailable"}

func (s *Service) changesOf(ctx context.Context, d Draft) (Changes, error) {
	return Changes{Draft: d}, errNotBuilt
}
