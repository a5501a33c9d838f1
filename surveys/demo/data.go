package demo

import (
	"compress/gzip"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

//go:embed data
var files embed.FS

// filled is one line of the reference data: a form that somebody filled in.
type filled struct {
	form      *form
	id        surveys.ResponseID
	wave      questionnaire.Wave
	submitted time.Time
	cohort    string            // its name
	cells     map[string]string // by column; "" was left blank
}

// text is the open answer of a line, "" for none.
func (f *filled) text() string { return f.cells[string(f.form.open)] }

// readForms reads every line of every form, the newest first: the order in
// which the service reads each link only once.
func readForms() ([]*filled, error) {
	var all []*filled
	for _, f := range forms {
		lines, err := f.read()
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	slices.SortStableFunc(all, func(a, b *filled) int { return b.submitted.Compare(a.submitted) })
	return all, nil
}

func (f *form) read() ([]*filled, error) {
	table, err := readTable("data/" + string(f.questionnaire) + ".csv.gz")
	if err != nil {
		return nil, err
	}
	lines := make([]*filled, len(table))
	for i, cells := range table {
		submitted, err := time.Parse("2006-01-02T15:04:05", cells["submitted_at"])
		if err != nil {
			return nil, fmt.Errorf("reading the time of %s: %w", cells["response_id"], err)
		}
		lines[i] = &filled{
			form: f, id: surveys.ResponseID(cells["response_id"]), wave: questionnaire.Wave(cells["wave"]),
			submitted: submitted, cohort: cells[f.place], cells: cells,
		}
	}
	return lines, nil
}

// readTable reads an embedded table, packed if its name ends so, as a map from
// column to field a line.
func readTable(name string) ([]map[string]string, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("opening a table: %w", err)
	}
	defer file.Close() // an embedded file: closing it cannot fail
	var plain io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if plain, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", name, err)
		}
	}
	lines, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return named(lines), nil
}

func named(lines [][]string) []map[string]string {
	table := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		table[i] = make(map[string]string, len(line))
		for j, field := range line {
			table[i][lines[0][j]] = field
		}
	}
	return table
}
