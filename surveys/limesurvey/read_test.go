package limesurvey_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/limesurvey"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRead holds what becomes of the surveys in testdata to the files beside
// them: the definition as JSON, and what was said about it.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, data := range written(t) {
		t.Run(name, func(t *testing.T) {
			in, err := limesurvey.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			definition, err := json.MarshalIndent(in.Definition, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/"+name+".json", string(definition)+"\n")
			golden(t, "testdata/"+name+".txt", report(in))
		})
	}
}

// report is what is said of an import, a line a notice.
func report(in limesurvey.Imported) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%v groups=%d questions=%d subquestions=%d answers=%d dropped=%d\n", in.Languages,
		in.Counts.Groups, in.Counts.Questions, in.Counts.Subquestions, in.Counts.Answers, in.Counts.Dropped)
	for _, n := range in.Notices {
		fmt.Fprintf(&out, "%s %s line %d %s: %s\n", n.Code, n.Sheet, n.Row, n.Column, n.Text)
	}
	return out.String()
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", path, diff)
	}
}

// TestRead_Collection reads every survey of the collection: each gives a
// definition that passes its check and accounts for each question, or is
// refused because nothing in it can be asked.
func TestRead_Collection(t *testing.T) {
	eachSurvey(t, func(t *testing.T, want facts, data []byte) {
		in, err := limesurvey.Read(data)
		var refusal *limesurvey.Refusal
		if errors.As(err, &refusal) && refusal.Notices[0].Code == limesurvey.NoQuestions {
			if usable := want.Questions - want.Types["1"] - want.Types[":"] - want.Types[";"] - want.Types["|"] - want.Types["I"]; usable > 0 {
				t.Errorf("refused, though %d questions can be asked: %v", usable, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Definition.Check(); err != nil {
			t.Errorf("the definition does not pass: %v", err)
		}
		for _, n := range in.Notices {
			if n.Text == "" || n.Sheet == "" {
				t.Errorf("notice %+v does not say what and where", n)
			}
		}
		if asked := want.Questions - in.Counts.Dropped; asked > items(in) {
			t.Errorf("%d questions were taken over, but there are %d items", asked, items(in))
		}
	})
}

func items(in limesurvey.Imported) int {
	n := 0
	for i := range in.Definition.Parts {
		n += len(in.Definition.Parts[i].Items)
	}
	return n
}
