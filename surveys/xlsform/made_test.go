package xlsform_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"soundings/surveys/xlsform"
)

// made makes a workbook of tables written as text: a line "# name" begins a sheet,
// every other line is a row of cells between bars. A cell keeps its blanks; \n in
// it is a line end.
func made(tables string) []byte {
	parts := map[string]string{}
	var names []string
	var rows []string
	finish := func() {
		if len(names) > 0 {
			parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", len(names))] = sheetOf(strings.Join(rows, ""))
		}
		rows = nil
	}
	for _, line := range strings.Split(strings.TrimSpace(tables), "\n") {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "# "); ok {
			finish()
			names = append(names, name)
			continue
		}
		rows = append(rows, rowOf(line))
	}
	finish()
	return zipped(parts, names...)
}

func rowOf(line string) string {
	var cells strings.Builder
	for _, cell := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|") {
		text := strings.NewReplacer("&", "&amp;", "<", "&lt;", `\n`, "\n").Replace(cell)
		fmt.Fprintf(&cells, `<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, text)
	}
	return "<row>" + cells.String() + "</row>"
}

func sheetOf(rows string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
}

// zipped makes a workbook of parts; those that every workbook has are added
// unless they are given. A part that is "-" is left out.
func zipped(parts map[string]string, sheets ...string) []byte {
	var list, rels strings.Builder
	for i, name := range sheets {
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://x/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	all := map[string]string{
		"[Content_Types].xml":        `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"xl/workbook.xml":            `<workbook xmlns:r="http://r"><sheets>` + list.String() + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships>` + rels.String() + `<Relationship Id="s" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for name, text := range all {
		if text == "-" {
			continue
		}
		file, _ := archive.Create(name) // writing to a buffer does not fail
		_, _ = file.Write([]byte(text))
	}
	_ = archive.Close()
	return out.Bytes()
}

// read reads a made workbook that has to be taken.
func read(t *testing.T, tables string) xlsform.Imported {
	t.Helper()
	got, err := xlsform.Read(made(tables))
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return got
}
