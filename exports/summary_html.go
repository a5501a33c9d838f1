package exports

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed summary.html
var summaryHTML string

var summaryTemplate = template.Must(template.New("summary").Parse(summaryHTML))

// SummaryStyle is what stands in the style element of the page, for a policy that
// allows it by its hash.
func SummaryStyle() string {
	_, after, _ := strings.Cut(summaryHTML, "<style>")
	style, _, _ := strings.Cut(after, "</style>")
	return style
}

func writeSummaryHTML(ctx context.Context, w io.Writer, m Material) error {
	d, err := DraftSummary(ctx, m)
	if err != nil {
		return err
	}
	return d.WriteHTML(w)
}

// WriteHTML writes the page as one file of HTML that needs nothing beside it: A4,
// in the colours of the workbook, the chart as a picture with its text.
func (d *SummaryDraft) WriteHTML(w io.Writer) error {
	if err := summaryTemplate.Execute(w, d.page()); err != nil {
		return fmt.Errorf("writing the summary of strand %s: %w", d.Material.Report.Strand, err)
	}
	return nil
}

// Sizes of the picture, in its own units.
const (
	svgWidth = 640
	svgBar   = 22
	svgRow   = 43
	svgTop   = 26
)

// SVG is the chart as a picture: a legend in words, each bar under its label.
func (c *summaryChart) SVG() template.HTML {
	var b strings.Builder
	height := svgTop + svgRow*len(c.Bars)
	fmt.Fprintf(&b, `<svg role="img" aria-label="%s" viewBox="0 0 %d %d" width="100%%">`, template.HTMLEscapeString(c.Alt()), svgWidth, height)
	x := 0
	for _, s := range c.Series {
		fmt.Fprintf(&b, `<rect x="%d" y="2" width="12" height="12" fill="%s" stroke="%s"/><text x="%d" y="12.5">%s</text>`, x, "#"+s.Colour, "#"+ink, x+18, template.HTMLEscapeString(s.Name))
		x += 18 + 7*len(s.Name) + 22
	}
	for i, bar := range c.Bars {
		c.drawBar(&b, bar, svgTop+svgRow*i)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // labels are escaped
}

func (c *summaryChart) drawBar(b *strings.Builder, bar chartBar, y int) {
	fmt.Fprintf(b, `<text x="0" y="%d">%s</text>`, y+12, template.HTMLEscapeString(bar.Label))
	x := 0.0
	for i, v := range bar.Parts {
		if v <= 0 {
			continue
		}
		width := v * svgWidth / 100
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="#%s" stroke="#fff"/>`, x, y+18, width, svgBar, c.Series[i].Colour)
		if label := c.Series[i].label(v); label != "" {
			fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle" font-weight="bold" fill="#%s">%s</text>`, x+width/2, y+34, c.Series[i].Ink, label)
		}
		x += width
	}
}
