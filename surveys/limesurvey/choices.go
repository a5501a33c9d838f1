package limesurvey

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// choices are what a question can be answered with, in the order of codes.
func (c *converter) choices(q *question) []questionnaire.Choice {
	var list []questionnaire.Choice
	switch {
	case builtIns[q.letter] != nil:
		for _, choice := range builtIns[q.letter] {
			list = append(list, c.builtIn(choice))
		}
	case q.letter == "M" || q.letter == "P":
		exclusive := strings.FieldsFunc(q.attributes["exclude_all_others"], func(r rune) bool { return r == ';' || r == ',' })
		for _, sub := range q.subs {
			choice := questionnaire.Choice{Code: sub.code, Label: c.label(q, sub.text, sub.code)}
			if slices.Contains(exclusive, sub.code) {
				choice.Meaning = questionnaire.MeaningExclusive
			}
			list = append(list, choice)
		}
		if q.other {
			list = append(list, c.other(q, boxesOther(q)))
		}
	case strings.Contains("L!ORFH", q.letter):
		list = c.answers(q)
		if q.hasOther() {
			list = append(list, c.other(q, otherCode))
		}
	}
	return list
}

func (c *converter) builtIn(choice builtIn) questionnaire.Choice {
	made := questionnaire.Choice{Code: choice.code}
	if choice.label == nil {
		made.Label, made.Score = questionnaire.Text{}, &choice.score
		for _, tag := range c.d.Languages {
			made.Label[tag] = choice.code
		}
		return made
	}
	made.Label = c.own(choice.label)
	return made
}

// own are LimeSurvey's own words in the languages of the questionnaire.
func (c *converter) own(known questionnaire.Text) questionnaire.Text {
	text := questionnaire.Text{}
	for i, tag := range c.d.Languages {
		base, _, _ := strings.Cut(tag, "-")
		switch {
		case known[tag] != "":
			text[tag] = known[tag]
		case known[base] != "":
			text[tag] = known[base]
		default:
			c.missing[tag] = true
			if i == 0 {
				text[tag] = known["en"]
			}
		}
	}
	return text
}

func (c *converter) other(q *question, code string) questionnaire.Choice {
	label := c.own(wordOther)
	for lang, words := range q.localised["other_replace_text"] {
		text, _ := plain(words)
		if tag := c.tags[lang]; tag != "" && text != "" && utf8.RuneCountInString(text) <= maxLabel {
			label[tag] = questionnaire.CleanText(text)
		}
	}
	return questionnaire.Choice{Code: code, Label: label, Meaning: questionnaire.MeaningOther}
}

// answers are the choices that the survey's author wrote. They count what the
// assessment says if that tells them apart, else their code if all are numbers.
func (c *converter) answers(q *question) []questionnaire.Choice {
	own := q.ownAnswers()
	scores := scoresOf(own)
	list := make([]questionnaire.Choice, len(own))
	for i, a := range own {
		list[i] = questionnaire.Choice{Code: a.code, Label: c.label(q, a.text, a.code)}
		if scores != nil && q.letter != "R" {
			list[i].Score = &scores[i]
		}
	}
	return list
}

func scoresOf(answers []*answer) []float64 {
	values, same := make([]float64, len(answers)), true
	for i, a := range answers {
		values[i] = float64(number(a.score))
		same = same && values[i] == values[0]
	}
	if !same {
		return values
	}
	for i, a := range answers {
		n, err := strconv.Atoi(a.code)
		if err != nil {
			return nil
		}
		values[i] = float64(n)
	}
	return values
}

// beside is the label of the text beside a choice.
func (c *converter) beside(label questionnaire.Text) questionnaire.Text {
	text := c.own(wordComment)
	for tag, words := range text {
		joined := label.In(tag, c.d.Languages...) + ": " + words
		if utf8.RuneCountInString(joined) <= maxLabel {
			text[tag] = joined
		}
	}
	return text
}

// firstSentence is the beginning of a passage, as a label.
func firstSentence(passage questionnaire.Text) questionnaire.Text {
	const limit = 150
	label := questionnaire.Text{}
	for tag, words := range passage {
		line, _, _ := strings.Cut(words, "\n")
		if runes := []rune(line); len(runes) > limit {
			line = strings.TrimSpace(string(runes[:limit])) + "…"
		}
		label[tag] = line
	}
	return label
}
