package exports

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// Options choose what a workbook says beside the figures.
type Options struct {
	By       string // who exported it; "" is left out
	Contact  string // whom to ask; "" is left out
	Language string // BCP 47, of questions and choices; "" is the questionnaire's source language

	// RowsPerSheet is how many rows a sheet of data may have, its heading included;
	// more go on a further sheet. 0, and more than 1,048,576, is Excel's own limit.
	RowsPerSheet int
	// Folder is where rows are kept while the workbook is made, once they are many;
	// "" is the system's folder for temporary files. They are compressed, readable
	// to this process's user only, and removed before Workbook returns.
	Folder string
	// Progress, if not nil, is told now and then how many responses were read.
	Progress func(responses int)

	encode func(columns []column) (encoder, error) // nil: as rows of a workbook
}

func (o Options) rowsPerSheet() int {
	if o.encode != nil {
		return math.MaxInt // a text file has no end
	}
	if o.RowsPerSheet <= 0 || o.RowsPerSheet > maxRows {
		return maxRows
	}
	return max(2, o.RowsPerSheet)
}

func (o Options) language(d *surveys.Dataset) string {
	if o.Language != "" {
		return o.Language
	}
	if languages := d.Latest.Version().Definition.Languages; len(languages) > 0 {
		return languages[0]
	}
	return "en"
}

// Workbook writes the workbook of one strand to w: d is its data and r the report
// built from it, without suppression of small groups, since the rows are in the
// workbook too. It is for evaluators only.
//
// The responses are read once. Nothing is written to w before all of them were
// read; if writing fails after that, what w holds is no workbook. Errors are those
// of the dataset, of w and of ctx, wrapped.
//
// Budget: 100,000 responses of 40 columns in 4 s of CPU and 100 MB. See
// BenchmarkWorkbook.
func Workbook(ctx context.Context, w io.Writer, d *surveys.Dataset, r *outcomes.Report, opt Options) (err error) {
	b := newBook(d, r).with(opt)
	defer func() { _ = b.file.Close() }() // temporary files of excelize; it makes none here
	rows, err := newResponses(b, d, r, opt)
	if rows != nil {
		defer rows.close()
	}
	if err == nil {
		err = rows.read(ctx)
	}
	if err == nil {
		err = rows.decisions.gather(ctx, r.Keeps)
	}
	if err == nil {
		err = rows.decisions.write(b, rows.options)
	}
	if err == nil {
		err = b.sheets(rows)
	}
	if err == nil {
		err = b.write(ctx, w)
	}
	if err != nil {
		return fmt.Errorf("workbook of strand %s: %w", d.Strand.ID, err)
	}
	return nil
}

// sheets makes all sheets, in order.
func (b *book) sheets(x *responses) error {
	makers := []func(*responses) error{
		b.cover, b.summaries, b.answers,
		func(*responses) error { return b.items() },
		b.unmatched,
		func(*responses) error { return b.breakdowns(b.table) },
		func(x *responses) error { return b.grid(x.decisions.grid, 0) },
		func(*responses) error { return b.reliability() },
		func(*responses) error { return b.sensitivity() },
		func(*responses) error { return b.comparisons(b.table) },
		func(*responses) error { return b.bands() },
		func(*responses) error { return b.scalesSheet() },
		b.matchedPairs, b.quotes,
		func(x *responses) error { return b.grid(x.labels, 1) },
		func(x *responses) error { return b.grid(x.codes, 1) },
		b.codebook, b.notes,
	}
	for _, sheet := range makers {
		if err := sheet(x); err != nil {
			return err
		}
	}
	if err := b.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	return b.styles.err
}

// summaries adds Headlines, Reach and Outcomes. The chart of the first needs the
// cells of the last.
func (b *book) summaries(x *responses) error {
	headlines := b.headlines()
	if err := b.reach(x); err != nil {
		return err
	}
	var live map[questionnaire.ItemID]measure
	if x != nil {
		live = x.pairs.liveMeasures()
	}
	table, err := b.outcomes(live)
	if err != nil {
		return err
	}
	if err := b.headlineChart(headlines, table); err != nil {
		return err
	}
	b.table = table
	return nil
}

// matchedPairs adds the sheet of people, where the design has one.
func (b *book) matchedPairs(x *responses) error {
	if x.pairs.grid == nil {
		return nil
	}
	return b.grid(x.pairs.grid, 1)
}

// write sends the workbook on its way. excelize hands its parts to the packer;
// the buffer it fills for itself stays empty.
func (b *book) write(ctx context.Context, w io.Writer) error {
	if err := b.properties(); err != nil {
		return err
	}
	parts := newPacker(b.rows)
	b.file.SetZipWriter(parts.asZipWriter)
	if err := b.file.Write(io.Discard); err != nil {
		return err
	}
	return parts.writeTo(ctx, w)
}

// properties are what the file says of itself: accessibility needs title and language.
func (b *book) properties() error {
	made := b.report.Made.UTC().Format(time.RFC3339)
	title, about := b.report.Programme+": evaluation workbook", "Rows of people: for evaluators only."
	if b.public {
		title, about = b.report.Programme+": results", "Figures of groups; no row of any person."
	}
	subject := b.report.Title
	if b.report.Demo {
		subject += " (made-up data)"
	}
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Subject: subject, Creator: "Soundings",
		LastModifiedBy: "Soundings", Created: made, Modified: made, Language: "en-GB",
		Description: about, Keywords: "evaluation, outcomes",
	})
}
