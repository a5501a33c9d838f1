package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/app"
	"soundings/surveys"
)

// TestLetters compares letters with those in testdata/letters, which a person reads.
func TestLetters(t *testing.T) {
	t.Parallel()
	letters, err := app.NewLetters()
	if err != nil {
		t.Fatal(err)
	}
	closes := time.Date(2026, 3, 31, 17, 0, 0, 0, time.UTC)
	facts := surveys.LetterFacts{
		Language: "en", Step: surveys.StepInvitation, Programme: "Calm <schools>", Name: "Jo O’Neill", Link: "https://feedback.example/p/secret", Unsubscribe: "https://feedback.example/m/tag", Closes: closes,
	}
	with := func(change func(*surveys.LetterFacts)) surveys.LetterFacts {
		f := facts
		change(&f)
		return f
	}
	for name, f := range map[string]surveys.LetterFacts{
		"invitation":    facts,
		"reminder":      with(func(f *surveys.LetterFacts) { f.Step, f.Name = surveys.StepReminder, "" }),
		"last_reminder": with(func(f *surveys.LetterFacts) { f.Step, f.Closes = surveys.StepLastReminder, time.Time{} }),
		"own_words": with(func(f *surveys.LetterFacts) {
			f.Subject, f.Body, f.Test = "To {{programme}}\r\nBcc: all@school.example", "Dear <b>all</b>,\r\n\r\nplease: {{link}} by\r\n{{closes}}.\r\n\r\n{{link}}", true
		}),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := letters.WriteLetter(f)
			if err != nil {
				t.Fatal(err)
			}
			wantLetter(t, name+".txt", "Subject: "+got.Subject+"\n\n"+got.Text)
			wantLetter(t, name+".html", got.HTML)
			if strings.ContainsAny(got.Subject, "\r\n") {
				t.Errorf("a subject of several lines: %q", got.Subject)
			}
		})
	}
}

func wantLetter(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "letters", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestLettersInEachLanguage checks what every letter needs, whatever its words: the
// link on a line of its own, the way out, the direction, and no place left open.
func TestLettersInEachLanguage(t *testing.T) {
	t.Parallel()
	letters, err := app.NewLetters()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	right := map[string]bool{"ar": true, "ckb": true, "fa": true, "ur": true}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, step := range surveys.Steps() {
			got, err := letters.WriteLetter(surveys.LetterFacts{
				Language: lang, Step: step, Programme: "Calm schools", Name: "Jo", Link: "https://feedback.example/p/secret", Unsubscribe: "https://feedback.example/m/tag", Closes: time.Date(2026, 3, 31, 17, 0, 0, 0, time.UTC),
			})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Text, "\n\nhttps://feedback.example/p/secret\n\n") || !strings.Contains(got.Text, "https://feedback.example/m/tag") {
				t.Errorf("%s %s has no link on a line of its own, or no way out:\n%s", lang, step, got.Text)
			}
			if !strings.Contains(got.Subject, "Calm schools") || strings.ContainsAny(got.Subject+got.Text, "{}") {
				t.Errorf("%s %s: %q has no programme, or a place is left open", lang, step, got.Subject)
			}
			if want := map[bool]string{true: `dir="rtl"`, false: `dir="ltr"`}[right[lang]]; !strings.Contains(got.HTML, `lang="`+lang+`" `+want) {
				t.Errorf("%s %s runs the wrong way", lang, step)
			}
		}
	}
}
