package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"soundings/surveys/media"
)

// Medium is a recording or a picture.
type Medium struct {
	ID   string `json:"id"`   // SHA-256 of Data in hexadecimal: the same bytes are kept once
	Type string `json:"type"` // image/png, image/jpeg, image/webp, image/gif, audio/mpeg, audio/ogg, audio/mp4, audio/wav, audio/webm
	Data []byte `json:"data"`
}

// AddMedium keeps a recording (up to media.AudioLimit bytes) or a picture (up to
// media.ImageLimit) and returns it as it is kept, for owners and designers of any
// programme. What it is, its bytes say, never its name. Where and when a picture
// was taken, and by what, is taken out; a JPEG that was held upright by that is
// turned. KindInvalid: too large, not one of the types of Medium (SVG is none: it
// can hold programs), or broken.
func (s *Service) AddMedium(ctx context.Context, data []byte) (Medium, error) {
	if err := requireDesigns(ctx); err != nil {
		return Medium{}, err
	}
	read, err := media.Read(data)
	if err != nil {
		return Medium{}, mediumRefused(err)
	}
	sum := sha256.Sum256(read.Data)
	m := Medium{ID: hex.EncodeToString(sum[:]), Type: read.Type, Data: read.Data}
	_, err = s.put(ctx, recordMedium, m.ID, "", "", 0, m)
	if kindOfNil(err) == KindConflict { // the same bytes are there already
		return m, nil
	}
	if err != nil {
		return Medium{}, err
	}
	return m, s.Audit(ctx, "", "medium.added", m.ID)
}

func mediumRefused(err error) error {
	refused := &Error{Kind: KindInvalid, Key: "medium.broken", Field: "file", Err: err}
	switch {
	case errors.Is(err, media.ErrType):
		refused.Key = "medium.type"
	case errors.Is(err, media.ErrLarge):
		refused.Key, refused.Args = "medium.too_large", []any{media.ImageLimit >> 10, media.AudioLimit >> 10}
	}
	return refused
}

// Medium returns a recording or a picture for owners and designers of any
// programme. KindNotFound.
func (s *Service) Medium(ctx context.Context, id string) (Medium, error) {
	if err := requireDesigns(ctx); err != nil {
		return Medium{}, err
	}
	return s.medium(ctx, id)
}

func (s *Service) medium(ctx context.Context, id string) (Medium, error) {
	m, err := readRecord[Medium](ctx, s.store, recordMedium, id)
	return m, orNotFound(err, "medium.not_found")
}

// InvitedMedium returns a recording or a picture for who holds a link: one that a
// version of its questionnaire names, since a phone may show an older one.
// KindNotFound: no such link, one that was withdrawn or has never been open, or no
// version that names it. It never changes, and may be kept by a browser for ever.
func (s *Service) InvitedMedium(ctx context.Context, token, id string) (Medium, error) {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return Medium{}, err
	}
	if state := inv.Link.State(s.now()); state == "withdrawn" || state == "not_yet" {
		return Medium{}, notFound("medium.not_found")
	}
	named, err := s.names(ctx, inv, id)
	if err != nil {
		return Medium{}, err
	}
	if !named {
		return Medium{}, notFound("medium.not_found")
	}
	return s.medium(ctx, id)
}

// names reports whether a version that a respondent of inv may see names a medium.
func (s *Service) names(ctx context.Context, inv Invitation, id string) (bool, error) {
	newest := inv.Instrument.Version()
	if newest.Definition.NamesMedium(id) || inv.Test {
		return newest.Definition.NamesMedium(id), nil
	}
	for n := newest.Number - 1; n > 0; n-- {
		older, err := s.Instrument(ctx, newest.Questionnaire, n)
		if err != nil {
			return false, err
		}
		if older.Version().Definition.NamesMedium(id) {
			return true, nil
		}
	}
	return false, nil
}
