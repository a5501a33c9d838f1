package limesurvey_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/limesurvey"
)

// collection are surveys that others wrote, with facts that another reader
// found in them. They are read where they lie and never copied.
const collection = "../../../shared/reference/xlsform"

// facts are what lss.json says of one file.
type facts struct {
	File         string         `json:"file"`
	Languages    []string       `json:"languages"`
	Groups       int            `json:"groups"`
	Questions    int            `json:"questions"`
	Subquestions int            `json:"subquestions"`
	Answers      int            `json:"answers"`
	Types        map[string]int `json:"types"`
}

// eachSurvey calls f with every file of the collection.
func eachSurvey(t *testing.T, f func(t *testing.T, want facts, data []byte)) {
	t.Helper()
	list, err := os.ReadFile(filepath.FromSlash(collection + "/lss.json"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the collection of surveys is needed here: %v", err)
		}
		t.Skip("the collection of surveys in ../shared/reference/xlsform is not there; this test needs it")
	}
	var all struct{ Files []facts }
	if err := json.Unmarshal(list, &all); err != nil || len(all.Files) == 0 {
		t.Fatalf("lss.json: %d files, error %v", len(all.Files), err)
	}
	for _, want := range all.Files {
		data, err := os.ReadFile(filepath.Join(filepath.FromSlash(collection), filepath.FromSlash(want.File)))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(want.File), func(t *testing.T) { f(t, want, data) })
	}
}

// TestRead_Counts holds what is read of each file to what another reader found.
func TestRead_Counts(t *testing.T) {
	eachSurvey(t, func(t *testing.T, want facts, data []byte) {
		counts, languages, err := limesurvey.CountsOf(data)
		if err != nil {
			t.Fatal(err)
		}
		got := facts{
			File: want.File, Languages: languages, Groups: counts.Groups, Questions: counts.Questions,
			Subquestions: counts.Subquestions, Answers: counts.Answers, Types: counts.Types,
		}
		if diff := cmp.Diff(want, got, sameLanguages); diff != "" {
			t.Errorf("counts: (-want +got)\n%s", diff)
		}
	})
}

// sameLanguages compares languages whatever their order: the file's own order
// says nothing, and ours puts the source language first.
var sameLanguages = cmp.Transformer("set", func(langs []string) map[string]bool {
	set := map[string]bool{}
	for _, lang := range langs {
		set[lang] = true
	}
	return set
})
