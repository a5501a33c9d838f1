package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestTLSRefusals: what is set wrongly about encryption and about signing in elsewhere
// is told in one line that says what to do.
func TestTLSRefusals(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.pem")
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"tls", []string{"-tls=maybe"}, []string{"maybe", "yes or no"}},
		{"two ways", []string{"-tls", "-tls-domain", "a.example.org"}, []string{"exclude each other"}},
		{"no key", []string{"-tls-cert", missing}, []string{"go together"}},
		{"no file", []string{"-tls-cert", missing, "-tls-key", missing}, []string{missing, "-tls-cert"}},
		{"domain", []string{"-tls-domain", "https://a.example.org"}, []string{"one name, such as feedback.example.org"}},
		{"no domain", []string{"-tls-domain", "localhost"}, []string{"one name"}},
		{"http", []string{"-tls-http", "80"}, []string{"such as :80"}},
		{"authority", []string{"-tls-acme", "http://a.example.org"}, []string{"such as https://"}},
		{"issuer", []string{"-oidc-issuer", "http://login.example.org"}, []string{"with https://"}},
		{"no client", []string{"-oidc-issuer", "https://login.example.org"}, []string{"-oidc-client-id"}},
		{"no base", []string{"-oidc-issuer", "https://login.example.org", "-oidc-client-id", "a"}, []string{"-base-url", "/sign-in/oidc/callback"}},
		{"trust", []string{"-oidc-trust-email=1"}, []string{"yes or no"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			args := append([]string{"serve", "-listen", "127.0.0.1:0", "-data", t.TempDir()}, tt.args...)
			if code := run(t.Context(), args, func(string) string { return "" }, &out, &errOut); code == 0 {
				t.Error("exit code 0")
			}
			for _, want := range tt.want {
				if !strings.Contains(errOut.String(), want) {
					t.Errorf("said %q, want %q in it", errOut.String(), want)
				}
			}
		})
	}
}

var (
	saidBase  = regexp.MustCompile(`Soundings answers on (https://127\.0\.0\.1:\d+)`)
	saidPrint = regexp.MustCompile(`(?:[0-9A-F]{2}:){31}[0-9A-F]{2}`)
)

// TestServeTLS answers by HTTPS with a certificate of its own, the same at the next
// start, and says its fingerprint.
func TestServeTLS(t *testing.T) {
	data := t.TempDir()
	first := servesTLS(t, data)
	if again := servesTLS(t, data); again != first {
		t.Errorf("the fingerprint is %s at the next start, want the same %s", again, first)
	}
	about, err := os.Stat(filepath.Join(data, "certificates", ownFile))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("the file of the certificate: %v, %v, want one that nobody else reads", about, err)
	}
}

func servesTLS(t *testing.T, data string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said := newWatched("fingerprint:\n  ")
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error", "-tls"}, func(string) string { return "" }, said, io.Discard)
	}()
	defer func() { cancel(); <-ended }()
	select {
	case <-said.seen:
	case code := <-ended:
		t.Fatalf("ended with code %d: %s", code, said)
	case <-time.After(20 * time.Second):
		t.Fatal("not ready after 20 s")
	}
	base, print := saidBase.FindStringSubmatch(said.String()), saidPrint.FindString(said.String())
	if base == nil || print == "" {
		t.Fatalf("said %q, want an address with https and a fingerprint", said)
	}
	shown := ""
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(c tls.ConnectionState) error {
		shown = fingerprint(c.PeerCertificates[0].Raw)
		return c.PeerCertificates[0].VerifyHostname("localhost")
	}}}}
	answer, err := client.Get(base[1] + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if shown != print {
		t.Errorf("a browser sees %s, want what was said: %s", shown, print)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d, headers %v", answer.StatusCode, answer.Header)
	}
	return print
}

func TestOwnCertificate(t *testing.T) {
	folder, now := t.TempDir(), time.Now()
	of := func(at time.Time, names ...string) *x509.Certificate {
		t.Helper()
		pair, _, err := ownCertificate(folder, names, at)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf
	}
	first := of(now, "localhost", "192.0.2.7")
	if err := errors.Join(first.VerifyHostname("192.0.2.7"), first.VerifyHostname("localhost")); err != nil {
		t.Error(err)
	}
	if first.NotAfter.Sub(first.NotBefore) > 398*24*time.Hour {
		t.Error("it lasts longer than phones take any")
	}
	if !of(now, "localhost").Equal(first) {
		t.Error("for fewer names it is made anew")
	}
	moved := of(now, "localhost", "192.0.2.8")
	if moved.Equal(first) || moved.VerifyHostname("192.0.2.8") != nil {
		t.Error("at another address it is not made anew")
	}
	if of(now.Add(ownLife-ownRenew), "localhost").Equal(moved) {
		t.Error("in its last month it is not made anew")
	}
	if err := os.WriteFile(filepath.Join(folder, ownFile), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	of(now, "localhost")
}

// TestCertFiles reads a certificate again when its files change, and keeps the last
// one while they are broken.
func TestCertFiles(t *testing.T) {
	folder, now := t.TempDir(), time.Now()
	path := filepath.Join(folder, "both.pem")
	write := func(name string, at time.Time) {
		t.Helper()
		if _, err := newOwn(path, []string{name}, now); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	files := &certFiles{cert: path, key: path, log: slog.New(slog.NewTextHandler(&log, nil)), now: func() time.Time { return now }}
	name := func() string {
		t.Helper()
		pair, err := files.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.DNSNames[0]
	}
	write("a.example", now)
	if err := files.read(); err != nil {
		t.Fatal(err)
	}
	write("b.example", now.Add(time.Minute))
	if got := name(); got != "a.example" {
		t.Errorf("at once: %s, want a.example for some seconds", got)
	}
	now = now.Add(lookEvery)
	if got := name(); got != "b.example" {
		t.Errorf("after a change: %s, want b.example", got)
	}
	if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookEvery)
	if got := name(); got != "b.example" || !strings.Contains(log.String(), "certificate") {
		t.Errorf("while the file is broken: %s, log %q, want the last one and a line", got, log.String())
	}
}

// TestStoreCache keeps certificates in the store, sealed, where another instance finds
// them.
func TestStoreCache(t *testing.T) {
	key, err := surveys.NewAddressKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	store := storetest.SQLite(t)
	instance := func(k surveys.AddressKey) storeCache {
		return storeCache{surveys.NewService(store, time.Now, rand.Reader).WithMail(surveys.Mail{Key: k})}
	}
	one, other := instance(key), instance(key)
	if _, err := one.Get(t.Context(), "feedback.example.org"); !errors.Is(err, autocert.ErrCacheMiss) {
		t.Errorf("Get of nothing: %v, want a miss", err)
	}
	for _, text := range []string{"PRIVATE first", "PRIVATE second"} {
		if err := one.Put(t.Context(), "feedback.example.org", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := other.Get(t.Context(), "feedback.example.org"); err != nil || string(got) != text {
			t.Errorf("Get = %q, %v, want %q", got, err, text)
		}
	}
	for r, err := range store.Records(t.Context(), "tls", "*") {
		if err != nil || bytes.Contains(r.Body, []byte("PRIVATE")) || strings.Contains(r.ID, "feedback") {
			t.Errorf("the store shows %s %s, %v", r.ID, r.Body, err)
		}
	}
	if err := instance(surveys.AddressKey{}).Put(t.Context(), "x", nil); surveys.KindOf(err) != surveys.KindInvalid {
		t.Errorf("Put without a key: %v, want it refused", err)
	}
	if err := errors.Join(other.Delete(t.Context(), "feedback.example.org"), other.Delete(t.Context(), "never")); err != nil {
		t.Error(err)
	}
	if _, err := one.Get(t.Context(), "feedback.example.org"); !errors.Is(err, autocert.ErrCacheMiss) {
		t.Errorf("Get of what was deleted: %v, want a miss", err)
	}
}
