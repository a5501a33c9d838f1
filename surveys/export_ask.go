package surveys

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// AskExport asks for the file that e describes by Programme, Strand, Format, Profile,
// Filter and Language. Where the same was asked before and nothing has changed since,
// that export is returned, whoever asked and whether it is made yet; so the same
// asked twice at once is made once. KindInvalid: the format, the profile or the
// filter is none. KindThrottled: too many of the programme wait.
func (s *Service) AskExport(ctx context.Context, e Export) (Export, error) {
	if _, err := require(ctx, e.Programme, MayReadFigures); err != nil {
		return e, err
	}
	if err := s.checkFormat(e); err != nil {
		return e, err
	}
	account, err := require(ctx, e.Programme, e.Needs())
	if err != nil {
		return e, err
	}
	data, err := s.dataset(ctx, e.Programme, e.Strand)
	if err != nil {
		return e, err
	}
	e.Filter = e.Filter.Normal()
	if err := data.checkChoice(e); err != nil {
		return e, err
	}
	mark, err := data.Mark(ctx)
	if err != nil {
		return e, err
	}
	asked := Export{
		Programme: e.Programme, Strand: e.Strand, Format: e.Format, Profile: e.Profile, Filter: e.Filter, Language: e.Language,
		Account: account.ID, By: account.Name, State: ExportWaiting, Created: s.moment(), Changed: s.moment(),
	}
	if e, err = s.keepExport(ctx, asked, mark); err != nil {
		return e, err
	}
	s.wakeExports()
	return e, s.Audit(ctx, e.Programme, "export.asked", e.what())
}

func (s *Service) checkFormat(e Export) error {
	if s.files == nil {
		return invalid("format", "export.format", e.Format)
	}
	format, ok := s.files.Format(e.Format)
	switch {
	case !ok:
		return invalid("format", "export.format", e.Format)
	case format.Rows && e.Profile != ProfileRows:
		return invalid("profile", "export.rows_have_no_profile")
	case !format.Rows && !slices.Contains(Profiles(), e.Profile):
		return invalid("profile", "export.profile")
	}
	return nil
}

// keepExport finds the export that is the same as e, or keeps e as a new one. Its id
// comes of what was asked and is unique, so all who ask at once agree on one.
func (s *Service) keepExport(ctx context.Context, e Export, mark string) (Export, error) {
	name, err := e.name(mark)
	if err != nil {
		return e, err
	}
	for n := 1; ; n++ {
		e.ID = ExportID(fmt.Sprintf("%s-%d", name, n))
		there, err := readRecord[Export](ctx, s.store, recordExport, string(e.ID))
		if kindOfNil(err) == KindNotFound {
			there, err = s.startExport(ctx, e)
		}
		if err != nil {
			return e, err
		}
		if !there.Ended() || there.there(s.moment()) {
			return there, nil
		}
	}
}

// name is the same for whoever asks for the same of the same data.
func (e Export) name(mark string) (string, error) {
	asked, err := json.Marshal([]any{e.Programme, e.Strand, e.Format, e.Profile, e.Filter, e.Language, mark})
	if err != nil {
		return "", fmt.Errorf("naming an export: %w", err)
	}
	sum := sha256.Sum256(asked)
	return hex.EncodeToString(sum[:16]), nil
}

// startExport keeps that there is something to do, then what. Who comes second gets
// what the first one kept.
func (s *Service) startExport(ctx context.Context, e Export) (Export, error) {
	waiting, err := s.store.CountRecords(ctx, recordExportDue, string(e.Programme), time.Time{})
	if err != nil {
		return e, fmt.Errorf("counting exports: %w", err)
	}
	if waiting >= exportsWaiting {
		return e, &Error{Kind: KindThrottled, Key: "export.too_many", Args: []any{exportsWaiting}}
	}
	if _, err := s.put(ctx, recordExportDue, string(e.ID), string(e.Programme), "", 0, e.ID); err != nil && KindOf(err) != KindConflict {
		return e, err
	}
	_, err = s.put(ctx, recordExport, string(e.ID), string(e.Programme), "", 0, e)
	if kindOfNil(err) == KindConflict {
		return readRecord[Export](ctx, s.store, recordExport, string(e.ID))
	}
	return e, err
}

// what says in a trail what was exported: ids and codes, no answer.
func (e Export) what() string {
	filter := "everybody"
	if !e.Filter.Empty() {
		if text, err := json.Marshal(e.Filter); err == nil {
			filter = string(text)
		}
	}
	profile := ""
	if e.Profile != "" { // a file of rows holds every row, whoever reads it
		profile = ", profile " + string(e.Profile)
	}
	return fmt.Sprintf("%s: %s of %s%s, language %s, of %s", e.ID, e.Format, e.Strand, profile, cmp.Or(e.Language, "source"), filter)
}

// checkChoice refuses a language or a filter that means nothing in the strand: a file
// of nobody would be taken for a result.
func (d *Dataset) checkChoice(e Export) error {
	if e.Language != "" && !slices.Contains(d.Latest.Version().Definition.Languages, e.Language) {
		return invalid("language", "export.language", e.Language)
	}
	return d.CheckFilter(e.Filter)
}
