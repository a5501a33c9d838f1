package surveys

import (
	"cmp"
	"context"
	"errors"
	"maps"

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

	newest *questionnaire.Version
}

// Comparability is the question whether a changed item or row is still comparable.
type Comparability struct {
	ID      questionnaire.ItemID `json:"id"`
	Item    questionnaire.ItemID `json:"item,omitempty"` // of a row: its item
	Label   questionnaire.Text   `json:"label"`
	Details []questionnaire.Detail
	Never   bool                 `json:"never,omitempty"` // its kind changed, or a choice went: it is not, whatever the author says
	Becomes questionnaire.ItemID `json:"becomes"`         // its id if it is not comparable

	rows map[questionnaire.ItemID]questionnaire.ItemID // of an item: what its rows become with it
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

// changesOf compares a draft with the newest version.
func (s *Service) changesOf(ctx context.Context, d Draft) (Changes, error) {
	c := Changes{Draft: d, Incomplete: incomplete(d.Definition)}
	if err := d.Definition.Check(); err != nil && !errors.As(err, &c.Problems) {
		return c, err
	}
	versions, err := s.versions(ctx, d.ID)
	if err != nil || len(versions) == 0 {
		return c, err
	}
	c.newest = &versions[len(versions)-1]
	c.Newest = c.newest.Number
	c.Differences = questionnaire.Compare(c.newest.Definition, d.Definition)
	c.Questions = comparabilities(versions, d.Definition, c.Differences)
	return c, nil
}

func incomplete(def questionnaire.Definition) []Incomplete {
	var all []Incomplete
	for i, language := range def.Languages {
		if missing := def.Untranslated(language); i > 0 && len(missing) > 0 {
			all = append(all, Incomplete{language, missing})
		}
	}
	return all
}

// PublishDraft freezes a draft as the next version of its questionnaire and
// removes it with its history. revision is that of the draft whose changes the
// author saw. Answers of all versions go on joining by id: what is comparable
// keeps its id, and the version says so; anything else gets a new id, which all
// that refers to it follows. An edit that comes while the version is made is
// kept: it becomes the draft of the version after.
//
// KindConflict: the draft was changed since, or a version was published since.
// KindInvalid: the questionnaire is retired; nothing has changed; with Fields for
// what was not decided, the control being "comparable.<id>" or
// "fallback.<language>"; or with questionnaire.Problems as the cause for what has
// to be mended.
func (s *Service) PublishDraft(ctx context.Context, id questionnaire.ID, revision int64, decisions Decisions) (questionnaire.Version, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return questionnaire.Version{}, err
	}
	kept, err := s.readDraft(ctx, id)
	if err != nil {
		return questionnaire.Version{}, err
	}
	changes, err := s.changesOf(ctx, kept.draft())
	if err != nil {
		return questionnaire.Version{}, err
	}
	if v, ok := publishedBefore(kept, changes, revision); ok {
		return v, s.endDraft(ctx, kept, v)
	}
	if err := refuseChanges(changes, revision, &decisions); err != nil {
		return questionnaire.Version{}, err
	}
	v := questionnaire.Version{Questionnaire: id, Number: changes.Newest + 1, Definition: kept.Definition, Note: decisions.Note}
	decide(&v, changes.Questions, decisions)
	if v, err = s.publish(ctx, v); err != nil {
		return v, err
	}
	return v, s.endDraft(ctx, kept, v)
}

// publishedBefore returns the version that a draft became already, if its removal
// was broken off: publishing once more then finishes it.
func publishedBefore(kept keptDraft, c Changes, revision int64) (questionnaire.Version, bool) {
	if kept.revision != revision || c.newest == nil || c.newest.Number != kept.Base+1 {
		return questionnaire.Version{}, false
	}
	return *c.newest, same(c.newest.Definition, kept.Definition.Renamed(c.newest.Replaced))
}

// refuseChanges refuses what cannot be published, or was not decided.
func refuseChanges(c Changes, revision int64, decisions *Decisions) error {
	tidy(&decisions.Note)
	id := string(c.Draft.ID)
	switch {
	case c.Draft.Revision != revision:
		return &Error{Kind: KindConflict, Key: "draft.changed_meanwhile", Args: []any{c.Draft.By}}
	case c.Newest != cmp.Or(decisions.Over, c.Draft.Base):
		return &Error{Kind: KindConflict, Key: "questionnaire.published_meanwhile", Args: []any{id}, Field: "id"}
	case len(c.Problems) > 0:
		return notPublishable(c.Problems)
	case c.Newest > 0 && len(c.Differences) == 0:
		return invalid("definition", "draft.nothing_changed", c.Newest)
	case !plain(decisions.Note, "\t\r\n") || len(decisions.Note) > maxNote:
		return invalid("note", "draft.note", maxNote)
	}
	return refuseFields(undecided(c, *decisions))
}

// maxNote is the longest note of a version, in bytes.
const maxNote = 2000

func notPublishable(problems error) error {
	return &Error{Kind: KindInvalid, Key: "questionnaire.invalid", Args: []any{problems.Error()}, Field: "definition", Err: problems}
}

// undecided lists the questions that decisions leave open, or answer against
// what can be.
func undecided(c Changes, decisions Decisions) questionnaire.FieldErrors {
	var open questionnaire.FieldErrors
	for _, q := range c.Questions {
		comparable, said := decisions.Comparable[q.ID]
		field := questionnaire.FieldError{Item: q.ID, Control: "comparable." + string(q.ID), Args: []any{string(q.ID)}}
		switch {
		case q.Never && comparable:
			field.Key = "draft.never_comparable"
		case !q.Never && !said && !decisions.replaces(q.Item):
			field.Key = "draft.decide_comparable"
		default:
			continue
		}
		open = append(open, field)
	}
	for _, language := range c.Incomplete {
		if !decisions.Fallback[language.Language] {
			open = append(open, questionnaire.FieldError{Control: "fallback." + language.Language, Key: "draft.decide_fallback", Args: []any{language.Language, len(language.Missing)}})
		}
	}
	return open
}

// replaces reports whether an item was said not to be comparable.
func (d Decisions) replaces(item questionnaire.ItemID) bool {
	comparable, said := d.Comparable[item]
	return item != "" && said && !comparable
}

// decide gives what is not comparable its new id, and notes what is.
func decide(v *questionnaire.Version, questions []Comparability, decisions Decisions) {
	replaced := map[questionnaire.ItemID]questionnaire.ItemID{}
	for _, q := range questions {
		if q.Never || !decisions.Comparable[q.ID] {
			replaced[q.ID] = q.Becomes
			maps.Copy(replaced, q.rows)
		}
	}
	for _, q := range questions {
		if _, gone := replaced[q.ID]; !gone {
			v.Comparable = append(v.Comparable, q.ID)
		}
	}
	if len(replaced) > 0 {
		v.Replaced = replaced
		v.Definition = v.Definition.Renamed(replaced)
	}
}

// endDraft removes a draft that became version v. If someone edited it while the
// version was made, it stays, as the draft of the version after.
func (s *Service) endDraft(ctx context.Context, kept keptDraft, v questionnaire.Version) error {
	for range tries {
		r, err := s.store.Record(ctx, recordDraft, string(kept.ID))
		if kindOfNil(err) == KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		now, err := decode[keptDraft](r)
		if err != nil || now.Life != kept.Life {
			return err
		}
		if now.revision == kept.revision {
			now.Ended = true
		} else {
			now.Definition, now.Base, now.Past, now.Future = now.Definition.Renamed(v.Replaced), v.Number, nil, nil
		}
		_, err = s.put(ctx, recordDraft, string(kept.ID), "", "", r.Revision, now)
		switch {
		case err == nil && now.Ended:
			return s.removeDraft(ctx, kept.ID)
		case kindOfNil(err) != KindConflict:
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}
