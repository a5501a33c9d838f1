package xlsform

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Imported is what a workbook gave.
type Imported struct {
	Definition questionnaire.Definition
	Counts     Counts
	Facts      Facts
	Warnings   []Notice // what was left out or may surprise, in the order of the workbook

	// AssumedLanguage is the tag given to words whose language the workbook does
	// not name, "" if it names all. Whoever imports it should be asked.
	AssumedLanguage string
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
	RowsDropped       int `json:"rows_dropped"` // of types that are not kept, and calculations that cannot be worked out
}

// Facts are what a workbook holds, row by row.
type Facts struct {
	Questions []QuestionFact
	Selects   []SelectFact
	Lists     map[string]int // options by name of the list
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

// Read reads an XLSForm workbook. It returns a *Refusal that names every cause
// it found if data are no workbook, or hold a form that is wrong or that asks for
// what Soundings does not do. A definition that it returns passes Check.
func Read(data []byte) (Imported, error) {
	book, err := readBook(data, wantedSheet)
	if err != nil {
		return Imported{}, err
	}
	r := newReader(book)
	r.read()
	r.build()
	r.recheck()
	if len(r.refused) > 0 {
		return Imported{}, &Refusal{Notices: sorted(r.refused)}
	}
	imported := Imported{Definition: r.definition, Counts: r.counts(), Facts: r.facts(), Warnings: sorted(r.warned)}
	if r.tongues.assumed {
		imported.AssumedLanguage = r.tongues.tags[defaultWord]
	}
	return imported, nil
}

// The sheets that are read; all others are left alone.
const (
	sheetSurvey   = "survey"
	sheetChoices  = "choices"
	sheetSettings = "settings"
	sheetEntities = "entities"
	sheetTexts    = "texts"    // of Soundings: the passages around the questions
	sheetScales   = "scales"   // of Soundings
	sheetMeasures = "measures" // of Soundings
)

var wantedSheets = []string{sheetSurvey, sheetChoices, sheetSettings, sheetEntities, sheetTexts, sheetScales, sheetMeasures}

func wantedSheet(name string) bool {
	return slices.Contains(wantedSheets, strings.ToLower(strings.TrimSpace(name)))
}

// reader is one workbook being read.
type reader struct {
	book       *Book
	survey     *table
	choices    *table
	settings   *table
	setting    line  // the first row of settings
	headExtra  extra // of the settings
	tongues    *tongues
	lists      map[string]*list
	listNames  []string // in the order of the sheet
	rows       []*row   // of the survey sheet, in its order
	names      map[string][]*row
	siblings   map[sibling]*row
	ids        *allotment
	lowerNames map[string]*row   // by name in small letters
	lowerLists map[string]string // likewise
	refused    []Notice
	warned     []Notice
	definition questionnaire.Definition
	rowOf      map[questionnaire.ItemID]*row
}

func newReader(book *Book) *reader {
	return &reader{book: book, lists: map[string]*list{}, names: map[string][]*row{}, siblings: map[sibling]*row{}, lowerLists: map[string]string{}, rowOf: map[questionnaire.ItemID]*row{}}
}

// read reads and checks all sheets.
func (r *reader) read() {
	survey := r.findSurvey()
	if survey == nil {
		return
	}
	r.survey = readTable(survey, sheetSurvey, surveyWords, r.refuse)
	r.choices = r.table(sheetChoices, choiceWords)
	r.settings = r.table(sheetSettings, settingWords)
	r.readSettings()
	r.readHeadExtra()
	r.readLanguages()
	r.readChoices()
	r.readSurvey()
	r.checkEntities()
	r.checkColumns()
	r.checkLists()
	r.parseExpressions()
	r.dropCalculations()
	r.reportExpressions()
	r.checkReferences()
	r.checkCycles()
	r.warnOfNames()
	r.warnOfWords()
}

func (r *reader) refuse(n Notice) { r.refused = append(r.refused, n) }
func (r *reader) warn(n Notice)   { r.warned = append(r.warned, n) }

// table reads a sheet, or an empty one if it is not there.
func (r *reader) table(name string, words vocabulary) *table {
	if sheet := r.book.Sheet(name); sheet != nil {
		t := readTable(sheet, name, words, r.refuse)
		if t.gap {
			r.warn(Notice{Code: RowsAfterGap, Sheet: name, Text: gapText})
		}
		return t
	}
	return &table{name: name, byKey: map[string][]column{}}
}

const gapText = "More than 60 empty rows end a sheet; what stands below them was not read. Move it up if it belongs to the questionnaire."

// findSurvey finds the survey sheet: the one of that name, or the only sheet if
// it looks like one.
func (r *reader) findSurvey() *Sheet {
	if sheet := r.book.Sheet(sheetSurvey); sheet != nil {
		return sheet
	}
	if len(r.book.Sheets) == 1 && len(r.book.Sheets[0].Rows) > 0 && r.book.Sheets[0].Rows[0].Number == 1 {
		sheet := &r.book.Sheets[0]
		for _, cell := range sheet.Rows[0].Cells {
			if key, ok := surveyWords.own(cell.Text); ok && key == colType {
				return sheet
			}
		}
	}
	var names []string
	for _, sheet := range r.book.Sheets {
		names = append(names, "“"+shorten(sheet.Name)+"”")
	}
	r.refuse(Notice{Code: NoSurveySheet, Text: "There is no sheet called survey, which holds the questions. The workbook has " +
		strings.Join(names[:min(len(names), 20)], ", ") + ". Rename the sheet of the questions to survey."})
	return nil
}

// sorted puts notices into the order of the workbook.
func sorted(notices []Notice) []Notice {
	order := func(sheet string) int { return slices.Index(append([]string{""}, wantedSheets...), sheet) }
	slices.SortStableFunc(notices, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(order(a.Sheet), order(b.Sheet)), cmp.Compare(a.Row, b.Row))
	})
	return notices
}

// recheck holds the definition to the rules of all questionnaires. What it finds
// is a refusal at the row of its item, so that nothing is kept that could not be
// published.
func (r *reader) recheck() {
	if len(r.refused) > 0 {
		return
	}
	problems, ok := r.definition.Check().(questionnaire.Problems)
	if !ok {
		return
	}
	for _, problem := range problems {
		notice := Notice{Code: BadCell, Sheet: sheetSurvey, Text: sentence(problem.Where + ": " + problem.Cause)}
		for _, id := range quotedID.FindAllStringSubmatch(problem.Where, -1) {
			if row := r.rowOf[questionnaire.ItemID(id[1])]; row != nil && notice.Row == 0 {
				notice.Row = row.row
			}
		}
		r.refuse(notice)
	}
}

// quotedID finds the ids in the place of a problem.
var quotedID = regexp.MustCompile(`"([a-z0-9_]+)"`)

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text
}
