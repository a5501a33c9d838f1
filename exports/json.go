package exports

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
)

// jsonEncoder writes rows as JSON objects, one a line: the headings are the names. A
// cell that is not there has no member; times and days are strings as 2026-03-28
// 23:30:00 and 2026-03-28.
type jsonEncoder struct {
	out     io.Writer
	buf     []byte
	names   [][]byte // `"name":`
	layouts map[int]string
	begun   bool // the row has a member
	err     error
}

func newJSONEncoder(columns []column, layouts map[int]string) *jsonEncoder {
	e := &jsonEncoder{layouts: layouts}
	for _, c := range columns {
		e.names = append(e.names, append(jsonText(c.head), ':'))
	}
	return e
}

// jsonText is a string in JSON; what is no UTF-8 becomes U+FFFD.
func jsonText(s string) []byte {
	text, _ := json.Marshal(s) // a string can always be written
	return text
}

func (e *jsonEncoder) begin(int) {
	e.buf, e.begun = append(e.buf, '{'), false
}

func (e *jsonEncoder) member(column int) {
	if e.begun {
		e.buf = append(e.buf, ',')
	}
	e.begun = true
	e.buf = append(e.buf, e.names[column]...)
}

func (e *jsonEncoder) text(column, _ int, s string) {
	if s != "" {
		e.member(column)
		e.buf = append(e.buf, jsonText(s)...)
	}
}

func (e *jsonEncoder) number(column, style int, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	e.member(column)
	if layout, ok := e.layouts[style]; ok {
		e.buf = append(moment(v).AppendFormat(append(e.buf, '"'), layout), '"')
		return
	}
	e.buf = strconv.AppendFloat(e.buf, v, 'f', -1, 64)
}

func (e *jsonEncoder) end() error {
	e.buf = append(e.buf, '}', '\n')
	if len(e.buf) < flushAt {
		return e.err
	}
	return e.flush()
}

func (e *jsonEncoder) flush() error {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.out.Write(e.buf)
	}
	e.buf = e.buf[:0]
	return e.err
}

func (e *jsonEncoder) to(out io.Writer) { e.out = out }

func (e *jsonEncoder) marked() (cut, replaced int) { return 0, 0 }

// writeReport writes the report as the programming interface gives it: what its
// profile hides is not in it.
func writeReport(_ context.Context, w io.Writer, m Material) error {
	text, err := json.MarshalIndent(m.Report, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the report of strand %s: %w", m.Report.Strand, err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// writeJSON writes the rows as JSON lines, with the codebook and the report.
func writeJSON(ctx context.Context, w io.Writer, m Material) error {
	s := separated{json: true, reasons: true}
	return s.archive(ctx, w, m, func(x *responses, a *archive) error {
		report, err := json.MarshalIndent(m.Report, "", "  ")
		if err != nil {
			return err
		}
		if err := a.file("README.txt", []byte(s.readMe(x))); err != nil {
			return err
		}
		return a.file("report.json", append(report, '\n'))
	})
}

// jsonFormats are the formats of JSON.
func jsonFormats() []Format {
	return []Format{
		{"report.json", "Figures as JSON", "The whole report, each figure in full precision with its base, or why there is none.", "json", "application/json", false, writeReport},
		{"json.zip", "Responses as JSON lines", "Responses in codes and in words, why answers are missing, matched pairs, codebook and report, for programs.", "zip", "application/zip", true, writeJSON},
	}
}
