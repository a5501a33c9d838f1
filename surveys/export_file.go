package surveys

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"
)

// A file lies in the store in pieces, so that the instance that made it need not be
// the one that gives it out. A piece is written as soon as it is full, and read when
// the reader has come to it: neither side holds more than one.

// exportPieces writes the file of one attempt at an export.
type exportPieces struct {
	service *Service
	attempt string
	held    []byte
	n       int // pieces that are written
	size    int64
	sum     hash.Hash // SHA-256
	gone    int       // see Export.Gone
	moment  time.Time // see Export.Made
	release *Release  // what the file tells; nil for rows
}

func (s *Service) newPieces(attempt string) *exportPieces {
	return &exportPieces{service: s, attempt: attempt, sum: sha256.New(), held: make([]byte, 0, pieceSize)}
}

// in is p as a writer under ctx.
func (p *exportPieces) in(ctx context.Context) io.Writer { return piecesIn{p, ctx} }

// piecesIn is for the length of one call, as a writer has no context.
type piecesIn struct {
	*exportPieces
	ctx context.Context
}

// Write keeps data, in the store once a piece is full.
func (p piecesIn) Write(data []byte) (int, error) {
	_, _ = p.sum.Write(data) // a hash takes everything
	p.size += int64(len(data))
	for left := data; len(left) > 0; {
		n := min(len(left), pieceSize-len(p.held))
		p.held, left = append(p.held, left[:n]...), left[n:]
		if len(p.held) == pieceSize {
			if err := p.flush(p.ctx); err != nil {
				return 0, err
			}
		}
	}
	return len(data), nil
}

// close writes what is left.
func (p *exportPieces) close(ctx context.Context) error {
	if len(p.held) == 0 {
		return nil
	}
	return p.flush(ctx)
}

// flush writes one piece. It is not broken off in the middle: a store may keep what it
// was given before it learns that nobody waits, and nobody would remove that.
func (p *exportPieces) flush(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := p.service.put(ctx, recordExportPiece, exportPieceID(p.attempt, p.n), p.attempt, "", 0, p.held); err != nil {
		return err
	}
	p.held, p.n = p.held[:0], p.n+1
	return nil
}

func exportPieceID(attempt string, n int) string { return fmt.Sprintf("%s/%06d", attempt, n) }

// removePieces removes the file of an attempt.
func (s *Service) removePieces(ctx context.Context, attempt string) error {
	if attempt == "" {
		return nil
	}
	var ids []string
	for r, err := range s.store.Records(ctx, recordExportPiece, attempt) {
		if err != nil {
			return fmt.Errorf("listing the pieces of an export: %w", err)
		}
		ids = append(ids, r.ID)
	}
	for _, id := range ids {
		if err := s.store.DeleteRecord(ctx, recordExportPiece, id); err != nil {
			return fmt.Errorf("removing an export: %w", err)
		}
	}
	return nil
}

// ExportFile is a file that can be downloaded.
type ExportFile struct {
	Export
	service *Service
}

// ExportFile returns the file of an export and notes in the trail that it was
// fetched. KindNotFound: it is not there (yet, or any more); other errors as of
// Export.
func (s *Service) ExportFile(ctx context.Context, programme ProgrammeID, id ExportID) (*ExportFile, error) {
	e, err := s.Export(ctx, programme, id)
	if err != nil {
		return nil, err
	}
	if !e.Ended() {
		return nil, notFound("export.not_yet")
	}
	gone, err := s.goneMarks(ctx, e.Programme, e.Strand)
	switch {
	case err != nil:
		return nil, err
	case e.State == ExportStale, e.State == ExportDone && gone != e.Gone:
		return nil, notFound("export.stale")
	case !e.there(s.moment()):
		return nil, notFound("export.no_file")
	}
	return &ExportFile{e, s}, s.Audit(ctx, programme, "export.downloaded", e.what())
}

// Reader reads the file from its beginning. It holds one piece, however slowly it is
// read, and fails once ctx ends or the file is removed.
func (f *ExportFile) Reader(ctx context.Context) io.Reader {
	return &exportReader{ctx: ctx, file: f}
}

// exportReader is for the length of one download, as a reader has no context.
type exportReader struct {
	ctx  context.Context
	file *ExportFile
	held []byte
	n    int   // the next piece
	read int64 // bytes given out
}

// Read reads as io.Reader says.
func (r *exportReader) Read(into []byte) (int, error) {
	if r.read == r.file.Size {
		return 0, io.EOF
	}
	if len(r.held) == 0 {
		piece, err := readRecord[[]byte](r.ctx, r.file.service.store, recordExportPiece, exportPieceID(r.file.Attempt, r.n))
		if err != nil || len(piece) == 0 {
			return 0, orNotFound(orGone(err), "export.no_file")
		}
		r.held, r.n = piece, r.n+1
	}
	n := copy(into, r.held)
	r.held, r.read = r.held[n:], r.read+int64(n)
	return n, nil
}
