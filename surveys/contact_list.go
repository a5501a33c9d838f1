package surveys

import (
	"encoding/csv"
	"net/mail"
	"slices"
	"strings"
	"unicode"
)

// Limits of one list of addresses.
const (
	MaxContacts    = 5000
	maxContactCell = 400 // bytes; what is longer is no address, name or cohort
)

// ContactRow is one line of a list of addresses, as it was written.
type ContactRow struct {
	Number                          int // of the line or the row of the sheet, from 1
	Address, Name, Cohort, Language string
}

// contactHeadings are what the first row of a list may call its columns.
var contactHeadings = map[string][]string{
	"address":  {"address", "email", "emailaddress", "mail", "workemail", "workemailaddress"},
	"name":     {"name", "fullname", "person", "staffname", "displayname"},
	"cohort":   {"cohort", "group", "class", "series", "institution", "school", "setting", "organisation", "organization", "nursery", "college", "department"},
	"language": {"language", "lang"},
}

// ReadContactList reads a pasted list: one person a line, the columns parted by
// tabs, semicolons or commas, with a heading or without one; or addresses as mail
// programs write them, "Jo Smith <jo@school.example>; Sam <sam@school.example>".
func ReadContactList(text string) []ContactRow {
	text = strings.TrimPrefix(text, "\ufeff")
	var rows [][]string
	var numbers []int
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		for _, cells := range cellsOf(line) {
			rows, numbers = append(rows, cells), append(numbers, number)
		}
		if len(rows) > 2*MaxContacts {
			break
		}
	}
	return readContacts(rows, numbers)
}

// ContactRows gives the rows of a sheet, each numbered as in the sheet, their meaning.
func ContactRows(rows [][]string) []ContactRow {
	numbers := make([]int, len(rows))
	for i := range rows {
		numbers[i] = i + 1
	}
	return readContacts(rows, numbers)
}

// cellsOf parts one line. Several addresses in a line are several people.
func cellsOf(line string) [][]string {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	if all, err := mail.ParseAddressList(strings.Trim(strings.ReplaceAll(line, ";", ","), ", \t")); err == nil && (len(all) > 1 || strings.Contains(line, "<")) {
		people := make([][]string, len(all))
		for i, one := range all {
			people[i] = []string{one.Name, one.Address}
		}
		return people
	}
	separator := ','
	for _, other := range "\t;" {
		if strings.ContainsRune(line, other) {
			separator = other
			break
		}
	}
	reader := csv.NewReader(strings.NewReader(line))
	reader.Comma, reader.LazyQuotes, reader.TrimLeadingSpace, reader.FieldsPerRecord = separator, true, separator != '\t', -1
	cells, err := reader.Read()
	if err != nil {
		cells = strings.Split(line, string(separator))
	}
	if count := countAddresses(cells); count < 2 {
		return [][]string{cells}
	}
	var people [][]string
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			people = append(people, []string{cell})
		}
	}
	return people
}

func countAddresses(cells []string) (n int) {
	for _, cell := range cells {
		if strings.Contains(cell, "@") {
			n++
		}
	}
	return n
}

// readContacts finds the columns and reads the rows below the heading.
func readContacts(rows [][]string, numbers []int) []ContactRow {
	columns, headed := map[string]int{}, false
	var all []ContactRow
	for i, cells := range rows {
		if blank(cells) {
			continue
		}
		if !headed && len(all) == 0 {
			headed = true
			if columns = headingOf(cells); len(columns) > 0 {
				continue
			}
		}
		all = append(all, contactRow(cells, columns, numbers[i]))
	}
	return all
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// headingOf is where the columns are, if cells are a heading; none otherwise. A row
// with an address in it is none.
func headingOf(cells []string) map[string]int {
	columns := map[string]int{}
	if countAddresses(cells) > 0 {
		return columns
	}
	for i, cell := range cells {
		for column, names := range contactHeadings {
			if _, there := columns[column]; !there && slices.Contains(names, strings.ReplaceAll(folded(cell), " ", "")) {
				columns[column] = i
			}
		}
	}
	if _, ok := columns["address"]; !ok {
		return map[string]int{}
	}
	return columns
}

// contactRow reads one row. Without a heading the cell with an "@" is the address,
// the one after it the cohort, then the language; one before it is the name.
func contactRow(cells []string, columns map[string]int, number int) ContactRow {
	row := ContactRow{Number: number}
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return cutBytes(strings.TrimSpace(cells[i]), maxContactCell)
	}
	if len(columns) == 0 {
		at := max(0, slices.IndexFunc(cells, func(cell string) bool { return strings.Contains(cell, "@") }))
		columns = map[string]int{"address": at, "name": at - 1, "cohort": at + 1, "language": at + 2}
	}
	at := func(column string) string {
		if i, ok := columns[column]; ok {
			return cell(i)
		}
		return ""
	}
	row.Address, row.Name, row.Cohort, row.Language = at("address"), at("name"), at("cohort"), at("language")
	if parsed, err := mail.ParseAddress(row.Address); err == nil {
		row.Address = parsed.Address
		if row.Name == "" {
			row.Name = parsed.Name
		}
	}
	return row
}

// cutBytes shortens text to at most n bytes of whole letters.
func cutBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

// folded is text for comparing what people write: lower case, with single blanks
// for everything but letters and digits.
func folded(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }), " ")
}
