package exports

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/outcomes"
)

func writeSummaryDocx(ctx context.Context, w io.Writer, m Material) error {
	d, err := DraftSummary(ctx, m)
	if err != nil {
		return err
	}
	return d.WriteDocx(ctx, w)
}

// WriteDocx writes the page for Word: headings, quotes and small print in named
// styles, the chart as one that can be changed, in British English.
func (d *SummaryDraft) WriteDocx(ctx context.Context, w io.Writer) error {
	page := d.page()
	file := docx{title: page.Title + ": " + page.Subtitle, subject: "Summary of what changed", made: d.Material.Report.Made}
	file.paragraph(styleTitle, page.Title)
	file.paragraph(styleSubtitle, page.Subtitle)
	if page.MadeUp {
		file.paragraph(styleMark, "Made-up data: a demonstration")
	}
	for _, text := range page.Lead {
		file.paragraph(styleLead, text)
	}
	for _, section := range page.Sections {
		if section.Part == outcomes.PartLimits {
			file.quotes(page)
		}
		if err := file.section(ctx, section, page.Chart); err != nil {
			return fmt.Errorf("writing the summary of strand %s: %w", d.Material.Report.Strand, err)
		}
	}
	for _, text := range page.Method {
		file.paragraph(styleMethod, text)
	}
	return file.writeTo(w)
}

func (d *docx) section(ctx context.Context, section summarySection, chart *summaryChart) error {
	d.paragraph(styleHeading, section.Title)
	if section.Change() && chart != nil {
		book, err := chart.workbook(ctx)
		if err != nil {
			return err
		}
		d.paragraph(styleCaption, chart.Title)
		d.chart(docxChart{chart.drawing(), book}, chart.Title, chart.Alt(), 18+13*len(chart.Bars))
	}
	style := styleNormal
	if section.Part == outcomes.PartLimits {
		style = styleSmall
	}
	for _, text := range section.Paragraphs {
		d.paragraph(style, text)
	}
	return nil
}

func (d *docx) quotes(page summaryPage) {
	if len(page.Quotes) == 0 {
		return
	}
	d.paragraph(styleHeading, "In their own words")
	for _, quote := range page.Quotes {
		d.quote(quote.Text, quote.Who)
	}
	if page.Balance != "" {
		d.paragraph(styleSmall, page.Balance)
	}
}

// workbook holds the figures of the chart, for Word's "Edit data".
func (c *summaryChart) workbook(ctx context.Context) ([]byte, error) {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }() // it has no file on the disk
	rows := [][]any{{""}}
	for _, s := range c.Series {
		rows[0] = append(rows[0], s.Name)
	}
	for _, bar := range c.Bars {
		row := []any{bar.Label}
		for _, v := range bar.Parts {
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		if err := file.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			return nil, err
		}
	}
	parts := newPacker(nil)
	file.SetZipWriter(parts.asZipWriter)
	if err := file.Write(io.Discard); err != nil {
		return nil, err
	}
	var book bytes.Buffer
	err := parts.writeTo(ctx, &book)
	return book.Bytes(), err
}

// drawing is the chart in DrawingML: stacked bars on their own full scale, from top
// to bottom, with figures where there is room.
func (c *summaryChart) drawing() string {
	var b strings.Builder
	b.WriteString(`<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<c:date1904 val="0"/><c:lang val="en-GB"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>`)
	for i := range c.Series {
		c.series(&b, i)
	}
	b.WriteString(`<c:gapWidth val="45"/><c:overlap val="100"/><c:axId val="111"/><c:axId val="222"/></c:barChart>` +
		`<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` +
		`<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>` + chartText(ink) + `<c:crossAx val="222"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>` +
		`<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>` +
		`</c:plotArea><c:legend><c:legendPos val="t"/><c:overlay val="0"/>` + chartText(ink) + `</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>` +
		`<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:externalData r:id="rIdBook"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return b.String()
}

// chartText is the look of words in the chart: 9 points, in a colour.
func chartText(colour string) string {
	return `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="` + colour + `"/></a:solidFill><a:latin typeface="Arial"/></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>`
}

func (c *summaryChart) series(b *strings.Builder, i int) {
	column, s, last := columnName(i+2), c.Series[i], len(c.Bars)+1
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>Sheet1!$%s$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`, i, i, column, xmlText(s.Name))
	fmt.Fprintf(b, `<c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:ln w="9525"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>`, s.Colour, white)
	shown := "1"
	if s == hiddenSeries {
		shown = "0"
	}
	b.WriteString(`<c:dLbls><c:numFmt formatCode="[&lt;5]&quot;&quot;;0&quot;%&quot;" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>` + chartText(s.Ink) +
		`<c:showLegendKey val="0"/><c:showVal val="` + shown + `"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
	fmt.Fprintf(b, `<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$%d</c:f><c:strCache><c:ptCount val="%d"/>`, last, len(c.Bars))
	for n, bar := range c.Bars {
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, xmlText(bar.Label))
	}
	fmt.Fprintf(b, `</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!$%[1]s$2:$%[1]s$%[2]d</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%[3]d"/>`, column, last, len(c.Bars))
	for n, bar := range c.Bars {
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, strconv.FormatFloat(bar.Parts[i], 'f', -1, 64))
	}
	b.WriteString(`</c:numCache></c:numRef></c:val></c:ser>`)
}
