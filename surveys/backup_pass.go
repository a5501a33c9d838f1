package surveys

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"soundings/surveys/backup"
)

// underKey is one document of what is written under one key: a record, or a response
// and, behind it, its linkage.
type underKey struct {
	section  string
	document []byte
}

// seeing takes what is under a key; keys go up.
type seeing func(key string, parts []underKey) error

// pass writes a stream into a backup, and when it is read again, what has changed.
// What it knows of what was written lies in a file, not in memory: for each key the
// sums of its documents, in the order of keys.
type pass struct {
	to      *backup.Writer
	known   *spool // what the last round wrote; nil: nothing
	changed int    // documents and keys written since the first round
	first   bool
}

// over reads the stream once. again keeps what is needed to read it once more.
func (p *pass) over(again bool, read func(seeing) error) error {
	if !again {
		return read(p.write)
	}
	next, err := newSpool()
	if err != nil {
		return err
	}
	round := &passRound{pass: p, next: next}
	p.first = p.known == nil
	if p.known != nil {
		if err := p.known.rewind(); err != nil {
			return errors.Join(err, next.close())
		}
		round.advance()
	}
	if err = read(round.see); err == nil {
		err = round.end()
	}
	if err != nil {
		return errors.Join(err, next.close())
	}
	p.close()
	p.known = next
	return nil
}

func (p *pass) close() {
	if p.known != nil {
		_ = p.known.close() // nothing in it is wanted any more
	}
}

func (p *pass) write(_ string, parts []underKey) error {
	for _, one := range parts {
		if _, err := p.to.Put(one.section, one.document); err != nil {
			return err
		}
	}
	return nil
}

// passRound goes along the stream and what is known of the round before.
type passRound struct {
	*pass
	next *spool
	last string
	old  spooled // what is known and not yet passed
	left bool    // there is an old
	err  error
}

func (r *passRound) advance() {
	r.old, r.left, r.err = r.known.read()
}

func (r *passRound) see(key string, parts []underKey) error {
	if key <= r.last {
		return fmt.Errorf("the store gives %q behind %q: its order is not that of bytes", key, r.last)
	}
	r.last = key
	for r.left && r.old.key < key {
		if err := r.gone(r.old); err != nil {
			return err
		}
	}
	if r.err != nil {
		return r.err
	}
	now := spooled{key: key}
	for _, one := range parts {
		now.sums = append(now.sums, backup.SumOf(one.document))
		now.sections = append(now.sections, one.section)
	}
	was := spooled{}
	if r.left && r.old.key == key {
		was = r.old
		r.advance()
	}
	if !now.same(was) {
		if err := r.rewrite(was, parts); err != nil {
			return err
		}
	}
	return r.next.write(now)
}

// rewrite writes all that is under a key in place of what was.
func (r *passRound) rewrite(was spooled, parts []underKey) error {
	if !r.first {
		r.changed++
	}
	for i, one := range parts {
		var err error
		if i < len(was.sums) {
			_, err = r.to.Replace(one.section, one.document, was.sums[i])
		} else {
			_, err = r.to.Put(one.section, one.document)
		}
		if err != nil {
			return err
		}
	}
	for i := len(parts); i < len(was.sums); i++ {
		if err := r.to.Remove(was.sections[i], was.id(), was.sums[i]); err != nil {
			return err
		}
	}
	return nil
}

// gone takes away what is no longer there, the linkage before the response.
func (r *passRound) gone(was spooled) error {
	r.changed++
	for i := len(was.sums) - 1; i >= 0; i-- {
		if err := r.to.Remove(was.sections[i], was.id(), was.sums[i]); err != nil {
			return err
		}
	}
	r.advance()
	return r.err
}

func (r *passRound) end() error {
	for r.left {
		if err := r.gone(r.old); err != nil {
			return err
		}
	}
	return r.err
}

// spooled is what is known of a key.
type spooled struct {
	key      string
	sections []string
	sums     []backup.Sum
}

// id is the key without the kind of a record before it.
func (s spooled) id() string {
	kind, found := strings.CutPrefix(s.sections[0], sectionRecords)
	if !found {
		return s.key
	}
	return strings.TrimPrefix(s.key, kind+"/")
}

func (s spooled) same(other spooled) bool {
	if len(s.sums) != len(other.sums) {
		return false
	}
	for i := range s.sums {
		if s.sums[i] != other.sums[i] {
			return false
		}
	}
	return true
}

// spool is a file of them, without a name where that can be, so that nothing is left behind.
type spool struct {
	file *os.File
	to   *bufio.Writer
	from *bufio.Reader
}

func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "soundings-backup-")
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	_ = os.Remove(file.Name()) // where the system lets a file be used without a name; else close does it
	return &spool{file: file, to: bufio.NewWriter(file)}, nil
}

func (s *spool) close() error {
	err := s.file.Close()
	_ = os.Remove(s.file.Name()) // most often gone already
	return err
}

func (s *spool) text(text string) error {
	if _, err := s.to.Write(binary.AppendUvarint(nil, uint64(len(text)))); err != nil {
		return err
	}
	_, err := s.to.WriteString(text)
	return err
}

func (s *spool) write(one spooled) error {
	err := errors.Join(s.text(one.key), s.to.WriteByte(byte(len(one.sums))))
	for i, sum := range one.sums {
		err = errors.Join(err, s.text(one.sections[i]))
		_, writeErr := s.to.Write(sum[:])
		err = errors.Join(err, writeErr)
	}
	if err != nil {
		return fmt.Errorf("writing a temporary file: %w", err)
	}
	return nil
}

func (s *spool) rewind() error {
	err := s.to.Flush()
	if err == nil {
		_, err = s.file.Seek(0, io.SeekStart)
	}
	s.from = bufio.NewReader(s.file)
	if err != nil {
		return fmt.Errorf("reading a temporary file: %w", err)
	}
	return nil
}

// read returns the next; false at the end.
func (s *spool) read() (one spooled, more bool, err error) {
	if _, err := s.from.Peek(1); errors.Is(err, io.EOF) {
		return one, false, nil
	}
	if one.key, err = s.readText(); err == nil {
		var count byte
		count, err = s.from.ReadByte()
		for range count {
			var sum backup.Sum
			section, textErr := s.readText()
			_, sumErr := io.ReadFull(s.from, sum[:])
			if err = errors.Join(textErr, sumErr); err != nil {
				break
			}
			one.sections, one.sums = append(one.sections, section), append(one.sums, sum)
		}
	}
	if err != nil {
		return one, false, fmt.Errorf("reading a temporary file: %w", err)
	}
	return one, true, nil
}

func (s *spool) readText() (string, error) {
	length, err := binary.ReadUvarint(s.from)
	if err != nil {
		return "", err
	}
	text := make([]byte, length)
	_, err = io.ReadFull(s.from, text)
	return string(text), err
}
