package app

import (
	"context"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/translation"
)

// turns lets a few at once do what takes much memory; others wait for theirs.
type turns chan struct{}

// filesAtOnce is how many uploaded files are read at once: one of ten megabytes
// takes up to a hundred while it is read, however little comes of it.
const filesAtOnce = 2

// take waits for a turn; done gives it back. KindThrottled: ctx ended before.
func (t turns) take(ctx context.Context) (done func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, &surveys.Error{Kind: surveys.KindThrottled, Key: "preview.busy", Err: ctx.Err()}
	}
}

// readFile is readImport in its turn.
func (s *Server) readFile(ctx context.Context, data []byte) (imported, error) {
	done, err := s.files.take(ctx)
	if err != nil {
		return imported{}, err
	}
	defer done()
	return readImport(data)
}

// reviewSheet is translation.ReadSheet in its turn.
func (s *Server) reviewSheet(ctx context.Context, def questionnaire.Definition, data []byte) (translation.Review, error) {
	done, err := s.files.take(ctx)
	if err != nil {
		return translation.Review{}, err
	}
	defer done()
	return translation.ReadSheet(def, data)
}
