package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// window is how far zstd looks back: memory for it is needed at both ends.
const window = 1 << 20 // bytes

// Writer writes one file. It holds one line at a time.
type Writer struct {
	sealed   io.WriteCloser // nil: not encrypted
	packed   *zstd.Encoder
	buffered *bufio.Writer
	sections runnings
	all      hash.Hash
	bytes    int64
	line     []byte
}

// NewWriter begins a file with its header. With recipients it is encrypted for each.
// Format and Soundings of the header are filled in.
func NewWriter(to io.Writer, h Header, recipients Recipients) (*Writer, error) {
	w := &Writer{sections: runnings{}, all: sha256.New()}
	var err error
	if len(recipients) > 0 {
		if w.sealed, err = age.Encrypt(to, recipients...); err != nil {
			return nil, fmt.Errorf("encrypting the backup: %w", err)
		}
		to = w.sealed
	}
	if w.packed, err = zstd.NewWriter(to, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(2)); err != nil {
		return nil, fmt.Errorf("compressing the backup: %w", err)
	}
	w.buffered = bufio.NewWriterSize(w.packed, 1<<16)
	h.Soundings, h.Format, h.Moment = magic, Format, h.Moment.UTC()
	line, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encoding the header: %w", err)
	}
	return w, w.write(line)
}

// write writes one line and counts it.
func (w *Writer) write(line []byte) error {
	w.all.Write(line)
	w.all.Write(lineFeed)
	w.bytes += int64(len(line)) + 1
	if _, err := w.buffered.Write(line); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	if err := w.buffered.WriteByte('\n'); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	return nil
}

// member is {"section":document}; it is good until the next call.
func (w *Writer) member(section string, document []byte) []byte {
	line := append(w.line[:0], `{"`...)
	line = append(append(line, section...), `":`...)
	line = append(append(line, document...), '}')
	w.line = line
	return line
}

// Put writes a document, which is JSON without a line feed, and returns its sum.
func (w *Writer) Put(section string, document []byte) (Sum, error) {
	sum := SumOf(document)
	one := w.sections.of(section)
	one.line(document)
	one.tally.add(sum)
	return sum, w.write(w.member(section, document))
}

// Replace writes a document in place of an earlier one, whose sum is was.
func (w *Writer) Replace(section string, document []byte, was Sum) (Sum, error) {
	w.sections.of(section).tally.remove(was)
	return w.Put(section, document)
}

// Remove takes an earlier document away.
func (w *Writer) Remove(section, id string, was Sum) error {
	document, err := json.Marshal(Gone{section, id})
	if err != nil {
		return fmt.Errorf("encoding what is gone: %w", err)
	}
	w.sections.of(section).tally.remove(was)
	w.sections.of(goneSection).line(document)
	return w.write(w.member(goneSection, document))
}

// Close writes the trailer and ends compression and encryption; the writer below
// stays open. still is whether the store showed one moment.
func (w *Writer) Close(still bool) (Trailer, error) {
	t := Trailer{Still: still, Bytes: w.bytes, SHA256: hex.EncodeToString(w.all.Sum(nil))}
	for _, name := range slices.Sorted(maps.Keys(w.sections)) {
		t.Sections = append(t.Sections, w.sections[name].section(name))
	}
	document, err := json.Marshal(t)
	if err != nil {
		return t, fmt.Errorf("encoding the trailer: %w", err)
	}
	if err := w.write(w.member(trailerSection, document)); err != nil {
		return t, err
	}
	err = w.buffered.Flush()
	if closeErr := w.packed.Close(); err == nil {
		err = closeErr
	}
	if err == nil && w.sealed != nil {
		err = w.sealed.Close()
	}
	if err != nil {
		return t, fmt.Errorf("ending the backup: %w", err)
	}
	return t, nil
}

func (r *running) section(name string) Section {
	return Section{Name: name, Lines: r.lines, SHA256: hex.EncodeToString(r.hash.Sum(nil)), Held: r.tally.Held, Sum: r.tally.Sum.String()}
}
