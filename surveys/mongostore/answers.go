package mongostore

import "soundings/surveys/questionnaire"

// answerDoc is an answer as stored. Number is a pointer, so that 0 is kept.
type answerDoc struct {
	Missing string   `bson:"missing,omitempty"`
	Choice  string   `bson:"choice,omitempty"`
	Choices []string `bson:"choices,omitempty"`
	Number  *float64 `bson:"number,omitempty"`
	Text    string   `bson:"text,omitempty"`
	Order   []string `bson:"order,omitempty"`
}

// answerDocs are answers by variable. A variable's id is a plain name
// (questionnaire.ItemID), so it needs no escape as a field name.
type answerDocs map[string]answerDoc

func answerDocsOf(answers questionnaire.Answers) answerDocs {
	docs := make(answerDocs, len(answers))
	for id, a := range answers {
		docs[string(id)] = answerDoc{Missing: string(a.Missing), Choice: a.Choice, Choices: a.Choices, Number: a.Number, Text: a.Text, Order: a.Order}
	}
	return docs
}

// answers returns what was stored; never nil, so that it can be added to.
func (docs answerDocs) answers() questionnaire.Answers {
	answers := make(questionnaire.Answers, len(docs))
	for id, d := range docs {
		answers[questionnaire.ItemID(id)] = questionnaire.Answer{
			Missing: questionnaire.Missing(d.Missing), Choice: d.Choice, Choices: d.Choices, Number: d.Number, Text: d.Text, Order: d.Order,
		}
	}
	return answers
}
