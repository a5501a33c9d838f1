package exports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// docx is a Word file being written: paragraphs with styles, and charts that can be
// changed in Word. It writes what the ISO 29500 schema calls WordprocessingML and
// DrawingML by hand: a page of text and one chart need seven small parts, and no
// library of that size is kept.
type docx struct {
	title, subject string
	made           time.Time // of the document's properties; zero is left out
	body           strings.Builder
	charts         []docxChart
}

type docxChart struct {
	part string // the chart as DrawingML
	book []byte // its figures as a workbook, which Word opens to change them
}

// The styles of paragraphs, by the ids in styles.xml.
const (
	styleTitle    = "Title"
	styleSubtitle = "Subtitle"
	styleHeading  = "Heading1"
	styleNormal   = "Normal"
	styleLead     = "Lead"
	styleCaption  = "Caption"
	styleQuote    = "Quote"
	styleSmall    = "SmallPrint"
	styleMethod   = "Method"
	styleMark     = "MadeUp"
)

// xmlText is text as the content of an element: what XML does not allow is U+FFFD.
func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// paragraph adds text in one style; its line breaks are line breaks there.
func (d *docx) paragraph(style, text string) {
	d.begin(style)
	d.run("", text)
	d.body.WriteString(`</w:p>`)
}

func (d *docx) begin(style string) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
}

// run adds text to the paragraph that was begun, with properties of its own or none.
func (d *docx) run(properties, text string) {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	for i, line := range strings.Split(onlyLineFeeds(text), "\n") {
		d.body.WriteString(`<w:r>` + properties)
		if i > 0 {
			d.body.WriteString(`<w:br/>`)
		}
		d.body.WriteString(`<w:t xml:space="preserve">` + xmlText(strings.ReplaceAll(line, "\t", " ")) + `</w:t></w:r>`)
	}
}

// quote adds a quote, and who said it.
func (d *docx) quote(text, who string) {
	d.begin(styleQuote)
	d.run("", "“"+text+"”")
	if who != "" {
		d.run(`<w:i w:val="0"/>`, " "+who)
	}
	d.body.WriteString(`</w:p>`)
}

// Sizes of a page in the units of DrawingML, 914,400 to an inch.
const (
	emuPerMillimetre = 36000
	docxChartWidth   = 178 * emuPerMillimetre
)

// chart adds a picture of a chart, with what it shows in words for who cannot see it.
func (d *docx) chart(c docxChart, name, alt string, millimetres int) {
	d.charts = append(d.charts, c)
	n := len(d.charts)
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
		`<wp:docPr id="%d" name="Chart %d" title="%s" descr="%s"/><wp:cNvGraphicFramePr/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="rIdChart%d"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		docxChartWidth, millimetres*emuPerMillimetre, n, n, xmlText(name), xmlText(alt), n)
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// writeTo writes the file.
func (d *docx) writeTo(w io.Writer) error {
	a := newArchive(w)
	parts := [][2]string{
		{"[Content_Types].xml", d.contentTypes()},
		{"_rels/.rels", docxRelations},
		{"docProps/core.xml", d.properties()},
		{"word/document.xml", d.document()},
		{"word/_rels/document.xml.rels", d.relations()},
		{"word/settings.xml", docxSettings},
		{"word/styles.xml", docxStyles},
	}
	for _, part := range parts {
		if err := a.file(part[0], []byte(xmlHead+part[1])); err != nil {
			return err
		}
	}
	for i, c := range d.charts {
		if err := a.chart(i+1, c); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

func (a *archive) chart(n int, c docxChart) error {
	if err := a.file(fmt.Sprintf("word/charts/chart%d.xml", n), []byte(xmlHead+c.part)); err != nil {
		return err
	}
	relations := fmt.Sprintf(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdBook" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" Target="../embeddings/chart%d.xlsx"/></Relationships>`, n)
	if err := a.file(fmt.Sprintf("word/charts/_rels/chart%d.xml.rels", n), []byte(xmlHead+relations)); err != nil {
		return err
	}
	return a.file(fmt.Sprintf("word/embeddings/chart%d.xlsx", n), c.book)
}

func (d *docx) contentTypes() string {
	var charts strings.Builder
	for i := range d.charts {
		fmt.Fprintf(&charts, `<Override PartName="/word/charts/chart%d.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>`, i+1)
	}
	return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="xlsx" ContentType="` + workbookType + `"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` + charts.String() + `</Types>`
}

const docxRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

func (d *docx) relations() string {
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	text := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdStyles" Type="` + kind + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rIdSettings" Type="` + kind + `settings" Target="settings.xml"/>`
	for i := range d.charts {
		text += fmt.Sprintf(`<Relationship Id="rIdChart%d" Type="%schart" Target="charts/chart%d.xml"/>`, i+1, kind, i+1)
	}
	return text + `</Relationships>`
}

// properties are what the file says of itself: accessibility needs title and language.
func (d *docx) properties() string {
	made := ""
	if !d.made.IsZero() {
		at := d.made.UTC().Format(time.RFC3339)
		made = `<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>`
	}
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + xmlText(d.title) + `</dc:title><dc:subject>` + xmlText(d.subject) + `</dc:subject><dc:creator>Soundings</dc:creator><cp:lastModifiedBy>Soundings</cp:lastModifiedBy>` + made +
		`<dc:language>en-GB</dc:language></cp:coreProperties>`
}

func (d *docx) document() string {
	return `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">` +
		`<w:body>` + d.body.String() + `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="737" w:right="907" w:bottom="737" w:left="907" w:header="454" w:footer="454" w:gutter="0"/></w:sectPr></w:body></w:document>`
}

const docxSettings = `<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:themeFontLang w:val="en-GB"/></w:settings>`

// docxStyle is one style of paragraphs: its id and name, the style it is based on, and
// the properties of paragraph and text.
func docxStyle(id, name, paragraph, text string) string {
	based := `<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>`
	kind := `<w:style w:type="paragraph" w:customStyle="1" w:styleId="`
	switch id {
	case styleNormal:
		based, kind = "", `<w:style w:type="paragraph" w:default="1" w:styleId="`
	case styleTitle, styleSubtitle, styleHeading, styleQuote, styleCaption:
		kind = `<w:style w:type="paragraph" w:styleId="`
	}
	return kind + id + `"><w:name w:val="` + name + `"/>` + based + `<w:qFormat/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + text + `</w:rPr></w:style>`
}

var docxStyles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` +
	`<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:color w:val="` + ink + `"/><w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
	`<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	docxStyle(styleNormal, "Normal", "", "") +
	docxStyle(styleTitle, "Title", `<w:spacing w:after="20" w:line="240" w:lineRule="auto"/>`, `<w:b/><w:color w:val="`+teal+`"/><w:sz w:val="40"/><w:szCs w:val="40"/>`) +
	docxStyle(styleSubtitle, "Subtitle", `<w:spacing w:after="140"/>`, `<w:sz w:val="24"/><w:szCs w:val="24"/>`) +
	docxStyle(styleHeading, "heading 1", `<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="40"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:color w:val="`+teal+`"/><w:sz w:val="25"/><w:szCs w:val="25"/>`) +
	docxStyle(styleLead, "Lead", `<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="`+teal+`"/></w:pBdr><w:spacing w:after="120"/><w:ind w:left="227"/>`, `<w:sz w:val="24"/><w:szCs w:val="24"/>`) +
	docxStyle(styleCaption, "caption", `<w:keepNext/><w:spacing w:before="40" w:after="20"/>`, `<w:b/>`) +
	docxStyle(styleQuote, "Quote", `<w:keepLines/><w:pBdr><w:left w:val="single" w:sz="16" w:space="8" w:color="`+orange+`"/></w:pBdr><w:spacing w:before="60" w:after="60"/><w:ind w:left="227"/>`, `<w:i/>`) +
	docxStyle(styleSmall, "Small print", `<w:spacing w:after="60"/>`, `<w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	docxStyle(styleMethod, "Method", `<w:pBdr><w:top w:val="single" w:sz="6" w:space="4" w:color="`+grey+`"/></w:pBdr><w:spacing w:before="160" w:after="0"/>`, `<w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	docxStyle(styleMark, "Made up", `<w:spacing w:after="100"/>`, `<w:b/><w:color w:val="8A3F06"/>`) +
	`</w:styles>`
