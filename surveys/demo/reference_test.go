package demo_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The data come from the reference programme, which is not part of this
// repository. To write them again, from the folder of this file:
//
//	go test . -run TestReference -update -reference <folder of seed_open>
//
// Without -update the test compares what is here with that folder.
var (
	reference = flag.String("reference", "", "folder of the reference programme, seed_open")
	update    = flag.Bool("update", false, "write data and testdata again from -reference")
)

// surveyNames are the five questionnaires and their files.
var surveyNames = []string{"parenting", "pupil_workshop", "staff_training", "teacher_feedback", "trainee_day"}

// dropped columns hold the same on every line, or what the strand says.
var dropped = map[string][]string{
	"parenting": {"programme", "role"}, "pupil_workshop": {"programme", "role"}, "staff_training": {"programme", "role"},
	"teacher_feedback": {"programme"}, "trainee_day": {"programme", "role"},
}

func TestReference(t *testing.T) {
	if *reference == "" {
		t.Skip("say -reference <folder of seed_open> to compare with the reference programme")
	}
	for _, name := range surveyNames {
		sameFile(t, filepath.Join("data", name+".csv.gz"), compact(readLines(t, filepath.Join(*reference, name+".csv")), dropped[name]))
	}
	for name, drop := range map[string][]string{
		"outcomes": nil, "people": {"survey", "wave"}, "identifying_text": nil, "safeguarding": nil,
	} {
		lines := readLines(t, filepath.Join(*reference, "truth", name+".csv"))
		sameFile(t, filepath.Join("testdata", name+".csv.gz"), without(lines, drop))
	}
	sameFile(t, filepath.Join("data", "readings.csv"), chooseReadings(t))
}

// compact drops columns, calls the one wave of a then-and-now form post, and
// sorts by time of submission, then id.
func compact(lines [][]string, drop []string) [][]string {
	lines = without(lines, drop)
	wave, at := slices.Index(lines[0], "wave"), slices.Index(lines[0], "submitted_at")
	for _, line := range lines[1:] {
		if line[wave] == "retro" {
			line[wave] = "post"
		}
	}
	slices.SortFunc(lines[1:], func(a, b []string) int { return cmp.Or(cmp.Compare(a[at], b[at]), cmp.Compare(a[0], b[0])) })
	return lines
}

func without(lines [][]string, drop []string) [][]string {
	kept := make([][]string, len(lines))
	for i, line := range lines {
		for j, field := range line {
			if !slices.Contains(drop, lines[0][j]) {
				kept[i] = append(kept[i], field)
			}
		}
	}
	return kept
}

// sameFile compares lines with a file, or writes them to it.
func sameFile(t *testing.T, path string, lines [][]string) {
	t.Helper()
	if *update {
		writeLines(t, path, lines)
	}
	if got := readLines(t, path); !slices.EqualFunc(got, lines, slices.Equal) {
		t.Errorf("%s differs from the reference programme: %d lines here, %d there", path, len(got), len(lines))
	}
}

func writeLines(t *testing.T, path string, lines [][]string) {
	t.Helper()
	var plain bytes.Buffer
	if err := csv.NewWriter(&plain).WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	body := plain.Bytes()
	if filepath.Ext(path) == ".gz" {
		body = packed(t, body)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		t.Fatal(err)
	}
}

func packed(t *testing.T, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
