package library

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// Wording is what a designer gives to a slot.
type Wording struct {
	Language   string   // BCP 47; of the words below
	Stem       string   // above the battery: "Over the last two weeks …"
	Statements []string // one an item; "(R) " before one marks it as reversed
	Answers    []string // from the lowest to the highest; in the order of the scores Min to Max
	Licence    string   // licensed: number, holder and date
}

// Problem says what is wrong with a Wording, where, and what to do.
type Problem struct {
	Field string // "language", "stem", "statements", "answers", "licence", or "" for the scale as a whole
	Cause string
}

// Error is the cause.
func (p *Problem) Error() string { return p.Cause }

// reversedMark stands before a statement that is worded the other way round.
const reversedMark = "(R)"

// Insert adds the scale to part of d: its item or items, its scales and its
// measures. It returns *Problem, and leaves d alone, if the words do not fit the
// scale, or if d has it already.
func (e Entry) Insert(d *questionnaire.Definition, part questionnaire.ItemID, w Wording) error {
	at := slices.IndexFunc(d.Parts, func(p questionnaire.Part) bool { return p.ID == part })
	if at < 0 {
		return &Problem{"", "Choose a part of the questionnaire to put it into."}
	}
	if d.Has(questionnaire.ItemID(e.ID)) {
		return &Problem{"", fmt.Sprintf("The questionnaire has %s already.", e.Name)}
	}
	if e.Wording == WordsShipped {
		d.Parts[at].Items = append(d.Parts[at].Items, e.shipped(w.Language)...)
		d.Measures = append(d.Measures, e.measuresOfItems()...)
		return nil
	}
	if problem := e.refuse(&w); problem != nil {
		return problem
	}
	d.Parts[at].Items = append(d.Parts[at].Items, e.battery(w))
	d.Scales = append(d.Scales, e.scales(w)...)
	d.Measures = append(d.Measures, e.measures()...)
	return nil
}

// refuse says what is wrong with w; it cuts the blanks around what was pasted.
func (e Entry) refuse(w *Wording) *Problem {
	w.Statements, w.Answers = filled(w.Statements), filled(w.Answers)
	w.Stem, w.Licence = strings.TrimSpace(w.Stem), strings.TrimSpace(w.Licence)
	switch {
	case e.Wording == WordsNone:
		return &Problem{"", e.Terms}
	case e.Licensed && w.Licence == "":
		return &Problem{"licence", "Give the number, the holder and the date of your licence: " + e.Name + " may not be used without."}
	case w.Stem == "":
		return &Problem{"stem", "Paste the sentence that stands above the statements."}
	case len(w.Statements) != e.Items:
		return &Problem{"statements", fmt.Sprintf("Paste %d statements, one a line: there are %d.", e.Items, len(w.Statements))}
	case len(w.Answers) != e.Answers():
		return &Problem{"answers", fmt.Sprintf("Paste %d answers, one a line, from the one that counts %d to the one that counts %d: there are %d.", e.Answers(), e.Min, e.Max, len(w.Answers))}
	}
	return nil
}

func filled(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// id names a thing of this scale.
func (e Entry) id(rest string) questionnaire.ItemID {
	return questionnaire.ItemID(e.ID + "_" + rest)
}

func (e Entry) row(n int) questionnaire.ItemID { return e.id(strconv.Itoa(n)) }

// shipped are the items of a scale whose words come with the program; its stem is a statement.
func (e Entry) shipped(language string) []questionnaire.Item {
	say := func(words string) questionnaire.Text { return questionnaire.Text{language: words} }
	items := []questionnaire.Item{{ID: questionnaire.ItemID(e.ID), Kind: questionnaire.KindStatement, Label: say(e.Stem), Library: e.ID, Locked: true}}
	for _, s := range e.Statements {
		items = append(items, questionnaire.Item{
			ID: e.id(s.ID), Kind: questionnaire.Kind(e.Kind), Label: say(s.Text), Low: say(s.Low), High: say(s.High), Library: e.ID, Locked: true,
		})
	}
	return items
}

func (e Entry) measuresOfItems() []questionnaire.Measure {
	var all []questionnaire.Measure
	for _, s := range e.Statements {
		all = append(all, questionnaire.Measure{ID: e.id(s.ID), Of: e.id(s.ID), Type: questionnaire.MeasureScore, Direction: s.Direction})
	}
	return all
}

func (e Entry) battery(w Wording) questionnaire.Item {
	say := func(words string) questionnaire.Text { return questionnaire.Text{w.Language: words} }
	item := questionnaire.Item{ID: questionnaire.ItemID(e.ID), Kind: questionnaire.KindRating, Label: say(w.Stem), Library: e.ID, Locked: true}
	for i, words := range w.Statements {
		item.Rows = append(item.Rows, questionnaire.Row{ID: e.row(i + 1), Label: say(unmarked(words))})
	}
	for i, words := range w.Answers {
		score := float64(e.Min + i)
		item.Choices = append(item.Choices, questionnaire.Choice{Code: strconv.Itoa(e.Min + i), Label: say(words), Score: &score})
	}
	return item
}

func marked(statement string) bool { return strings.HasPrefix(statement, reversedMark) }

func unmarked(statement string) string {
	return strings.TrimSpace(strings.TrimPrefix(statement, reversedMark))
}

func (e Entry) scales(w Wording) []questionnaire.Scale {
	marks := slices.ContainsFunc(w.Statements, marked)
	all := make([]questionnaire.Scale, 0, len(e.Scales))
	for _, rule := range e.Scales {
		if marks {
			rule.Reverse = nil // the lines say it
			for _, n := range rule.Items {
				if marked(w.Statements[n-1]) {
					rule.Reverse = append(rule.Reverse, n)
				}
			}
		}
		all = append(all, e.scale(rule, w))
	}
	return all
}

func (e Entry) scale(rule Rule, w Wording) questionnaire.Scale {
	say := func(words string) questionnaire.Text { return questionnaire.Text{w.Language: words} }
	s := questionnaire.Scale{
		ID: e.id(rule.ID), Label: say(rule.Name), Direction: rule.Direction, Source: e.Cite, Licence: w.Licence, Library: e.ID,
		Method: rule.Method, MinAnswered: rule.MinAnswered, Round: rule.Round, Multiply: rule.Multiply,
	}
	for _, id := range rule.Of {
		s.Of = append(s.Of, e.id(id))
	}
	if len(s.Of) == 0 {
		s.Min, s.Max = float64(e.Min), float64(e.Max)
	}
	for _, n := range rule.Items {
		s.Items = append(s.Items, e.row(n))
	}
	for _, n := range rule.Reverse {
		s.Reverse = append(s.Reverse, e.row(n))
	}
	for _, line := range rule.Table {
		s.Table = append(s.Table, questionnaire.Lookup(line))
	}
	for _, band := range rule.Bands {
		s.Bands = append(s.Bands, questionnaire.Band{Min: band.Min, Max: band.Max, Label: say(band.Label)})
	}
	for _, flag := range rule.Flags {
		s.Flags = append(s.Flags, questionnaire.ScoreFlag{Item: e.row(flag.Item), AtLeast: flag.AtLeast, Label: say(flag.Label)})
	}
	return s
}

// measures reports every scale; the first, or the sum, leads.
func (e Entry) measures() []questionnaire.Measure {
	var all []questionnaire.Measure
	for i, rule := range e.Scales {
		m := questionnaire.Measure{ID: e.id(rule.ID), Of: e.id(rule.ID), Type: questionnaire.MeasureScore, Direction: rule.Direction}
		m.Headline = len(rule.Of) > 0 || len(e.Scales) == 1
		if i == 0 && e.MinChange > 0 {
			least := e.MinChange
			m.MinChange = &least
		}
		all = append(all, m)
	}
	return all
}
