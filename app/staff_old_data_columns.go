package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// columnsView asks what the columns of a file are.
type columnsView struct {
	staffPage
	Action, OtherSheet string // addresses
	Upload             surveys.Upload
	About              string
	Notice             string
	Columns            []columnRow
	Targets            []targetGroup
	Large              bool // too many choices for a list at each column: one list for all
	Waves              []choiceOption
	Shared             *form // what is true of all rows
	Values             []valueGroup
	Wrong              []wrongField
}

// columnRow is one column of the file.
type columnRow struct {
	N        int // from 1
	Letter   string
	Heading  string
	Samples  []string
	More     bool
	Target   string
	Wave     string
	Days     bool // it may hold days
	Dates    string
	Certain  bool
	Missing  string
	Error    string
	Filled   int
	HasWaves bool
}

// targetGroup is choices of what a column may be, under one heading.
type targetGroup struct {
	Label   string
	Options []choiceOption
}

// valueGroup asks what the values of a column mean.
type valueGroup struct {
	Legend  string
	Options []choiceOption
	Rows    []valueRow
}

type valueRow struct{ Name, Value, Chosen string }

// listsAtOnce is how many choices all lists together may have.
const listsAtOnce = 30_000

func (s *Server) oldDataColumns(c *fiber.Ctx) error {
	view, _, err := s.columnsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/old_data_columns", view)
}

// columnsView reads the file of the request and what is known of its columns.
func (s *Server) columnsView(c *fiber.Ctx) (columnsView, surveys.OldDataForm, error) {
	page, p, strand, err := s.strandPage(c, "What the columns are")
	if err != nil {
		return columnsView{}, surveys.OldDataForm{}, err
	}
	u, err := s.surveys.Upload(c.UserContext(), p.ID, strand.ID, surveys.UploadID(c.Params("upload")))
	if err != nil {
		return columnsView{}, surveys.OldDataForm{}, err
	}
	choices, err := s.surveys.OldDataForm(c.UserContext(), p.ID, strand.ID)
	if err != nil {
		return columnsView{}, choices, err
	}
	view := columnsView{staffPage: page, Upload: u, Action: oldDataHere(c) + "/" + string(u.ID), About: aboutUpload(u)}
	view.OtherSheet = view.Action + "/sheet"
	if u.Remembered {
		view.Notice = "A file with the same headings was read before: its columns are taken to be the same."
	}
	view.Targets = targetsOf(choices)
	for _, wave := range choices.Waves {
		view.Waves = append(view.Waves, choiceOption{string(wave), waveWord(strand.Design, wave), ""})
	}
	view.show(choices, u.Mapping)
	return view, choices, nil
}

func aboutUpload(u surveys.Upload) string {
	about := fmt.Sprintf("%d rows below the headings in row %d", u.Profile.Rows, u.Profile.HeadRow)
	switch u.Delimiter {
	case "":
		return about + fmt.Sprintf(" of the sheet “%s”", u.Sheet)
	case "\t":
		return about + ", separated by tabs, " + u.Encoding
	}
	return about + fmt.Sprintf(", separated by “%s”, %s", u.Delimiter, u.Encoding)
}

// targetsOf are what columns may be.
func targetsOf(choices surveys.OldDataForm) []targetGroup {
	about := targetGroup{"About the response", []choiceOption{
		{string(olddata.TargetRespondent), "Name or number of the person", ""},
		{string(olddata.TargetRow), "Name of the response", ""},
		{string(olddata.TargetWave), "Before or after", ""},
		{string(olddata.TargetCohort), "Cohort or institution", ""},
		{string(olddata.TargetSubmitted), "Day of the answers", ""},
		{string(olddata.TargetLanguage), "Language", ""},
	}}
	answers, parts, code := targetGroup{Label: "Answers"}, targetGroup{Label: "Parts of answers"}, targetGroup{Label: "Linkage code"}
	in := choices.Form.Instrument
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if !choices.Form.Knows(olddata.Target(v.ID)) {
			continue
		}
		words := shortLabel(v)
		answers.Options = append(answers.Options, choiceOption{string(v.ID), words, ""})
		for _, column := range v.Columns() {
			parts.Options = append(parts.Options, partOption(v, column, words))
		}
	}
	for i := range in.Version().Definition.Parts {
		for _, item := range in.Version().Definition.Parts[i].Items {
			for _, prompt := range item.Prompts {
				code.Options = append(code.Options, choiceOption{string(olddata.CodeTarget(prompt.ID)), shortWords(prompt.Label.In("en", in.Version().Definition.Languages...)), ""})
			}
		}
	}
	groups := []targetGroup{about, answers, parts, code}
	return slices.DeleteFunc(groups, func(g targetGroup) bool { return len(g.Options) == 0 })
}

func partOption(v *questionnaire.Variable, column questionnaire.Column, words string) choiceOption {
	switch column.Holds {
	case questionnaire.HoldsWords:
		return choiceOption{questionnaire.OtherControl(v.ID), words + ": other, in words", ""}
	case questionnaire.HoldsOrder:
		return choiceOption{questionnaire.OrderControl(v.ID), words + ": order of the choices", ""}
	}
	choice, _ := v.Choice(column.Choice)
	return choiceOption{string(olddata.TickTarget(v.ID, column.Choice)), words + ": " + shortWords(choice.Label.In("en")), ""}
}

// shortLabel is the question of a variable, with its half of then and now.
func shortLabel(v *questionnaire.Variable) string {
	words := shortWords(v.Label.In("en"))
	if words == "" {
		words = string(v.ID)
	}
	if v.Moment != "" {
		words += " (" + string(v.Moment) + ")"
	}
	return words
}

func shortWords(words string) string {
	const most = 70
	if runes := []rune(words); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return words
}

// show puts a mapping into the page.
func (v *columnsView) show(choices surveys.OldDataForm, m olddata.Mapping) {
	v.Columns = nil
	for i, c := range m.Columns {
		contents := v.Upload.Profile.Columns[i]
		row := columnRow{
			N: i + 1, Letter: sheets.ColumnName(i + 1), Heading: contents.Heading, Samples: samplesOf(contents.Distinct), Filled: contents.Filled,
			Target: string(c.Target), Wave: string(c.Wave), Missing: strings.Join(c.Missing, "; "), HasWaves: len(choices.Waves) > 1,
		}
		row.More = contents.Many || len(contents.Distinct) > len(row.Samples)
		if choices.Form.HoldsDays(c.Target) {
			row.Days, row.Dates = true, string(c.Dates)
		}
		v.Columns = append(v.Columns, row)
	}
	options := 0
	for _, group := range v.Targets {
		options += len(group.Options)
	}
	v.Large = options*len(v.Columns) > listsAtOnce
	v.Values = v.valuesOf(choices, m)
	v.Shared = v.sharedForm(choices, m)
}

// valuesOf asks what the values of the columns of wave and cohort are.
func (v *columnsView) valuesOf(choices surveys.OldDataForm, m olddata.Mapping) []valueGroup {
	var groups []valueGroup
	for i, c := range m.Columns {
		column := sheets.ColumnName(i + 1)
		switch c.Target {
		case olddata.TargetWave:
			g := valueGroup{Legend: "What column " + column + " says", Options: append([]choiceOption{{"", "Choose", ""}}, v.Waves...)}
			for n, value := range v.Upload.Profile.Columns[i].Distinct {
				g.Rows = append(g.Rows, valueRow{valueControl(i, n), value, string(m.Waves[olddata.Normal(value)])})
			}
			groups = append(groups, g)
		case olddata.TargetCohort:
			g := valueGroup{Legend: "Which cohorts column " + column + " names", Options: append([]choiceOption{{"", "Choose", ""}}, placeOptions(choices)...)}
			for n, value := range v.Upload.Profile.Columns[i].Distinct {
				g.Rows = append(g.Rows, valueRow{valueControl(i, n), value, m.Cohorts[olddata.Normal(value)]})
			}
			groups = append(groups, g)
		}
	}
	return groups
}

func valueControl(column, n int) string { return fmt.Sprintf("value-%d-%d", column+1, n) }

func placeOptions(choices surveys.OldDataForm) []choiceOption {
	var options []choiceOption
	for _, place := range choices.Places {
		words := place.Name
		if place.Institution != "" {
			words += ", " + place.Institution
		}
		options = append(options, choiceOption{place.ID, words, ""})
	}
	return options
}

// sharedForm asks for what is true of all rows. It is drawn within the form of the
// columns.
func (v *columnsView) sharedForm(choices surveys.OldDataForm, m olddata.Mapping) *form {
	fields := []field{}
	if len(v.Waves) > 1 {
		fields = append(fields, field{Name: "wave", Label: "All rows were answered", Kind: "select", Value: string(m.Wave),
			Hint: "Unless a column says it, or columns belong to one time.", Options: append([]choiceOption{{"", "As the columns say", ""}}, v.Waves...)})
	}
	fields = append(fields,
		field{Name: "cohort", Label: "All rows are of the cohort", Kind: "select", Value: m.Cohort, Hint: "Unless a column names it.",
			Options: append([]choiceOption{{"", "As a column says", ""}}, placeOptions(choices)...)},
		field{Name: "submitted", Label: "Day of the answers", Kind: "text", Value: m.Submitted, Hint: "Of rows in which no column says it, as 2024-06-30. A wide sheet may have a column for each time, headed date before and date after."})
	if languages := choices.Form.Instrument.Version().Definition.Languages; len(languages) > 1 {
		f := field{Name: "language", Label: "Language of the answers", Kind: "select", Value: m.Language, Hint: "Of rows in which no column says it."}
		for _, tag := range languages {
			f.Options = append(f.Options, choiceOption{tag, languageName(tag), ""})
		}
		fields = append(fields, f)
	}
	fields = append(fields,
		field{Name: "missing", Label: "What stands for no answer", Kind: "text", Value: strings.Join(m.Missing, "; "), Hint: "In every column, with ; between. A blank cell always does. “Prefer not to say” is an answer where the questionnaire offers it."},
		field{Name: "rules", Label: "Reading", Kind: "checkboxes", Values: rulesOf(m), Options: []choiceOption{
			{"blanks", "Take rows in which answers are blank that the questionnaire needs today", "They count as passed over."},
			{"values", "Numbers of choices are those of this product's workbook", "They are the scores, where choices have scores; otherwise the codes of the questionnaire."},
		}})
	return newForm(v.staffPage, "all", "", "", fieldset{Fields: fields})
}

func rulesOf(m olddata.Mapping) []string {
	var rules []string
	if m.Blanks {
		rules = append(rules, "blanks")
	}
	if m.Values {
		rules = append(rules, "values")
	}
	return rules
}
