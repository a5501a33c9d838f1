package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRefusals: whatever is set wrongly or cannot be reached is told in one line
// that says what to do, and the exit code is not 0.
func TestRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	used := t.TempDir()
	if err := os.WriteFile(filepath.Join(used, databaseFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		env  map[string]string
		code int
		want []string // parts of the sentence: what, and what to do
	}{
		{"no command", nil, nil, exitUsage, []string{"Usage: soundings <command>"}},
		{"unknown command", []string{"sevre"}, nil, exitUsage, []string{`"sevre"`, "the commands are"}},
		{"unknown flag", []string{"serve", "-prot", "1"}, nil, exitUsage, []string{"-prot", "-h lists the settings"}},
		{"a word too many", []string{"serve", "now"}, nil, exitUsage, []string{`"now"`, "-h lists"}},
		{"listen", []string{"serve", "-listen", "8080"}, nil, exitUsage, []string{"-listen", "such as :8080"}},
		{"listen in the environment", []string{"serve"}, map[string]string{"SOUNDINGS_LISTEN": "x"}, exitUsage, []string{"SOUNDINGS_LISTEN", "such as :8080"}},
		{"base URL", []string{"serve", "-base-url", "feedback.example.org"}, nil, exitUsage, []string{"-base-url", "https://"}},
		{"base URL with a path", []string{"serve", "-base-url", "https://a.org/b"}, nil, exitUsage, []string{"without a path"}},
		{"proxies", []string{"serve", "-trusted-proxies", "proxy.local"}, nil, exitUsage, []string{"proxy.local", "10.0.0.5"}},
		{"submits", []string{"serve", "-submits-per-network", "many"}, nil, exitUsage, []string{"many", "a whole number"}},
		{"log level", []string{"serve", "-log-level", "loud"}, nil, exitUsage, []string{"loud", "debug, info, warn or error"}},
		{"log format", []string{"serve", "-log-format", "xml"}, nil, exitUsage, []string{"xml", "text or json"}},
		{"not MongoDB", []string{"serve"}, map[string]string{"MONGODB_URI": "postgres://u:hunter2@h/d"}, exitUsage, []string{"MONGODB_URI", "mongodb://"}},
		{"MongoDB not there", []string{"check"}, map[string]string{"MONGODB_URI": "mongodb://u:hunter2@127.0.0.1:1/soundings?serverSelectionTimeoutMS=300"}, exitFailed, []string{"MongoDB", "127.0.0.1:1", "MONGODB_URI"}},
		{"port taken", []string{"serve", "-data", t.TempDir(), "-listen", taken.Addr().String()}, nil, exitFailed, []string{taken.Addr().String(), "choose another with -listen"}},
		{"port taken, demo", []string{"demo", "-listen", taken.Addr().String()}, nil, exitFailed, []string{"choose another with -listen"}},
		{"folder not usable", []string{"serve", "-data", filepath.Join(file, "sub")}, nil, exitFailed, []string{file, "choose a folder", "SOUNDINGS_DATA"}},
		{"demo over data", []string{"demo", "-data", used, "-listen", "127.0.0.1:0"}, nil, exitFailed, []string{used, "holds data already"}},
		{"demo in MongoDB", []string{"demo", "-listen", "127.0.0.1:0"}, map[string]string{"MONGODB_URI": "mongodb://localhost"}, exitFailed, []string{"never in MongoDB", "use serve"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			code := run(t.Context(), tt.args, func(k string) string { return tt.env[k] }, &out, &errOut)
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			said := errOut.String()
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("said %q, want %q in it", said, want)
				}
			}
			if strings.Contains(said, "hunter2") {
				t.Errorf("said %q, with the password", said)
			}
			if tt.args != nil && strings.Count(strings.TrimSpace(said), "\n") > 0 {
				t.Errorf("said %q, want one line", said)
			}
		})
	}
}

// TestServe starts the real thing on a new folder: it says where it is, in which
// store, gives a set-up link once, and ends when it is told to.
func TestServe(t *testing.T) {
	data := t.TempDir()
	first := serveFor(t, data)
	for _, want := range []string{"Soundings answers on http://127.0.0.1:", "Store: SQLite", "/set-up/"} {
		if !strings.Contains(first, want) {
			t.Errorf("said %q, want %q in it", first, want)
		}
	}
	if !strings.Contains(serveFor(t, data), "/set-up/") {
		t.Error("no set-up link at the second start, though there is still no account")
	}
}

func serveFor(t *testing.T, data string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said := newWatched("Store: ")
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error"}, func(string) string { return "" }, said, io.Discard)
	}()
	select {
	case <-said.seen:
	case code := <-ended:
		t.Fatalf("ended with code %d before it was ready: %s", code, said)
	case <-time.After(20 * time.Second):
		t.Fatal("not ready after 20 s")
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d after an interrupt, want 0", code)
	}
	return said.String()
}

// TestReadmeListsSettings keeps the README's table the list that -h prints.
func TestReadmeListsSettings(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		for _, want := range []string{"| `-" + s.flag + "` | `" + s.env + "`", "| " + s.meaning + " |"} {
			if !strings.Contains(string(readme), want) {
				t.Errorf("the README has no %q", want)
			}
		}
	}
}
