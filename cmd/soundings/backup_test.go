package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// said runs a command and returns what it said, and how it ended.
func said(t *testing.T, env map[string]string, args ...string) (out string, code int) {
	t.Helper()
	var said, wrong bytes.Buffer
	code = run(t.Context(), args, func(k string) string { return env[k] }, &said, &wrong)
	return said.String() + wrong.String(), code
}

// wantSaid wants a command to end well, or not, and to say all of these.
func wantSaid(t *testing.T, code int, env map[string]string, args []string, want ...string) {
	t.Helper()
	out, got := said(t, env, args...)
	if got != code {
		t.Fatalf("soundings %s ended with %d, want %d: %s", strings.Join(args, " "), got, code, out)
	}
	for _, one := range want {
		if !strings.Contains(out, one) {
			t.Errorf("soundings %s said %q, want %q in it", strings.Join(args, " "), out, one)
		}
	}
}

// filled is the folder of a store with a programme and some responses.
func filled(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(folder, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	service := surveys.NewService(store, time.Now, rand.Reader)
	secret, err := service.SetUpSecret(t.Context())
	if err == nil {
		_, err = service.SetUp(t.Context(), secret, "Olu Owner", "owner@example.org", "a long enough password")
	}
	for n := range 30 {
		if err == nil {
			r := storetest.ExampleResponse(n, 4)
			err = store.PutResponse(t.Context(), r, &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa", ""}})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestBackupAndRestore goes the whole way by the commands: encrypted, checked,
// restored, refused where something is there already.
func TestBackupAndRestore(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	data, folder := filled(t), t.TempDir()
	file, keys, key := filepath.Join(folder, "b"), filepath.Join(folder, "keys"), filepath.Join(folder, "identity")
	if err := os.WriteFile(key, []byte(identity.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	wantSaid(t, 0, nil, []string{"backup", "-data", data, "-to", file, "-recipient", identity.Recipient().String(), "-keys", keys}, "30 responses", "encrypted for 1", "keys: 0 in")
	wantSaid(t, exitFailed, nil, []string{"restore", "-check", "-from", file}, "is encrypted", "-identity")
	wantSaid(t, 0, nil, []string{"restore", "-check", "-from", file, "-identity", key}, "Whole and unaltered", "30 responses", "30 linkages", "1 account", "signs in anew")
	restored := filepath.Join(folder, "restored")
	wantSaid(t, 0, nil, []string{"restore", "-data", restored, "-from", file, "-identity", key}, "Restored and read back: SQLite file", "30 responses", "restore-keys")
	wantSaid(t, exitFailed, nil, []string{"restore", "-data", restored, "-from", file, "-identity", key}, "holds data already", "30 responses")
	wantSaid(t, exitFailed, nil, []string{"restore-keys", "-data", restored, "-keys", keys}, "no file of keys")
	wantSaid(t, 0, nil, []string{"backup", "-data", restored, "-to", file + "2"}, "30 responses", "NOT encrypted")

	raw, err := os.ReadFile(file + "2")
	if err == nil {
		raw[len(raw)/2] ^= 1
		err = os.WriteFile(file+"2", raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(folder, "empty")
	wantSaid(t, exitFailed, nil, []string{"restore", "-data", empty, "-from", file + "2"}, "altered or damaged")
	if _, err := os.Stat(empty); err == nil {
		t.Error("an altered file made a store")
	}
}

// TestBackupAsked: what is asked wrongly is told in one sentence.
func TestBackupAsked(t *testing.T) {
	data, nothing := filled(t), t.TempDir()
	for _, tt := range []struct {
		code int
		args []string
		want string
	}{
		{exitFailed, []string{"backup", "-data", data}, "-to FILE"},
		{exitFailed, []string{"backup", "-data", nothing, "-to", filepath.Join(nothing, "b")}, "there is no store"},
		{exitFailed, []string{"backup", "-data", data, "-to", filepath.Join(nothing, "no", "b")}, "no such file"},
		{exitUsage, []string{"backup", "-data", data, "-to", "b", "-recipient", "age1x"}, "age-keygen"},
		{exitUsage, []string{"serve", "-backup-every", "1s"}, "such as 24h"},
		{exitUsage, []string{"serve", "-backup-keep", "0"}, "such as 14"},
		{exitUsage, []string{"serve", "-backup-recipients", "me"}, "age-keygen"},
		{exitFailed, []string{"restore"}, "-from FILE"},
		{exitFailed, []string{"restore", "-check"}, "-from FILE"},
		{exitFailed, []string{"restore", "-from", filepath.Join(nothing, "b")}, "opening the backup"},
		{exitFailed, []string{"restore", "-from", "x", "-identity", filepath.Join(nothing, "b")}, "reading the identity"},
		{exitFailed, []string{"restore-keys"}, "-keys FOLDER"},
		{exitFailed, []string{"migrate", "-from", data}, "say both stores"},
		{exitFailed, []string{"migrate", "-from", data, "-to", data}, "the same store"},
		{0, []string{"migrate", "-data", data}, "nothing to do"},
		{0, []string{"migrate", "-data", nothing, "-dry-run"}, "1: make the tables"},
		{0, []string{"backup", "-h"}, "-recipient"},
	} {
		wantSaid(t, tt.code, nil, tt.args, tt.want)
	}
}

// TestServeRefusesHalfRestored: a store that a restore did not finish serves nobody.
func TestServeRefusesHalfRestored(t *testing.T) {
	data := filled(t)
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.PutRecord(t.Context(), surveys.Record{Kind: "restoring", ID: "restoring", At: time.Unix(0, 0), Body: []byte(`{"backup":"b","moment":"2026-03-02T09:00:00Z"}`)})
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "-listen", "127.0.0.1:0"}, {"backup", "-to", "b"}} {
		wantSaid(t, exitFailed, nil, append(args, "-data", data), "was broken off", "2 March 2026")
	}
	wantSaid(t, exitFailed, nil, []string{"check", "-data", data}, "FAULT   Restore")
}

// TestMoveStores moves a store to MongoDB and back by the command.
func TestMoveStores(t *testing.T) {
	data, back := filled(t), filepath.Join(t.TempDir(), "back")
	env := map[string]string{}
	t.Setenv("MOVE_TO", storetest.MongoURI(t))
	wantSaid(t, 0, env, []string{"migrate", "-from", data, "-to", "env:MOVE_TO", "-dry-run"}, "Nothing was done")
	wantSaid(t, 0, env, []string{"migrate", "-from", data, "-to", "env:MOVE_TO"}, "Moved and read back: MongoDB", "30 responses")
	wantSaid(t, exitFailed, env, []string{"migrate", "-from", data, "-to", "env:MOVE_TO"}, "holds data already")
	wantSaid(t, 0, env, []string{"migrate", "-from", "env:MOVE_TO", "-to", back}, "Moved and read back: SQLite", "30 linkages")
	wantSaid(t, 0, env, []string{"migrate", "-data", back}, "nothing to do")
}
