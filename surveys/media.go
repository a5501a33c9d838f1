package surveys

import "context"

// The largest recordings and pictures kept, in bytes.
const (
	ImageLimit = 400 << 10
	AudioLimit = 1 << 20
)

// Medium is a recording or a picture.
type Medium struct {
	ID   string `json:"id"`   // SHA-256 of Data in hexadecimal: the same bytes are kept once
	Type string `json:"type"` // image/png, image/jpeg, image/webp, image/gif, audio/mpeg, audio/ogg, audio/mp4, audio/wav, audio/webm
	Data []byte `json:"data"`
}

// AddMedium keeps a recording or a picture and returns it as it is kept, for
// owners and designers of any programme. What it is, its bytes say, never its
// name. Where and when a picture was taken, and by what, is taken out; a JPEG that
// was held upright by that is turned. KindInvalid: too large, not one of the types
// of Medium (SVG is none: it can hold programs), or broken.
func (s *Service) AddMedium(ctx context.Context, data []byte) (Medium, error) {
	return Medium{}, errNotBuilt
}

// Medium returns a recording or a picture for owners and designers of any
// programme. KindNotFound.
func (s *Service) Medium(ctx context.Context, id string) (Medium, error) {
	return Medium{}, errNotBuilt
}

// InvitedMedium returns a recording or a picture for who holds a link: one that a
// version of its questionnaire names. KindNotFound: no such link, or none that
// names it. It never changes, and may be kept by a browser for ever.
func (s *Service) InvitedMedium(ctx context.Context, token, id string) (Medium, error) {
	return Medium{}, errNotBuilt
}

var errNotBuilt = &Error{Kind: KindUnavailable, Key: "store.unavailable"}
