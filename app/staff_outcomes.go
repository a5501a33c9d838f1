package app

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// outcomesFrame is what stands around a strand's outcomes, whether they are there yet
// or not.
type outcomesFrame struct {
	staffPage
	Address  string // of this page
	Audience string
	Design   string
	Filter   filterView
	Files    string  // address that asks for files of the same people
	Views    []crumb // the profiles it can be seen with
	Making   string  // how far the report is; "" if it is there and new
}

// outcomesView is what one strand of a programme shows.
type outcomesView struct {
	outcomesFrame
	Report    *outcomes.Report
	Period    string // first to last answer
	Hides     string // what is left out of small groups
	Kept      string // that the figures were kept, and as of when; "" while they are worked out
	Nothing   string // why there is no figure at all; "" if there are some
	Tiles     []tile
	Base      string // how the pairs came about, in one sentence
	Caveat    string
	LeftOut   []string // which responses no figure has
	FollowUp  string   // that its answers are not compared; "" without a third wave
	Headlines []string
	Measures  []measureView
	Reach     []reachRow
	Open      outcomes.OpenCounts
}

// tile is one figure in large type.
type tile struct{ Label, Value, Note string }

// reachRow is one line of the table of who took part.
type reachRow struct {
	Name       string
	Suppressed bool
	Cells      []string
	Expected   string
}

// strand shows a strand's outcomes, of the people that its filter lets through and as
// its profile shows them; or how far they are, if that takes long.
func (s *Server) strand(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	ask, err := askedReport(c, surveys.ProfileInternal)
	if err != nil {
		return err
	}
	ask.patience = s.reports.patience
	data, state, err := s.report(c.UserContext(), p.ID, surveys.StrandID(c.Params("strand")), ask)
	if err != nil {
		return err
	}
	if data.Strand.Title != "" {
		page.Title = data.Strand.Title
	}
	frame := outcomesFrame{
		staffPage: page, Address: strandPath(p.ID, data.Strand.ID),
		Audience: audienceWords[data.Strand.Audience], Design: designWords[data.Strand.Design],
		Files:  repeatPath(surveys.Export{Programme: p.ID, Strand: data.Strand.ID, Filter: ask.filter}),
		Filter: filterViewOf(data, ask.filter, strandPath(p.ID, data.Strand.ID), ask.kept()), Views: viewsOf(strandPath(p.ID, data.Strand.ID), ask),
	}
	if state.report == nil || state.stale {
		frame.Again, frame.Making = againEvery, makingSentence(state)
	}
	if state.report == nil {
		return s.render(c, fiber.StatusAccepted, "staff/strand_making", frame)
	}
	return s.render(c, fiber.StatusOK, "staff/strand", outcomesOf(frame, data, state.report, p))
}

// outcomesOf puts a report into words and pictures.
func outcomesOf(frame outcomesFrame, data *surveys.Dataset, report *outcomes.Report, p surveys.Programme) outcomesView {
	view := outcomesView{
		outcomesFrame: frame, Report: report, Period: answered(report, p), Tiles: tilesOf(report), Caveat: outcomes.Caveat(report.Design),
		Reach: reachOf(report), Open: report.OpenAnswer, LeftOut: leftOutLines(data.LeftOut),
	}
	if report.Pairing != nil && report.Profile != surveys.ProfilePublished {
		view.Base = baseSentence(*report.Pairing)
	}
	view.Hides = hidesSentence(report)
	view.Kept = keptSentence(report, p)
	if report.Withheld != "" {
		view.Nothing = "Nothing is shown: " + outcomes.ReasonWords(report.Withheld) + ". Choose more people, or everybody."
	}
	if shown := outcomes.FilterParts(data, report.Filter, languageName); len(shown) > 0 {
		view.Filter.Sentence = outcomes.FilterSentence(shown) // of days perhaps more than was asked for
	}
	if report.Design == surveys.DesignPrePostFollowUp {
		view.FollowUp = followUpSentence(report.Pairing)
	}
	view.Headlines = headlinesOf(report)
	lines := outcomes.Headlines(report, sourceLanguage)
	for i := range report.Measures {
		view.Measures = append(view.Measures, measureOf(data, report, i, lines[i]))
	}
	return view
}

// hidesSentence says what a report leaves out.
func hidesSentence(r *outcomes.Report) string {
	if r.Profile == surveys.ProfilePublished {
		return fmt.Sprintf("as published: figures of fewer than %d people are hidden, and numbers of people rounded to 5", r.Smallest)
	}
	return fmt.Sprintf("groups of fewer than %d people are hidden", r.Smallest)
}

// askedReport is which report the address of a request asks for; profile is what it
// means without saying.
func askedReport(c *fiber.Ctx, profile surveys.Profile) (reportAsk, error) {
	ask := reportAsk{profile: surveys.Profile(c.Query("profile", string(profile))), filter: resultFilter(c)}
	if !ask.profile.Known() {
		return ask, &surveys.Error{Kind: surveys.KindInvalid, Key: "api.profile", Field: "profile"}
	}
	return ask, nil
}

// kept is what of an ask stands in an address beside the filter.
func (a reportAsk) kept() url.Values {
	if a.profile == surveys.ProfilePublished {
		return url.Values{"profile": {string(a.profile)}}
	}
	return nil
}

// viewsOf are the profiles that a page can be seen with.
func viewsOf(address string, ask reportAsk) []crumb {
	internal, published := filterValues(ask.filter), filterValues(ask.filter)
	published.Set("profile", string(surveys.ProfilePublished))
	return []crumb{
		{"As the council sees it", withQuery(address, internal), ask.profile != surveys.ProfilePublished},
		{"As published", withQuery(address, published), ask.profile == surveys.ProfilePublished},
	}
}

// againEvery is after how many seconds a page that is not ready is asked for again.
const againEvery = 2

// makingSentence says how far a report is.
func makingSentence(state reportState) string {
	text := "Working it out"
	if state.stale {
		text = "Newer answers are being worked in; below is how it was before them"
	}
	switch {
	case state.all == 0 || state.read == 0:
		return text + "."
	case state.read >= state.all:
		return fmt.Sprintf("%s: all %s responses are read.", text, thousands(state.all))
	}
	return fmt.Sprintf("%s: %s of %s responses are read.", text, thousands(state.read), thousands(state.all))
}

// thousands writes a number of people or responses with a comma between thousands.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// followUpSentence says what becomes of the answers of a third wave.
func followUpSentence(p *outcomes.PairingSummary) string {
	text := "Follow-up answers are in the workbook, joined to the people before by their codes; they are not compared with those before and after."
	if p != nil && p.FollowUp != nil && p.FollowUp.Responses > 0 {
		text += fmt.Sprintf(" %d of %d are of people who answered before, %d of them of matched pairs.", p.FollowUp.Matched, p.FollowUp.Responses, p.FollowUp.AllThree)
	}
	return text
}

// answered is when the answers came, in the programme's zone; by month as published,
// since a day could be one person's.
func answered(r *outcomes.Report, p surveys.Programme) string {
	if r.First.IsZero() {
		return "no answers yet"
	}
	if r.Profile == surveys.ProfilePublished {
		first, last := r.First.Format("January 2006"), r.Last.Format("January 2006")
		if first == last {
			return "answers of " + first
		}
		return "answers from " + first + " to " + last
	}
	first, last := r.First.In(p.Location()).Format(time.DateOnly), r.Last.In(p.Location()).Format(time.DateOnly)
	return "answers from " + first + " to " + last
}

// tilesOf are the base of every figure on the page.
func tilesOf(r *outcomes.Report) []tile {
	var tiles []tile
	for _, w := range r.Responses {
		one := tile{Label: tileLabel(r, w.Wave), Value: thousands(w.Submitted)}
		if w.Suppressed {
			one.Value = "hidden"
		}
		if w.Expected > 0 {
			one.Note = "of " + thousands(w.Expected) + " expected"
		}
		if w.Repeats > 0 {
			one.Note = joined(one.Note, fmt.Sprintf("%d sent twice", w.Repeats))
		}
		tiles = append(tiles, one)
	}
	if pairs := r.Pairing; pairs != nil {
		tiles = append(tiles, tile{"Matched pairs", thousands(pairs.Matched), ""},
			tile{"Match rate", percent(pairs.MatchRate, 100), "of " + thousands(pairs.Pre) + " before"})
	}
	if w := r.Reach.Workshops; w != nil && w.All > 0 {
		return append(append(tiles, ratedTiles(*w)...), placeTiles(r)...)
	}
	people := tile{Label: "People reached", Value: thousands(r.Reach.People)}
	if r.Reach.PeopleAtMost > r.Reach.People {
		people.Note = "at least; at most " + thousands(r.Reach.PeopleAtMost)
	}
	if r.Reach.TargetPeople > 0 {
		people.Note = joined(people.Note, "target of the programme "+thousands(r.Reach.TargetPeople))
	}
	return append(append(tiles, people), placeTiles(r)...)
}

// placeTiles counts the institutions; none if the programme is not delivered at any.
func placeTiles(r *outcomes.Report) []tile {
	if r.Reach.Institutions == 0 && r.Reach.TargetInstitutions == 0 {
		return nil
	}
	places := tile{Label: "Institutions", Value: thousands(r.Reach.Institutions)}
	if r.Reach.TargetInstitutions > 0 {
		places.Note = "target of the programme " + thousands(r.Reach.TargetInstitutions)
	}
	return []tile{places}
}

// ratedTiles count workshops, and the people in them, apart from who rated them.
func ratedTiles(w outcomes.WorkshopReach) []tile {
	rated := tile{"Workshops rated", fmt.Sprint(w.Rated), fmt.Sprintf("of %d", w.All)}
	if w.Unnamed > 0 {
		rated.Note = joined(rated.Note, fmt.Sprintf("%d ratings name none", w.Unnamed))
	}
	present := tile{Label: upperFirst(w.People) + " present", Value: fmt.Sprint(w.Present), Note: "each workshop once"}
	if w.Counted < w.Rated {
		present.Note = joined(present.Note, fmt.Sprintf("counted at %d", w.Counted))
	}
	return []tile{rated, present}
}

// tileLabel names the count of a wave; in a rating of workshops those are raters.
func tileLabel(r *outcomes.Report, w questionnaire.Wave) string {
	if rated := r.Reach.Workshops; rated != nil && rated.All > 0 {
		return "Raters"
	}
	return waveWord(r.Design, w)
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// baseSentence says how pairs were found and who is without one.
func baseSentence(p outcomes.PairingSummary) string {
	text := fmt.Sprintf("Of %s matched pairs %s have the same code, %s differ a little and %s were accepted by a person. "+
		"Without a pair: %s who answered before only and %s who answered after only; they are not in the changes below.",
		thousands(p.Matched), thousands(p.Exact), thousands(p.Near), thousands(p.Reviewed), thousands(p.PreOnly), thousands(p.PostOnly))
	if p.ForReview > 0 {
		text += " " + counted(p.ForReview, "possible pair") + " still to be decided by a person."
	}
	return text
}

// reachKinds are the divisions of the table of reach, in words.
var reachKinds = map[string]string{"everyone": "Everyone", "cohort": "Cohort", "institution": "Institution", "phase": "Phase", "area": "Area", "quarter": "Quarter", "month": "Month", "language": "Language"}

func reachOf(r *outcomes.Report) []reachRow {
	var rows []reachRow
	for _, one := range r.Reach.Rows {
		row := reachRow{Name: reachKinds[one.By], Suppressed: one.Suppressed}
		switch {
		case one.By == "language":
			row.Name += ": " + languageName(one.Name)
		case one.By == "quarter":
			row.Name += ": " + outcomes.QuarterWords(one.Name)
		case one.Name != "":
			row.Name += ": " + one.Name
		}
		if len(r.Design.Waves()) > 1 {
			row.Cells = append(row.Cells, fmt.Sprint(one.Pre))
		}
		row.Cells = append(row.Cells, fmt.Sprint(one.Post))
		if r.Pairing != nil {
			row.Cells = append(row.Cells, fmt.Sprint(one.Matched))
		}
		if w := r.Reach.Workshops; w != nil && w.All > 0 {
			row.Cells = ratedCells(one)
		} else {
			row.Cells = append(row.Cells, fmt.Sprint(one.People))
		}
		row.Expected = "not said"
		if one.Expected > 0 {
			row.Expected = fmt.Sprint(one.Expected)
		}
		rows = append(rows, row)
	}
	return rows
}

// ratedCells are raters, workshops, and the people in those, which rows by month
// and language do not have.
func ratedCells(one outcomes.ReachRow) []string {
	cells := []string{fmt.Sprint(one.People), "", ""}
	if one.By != "month" && one.By != "language" {
		cells[1], cells[2] = fmt.Sprint(one.Workshops), fmt.Sprint(one.Present)
	}
	return cells
}

// ReachHeads heads the columns of the table of reach.
func (v outcomesView) ReachHeads() []string {
	if w := v.Report.Reach.Workshops; w != nil && w.All > 0 {
		return []string{"Raters", "Workshops rated", upperFirst(w.People) + " present"}
	}
	var heads []string
	if len(v.Report.Design.Waves()) > 1 {
		heads = append(heads, waveWords[questionnaire.WavePre])
	}
	heads = append(heads, waveWord(v.Report.Design, questionnaire.WavePost))
	if v.Report.Pairing != nil {
		heads = append(heads, "Matched")
	}
	return append(heads, "People")
}
