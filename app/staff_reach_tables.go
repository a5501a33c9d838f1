package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// reachLinks makes the addresses of the rows behind numbers.
type reachLinks struct {
	programme surveys.ProgrammeID
	filter    surveys.Filter
	people    bool // the account may see who is behind a number
}

// to is a number with the address of its rows; 0 and what the account may not see
// have none.
func (l reachLinks) to(n int, of string, strand surveys.StrandID, row outcomes.ReachRow, label string) reachNumber {
	number := reachNumber{Text: whole(n), Label: label}
	if n == 0 || !l.people && !slices.Contains(openRows, of) {
		return number
	}
	values := reachQuery(l.filter)
	for name, value := range map[string]string{"of": of, "strand": string(strand), "by": row.By, "name": row.Name} {
		if value != "" && !(name == "by" && value == "everyone") {
			values.Set(name, value)
		}
	}
	number.Address = reachPath(l.programme) + "/rows?" + values.Encode()
	return number
}

// whole writes a count as 1,500.
func whole(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// The lists behind numbers, besides those of people: see outcomes.Counted.
const (
	rowsCohorts      = "cohorts"
	rowsTook         = "took"     // expected of the cohorts with an answer: those cohorts
	rowsExpected     = "expected" // of all cohorts
	rowsInstitutions = "institutions"
	rowsPlanned      = "planned" // institutions
	rowsHeld         = "held"    // workshops
	rowsRated        = "rated"   // workshops
	rowsPresent      = "present" // people at the rated workshops: those workshops
)

// openRows are the lists that name no person and tell of no answer: whoever may
// see the programme knows what is in them.
var openRows = []string{rowsCohorts, rowsTook, rowsExpected, rowsInstitutions, rowsPlanned, rowsHeld, rowsRated}

// everyone is the row of all.
var everyone = outcomes.ReachRow{By: "everyone"}

// reachTiles are the numbers of the whole programme.
func reachTiles(p surveys.Programme, all outcomes.ProgrammeReach, links reachLinks, manages bool) []reachTile {
	var tiles []reachTile
	if len(strandsOf(all, "")) > 0 {
		tiles = append(tiles, peopleTile(p, all, links))
	}
	if all.Planned > 0 || all.TargetInstitutions > 0 {
		places := reachTile{Label: "Institutions", Number: links.to(all.Institutions, rowsInstitutions, "", everyone, "institutions with an answer")}
		planned := links.to(all.Planned, rowsPlanned, "", everyone, "institutions planned")
		places.Of = &planned
		if all.PlacesHidden {
			places.Number = reachNumber{Text: "not shown"}
		}
		if !all.PlacesHidden {
			places.against(p, all.Institutions, all.TargetInstitutions)
		}
		tiles = append(tiles, places)
	}
	for i := range all.Strands {
		one := &all.Strands[i]
		if !one.Rates() || len(one.Reach.Rows) == 0 {
			continue
		}
		row := one.Reach.Rows[0]
		tiles = append(tiles, raterTiles(one, row, links)...)
	}
	for i := range tiles {
		if !manages {
			tiles[i].Set = ""
		}
	}
	return tiles
}

// peopleTile bounds the people of all strands that rate nothing.
func peopleTile(p surveys.Programme, all outcomes.ProgrammeReach, links reachLinks) reachTile {
	tile := reachTile{Label: "People who answered", Number: reachNumber{Text: "not shown"}}
	if all.Hidden {
		tile.Note = "few people"
		return tile
	}
	tile.Number = links.to(all.People, string(outcomes.CountedPeople), "", everyone, "people at least")
	if all.PeopleAtMost > all.People {
		upto := links.to(all.PeopleAtMost, string(outcomes.CountedAtMost), "", everyone, "people at most")
		tile.Upto = &upto
	}
	tile.against(p, all.People, all.TargetPeople)
	return tile
}

// against sets a number beside its target, or leads to where one is set.
func (t *reachTile) against(p surveys.Programme, n, target int) {
	if target == 0 {
		t.Note = joined(t.Note, "no target set")
		t.Set = reachPath(p.ID) + "/targets"
		return
	}
	t.Percent = (200*n + target) / (2 * target)
	t.Note = joined(t.Note, fmt.Sprintf("%d%% of the target of %s", t.Percent, whole(target)))
}

// raterTiles count the workshops of a strand that rates, and the people in them.
func raterTiles(s *outcomes.StrandReached, row outcomes.ReachRow, links reachLinks) []reachTile {
	w := s.Reach.Workshops
	held := reachTile{Label: "Workshops held", Number: links.to(row.Held, rowsHeld, s.Strand, everyone, "workshops held")}
	if row.Suppressed || w == nil {
		return []reachTile{held}
	}
	rated := links.to(row.Workshops, rowsRated, s.Strand, everyone, "workshops rated")
	present := links.to(row.Present, rowsPresent, s.Strand, everyone, w.People+" present")
	return []reachTile{held,
		{Label: upperFirst(s.People) + " who rated", Number: links.to(row.People, string(outcomes.CountedPeople), s.Strand, everyone, s.People+" who rated")},
		{Label: "Workshops rated", Number: rated},
		{Label: upperFirst(w.People) + " present", Number: present, Note: "each workshop once"},
	}
}

// kindsOfReach are the ways of counting that are shown in one table, in order.
var kindsOfReach = []struct{ by, title string }{{"everyone", ""}, {"quarter", "By quarter"}, {"area", "By area"}, {"phase", "By phase"}}

// reachStrandOf is what the page shows of a strand. Places and groups may be many
// and are folded away at first.
func reachStrandOf(s *outcomes.StrandReached, profile surveys.Profile, links reachLinks) reachStrand {
	view := reachStrand{
		ID: "s-" + string(s.Strand), Title: s.Title, Unpublished: s.Unpublished, Hidden: s.Hidden(), Sentences: s.Sentences,
		About: audienceWords[s.Audience] + ", " + designWords[s.Design],
	}
	if s.Unpublished {
		return view
	}
	view.Chart = reachChartOf(s, profile, links)
	main := newReachTable(s, "main", "Counts", true)
	for _, kind := range kindsOfReach {
		main.add(s, kind.by, kind.title, links)
	}
	places, groups := newReachTable(s, "institution", "By institution: "+s.Places, false), newReachTable(s, "cohort", "By cohort: "+s.Groups, false)
	places.add(s, "institution", "", links)
	groups.add(s, "cohort", "", links)
	for _, table := range []reachTable{main, places, groups} {
		if table.Count() > 0 {
			view.Tables = append(view.Tables, table)
		}
	}
	return view
}

func newReachTable(s *outcomes.StrandReached, kind, title string, open bool) reachTable {
	table := reachTable{ID: fmt.Sprintf("t-%s-%s", s.Strand, kind), Title: title, Open: open}
	for _, column := range reachColumns(s) {
		table.Heads = append(table.Heads, column.head)
	}
	return table
}

// add puts the groups of one kind into the table.
func (t *reachTable) add(s *outcomes.StrandReached, by, title string, links reachLinks) {
	part := reachPart{Title: title}
	for _, row := range s.Reach.Rows {
		if row.By != by {
			continue
		}
		line := reachLine{Name: reachRowName(row), Hidden: row.Suppressed}
		for _, column := range reachColumns(s) {
			line.Cells = append(line.Cells, column.cell(row, s.Strand, line.Name, links))
		}
		part.Rows = append(part.Rows, line)
	}
	if len(part.Rows) > 0 {
		t.Parts = append(t.Parts, part)
	}
}

// reachRowName names a row as people say it.
func reachRowName(row outcomes.ReachRow) string {
	switch {
	case row.By == "everyone":
		return "Everyone"
	case row.By == "quarter":
		return outcomes.QuarterWords(row.Name)
	}
	return cmp.Or(row.Name, "Not said")
}

// reachColumn is one column of a strand's tables.
type reachColumn struct {
	head  string
	of    string // the list behind it
	n     func(outcomes.ReachRow) int
	blank bool // 0 is that nothing was said
}

func (c reachColumn) cell(row outcomes.ReachRow, strand surveys.StrandID, name string, links reachLinks) reachNumber {
	if n := c.n(row); n > 0 || !c.blank {
		return links.to(n, c.of, strand, row, fmt.Sprintf("%s, %s", name, c.head))
	}
	return reachNumber{}
}

// reachColumns are what is counted of a strand, in its words.
func reachColumns(s *outcomes.StrandReached) []reachColumn {
	var columns []reachColumn
	add := func(head string, of outcomes.Counted, n func(outcomes.ReachRow) int) {
		columns = append(columns, reachColumn{head: head, of: string(of), n: n})
	}
	if s.Paired() {
		add("Before", outcomes.CountedPre, func(r outcomes.ReachRow) int { return r.Pre })
		add("After", outcomes.CountedPost, func(r outcomes.ReachRow) int { return r.Post })
		add("Matched", outcomes.CountedMatched, func(r outcomes.ReachRow) int { return r.Matched })
		add(upperFirst(s.People)+", at least", outcomes.CountedPeople, func(r outcomes.ReachRow) int { return r.People })
		add("At most", outcomes.CountedAtMost, func(r outcomes.ReachRow) int { return r.AtMost })
	} else {
		add(upperFirst(s.People), outcomes.CountedPeople, func(r outcomes.ReachRow) int { return r.People })
	}
	columns = append(columns, reachColumn{"Expected", rowsTook, func(r outcomes.ReachRow) int { return r.Took }, true})
	columns = append(columns, reachColumn{upperFirst(s.Groups), rowsCohorts, func(r outcomes.ReachRow) int { return r.Cohorts }, false})
	if s.Reach.Institutions > 0 {
		columns = append(columns, reachColumn{upperFirst(s.Places), rowsInstitutions, func(r outcomes.ReachRow) int { return r.Institutions }, false})
	}
	if w := s.Reach.Workshops; w != nil && w.All > 0 {
		columns = append(columns,
			reachColumn{"Workshops held", rowsHeld, func(r outcomes.ReachRow) int { return r.Held }, false},
			reachColumn{"Workshops rated", rowsRated, func(r outcomes.ReachRow) int { return r.Workshops }, false},
			reachColumn{upperFirst(w.People) + " present", rowsPresent, func(r outcomes.ReachRow) int { return r.Present }, false})
	}
	return columns
}

// acrossStrands puts the people of the strands beside each other, by quarter, area
// and phase, and those of each audience together: never added up where they may be
// the same.
func acrossStrands(all outcomes.ProgrammeReach, links reachLinks) []reachTable {
	beside := reachTable{ID: "across-strands", Title: "Strand by strand", Open: true}
	for i := range all.Strands {
		beside.Heads = append(beside.Heads, all.Strands[i].Title+", at least", all.Strands[i].Title+", at most")
	}
	for _, kind := range kindsOfReach {
		if part := acrossBy(all, kind.by, kind.title, links); len(part.Rows) > 0 {
			beside.Parts = append(beside.Parts, part)
		}
	}
	return []reachTable{byAudience(all, links), beside}
}

// acrossBy has two columns a strand.
func acrossBy(all outcomes.ProgrammeReach, by, title string, links reachLinks) reachPart {
	lines, names := map[string]*reachLine{}, []string{}
	for i := range all.Strands {
		one := &all.Strands[i]
		for _, row := range one.Reach.Rows {
			if row.By != by {
				continue
			}
			if lines[row.Name] == nil {
				lines[row.Name] = &reachLine{Name: reachRowName(row), Cells: make([]reachNumber, 2*len(all.Strands))}
				names = append(names, row.Name)
			}
			copy(lines[row.Name].Cells[2*i:], bounds(one, row, links))
		}
	}
	if by == "quarter" {
		slices.Sort(names)
	}
	part := reachPart{Title: title}
	for _, name := range names {
		part.Rows = append(part.Rows, *lines[name])
	}
	return part
}

// bounds are the least and the most people of a row.
func bounds(s *outcomes.StrandReached, row outcomes.ReachRow, links reachLinks) []reachNumber {
	if row.Suppressed {
		return texts("hidden", "hidden")
	}
	label := fmt.Sprintf("%s, %s", s.Title, reachRowName(row))
	return []reachNumber{
		links.to(row.People, string(outcomes.CountedPeople), s.Strand, row, label+", at least"),
		links.to(row.AtMost, string(outcomes.CountedAtMost), s.Strand, row, label+", at most"),
	}
}

// byAudience bounds the people of each audience.
func byAudience(all outcomes.ProgrammeReach, links reachLinks) reachTable {
	var part reachPart
	for _, audience := range []surveys.Audience{surveys.AudienceParticipant, surveys.AudienceTrainee, surveys.AudienceTeacher} {
		var titles []string
		least, most, hidden := 0, 0, false
		for _, one := range strandsOf(all, audience) {
			titles = append(titles, one.Title)
			hidden = hidden || one.Hidden()
			least, most = max(least, one.Reach.People), most+one.Reach.PeopleAtMost
		}
		if len(titles) == 0 {
			continue
		}
		line := reachLine{Name: audienceWords[audience], Cells: texts(strings.Join(titles, ", "), "hidden", "hidden")}
		if !hidden {
			row := outcomes.ReachRow{By: byAudienceOf, Name: string(audience)}
			line.Cells[1] = links.to(least, string(outcomes.CountedPeople), "", row, line.Name+", at least")
			line.Cells[2] = links.to(most, string(outcomes.CountedAtMost), "", row, line.Name+", at most")
		}
		part.Rows = append(part.Rows, line)
	}
	return reachTable{ID: "across-audience", Title: "By audience", Open: true, Heads: []string{"Strands", "People, at least", "People, at most"}, Parts: []reachPart{part}}
}

// byAudienceOf is how an address asks for the people of an audience.
const byAudienceOf = "audience"

// strandsOf are those of an audience; of "" those that rate nothing.
func strandsOf(all outcomes.ProgrammeReach, audience surveys.Audience) []*outcomes.StrandReached {
	var list []*outcomes.StrandReached
	for i := range all.Strands {
		if one := &all.Strands[i]; one.Audience == audience || audience == "" && !one.Rates() {
			list = append(list, one)
		}
	}
	return list
}
