package xlsform

import "soundings/surveys/questionnaire"

// Imported is what a workbook gave.
type Imported struct {
	Definition questionnaire.Definition
	Counts     Counts
	Facts      Facts
	Warnings   []Notice // what was left out or may surprise, in the order of the workbook
}

// Counts say how much a workbook holds, for the preview before it is kept.
type Counts struct {
	Questions         int `json:"questions_total"`    // rows that ask something
	QuestionsImported int `json:"questions_imported"` // without those whose type is dropped
	Notes             int `json:"notes"`
	Calculations      int `json:"calculations"`
	Hidden            int `json:"hidden"`
	Metadata          int `json:"metadata"`
	Groups            int `json:"groups"`
	GroupDepth        int `json:"group_depth"`
	RowsDropped       int `json:"rows_dropped"` // of silent types and unused calculations that cannot be worked out
}

// Facts are what a workbook holds, row by row.
type Facts struct {
	Questions []QuestionFact
	Selects   []SelectFact
	Lists     map[string]int // options by name of the list; only lists that are used
	Unused    []string       // lists that no question uses
	Languages []string       // as written in headings; a column without a language is none
}

// QuestionFact is one row that asks something.
type QuestionFact struct {
	Row  int
	Type string // as XLSForm calls it: text, select_one, dateTime
	Name string
}

// SelectFact is one question with choices.
type SelectFact struct {
	Name     string
	Type     string
	List     string
	Options  int
	OrOther  bool
	Filtered bool
}
