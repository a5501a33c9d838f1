package questionnaire_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys/questionnaire"
)

// everyKind is the questionnaire that has each kind of item at least once.
const everyKind = "testdata/definitions/every_kind.json"

func readDefinition(tb testing.TB, path string) questionnaire.Definition {
	tb.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		tb.Fatal(err)
	}
	d, err := questionnaire.ParseDefinition(data)
	if err != nil {
		tb.Fatalf("ParseDefinition(%s): %v", path, err)
	}
	return d
}

func compile(tb testing.TB, path string) *questionnaire.Instrument {
	tb.Helper()
	v, err := questionnaire.Publish("views", 1, readDefinition(tb, path), time.Unix(0, 0))
	if err != nil {
		tb.Fatalf("Publish(%s): %v", path, err)
	}
	return compileVersion(tb, v)
}

func compileVersion(tb testing.TB, v questionnaire.Version) *questionnaire.Instrument {
	tb.Helper()
	in, err := questionnaire.Compile(v)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

func variable(tb testing.TB, in *questionnaire.Instrument, id questionnaire.ItemID) *questionnaire.Variable {
	tb.Helper()
	v, ok := in.Variable(id)
	if !ok {
		tb.Fatalf("Variable(%q): not there", id)
	}
	return v
}

func numeric(number float64) questionnaire.Answer {
	return questionnaire.Answer{Number: &number}
}

func chosen(code string) questionnaire.Answer { return questionnaire.Answer{Choice: code} }

func missing(reason questionnaire.Missing) questionnaire.Answer {
	return questionnaire.Answer{Missing: reason}
}

// repeated is a text of n characters of two bytes each.
func repeated(n int) string { return strings.Repeat("é", n) }
