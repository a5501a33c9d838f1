package exports

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/outcomes"
)

// cells is a range of one sheet, as a chart refers to it.
type cells struct {
	sheet       string
	column      int // from 1
	first, last int
}

func (c cells) String() string {
	letters := columnName(c.column)
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", quoted(c.sheet), letters, c.first, letters, c.last)
}

// heading is the cell above the range's table, whose heading is in row top.
func (c cells) heading(top int) string {
	return fmt.Sprintf("%s!$%s$%d", quoted(c.sheet), columnName(c.column), top)
}

// picked are cells of one column in some rows of a sheet, which need not be next to
// each other: a chart leaves out rows whose figure is hidden, which it would draw as 0.
type picked struct {
	sheet  string
	column int   // from 1
	rows   []int // ascending, from 1
}

// String is each run of rows as a range; several are in brackets.
func (p picked) String() string {
	var runs []string
	for from := 0; from < len(p.rows); {
		to := from
		for to+1 < len(p.rows) && p.rows[to+1] == p.rows[to]+1 {
			to++
		}
		runs = append(runs, cells{p.sheet, p.column, p.rows[from], p.rows[to]}.String())
		from = to + 1
	}
	if len(runs) == 1 {
		return runs[0]
	}
	return "(" + strings.Join(runs, ",") + ")"
}

// heading is the cell above the table, whose heading is in row top.
func (p picked) heading(top int) string { return cells{p.sheet, p.column, 0, 0}.heading(top) }

// series is one series of a chart: cells of a table.
type series struct {
	name     string // a cell
	values   fmt.Stringer
	colour   string
	labelInk string // of its numbers
}

// chart is a native chart over cells of a table, which holds all its figures.
type chart struct {
	kind          excelize.ChartType
	title         string
	alt           string // what it shows, and where the figures are
	categories    string
	series        []series
	format        string // of the numbers beside or in the bars
	axisFormat    string // of the value axis, if it is another
	shift         int    // pixels to the right of its cell
	low, high     *float64
	step          float64 // between the numbers of the value axis; 0: as the program likes
	legend        bool
	downwards     bool // the first category on top
	axis          bool // show the value axis
	bare          bool // no numbers at the bars
	width, height uint
}

// addChart puts c on a sheet at a cell. Call it before the sheet is finished.
func (b *book) addChart(sheet, cell string, c chart) error {
	made := &excelize.Chart{
		Type: c.kind, Title: chartTitle(c.title), Legend: excelize.ChartLegend{Position: "none"},
		Format:    excelize.GraphicOptions{AltText: c.alt, Name: c.title, Positioning: "oneCell", OffsetX: c.shift},
		Dimension: excelize.ChartDimension{Width: c.width, Height: c.height},
		PlotArea:  excelize.ChartPlotArea{ShowVal: !c.bare, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.format}},
		XAxis:     excelize.ChartAxis{ReverseOrder: c.downwards, TickLabelPosition: excelize.ChartTickLabelLow, Font: excelize.Font{Family: fontName, Size: 10, Color: ink}},
		YAxis: excelize.ChartAxis{
			None: !c.axis, Minimum: c.low, Maximum: c.high, MajorUnit: c.step, MajorGridLines: c.axis,
			NumFmt: excelize.ChartNumFmt{CustomNumFmt: cmp.Or(c.axisFormat, c.format)}, Font: excelize.Font{Family: fontName, Size: 10, Color: ink},
		},
		Border: excelize.LineOptions{Type: excelize.LineNone},
	}
	if c.legend {
		made.Legend = excelize.ChartLegend{Position: "top", Font: &excelize.Font{Family: fontName, Size: 10, Color: ink}}
	}
	gap, vary := uint(45), false
	made.GapWidth, made.VaryColors = &gap, &vary
	for _, s := range c.series {
		made.Series = append(made.Series, s.chart(c.categories))
	}
	if err := b.file.AddChart(sheet, cell, made); err != nil || !c.downwards {
		return err
	}
	// Turning the categories round took the value axis to the top.
	return b.edit(b.lastChart(), func(part []byte) []byte {
		at := bytes.Index(part, []byte("<valAx>"))
		return append(part[:at:at], bytes.Replace(part[at:], []byte(`<crosses val="autoZero">`), []byte(`<crosses val="max">`), 1)...)
	})
}

// lastChart is the part of the chart made last.
func (b *book) lastChart() string {
	n := 0
	for b.hasPart(chartPart(n + 1)) {
		n++
	}
	return chartPart(n)
}

func (s series) chart(categories string) excelize.ChartSeries {
	return excelize.ChartSeries{
		Name: s.name, Categories: categories, Values: s.values.String(),
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.colour}},
		DataLabel: excelize.ChartDataLabel{Font: excelize.Font{Family: fontName, Size: 10, Bold: true, Color: s.labelInk}},
	}
}

func chartTitle(words string) excelize.ChartTitle {
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{
		Text: words, Font: &excelize.Font{Family: fontName, Size: 12, Bold: true, Color: ink},
	}}}
}

// addWhiskers draws intervals on the last chart that was made, which excelize
// cannot: how far each goes below and above its bar, from cells of the table.
func (b *book) addWhiskers(below, above fmt.Stringer) error {
	bars := `<errBars><errDir val="y"/><errBarType val="both"/><errValType val="cust"/><noEndCap val="0"/>` +
		`<plus><numRef><f>` + above.String() + `</f></numRef></plus><minus><numRef><f>` + below.String() + `</f></numRef></minus>` +
		`<spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="` + ink + `"/></a:solidFill></a:ln></spPr></errBars>`
	return b.edit(b.lastChart(), func(part []byte) []byte {
		return bytes.Replace(part, []byte("<cat>"), []byte(bars+"<cat>"), 1)
	})
}

func chartPart(n int) string { return fmt.Sprintf("xl/charts/chart%d.xml", n) }

func (b *book) hasPart(part string) bool {
	_, ok := b.file.Pkg.Load(part)
	return ok
}

// distances are how far the limits of an interval are from its figure, or nil.
func distances(figure outcomes.Estimate, limits outcomes.Interval) (below, above any) {
	v, ok := figure.Float()
	low, okLow := limits.Low.Float()
	high, okHigh := limits.High.Float()
	if !ok || !okLow || !okHigh {
		return nil, nil
	}
	return v - low, high - v
}

// below is the row of a page that begins at least so many pixels below another row.
func (p *page) below(row, pixels int) int {
	for pixels > 0 {
		height, err := p.book.file.GetRowHeight(p.name, row)
		if err != nil {
			p.keep(err)
			return row
		}
		pixels -= int(height * 4 / 3)
		row++
	}
	return row
}

// at returns the cell of a page that holds the pixel x from the left edge, and how
// far into the cell that is.
func (p *page) at(x, row int) (cell string, shift int) {
	column := 1
	for _, c := range p.columns {
		width := int(c.width*7) + 5
		if x < width {
			break
		}
		x -= width
		column++
	}
	return fmt.Sprintf("%s%d", columnName(column), row), x
}
