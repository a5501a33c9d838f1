package exports

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/klauspost/compress/flate"
)

// Level 6 takes 0.4 of the time of the standard library's for a file 4 % larger.
const deflateLevel = 6

// spoolInMemory is how many compressed bytes a spool holds before it uses a file.
const spoolInMemory = 4 << 20

// spool keeps the rows of one sheet, compressed, until the sheet's frame is
// known: in memory while they are few, then in a temporary file. It is the
// middle of a deflate stream: it begins with an empty window and ends on a
// whole byte without ending the stream.
type spool struct {
	deflate *flate.Writer
	folder  string // of the temporary file; "" is the system's
	held    bytes.Buffer
	file    *os.File
	sum     uint32 // CRC-32 of the rows
	size    int64  // of the rows, in bytes
	packed  int64  // compressed
	sealed  bool
}

func newSpool(folder string) (*spool, error) {
	s := &spool{folder: folder}
	deflate, err := flate.NewWriter(packedInto{s}, deflateLevel)
	s.deflate = deflate
	return s, err
}

// Write compresses p.
func (s *spool) Write(p []byte) (int, error) {
	s.sum = crc32.Update(s.sum, crc32.IEEETable, p)
	s.size += int64(len(p))
	return s.deflate.Write(p)
}

// seal ends the rows and frees the compressor.
func (s *spool) seal() error {
	if s.sealed {
		return nil
	}
	s.sealed = true
	err := s.deflate.Flush()
	s.deflate = nil
	return err
}

// packedInto is where a spool's compressor writes.
type packedInto struct{ *spool }

func (s packedInto) Write(p []byte) (int, error) {
	s.packed += int64(len(p))
	if s.file != nil {
		return s.file.Write(p)
	}
	if s.held.Len()+len(p) <= spoolInMemory {
		return s.held.Write(p)
	}
	if err := s.useFile(); err != nil {
		return 0, err
	}
	return s.file.Write(p)
}

// useFile moves what is held into a file that only this process can read.
func (s *spool) useFile() (err error) {
	if s.file, err = os.CreateTemp(s.folder, "soundings-rows-*"); err != nil {
		return fmt.Errorf("keeping rows in a temporary file: %w", err)
	}
	_, err = s.file.Write(s.held.Bytes())
	s.held = bytes.Buffer{}
	return err
}

// copyTo writes the compressed rows.
func (s *spool) copyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.held.Bytes())
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

// Close removes the temporary file.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
