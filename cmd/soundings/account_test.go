package main

import (
	"bytes"
	"crypto/rand"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
)

// TestAccountRescue: whoever runs the program can let an owner in again who forgot the
// password; the link works once, and the trail names nobody.
func TestAccountRescue(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, databaseFile))
	must(t, err)
	service := surveys.NewService(store, time.Now, rand.Reader)
	secret, err := service.SetUpSecret(t.Context())
	must(t, err)
	owner, err := service.SetUp(t.Context(), secret, "Owner", "owner@example.org", "a password nobody else has")
	must(t, err)
	rescue := func(email string) (int, string) {
		var out, errOut bytes.Buffer
		code := run(t.Context(), []string{"account", "-data", data, "-email", email}, func(string) string { return "" }, &out, &errOut)
		return code, out.String() + errOut.String()
	}
	if code, said := rescue("nobody@example.org"); code != exitFailed || !strings.Contains(said, "nobody has an account with nobody@example.org") {
		t.Errorf("for nobody: exit code %d and %q", code, said)
	}
	code, said := rescue("OWNER@example.org")
	link := regexp.MustCompile(`http://localhost:8080/reset/(\S+)`).FindStringSubmatch(said)
	if code != 0 || link == nil {
		t.Fatalf("exit code %d and %q, want a link", code, said)
	}
	const chosen = "quite another long password"
	if _, err := service.Reset(t.Context(), link[1], chosen, surveys.Visitor{}); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Reset(t.Context(), link[1], chosen, surveys.Visitor{}); err == nil {
		t.Error("the link worked twice")
	}
	if _, err := service.SignIn(t.Context(), "owner@example.org", chosen, surveys.Visitor{}); err != nil {
		t.Errorf("signing in with the new password: %v", err)
	}
	trail, err := service.AuditTrail(surveys.WithAccount(t.Context(), owner), "")
	must(t, err)
	for _, line := range trail {
		if line.Action == "account.rescued" && line.Account == "" {
			must(t, store.Close())
			return
		}
	}
	t.Error("the trail says nothing of it")
}
