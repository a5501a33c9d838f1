// Package sheets reads tables that people keep in spreadsheets: one sheet of an
// Excel workbook (.xlsx), or a file of separated values (.csv, .tsv), row by row
// and never whole, since a table may have 100,000 rows.
//
// It yields text as a person sees it: 1.0 is "1", a day is "2026-03-07", a day
// with a time "2026-03-07 09:30:00", a truth "TRUE" or "FALSE"; of a formula it is
// the value last worked out. Blanks around a cell are cut off. A percentage is
// the number behind it: 0.5 for 50%.
//
// Nothing that a file says of itself is believed: limits (limits.go) count what
// was really read, so that no file takes more than about 100 MB of memory.
//
//	table, err := sheets.Open(file, size, "old answers.xlsx")
//	for row, err := range table.Rows() {
//		fmt.Println(row.Number, row.Cells) // 1 [id pre_calm post_calm]
//	}
//
// It stores nothing.
package sheets
