package surveys

import (
	"context"
	"fmt"
	"time"
)

// Limits of previews.
const (
	PreviewLimit    = 8 << 20 // bytes of one, far above any questionnaire
	previewLife     = 2 * time.Hour
	previewsAtOnce  = 10 // of one account; the oldest goes
	previewFieldMax = 64 // bytes of what it is of
)

// preview is what was read of an upload and is shown before anything is kept.
type preview struct {
	Account AccountID `json:"account"`
	Of      string    `json:"of"`
	Body    []byte    `json:"body"`
}

// KeepPreview keeps body for two hours for the account signed in, who looks at it
// and says whether it is to be used; of says what it is of, so that it is used
// for nothing else. It returns the id by which Preview finds it. An account has
// at most ten; the oldest goes. It is for owners and designers of any programme.
// KindInvalid: body is larger than PreviewLimit.
func (s *Service) KeepPreview(ctx context.Context, of string, body []byte) (string, error) {
	if err := requireDesigns(ctx); err != nil {
		return "", err
	}
	return s.keepPreview(ctx, of, body)
}

// KeepPreviewIn is KeepPreview for who has a permission in a programme: of what
// was read for that programme.
func (s *Service) KeepPreviewIn(ctx context.Context, programme ProgrammeID, needs Permission, of string, body []byte) (string, error) {
	if _, err := require(ctx, programme, needs); err != nil {
		return "", err
	}
	return s.keepPreview(ctx, previewOf(programme, of), body)
}

// previewOf says what a preview is of within a programme.
func previewOf(programme ProgrammeID, of string) string { return of + " " + string(programme) }

func (s *Service) keepPreview(ctx context.Context, of string, body []byte) (string, error) {
	if len(body) > PreviewLimit || len(of) > previewFieldMax {
		return "", invalid("file", "page.too_large")
	}
	account, _ := AccountFrom(ctx)
	if err := s.clearPreviews(ctx, account.ID); err != nil {
		return "", err
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	_, err = s.put(ctx, recordPreview, id, string(account.ID), "", 0, preview{account.ID, of, body})
	return id, err
}

// Preview returns what KeepPreview kept. KindNotFound: it has run out, is of
// something else, or is another account's.
func (s *Service) Preview(ctx context.Context, of, id string) ([]byte, error) {
	if err := requireDesigns(ctx); err != nil {
		return nil, err
	}
	return s.preview(ctx, of, id)
}

// PreviewIn returns what KeepPreviewIn kept, as Preview does.
func (s *Service) PreviewIn(ctx context.Context, programme ProgrammeID, needs Permission, of, id string) ([]byte, error) {
	if _, err := require(ctx, programme, needs); err != nil {
		return nil, err
	}
	return s.preview(ctx, previewOf(programme, of), id)
}

func (s *Service) preview(ctx context.Context, of, id string) ([]byte, error) {
	account, _ := AccountFrom(ctx)
	r, err := s.store.Record(ctx, recordPreview, id)
	if err != nil {
		return nil, orNotFound(err, "preview.not_found")
	}
	p, err := decode[preview](r)
	if err != nil {
		return nil, err
	}
	if p.Account != account.ID || p.Of != of || !s.moment().Before(r.At.Add(previewLife)) {
		return nil, notFound("preview.not_found")
	}
	return p.Body, nil
}

// DropPreview throws a preview away that has been used. One that is not there,
// or is another account's, is left as it is.
func (s *Service) DropPreview(ctx context.Context, of, id string) error {
	if err := requireDesigns(ctx); err != nil {
		return err
	}
	return s.dropPreview(ctx, of, id)
}

// DropPreviewIn throws away what KeepPreviewIn kept, as DropPreview does.
func (s *Service) DropPreviewIn(ctx context.Context, programme ProgrammeID, needs Permission, of, id string) error {
	if _, err := require(ctx, programme, needs); err != nil {
		return err
	}
	return s.dropPreview(ctx, previewOf(programme, of), id)
}

func (s *Service) dropPreview(ctx context.Context, of, id string) error {
	if _, err := s.preview(ctx, of, id); err != nil {
		if KindOf(err) == KindNotFound {
			return nil
		}
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordPreview, id); err != nil {
		return fmt.Errorf("removing a preview: %w", err)
	}
	return nil
}

// clearPreviews makes room for one more of an account, and throws away what has
// run out, whoever's it is.
func (s *Service) clearPreviews(ctx context.Context, account AccountID) error {
	if _, err := s.store.DeleteRecordsBefore(ctx, recordPreview, s.moment().Add(-previewLife)); err != nil {
		return fmt.Errorf("removing previews that have run out: %w", err)
	}
	var ids []string
	for r, err := range s.store.Records(ctx, recordPreview, string(account)) {
		if err != nil {
			return fmt.Errorf("listing previews: %w", err)
		}
		ids = append(ids, r.ID)
	}
	for len(ids) >= previewsAtOnce {
		if err := s.store.DeleteRecord(ctx, recordPreview, ids[0]); err != nil {
			return fmt.Errorf("removing a preview: %w", err)
		}
		ids = ids[1:]
	}
	return nil
}
