package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"soundings/surveys/limesurvey"
	"soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// imported is a questionnaire read of a file, and what there is to know about it
// before it is kept. It is stored as JSON while a person looks at it.
type imported struct {
	Source     string                   `json:"source"` // in words: what kind of file it was
	Definition questionnaire.Definition `json:"definition"`
	Facts      []importFact             `json:"facts"`
	Notices    []importNotice           `json:"notices"`
	Assumed    string                   `json:"assumed,omitempty"` // tag given to words whose language the file does not name
}

// importFact is one count, for the preview.
type importFact struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// importNotice is one thing to know: why a file is refused, or what was left out.
type importNotice struct {
	Code   string `json:"code"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"` // 0: no single one
	Column string `json:"column,omitempty"`
	Text   string `json:"text"` // the cause, and how to mend it
}

// refusedImport is the error for a file that no questionnaire can be made of.
type refusedImport struct {
	source  string
	notices []importNotice
}

func (r *refusedImport) Error() string {
	return r.source + " refused with " + strconv.Itoa(len(r.notices)) + " notices"
}

// What the files are called.
const (
	sourceWorkbook   = "XLSForm workbook (Excel)"
	sourceLimeSurvey = "LimeSurvey survey structure"
	sourceDefinition = "Soundings definition (JSON)"
)

// readImport reads a questionnaire from a file: what it is, its first bytes say,
// never its name. The error is a *refusedImport.
func readImport(data []byte) (imported, error) {
	switch start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n"); {
	case bytes.HasPrefix(start, []byte("{")):
		return readDefinitionFile(bytes.TrimPrefix(data, []byte("\ufeff")))
	case bytes.HasPrefix(start, []byte("<")):
		return readLimeSurvey(data)
	default: // and whatever is none of these: the refusal says what was expected
		return readWorkbook(data)
	}
}

func readWorkbook(data []byte) (imported, error) {
	in, err := xlsform.Read(data)
	var refusal *xlsform.Refusal
	if errors.As(err, &refusal) {
		return imported{}, &refusedImport{sourceWorkbook, workbookNotices(refusal.Notices)}
	}
	if err != nil {
		return imported{}, err
	}
	c := in.Counts
	return imported{
		Source: sourceWorkbook, Definition: in.Definition, Notices: workbookNotices(in.Warnings), Assumed: in.AssumedLanguage,
		Facts: someFacts(
			importFact{"questions in the workbook", c.Questions}, importFact{"of them left out", c.Questions - c.QuestionsImported},
			importFact{"notes", c.Notes}, importFact{"calculations", c.Calculations}, importFact{"groups", c.Groups},
			importFact{"lists of choices", len(in.Facts.Lists)}, importFact{"other rows left out", c.RowsDropped}),
	}, nil
}

func workbookNotices(list []xlsform.Notice) []importNotice {
	notices := make([]importNotice, len(list))
	for i, n := range list {
		notices[i] = importNotice{string(n.Code), n.Sheet, n.Row, n.Column, n.Text}
	}
	return notices
}

func readLimeSurvey(data []byte) (imported, error) {
	in, err := limesurvey.Read(data)
	var refusal *limesurvey.Refusal
	if errors.As(err, &refusal) {
		return imported{}, &refusedImport{sourceLimeSurvey, limeSurveyNotices(refusal.Notices)}
	}
	if err != nil {
		return imported{}, err
	}
	c := in.Counts
	return imported{
		Source: sourceLimeSurvey, Definition: in.Definition, Notices: limeSurveyNotices(in.Notices),
		Facts: someFacts(
			importFact{"questions in the survey", c.Questions}, importFact{"of them left out", c.Dropped},
			importFact{"subquestions", c.Subquestions}, importFact{"answers to choose from", c.Answers}, importFact{"groups", c.Groups}),
	}, nil
}

func limeSurveyNotices(list []limesurvey.Notice) []importNotice {
	notices := make([]importNotice, len(list))
	for i, n := range list {
		column := n.Column
		if n.Row > 0 { // a line of the file, which few people open: behind what they know
			column = strings.TrimSpace(column + " (line " + strconv.Itoa(n.Row) + ")")
		}
		notices[i] = importNotice{Code: n.Code, Sheet: n.Sheet, Column: column, Text: n.Text}
	}
	return notices
}

// readDefinitionFile reads our own JSON. What keeps it from being published is
// no reason to refuse it: a draft is where that is mended.
func readDefinitionFile(data []byte) (imported, error) {
	def, err := questionnaire.ParseDefinition(data)
	if err != nil {
		return imported{}, &refusedImport{sourceDefinition, problemNotices("E_DEFINITION", err)}
	}
	in := imported{Source: sourceDefinition, Definition: def}
	if err := def.Check(); err != nil {
		in.Notices = problemNotices("W_NOT_READY", err)
	}
	choices, rows := 0, 0
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			choices += len(def.Parts[i].Items[j].Choices)
			rows += len(def.Parts[i].Items[j].Rows)
		}
	}
	in.Facts = someFacts(importFact{"answers to choose from", choices}, importFact{"rows", rows},
		importFact{"scales", len(def.Scales)}, importFact{"measures", len(def.Measures)})
	return in, nil
}

func problemNotices(code string, err error) []importNotice {
	var problems questionnaire.Problems
	if !errors.As(err, &problems) {
		return []importNotice{{Code: code, Text: err.Error()}}
	}
	notices := make([]importNotice, len(problems))
	for i, p := range problems {
		notices[i] = importNotice{Code: code, Column: p.Where, Text: p.Cause}
	}
	return notices
}

// someFacts leaves out what there is none of.
func someFacts(all ...importFact) []importFact {
	var some []importFact
	for _, fact := range all {
		if fact.Count > 0 {
			some = append(some, fact)
		}
	}
	return some
}

// renameLanguage says that words kept under one tag are in another language.
func renameLanguage(def *questionnaire.Definition, from, to string) {
	if from == to {
		return
	}
	for i, tag := range def.Languages {
		if tag == from {
			def.Languages[i] = to
		}
	}
	for _, w := range def.Wordings() {
		if words, ok := w.Text[from]; ok {
			delete(w.Text, from)
			w.Text[to] = words
		}
	}
}

// suggestedID makes an id of a title: "Your views" gives "your_views".
func suggestedID(title string) string {
	var id strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			id.WriteRune(r)
		case id.Len() > 0 && !strings.HasSuffix(id.String(), "_"):
			id.WriteByte('_')
		}
	}
	text := strings.TrimLeft(id.String(), "_0123456789") // it begins with a letter
	return strings.TrimRight(text[:min(len(text), 32)], "_")
}

func (in imported) encode() ([]byte, error) { return json.Marshal(in) }

func decodeImported(body []byte) (imported, error) {
	var in imported
	err := json.Unmarshal(body, &in)
	return in, err
}
