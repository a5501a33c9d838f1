package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
)

// TestCheck: what is found is told in plain words, and a fault is an exit code of 1.
func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		harm func(t *testing.T, data string)
		args []string
		code int
		want []string
	}{
		{name: "a new installation", want: []string{"ok      Store: SQLite file soundings.db answers.", "ok      Store: the file is sound", "with every index is there", "Backups: no folder is set", " Clock: ", "ok      Disk: the data folder", "advice  Address: none is set", "advice  Mail: no server is set", "ok      Folder: nobody else"}},
		{name: "a file that others may open", code: exitFailed, want: []string{"FAULT   Folder: others on this machine may open", "secrets.txt", "chmod go="}, harm: func(t *testing.T, data string) {
			must(t, os.WriteFile(filepath.Join(data, "secrets.txt"), nil, 0o644))
		}},
		{name: "no certificate", args: []string{"-base-url", "https://127.0.0.1:1"}, code: exitFailed, want: []string{"FAULT   TLS: https://127.0.0.1:1 cannot be reached as a browser would"}},
		{name: "not encrypted", args: []string{"-base-url", "http://feedback.example.org"}, want: []string{"advice  Address: http://feedback.example.org is not encrypted"}},
		{name: "mail server away", args: []string{"-base-url", "http://feedback.example.org", "-smtp", "127.0.0.1:1", "-mail-from", "a@example.org"}, code: exitFailed, want: []string{"FAULT   Mail: the mail server 127.0.0.1:1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := t.TempDir()
			must(t, os.Chmod(data, 0o700))
			if tt.harm != nil {
				tt.harm(t, data)
			}
			var out, errOut bytes.Buffer
			code := run(t.Context(), append([]string{"check", "-data", data}, tt.args...), func(string) string { return "" }, &out, &errOut)
			if code != tt.code {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, errOut.String())
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("said\n%swant %q in it", out.String(), want)
				}
			}
		})
	}
}

func TestCertificateFinding(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]grade{time.Hour: fault, 10 * 24 * time.Hour: advice, 60 * 24 * time.Hour: fine} {
		if got := certificateFinding(time.Now().Add(left)).grade; got != want {
			t.Errorf("a certificate that is good for %v is %q, want %q", left, got, want)
		}
	}
}

func TestCheckRoom(t *testing.T) {
	t.Parallel()
	if found := checkRoom(folder{"data", t.TempDir()}); len(found) != 1 || !strings.Contains(found[0].said, "free of") {
		t.Errorf("found %v of a folder, want how much is free", found)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnotherAddressKey: a store that came without its address key says so at the start
// and to check, before anybody needs what is sealed under it.
func TestAnotherAddressKey(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	must(t, os.Chmod(data, 0o700))
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, databaseFile))
	must(t, err)
	key, err := surveys.NewAddressKey(rand.Reader)
	must(t, err)
	service := surveys.NewService(store, time.Now, rand.Reader).WithMail(surveys.Mail{Key: key})
	must(t, storeCache{service}.Put(t.Context(), "feedback.example.org", []byte("sealed")))
	must(t, store.Close())
	checked := func() string {
		var out, errOut bytes.Buffer
		run(t.Context(), []string{"check", "-data", data}, func(string) string { return "" }, &out, &errOut)
		return out.String()
	}
	if said := checked(); !strings.Contains(said, "FAULT   Address key: The address key is not the one of this store") {
		t.Errorf("without the key check says\n%s", said)
	}
	if said := serveFor(t, data); !strings.Contains(said, "The address key is not the one of this store") {
		t.Errorf("without the key serve says\n%s", said)
	}
	must(t, os.WriteFile(filepath.Join(data, addressKeyFile), []byte(key.String()+"\n"), 0o600))
	if said := checked(); !strings.Contains(said, "ok      Address key: it is the one of this store.") {
		t.Errorf("with the key check says\n%s", said)
	}
}
