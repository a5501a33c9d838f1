package surveys

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// keptDraft is a draft as stored: with its history as numbers of revisions, each
// of which has a record of its own with what the definition was then. A revision
// says the same for ever, so that two who edit at once may both write it.
type keptDraft struct {
	Life       string                   `json:"life"` // tells this draft from an earlier one of the same id
	ID         questionnaire.ID         `json:"id"`
	Definition questionnaire.Definition `json:"definition"`
	Base       int                      `json:"base"`
	Started    time.Time                `json:"started"`
	Changed    time.Time                `json:"changed"`
	By         string                   `json:"by"`
	Past       []step                   `json:"past,omitempty"`   // oldest first
	Future     []step                   `json:"future,omitempty"` // the next redo is the last
	Ended      bool                     `json:"ended,omitempty"`  // published, and about to be removed

	revision int64
}

// step is one edit that can be undone or brought back.
type step struct {
	Revision int64  `json:"revision"` // the one to go back to
	Label    string `json:"label"`
	By       string `json:"by"`
}

func (k *keptDraft) setRevision(n int64) { k.revision = n }

func (k *keptDraft) draft() Draft {
	d := Draft{ID: k.ID, Definition: k.Definition, Base: k.Base, Revision: k.revision, Started: k.Started, Changed: k.Changed, By: k.By}
	if last := len(k.Past) - 1; last >= 0 {
		d.Undo, d.UndoBy = k.Past[last].Label, k.Past[last].By
	}
	if last := len(k.Future) - 1; last >= 0 {
		d.Redo = k.Future[last].Label
	}
	return d
}

// readDraft returns the draft of a questionnaire. KindNotFound.
func (s *Service) readDraft(ctx context.Context, id questionnaire.ID) (keptDraft, error) {
	kept, err := readRecord[keptDraft](ctx, s.store, recordDraft, string(id))
	if err == nil && kept.Ended {
		return kept, notFound("draft.not_found", string(id))
	}
	return kept, orNotFound(err, "draft.not_found", string(id))
}

// changeDraft stores what edit makes of a draft; edit says whether there is
// anything to store. It is asked again if another write came between.
func (s *Service) changeDraft(ctx context.Context, id questionnaire.ID, edit func(*keptDraft) (bool, error)) (Draft, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return Draft{}, err
	}
	for range tries {
		d, raced, err := s.changeDraftOnce(ctx, id, edit)
		if !raced {
			return d, err
		}
	}
	return Draft{}, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// errPassed tells that a step of the history was removed while it was read.
var errPassed = &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}

func (s *Service) changeDraftOnce(ctx context.Context, id questionnaire.ID, edit func(*keptDraft) (bool, error)) (d Draft, raced bool, err error) {
	kept, err := s.readDraft(ctx, id)
	if err != nil {
		return d, false, err
	}
	before := kept.steps()
	changed, err := edit(&kept)
	if err != nil || !changed {
		return kept.draft(), err == errPassed, err
	}
	account, _ := AccountFrom(ctx)
	kept.Changed, kept.By = s.moment(), account.Name
	if kept.revision, err = s.put(ctx, recordDraft, string(id), "", "", kept.revision, kept); err != nil {
		return d, kindOfNil(err) == KindConflict, err
	}
	s.forgetSteps(ctx, &kept, before)
	return kept.draft(), false, nil
}

// steps lists the revisions that the history needs.
func (k *keptDraft) steps() []int64 {
	var all []int64
	for _, one := range slices.Concat(k.Past, k.Future) {
		all = append(all, one.Revision)
	}
	return all
}

// forgetSteps removes those of before that the history has no longer. The edit is
// stored by then, and must not be told to have failed and be done again: what
// cannot be removed now goes with the draft.
func (s *Service) forgetSteps(ctx context.Context, kept *keptDraft, before []int64) {
	needed := kept.steps()
	for _, revision := range before {
		if !slices.Contains(needed, revision) {
			_ = s.store.DeleteRecord(ctx, recordDraftStep, stepID(kept.Life, revision))
		}
	}
}

// travel makes the last step of from what kept is, and the present a step of to.
func (s *Service) travel(ctx context.Context, kept *keptDraft, from, to *[]step, nothing string) error {
	last := len(*from) - 1
	if last < 0 {
		return invalid("", nothing)
	}
	target := (*from)[last]
	then, err := s.snapshot(ctx, kept.Life, target.Revision)
	if kindOfNil(err) == KindNotFound {
		return errPassed
	}
	if err != nil {
		return err
	}
	if err := s.keepSnapshot(ctx, kept, kept.Definition); err != nil {
		return err
	}
	*from = slices.Clone((*from)[:last])
	*to = append(slices.Clone(*to), step{kept.revision, target.Label, target.By})
	kept.Definition = then
	return nil
}

func stepID(life string, revision int64) string { return fmt.Sprintf("%s@%d", life, revision) }

// keepSnapshot keeps what kept was at its revision, if it is not there yet.
func (s *Service) keepSnapshot(ctx context.Context, kept *keptDraft, def questionnaire.Definition) error {
	packed, err := pack(def)
	if err != nil {
		return fmt.Errorf("packing a step of %s: %w", kept.ID, err)
	}
	_, err = s.put(ctx, recordDraftStep, stepID(kept.Life, kept.revision), string(kept.ID), "", 0, packed)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// snapshot is what a draft was at a revision. KindNotFound: it is forgotten.
func (s *Service) snapshot(ctx context.Context, life string, revision int64) (questionnaire.Definition, error) {
	packed, err := readRecord[[]byte](ctx, s.store, recordDraftStep, stepID(life, revision))
	if err != nil {
		return questionnaire.Definition{}, err
	}
	return unpack(packed)
}

// pack makes a definition small: a step is a whole copy of it.
func pack(def questionnaire.Definition) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := json.NewEncoder(w).Encode(def); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}

func unpack(packed []byte) (def questionnaire.Definition, err error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return def, fmt.Errorf("unpacking a step: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(r, 2*questionnaire.DefinitionLimit))
	if err != nil {
		return def, fmt.Errorf("unpacking a step: %w", err)
	}
	return def, json.Unmarshal(text, &def)
}

// deepCopy returns a definition that shares nothing with def.
func deepCopy(def questionnaire.Definition) (copied questionnaire.Definition, err error) {
	text, err := json.Marshal(def)
	if err != nil {
		return copied, fmt.Errorf("copying a definition: %w", err)
	}
	return copied, json.Unmarshal(text, &copied)
}

// same reports whether two definitions are written alike.
func same(a, b questionnaire.Definition) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// keepable refuses a definition that could not be stored and read back as it is.
func keepable(def questionnaire.Definition) error {
	text, err := json.Marshal(def)
	if err != nil { // NaN, an infinite number
		return &Error{Kind: KindInvalid, Key: "draft.number", Field: "definition", Err: err}
	}
	if len(text) > questionnaire.DefinitionLimit {
		return invalid("definition", "draft.too_large", len(text), questionnaire.DefinitionLimit)
	}
	if !readable(reflect.ValueOf(def)) {
		return invalid("definition", "draft.unreadable")
	}
	return nil
}

// readable reports whether every text in v is UTF-8.
func readable(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return utf8.ValidString(v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			if !readable(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !readable(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if !readable(entries.Key()) || !readable(entries.Value()) {
				return false
			}
		}
	}
	return true
}
