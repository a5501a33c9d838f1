package app_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// keyForm is the form of a sentence's key.
var keyForm = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

// refusals are the functions that take a key for people.
var refusals = []string{"invalid", "notFound", "orNotFound", "orConflict", "refuse", "refuseBody", "wrongShape"}

// keysIn finds the keys of errors in Go files: Key: "…", the constants of package
// questionnaire, and the arguments of what makes errors. It tells where each is.
func keysIn(tb testing.TB, pattern string) map[string]string {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		tb.Fatalf("no files %s: %v", pattern, err)
	}
	found := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			for _, expr := range keyPlaces(n) {
				if key, ok := literal(expr); ok && keyForm.MatchString(key) {
					found[key] = name
				}
			}
			return true
		})
	}
	return found
}

// keyPlaces are the expressions of n that may be a key.
func keyPlaces(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Key" {
			return []ast.Expr{n.Value}
		}
	case *ast.AssignStmt:
		if field, ok := n.Lhs[0].(*ast.SelectorExpr); ok && field.Sel.Name == "Key" {
			return n.Rhs
		}
	case *ast.ValueSpec:
		if strings.HasPrefix(n.Names[0].Name, "Key") {
			return n.Values
		}
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && slices.Contains(refusals, name.Name) {
			return n.Args
		}
	}
	return nil
}

func literal(expr ast.Expr) (string, bool) {
	lit, ok := expr.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// TestKeysHaveSentences checks that each error that people see has a sentence.
func TestKeysHaveSentences(t *testing.T) {
	raw, err := os.ReadFile("locales/en.json")
	if err != nil {
		t.Fatal(err)
	}
	sentences := map[string]any{}
	if err := json.Unmarshal(raw, &sentences); err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{"link.not_yet": "State", "link.closed": "State", "link.withdrawn": "State"}
	for _, pattern := range []string{"*.go", "../surveys/*.go", "../surveys/questionnaire/keys.go", "../surveys/*store/*.go"} {
		for key, file := range keysIn(t, pattern) {
			keys[key] = file
		}
	}
	if len(keys) < 80 {
		t.Errorf("%d keys found, want more: the search is broken", len(keys))
	}
	for key, file := range keys {
		if sentences[key] == nil || sentences[key] == "" {
			t.Errorf("%s: %q has no sentence in locales/en.json", file, key)
		}
	}
}

// TestSentencesAreSorted keeps the file easy to read and to merge.
func TestSentencesAreSorted(t *testing.T) {
	raw, err := os.ReadFile("locales/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for line := range bytes.Lines(raw) {
		if key, _, ok := strings.Cut(strings.TrimSpace(string(line)), `": "`); ok {
			keys = append(keys, strings.TrimPrefix(key, `"`))
		}
	}
	for i := 1; i < len(keys); i++ {
		if keys[i] <= keys[i-1] {
			t.Errorf("%q comes after %q, want it sorted and once", keys[i], keys[i-1])
		}
	}
}
