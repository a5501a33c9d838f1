package app

import (
	"slices"

	"soundings/surveys/questionnaire"
)

// kindInfo is a kind of item as its author meets it.
type kindInfo struct {
	Kind            questionnaire.Kind
	Title, Sentence string
	Look            string   // a line that looks like it
	uses            []string // the fields of an item that its form has, beyond those of every kind
	meanings        []questionnaire.Meaning
}

// Uses reports whether the form of the kind has a field.
func (k kindInfo) Uses(field string) bool { return slices.Contains(k.uses, field) }

// kindGroup is kinds under one heading of the chooser.
type kindGroup struct {
	Title string
	Kinds []kindInfo
}

// noAnswer are the choices that stand for no answer.
var noAnswer = []questionnaire.Meaning{questionnaire.MeaningDeclined, questionnaire.MeaningDontKnow}

// withOther are those and "other, please say".
var withOther = append([]questionnaire.Meaning{questionnaire.MeaningOther}, noAnswer...)

// kindGroups is every kind of item in the order of the chooser.
var kindGroups = []kindGroup{
	{"To choose from", []kindInfo{
		{questionnaire.KindSingleChoice, "One choice", "A list to choose one thing from.", "○ ● ○", []string{"required", "choices", "shuffle", "filter", "default", "breakdown"}, withOther},
		{questionnaire.KindMultipleChoice, "Several choices", "A list to tick as many as are true.", "☑ ☐ ☑", []string{"required", "choices", "shuffle", "filter", "default"}, append([]questionnaire.Meaning{questionnaire.MeaningExclusive}, withOther...)},
		{questionnaire.KindRating, "Several statements, one list of choices", "A battery: each statement has the same choices, as in “never, sometimes, always”.", "How often …? ○ ○ ●", []string{"required", "choices", "rows", "grid", "filter"}, noAnswer},
		{questionnaire.KindThenNow, "Then and now", "Statements rated twice at once: how it was before, and how it is now.", "before ○ ● ○ now ○ ○ ●", []string{"required", "choices", "rows", "filter"}, noAnswer},
		{questionnaire.KindScale0To10, "From 0 to 10", "Eleven steps with words at both ends.", "0 1 2 … 10", []string{"required", "ends", "choices", "default"}, noAnswer},
		{questionnaire.KindScale, "Scale with points of your own", "Points from one number to another, one under another.", "1 2 3 4 5", []string{"required", "span", "step", "ends", "choices", "default"}, noAnswer},
		{questionnaire.KindFaces, "Faces", "A few faces from sad to happy, for small children.", "☹ ・ ☺", []string{"required", "choices", "filter", "default", "breakdown"}, noAnswer},
		{questionnaire.KindPictures, "Pictures", "One picture to choose out of several.", "▧ ▨ ▩", []string{"required", "choices", "pictures", "filter", "default", "breakdown"}, noAnswer},
		{questionnaire.KindRanking, "Ranking", "Things to put into an order.", "1 ⇅ 2 ⇅ 3", []string{"required", "choices", "shuffle", "filter", "default"}, nil},
	}},
	{"To write", []kindInfo{
		{questionnaire.KindShortText, "Short text", "A few words on one line.", "________", []string{"required", "default"}, nil},
		{questionnaire.KindLongText, "Long text", "Some sentences, which may be quoted if their writer allows it.", "≡≡≡", []string{"required", "quotable", "default"}, nil},
		{questionnaire.KindNumber, "Number", "A number, with a unit and bounds if you like.", "[ 12 ] hours", []string{"required", "span", "whole", "unit", "default"}, nil},
		{questionnaire.KindDate, "Date", "A day, a month or a year.", "7 March 2026", []string{"required", "precision", "default"}, nil},
		{questionnaire.KindTime, "Time of day", "Hours and minutes.", "09:30", []string{"required", "default"}, nil},
		{questionnaire.KindDateTime, "Date and time", "A day with hours and minutes.", "7 March 2026, 09:30", []string{"required", "default"}, nil},
	}},
	{"To agree to, and to pair answers", []kindInfo{
		{questionnaire.KindConsent, "Consent", "Yes or no to something you ask for, with the version of its wording.", "● Yes ○ No", []string{"required", "wording"}, nil},
		{questionnaire.KindAcknowledge, "Box to tick", "One box that says: I have read this.", "☑ I have read this", []string{"required", "default"}, nil},
		{questionnaire.KindLinkageCode, "Code that pairs answers", "A printed card, or a few questions whose answers make a code, so that before and after can be joined without a name.", "A 07 3", []string{"required", "prompts"}, nil},
	}},
	{"Only shown, or not shown at all", []kindInfo{
		{questionnaire.KindStatement, "Words or a picture", "Something to read or look at, without an answer.", "Aa ▧", []string{"picture"}, nil},
		{questionnaire.KindCalculated, "Worked out", "A value made from other answers. Nobody sees it; it is in the workbook.", "= a + b", []string{"calculation", "default"}, nil},
		{questionnaire.KindHidden, "Taken from the link", "A value from the address, or the time. Nobody is asked.", "?school=12", []string{"from", "default", "breakdown"}, nil},
	}},
}

// kindOf is what the editor knows about a kind.
func kindOf(kind questionnaire.Kind) (kindInfo, bool) {
	for _, group := range kindGroups {
		for _, info := range group.Kinds {
			if info.Kind == kind {
				return info, true
			}
		}
	}
	return kindInfo{Kind: kind, Title: string(kind)}, false
}

// ruled reports whether an answer of a kind can have rules: a condition under
// which it is needed, is accepted, or cannot be changed.
func ruled(kind questionnaire.Kind) bool {
	return asks(kind) && kind != questionnaire.KindLinkageCode
}

// workedOut reports whether the answer of a kind that is asked may be worked out
// instead, as spreadsheets have it.
func workedOut(kind questionnaire.Kind) bool {
	switch kind {
	case questionnaire.KindRating, questionnaire.KindThenNow, questionnaire.KindConsent, questionnaire.KindLinkageCode:
		return false
	}
	return asks(kind)
}

// asks reports whether people answer items of a kind.
func asks(kind questionnaire.Kind) bool {
	return kind != questionnaire.KindStatement && kind != questionnaire.KindCalculated && kind != questionnaire.KindHidden
}

// meaningWords are the meanings of choices, as lines of a list.
var meaningWords = map[questionnaire.Meaning]string{
	"":                             "An ordinary answer",
	questionnaire.MeaningOther:     "Other: asks to say what",
	questionnaire.MeaningDeclined:  "Would not say: counts as no answer",
	questionnaire.MeaningDontKnow:  "Does not know: counts as no answer",
	questionnaire.MeaningExclusive: "None of these: excludes all others",
}

func (k kindInfo) meaningOptions() []choiceOption {
	options := []choiceOption{{"", meaningWords[""], ""}}
	for _, m := range k.meanings {
		options = append(options, choiceOption{string(m), meaningWords[m], ""})
	}
	return options
}

// beginItem makes a new item of a kind with what such an item needs to begin with.
func beginItem(kind questionnaire.Kind, id questionnaire.ItemID, source string) questionnaire.Item {
	item := questionnaire.Item{ID: id, Kind: kind}
	switch kind {
	case questionnaire.KindDate:
		item.Precision = "day"
	case questionnaire.KindHidden:
		item.From = "link"
	case questionnaire.KindConsent:
		item.Wording = "1"
	case questionnaire.KindScale:
		low, high, step := 1.0, 5.0, 1.0
		item.Min, item.Max, item.Step = &low, &high, &step
	case questionnaire.KindFaces:
		item.Choices = facesToBegin(source)
	case questionnaire.KindLinkageCode:
		item.Prompts = promptsToBegin(source)
	}
	return item
}

// facesToBegin are three faces; their words are the author's to change.
func facesToBegin(source string) []questionnaire.Choice {
	var choices []questionnaire.Choice
	for i, words := range []string{"Sad", "In between", "Happy"} {
		score := float64(i + 1)
		choice := questionnaire.Choice{Code: inDigits(score), Score: &score}
		if source == sourceLanguage {
			choice.Label = questionnaire.Text{source: words}
		}
		choices = append(choices, choice)
	}
	return choices
}

// promptsToBegin are four of the bank, in the source language.
func promptsToBegin(source string) []questionnaire.Prompt {
	var prompts []questionnaire.Prompt
	for _, p := range promptBank {
		if slices.Contains([]string{"mother", "day", "siblings", "family"}, p.id) {
			prompts = append(prompts, p.prompt([]string{source}))
		}
	}
	return prompts
}

// turnInto makes item one of another kind. What the new kind has no use for goes.
func turnInto(item *questionnaire.Item, kind questionnaire.Kind, source string) {
	info, ok := kindOf(kind)
	if !ok {
		return
	}
	fresh := beginItem(kind, item.ID, source)
	old := *item
	item.Kind = kind
	keep := func(field string, forget func()) {
		if !info.Uses(field) {
			forget()
		}
	}
	keep("required", func() { item.Required = false })
	keep("choices", func() { item.Choices, item.List = nil, "" })
	keep("rows", func() { item.Rows = nil })
	keep("prompts", func() { item.Prompts, item.Card = nil, false })
	keep("ends", func() { item.Low, item.High = nil, nil })
	keep("span", func() { item.Min, item.Max = nil, nil })
	keep("step", func() { item.Step = nil })
	keep("whole", func() { item.Whole = false })
	keep("unit", func() { item.Unit = nil })
	keep("quotable", func() { item.Quotable, item.Consent = false, "" })
	keep("wording", func() { item.Wording = "" })
	keep("shuffle", func() { item.Shuffle = false })
	keep("grid", func() { item.Grid = false })
	keep("breakdown", func() { item.Breakdown = false })
	keep("filter", func() { item.Filter = "" })
	keep("precision", func() { item.Precision = "" })
	keep("calculation", func() {
		if !workedOut(kind) {
			item.Calculation = ""
		}
	})
	keep("from", func() { item.From = "" })
	keep("picture", func() { item.Picture, item.Alt = "", nil })
	if !ruled(kind) {
		item.RequiredIf, item.RequiredMessage, item.Constraint, item.ConstraintMessage, item.ReadOnly = "", nil, "", nil, ""
	}
	if !asks(kind) {
		item.Sensitive, item.Hint = false, nil
	}
	if !info.Uses("default") || kind == questionnaire.KindCalculated {
		item.Default = ""
	}
	keepMeanings(item, info)
	beginWith(item, fresh, old)
}

// keepMeanings leaves each choice only a meaning that the kind knows.
func keepMeanings(item *questionnaire.Item, info kindInfo) {
	for i := range item.Choices {
		choice := &item.Choices[i]
		if choice.Meaning != "" && !slices.Contains(info.meanings, choice.Meaning) {
			choice.Meaning = ""
		}
		if !info.Uses("pictures") {
			choice.Picture = ""
		}
	}
	if info.Kind == questionnaire.KindScale0To10 || info.Kind == questionnaire.KindScale {
		item.Default = ""
		item.Choices = slices.DeleteFunc(item.Choices, func(c questionnaire.Choice) bool { return c.Meaning == "" })
	}
}

// beginWith fills what the new kind needs and the old one had not.
func beginWith(item *questionnaire.Item, fresh, old questionnaire.Item) {
	if len(item.Choices) == 0 {
		item.Choices = fresh.Choices
	}
	if len(item.Prompts) == 0 && !item.Card {
		item.Prompts = fresh.Prompts
	}
	if item.Precision == "" {
		item.Precision = fresh.Precision
	}
	if item.From == "" {
		item.From = fresh.From
	}
	if item.Wording == "" {
		item.Wording = fresh.Wording
	}
	if fresh.Step != nil && (old.Min == nil || old.Max == nil || old.Step == nil) {
		item.Min, item.Max, item.Step = fresh.Min, fresh.Max, fresh.Step
	}
}
