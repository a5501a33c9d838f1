package translation

import (
	"strings"

	"soundings/surveys/questionnaire"
)

// Progress says how much of a questionnaire has words in a language.
type Progress struct {
	Total   int // wordings that have words in some language
	Done    int // those that have words in this one
	Missing []Place
}

// Place is one wording, for people.
type Place struct {
	Key    string // stable: `item "stress" label`
	What   string // "Question", "Answer to “How are you?”"
	Source string // the words in the source language
}

// Percent is the part that is done, 0 to 100, rounded down: 100 means all.
func (p Progress) Percent() int {
	if p.Total == 0 {
		return 100
	}
	return p.Done * 100 / p.Total
}

// Done says how much of def is translated into lang.
func Done(def questionnaire.Definition, lang string) Progress {
	p := Progress{}
	for _, row := range rowsOf(def) {
		p.Total++
		if strings.TrimSpace(row.text[lang]) == "" {
			p.Missing = append(p.Missing, Place{Key: row.key, What: row.what, Source: row.source})
			continue
		}
		p.Done++
	}
	return p
}
