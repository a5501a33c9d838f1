package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readTestdata(tb testing.TB, name string) []byte {
	tb.Helper()
	raw, err := os.ReadFile("testdata/respond/" + name + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func sentences(tb testing.TB, lang string) map[string]string {
	tb.Helper()
	raw, err := os.ReadFile("locales/" + lang + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(raw, &all); err != nil {
		tb.Fatal(err)
	}
	return all
}

// respondentsKeys are what a respondent may be told besides the keys that the
// respondent's pages name: errors of the service and of the server.
var respondentsKeys = []string{
	"account.too_many_tries", "answers.check", "link.closed", "link.not_found", "link.not_yet", "link.withdrawn",
	"page.broken", "page.not_found", "page.too_large", "part.not_found", "questionnaire.not_published",
	"response.bad_id", "response.changed_meanwhile", "response.not_found", "response.sent_already",
	"respond.yes", "respond.no", // made of the answer's code
}

var (
	quoted   = regexp.MustCompile(`"((?:respond|response|part|answers?)\.[a-z_]+)"`)
	argument = regexp.MustCompile(`\{\d\}`)
)

// keysUsed are the keys named by the respondent's pages and by the questionnaire.
func keysUsed(tb testing.TB) []string {
	tb.Helper()
	keys := slices.Clone(respondentsKeys)
	for _, pattern := range []string{"respond*.go", "templates/respond/*.html", "templates/respond/*/*.html", "../surveys/questionnaire/keys.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			tb.Fatalf("no files match %s: %v", pattern, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, found := range quoted.FindAllStringSubmatch(string(raw), -1) {
				if key := found[1]; key != "respond.css" && key != "respond.js" {
					keys = append(keys, key)
				}
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func TestEverySentenceIsInEachLanguage(t *testing.T) {
	t.Parallel()
	en, ar := sentences(t, "en"), sentences(t, "ar")
	for _, key := range keysUsed(t) {
		if strings.HasPrefix(key, "answer.send_") {
			continue // said to writers of programs, in English
		}
		for lang, all := range map[string]map[string]string{"en": en, "ar": ar} {
			if all[key] == "" {
				t.Errorf("%s has no sentence in %s", key, lang)
			}
		}
	}
	for key, sentence := range ar {
		if en[key] == "" {
			t.Errorf("%s is in ar and not in en", key)
		}
		if want, got := arguments(en[key]), arguments(sentence); !slices.Equal(want, got) {
			t.Errorf("%s has the arguments %v in ar, %v in en", key, got, want)
		}
	}
}

func arguments(sentence string) []string {
	found := argument.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestNoSentenceIsUnused(t *testing.T) {
	t.Parallel()
	used := keysUsed(t)
	for key := range sentences(t, "ar") {
		if !slices.Contains(used, key) {
			t.Errorf("%s is not used", key)
		}
	}
	for key := range sentences(t, "en") {
		if strings.HasPrefix(key, "respond.") && !slices.Contains(used, key) {
			t.Errorf("%s is not used", key)
		}
	}
}

func TestMonthsAreTwelve(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		if n := len(strings.Split(sentences(t, lang)["respond.months"], ",")); n != 12 {
			t.Errorf("%s has %d months", lang, n)
		}
	}
}
