package app

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// boardView tells who has answered and whom to remind.
type boardView struct {
	staffPage
	Filter   []field
	Rows     []boardLine
	All      int // rows before the filter
	Rates    bool
	Sums     []boardSum
	Chase    string // to copy: a line for each row that lacks answers
	Lacking  int
	Workbook string
	List     string
}

// boardLine is one cohort × strand × wave.
type boardLine struct {
	Place, Cohort, Address string
	Who, Wave              string
	Count                  liveCount
	Expected               int
	Percent                string // "85 %"; "" if nobody said how many are expected
	Low                    bool
	Last                   string // when the latest answer came; "" for none
	State, StateWords      string
	Workshops              string // "3 of 4"; "" in strands that rate nothing
	Pupils                 string
}

// boardSum is one strand and wave over all rows.
type boardSum struct{ Label, Text string }

// boardFilter is what of the board is shown, and in which order.
type boardFilter struct {
	Show, Strand, Sort string
	Below, Days        int
}

// The rows that a filter shows.
const (
	showAll    = ""
	showNobody = "nobody" // nobody has answered
	showBelow  = "below"  // fewer than so many per cent of those expected
	showQuiet  = "quiet"  // no answer for so many days
	showLacks  = "lacks"  // fewer than expected, or nobody
)

// The bounds that a filter takes where none are given.
const (
	usualBelow = 60 // per cent
	usualDays  = 7
)

func filterIn(c *fiber.Ctx) boardFilter {
	number := func(name string, usual int) int {
		if n, err := strconv.Atoi(c.Query(name)); err == nil && n > 0 && n <= 1000 {
			return n
		}
		return usual
	}
	return boardFilter{c.Query("show"), c.Query("strand"), c.Query("sort"), number("below", usualBelow), number("days", usualDays)}
}

// query is the filter as the end of an address.
func (f boardFilter) query() string {
	values := url.Values{}
	for name, value := range map[string]string{"show": f.Show, "strand": f.Strand, "sort": f.Sort} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Show == showBelow {
		values.Set("below", strconv.Itoa(f.Below))
	}
	if f.Show == showQuiet {
		values.Set("days", strconv.Itoa(f.Days))
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// shows reports whether a row is to be seen.
func (f boardFilter) shows(row surveys.BoardRow, now time.Time) bool {
	if f.Strand != "" && f.Strand != string(row.Strand.ID) {
		return false
	}
	switch f.Show {
	case showNobody:
		return row.Received == 0
	case showBelow:
		rate, ok := row.Rate()
		return ok && rate*100 < float64(f.Below)
	case showQuiet:
		return row.Last.Before(now.AddDate(0, 0, -f.Days))
	case showLacks:
		return row.Lacks()
	}
	return true
}

// order sorts rows: by place as they are, or by what is asked for.
func (f boardFilter) order(rows []surveys.BoardRow) {
	rate := func(row surveys.BoardRow) float64 {
		rate, ok := row.Rate()
		if !ok {
			return 2 // behind those that are full: nobody knows
		}
		return rate
	}
	switch f.Sort {
	case "name":
		slices.SortStableFunc(rows, func(a, b surveys.BoardRow) int {
			return cmp.Compare(strings.ToLower(rowPlace(a)), strings.ToLower(rowPlace(b)))
		})
	case "rate":
		slices.SortStableFunc(rows, func(a, b surveys.BoardRow) int { return cmp.Compare(rate(a), rate(b)) })
	case "last":
		slices.SortStableFunc(rows, func(a, b surveys.BoardRow) int { return a.Last.Compare(b.Last) })
	}
}

// rowPlace names where a row is: its institution, or its cohort if it is at none.
func rowPlace(row surveys.BoardRow) string { return cmp.Or(row.Institution.Name, row.Cohort.Name) }

func boardPath(id surveys.ProgrammeID) string { return programmePath(id) + "/board" }

// board shows who has answered.
func (s *Server) board(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Board")
	if err != nil {
		return err
	}
	page.Events = programmePath(p.ID) + "/events"
	all, err := s.surveys.Board(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	filter, now := filterIn(c), s.surveys.Now()
	view := boardView{
		staffPage: page, All: len(all), Filter: filter.fields(p), Sums: boardSums(p, all),
		Workbook: boardPath(p.ID) + "/chase.xlsx" + filter.query(), List: boardPath(p.ID) + "/chase.csv" + filter.query(),
	}
	rows := filter.of(all, now)
	view.Rates = slices.ContainsFunc(p.Strands, func(strand surveys.Strand) bool { return strand.Design == surveys.DesignRating })
	for _, row := range rows {
		view.Rows = append(view.Rows, boardLineOf(p, row, filter, now))
	}
	var lines []string
	for _, row := range chased(rows) {
		lines = append(lines, s.chaseLine(c, p, row, now))
	}
	view.Chase, view.Lacking = strings.Join(lines, "\n"), len(lines)
	return s.render(c, fiber.StatusOK, "staff/board", view)
}

// of are the rows that are shown, in order.
func (f boardFilter) of(all []surveys.BoardRow, now time.Time) []surveys.BoardRow {
	rows := slices.DeleteFunc(slices.Clone(all), func(row surveys.BoardRow) bool { return !f.shows(row, now) })
	f.order(rows)
	return rows
}

// fields are the controls of the filter; they send themselves into the address.
func (f boardFilter) fields(p surveys.Programme) []field {
	strands := []choiceOption{{"", "everybody", ""}}
	for _, strand := range p.Strands {
		strands = append(strands, choiceOption{string(strand.ID), strand.Title, ""})
	}
	return []field{
		{Form: "f", Name: "show", Label: "Show", Kind: "select", Value: f.Show, Options: []choiceOption{
			{showAll, "all", ""}, {showLacks, "fewer than expected", ""}, {showNobody, "nobody yet", ""}, {showBelow, "below so many per cent", ""}, {showQuiet, "quiet for so many days", ""},
		}},
		{Form: "f", Name: "below", Label: "Per cent", Kind: "number", Value: strconv.Itoa(f.Below)},
		{Form: "f", Name: "days", Label: "Days", Kind: "number", Value: strconv.Itoa(f.Days)},
		{Form: "f", Name: "strand", Label: "Who answers", Kind: "select", Value: f.Strand, Options: strands},
		{Form: "f", Name: "sort", Label: "In order of", Kind: "select", Value: f.Sort, Options: []choiceOption{
			{"", "the plan", ""}, {"name", "name", ""}, {"rate", "lowest per cent first", ""}, {"last", "longest quiet first", ""},
		}},
	}
}

func boardLineOf(p surveys.Programme, row surveys.BoardRow, f boardFilter, now time.Time) boardLine {
	key := countKey{row.Cohort.ID, row.Strand.ID, row.Wave}
	line := boardLine{
		Place: rowPlace(row), Address: cohortPath(p.ID, row.Cohort.ID), Who: row.Strand.Title, Wave: waveWord(row.Strand.Design, row.Wave),
		Count: liveCount{key.id(), row.Received}, Expected: row.Expected, Last: agoWords(row.Last, now, p.Location()),
		State: row.State, StateWords: cmp.Or(stateWords[row.State], "No link"),
	}
	if row.Cohort.Name != line.Place {
		line.Cohort = row.Cohort.Name
	}
	if rate, ok := row.Rate(); ok {
		line.Percent = fmt.Sprintf("%.0f %%", 100*rate)
		line.Low = rate*100 < float64(f.Below)
	}
	if row.Strand.Design == surveys.DesignRating {
		line.Workshops = fmt.Sprintf("%d of %d", row.Rated, row.Workshops)
		line.Pupils = pupilsWords(row)
	}
	return line
}

// pupilsWords says how many people were at the workshops that were rated, as far
// as who led them counted.
func pupilsWords(row surveys.BoardRow) string {
	switch {
	case row.Counted == 0:
		return ""
	case row.Counted < row.Rated:
		return fmt.Sprintf("%d at %d of them", row.Present, row.Counted)
	}
	return strconv.Itoa(row.Present)
}

// agoWords is a day in the zone with how long ago it is: "2026-03-02, 5 days ago".
func agoWords(at, now time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	day := at.In(zone).Format(time.DateOnly)
	switch days := int(now.Sub(at).Hours() / 24); days {
	case 0:
		return day + ", " + at.In(zone).Format("15:04")
	case 1:
		return day + ", 1 day ago"
	default:
		return fmt.Sprintf("%s, %d days ago", day, days)
	}
}

// boardSums adds each strand and wave up. Raters, workshops and the people in
// them are counted apart.
func boardSums(p surveys.Programme, all []surveys.BoardRow) []boardSum {
	var sums []boardSum
	for _, strand := range p.Strands {
		for _, wave := range strand.Design.Waves() {
			var sum surveys.BoardRow
			places, answered := 0, 0
			for _, row := range all {
				if row.Strand.ID != strand.ID || row.Wave != wave {
					continue
				}
				places++
				if row.Received > 0 {
					answered++
				}
				sum.Received += row.Received
				sum.Expected += row.Expected
				sum.Workshops += row.Workshops
				sum.Rated += row.Rated
				sum.Present += row.Present
				sum.Counted += row.Counted
			}
			sums = append(sums, boardSum{sumLabel(strand, wave), sumWords(strand, sum, answered, places)})
		}
	}
	return sums
}

// sumLabel names a strand and, where it is asked more than once, the wave.
func sumLabel(strand surveys.Strand, wave questionnaire.Wave) string {
	if len(strand.Design.Waves()) == 1 {
		return strand.Title
	}
	return strand.Title + ", " + strings.ToLower(waveWord(strand.Design, wave))
}

func sumWords(strand surveys.Strand, sum surveys.BoardRow, answered, places int) string {
	words := counted(sum.Received, "answer")
	if strand.Design == surveys.DesignRating {
		words = counted(sum.Received, "rater")
	}
	if sum.Expected > 0 {
		words += fmt.Sprintf(" of %d expected", sum.Expected)
	}
	words += fmt.Sprintf("; %d of %d cohorts have answered", answered, places)
	if strand.Design == surveys.DesignRating {
		words += fmt.Sprintf("; %d of %d workshops rated", sum.Rated, sum.Workshops)
		switch {
		case sum.Counted == 0:
		case sum.Counted < sum.Rated:
			words += fmt.Sprintf(", with %d people in the %d where they were counted", sum.Present, sum.Counted)
		default:
			words += fmt.Sprintf(", with %d people in them", sum.Present)
		}
	}
	return words
}

// chased are the rows that lack answers and can still get them: their link is
// open, or closed again.
func chased(rows []surveys.BoardRow) []surveys.BoardRow {
	return slices.DeleteFunc(slices.Clone(rows), func(row surveys.BoardRow) bool {
		return !row.Lacks() || row.State == "none" || row.State == "not_yet"
	})
}

// chaseLine is one row of the list to chase, to copy into an e-mail.
func (s *Server) chaseLine(c *fiber.Ctx, p surveys.Programme, row surveys.BoardRow, now time.Time) string {
	line := rowPlace(row)
	if row.Cohort.Name != line {
		line += " (" + row.Cohort.Name + ")"
	}
	line += ", " + row.Strand.Title
	if len(row.Strand.Design.Waves()) > 1 {
		line += ", " + strings.ToLower(waveWord(row.Strand.Design, row.Wave))
	}
	line += ": " + strconv.Itoa(row.Received)
	if row.Expected > 0 {
		line += " of " + strconv.Itoa(row.Expected)
	}
	if last := agoWords(row.Last, now, p.Location()); last != "" {
		line += ", last answer " + last
	}
	if row.Link.Token != "" {
		line += " – " + s.base(c) + "/s/" + row.Link.Token
	}
	return line
}

// sendChase sends the list to chase as a file.
func (s *Server) sendChase(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	all, err := s.surveys.Board(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	table := exports.Table{Title: "To chase", Columns: []exports.TableColumn{
		{Heading: "Institution", Width: 30}, {Heading: "Cohort", Width: 24}, {Heading: "Who answers", Width: 20}, {Heading: "Wave", Width: 12},
		{Heading: "Received", Width: 10}, {Heading: "Expected", Width: 10}, {Heading: "Last answer", Width: 17}, {Heading: "Link", Width: 14}, {Heading: "Address", Width: 44},
	}}
	for _, row := range chased(filterIn(c).of(all, s.surveys.Now())) {
		cells := []any{row.Institution.Name, row.Cohort.Name, row.Strand.Title, waveWord(row.Strand.Design, row.Wave), row.Received, nil, zoned(row.Last, p.Location()), stateWords[row.State], s.base(c) + "/s/" + row.Link.Token}
		if row.Expected > 0 {
			cells[5] = row.Expected
		}
		table.Rows = append(table.Rows, cells)
	}
	kind := "xlsx"
	if strings.HasSuffix(c.Path(), ".csv") {
		kind = "csv"
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "chase_list.downloaded", strconv.Itoa(len(table.Rows))); err != nil {
		return err
	}
	return s.sendTable(c, table, fileName(p.Name)+"-to-chase", kind)
}
