package exports

import (
	"soundings/surveys/outcomes"
)

// ReachTable is the reach of a programme as one tidy table, for a grant return: a
// row for each measure of each strand, over all and by quarter, area and phase. A
// number that is hidden is an empty cell with the reason beside it.
func ReachTable(r outcomes.ProgrammeReach) Table {
	t := Table{Title: "Reach", Columns: []TableColumn{
		{"Measure", 34}, {"Strand", 24}, {"Quarter", 14}, {"Area", 20}, {"Phase", 18}, {"Number", 10}, {"Target", 10}, {"Expected", 10}, {"Of expected, %", 12}, {"Note", 60},
	}}
	t.Rows = append(t.Rows, wholeProgramme(r)...)
	for i := range r.Strands {
		for _, by := range []string{"everyone", "quarter", "area", "phase"} {
			for _, row := range r.Strands[i].Reach.Rows {
				if row.By == by {
					t.Rows = append(t.Rows, tidyReach(&r.Strands[i], row)...)
				}
			}
		}
	}
	return t
}

// The measures of people: where they answer once, least and most are the same.
const (
	answered = "People who answered"
	atLeast  = "People who answered, at least"
	atMost   = "People who answered, at most"
)

// allOf is what a column says of rows that it does not divide.
const allOf = "All"

// wholeProgramme are the rows of all strands together.
func wholeProgramme(r outcomes.ProgrammeReach) [][]any {
	line := func(measure string, n, target any, note string) []any {
		return []any{measure, "All strands", allOf, allOf, allOf, n, target, nil, nil, note}
	}
	least, most := any(r.People), any(r.PeopleAtMost)
	note := ""
	if len(r.Strands) > 1 {
		note = "Counted per strand: who is in two strands counts in both"
	}
	if r.Hidden {
		least, most, note = nil, nil, outcomes.ReasonWords(outcomes.Suppressed)
	}
	rows := [][]any{
		line(atLeast, least, someCount(r.TargetPeople), note), line(atMost, most, someCount(r.TargetPeople), note),
	}
	if r.Planned > 0 {
		reached, why := any(r.Institutions), ""
		if r.PlacesHidden {
			reached, why = nil, outcomes.ReasonWords(outcomes.Suppressed)
		}
		rows = append(rows, line("Institutions with an answer", reached, someCount(r.TargetInstitutions), why), line("Institutions planned", r.Planned, nil, ""))
	}
	return rows
}

// someCount is a count, or nothing where none was said.
func someCount(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// tidyReach are the rows of one group of a strand, one a measure.
func tidyReach(s *outcomes.StrandReached, row outcomes.ReachRow) [][]any {
	divided := map[string]string{"quarter": allOf, "area": allOf, "phase": allOf}
	if row.By != "everyone" {
		divided[row.By] = row.Name
	}
	var rows [][]any
	add := func(measure string, n, target, expected, share any, note string) {
		rows = append(rows, []any{measure, s.Title, divided["quarter"], divided["area"], divided["phase"], n, target, expected, share, note})
	}
	target := any(nil)
	if row.By == "everyone" {
		target = someCount(s.Target)
	}
	if row.Suppressed {
		measure := answered
		if s.Paired() {
			measure = atLeast
		}
		add(measure, nil, target, nil, nil, outcomes.ReasonWords(outcomes.Suppressed))
		return rows
	}
	people := func(measure string, n int, target any) {
		share := any(nil)
		if row.Took > 0 && row.By != "quarter" { // people and cohorts may be of different quarters
			share = (200*n + row.Took) / (2 * row.Took)
		}
		add(measure, n, target, someCount(row.Took), share, "")
	}
	if s.Paired() {
		people("Answered before", row.Pre, nil)
		people("Answered after", row.Post, nil)
		people("Matched people", row.Matched, nil)
	}
	if s.Paired() {
		people(atLeast, row.People, target)
		people(atMost, row.AtMost, target)
	} else {
		people(answered, row.People, target)
	}
	add("Cohorts with an answer", row.Cohorts, nil, nil, nil, "")
	add("Institutions with an answer", row.Institutions, nil, nil, nil, "")
	if w := s.Reach.Workshops; w != nil && w.All > 0 {
		add("Workshops held", row.Held, nil, nil, nil, "")
		add("Workshops rated", row.Workshops, nil, nil, nil, "")
		add("Present in the workshops rated", row.Present, nil, nil, nil, "Each workshop once")
	}
	return rows
}
