package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// layers states who may import whom within the module: each package may import
// those listed and nothing else of ours.
var layers = map[string][]string{
	"soundings/surveys/expression":    {},
	"soundings/surveys/questionnaire": {"soundings/surveys/expression"},
	"soundings/surveys/pairing":       {},
	"soundings/surveys/media":         {},
	"soundings/surveys/disclosure":    {},
	"soundings/surveys/concerns":      {},
	"soundings/surveys/redaction":     {},
	"soundings/surveys/sheets":        {},
	"soundings/surveys/backup":        {},
	"soundings/surveys/olddata":       {"soundings/surveys/questionnaire", "soundings/surveys/sheets"},
	"soundings/surveys/library":       {"soundings/surveys/questionnaire"},
	"soundings/surveys/xlsform":       {"soundings/surveys/questionnaire", "soundings/surveys/expression", "soundings/surveys/sheets"},
	"soundings/surveys/limesurvey":    {"soundings/surveys/questionnaire", "soundings/surveys/expression"},
	"soundings/surveys/translation":   {"soundings/surveys/questionnaire", "soundings/surveys/xlsform"},
	"soundings/surveys/bounces":       {},
	"soundings/surveys/totp":          {},
	"soundings/surveys/passwords":     {},
	"soundings/surveys/oidc":          {"soundings/surveys"},
	"soundings/surveys/smtp":          {"soundings/surveys"},
	"soundings/surveys/smtp/smtptest": {},
	"soundings/surveys":               {"soundings/surveys/backup", "soundings/surveys/totp", "soundings/surveys/passwords", "soundings/surveys/bounces", "soundings/surveys/concerns", "soundings/surveys/redaction", "soundings/surveys/questionnaire", "soundings/surveys/expression", "soundings/surveys/pairing", "soundings/surveys/library", "soundings/surveys/media", "soundings/surveys/sheets", "soundings/surveys/olddata"},
	"soundings/surveys/outcomes":      {"soundings/surveys", "soundings/surveys/questionnaire", "soundings/surveys/pairing"},
	"soundings/surveys/sqlitestore":   {"soundings/surveys", "soundings/surveys/questionnaire"},
	"soundings/surveys/mongostore":    {"soundings/surveys", "soundings/surveys/questionnaire"},
	"soundings/surveys/storetest":     {"soundings/surveys", "soundings/surveys/questionnaire", "soundings/surveys/sqlitestore", "soundings/surveys/mongostore"},
	"soundings/surveys/demo":          {"soundings/surveys", "soundings/surveys/questionnaire", "soundings/surveys/pairing"},
	"soundings/exports":               {"soundings/surveys", "soundings/surveys/sheets", "soundings/surveys/questionnaire", "soundings/surveys/pairing", "soundings/surveys/outcomes"},
	"soundings/app":                   {"soundings/surveys", "soundings/surveys/totp", "soundings/surveys/media", "soundings/surveys/sheets", "soundings/surveys/olddata", "soundings/surveys/concerns", "soundings/surveys/redaction", "soundings/surveys/questionnaire", "soundings/surveys/expression", "soundings/surveys/pairing", "soundings/surveys/outcomes", "soundings/surveys/library", "soundings/surveys/xlsform", "soundings/surveys/limesurvey", "soundings/surveys/translation", "soundings/exports"},
	"soundings/cmd/soundings":         {"soundings/app", "soundings/surveys", "soundings/surveys/demo", "soundings/surveys/backup", "soundings/surveys/sqlitestore", "soundings/surveys/mongostore", "soundings/surveys/smtp", "soundings/surveys/oidc"},
}

// onlyIn states which foreign packages have one home.
var onlyIn = map[string][]string{
	"github.com/gofiber/fiber/v2":        {"soundings/app"},
	"go.mongodb.org/mongo-driver":        {"soundings/surveys/mongostore"},
	"modernc.org/sqlite":                 {"soundings/surveys/sqlitestore"},
	"github.com/xuri/excelize/v2":        {"soundings/exports", "soundings/surveys/xlsform", "soundings/surveys/translation"}, // the translator's sheet has fills, filters and directions
	"gonum.org/v1/gonum":                 {"soundings/surveys/outcomes"},
	"github.com/boombuler/barcode":       {"soundings/app"},
	"github.com/tdewolff/minify":         {"soundings/app"},
	"github.com/wneessen/go-mail":        {"soundings/surveys/smtp"},
	"github.com/emersion/go-smtp":        {"soundings/surveys/smtp/smtptest"},
	"github.com/coreos/go-oidc":          {"soundings/surveys/oidc"},
	"golang.org/x/oauth2":                {"soundings/surveys/oidc"},
	"filippo.io/age":                     {"soundings/surveys/backup"},
	"github.com/go-playground/validator": {"soundings/surveys"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

// TestImportsPointOneWay keeps one answer's way readable: no package calls back up.
func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "soundings/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for decoder.More() {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		checkImports(t, p)
	}
}

func checkImports(t *testing.T, p listed) {
	t.Helper()
	allowed, known := layers[p.ImportPath]
	if !known {
		t.Errorf("package %s has no place in the layers: give it one here and in the README", p.ImportPath)
	}
	for _, imported := range p.Imports {
		if strings.HasPrefix(imported, "soundings/") && !contains(allowed, imported) {
			t.Errorf("%s imports %s, which it may not", p.ImportPath, imported)
		}
		for prefix, homes := range onlyIn {
			if strings.HasPrefix(imported, prefix) && !contains(homes, p.ImportPath) {
				t.Errorf("%s imports %s, whose home is %v", p.ImportPath, imported, homes)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestContributingNamesDependencies: each module that go.mod requires by itself has its
// line in CONTRIBUTING: what it saves, its licence, how to leave it.
func TestContributingNamesDependencies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.Lines(string(mod)) {
		if !strings.HasPrefix(line, "\t") || strings.Contains(line, "// indirect") {
			continue
		}
		name := strings.Fields(line)[0]
		name = strings.TrimPrefix(regexp.MustCompile(`/v\d+$`).ReplaceAllString(name, ""), "github.com/")
		if named++; !strings.Contains(string(text), strings.TrimSuffix(name, ".org/v1/gonum")) {
			t.Errorf("CONTRIBUTING has no line about %s", name)
		}
	}
	if named < 20 {
		t.Errorf("go.mod requires %d modules: the test shows nothing", named)
	}
}
