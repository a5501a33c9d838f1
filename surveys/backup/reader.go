package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// maxLine bounds a line: a document that MongoDB takes, quoted at its worst.
const maxLine = 100 << 20 // bytes

// What is wrong with a file, for people.
var (
	ErrOther     = errors.New("it is not a backup of Soundings")
	ErrCut       = errors.New("the backup was cut off: it has no end; take another one")
	ErrAltered   = errors.New("the backup was altered or damaged: its hashes differ; take another one")
	ErrEncrypted = errors.New("the backup is encrypted: name the file with your age identity with -identity")
	ErrNotYours  = errors.New("none of the identities opens the backup: it was encrypted for another recipient")
	ErrArmored   = errors.New("the backup is encrypted as text (age -a): decrypt it with age first")
)

// Reader reads one file. It holds one line at a time.
type Reader struct {
	header   Header
	trailer  Trailer
	unpacked *zstd.Decoder
	lines    *bufio.Reader
	line     []byte
	sections runnings
	all      hash.Hash
	bytes    int64
	ended    bool
}

// NewReader opens a file and reads its header. The caller closes it.
func NewReader(from io.Reader, identities Identities) (*Reader, error) {
	buffered := bufio.NewReaderSize(from, 1<<16)
	plain, err := decrypted(buffered, identities)
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, ErrOther
	}
	r := &Reader{unpacked: unpacked, lines: bufio.NewReaderSize(unpacked, 1<<16), sections: runnings{}, all: sha256.New()}
	if err := r.readHeader(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// decrypted opens what is encrypted and refuses what is neither that nor packed.
func decrypted(from *bufio.Reader, identities Identities) (io.Reader, error) {
	begins := func(with string) bool {
		start, _ := from.Peek(len(with)) // a shorter file is none of ours either
		return string(start) == with
	}
	switch {
	case begins("\x28\xb5\x2f\xfd"):
		return from, nil
	case begins("-----BEGIN AGE"):
		return nil, ErrArmored
	case !begins("age-encryption.org/"):
		return nil, ErrOther
	case len(identities) == 0:
		return nil, ErrEncrypted
	}
	plain, err := age.Decrypt(from, identities...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, ErrNotYours
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrAltered, err)
	}
	return plain, nil
}

func (r *Reader) readHeader() error {
	line, err := r.next()
	if err != nil {
		return err
	}
	if json.Unmarshal(line, &r.header) != nil || r.header.Soundings != magic {
		return ErrOther
	}
	if r.header.Format < 1 || r.header.Format > Format {
		return fmt.Errorf("the backup has format %d and this program reads up to %d: restore it with the Soundings that wrote it, %s, or a newer one", r.header.Format, Format, r.header.Product)
	}
	r.count(line)
	return nil
}

// Header is the first line.
func (r *Reader) Header() Header { return r.header }

// Trailer is the last line, once Next gave io.EOF.
func (r *Reader) Trailer() Trailer { return r.trailer }

// Close frees what reading needed; the reader below stays open.
func (r *Reader) Close() { r.unpacked.Close() }

// next reads a line without its line feed.
func (r *Reader) next() ([]byte, error) {
	r.line = r.line[:0]
	for {
		piece, err := r.lines.ReadSlice('\n')
		r.line = append(r.line, piece...)
		switch {
		case err == nil:
			return r.line[:len(r.line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull) && len(r.line) <= maxLine:
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, ErrAltered
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, ErrCut
		default:
			return nil, r.meaning(err)
		}
	}
}

// meaning tells a file that is damaged from one that cannot be read.
func (r *Reader) meaning(err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return fmt.Errorf("reading the backup: %w", err)
	}
	return fmt.Errorf("%w (%w)", ErrAltered, err)
}

func (r *Reader) count(line []byte) {
	r.all.Write(line)
	r.all.Write(lineFeed)
	r.bytes += int64(len(line)) + 1
}

// Next returns the next document and its section; both are good until the next
// call. Whether a document is JSON is not looked at. A document of the section "gone" is a Gone. io.EOF comes only after the
// trailer has shown that all before it is whole and unaltered.
func (r *Reader) Next() (section string, document []byte, err error) {
	if r.ended {
		return "", nil, io.EOF
	}
	line, err := r.next()
	if err != nil {
		return "", nil, err
	}
	section, document, ok := split(line)
	if !ok {
		return "", nil, ErrAltered
	}
	if section == trailerSection {
		return "", nil, r.end(document)
	}
	r.count(line)
	if r.sections.of(section).line(document); len(r.sections) > maxSections {
		return "", nil, ErrAltered
	}
	return section, document, nil
}

// split takes {"section":document} apart.
func split(line []byte) (section string, document []byte, ok bool) {
	inner, ok := bytes.CutPrefix(line, []byte(`{"`))
	if !ok {
		return "", nil, false
	}
	name, document, ok := bytes.Cut(inner, []byte(`":`))
	if !ok || !bytes.HasSuffix(document, []byte(`}`)) || !isName(name) {
		return "", nil, false
	}
	return string(name), document[:len(document)-1], true
}

// isName reports whether it is the name of a section: small letters, digits, "_" and "/".
func isName(name []byte) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '/' {
			return false
		}
	}
	return len(name) > 0 && len(name) <= 100
}

// end compares what was read with the trailer, and gives io.EOF if all is right.
func (r *Reader) end(document []byte) error {
	if err := json.Unmarshal(document, &r.trailer); err != nil {
		return ErrAltered
	}
	if r.trailer.Bytes != r.bytes || r.trailer.SHA256 != hex.EncodeToString(r.all.Sum(nil)) || len(r.trailer.Sections) != len(r.sections) {
		return ErrAltered
	}
	for _, told := range r.trailer.Sections {
		read, there := r.sections[told.Name]
		if !there || read.lines != told.Lines || hex.EncodeToString(read.hash.Sum(nil)) != told.SHA256 {
			return ErrAltered
		}
	}
	if _, err := r.next(); err != ErrCut {
		return ErrAltered // there is something behind the trailer
	}
	if len(r.line) > 0 {
		return ErrAltered
	}
	r.ended = true
	return io.EOF
}
