package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/smtp/smtptest"
)

// TestAddressKeyFile draws a key at the first start, for this account only, and
// finds it again at the next.
func TestAddressKeyFile(t *testing.T) {
	folder := t.TempDir()
	first, err := keyInFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyInFolder(folder)
	if err != nil || again != first || first == (surveys.AddressKey{}) {
		t.Errorf("the second start has another key, or none: %v", err)
	}
	file := filepath.Join(folder, addressKeyFile)
	about, err := os.Stat(file)
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("the file of the key: %v, %v, want 0600", about, err)
	}
	if all, err := os.ReadDir(folder); err != nil || len(all) != 1 {
		t.Errorf("%d files are left, want the key's only", len(all))
	}
	if err := os.WriteFile(file, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keyInFolder(folder); err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "SOUNDINGS_ADDRESS_KEY") {
		t.Errorf("a broken file: %v, want what to do, without what it holds", err)
	}
}

// TestMailSettings refuses what letters cannot be sent with, in one line.
func TestMailSettings(t *testing.T) {
	server := smtptest.New(t)
	for _, tt := range []struct {
		name, command string
		env           map[string]string
		code          int
		want          string
	}{
		{"no port", "serve", map[string]string{"SOUNDINGS_SMTP": "mail.example.org"}, exitUsage, "mail.example.org:587"},
		{"security", "serve", map[string]string{"SOUNDINGS_SMTP_SECURITY": "ssl"}, exitUsage, "starttls, tls or none"},
		{"sender", "serve", map[string]string{"SOUNDINGS_MAIL_FROM": "us"}, exitUsage, "surveys@example.org"},
		{"bounces", "serve", map[string]string{"SOUNDINGS_MAIL_BOUNCES": "us"}, exitUsage, "bounces+*@example.org"},
		{"key", "serve", map[string]string{"SOUNDINGS_ADDRESS_KEY": "hunter2"}, exitUsage, "openssl rand -base64 32"},
		{"no sender", "check", map[string]string{"SOUNDINGS_SMTP": server.Address, "SOUNDINGS_BASE_URL": "https://a.example"}, exitFailed, "SOUNDINGS_MAIL_FROM"},
		{"no address of ours", "check", map[string]string{"SOUNDINGS_SMTP": server.Address, "SOUNDINGS_MAIL_FROM": "a@b.example"}, exitFailed, "SOUNDINGS_BASE_URL"},
		{"nobody there", "check", map[string]string{"SOUNDINGS_SMTP": "127.0.0.1:1", "SOUNDINGS_MAIL_FROM": "a@b.example", "SOUNDINGS_BASE_URL": "https://a.example"}, exitFailed, "127.0.0.1:1"},
		{"well", "check", map[string]string{"SOUNDINGS_SMTP": server.Address, "SOUNDINGS_MAIL_FROM": "a@b.example", "SOUNDINGS_BASE_URL": "http://a.example"}, 0, "lets us in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			code := run(t.Context(), []string{tt.command, "-data", t.TempDir()}, func(k string) string { return tt.env[k] }, &out, &errOut)
			said := out.String() + errOut.String()
			if code != tt.code || !strings.Contains(said, tt.want) || strings.Contains(said, "hunter2") {
				t.Errorf("exit code %d and %q, want %d and %q", code, said, tt.code, tt.want)
			}
		})
	}
}
