package app_test

import (
	"os"
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
