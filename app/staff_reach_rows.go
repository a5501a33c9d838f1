package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// reachRowsView is what is behind one number of reach.
type reachRowsView struct {
	staffPage
	Total int // the number
	Lead  string
	Heads []string
	Rows  []reachRowLine
	Pages pages
}

// reachRowLine is one thing that the number counts.
type reachRowLine struct {
	Name  reachNumber // its name, and its page if the account may see it
	Cells []reachNumber
}

// reachAsked is a number that somebody asks to see the rows of.
type reachAsked struct {
	of, by, name string
	strand       surveys.Strand // the zero one: the whole programme
	people       bool           // the account may see who is behind a number
}

// reachRows lists what is behind one number.
func (s *Server) reachRows(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	asked := reachAsked{of: c.Query("of"), by: c.Query("by", everyone.By), name: c.Query("name"), people: page.Can.Answers}
	asked.strand, _ = p.Strand(surveys.StrandID(c.Query("strand")))
	page.Title = reachTitle(asked)
	page.Crumbs = append(page.Crumbs, crumb{"Reach", reachPath(p.ID) + "?" + reachQuery(reachFilter(c)).Encode(), false})
	view := reachRowsView{staffPage: page}
	var lines []reachRowLine
	switch {
	case outcomes.Counted(asked.of).Known() && asked.strand.ID != "":
		lines, err = s.peopleRows(c, p, asked, &view)
	case outcomes.Counted(asked.of).Known() && (asked.by == everyone.By || audienceWords[surveys.Audience(asked.name)] != ""):
		lines, err = s.peopleOfStrands(c, p, asked, &view)
	case asked.strand.ID == "" && (asked.of == rowsInstitutions || asked.of == rowsPlanned):
		lines, err = s.programmeInstitutions(c, p, asked, &view)
	case asked.strand.ID != "":
		lines, err = s.thingRows(c, p, asked, &view)
	default:
		err = noReachRows()
	}
	if err != nil {
		return err
	}
	view.Pages = pagesOf(c, len(lines), responsesEach)
	view.Rows = lines[view.Pages.From:view.Pages.To]
	return s.render(c, fiber.StatusOK, "staff/reach_rows", view)
}

func noReachRows() error { return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"} }

// reachTitle says what is listed.
func reachTitle(a reachAsked) string {
	title := map[string]string{
		string(outcomes.CountedPre): "Answers before", string(outcomes.CountedPost): "Answers", string(outcomes.CountedMatched): "People who answered both times",
		string(outcomes.CountedPeople): "People who answered, at least", string(outcomes.CountedAtMost): "People who answered, at most",
		rowsCohorts: "Cohorts with an answer", rowsTook: "Expected in the cohorts with an answer", rowsExpected: "Expected", rowsInstitutions: "Institutions with an answer",
		rowsPlanned: "Institutions planned", rowsHeld: "Workshops held", rowsRated: "Workshops rated", rowsPresent: "Present in the workshops rated",
	}[a.of]
	if a.strand.ID != "" {
		title += ": " + a.strand.Title
	}
	switch {
	case a.by == byAudienceOf && a.name != "":
		title += ", " + lowerFirst(audienceWords[surveys.Audience(a.name)])
	case a.by != everyone.By:
		title += ", " + reachRowName(outcomes.ReachRow{By: a.by, Name: a.name})
	}
	return title
}

// peopleRows list people by their responses; the account needs to be an evaluator.
func (s *Server) peopleRows(c *fiber.Ctx, p surveys.Programme, a reachAsked, view *reachRowsView) ([]reachRowLine, error) {
	data, err := s.surveys.Dataset(c.UserContext(), p.ID, a.strand.ID)
	if err != nil {
		return nil, err
	}
	census, err := outcomes.TakeCensus(c.UserContext(), data, s.reachOptions(c))
	if err != nil {
		return nil, err
	}
	people := census.People(a.by, a.name, outcomes.Counted(a.of))
	view.Total = len(people)
	view.Lead = peopleLead(outcomes.Counted(a.of), a.strand)
	view.Heads = []string{"Receipt", "First answered", "Cohort"}
	if a.strand.Paired() {
		view.Heads = []string{"Before", "After", "First answered", "Cohort"}
	}
	lines := make([]reachRowLine, len(people))
	for i, one := range people {
		when := reachNumber{Text: one.Submitted.In(p.Location()).Format(time.DateOnly)}
		cohort := reachNumber{Text: data.Cohorts[one.Cohort].Name, Address: cohortPath(p.ID, one.Cohort)}
		pre, post := receiptOf(p.ID, a.strand.ID, one.Pre), receiptOf(p.ID, a.strand.ID, one.Post)
		lines[i] = reachRowLine{post, []reachNumber{when, cohort}}
		if a.strand.Paired() {
			lines[i] = reachRowLine{pre, []reachNumber{post, when, cohort}}
		}
	}
	return lines, nil
}

// peopleOfStrands list the people of several strands: at most all of them, at least
// those of the strand with the most. Someone in two strands is listed in each.
func (s *Server) peopleOfStrands(c *fiber.Ctx, p surveys.Programme, a reachAsked, view *reachRowsView) ([]reachRowLine, error) {
	if !a.people {
		return nil, &surveys.Error{Kind: surveys.KindForbidden, Key: "account.not_allowed"}
	}
	all, err := s.reached(c.UserContext(), p, s.reachOptions(c))
	if err != nil {
		return nil, err
	}
	audience := surveys.Audience("")
	if a.by == byAudienceOf {
		audience = surveys.Audience(a.name)
	}
	strands := slices.DeleteFunc(strandsOf(all, audience), func(one *outcomes.StrandReached) bool { return one.Unpublished })
	if a.of == string(outcomes.CountedPeople) && len(strands) > 0 {
		strands = []*outcomes.StrandReached{slices.MaxFunc(strands, func(a, b *outcomes.StrandReached) int { return cmp.Compare(a.Reach.People, b.Reach.People) })}
	}
	var lines []reachRowLine
	for _, one := range strands {
		part := reachAsked{of: a.of, by: everyone.By}
		part.strand, _ = p.Strand(one.Strand)
		list := reachRowsView{staffPage: view.staffPage}
		rows, err := s.peopleRows(c, p, part, &list)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if !part.strand.Paired() { // one response, in the column of those after
				row = reachRowLine{reachNumber{Text: "–"}, append([]reachNumber{row.Name}, row.Cells...)}
			}
			lines = append(lines, reachRowLine{row.Name, append(row.Cells, reachNumber{Text: one.Title})})
		}
		view.Total += list.Total
	}
	view.Heads = []string{"Before", "After", "First answered", "Cohort", "Strand"}
	view.Lead = "People of the strands: " + strandTitles(strands) + ". Who answers in two strands is listed in each."
	return lines, nil
}

func strandTitles(strands []*outcomes.StrandReached) string {
	var titles []string
	for _, one := range strands {
		titles = append(titles, one.Title)
	}
	return strings.Join(titles, ", ")
}

// peopleLead says how a list of people comes about.
func peopleLead(of outcomes.Counted, strand surveys.Strand) string {
	switch {
	case !strand.Paired():
		return ""
	case of == outcomes.CountedPeople:
		return "Those with answers before and after, and those without a pair at the wave that has more of them. Each of the others may be one of these, and is not listed."
	case of == outcomes.CountedAtMost:
		return "Those with answers before and after, and all without a pair."
	}
	return ""
}

// receiptOf names a response by its receipt and leads to it; a dash for none.
func receiptOf(p surveys.ProgrammeID, strand surveys.StrandID, id surveys.ResponseID) reachNumber {
	if id == "" {
		return reachNumber{Text: "–"}
	}
	return reachNumber{Text: surveys.ReceiptOf(id), Address: strandPath(p, strand) + "/responses/" + string(id)}
}

// thingRows list cohorts, institutions or workshops of a strand.
func (s *Server) thingRows(c *fiber.Ctx, p surveys.Programme, a reachAsked, view *reachRowsView) ([]reachRowLine, error) {
	if a.of == rowsPresent && !a.people || !slices.Contains(append([]string{rowsPresent}, openRows...), a.of) || a.of == rowsPlanned {
		return nil, noReachRows()
	}
	data, _, err := s.surveys.FigureData(c.UserContext(), p.ID, a.strand.ID)
	if err != nil {
		return nil, err
	}
	census, err := outcomes.TakeCensus(c.UserContext(), data, s.reachOptions(c))
	if err != nil {
		return nil, err
	}
	list := &thingList{p: p, data: data, strand: a.strand, view: view, workshops: view.Can.Links}
	if list.received, err = s.received(c, a, p.ID); err != nil {
		return nil, err
	}
	cohorts, institutions, held, rated := census.Things(a.by, a.name)
	switch a.of {
	case rowsCohorts:
		return list.cohorts(cohorts, false), nil
	case rowsTook:
		return list.cohorts(cohorts, true), nil
	case rowsExpected:
		return list.cohorts(census.Awaited(a.by, a.name), true), nil
	case rowsInstitutions:
		return list.institutions(institutions), nil
	case rowsHeld:
		return list.workshopRows(held, nil), nil
	case rowsRated:
		return list.workshopRows(rated, nil), nil
	}
	return list.workshopRows(rated, census.Present), nil
}

// received counts the answers of a strand by cohort; "" of all strands. It is nil for
// who sees numbers as they may be published: these are of few people, and exact.
func (s *Server) received(c *fiber.Ctx, a reachAsked, id surveys.ProgrammeID) (map[surveys.CohortID]int, error) {
	if !a.people {
		return nil, nil
	}
	strand := a.strand.ID
	rows, err := s.surveys.Progress(c.UserContext(), id)
	received := map[surveys.CohortID]int{}
	for _, row := range rows {
		if strand == "" || row.Strand == strand {
			received[row.Cohort] += row.Submitted
		}
	}
	return received, err
}

// thingList makes lines of what a strand was delivered to.
type thingList struct {
	p         surveys.Programme
	data      *surveys.Dataset
	strand    surveys.Strand
	received  map[surveys.CohortID]int
	view      *reachRowsView
	workshops bool // the account may see their pages
}

// cohorts lists cohorts. The number is theirs, or of those expected in them.
func (l *thingList) cohorts(ids []surveys.CohortID, expected bool) []reachRowLine {
	l.view.Heads = withReceived(l.received, "Cohort", "Institution", "Phase", "Began", "Expected")
	var lines []reachRowLine
	for _, id := range ids {
		one := l.data.Cohorts[id]
		n := one.Expected[l.strand.ID]
		if l.view.Total++; expected {
			l.view.Total += n - 1
		}
		cells := texts(l.data.InstitutionOf(id).Name, l.data.PhaseOf(id), one.Starts, saidCount(n))
		if l.received != nil {
			cells = append(cells, reachNumber{Text: whole(l.received[id])})
		}
		lines = append(lines, reachRowLine{reachNumber{Text: one.Name, Address: cohortPath(l.p.ID, id)}, cells})
	}
	return lines
}

// saidCount is a count that may not have been said.
func saidCount(n int) string {
	if n == 0 {
		return "not said"
	}
	return whole(n)
}

// texts are cells without links.
func texts(all ...string) []reachNumber {
	cells := make([]reachNumber, len(all))
	for i, text := range all {
		cells[i].Text = text
	}
	return cells
}

func (l *thingList) institutions(ids []surveys.InstitutionID) []reachRowLine {
	l.view.Total = len(ids)
	l.view.Heads = withReceived(l.received, institutionHeads...)
	cohorts := map[surveys.InstitutionID][]surveys.Cohort{}
	for _, c := range l.data.Cohorts {
		cohorts[c.Institution] = append(cohorts[c.Institution], c)
	}
	lines := make([]reachRowLine, len(ids))
	for i, id := range ids {
		lines[i] = institutionLine(l.data.Institutions[id], cohorts[id], l.received)
	}
	return lines
}

var institutionHeads = []string{"Institution", "Kind", "Phase", "Area", "Cohorts"}

// withReceived are headings, with one for the answers received where those are
// shown.
func withReceived(received map[surveys.CohortID]int, heads ...string) []string {
	if received == nil {
		return heads
	}
	return append(slices.Clone(heads), "Answers received")
}

func institutionLine(i surveys.Institution, cohorts []surveys.Cohort, received map[surveys.CohortID]int) reachRowLine {
	cells := texts(i.Kind, i.Phase, i.Area, whole(len(cohorts)))
	if received != nil {
		n := 0
		for _, c := range cohorts {
			n += received[c.ID]
		}
		cells = append(cells, reachNumber{Text: whole(n)})
	}
	return reachRowLine{reachNumber{Text: i.Name}, cells}
}

// workshopRows lists workshops. The number is theirs, or of the people present in
// them, if that is given.
func (l *thingList) workshopRows(ids []surveys.WorkshopID, present func(surveys.WorkshopID) int) []reachRowLine {
	l.view.Heads = []string{"Workshop", "Date", "Cohort", "Led by"}
	if present != nil {
		l.view.Heads = append(l.view.Heads, "Present")
	}
	var lines []reachRowLine
	for _, id := range ids {
		w := l.data.Workshops[id]
		line := reachRowLine{reachNumber{Text: w.Title}, texts(w.Date, l.data.Cohorts[w.Cohort].Name, w.LedBy)}
		if l.workshops {
			line.Name.Address = workshopsPath(l.p.ID) + "/" + string(id)
		}
		if l.view.Total++; present != nil {
			n := present(id)
			l.view.Total += n - 1
			line.Cells = append(line.Cells, reachNumber{Text: strings.Replace(saidCount(n), "not said", "not counted", 1)})
		}
		lines = append(lines, line)
	}
	return lines
}

// programmeInstitutions lists those with an answer in any strand, or all that are
// planned.
func (s *Server) programmeInstitutions(c *fiber.Ctx, p surveys.Programme, a reachAsked, view *reachRowsView) ([]reachRowLine, error) {
	opt := s.reachOptions(c)
	all, err := s.reached(c.UserContext(), p, opt)
	if err != nil {
		return nil, err
	}
	institutions, err := s.surveys.Institutions(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	received, err := s.received(c, a, p.ID)
	if err != nil {
		return nil, err
	}
	cohorts := map[surveys.InstitutionID][]surveys.Cohort{}
	for _, one := range list {
		cohorts[one.Institution] = append(cohorts[one.Institution], one)
	}
	shown := outcomes.Planned(opt.Filter, institutions, list)
	if a.of == rowsInstitutions {
		shown = slices.DeleteFunc(slices.Clone(institutions), func(i surveys.Institution) bool { return !all.Reached(i.ID) })
	}
	view.Heads, view.Total = withReceived(received, institutionHeads...), len(shown)
	lines := make([]reachRowLine, len(shown))
	for i, one := range shown {
		lines[i] = institutionLine(one, cohorts[one.ID], received)
	}
	return lines, nil
}

// Head is the heading of cell i, which is behind the name.
func (v reachRowsView) Head(i int) string { return v.Heads[i+1] }
