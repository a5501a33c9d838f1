package exports

import "github.com/xuri/excelize/v2"

// The colours, with their contrast to white. Before is grey and after teal;
// improved is teal, the same neutral, worse orange, which people who are blind to
// red or green can tell apart. Neutral is never alone against white.
const (
	ink     = "1B2A33" // 14.7
	teal    = "0B5563" // 8.4
	midTeal = "5A9FAA" // 3.0, only as an area
	orange  = "B45309" // 5.0
	grey    = "7C8B95" // 3.5, only as an area
	neutral = "D5DADD" // under 3, between darker areas
	rule    = "CBD3D8"
	linkInk = "000080"
	white   = "FFFFFF"
)

const (
	fontName = "Arial"
	pageSize = 12 // points, on sheets that are read
	dataSize = 11 // points, on sheets that are worked with
)

// Number formats. None depends on the language of the program that shows it.
const (
	asText     = "@"
	asCount    = "#,##0"
	asPlain    = "0"
	asGeneral  = "General"
	asTenths   = "0.0"
	asHundreds = "0.00"
	asSigned1  = "+0.0;-0.0;0.0"
	asSigned2  = "+0.00;-0.00;0.00"
	asSigned   = "+General;-General;0"
	asPercent  = "0%"
	asShare    = `[<0.035]"";0%` // in a bar too narrow for it
	asTime     = "yyyy-mm-dd hh:mm"
	asDate     = "yyyy-mm-dd"
	asP        = `[<0.001]"< 0.001";0.000`
)

// look is how a cell looks. It is the key under which its style is kept.
type look struct {
	format string
	size   float64
	bold   bool
	colour string
	fill   string
	right  bool // numbers and their headings
	wrap   bool
	indent int
	ruled  bool // a thin line below
	link   bool
	top    bool // at the top of the row, not in its middle
}

// styles makes each style once. Texts get the mark of a leading apostrophe
// (quotePrefix), so that editing "=1+1" in Excel leaves it a text.
type styles struct {
	file *excelize.File
	ids  map[look]int
	err  error
}

func newStyles(file *excelize.File) *styles {
	return &styles{file: file, ids: map[look]int{}}
}

// id returns the style of l; after an error, which is kept, it returns 0.
func (s *styles) id(l look) int {
	if id, ok := s.ids[l]; ok || s.err != nil {
		return id
	}
	id, err := s.file.NewStyle(l.style())
	if err != nil {
		s.err = err
		return 0
	}
	if l == lookTitle {
		s.heading(id)
	}
	if l.format == asText {
		quoted := true
		s.file.Styles.CellXfs.Xf[id].QuotePrefix = &quoted
	}
	s.ids[l] = id
	return id
}

// heading makes a style one of Excel's headings, by which programs that read a sheet
// aloud know a title.
func (s *styles) heading(id int) {
	parts := s.file.Styles
	if parts.CellStyles == nil || len(parts.CellStyles.CellStyle) == 0 || parts.CellStyleXfs == nil {
		return
	}
	const builtIn = 16 // Heading 1
	named, number := *parts.CellStyles.CellStyle[0], builtIn
	parts.CellStyleXfs.Xf = append(parts.CellStyleXfs.Xf, parts.CellXfs.Xf[id])
	parts.CellStyleXfs.Count = len(parts.CellStyleXfs.Xf)
	at := len(parts.CellStyleXfs.Xf) - 1
	parts.CellStyleXfs.Xf[at].XfID = nil
	named.Name, named.XfID, named.BuiltInID = "Heading 1", at, &number
	parts.CellStyles.CellStyle = append(parts.CellStyles.CellStyle, &named)
	parts.CellStyles.Count = len(parts.CellStyles.CellStyle)
	parts.CellXfs.Xf[id].XfID = &at
}

func (l look) style() *excelize.Style {
	font := &excelize.Font{Family: fontName, Size: l.size, Bold: l.bold, Color: ink}
	if l.colour != "" {
		font.Color = l.colour
	}
	if l.link {
		font.Color, font.Underline = linkInk, "single"
	}
	style := &excelize.Style{Font: font, Alignment: l.alignment()}
	switch l.format {
	case "", asGeneral:
	case asText:
		style.NumFmt = 49
	default:
		style.CustomNumFmt = &l.format
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.ruled {
		style.Border = []excelize.Border{{Type: "bottom", Color: rule, Style: 1}}
	}
	return style
}

func (l look) alignment() *excelize.Alignment {
	a := &excelize.Alignment{Vertical: "center", WrapText: l.wrap, Indent: l.indent}
	if l.top {
		a.Vertical = "top"
	}
	if l.right {
		a.Horizontal = "right"
	}
	if l.indent > 0 && !l.right {
		a.Horizontal = "left" // General, which lets Arabic align itself, takes no indent
	}
	return a
}

// The looks of sheets that are read.
var (
	lookTitle     = look{size: 20, bold: true, colour: teal}
	lookBanner    = look{size: 14, bold: true, colour: white, fill: orange, indent: 1}
	lookLead      = look{size: pageSize}
	lookLink      = look{size: pageSize, link: true}
	lookHead      = look{size: pageSize, bold: true, colour: white, fill: teal, wrap: true, indent: 1}
	lookHeadRight = look{size: pageSize, bold: true, colour: white, fill: teal, wrap: true, indent: 1, right: true}
	lookText      = look{format: asText, size: pageSize, wrap: true, indent: 1, ruled: true}
	lookStrong    = look{format: asText, size: pageSize, bold: true, wrap: true, indent: 1, ruled: true}
	lookLinkCell  = look{size: pageSize, link: true, wrap: true, indent: 1, ruled: true}
	lookWords     = look{format: asText, size: 13, wrap: true, ruled: true} // Arabic aligns itself
)

// lookNumber is a figure on a sheet that is read.
func lookNumber(format string) look {
	return look{format: format, size: pageSize, right: true, indent: 1, ruled: true}
}

// The looks of sheets that are worked with.
var (
	lookDataHead      = look{size: dataSize, bold: true, colour: white, fill: teal, wrap: true}
	lookDataHeadRight = look{size: dataSize, bold: true, colour: white, fill: teal, wrap: true, right: true}
	lookData          = look{format: asText, size: dataSize}
	lookDataTop       = look{format: asText, size: dataSize, wrap: true, top: true}
)

// lookDataNumber is a number on a sheet that is worked with.
func lookDataNumber(format string) look { return look{format: format, size: dataSize} }

// lookDataCount is a number beside wrapped text on such a sheet.
func lookDataCount(format string) look { return look{format: format, size: dataSize, top: true} }
