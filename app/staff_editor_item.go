package app

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// itemForm describes an item of a definition to a binder: every field that its
// kind uses, in plain words. do is what the button said that sent the form, ""
// for one that only saves.
type itemForm struct {
	def  *questionnaire.Definition
	item *questionnaire.Item
	info kindInfo
	*binder
	do      string
	renames map[questionnaire.ItemID]questionnaire.ItemID
}

// freshID is what an item is called until its first words are written: nobody can
// have answered it.
var freshID = regexp.MustCompile(`^q[0-9]+$`)

// describeItem runs the form of one item. It reports false if there is no such item.
func describeItem(b *binder, def *questionnaire.Definition, id questionnaire.ItemID, do string) bool {
	item, _, _ := findItem(def, id)
	if item == nil {
		return false
	}
	info, _ := kindOf(item.Kind)
	f := itemForm{def, item, info, b, do, map[questionnaire.ItemID]questionnaire.ItemID{}}
	b.locked = item.Locked
	unnamed := freshID.MatchString(string(item.ID)) && item.Label[sourceOf(def)] == ""
	f.question()
	f.lists()
	f.answering()
	f.asked()
	f.media()
	f.analysis()
	if words := item.Label[sourceOf(def)]; unnamed && words != "" && f.renames[item.ID] == "" {
		f.renames[item.ID] = questionnaire.ItemID(proposeID(words, "q", namesOf(def)))
	}
	if len(f.renames) > 0 && !b.failed {
		b.moved = string(f.renames[item.ID])
		*def = def.Renamed(f.renames) // last: item lies in what def was until now
	}
	return true
}

func (f *itemForm) question() {
	item := f.item
	f.section("What it says", "")
	rows := 2
	if item.Kind == questionnaire.KindStatement {
		rows = 6
	}
	label, hint := "Question", "Shown above the answers. ${id} puts in the answer to an earlier question."
	switch item.Kind {
	case questionnaire.KindStatement:
		label, hint = "Words shown", ""
	case questionnaire.KindCalculated, questionnaire.KindHidden:
		label, hint = "What it is", "For the workbook; nobody who answers sees it"
	case questionnaire.KindRating, questionnaire.KindThenNow:
		label, hint = "Question above the statements", "As in: How often in the last two weeks?"
	}
	f.text(&item.Label, control{Name: "label", Label: label, Hint: hint, Kind: "textarea", Rows: rows})
	if asks(item.Kind) || len(item.Hint) > 0 {
		f.text(&item.Hint, control{Name: "hint", Label: "Further explanation", Hint: "Smaller, below the question; may be left out"})
	}
	if f.info.Uses("ends") {
		f.text(&item.Low, control{Name: "low", Label: "What the lowest point means"})
		f.text(&item.High, control{Name: "high", Label: "What the highest point means"})
	}
	if f.info.Uses("calculation") || item.Calculation != "" {
		f.expression(&item.Calculation, expression.SlotCalculation, control{
			Name: "calculation", Label: "Calculation", Hint: "Such as ${before} + ${after}, or if(${age} >= 16, 'older', 'younger')",
		}, false)
	}
	if f.info.Uses("from") {
		pick(f.binder, &item.From, control{Name: "from", Label: "Where the value comes from", Options: []choiceOption{
			{"link", "The link’s address: ?id=value", ""}, {"start", "The time the person started", ""}, {"end", "The time the person finished", ""},
			{"today", "The day", ""}, {"nothing", "Nowhere: it stays empty, for later use", ""}, {"", "Not chosen yet", ""},
		}})
	}
	f.measure()
}

// measure is what numbers, dates and scales are bound by.
func (f *itemForm) measure() {
	item := f.item
	if f.info.Uses("span") {
		f.number(&item.Min, control{Name: "min", Label: "Lowest number", Hint: "May be left blank for a number"})
		f.number(&item.Max, control{Name: "max", Label: "Highest number"})
	}
	if f.info.Uses("step") {
		f.number(&item.Step, control{Name: "step", Label: "From one point to the next"})
	}
	if f.info.Uses("whole") {
		f.flag(&item.Whole, control{Name: "whole", Label: "Whole numbers only"})
	}
	if f.info.Uses("unit") {
		f.text(&item.Unit, control{Name: "unit", Label: "Unit", Hint: "As in: hours a week"})
	}
	if f.info.Uses("precision") {
		pick(f.binder, &item.Precision, control{Name: "precision", Label: "How exact", Options: []choiceOption{
			{"day", "A day", ""}, {"month", "A month", ""}, {"year", "A year", ""}, {"", "Not chosen yet: a day", ""},
		}})
	}
}

func (f *itemForm) lists() {
	if f.info.Uses("rows") {
		f.section("Statements", "Each is a question of its own in the results.")
		f.rows()
	}
	if f.info.Uses("choices") {
		note := "A score is the number that a scale or a measure counts; leave it blank for a choice that is no number."
		switch f.item.Kind {
		case questionnaire.KindScale0To10:
			note = "The points are there already. Add only what is no point, such as “Prefer not to say”."
		case questionnaire.KindScale:
			note = "Words for the points, by their numbers, and what is no point, such as “Prefer not to say”. A point without words shows its number."
		}
		f.section("Choices", note)
		f.choices()
	}
	if f.info.Uses("prompts") {
		f.code()
	}
}

// code is what makes a linkage code: cards, or questions, which may be picked from
// the bank.
func (f *itemForm) code() {
	item := f.item
	f.section("The code", "Only a keyed hash of it is kept. Each wave asks for it in the same way.")
	f.flag(&item.Card, control{Name: "card", Label: "Takes the code of a printed card", Hint: "Cards are printed in the programme. Without questions below, only cards are taken; with them, they are for who has no card."})
	before := picked(item.Prompts)
	after := slices.Clone(before)
	boxes(f.binder, &after, control{Name: "bank", Label: "Questions that make a code: pick 4 to 8", Hint: "They stay true for years, children know the answers, and none tells who somebody is. A tick adds the question with its words in every language of the form that has them.", Options: bankOptions()})
	f.section("The questions as they are asked", "You can change their words, and write others. Ask for no name in full, no date and no address.")
	f.prompts()
	item.Prompts = repicked(item.Prompts, before, after, f.def.Languages)
}

func (f *itemForm) answering() {
	item := f.item
	if item.Kind == questionnaire.KindStatement {
		return
	}
	f.section("How it is answered", "")
	if f.info.Uses("required") {
		f.flag(&item.Required, control{Name: "required", Label: "Needs an answer", Hint: "Give people a way out: “Prefer not to say” beside it"})
	}
	if asks(item.Kind) {
		f.flag(&item.Sensitive, control{Name: "sensitive", Label: "Sensitive: some people may not want to say", Hint: "Then the editor reminds you of “Prefer not to say”"})
	}
	if f.info.Uses("breakdown") && (item.Kind != questionnaire.KindHidden || item.From == questionnaire.FromLink || item.Breakdown) {
		f.flag(&item.Breakdown, control{Name: "breakdown", Label: "Results may be broken down by it", Hint: "As for sex, ethnicity, disability: each choice is a group in the results, always with its number of people, and small groups are hidden. Say so before you ask."})
	}
	if f.info.Uses("shuffle") {
		f.flag(&item.Shuffle, control{Name: "shuffle", Label: "Choices in another order for each person", Hint: "The order is kept with the answer"})
	}
	if f.info.Uses("grid") {
		f.flag(&item.Grid, control{Name: "grid", Label: "As a table", Hint: "Only where it fits a phone; otherwise one list per statement. The same on every screen."})
	}
	if f.info.Uses("quotable") {
		f.flag(&item.Quotable, control{Name: "quotable", Label: "Its words may be quoted, if their writer allows it"})
		pick(f.binder, &item.Consent, control{Name: "consent", Label: "The consent that allows quoting", Options: f.consents()})
	}
	if f.info.Uses("wording") {
		f.line(&item.Wording, control{Name: "wording", Label: "Version of the wording", Hint: "Kept with each answer. Change it whenever the words of the consent change.", Code: true})
	}
	if f.info.Uses("default") && (f.item.Kind != questionnaire.KindHidden || item.From == questionnaire.FromLink) {
		f.line(&item.Default, control{Name: "default", Label: "What stands there at the start", Hint: "Text, a code or an expression; usually nothing, since what stands there gets chosen", Code: true})
	}
}

// consents are the consent items to choose from.
func (f *itemForm) consents() []choiceOption {
	options := []choiceOption{{"", "None", ""}}
	for i := range f.def.Parts {
		for j := range f.def.Parts[i].Items {
			if item := &f.def.Parts[i].Items[j]; item.Kind == questionnaire.KindConsent {
				options = append(options, choiceOption{string(item.ID), nameItem(f.def, item), ""})
			}
		}
	}
	return options
}

var waveOptions = []choiceOption{
	{string(questionnaire.WavePre), "Before", ""}, {string(questionnaire.WavePost), "After", ""}, {string(questionnaire.WaveFollowUp), "Follow-up", ""},
}

// asked is when and of whom the item is asked.
func (f *itemForm) asked() {
	item := f.item
	f.section("When it is shown", "Without a condition and without a tick it is always shown.")
	boxes(f.binder, &item.Waves, control{Name: "waves", Label: "Only", Options: waveOptions})
	f.expression(&item.Relevant, expression.SlotRelevant, control{Name: "relevant", Label: "Show it if"}, true)
	if len(f.def.Groups) > 0 || item.Group != "" {
		pick(f.binder, &item.Group, control{Name: "group", Label: "In the group", Hint: "A group has a condition of its own", Options: groupOptions(f.def)})
	}
	if !ruled(item.Kind) {
		return
	}
	f.folded("Rules for the answer", "")
	if f.info.Uses("required") {
		f.expression(&item.RequiredIf, expression.SlotRequired, control{Name: "required_if", Label: "Needs an answer if"}, true)
		f.text(&item.RequiredMessage, control{Name: "required_message", Label: "What is said to who left it blank", Hint: "Instead of the product’s own words"})
	}
	f.expression(&item.Constraint, expression.SlotConstraint, control{Name: "constraint", Label: "An answer is accepted only if", Hint: "A dot stands for the answer, as in . >= 18"}, true)
	f.text(&item.ConstraintMessage, control{Name: "constraint_message", Label: "What is said of an answer that is not accepted"})
	f.expression(&item.ReadOnly, expression.SlotReadOnly, control{Name: "read_only", Label: "Shown and not to be changed if"}, true)
	if f.info.Uses("filter") {
		f.expression(&item.Filter, expression.SlotChoiceFilter, control{
			Name: "filter", Label: "Which choices are shown", Hint: "An expression over the columns of the choices, such as region = ${region}; the columns come from a spreadsheet",
		}, false)
	}
	f.sections[len(f.sections)-1].Folded = f.rulesUnused()
}

// rulesUnused reports whether nothing in the folded section is used.
func (f *itemForm) rulesUnused() bool {
	item := f.item
	for _, c := range f.sections[len(f.sections)-1].Controls {
		if c.Error != "" || c.Logic != nil && len(c.Logic.Rows) > 0 {
			return false
		}
	}
	return item.RequiredIf == "" && item.Constraint == "" && item.ReadOnly == "" && item.Filter == "" && len(item.RequiredMessage) == 0 && len(item.ConstraintMessage) == 0
}

func groupOptions(def *questionnaire.Definition) []choiceOption {
	options := []choiceOption{{"", "No group", ""}}
	for _, group := range def.Groups {
		options = append(options, choiceOption{string(group.ID), cmp.Or(group.Label.In(sourceOf(def), def.Languages...), string(group.ID)), ""})
	}
	return options
}

// media shows what is read aloud and seen; files are sent by forms of their own.
func (f *itemForm) media() {
	if f.item.Picture == "" && len(f.item.Alt) == 0 {
		return
	}
	f.section("Picture", "")
	f.text(&f.item.Alt, control{Name: "alt", Label: "What the picture shows", Hint: "Read to who cannot see it"})
}

// analysis is what columns and expressions call the item, its rows and choices.
func (f *itemForm) analysis() {
	item := f.item
	f.folded("For analysis", "The names of columns and codes. They were proposed from the words; a name that has answers never changes.")
	id := item.ID
	f.checked((*string)(&id), control{Name: "id", Label: "Id of the item", Hint: "The name of its column", Code: true}, checkID(f.def))
	f.line(&item.Name, control{Name: "name", Label: "Name in the spreadsheet it came from", Code: true})
	if f.info.Uses("choices") {
		f.line(&item.List, control{Name: "list", Label: "Name of the list of choices in a spreadsheet", Code: true})
	}
	f.codes()
	if id != item.ID {
		f.renames[item.ID] = id
	}
}

// errCode is what is said of a code that cannot be one.
var errCode = errors.New("use 1 to 64 letters, digits, _ or -, without blanks")

// checkCode refuses a code that another choice has or that cannot be one.
func (f *itemForm) checkCode(at int) func(string) error {
	return func(code string) error {
		if code == "" || len(code) > 64 || strings.ContainsFunc(code, func(r rune) bool { return r <= ' ' }) {
			return errCode
		}
		for i, other := range f.item.Choices {
			if i != at && other.Code == code && !f.def.SameCodes {
				return fmt.Errorf("the choice %q has this code already", other.Label.In(sourceOf(f.def)))
			}
		}
		return nil
	}
}

// codes are the ids of rows and the codes of choices.
func (f *itemForm) codes() {
	source := sourceOf(f.def)
	words := func(text questionnaire.Text, otherwise string) string {
		return cmp.Or(text.In(source, f.def.Languages...), otherwise)
	}
	for i := range f.item.Rows {
		row := &f.item.Rows[i]
		id := row.ID
		f.checked((*string)(&id), control{Name: "id.rows." + string(row.ID), Label: fmt.Sprintf("Id of “%s”", words(row.Label, string(row.ID))), Code: true}, checkID(f.def))
		if id != row.ID {
			f.renames[row.ID] = id
		}
	}
	for i := range f.item.Choices {
		choice := &f.item.Choices[i]
		f.checked(&choice.Code, control{Name: "id.choices." + choice.Code, Label: fmt.Sprintf("Code of “%s”", words(choice.Label, choice.Code)), Code: true}, f.checkCode(i))
	}
}
