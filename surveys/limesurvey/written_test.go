package limesurvey_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// written are the surveys in testdata, by name: one with the fullest use of the
// layout since version 4, one of before with the table of conditions.
func written(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.lss")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("Glob(testdata/*.lss) = %v, %v", paths, err)
	}
	all := map[string][]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".lss")] = data
	}
	return all
}
