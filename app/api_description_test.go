package app_test

import (
	"bytes"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestDescriptionIsValid(t *testing.T) {
	doc := description(t)
	if err := doc.Validate(t.Context()); err != nil {
		t.Errorf("openapi.json: %v", err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi = %q, want 3.1.0", doc.OpenAPI)
	}
}

// TestDescriptionIsComplete compares the routes that are served with the document.
func TestDescriptionIsComplete(t *testing.T) {
	a := newAPIClient(t)
	var served, described []string
	for _, r := range a.server.Fiber().GetRoutes(true) {
		if strings.HasPrefix(r.Path, "/api/") && r.Method != http.MethodHead {
			served = append(served, r.Method+" "+braces(r.Path))
		}
	}
	for path, item := range a.doc.Paths.Map() {
		for method, op := range item.Operations() {
			described = append(described, method+" "+path)
			if op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s %s has no operationId or summary", method, path)
			}
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if served = slices.Compact(served); !slices.Equal(served, described) {
		t.Errorf("served:\n%s\ndescribed:\n%s", strings.Join(served, "\n"), strings.Join(described, "\n"))
	}
}

// braces turns /a/:b into /a/{b}.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// TestDescriptionIsServed asks for the document without a token.
func TestDescriptionIsServed(t *testing.T) {
	a := newAPIClient(t)
	r := a.with("").call(http.MethodGet, "/api/v1/openapi.json", "")
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if r.status != http.StatusOK || !bytes.Equal(r.body, want) {
		t.Errorf("the description = %d, %d bytes, want 200 and the document", r.status, len(r.body))
	}
}
