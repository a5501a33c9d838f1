package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Theme is what open answers are about, in the programme's own words. One that was
// merged stays, so that the answers under it lead to the other; a retired one is no
// longer offered.
type Theme struct {
	ID        ThemeID     `json:"id"`
	Programme ProgrammeID `json:"programme"`
	Name      string      `json:"name" validate:"required,max=60,line"`
	Retired   bool        `json:"retired,omitempty"`
	Into      ThemeID     `json:"into,omitempty"` // the theme that this one was merged into
	Revision  int64       `json:"-"`
}

func (t *Theme) setRevision(n int64) { t.Revision = n }

// maxThemes is how many themes a programme can have; more are no longer read.
const maxThemes = 60

// Themes lists a programme's themes by name, those merged into others last.
func (s *Service) Themes(ctx context.Context, programme ProgrammeID) ([]Theme, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	all, err := listRecords[Theme](ctx, s.store, recordTheme, string(programme))
	slices.SortStableFunc(all, func(a, b Theme) int {
		if merged := boolOrder(a.Into != "", b.Into != ""); merged != 0 {
			return merged
		}
		return strings.Compare(nameKey(a.Name), nameKey(b.Name))
	})
	return all, err
}

// boolOrder puts what is false before what is true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// themeKey decides that a name is there once in a programme.
func themeKey(programme ProgrammeID, name string) string {
	return string(programme) + "/" + nameKey(name)
}

// CreateTheme adds a theme. KindConflict: the name is taken, perhaps in other letters.
func (s *Service) CreateTheme(ctx context.Context, t Theme) (Theme, error) {
	if _, err := require(ctx, t.Programme, MayReadAnswers); err != nil {
		return t, err
	}
	tidy(&t.Name)
	if err := check(t); err != nil {
		return t, err
	}
	if n, err := s.store.CountRecords(ctx, recordTheme, string(t.Programme), time.Time{}); err != nil || n >= maxThemes {
		return t, orInvalid(err, "name", "theme.too_many", maxThemes)
	}
	id, err := s.newID()
	if err != nil {
		return t, err
	}
	t.ID, t.Revision, t.Retired, t.Into = ThemeID(id), 0, false, ""
	if t.Revision, err = s.put(ctx, recordTheme, id, string(t.Programme), themeKey(t.Programme, t.Name), 0, t); err != nil {
		return t, orConflict(err, "name", "theme.exists", t.Name)
	}
	return t, s.Audit(ctx, t.Programme, "theme.created", t.Name)
}

// orInvalid is err, or else the refusal with that key.
func orInvalid(err error, field, key string, args ...any) error {
	if err != nil {
		return err
	}
	return invalid(field, key, args...)
}

// RenameTheme gives a theme another name. KindConflict: the name is taken.
func (s *Service) RenameTheme(ctx context.Context, programme ProgrammeID, id ThemeID, name string) error {
	return s.changeTheme(ctx, programme, id, "theme.renamed", func(t *Theme) error {
		t.Name = strings.TrimSpace(name)
		return check(*t)
	})
}

// RetireTheme stops a theme being offered, or offers it again.
func (s *Service) RetireTheme(ctx context.Context, programme ProgrammeID, id ThemeID, retired bool) error {
	return s.changeTheme(ctx, programme, id, map[bool]string{true: "theme.retired", false: "theme.offered"}[retired], func(t *Theme) error {
		t.Retired = retired
		return nil
	})
}

// MergeTheme makes what is under one theme be under another; its name stays taken.
// KindInvalid: into itself, into one that leads back to it, or into none.
func (s *Service) MergeTheme(ctx context.Context, programme ProgrammeID, id, into ThemeID) error {
	themes, err := s.Themes(ctx, programme)
	if err != nil {
		return err
	}
	byID := themesByID(themes)
	if into = TrueTheme(byID, into); into == "" || into == id {
		return invalid("into", "theme.merge_into")
	}
	return s.changeTheme(ctx, programme, id, "theme.merged", func(t *Theme) error {
		t.Into, t.Retired = into, true
		return nil
	})
}

// changeTheme keeps what edit makes of a theme, and its name unique.
func (s *Service) changeTheme(ctx context.Context, programme ProgrammeID, id ThemeID, action string, edit func(*Theme) error) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	for range tries {
		r, err := s.store.Record(ctx, recordTheme, string(id))
		if err != nil || r.Scope != string(programme) {
			return orNotFound(firstError(err, notFound("theme.not_found")), "theme.not_found")
		}
		t, err := decode[Theme](r)
		if err != nil {
			return err
		}
		if err := edit(&t); err != nil {
			return err
		}
		key := themeKey(programme, t.Name)
		next, err := encode(recordTheme, r.ID, r.Scope, key, r.At, r.Revision, t)
		if err != nil {
			return err
		}
		_, err = s.store.PutRecord(ctx, next)
		if err == nil {
			return s.Audit(ctx, programme, action, t.Name)
		}
		if key != r.Key && s.themeTaken(ctx, key, r.ID) {
			return &Error{Kind: KindConflict, Key: "theme.exists", Args: []any{t.Name}, Field: "name", Err: err}
		}
		if kindOfNil(err) != KindConflict {
			return fmt.Errorf("changing a theme: %w", err)
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

func firstError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// themeTaken tells why a write failed: another theme has the name.
func (s *Service) themeTaken(ctx context.Context, key, id string) bool {
	other, err := s.store.RecordByKey(ctx, recordTheme, key)
	return err == nil && other.ID != id
}

func themesByID(themes []Theme) map[ThemeID]Theme {
	byID := make(map[ThemeID]Theme, len(themes))
	for _, t := range themes {
		byID[t.ID] = t
	}
	return byID
}

// TrueTheme is the theme that id has been merged into, itself if it was not, ""
// if there is none. Two merged into each other at once stand for the one whose id
// comes first.
func TrueTheme(themes map[ThemeID]Theme, id ThemeID) ThemeID {
	seen := map[ThemeID]bool{}
	for {
		t, ok := themes[id]
		switch {
		case !ok:
			return ""
		case t.Into == "":
			return id
		case seen[id]:
			return id
		}
		seen[id] = true
		if seen[t.Into] { // a circle
			return min(id, t.Into)
		}
		id = t.Into
	}
}

// ThemeNames are the names of what a reading is about, merged themes once, by name.
func (d *Dataset) ThemeNames(r Reading) []string {
	var names []string
	for _, id := range r.Themes {
		if name := d.Themes[TrueTheme(d.Themes, id)].Name; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(nameKey(a), nameKey(b)) })
	return names
}
