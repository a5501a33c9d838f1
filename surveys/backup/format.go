package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"
)

// Format is the version of the format that this package writes, and the newest it reads.
const Format = 1

// Contents is what a file holds.
type Contents string

const (
	Data Contents = "data" // everything but keys
	Keys Contents = "keys" // the keys of one programme
)

// Header is the first line.
type Header struct {
	Soundings string    `json:"soundings"` // "backup"
	Format    int       `json:"format"`
	Contents  Contents  `json:"contents"`
	Product   string    `json:"product"`   // version of the program that wrote it
	Store     string    `json:"store"`     // it was read from: "sqlite" or "mongodb"
	Schema    int       `json:"schema"`    // of that store
	Documents int       `json:"documents"` // version of what documents look like
	Moment    time.Time `json:"moment"`    // when it was begun
	ID        string    `json:"id"`        // drawn; tells this backup from every other

	Programme string     `json:"programme,omitempty"` // whose keys these are
	Expires   *time.Time `json:"expires,omitempty"`   // when keys must no longer be used; nil: not known
}

// magic is the value of Header.Soundings.
const magic = "backup"

// Section is what the trailer tells of one section.
type Section struct {
	Name   string `json:"name"`
	Lines  int    `json:"lines"`
	SHA256 string `json:"sha256"` // hexadecimal, of the documents in order, each with a line feed
	Held   int    `json:"held"`   // documents in the end
	Sum    string `json:"sum"`    // see Sum; of the documents held
}

// Trailer is the last line.
type Trailer struct {
	Sections []Section `json:"sections"` // by name
	Still    bool      `json:"still"`    // the store showed one moment
	Bytes    int64     `json:"bytes"`    // of the lines before the trailer
	SHA256   string    `json:"sha256"`   // of the same
}

// Section returns what the trailer tells of one; of one that is not there, nothing.
func (t Trailer) Section(name string) Section {
	for _, s := range t.Sections {
		if s.Name == name {
			return s
		}
	}
	return Section{Name: name, Sum: Sum{}.String()}
}

// Sum is a sum of SHA-256s modulo 2^256, least byte first: a hash of documents
// whatever their order.
type Sum [sha256.Size]byte

// SumOf is that of one document.
func SumOf(document []byte) Sum { return sha256.Sum256(document) }

// Add adds another sum.
func (s *Sum) Add(other Sum) {
	carry := 0
	for i := range s {
		carry += int(s[i]) + int(other[i])
		s[i] = byte(carry)
		carry >>= 8
	}
}

// Subtract takes another sum away.
func (s *Sum) Subtract(other Sum) {
	borrow := 0
	for i := range s {
		left := int(s[i]) - int(other[i]) - borrow
		borrow = 0
		if left < 0 {
			left, borrow = left+256, 1
		}
		s[i] = byte(left)
	}
}

// String is hexadecimal.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Tally counts the documents of one section, wherever they are read.
type Tally struct {
	Held int
	Sum  Sum
}

// Add counts one document.
func (t *Tally) Add(document []byte) { t.add(SumOf(document)) }

func (t *Tally) add(sum Sum) {
	t.Held++
	t.Sum.Add(sum)
}

func (t *Tally) remove(sum Sum) {
	t.Held--
	t.Sum.Subtract(sum)
}

// Differs says how what was counted differs from what the trailer tells; "" if it does not.
func (t *Tally) Differs(from Section) string {
	switch {
	case t.Held != from.Held:
		return fmt.Sprintf("%s: %d, and the backup holds %d", from.Name, t.Held, from.Held)
	case t.Sum.String() != from.Sum:
		return fmt.Sprintf("%s: %d, as in the backup, but what they say differs", from.Name, t.Held)
	}
	return ""
}

// running is a section while it is written or read.
type running struct {
	lines int
	hash  hash.Hash
	tally Tally
}

func (r *running) line(document []byte) {
	r.lines++
	r.hash.Write(document) // never fails, see hash.Hash
	r.hash.Write(lineFeed)
}

var lineFeed = []byte("\n")

// maxSections bounds how many sections a file may have: there are about 80 kinds.
const maxSections = 1000

// runnings are all sections by name.
type runnings map[string]*running

func (all runnings) of(section string) *running {
	one := all[section]
	if one == nil {
		one = &running{hash: sha256.New()}
		all[section] = one
	}
	return one
}

// gone is the section of what was taken away, trailer that of the trailer.
const (
	goneSection    = "gone"
	trailerSection = "trailer"
)

// Gone is the document of the section "gone".
type Gone struct {
	Section string `json:"section"`
	ID      string `json:"id"`
}
