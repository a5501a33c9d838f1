package exports

import (
	"strconv"

	"soundings/surveys/questionnaire"
)

// answers adds the sheet of what was answered to every question, wave by wave.
func (b *book) answers(x *responses) error {
	p := b.page(sheetAnswers, tabRead, []column{
		{"Question", 54, lookText}, {"When", 12, lookText}, {"Answer", 36, lookText}, {"People", 10, lookNumber(asCount)},
		{"Of those who answered", 13, lookNumber(asCount)}, {"Share", 10, lookNumber(asPercent)}, {"Figure", 11, lookNumber(asHundreds)}, {"Variable", 22, lookText},
	})
	p.title("Answers", "Every question, whether or not it is a measure, over all responses of a wave, pairs or not. Where several answers could be given the shares add up to more than 100%. What people wrote is not here: it is on Quotes and in Responses.")
	p.filter = true
	var rows [][]any
	for _, v := range x.variables {
		for _, wave := range x.data.Strand.Design.Waves() {
			if s := v.summaries[wave]; s != nil {
				rows = append(rows, x.answerRows(v, wave, s.Summary())...)
			}
		}
	}
	p.repeated(p.table("Answers", rows))
	return p.finish()
}

// answerRows are a row for each choice and figure; of words only how many wrote any.
func (x *responses) answerRows(v *variable, wave questionnaire.Wave, s questionnaire.Summary) [][]any {
	question := v.heading(x.options.Language)
	if len(s.Lines) == 0 {
		return [][]any{{question, waveName(wave), "Answered", s.Answered, s.Answered, nil, nil, v.name}}
	}
	var rows [][]any
	for _, line := range s.Lines {
		answer, people, part, number := x.summaryCells(v, line, s.Answered)
		rows = append(rows, []any{question, waveName(wave), answer, people, s.Answered, part, number, v.name})
	}
	return rows
}

// figureNames are the figures in words.
var figureNames = map[questionnaire.Figure]string{
	questionnaire.FigureMean: "Mean", questionnaire.FigureMedian: "Median", questionnaire.FigureLowest: "Lowest", questionnaire.FigureHighest: "Highest",
	questionnaire.FigureEarliest: "Earliest", questionnaire.FigureLatest: "Latest",
}

func (x *responses) summaryCells(v *variable, line questionnaire.SummaryLine, answered int) (answer string, people, part, number any) {
	switch line.Figure {
	case questionnaire.FigureCount:
		return v.choiceName(line.Choice, x.options.Language), line.People, share(line.People, answered), nil
	case questionnaire.FigureMeanRank:
		return v.choiceName(line.Choice, x.options.Language) + " (put first; figure: mean place)", line.People, share(line.People, answered), line.Value
	case questionnaire.FigureEarliest, questionnaire.FigureLatest:
		return figureNames[line.Figure] + ": " + line.Text, nil, nil, nil
	}
	return figureNames[line.Figure], nil, nil, line.Value
}

// choiceName is a choice in words: its label in the newest version that has it,
// or the point of a scale.
func (u *variable) choiceName(code, language string) string {
	for _, n := range u.forms {
		w := u.byForm[n]
		if choice, ok := w.Choice(code); ok {
			return wording(choice.Label, language)
		}
		if point, err := strconv.ParseFloat(code, 64); err == nil && w.IsScale() {
			return w.Show(questionnaire.Answer{Number: &point}, language)
		}
	}
	return code
}

// sum counts an answer in the summary of its wave. Who was asked and did not
// answer leaves an empty summary: the question is on the sheet.
func (u *variable) sum(wave questionnaire.Wave, w *worded, a questionnaire.Answer) {
	if w == nil || a.Missing == questionnaire.NotAsked {
		return
	}
	if u.summaries == nil {
		u.summaries = map[questionnaire.Wave]questionnaire.Summariser{}
	}
	s, ok := u.summaries[wave]
	if !ok {
		s = u.newest.Summarise()
		u.summaries[wave] = s
	}
	s.Add(a)
}
