package exports

import (
	"context"
	"io"
	"slices"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// Material is what a file is made of: a strand's data and the report built from it
// with the profile and the filter of the export.
type Material struct {
	Data    *surveys.Dataset
	Report  *outcomes.Report
	Options Options
}

// Format is one sort of file that can be asked for.
type Format struct {
	ID     string // stored with exports; never changed
	Name   string
	About  string // what it is for, in one sentence
	Ending string // of the file's name, without the dot
	Type   string // MIME
	Rows   bool   // holds rows of people: for evaluators, and of no profile

	write func(ctx context.Context, w io.Writer, m Material) error
}

// Write makes the file. What was written is of no use if it fails.
func (f Format) Write(ctx context.Context, w io.Writer, m Material) error { return f.write(ctx, w, m) }

// Formats lists what there is, in the order in which it is offered.
func Formats() []Format {
	formats := []Format{
		{"analysis.xlsx", "Analysis workbook", "Every figure, chart and row, for evaluators.", "xlsx", workbookType, true, writeAnalysis},
		{"publication.xlsx", "Publication workbook", "Figures, charts and approved quotes to pass on: no row of anybody, small groups hidden.", "xlsx", workbookType, false, writePublication},
	}
	return slices.Concat(formats, summaryFormats(), csvFormats(), spssFormats(), rFormats(), jsonFormats())
}

// FormatOf returns a format by its id.
func FormatOf(id string) (Format, bool) {
	for _, f := range Formats() {
		if f.ID == id {
			return f, true
		}
	}
	return Format{}, false
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func writePublication(ctx context.Context, w io.Writer, m Material) error {
	return Publication(ctx, w, m.Data, m.Report, m.Options)
}

func writeAnalysis(ctx context.Context, w io.Writer, m Material) error {
	return Workbook(ctx, w, m.Data, m.Report, m.Options)
}
