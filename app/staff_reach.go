package app

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// reachView tells how many a programme reached. It prints what the reports on its
// strands hold and nothing else, so that what they suppress is not on the page.
type reachView struct {
	staffPage
	Address   string
	Published bool   // small numbers are hidden and others rounded, for who may not read answers
	Smallest  int    // people; fewer are hidden
	Period    string // the funded one
	Filters   []field
	Filtered  bool
	Query     string // the filter as the end of an address
	Tiles     []reachTile
	Notes     []string
	Unreached []string // institutions without an answer
	Missing   string   // address of the board, with what has no answer
	Across    []reachTable
	Strands   []reachStrand
}

// Told reports whether there is a sentence of any strand.
func (v reachView) Told() bool {
	return slices.ContainsFunc(v.Strands, func(s reachStrand) bool { return len(s.Sentences) > 0 })
}

// reachTile is one number of the whole programme.
type reachTile struct {
	Label   string
	Number  reachNumber
	Upto    *reachNumber // where people are only bounded
	Of      *reachNumber // those that were planned
	Note    string
	Set     string // address where a target is set, if there is none
	Percent int    // of the target; 0: none
}

// reachNumber is a number that leads to the rows behind it. Text "" is no number.
type reachNumber struct {
	Text, Address string
	Label         string // what it counts, for who hears the link alone
}

// reachStrand is the part of one strand.
type reachStrand struct {
	ID, Title   string
	Unpublished bool
	Hidden      bool
	About       string
	Sentences   []string
	Chart       reachChart
	Tables      []reachTable
}

// reachTable counts groups, a row each, of one kind or of several.
type reachTable struct {
	ID, Title string
	Open      bool // without it the table is folded away at first
	Heads     []string
	Parts     []reachPart
}

// reachPart is the groups of one kind.
type reachPart struct {
	Title string // "" in a table of one kind
	Rows  []reachLine
}

// Count is how many groups the table has.
func (t reachTable) Count() int {
	n := 0
	for _, part := range t.Parts {
		n += len(part.Rows)
	}
	return n
}

// Span is how many columns it has besides the names.
func (t reachTable) Span() int { return len(t.Heads) }

// All is how many columns it has.
func (t reachTable) All() int { return 1 + len(t.Heads) }

// reachLine is one group; Hidden: few people.
type reachLine struct {
	Name   string
	Hidden bool
	Cells  []reachNumber
}

func reachPath(id surveys.ProgrammeID) string { return programmePath(id) + "/reach" }

// reachFilter reads of which people the address asks: by place and period, which
// all strands of a programme share.
func reachFilter(c *fiber.Ctx) surveys.Filter {
	f := surveys.Filter{From: c.Query("from"), To: c.Query("to")}
	for _, value := range c.Context().QueryArgs().PeekMulti("institution") {
		if len(value) > 0 {
			f.Institutions = append(f.Institutions, surveys.InstitutionID(value))
		}
	}
	f.Phases, f.Areas = queryAll(c, "phase"), queryAll(c, "area")
	return f
}

// queryAll is every value of a name in the address that is not blank.
func queryAll(c *fiber.Ctx, name string) []string {
	var all []string
	for _, raw := range c.Context().QueryArgs().PeekMulti(name) {
		if len(raw) > 0 {
			all = append(all, string(raw))
		}
	}
	return all
}

// reachQuery is a filter as part of an address.
func reachQuery(f surveys.Filter) url.Values {
	values := url.Values{}
	for _, id := range f.Institutions {
		values.Add("institution", string(id))
	}
	for _, phase := range f.Phases {
		values.Add("phase", phase)
	}
	for _, area := range f.Areas {
		values.Add("area", area)
	}
	for name, day := range map[string]string{"from": f.From, "to": f.To} {
		if day != "" {
			values.Set(name, day)
		}
	}
	return values
}

// reachOptions are what the account may see: its evaluators choose whom to look
// at; others see the whole, since what two choices differ in would give few away.
func (s *Server) reachOptions(c *fiber.Ctx) outcomes.Options {
	opt := outcomes.Options{Profile: surveys.ProfilePublished, Made: s.surveys.Now()}
	if account, _ := surveys.AccountFrom(c.UserContext()); account.May(programmeID(c), surveys.MayReadAnswers) {
		opt.Profile, opt.Filter = surveys.ProfileInternal, reachFilter(c)
	}
	return opt
}

// reached gathers the reach of a programme's strands.
func (s *Server) reached(ctx context.Context, p surveys.Programme, opt outcomes.Options) (outcomes.ProgrammeReach, error) {
	reports := make([]*outcomes.Report, len(p.Strands))
	for i, strand := range p.Strands {
		report, err := s.figures(ctx, p.ID, strand.ID, opt)
		if err != nil && !notPublished(err) {
			return outcomes.ProgrammeReach{}, err
		}
		reports[i] = report
	}
	return s.together(ctx, p, reports, opt)
}

// together puts reports on the strands of a programme together.
func (s *Server) together(ctx context.Context, p surveys.Programme, reports []*outcomes.Report, opt outcomes.Options) (outcomes.ProgrammeReach, error) {
	institutions, err := s.surveys.Institutions(ctx, p.ID)
	if err != nil {
		return outcomes.ProgrammeReach{}, err
	}
	cohorts, err := s.surveys.Cohorts(ctx, p.ID)
	if err != nil {
		return outcomes.ProgrammeReach{}, err
	}
	return outcomes.ReachTogether(p, reports, institutions, cohorts, opt), nil
}

// figures returns the report on a strand for who may read figures alone, in no
// freer profile than the account may see.
func (s *Server) figures(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, opt outcomes.Options) (*outcomes.Report, error) {
	data, profile, err := s.surveys.FigureData(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	if profile == surveys.ProfilePublished {
		opt.Profile = profile
	}
	mark, err := data.Mark(ctx)
	if err != nil {
		return nil, err
	}
	state, err := s.awaitReport(ctx, data, mark, reportAsk{profile: opt.Profile, filter: opt.Filter.Normal()})
	if fewSince(err) {
		return outcomes.HeldBack(opt), nil
	}
	return state.report, err
}

// fewSince reports whether err says that few people came since something was published.
func fewSince(err error) bool {
	var e *surveys.Error
	return errors.As(err, &e) && e.Key == "release.few"
}

// reach shows how many were reached.
func (s *Server) reach(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Reach")
	if err != nil {
		return err
	}
	opt := s.reachOptions(c)
	all, err := s.reached(c.UserContext(), p, opt)
	if err != nil {
		return err
	}
	view := reachView{
		staffPage: page, Address: reachPath(p.ID), Published: opt.Profile == surveys.ProfilePublished, Smallest: opt.Profile.Smallest(p),
		Period: period(p.From, p.To), Filtered: !opt.Filter.Empty(), Unreached: all.Unreached, Missing: boardPath(p.ID) + "?show=" + showNobody,
	}
	if query := reachQuery(opt.Filter).Encode(); query != "" {
		view.Query = "?" + query
	}
	if !view.Published {
		if view.Filters, err = s.reachFields(c, p.ID, opt.Filter); err != nil {
			return err
		}
	}
	links := reachLinks{p.ID, opt.Filter, !view.Published}
	view.Tiles, view.Notes = reachTiles(p, all, links, page.Can.Manage), reachNotes(all)
	if len(all.Strands) > 1 {
		view.Across = acrossStrands(all, links)
	}
	for i := range all.Strands {
		view.Strands = append(view.Strands, reachStrandOf(&all.Strands[i], opt.Profile, links))
	}
	return s.render(c, fiber.StatusOK, "staff/reach", view)
}

// reachFields are the controls of the filter; they offer what there is.
func (s *Server) reachFields(c *fiber.Ctx, id surveys.ProgrammeID, f surveys.Filter) ([]field, error) {
	institutions, err := s.surveys.Institutions(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	phases, areas := map[string]bool{}, map[string]bool{}
	places := []choiceOption{{"", "All", ""}}
	for _, i := range institutions {
		phases[i.Phase], areas[i.Area] = true, true
		places = append(places, choiceOption{string(i.ID), i.Name, ""})
	}
	for _, one := range cohorts {
		phases[one.Phase] = true
	}
	first := func(list []string) string { return strings.Join(list[:min(1, len(list))], "") }
	fields := []field{
		{Form: "f", Name: "from", Label: "First answered from", Kind: "date", Value: f.From},
		{Form: "f", Name: "to", Label: "to", Kind: "date", Value: f.To},
	}
	for _, one := range []field{
		{Name: "institution", Label: "Institution", Value: c.Query("institution"), Options: places},
		{Name: "phase", Label: "Phase", Value: first(f.Phases), Options: choicesOf(phases)},
		{Name: "area", Label: "Area", Value: first(f.Areas), Options: choicesOf(areas)},
	} {
		if one.Form, one.Kind = "f", "select"; len(one.Options) > 1 {
			fields = append(fields, one)
		}
	}
	return fields, nil
}

// choicesOf are the options of a select with everything first.
func choicesOf(there map[string]bool) []choiceOption {
	options := []choiceOption{{"", "All", ""}}
	for name := range there {
		if name != "" {
			options = append(options, choiceOption{name, name, ""})
		}
	}
	slices.SortFunc(options[1:], func(a, b choiceOption) int { return cmp.Compare(a.Label, b.Label) })
	return options
}

// reachNotes say how to read the numbers.
func reachNotes(all outcomes.ProgrammeReach) []string {
	var notes []string
	asked := 0
	for i := range all.Strands {
		if !all.Strands[i].Rates() {
			asked++
		}
	}
	if asked > 1 && !all.Hidden {
		notes = append(notes, "People are counted per strand. Who answers in two strands counts in both: all strands together are at most the sum, and at least the largest.")
	}
	if all.Hidden {
		notes = append(notes, "In one strand so few people answered, or did so since a file was published, that their number is not shown, and so no sum is.")
	}
	return append(notes,
		"“At least” takes who answered only before and who answered only after for the same people as far as it can; “at most” takes them all for different ones. Follow-up answers add nobody.",
		"Quarters are those of the financial year from April, Q1 April to June. Their months are those of the calendar’s quarters. People are in the quarter of their first answer, cohorts and institutions in the one in which the cohort began, workshops in that of their day.",
		"“Expected” is what was said of cohorts with an answer; it is blank where it was not said of each of them.")
}
