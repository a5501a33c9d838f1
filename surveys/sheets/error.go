package sheets

import (
	"fmt"
	"strconv"
)

// Error says what about a file cannot be read, where, and how to mend it. It
// never holds what a cell says.
type Error struct {
	Row    int    // as the spreadsheet counts, from 1; 0: the whole file
	Column int    // from 1; 0: the whole row
	Key    string // of the sentence: "sheets.password"
	Args   []any  // for the sentence
	Err    error  // the cause, for the log; nil if there is none
}

// Error is for logs.
func (e *Error) Error() string {
	text := e.Key
	if e.Row > 0 {
		text += ": " + Place(e.Row, e.Column)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

func refuse(key string, args ...any) *Error { return &Error{Key: key, Args: args} }

// refuseAt refuses a cell, whose place is the first argument of the sentence.
func refuseAt(row, column int, key string, args ...any) *Error {
	return &Error{Row: row, Column: column, Key: key, Args: append([]any{Place(row, column)}, args...)}
}

// Place names a cell for people: "row 17, column F"; with column 0 a row.
func Place(row, column int) string {
	place := "row " + strconv.Itoa(row)
	if column > 0 {
		place += ", column " + ColumnName(column)
	}
	return place
}

// ColumnName is the name of a column, counted from 1: 1 is "A", 28 is "AB".
func ColumnName(column int) string {
	var name []byte
	for ; column > 0; column = (column - 1) / 26 {
		name = append([]byte{byte('A' + (column-1)%26)}, name...)
	}
	return string(name)
}

// columnOf reads the column of the name of a cell: 55 for "BC12".
func columnOf(name string) (int, error) {
	column, i := 0, 0
	for ; i < len(name) && i < 4; i++ {
		letter := name[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	if i == 0 || i == len(name) || column > lastColumn {
		return 0, damaged(fmt.Errorf("%.20q is no name of a cell", name))
	}
	return column, nil
}

func damaged(cause error) *Error { return &Error{Key: "sheets.damaged", Err: cause} }
