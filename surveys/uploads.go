package surveys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// Limits of uploads.
const (
	UploadLimit  = 64 << 20       // bytes of a file
	uploadLife   = 48 * time.Hour // after that it is removed, used or not
	pieceSize    = 700 << 10      // bytes of a record; as JSON they are less than 1 MB
	piecesHeld   = 4              // of a file being read, in memory
	uploadName   = 120            // bytes of the name that is kept
	uploadsShown = 20
)

// UploadID names an upload.
type UploadID string

// Upload is a file of old answers, kept in the store until it is imported, so that
// any instance can go on with it.
type Upload struct {
	ID         UploadID        `json:"id"`
	Programme  ProgrammeID     `json:"programme"`
	Strand     StrandID        `json:"strand"`
	Name       string          `json:"name"`                // of the file
	Size       int64           `json:"size"`                // bytes
	Sheet      string          `json:"sheet,omitempty"`     // that is read; "" of separated values
	Sheets     []string        `json:"sheets,omitempty"`    // all of a workbook
	Delimiter  string          `json:"delimiter,omitempty"` // of separated values
	Encoding   string          `json:"encoding,omitempty"`
	Profile    olddata.Profile `json:"profile"`
	Mapping    olddata.Mapping `json:"mapping"`
	Remembered bool            `json:"remembered,omitempty"` // the mapping is that of an earlier file
	Check      JobID           `json:"check,omitempty"`      // the newest look through the whole file with this mapping
	By         string          `json:"by"`                   // name of the account
	Created    time.Time       `json:"created"`
}

// KeepUpload keeps a file of old answers for a strand's evaluators and finds out
// what its columns may be. It is removed when it was imported, or after two days.
// KindInvalid: it is no table, or too large.
func (s *Service) KeepUpload(ctx context.Context, programme ProgrammeID, strand StrandID, name string, file io.ReaderAt, size int64) (Upload, error) {
	home, err := s.oldDataHome(ctx, programme, strand)
	if err == nil {
		err = refuseNew(home.programme)
	}
	if err != nil {
		return Upload{}, err
	}
	if size > UploadLimit {
		return Upload{}, invalid("file", "old_data.file_too_large", UploadLimit>>20)
	}
	account, _ := AccountFrom(ctx)
	id, err := s.newID()
	if err != nil {
		return Upload{}, err
	}
	u := Upload{ID: UploadID(id), Programme: programme, Strand: strand, Name: cutName(path.Base(strings.ReplaceAll(name, `\`, "/"))), Size: size, By: account.Name, Created: s.moment()}
	table, err := sheets.Open(file, size, name)
	if err != nil {
		return u, FromSheet(err, "file")
	}
	if table.Delimiter != 0 {
		u.Delimiter = string(table.Delimiter)
	}
	u.Encoding, u.Sheets = table.Encoding, table.Sheets
	if err := chooseAnswers(table); err != nil {
		return u, FromSheet(err, "file")
	}
	if err := s.look(ctx, home, &u, table); err != nil {
		return u, err
	}
	if err := s.keepPieces(ctx, u.ID, file, size); err != nil {
		return u, err
	}
	if _, err := s.put(ctx, recordUpload, id, strandScope(programme, strand), "", 0, u); err != nil {
		return u, err
	}
	return u, s.Audit(ctx, programme, "old_data.uploaded", id)
}

// answerSheets are the sheets of a workbook of ours that hold the responses, the
// better one first.
var answerSheets = []string{"Responses (codes)", "Responses (labels)"}

// chooseAnswers prefers the sheet of the responses where the file is a workbook of
// ours.
func chooseAnswers(table *sheets.Table) error {
	for _, name := range answerSheets {
		if slices.Contains(table.Sheets, name) {
			return table.Choose(name)
		}
	}
	return nil
}

// look reads a whole table and says what its columns may be: as it was said of the
// last one with the same headings, or as it is guessed.
func (s *Service) look(ctx context.Context, home oldDataHome, u *Upload, table *sheets.Table) error {
	u.Sheet = table.Sheet
	var err error
	if u.Profile, err = olddata.ProfileOf(table); err != nil {
		var wide *olddata.TooWide
		if errors.As(err, &wide) {
			return invalid("file", "sheets.too_many_columns", sheets.Place(wide.Row, 0), olddata.MaxColumns)
		}
		return FromSheet(err, "file")
	}
	if u.Profile.Rows == 0 {
		return invalid("file", "sheets.empty")
	}
	values := u.Sheet == answerSheets[0]
	form := olddata.NewForm(home.united, values)
	u.Mapping = olddata.Suggest(u.Profile, form, home.strand.Design.Waves(), home.places)
	u.Mapping.Values = values
	u.Check = ""
	before, err := readRecord[olddata.Mapping](ctx, s.store, recordMapping, u.mappingID())
	switch kindOfNil(err) {
	case KindNotFound:
		u.Remembered = false
		return nil
	case noKind:
		u.Remembered = true
		u.Mapping = again(before, u.Mapping, form)
		return nil
	}
	return err
}

// again is the mapping of an earlier file for one with the same headings: what the
// form no longer has is left out, and cohorts and waves that are new are guessed.
func again(before, guessed olddata.Mapping, form *olddata.Form) olddata.Mapping {
	before.HeadRow = guessed.HeadRow
	for i := range before.Columns {
		if t := before.Columns[i].Target; t != olddata.TargetNone && !form.Knows(t) {
			before.Columns[i] = olddata.Column{}
		}
	}
	for len(before.Columns) < len(guessed.Columns) {
		before.Columns = append(before.Columns, olddata.Column{})
	}
	before.Columns = before.Columns[:len(guessed.Columns)]
	if before.Waves == nil {
		before.Waves = map[string]questionnaire.Wave{}
	}
	if before.Cohorts == nil {
		before.Cohorts = map[string]string{}
	}
	for value, wave := range guessed.Waves {
		if before.Waves[value] == "" {
			before.Waves[value] = wave
		}
	}
	for value, cohort := range guessed.Cohorts {
		if before.Cohorts[value] == "" {
			before.Cohorts[value] = cohort
		}
	}
	return before
}

func (u *Upload) mappingID() string {
	return strandScope(u.Programme, u.Strand) + "/" + olddata.Fingerprint(u.Profile.Headings())
}

func cutName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	for len(name) > uploadName {
		name = string([]rune(name)[:len([]rune(name))-1])
	}
	return name
}

// keepPieces stores a file in records of less than a megabyte.
func (s *Service) keepPieces(ctx context.Context, id UploadID, file io.ReaderAt, size int64) error {
	for n := range pieces(size) {
		piece := make([]byte, min(pieceSize, size-int64(n)*pieceSize))
		if _, err := io.ReadFull(io.NewSectionReader(file, int64(n)*pieceSize, int64(len(piece))), piece); err != nil {
			return fmt.Errorf("reading an upload: %w", err)
		}
		if _, err := s.put(ctx, recordUploadPiece, pieceID(id, n), string(id), "", 0, piece); err != nil {
			return err
		}
	}
	return nil
}

func pieces(size int64) int { return int((size + pieceSize - 1) / pieceSize) }

func pieceID(id UploadID, n int) string { return fmt.Sprintf("%s/%04d", id, n) }

// uploadedFile reads a kept file at any place. It is for one goroutine.
type uploadedFile struct {
	size  int64
	piece func(n int) ([]byte, error)
	held  map[int][]byte
	order []int // of held, the oldest first
}

// uploaded opens a kept file. KindNotFound while reading: it is gone.
func (s *Service) uploaded(ctx context.Context, u Upload) *uploadedFile {
	return &uploadedFile{size: u.Size, held: map[int][]byte{}, piece: func(n int) ([]byte, error) {
		piece, err := readRecord[[]byte](ctx, s.store, recordUploadPiece, pieceID(u.ID, n))
		return piece, orNotFound(err, "old_data.upload_gone")
	}}
}

// ReadAt reads as io.ReaderAt says.
func (f *uploadedFile) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		if at >= f.size {
			return n, io.EOF
		}
		piece, err := f.get(int(at / pieceSize))
		if err != nil {
			return n, err
		}
		if at%pieceSize >= int64(len(piece)) {
			return n, io.ErrUnexpectedEOF
		}
		copied := copy(p[n:], piece[at%pieceSize:])
		n, at = n+copied, at+int64(copied)
	}
	return n, nil
}

func (f *uploadedFile) get(n int) ([]byte, error) {
	if piece, ok := f.held[n]; ok {
		return piece, nil
	}
	piece, err := f.piece(n)
	if err != nil {
		return nil, err
	}
	if len(f.order) == piecesHeld {
		delete(f.held, f.order[0])
		f.order = f.order[1:]
	}
	f.held[n], f.order = piece, append(f.order, n)
	return piece, nil
}

// tableOf opens the sheet of a kept file.
func (s *Service) tableOf(ctx context.Context, u Upload) (*sheets.Table, error) {
	table, err := sheets.Open(s.uploaded(ctx, u), u.Size, u.Name)
	if err == nil && u.Sheet != "" {
		err = table.Choose(u.Sheet)
	}
	return table, err
}

// Uploads lists the files of a strand that wait to be imported, newest first.
func (s *Service) Uploads(ctx context.Context, programme ProgrammeID, strand StrandID) ([]Upload, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	all, err := listRecords[Upload](ctx, s.store, recordUpload, strandScope(programme, strand))
	slices.Reverse(all)
	return all[:min(len(all), uploadsShown)], err
}

// Upload returns one of a strand. KindNotFound: it was imported, is two days old, or
// is another strand's.
func (s *Service) Upload(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID) (Upload, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return Upload{}, err
	}
	return s.uploadOf(ctx, programme, strand, id)
}

func (s *Service) uploadOf(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID) (Upload, error) {
	u, err := readRecord[Upload](ctx, s.store, recordUpload, string(id))
	if err == nil && (u.Programme != programme || u.Strand != strand || !s.moment().Before(u.Created.Add(uploadLife))) {
		return Upload{}, notFound("old_data.upload_gone")
	}
	return u, orNotFound(err, "old_data.upload_gone")
}

// ChooseSheet reads another sheet of the workbook from now on.
func (s *Service) ChooseSheet(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID, sheet string) (Upload, error) {
	home, err := s.oldDataHome(ctx, programme, strand)
	if err != nil {
		return Upload{}, err
	}
	u, err := s.uploadOf(ctx, programme, strand, id)
	if err != nil {
		return u, err
	}
	table, err := s.tableOf(ctx, u)
	if err == nil {
		err = table.Choose(sheet)
	}
	if err != nil {
		return u, FromSheet(err, "sheet")
	}
	if err := s.look(ctx, home, &u, table); err != nil {
		return u, err
	}
	return change(ctx, s, recordUpload, string(id), func(now *Upload) error {
		*now = u
		return nil
	})
}

// DropUpload throws a file away. One that is not there is left so.
func (s *Service) DropUpload(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	u, err := s.uploadOf(ctx, programme, strand, id)
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.removeUpload(ctx, u); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "old_data.dropped", string(id))
}

// removeUpload removes the bytes, then what says that they are there, so that a
// removal that was broken off can be done again.
func (s *Service) removeUpload(ctx context.Context, u Upload) error {
	for n := range pieces(u.Size) {
		if err := s.store.DeleteRecord(ctx, recordUploadPiece, pieceID(u.ID, n)); err != nil {
			return fmt.Errorf("removing an upload: %w", err)
		}
	}
	if err := s.store.DeleteRecord(ctx, recordUpload, string(u.ID)); err != nil {
		return fmt.Errorf("removing an upload: %w", err)
	}
	return nil
}

// cleanUploads removes what has run out: files, and what was wrong with cells.
func (s *Service) cleanUploads(ctx context.Context) error {
	for kind, life := range map[RecordKind]time.Duration{recordUploadPiece: uploadLife, recordUpload: uploadLife, recordJobProblems: problemsLife} {
		if _, err := s.store.DeleteRecordsBefore(ctx, kind, s.moment().Add(-life)); err != nil {
			return fmt.Errorf("removing what has run out: %w", err)
		}
	}
	return nil
}
