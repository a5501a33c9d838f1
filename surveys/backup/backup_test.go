package backup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"soundings/surveys/backup"
)

var header = backup.Header{Contents: backup.Data, Product: "v1.0.0", Store: "sqlite", Schema: 4, Documents: 1, Moment: time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC), ID: "b1"}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// written is a file of a few documents, one replaced and one taken away.
func written(t testing.TB, recipients ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := backup.NewWriter(&file, header, recipients)
	must(t, err)
	one, err := w.Put("responses", []byte(`{"id":"a"}`))
	must(t, err)
	two, err := w.Put("responses", []byte(`{"id":"b"}`))
	must(t, err)
	_, err = w.Put("records/note", []byte(`{"id":"n","body":{"words":"é"}}`))
	must(t, err)
	_, err = w.Replace("responses", []byte(`{"id":"a","revision":2}`), one)
	must(t, err)
	must(t, w.Remove("responses", "b", two))
	_, err = w.Close(false)
	must(t, err)
	return file.Bytes()
}

// read returns all lines, as "section document", and the trailer.
func read(file []byte, identities ...age.Identity) (lines []string, t backup.Trailer, err error) {
	r, err := backup.NewReader(bytes.NewReader(file), identities)
	if err != nil {
		return nil, t, err
	}
	defer r.Close()
	for {
		section, document, err := r.Next()
		if err == io.EOF {
			return lines, r.Trailer(), nil
		}
		if err != nil {
			return lines, t, err
		}
		lines = append(lines, section+" "+string(document))
	}
}

func TestRoundTrip(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	for name, file := range map[string][]byte{"plain": written(t), "encrypted": written(t, identity.Recipient(), other.Recipient())} {
		lines, trailer, err := read(file, other)
		must(t, err)
		want := []string{`responses {"id":"a"}`, `responses {"id":"b"}`, `records/note {"id":"n","body":{"words":"é"}}`, `responses {"id":"a","revision":2}`, `gone {"section":"responses","id":"b"}`}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var held backup.Tally
		held.Add([]byte(`{"id":"a","revision":2}`))
		if differs := held.Differs(trailer.Section("responses")); differs != "" || trailer.Section("responses").Lines != 3 {
			t.Errorf("%s: %s, %+v", name, differs, trailer)
		}
		held.Add([]byte(`{}`))
		if differs := held.Differs(trailer.Section("responses")); differs == "" {
			t.Errorf("%s: one more does not differ", name)
		}
	}
}

// TestSum: what was added and taken away leaves nothing, in any order.
func TestSum(t *testing.T) {
	var sum backup.Sum
	for n := range 300 {
		sum.Add(backup.SumOf(fmt.Append(nil, n)))
	}
	for n := 299; n >= 0; n-- {
		sum.Subtract(backup.SumOf(fmt.Append(nil, n)))
	}
	if sum != (backup.Sum{}) {
		t.Errorf("left is %s", sum)
	}
}

// packed compresses lines as they are.
func packed(t testing.TB, lines string) []byte {
	t.Helper()
	return packer().EncodeAll([]byte(lines), nil)
}

var packer = sync.OnceValue(func() *zstd.Encoder {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w
})

func unpacked(t testing.TB, file []byte) string {
	t.Helper()
	r, err := zstd.NewReader(bytes.NewReader(file))
	must(t, err)
	defer r.Close()
	text, err := io.ReadAll(r)
	must(t, err)
	return string(text)
}

// TestRefused: what is not whole, not ours or not as it was written, in one sentence.
func TestRefused(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	stranger, err := age.GenerateX25519Identity()
	must(t, err)
	whole, sealed := written(t), written(t, identity.Recipient())
	lines := unpacked(t, whole)
	all := strings.SplitAfter(lines, "\n")
	for _, tt := range []struct {
		name string
		file []byte
		who  age.Identity
		want error
	}{
		{"nothing", nil, nil, backup.ErrOther},
		{"other", []byte("PK\x03\x04 a workbook"), nil, backup.ErrOther},
		{"other lines", packed(t, "{}\n"), nil, backup.ErrOther},
		{"no identity", sealed, nil, backup.ErrEncrypted},
		{"another's", sealed, stranger, backup.ErrNotYours},
		{"as text", []byte("-----BEGIN AGE ENCRYPTED FILE-----\n"), identity, backup.ErrArmored},
		{"cut in the middle", whole[:len(whole)/2], nil, backup.ErrCut},
		{"cut at the end", whole[:len(whole)-3], nil, backup.ErrCut},
		{"sealed and cut", sealed[:len(sealed)-5], identity, nil},
		{"sealed and altered", append(bytes.Clone(sealed[:len(sealed)-5]), 'x', 'x', 'x', 'x', 'x'), identity, nil},
		{"without trailer", packed(t, strings.Join(all[:len(all)-2], "")), nil, backup.ErrCut},
		{"a line less", packed(t, strings.Join(append(append([]string{}, all[:2]...), all[3:]...), "")), nil, backup.ErrAltered},
		{"a line twice", packed(t, all[0]+all[1]+lines[len(all[0]):]), nil, backup.ErrAltered},
		{"a letter", packed(t, strings.Replace(lines, `"id":"n"`, `"id":"m"`, 1)), nil, backup.ErrAltered},
		{"the header", packed(t, strings.Replace(lines, "v1.0.0", "v1.0.1", 1)), nil, backup.ErrAltered},
		{"a section's hash", packed(t, strings.Replace(lines, `"lines":3`, `"lines":4`, 1)), nil, backup.ErrAltered},
		{"more behind", packed(t, lines+"{}\n"), nil, backup.ErrAltered},
		{"half a line behind", packed(t, lines+"{}"), nil, backup.ErrAltered},
		{"no object", packed(t, all[0]+"[]\n"), nil, backup.ErrAltered},
	} {
		var who []age.Identity
		if tt.who != nil {
			who = append(who, tt.who)
		}
		_, _, err := read(tt.file, who...)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	_, _, err = read(packed(t, strings.Replace(lines, `"format":1`, `"format":2`, 1)))
	if err == nil || !strings.Contains(err.Error(), "format 2") || !strings.Contains(err.Error(), "v1.0.0") {
		t.Errorf("a newer format: %v", err)
	}
}

func TestKeys(t *testing.T) {
	if _, err := backup.ParseRecipients([]string{"age1nonsense"}); err == nil || strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a wrong recipient gave %v", err)
	}
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	recipients, err := backup.ParseRecipients([]string{identity.Recipient().String()})
	must(t, err)
	path := filepath.Join(t.TempDir(), "identity")
	must(t, os.WriteFile(path, []byte("# a comment\n"+identity.String()+"\n"), 0o600))
	identities, err := backup.ReadIdentities(path)
	must(t, err)
	if _, _, err := read(written(t, recipients...), identities...); err != nil {
		t.Error(err)
	}
	must(t, os.WriteFile(path, []byte("AGE-SECRET-KEY-1HUNTER2"), 0o600))
	if _, err := backup.ReadIdentities(path); err == nil || strings.Contains(err.Error(), "HUNTER2") {
		t.Errorf("a wrong identity gave %v", err)
	}
}

// FuzzReader: whatever is read, nothing is taken for whole that is not what a writer writes.
func FuzzReader(f *testing.F) {
	whole := written(f)
	f.Add(whole, false)
	f.Add([]byte(unpacked(f, whole)), true)
	f.Add(whole[:len(whole)/2], false)
	f.Add([]byte("{\"soundings\":\"backup\",\"format\":1}\n{\"a\":}\n{\"trailer\":{}}\n"), true)
	f.Add([]byte("age-encryption.org/v1\n"), false)
	f.Fuzz(func(t *testing.T, file []byte, pack bool) {
		if pack {
			file = packed(t, string(file))
		}
		lines, trailer, err := read(file)
		if err != nil {
			if len(err.Error()) > 500 {
				t.Errorf("the error is %d bytes long", len(err.Error()))
			}
			return
		}
		told := 0
		for _, s := range trailer.Sections {
			told += s.Lines
		}
		if told != len(lines) {
			t.Errorf("%d lines read and %d told", len(lines), told)
		}
		if _, err := json.Marshal(trailer); err != nil {
			t.Error(err)
		}
	})
}
