package limesurvey

import (
	"errors"
	"fmt"
	"strings"

	"soundings/surveys/questionnaire"
)

// FileLimit is the size of the largest file read, in bytes.
const FileLimit = 10 << 20

// Notice is one thing that a person should know about an import: why the file
// was refused, or what was left out or changed.
type Notice struct {
	Code   string // one of the codes in notices.go
	Sheet  string // the table of the file: questions, subquestions, answers; "" for the whole file
	Row    int    // the line in the file, from 1; 0: no single one
	Column string // the code of the question or the name of the group; "" for the whole
	Text   string // what happened and how to mend it, in plain English
}

// Refusal is the error for a file of which no questionnaire can be made.
type Refusal struct{ Notices []Notice }

// Error has a line for each notice.
func (r *Refusal) Error() string {
	lines := make([]string, len(r.Notices))
	for i, n := range r.Notices {
		lines[i] = n.Code + ": " + n.Text
	}
	return strings.Join(lines, "\n")
}

// Counts are how many of each the file holds, before anything is dropped.
type Counts struct {
	Groups       int
	Questions    int
	Types        map[string]int // by LimeSurvey's letter
	Subquestions int
	Answers      int
	Dropped      int // questions of which nothing is in the definition
}

// Imported is what was made of a file.
type Imported struct {
	Definition questionnaire.Definition
	Languages  []string // as LimeSurvey writes them, the source language first
	Counts     Counts
	Notices    []Notice // warnings, in the order of the file
}

// Read makes a definition of an .lss. The definition passes Check. The error is
// a *Refusal, whose notices say what is wrong with the file.
func Read(data []byte) (Imported, error) {
	file, err := readDocument(data)
	if err != nil {
		return Imported{}, err
	}
	s, err := readSurvey(file)
	if err != nil {
		return Imported{}, err
	}
	c := newConverter(s)
	definition := c.definition()
	in := Imported{Definition: definition, Languages: s.languages, Counts: s.counts(c.dropped), Notices: c.notices}
	if itemCount(definition) == 0 {
		return Imported{}, &Refusal{Notices: append([]Notice{{
			Code: NoQuestions, Sheet: "questions", Text: "The file has no question that can be used here. The notices below name the questions and why.",
		}}, c.notices...)}
	}
	if err := definition.Check(); err != nil {
		return Imported{}, refusedByCheck(err)
	}
	return in, nil
}

func itemCount(d questionnaire.Definition) int {
	n := 0
	for i := range d.Parts {
		n += len(d.Parts[i].Items)
	}
	return n
}

// refusedByCheck says what Check found in the words of the definition, whose
// ids are the codes of the questions.
func refusedByCheck(err error) error {
	var problems questionnaire.Problems
	if !errors.As(err, &problems) {
		return &Refusal{Notices: []Notice{{Code: NotUsable, Text: fmt.Sprintf("The questionnaire made of the file cannot be used: %v.", err)}}}
	}
	refusal := &Refusal{}
	for _, p := range problems {
		refusal.Notices = append(refusal.Notices, Notice{Code: NotUsable, Sheet: "questions", Text: p.Where + ": " + p.Cause + "."})
	}
	return refusal
}
