package app

import (
	"strings"
	"testing"
)

// FuzzReadHeldFile: a file is read as late answers with a link's token, or refused.
func FuzzReadHeldFile(f *testing.F) {
	f.Add([]byte(`{"soundings": 1, "address": "/s/k3m9wq2x7p/submit", "form": "_id=0123456789abcdef&calm=4&calm=%zz", "sent": 1772874000000}`))
	f.Add([]byte(`{"soundings": 1, "address": "/s//submit", "form": "="}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		saved, err := readHeldFile(raw)
		if err == nil && (saved.token == "" || strings.Contains(saved.token, "/")) {
			t.Errorf("read with the token %q", saved.token)
		}
	})
}
