package questionnaire

import "strings"

// Wording is one text of a definition and where it is.
type Wording struct {
	Where    string // as Problem.Where: `title`, `item "stress" label`, `item "stress" choice "3" label`; not unique where two choices share a code
	Text     Text   // the definition's own, not a copy
	Limit    int    // the most characters it may have
	Required bool   // there must be words in the source language
}

// Wordings lists the texts of d that have words in some language, in d's order:
// what is there to translate. To write to a Text of the list is to write to d.
func (d Definition) Wordings() []Wording {
	var list []Wording
	for _, w := range d.wordings() {
		for _, words := range w.text {
			if strings.TrimSpace(words) != "" {
				list = append(list, Wording{Where: w.where, Text: w.text, Limit: w.limit, Required: w.required})
				break
			}
		}
	}
	return list
}
