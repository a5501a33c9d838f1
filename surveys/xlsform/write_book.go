package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxCellText is the longest text of a cell in Excel, in UTF-16 units; counted
// here in characters of four bytes at most, which are two units.
const maxCellText = 32_767

// writeBook writes a workbook: every cell is text, so that no program makes a
// date of "1-2" or runs "=1+1"; the first row of each sheet stays in sight. The
// same book gives the same bytes.
func writeBook(book *Book) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes(book)},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", workbookXML(book)},
		{"xl/_rels/workbook.xml.rels", workbookRels(book)},
		{"xl/styles.xml", stylesXML},
	}
	for i := range book.Sheets {
		text, err := sheetXML(&book.Sheets[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, struct{ name, text string }{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), text})
	}
	for _, part := range parts {
		file, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate})
		if err == nil {
			_, err = file.Write([]byte(part.text))
		}
		if err != nil {
			return nil, fmt.Errorf("write %s of the workbook: %w", part.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("write the workbook: %w", err)
	}
	return out.Bytes(), nil
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = "http://schemas.openxmlformats.org/package/2006/relationships"
	office    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	main      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	sheetML   = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// Style 0 is text that is wrapped, style 1 the same in bold, for headings.
	stylesXML = xmlHead + `<styleSheet xmlns="` + main + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

func contentTypes(book *Book) string {
	var text strings.Builder
	text.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + sheetML + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + sheetML + `styles+xml"/>`)
	for i := range book.Sheets {
		fmt.Fprintf(&text, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, sheetML)
	}
	return text.String() + `</Types>`
}

func workbookXML(book *Book) string {
	var text strings.Builder
	text.WriteString(xmlHead + `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets>`)
	for i, sheet := range book.Sheets {
		fmt.Fprintf(&text, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(sheet.Name), i+1, i+1)
	}
	return text.String() + `</sheets></workbook>`
}

func workbookRels(book *Book) string {
	var text strings.Builder
	text.WriteString(xmlHead + `<Relationships xmlns="` + relations + `">`)
	for i := range book.Sheets {
		fmt.Fprintf(&text, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, office, i+1)
	}
	fmt.Fprintf(&text, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(book.Sheets)+1, office)
	return text.String() + `</Relationships>`
}

func sheetXML(sheet *Sheet) (string, error) {
	var text strings.Builder
	text.WriteString(xmlHead + `<worksheet xmlns="` + main + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="2" width="22" style="0" customWidth="1"/><col min="3" max="50" width="32" style="0" customWidth="1"/></cols><sheetData>`)
	for _, row := range sheet.Rows {
		fmt.Fprintf(&text, `<row r="%d">`, row.Number)
		style := 0
		if row.Number == 1 {
			style = 1
		}
		for _, cell := range row.Cells {
			if utf8.RuneCountInString(cell.Text) > maxCellText/2 && utf16Length(cell.Text) > maxCellText {
				return "", fmt.Errorf("sheet %s, row %d: a text of more than %d characters does not fit into a cell: shorten it", sheet.Name, row.Number, maxCellText)
			}
			fmt.Fprintf(&text, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(cell.Column), row.Number, style, escape(cell.Text))
		}
		text.WriteString("</row>")
	}
	return text.String() + `</sheetData></worksheet>`, nil
}

func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// columnName is the letter of a column: 1 is A, 27 is AA.
func columnName(n int) string {
	var name []byte
	for ; n > 0; n = (n - 1) / 26 {
		name = append([]byte{byte('A' + (n-1)%26)}, name...)
	}
	return string(name)
}

// escape writes text so that XML and Excel give it back: characters that XML has
// not as _x000B_, and a text that looks like that with its first _ as _x005F_.
func escape(text string) string {
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == '_' && escapedHere.MatchString(text[i:min(i+7, len(text))]):
			out.WriteString("_x005F_")
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '"':
			out.WriteString("&quot;")
		case r == '\n' || r == '\t' || r >= ' ' && r != 0xfffe && r != 0xffff:
			out.WriteRune(r)
		default:
			fmt.Fprintf(&out, "_x%04X_", r)
		}
	}
	return out.String()
}
