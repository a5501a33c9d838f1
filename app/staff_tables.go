package app

import (
	"soundings/surveys/outcomes"
)

// tableView is a table behind a measure's result: what the result depends on, a later
// wave, bands.
type tableView struct {
	Title string
	Heads []string
	Rows  []groupRow
	Note  string
}

// tablesOf are the tables behind a measure, as far as the report has them.
func tablesOf(m *outcomes.MeasureResult, before, after string) []tableView {
	var tables []tableView
	if table := dependsTable(m); len(table.Rows) > 0 {
		tables = append(tables, table)
	}
	if len(m.Later) > 0 {
		table := tableView{Title: "At follow-up", Heads: resultHeads}
		for _, later := range m.Later {
			table.Rows = append(table.Rows, resultRow(waveWords[later.From]+" to "+lowerFirst(waveWords[later.To]), later.Result))
		}
		tables = append(tables, table)
	}
	if len(m.Contrasts) > 0 {
		table := tableView{Title: "Asked before, and rated from memory afterwards", Heads: resultHeads, Note: "The rows answer different questions and are not to be mixed."}
		for _, one := range m.Contrasts {
			table.Rows = append(table.Rows, resultRow(upperFirst(outcomes.ContrastWords(one.Name)), one.Result))
		}
		tables = append(tables, table)
	}
	if m.Bands != nil {
		tables = append(tables, bandsTable(m.Bands, before, after))
	}
	return tables
}

var resultHeads = []string{"People", "Change", "95% interval", "Improved, or yes afterwards"}

// resultRow is a result in the columns of resultHeads.
func resultRow(name string, r outcomes.Result) groupRow {
	row := groupRow{Name: name, Cells: []figure{said(thousands(r.Base()))}}
	switch {
	case r.Paired != nil:
		row.Cells = append(row.Cells, shownChange(r.Paired.Diff.Mean, 2), shownInterval(r.Paired.Diff.CI, 2), shownPercent(r.Paired.Change.ImprovedPct))
	case r.Binary != nil:
		row.Cells = append(row.Cells, shownChange(r.Binary.DiffPP, 0), shownInterval(r.Binary.DiffCI, 0), shownPercent(r.Binary.PostPct))
	default:
		row.Suppressed, row.Cells = true, nil
	}
	return row
}

// pairsWords say which pairs a result is of.
var pairsWords = map[outcomes.Pairs]string{
	outcomes.PairsExact: "Only exactly equal codes", outcomes.PairsNear: "With codes that differ a little", outcomes.PairsReviewed: "With what people decided",
	outcomes.PairsHeld: "Exact codes and what people decided",
}

// dependsTable shows how far a result depends on the pairs, on who left, on who had no
// room to move and on groups.
func dependsTable(m *outcomes.MeasureResult) tableView {
	table := tableView{Title: "What it depends on", Heads: resultHeads}
	s := m.Sensitivity
	if s == nil {
		return table
	}
	decimals := 2
	if m.Binary != nil {
		decimals = 0
	}
	row := func(name string, suppressed bool, n int, change outcomes.Estimate, ci outcomes.Interval, improved outcomes.Estimate) {
		one := groupRow{Name: name, Suppressed: suppressed}
		if !suppressed {
			one.Cells = []figure{said(thousands(n)), shownChange(change, decimals), shownInterval(ci, decimals), shownPercent(improved)}
		}
		table.Rows = append(table.Rows, one)
	}
	for _, p := range s.Pairs {
		row(pairsWords[p.Pairs], p.Suppressed, p.N, p.Change, p.CI, p.Improved)
	}
	if room := s.RoomToMove; room != nil {
		row("Only those who could improve", room.Suppressed, room.N, room.Change, room.CI, room.Improved)
	}
	if left := s.DropOut; left != nil {
		none := outcomes.NotEstimable(outcomes.NotApplicable)
		row("If nobody who left had changed", false, left.NBegan, left.Change, outcomes.Interval{Low: none, High: none}, left.Improved)
	}
	if c := s.Clusters; c != nil {
		point, _ := changeEstimate(m.Result)
		row("Allowing for people of one "+lowerFirst(reachKinds[c.By])+" being alike", false, m.Base(), point, c.CI, improvedOf(m.Result))
	}
	return table
}

// changeEstimate is the change of a result.
func changeEstimate(r outcomes.Result) (outcomes.Estimate, bool) {
	switch {
	case r.Paired != nil:
		return r.Paired.Diff.Mean, true
	case r.Binary != nil:
		return r.Binary.DiffPP, true
	}
	return outcomes.NotEstimable(outcomes.NotApplicable), false
}

// improvedOf is the share that improved, or that says yes afterwards.
func improvedOf(r outcomes.Result) outcomes.Estimate {
	switch {
	case r.Paired != nil:
		return r.Paired.Change.ImprovedPct
	case r.Binary != nil:
		return r.Binary.PostPct
	}
	return outcomes.NotEstimable(outcomes.NotApplicable)
}

// bandsTable counts people in the bands of a scale.
func bandsTable(b *outcomes.Bands, before, after string) tableView {
	table := tableView{Title: "In bands of the score", Heads: []string{"Scores", before, after}}
	if b.Suppressed {
		table.Note = "Hidden: few people."
		return table
	}
	for _, band := range b.Bands {
		table.Rows = append(table.Rows, groupRow{Name: labelOf(band.Label), Cells: []figure{
			said(number(band.Min, 1) + " to " + number(band.Max, 1)), said(thousands(band.Before)), said(thousands(band.After))}})
	}
	table.Note = "Of " + thousands(b.N) + " people " + thousands(b.Better) + " moved to a better band, " + thousands(b.Same) + " stayed and " + thousands(b.Worse) + " moved to a worse one."
	return table
}
