package exports

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// The sheets, in order. A further sheet of responses is called "Responses (labels) (2)".
const (
	sheetCover       = "Cover"
	sheetHeadlines   = "Headlines"
	sheetReach       = "Reach"
	sheetOutcomes    = "Outcomes"
	sheetAnswers     = "Answers"
	sheetItems       = "Item distributions"
	sheetUnmatched   = "Unmatched and drop-out"
	sheetBreakdowns  = "Breakdowns"
	sheetDecisions   = "Decisions"
	sheetReliability = "Reliability"
	sheetSensitivity = "Sensitivity"
	sheetComparisons = "Other comparisons"
	sheetBands       = "Bands"
	sheetScales      = "Scales"
	sheetPairs       = "Matched pairs"
	sheetQuotes      = "Quotes"
	sheetLabels      = "Responses (labels)"
	sheetCodes       = "Responses (codes)"
	sheetCodebook    = "Codebook"
	sheetNotes       = "Notes"

	sheetContents = "Contents" // of the publication workbook only
)

// The colours of tabs: to read, people's words, data.
const (
	tabRead   = teal
	tabQuotes = orange
	tabData   = grey
)

// book is the workbook being made.
type book struct {
	file    *excelize.File
	styles  *styles
	data    *surveys.Dataset
	report  *outcomes.Report
	options Options // Language is never ""
	public  bool    // the publication workbook: no rows of people, and no blank figures

	cut    int                                           // texts of sheets that are read, cut at what a cell holds
	table  *outcomeTable                                 // of Outcomes
	rows   map[string]*spool                             // by part, see packer
	scales map[questionnaire.ItemID]questionnaire.ItemID // what each measure is of
}

func newBook(d *surveys.Dataset, r *outcomes.Report) *book {
	file := excelize.NewFile()
	return &book{
		file: file, styles: newStyles(file), data: d, report: r, options: Options{Language: Options{}.language(d)},
		rows: map[string]*spool{}, scales: scalesOf(d.Latest, r),
	}
}

// with has the book made as opt says.
func (b *book) with(opt Options) *book {
	opt.Language = opt.language(b.data)
	b.options = opt
	return b
}

// zone is that of the programme, on whose clock every time is shown.
func (b *book) zone() *time.Location { return b.data.Programme.Location() }

// sheet adds a sheet: A4 landscape, one page wide. Only sheets that are worked
// with have frozen panes and grid lines.
func (b *book) sheet(name, tab string, columns []column, data bool) (*excelize.StreamWriter, error) {
	if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	fit, lines := true, data
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{TabColorRGB: &tab, FitToPage: &fit}); err != nil {
		return nil, err
	}
	if err := b.file.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &lines}); err != nil {
		return nil, err
	}
	if err := b.paper(name, data); err != nil {
		return nil, err
	}
	// Every streamed sheet says that it holds one cell, and some readers believe it.
	if err := b.file.SetSheetDimension(name, ""); err != nil {
		return nil, err
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, c := range columns {
		if err := stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
		// For the file too, which places charts by it.
		if err := b.file.SetColWidth(name, columnName(i+1), columnName(i+1), c.width); err != nil {
			return nil, err
		}
	}
	return stream, nil
}

// paper sets a sheet up for printing.
func (b *book) paper(name string, data bool) error {
	const a4 = 9
	size, landscape, wide, tall, margin := a4, "landscape", 1, 0, 0.4
	if data {
		wide = 0 // a wide sheet on one page could not be read
	}
	layout := &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}
	if err := b.file.SetPageLayout(name, layout); err != nil {
		return err
	}
	return b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Top: &margin, Bottom: &margin, Left: &margin, Right: &margin})
}

// repeatRow prints row of the sheet on top of each page.
func (b *book) repeatRow(sheet string, row int) error {
	return b.repeat(sheet, fmt.Sprintf("%s!$%d:$%d", quoted(sheet), row, row))
}

func (b *book) repeat(sheet, refers string) error {
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: refers, Scope: sheet})
}

// onPages spreads a wide sheet over some pages, its heading and the columns that
// say what a row is about on each.
func (b *book) onPages(sheet string, wide, heading int) error {
	tall := 0
	if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	return b.repeat(sheet, fmt.Sprintf("%[1]s!$A:$C,%[1]s!$%[2]d:$%[2]d", quoted(sheet), heading))
}

// onOnePage prints a sheet on one page, however much there is of it.
func (b *book) onOnePage(sheet string) error {
	one := 1
	return b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{FitToWidth: &one, FitToHeight: &one})
}

var filterButtons = regexp.MustCompile(`<autoFilter[^>]*(/>|></autoFilter>)`)

// addTable marks cells up as a table; sheets that are read have no filter buttons.
func (b *book) addTable(stream *excelize.StreamWriter, name, ref string, filter bool) error {
	stripes := false
	table := &excelize.Table{Range: ref, Name: name, StyleName: "TableStyleLight1", ShowRowStripes: &stripes}
	if err := stream.AddTable(table); err != nil || filter {
		return err
	}
	part := fmt.Sprintf("xl/tables/table%d.xml", len(b.tables()))
	content, ok := b.file.Pkg.Load(part)
	if !ok {
		return fmt.Errorf("table %s is not in %s", name, part)
	}
	b.file.Pkg.Store(part, filterButtons.ReplaceAll(content.([]byte), nil))
	return nil
}

// tables lists the parts that are tables.
func (b *book) tables() (parts []string) {
	b.file.Pkg.Range(func(part, _ any) bool {
		if strings.HasPrefix(part.(string), "xl/tables/table") {
			parts = append(parts, part.(string))
		}
		return true
	})
	return parts
}

// edit changes a part that excelize has made. It is for what excelize cannot say.
func (b *book) edit(part string, change func([]byte) []byte) error {
	content, ok := b.file.Pkg.Load(part)
	if !ok {
		return fmt.Errorf("no part %s", part)
	}
	b.file.Pkg.Store(part, change(bytes.Clone(content.([]byte))))
	return nil
}

// columnName is the letters of column n, from 1; n is within a sheet's columns.
func columnName(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return "XFD"
	}
	return name
}

// quoted is a sheet's name as formulas and links write it.
func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }
