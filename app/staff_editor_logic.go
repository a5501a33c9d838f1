package app

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// logicBuilder is an expression as clauses: all or any of lines such as
// “age – is more than – 15”.
type logicBuilder struct {
	Name    string
	Join    string // all, any
	Rows    []clauseRow
	Plain   bool // the expression says more than clauses can: it shows as text only
	Offers  bool // clauses can be added
	pending int  // rows at the end that are not in the expression yet
}

// clauseRow is one line with its three controls.
type clauseRow struct {
	Index    int
	Heading  string
	Controls []control
}

func (l *logicBuilder) shown() []shownControl {
	if l == nil || l.Plain {
		return nil
	}
	all := []shownControl{{l.Name + ".join", l.Join, ""}, {l.Name + ".count", strconv.Itoa(len(l.Rows) - l.pending), ""}}
	for _, row := range l.Rows[:len(l.Rows)-l.pending] {
		for _, c := range row.Controls {
			all = append(all, c.shown()...)
		}
	}
	return all
}

// expression binds an expression: as text, and with builder as clauses too.
// Whichever of the two was changed counts; the text, if both were.
func (f *itemForm) expression(source *string, slot expression.Slot, c control, builder bool) {
	bindExpression(f.binder, f.def, f.item, source, slot, c, builder, f.do)
}

func bindExpression(b *binder, def *questionnaire.Definition, item *questionnaire.Item, source *string, slot expression.Slot, c control, builder bool, do string) {
	c.Kind, c.Code, c.Value = "logic", true, *source
	names := namesBefore(def, item)
	if slot == expression.SlotConstraint {
		names = append([]namedAnswer{{Name: ".", Words: "The answer itself", item: item}}, names...)
	}
	shown := builderOf(c.Name, *source, slot, builder)
	var rest []expression.Clause
	if typed, ok := b.value(c.Name); ok && typed != clean(*source) {
		c.Value = typed
		if err := checkExpression(typed, slot); err != nil {
			c.Error, b.failed = err.Error(), true
		} else {
			*source = typed
			b.note(c.Label)
		}
	} else if ok && builder && !shown.plain {
		rest = b.clauses(source, shown, c, do)
		c.Value = *source
	}
	if builder {
		c.Logic = drawBuilder(c.Name, builderOf(c.Name, *source, slot, builder), rest, names)
	}
	b.add(c)
}

// shownClauses are the clauses of an expression.
type shownClauses struct {
	all     bool
	clauses []expression.Clause
	plain   bool
}

func builderOf(name, source string, slot expression.Slot, builder bool) shownClauses {
	if !builder || strings.TrimSpace(source) == "" {
		return shownClauses{all: true}
	}
	tree, err := expression.Parse(source, slot)
	if err != nil {
		return shownClauses{plain: true}
	}
	all, clauses, ok := expression.Clauses(tree)
	return shownClauses{all: all, clauses: clauses, plain: !ok}
}

// clauses reads the rows of a builder. What is complete becomes the expression;
// it returns the rows that say something and are not complete yet.
func (b *binder) clauses(source *string, shown shownClauses, c control, do string) (rest []expression.Clause) {
	count, _ := b.value(c.Name + ".count")
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > 100 {
		return nil
	}
	join, _ := b.value(c.Name + ".join")
	all := join != "any"
	var complete []expression.Clause
	for i := range n {
		if do == fmt.Sprintf("unclause:%s:%d", c.Name, i) {
			continue
		}
		clause := b.clause(fmt.Sprintf("%s.%d", c.Name, i))
		switch {
		case clause.Name == "" && clause.Value == "":
		case clause.Name == "" || clause.Value == "" && clause.Is != expression.Answered && clause.Is != expression.NotAnswered:
			rest = append(rest, clause)
		default:
			complete = append(complete, clause)
		}
	}
	if do == "clause:"+c.Name {
		rest = append(rest, expression.Clause{Is: expression.Is})
		b.focus = fmt.Sprintf("%s.%d.name", c.Name, len(complete)+len(rest)-1)
	}
	if !sameClauses(complete, shown.clauses) || len(complete) > 1 && all != shown.all {
		*source = expression.FromClauses(all, complete)
		b.note(c.Label)
	}
	return rest
}

func (b *binder) clause(stem string) expression.Clause {
	name, _ := b.value(stem + ".name")
	is, _ := b.value(stem + ".is")
	value, _ := b.value(stem + ".value")
	clause := expression.Clause{Name: name, Is: expression.Comparison(cmp.Or(is, string(expression.Is))), Value: value}
	switch clause.Is {
	case expression.Answered, expression.NotAnswered:
		clause.Value = ""
	case expression.More, expression.AtLeast, expression.Less, expression.AtMost:
		number, err := numberOf(value)
		clause.Number = err == nil && number != nil
	}
	return clause
}

// sameClauses compares what clauses say; whether a number stands in quotes is
// left as its author wrote it.
func sameClauses(a, b []expression.Clause) bool {
	return slices.EqualFunc(a, b, func(x, y expression.Clause) bool {
		return x.Name == y.Name && x.Is == y.Is && x.Value == y.Value
	})
}

// namedAnswer is an answer that an expression can look at.
type namedAnswer struct {
	Name, Words string
	item        *questionnaire.Item
}

// namesBefore lists what stands before item, nearest last; all, if item is nil.
// A later answer is blank when the page without a script asks.
func namesBefore(def *questionnaire.Definition, item *questionnaire.Item) []namedAnswer {
	var names []namedAnswer
	words := func(text questionnaire.Text) string { return text.In(sourceOf(def), def.Languages...) }
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			one := &def.Parts[i].Items[j]
			if one == item {
				return names
			}
			switch one.Kind {
			case questionnaire.KindStatement, questionnaire.KindLinkageCode:
			case questionnaire.KindRating:
				for _, row := range one.Rows {
					names = append(names, namedAnswer{string(row.ID), words(row.Label), one})
				}
			case questionnaire.KindThenNow:
				for _, row := range one.Rows {
					names = append(names,
						namedAnswer{string(questionnaire.MomentID(row.ID, questionnaire.MomentNow)), words(row.Label) + " (now)", one},
						namedAnswer{string(questionnaire.MomentID(row.ID, questionnaire.MomentThen)), words(row.Label) + " (then)", one})
				}
			default:
				names = append(names, namedAnswer{cmp.Or(one.Name, string(one.ID)), words(one.Label), one})
			}
		}
	}
	return names
}

// comparisons in the order of the list, in words.
var comparisons = []choiceOption{
	{string(expression.Is), "is", ""}, {string(expression.IsNot), "is not", ""},
	{string(expression.Includes), "includes", ""}, {string(expression.Excludes), "does not include", ""},
	{string(expression.More), "is more than", ""}, {string(expression.AtLeast), "is at least", ""},
	{string(expression.Less), "is less than", ""}, {string(expression.AtMost), "is at most", ""},
	{string(expression.Answered), "is answered", ""}, {string(expression.NotAnswered), "is not answered", ""},
}

// comparisonsFor are those that make sense for an item, and the one in use.
func comparisonsFor(item *questionnaire.Item, used expression.Comparison) []choiceOption {
	if item == nil {
		return comparisons
	}
	fit := func(is expression.Comparison) bool {
		several := item.Kind == questionnaire.KindMultipleChoice || item.Kind == questionnaire.KindRanking
		switch is {
		case expression.Includes, expression.Excludes:
			return several
		case expression.Is, expression.IsNot:
			return !several
		case expression.More, expression.AtLeast, expression.Less, expression.AtMost:
			switch item.Kind {
			case questionnaire.KindNumber, questionnaire.KindScale, questionnaire.KindScale0To10, questionnaire.KindCalculated, questionnaire.KindHidden,
				questionnaire.KindDate, questionnaire.KindRating, questionnaire.KindThenNow:
				return true
			}
			return false
		}
		return true
	}
	return slices.DeleteFunc(slices.Clone(comparisons), func(o choiceOption) bool {
		return !fit(expression.Comparison(o.Value)) && expression.Comparison(o.Value) != used
	})
}

func drawBuilder(name string, shown shownClauses, rest []expression.Clause, names []namedAnswer) *logicBuilder {
	l := &logicBuilder{Name: name, Join: "all", Plain: shown.plain, Offers: len(names) > 0, pending: len(rest)}
	if !shown.all {
		l.Join = "any"
	}
	for i, clause := range append(slices.Clone(shown.clauses), rest...) {
		l.Rows = append(l.Rows, drawClause(fmt.Sprintf("%s.%d", name, i), i, clause, names))
	}
	return l
}

func drawClause(stem string, index int, clause expression.Clause, names []namedAnswer) clauseRow {
	options, known := []choiceOption{{"", "Choose a question …", ""}}, false
	var item *questionnaire.Item
	for _, n := range names {
		options = append(options, choiceOption{n.Name, cut(cmp.Or(n.Words, n.Name), 70), ""})
		if n.Name == clause.Name {
			known, item = true, n.item
		}
	}
	if !known && clause.Name != "" {
		options = append(options, choiceOption{clause.Name, clause.Name, ""})
	}
	row := clauseRow{Index: index, Heading: "Condition " + strconv.Itoa(index+1)}
	row.Controls = []control{
		{Name: stem + ".name", Label: "Question", Kind: "select", Value: clause.Name, Options: options},
		{Name: stem + ".is", Label: "Comparison", Kind: "select", Value: string(clause.Is), Options: comparisonsFor(item, clause.Is)},
	}
	if clause.Is == expression.Answered || clause.Is == expression.NotAnswered {
		return row
	}
	value := control{Name: stem + ".value", Label: "Compared with", Kind: "text", Value: clause.Value, Code: true}
	if codes := codesOf(item); len(codes) > 0 {
		value.Kind, value.Options = "select", append([]choiceOption{{"", "Choose …", ""}}, codes...)
		if !slices.ContainsFunc(codes, func(o choiceOption) bool { return o.Value == clause.Value }) && clause.Value != "" {
			value.Options = append(value.Options, choiceOption{clause.Value, clause.Value, ""})
		}
	}
	row.Controls = append(row.Controls, value)
	return row
}

// codesOf are the answers of an item to compare with; none if they are typed.
func codesOf(item *questionnaire.Item) []choiceOption {
	if item == nil {
		return nil
	}
	switch item.Kind {
	case questionnaire.KindConsent:
		return []choiceOption{{questionnaire.ConsentYes, "Yes", ""}, {questionnaire.ConsentNo, "No", ""}}
	case questionnaire.KindScale0To10, questionnaire.KindScale, questionnaire.KindNumber:
		return nil
	}
	var options []choiceOption
	for _, choice := range item.Choices {
		if choice.Meaning.Missing() == questionnaire.Answered {
			options = append(options, choiceOption{choice.Code, cut(cmp.Or(firstWords(choice.Label), choice.Code), 60), ""})
		}
	}
	return options
}

// firstWords are the words of a text in English, or in any language.
func firstWords(text questionnaire.Text) string { return titleOf(text) }

// cut shortens words to a number of characters.
func cut(words string, limit int) string {
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit])) + "…"
	}
	return words
}

// checkExpression refuses what cannot be read, and marks the place.
func checkExpression(source string, slot expression.Slot) error {
	if source == "" {
		return nil
	}
	_, err := expression.Parse(source, slot)
	var wrong *expression.Error
	if !errors.As(err, &wrong) {
		return err
	}
	at := min(max(wrong.Offset, 0), len(source))
	sentence := upperFirst(wrong.Cause)
	if wrong.Hint != "" {
		sentence += ": " + wrong.Hint
	}
	return fmt.Errorf("%s. Here, at the arrow: %s", sentence, cutBefore(source[:at])+"➜"+cut(strings.ToValidUTF8(source[at:], ""), 30))
}

// cutBefore is the end of the text before a place.
func cutBefore(text string) string {
	const limit = 30
	if runes := []rune(strings.ToValidUTF8(text, "")); len(runes) > limit {
		return "…" + string(runes[len(runes)-limit:])
	}
	return text
}
