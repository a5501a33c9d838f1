package xlsform_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys/xlsform"
)

// corpus is where the workbooks of others lie. They are read in place and never
// copied: their licences are their own.
const corpus = "../../../shared/reference/xlsform"

// form is what the manifest says of one workbook.
type form struct {
	ID          string          `json:"id"`
	File        string          `json:"file"`
	Counts      *xlsform.Counts `json:"counts"`
	Languages   []string        `json:"languages"`
	ChoiceLists map[string]int  `json:"choice_lists"`
	Unused      []string        `json:"choice_lists_unused"`
	Selects     [][]any         `json:"selects"`
	Questions   [][]any         `json:"questions"`
	Expect      expectation     `json:"expect"`
}

type expectation struct {
	Outcome        string         `json:"outcome"`
	AnyOf          []xlsform.Code `json:"any_of"`
	Warnings       map[xlsform.Code]int
	AlsoAcceptable string `json:"also_acceptable"`
	Detail         []struct {
		Code  xlsform.Code `json:"code"`
		Sheet string       `json:"sheet"`
		Row   int          `json:"row"`
	} `json:"detail"`
}

const (
	imported = "import"
	warned   = "import_with_warnings"
	rejected = "reject"
)

// forms reads the manifest. Without the corpus the test is skipped, or fails
// where it has to be there.
func forms(t *testing.T) []form {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, "manifest.json"))
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip("needs the workbooks of reference/xlsform beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Items []form `json:"items"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Items) < 269 {
		t.Fatalf("the manifest lists %d workbooks, want at least 269", len(manifest.Items))
	}
	return manifest.Items
}

func (f form) read(t *testing.T) (xlsform.Imported, error) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, f.File))
	if err != nil {
		t.Fatal(err)
	}
	return xlsform.Read(data)
}

// TestCorpus holds every workbook to what the manifest expects of it.
func TestCorpus(t *testing.T) {
	for _, f := range forms(t) {
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			got, err := f.read(t)
			if err != nil {
				f.checkRefusal(t, err)
				return
			}
			f.checkImport(t, got)
		})
	}
}

// checkRefusal wants at least one of the expected causes, at its sheet and row.
func (f form) checkRefusal(t *testing.T, err error) {
	t.Helper()
	var refusal *xlsform.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("Read(%s) = %v, want a *Refusal", f.File, err)
	}
	if f.Expect.Outcome != rejected {
		if f.Expect.AlsoAcceptable != rejected {
			t.Fatalf("Read(%s) is refused, want %s:\n%v", f.File, f.Expect.Outcome, err)
		}
		return
	}
	for _, notice := range refusal.Notices {
		if notice.Text != "" && slices.Contains(f.Expect.AnyOf, notice.Code) && f.places(notice) {
			return
		}
	}
	t.Errorf("Read(%s) is refused for other causes than %v:\n%v", f.File, f.Expect.AnyOf, err)
}

// places says whether a notice is where the manifest found the same cause.
func (f form) places(notice xlsform.Notice) bool {
	for _, d := range f.Expect.Detail {
		if d.Code == notice.Code && (d.Row == 0 || d.Row == notice.Row) && (d.Sheet == "" || d.Sheet == notice.Sheet) {
			return true
		}
	}
	return false
}

func (f form) checkImport(t *testing.T, got xlsform.Imported) {
	t.Helper()
	if f.Expect.Outcome == rejected {
		if f.Expect.AlsoAcceptable == "" || f.Expect.AlsoAcceptable == rejected {
			t.Errorf("Read(%s) is imported, want it refused for one of %v", f.File, f.Expect.AnyOf)
		}
		return
	}
	if err := got.Definition.Check(); err != nil {
		t.Errorf("Read(%s) gives a definition that is wrong:\n%v", f.File, err)
	}
	f.checkWarnings(t, got.Warnings)
	if diff := cmp.Diff(*f.Counts, got.Counts); diff != "" {
		t.Errorf("counts of %s (-want +got):\n%s", f.File, diff)
	}
	if diff := cmp.Diff(f.facts(), plain(got.Facts), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("facts of %s (-want +got):\n%s", f.File, diff)
	}
}

// checkWarnings wants each expected kind of warning and no other. Later rows
// that earlier ones depend on are warned of beyond what the manifest lists.
func (f form) checkWarnings(t *testing.T, warnings []xlsform.Notice) {
	t.Helper()
	kinds := map[xlsform.Code]bool{}
	for _, w := range warnings {
		kinds[w.Code] = true
		if w.Text == "" || strings.HasPrefix(string(w.Code), "E_") {
			t.Errorf("warning %v has no text or is none", w)
		}
	}
	for code := range f.Expect.Warnings {
		if !kinds[code] {
			t.Errorf("%s: no warning %s", f.File, code)
		}
	}
	for _, w := range warnings {
		if _, ok := f.Expect.Warnings[w.Code]; !ok && f.Expect.AlsoAcceptable == "" {
			t.Errorf("%s: unexpected warning %s: %v", f.File, w.Code, w)
		}
	}
}

// facts are what the manifest says, in the shape of plain.
func (f form) facts() map[string]any {
	unused := slices.Sorted(slices.Values(f.Unused))
	return map[string]any{"languages": f.Languages, "lists": f.ChoiceLists, "unused": unused,
		"questions": untyped(f.Questions), "selects": untyped(f.Selects)}
}

func plain(facts xlsform.Facts) map[string]any {
	var questions, selects [][]any
	for _, q := range facts.Questions {
		questions = append(questions, []any{q.Row, q.Type, q.Name})
	}
	for _, s := range facts.Selects {
		selects = append(selects, []any{s.Name, s.Type, s.List, s.Options, s.OrOther, s.Filtered})
	}
	return map[string]any{"languages": facts.Languages, "lists": maps.Clone(facts.Lists), "unused": slices.Sorted(slices.Values(facts.Unused)),
		"questions": untyped(questions), "selects": untyped(selects)}
}

// untyped makes rows comparable whatever read their numbers.
func untyped(rows [][]any) []string {
	var lines []string
	for _, row := range rows {
		line, _ := json.Marshal(row)
		lines = append(lines, string(line))
	}
	return lines
}
