package demo_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readLines reads a table, packed if its name ends in .gz.
func readLines(tb testing.TB, path string) [][]string {
	tb.Helper()
	lines, err := csv.NewReader(bytes.NewReader(readPlain(tb, path))).ReadAll()
	if err != nil {
		tb.Fatalf("reading %s: %v", path, err)
	}
	return lines
}

func readPlain(tb testing.TB, path string) []byte {
	tb.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if filepath.Ext(path) != ".gz" {
		return body
	}
	unpack, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	plain, err := io.ReadAll(unpack)
	if err != nil {
		tb.Fatal(err)
	}
	return plain
}

// readRows reads a table as a map from column to field a line.
func readRows(tb testing.TB, path string) []map[string]string {
	tb.Helper()
	lines := readLines(tb, path)
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = make(map[string]string, len(line))
		for j, field := range line {
			rows[i][lines[0][j]] = field
		}
	}
	return rows
}

// dataRows are the responses of one questionnaire.
func dataRows(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	return readRows(tb, filepath.Join("data", name+".csv.gz"))
}

func testTable(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	return readRows(tb, filepath.Join("testdata", name+".csv.gz"))
}

// identifying returns the strings that must not appear in a quote, all of them
// and by response.
func identifying(tb testing.TB) (all []string, by map[string][]string) {
	tb.Helper()
	by = map[string][]string{}
	for _, row := range testTable(tb, "identifying_text") {
		by[row["response_id"]] = strings.Split(row["must_not_appear"], " | ")
		all = append(all, by[row["response_id"]]...)
	}
	return all, by
}

// heldBack is the ids of what a safeguarding lead should see, and of what only
// looks like it.
func heldBack(tb testing.TB) map[string]bool {
	tb.Helper()
	ids := map[string]bool{}
	for _, row := range testTable(tb, "safeguarding") {
		ids[row["response_id"]] = true
	}
	return ids
}

// containsAny reports the first of list in text, whatever its letters.
func containsAny(text string, list []string) (string, bool) {
	for _, s := range list {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			return s, true
		}
	}
	return "", false
}
