package surveys_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"soundings/surveys"
)

// declaredKinds are the kinds of record that the package declares, wherever it does.
func declaredKinds(t *testing.T) []surveys.RecordKind {
	t.Helper()
	files, err := os.ReadDir(".")
	must(t, err)
	var kinds []surveys.RecordKind
	for _, entry := range files {
		if name := entry.Name(); !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		must(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			value, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			of, ok := value.Type.(*ast.Ident)
			for i, name := range value.Names {
				if !ok || of.Name != "RecordKind" || !strings.HasPrefix(name.Name, "record") || i >= len(value.Values) {
					continue
				}
				text, err := strconv.Unquote(value.Values[i].(*ast.BasicLit).Value)
				must(t, err)
				kinds = append(kinds, surveys.RecordKind(text))
			}
			return true
		})
	}
	return kinds
}

// TestEveryKindHasAnEnding: a kind of record that retention does not know would outlive
// what was promised.
func TestEveryKindHasAnEnding(t *testing.T) {
	t.Parallel()
	kinds := declaredKinds(t)
	if len(kinds) < 60 {
		t.Fatalf("found %d kinds of record, want all of them", len(kinds))
	}
	seen := map[surveys.RecordKind]int{}
	for _, kind := range surveys.EndingKinds() {
		seen[kind]++
	}
	for _, kind := range kinds {
		if seen[kind] != 1 {
			t.Errorf("record kind %q stands %d times in the table of retention_table.go, want once: say by which step it goes, or why it is kept", kind, seen[kind])
		}
		delete(seen, kind)
	}
	for kind := range seen {
		t.Errorf("the table has %q, which is no kind of record any more", kind)
	}
	for _, line := range surveys.EndingsWithoutReason() {
		t.Error(line)
	}
}
