package sheets

import "strings"

// guard is put before a text that a spreadsheet would take for a formula.
const guard = "'"

// Guarded returns text as separated values for spreadsheets hold it: with an
// apostrophe before it if it begins with = + - @, a tab or a line break, whatever
// apostrophes stand there already. The apostrophe is seen in the cell; Unguarded,
// through which every value of a text file is read here, takes it away.
//
// Source: OWASP, CSV Injection; CWE-1236.
func Guarded(text string) string {
	if dangerous(text) {
		return guard + text
	}
	return text
}

// Unguarded takes exactly one apostrophe from before a dangerous beginning.
func Unguarded(text string) string {
	if strings.HasPrefix(text, guard) && dangerous(text) {
		return text[len(guard):]
	}
	return text
}

// dangerous reports whether text begins with what begins a formula, apostrophes aside.
func dangerous(text string) bool {
	rest := strings.TrimLeft(text, guard)
	return rest != "" && strings.IndexByte("=+-@\t\r\n", rest[0]) >= 0
}
