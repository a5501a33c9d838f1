package exports

import (
	"fmt"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// sensitivity adds the sheet of how far each result depends on who was paired, on who
// left, on who had room to move, and on people of one group being alike.
func (b *book) sensitivity() error {
	if !b.data.Strand.Paired() {
		return nil
	}
	p := b.page(sheetSensitivity, tabRead, []column{
		{"Measure", 34, lookStrong}, {"What if", 26, lookText}, {"Among", 54, lookText}, {"People", 10, lookNumber(asCount)},
		{"Change", 10, lookNumber(asSigned2)}, {"95% CI from", 10, lookNumber(asSigned2)}, {"95% CI to", 10, lookNumber(asSigned2)}, {headImproved, 13, lookNumber(asPercent)},
		{"Groups", 11, lookNumber(asCount)}, {"Intraclass correlation", 14, lookNumber(asHundreds)}, {"Design effect", 10, lookNumber(asHundreds)}, {"Why empty", 40, lookText},
	})
	p.title(sheetSensitivity, "One table. Each result again under another assumption, beside that of Outcomes and never instead of it. Of a yes or no the change is in percentage points, and “Improved” is the percentage after.")
	var rows [][]any
	for _, i := range b.measures() {
		m := &b.report.Measures[i]
		if m.Sensitivity != nil {
			rows = append(rows, b.sensitivityRows(m, m.Sensitivity)...)
		}
	}
	if len(rows) == 0 {
		rows = [][]any{{"No measure leads", "", "", nil, nil, nil, nil, nil, nil, nil, nil, "No measure is marked as one that the programme is judged by"}}
	}
	p.repeated(p.table("Sensitivity", rows))
	return p.finish()
}

func (b *book) sensitivityRows(m *outcomes.MeasureResult, s *outcomes.Sensitivity) (rows [][]any) {
	label := wording(m.Label, b.options.Language)
	add := func(what, among string, n int, change outcomes.Estimate, ci outcomes.Interval, improved outcomes.Estimate) {
		w := &why{}
		rows = append(rows, []any{label, what, among, n, w.take("change", change), w.take("95% CI", ci.Low), w.take("95% CI", ci.High), w.share("improved", improved), nil, nil, nil, w.String()})
	}
	for _, one := range s.Pairs {
		add("Other pairs", pairsWords(one.Pairs), one.N, one.Change, one.CI, one.Improved)
	}
	if d := s.DropOut; d != nil {
		add("Nobody left", "Everyone who began, if those who left had not changed", d.NBegan, d.Change, outcomes.Interval{}, d.Improved)
	}
	if r := s.RoomToMove; r != nil {
		at, _ := r.AtBest.Float()
		add("Room to move", fmt.Sprintf("Those who were not at the best value before, as %.0f%% were", at), r.N, r.Change, r.CI, r.Improved)
	}
	if c := s.Clusters; c != nil {
		w := &why{}
		rows = append(rows, []any{label, "People of a group alike", "Everyone matched; the interval widened for groups by " + c.By, nil, nil, w.take("95% CI", c.CI.Low), w.take("95% CI", c.CI.High), nil,
			c.Groups, w.take("intraclass correlation", c.ICC), w.take("design effect", c.DesignEffect), w.String()})
	}
	return rows
}

// pairsWords say which pairs a result is over.
func pairsWords(p outcomes.Pairs) string {
	switch p {
	case outcomes.PairsExact:
		return "Pairs with equal codes only"
	case outcomes.PairsNear:
		return "Pairs with equal or near codes, without what only a person saw"
	case outcomes.PairsReviewed:
		return "Pairs with equal or near codes, and what people decided"
	case outcomes.PairsHeld:
		return "Pairs with equal codes, and near ones that a person accepted"
	}
	return "Pairs as the strand's rules have it"
}

// comparisons adds the sheet of what else can be set side by side: the follow-up with
// before and after, and then-and-now beside a measurement before. They are never mixed
// with Outcomes.
func (b *book) comparisons(everyone *outcomeTable) error {
	t := &outcomeTable{book: b, sheet: sheetComparisons, language: everyone.language, rows: everyone.others()}
	t.page = b.page(sheetComparisons, tabRead, t.keep(everyone.columns(), leftOutOfBreakdowns...))
	t.page.title(sheetComparisons, outcomes.Caveat(b.report.Design),
		"One table. Each row says what it sets against what, with its own people. “Before” and “after” of the headings are its first and its second side.")
	t.first = t.page.row + 2
	rows := t.allCells()
	if len(rows) == 0 {
		none := make([]any, len(t.page.columns))
		none[0], none[len(none)-leadColumns] = "No other comparison", "There is no follow-up, and nothing was rated both before and from memory"
		rows = [][]any{none}
	}
	t.page.table("Comparisons", rows)
	t.page.keep(b.onPages(sheetComparisons, 2, t.first-1))
	return t.page.finish()
}

// others are the further comparisons of every measure over everyone.
func (t *outcomeTable) others() (rows []outcomeRow) {
	for _, row := range t.rows {
		for i := range row.measure.Later {
			later := &row.measure.Later[i]
			one := row
			one.Result, one.said, one.group = later.Result, waveName(later.From)+" and "+lowerFirst(waveName(later.To)), ""
			rows = append(rows, one)
		}
		for i := range row.measure.Contrasts {
			contrast := &row.measure.Contrasts[i]
			one := row
			one.Result, one.said = contrast.Result, upperFirst(outcomes.ContrastWords(contrast.Name))
			rows = append(rows, one)
		}
	}
	return rows
}

// bands adds the sheet of how many people were in which band of a scale.
func (b *book) bands() error {
	before, after := "before", "after"
	if b.report.Design == surveys.DesignThenNow {
		before, after = "then", "now"
	}
	p := b.page(sheetBands, tabRead, []column{
		{"Measure", 34, lookStrong}, {"Band", 30, lookText}, {"Scores from", 10, lookNumber(asGeneral)}, {"Scores to", 10, lookNumber(asGeneral)}, {"People", 10, lookNumber(asCount)},
		{"People " + before, 12, lookNumber(asCount)}, {"Share " + before, 12, lookNumber(asPercent)}, {"People " + after, 12, lookNumber(asCount)}, {"Share " + after, 12, lookNumber(asPercent)}, {"Why empty", 44, lookText},
	})
	p.title(sheetBands, "One table. How many of the people with both were in each band of a scale that has bands, and how many moved to a better or a worse one.")
	var rows [][]any
	for _, i := range b.measures() {
		if m := &b.report.Measures[i]; m.Bands != nil {
			rows = append(rows, b.bandRows(m, m.Bands)...)
		}
	}
	if len(rows) == 0 {
		rows = [][]any{{"No bands", "", nil, nil, nil, nil, nil, nil, nil, "No scale of the questionnaire has bands"}}
	}
	p.repeated(p.table("Bands", rows))
	return p.finish()
}

func (b *book) bandRows(m *outcomes.MeasureResult, bands *outcomes.Bands) (rows [][]any) {
	label := wording(m.Label, b.options.Language)
	if bands.Suppressed {
		return [][]any{append(append([]any{label, ""}, without(outcomes.Suppressed, 7)...), upperFirst(outcomes.ReasonWords(outcomes.Suppressed)))}
	}
	for _, one := range bands.Bands {
		rows = append(rows, []any{label, wording(one.Label, b.options.Language), one.Min, one.Max, bands.N, one.Before, share(one.Before, bands.N), one.After, share(one.After, bands.N), ""})
	}
	for _, moved := range []amount{{bands.Better, "Moved to a better band"}, {bands.Same, "Stayed in their band"}, {bands.Worse, "Moved to a worse band"}} {
		rows = append(rows, []any{label, moved.what, nil, nil, bands.N, nil, nil, moved.n, share(moved.n, bands.N), ""})
	}
	return rows
}

// scales adds the sheet of how each scale is scored, and who allows its use.
func (b *book) scalesSheet() error {
	p := b.page(sheetScales, tabRead, []column{
		{"Scale", 34, lookStrong}, {"Items", 34, lookText}, {"Turned round", 24, lookText}, {"Score is", 22, lookText}, {"Items that must be answered", 14, lookNumber(asPlain)},
		{"Scores from", 10, lookNumber(asGeneral)}, {"Scores to", 10, lookNumber(asGeneral)}, {"Better when", 10, lookText},
		{"Scores with items left out", 14, lookNumber(asCount)}, {"Answers to look at", 40, lookText}, {"Source", 44, lookText}, {"Licence", 44, lookText},
	})
	p.title(sheetScales, "One table. How each scale is worked out from its items, where it comes from and who allows its use. Scores with items left out count those as the mean of the others.")
	var rows [][]any
	for i := range b.report.Scales {
		rows = append(rows, b.scaleRow(&b.report.Scales[i]))
	}
	if len(rows) == 0 {
		rows = [][]any{{"No scale", "", "", "", nil, nil, nil, "", nil, "", "", ""}}
	}
	p.repeated(p.table("Scales", rows))
	return p.finish()
}

func (b *book) scaleRow(s *outcomes.ScaleNote) []any {
	method := s.Method
	if s.Multiply != 0 && s.Multiply != 1 {
		method += " × " + plainNumber(s.Multiply)
	}
	if s.Table {
		method += ", then looked up in a published table"
	}
	better := ""
	switch s.Direction {
	case questionnaire.DirectionLower:
		better = "Lower"
	case questionnaire.DirectionHigher:
		better = "Higher"
	}
	flags := ""
	for _, f := range s.Flags {
		flags += fmt.Sprintf("%s: %s of %s or more in %s. ", f.Item, wording(f.Label, b.options.Language), plainNumber(f.AtLeast), counted(f.N, "response", "responses"))
	}
	var prorated any
	if s.Prorated != nil {
		prorated = *s.Prorated
	}
	return []any{wording(s.Label, b.options.Language), idList(s.Items), idList(s.Reverse), upperFirst(method), s.MinAnswered, s.Min, s.Max, better, prorated, flags, s.Source, s.Licence}
}

func idList(ids []questionnaire.ItemID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return wordList(words)
}
