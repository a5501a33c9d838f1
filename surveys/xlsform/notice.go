package xlsform

import (
	"fmt"
	"strings"
)

// Notice is one thing to know about a workbook: why it is refused, or what was
// left out of it.
type Notice struct {
	Code   Code   `json:"code"`
	Sheet  string `json:"sheet,omitempty"`  // "survey"; "" if it is about the file
	Row    int    `json:"row,omitempty"`    // as the spreadsheet program counts, from 1; 0: the whole sheet
	Column string `json:"column,omitempty"` // heading, as written; "" if it is about the row
	Text   string `json:"text"`             // plain English: what it is, and how to mend it
}

// Place says where the notice is: `survey, row 4, column relevant`; "" for the file.
func (n Notice) Place() string {
	if n.Sheet == "" {
		return ""
	}
	place := n.Sheet
	if n.Row > 0 {
		place += fmt.Sprintf(", row %d", n.Row)
	}
	if n.Column != "" {
		place += ", column " + n.Column
	}
	return place
}

func (n Notice) String() string {
	if place := n.Place(); place != "" {
		return place + ": " + n.Text
	}
	return n.Text
}

// Refusal is why a workbook was not read: every cause that was found, in the
// order of the workbook.
type Refusal struct {
	Notices []Notice
}

// Error has one line a notice.
func (r *Refusal) Error() string {
	lines := make([]string, len(r.Notices))
	for i, notice := range r.Notices {
		lines[i] = notice.String()
	}
	return strings.Join(lines, "\n")
}

// Has says whether one of the causes is code.
func (r *Refusal) Has(code Code) bool {
	for _, notice := range r.Notices {
		if notice.Code == code {
			return true
		}
	}
	return false
}

// refuse makes a refusal of the whole file.
func refuse(code Code, text string, args ...any) *Refusal {
	return &Refusal{Notices: []Notice{{Code: code, Text: fmt.Sprintf(text, args...)}}}
}
