package app

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// programmeView is the dashboard of one programme.
type programmeView struct {
	staffPage
	Programme    surveys.Programme
	Period       string
	Total        liveCount
	Institutions int
	Strands      []strandCard
	Columns      []strandColumn
	Cohorts      []cohortRow
}

// strandCard is one strand: who, how, how many, and what to do with it.
type strandCard struct {
	Title, Audience, Design, Address string
	Bars                             []progressBar
	Rated                            *liveCount // workshops with a rating, apart from the raters; nil in other designs
	Open                             *openCount // nil if the account may not read answers
	Paired                           bool       // before and after are put together, so that there is a pairing desk
	Unpublished                      string     // id of its questionnaire while that has no version
}

// openCount is what of a strand waits for a reader: open answers, and possible
// pairs to decide about.
type openCount struct {
	Unread, Approved, ToDecide int

	Counting bool // they are being counted, and 0 until they are
}

// strandColumn heads the columns of one strand in the table of cohorts.
type strandColumn struct {
	Title string
	Waves []string
}

// Span is how many columns the strand has: its waves and what is expected.
func (c strandColumn) Span() int { return len(c.Waves) + 1 }

// cohortRow is one cohort with its counts, in the order of the columns.
type cohortRow struct {
	Name, Address, Institution string
	Cells                      []cohortCell
}

// cohortCell holds the counts of one strand.
type cohortCell struct {
	Counts   []liveCount
	Expected int
}

// programme is the dashboard.
func (s *Server) programme(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	page.Title, page.Events = p.Name, programmePath(p.ID)+"/events"
	view := programmeView{staffPage: page, Programme: p, Period: period(p.From, p.To)}
	known, err := s.progress(c.UserContext(), p)
	if err != nil {
		return err
	}
	view.Total = known.total()
	for _, strand := range p.Strands {
		card, err := s.strandCard(c.UserContext(), known, strand, page.Can.Answers)
		if err != nil {
			return err
		}
		view.Strands = append(view.Strands, card)
		view.Columns = append(view.Columns, columnOf(strand))
	}
	if err := s.addCohorts(c.UserContext(), &view, known); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/programme", view)
}

func (s *Server) strandCard(ctx context.Context, known progress, strand surveys.Strand, mayRead bool) (strandCard, error) {
	card := strandCard{
		Title: strand.Title, Audience: audienceWords[strand.Audience], Design: designWords[strand.Design],
		Address: strandPath(known.programme.ID, strand.ID), Bars: known.bars(strand), Rated: known.rated(strand), Paired: strand.Paired(),
	}
	published, err := s.surveys.Published(ctx, strand.Questionnaire)
	if err != nil {
		return card, err
	}
	if !published {
		card.Unpublished = string(strand.Questionnaire)
	}
	if !mayRead || !published {
		return card, nil
	}
	open, err := s.openCounts(ctx, known.programme.ID, strand.ID)
	card.Open = open
	return card, err
}

// openCounts is how far the reading and the pairing of a strand have come; nil
// while its questionnaire is not published, when there can be none.
func (s *Server) openCounts(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (*openCount, error) {
	_, state, err := s.report(ctx, programme, strand, reportAsk{profile: surveys.ProfileInternal, patience: glancePatience})
	if notPublished(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	report := state.report
	if report == nil {
		return &openCount{Counting: true}, nil
	}
	open := openCount{Unread: report.OpenAnswer.Unread, Approved: report.OpenAnswer.Approved}
	if pairs := report.Pairing; pairs != nil {
		open.ToDecide = pairs.ForReview
		if pairs.FollowUp != nil {
			open.ToDecide += pairs.FollowUp.ForReview
		}
	}
	return &open, nil
}

func columnOf(strand surveys.Strand) strandColumn {
	column := strandColumn{Title: strand.Title}
	for _, wave := range strand.Design.Waves() {
		column.Waves = append(column.Waves, waveWord(strand.Design, wave))
	}
	return column
}

func (s *Server) addCohorts(ctx context.Context, view *programmeView, known progress) error {
	cohorts, err := s.surveys.Cohorts(ctx, view.Programme.ID)
	if err != nil {
		return err
	}
	institutions, err := s.surveys.Institutions(ctx, view.Programme.ID)
	if err != nil {
		return err
	}
	view.Institutions = len(institutions)
	names := map[surveys.InstitutionID]string{}
	for _, i := range institutions {
		names[i.ID] = i.Name
	}
	for _, cohort := range cohorts {
		row := cohortRow{Name: cohort.Name, Address: cohortPath(view.Programme.ID, cohort.ID), Institution: names[cohort.Institution]}
		for _, strand := range view.Programme.Strands {
			cell := cohortCell{Expected: cohort.Expected[strand.ID]}
			for _, wave := range strand.Design.Waves() {
				cell.Counts = append(cell.Counts, known.count(cohort.ID, strand.ID, wave))
			}
			row.Cells = append(row.Cells, cell)
		}
		view.Cohorts = append(view.Cohorts, row)
	}
	return nil
}

// period is the funded time in words.
func period(from, to string) string {
	switch {
	case from != "" && to != "":
		return from + " to " + to
	case from != "":
		return "from " + from
	case to != "":
		return "until " + to
	}
	return ""
}
