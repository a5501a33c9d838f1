package app

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// retentionView is how long a programme keeps what it holds: the clock as a line of
// time, what would go, what has gone, and how to change any of it.
type retentionView struct {
	staffPage
	Programme string
	Zone      string
	Start     string // the day the clock counts from; "": none
	Lines     []retentionLine
	Warning   string
	Held      string // until when, by whom, why; "": nothing is held
	Deleting  string // that the programme is being deleted
	Clock     *form
	Hold      *form
	EndHold   *form
	Delete    *form
	Frozen    []frozenRow
	Address   string
}

// retentionLine is one step on the line of time.
type retentionLine struct {
	Step, Title, About string
	On                 string // the day
	State, Words       string
	Address            string // of what would go, or of the certificate
	Link               string
}

// frozenRow is what is kept of a strand.
type frozenRow struct {
	Strand, Profile, At string
	Files               []crumb
}

// endingWords say what a step is, and what it does.
var endingWords = map[surveys.RetentionStep][2]string{
	surveys.StepLinkages:  {"Linkage keys and codes", "The keys, the hashed codes, what was decided about pairs, the files that were made and the forms that were never sent. From then on nobody can tell which answers are of one person. The figures are kept before, and links and cards take no more answers."},
	surveys.StepContacts:  {"Addresses", "Everybody’s e-mail address, every personal link, what is known of each letter, and who asked to be contacted."},
	surveys.StepTexts:     {"Words", "What people wrote in their own words, also before corrections; quotes, readings, edited summaries. Ratings and choices stay."},
	surveys.StepAnswers:   {"Answers", "Every response. The figures that were kept stay, without anybody’s answers and without groups that are too small."},
	surveys.StepProgramme: {"The programme", "All that is left of it: its plan, cohorts, links, figures and audit trail. Only certificates stay."},
}

var runWords = map[surveys.RunState]string{
	surveys.RunClosing: "begins: links are closed", surveys.RunFreezing: "figures are being kept", surveys.RunDestroying: "is being destroyed",
	surveys.RunCleaning: "is being cleaned up", surveys.RunDone: "done",
}

func retentionPath(id surveys.ProgrammeID) string { return programmePath(id) + "/retention" }

func (s *Server) retentionView(c *fiber.Ctx) (retentionView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Retention")
	if err != nil {
		return retentionView{}, p, err
	}
	view := retentionView{staffPage: page, Programme: p.Name, Zone: p.Zone, Address: retentionPath(p.ID)}
	if start, ok := p.RetentionStart(); ok {
		view.Start = start.Format(time.DateOnly)
	}
	runs, err := s.surveys.RetentionRuns(c.UserContext(), p.ID)
	if err != nil {
		return view, p, err
	}
	view.Lines = s.retentionLines(p, runs)
	for _, run := range runs {
		if run.Step == surveys.StepProgramme {
			view.Deleting = fmt.Sprintf("%s asked for this programme to be deleted: %s. It %s.", run.Name, run.Reason, runWords[run.State])
		}
	}
	now := s.surveys.Now()
	if warning, near := p.RetentionWarning(now); near {
		view.Warning = fmt.Sprintf("%s go on %s, within %s. Look whether that is right: it can be put off until then, and not be brought back after.",
			endingWords[warning.Step][0], warning.At.In(p.Location()).Format(time.DateOnly), counted(warning.Days, "day"))
	}
	if h := p.Retention.Hold; h != nil {
		if _, held := p.RetentionHeld(now); held {
			view.Held = fmt.Sprintf("Everything is kept longer, until the end of %s, because %s (%s, %s).", h.Until, h.Reason, h.Name, h.Since.In(p.Location()).Format(time.DateOnly))
		}
	}
	view.Frozen, err = s.frozenRows(c, p)
	view.forms(p)
	return view, p, err
}

// retentionLines are the steps in their order, each with its day and how it stands.
func (s *Server) retentionLines(p surveys.Programme, runs []surveys.RetentionRun) []retentionLine {
	var lines []retentionLine
	for _, step := range surveys.RetentionSteps() {
		line := retentionLine{Step: string(step), Title: endingWords[step][0], About: endingWords[step][1], State: "not_yet", Words: "no day is set"}
		line.Address, line.Link = retentionPath(p.ID)+"/dry-run/"+string(step), "What would go now"
		if at, ok := p.RetentionDate(step); ok {
			line.On, line.Words = at.Format(time.DateOnly), "due then"
		}
		for _, run := range runs {
			if run.Step == step {
				line.State, line.Words = "open", runWords[run.State]
			}
		}
		if at, done := p.RetentionDone(step); done {
			line.State, line.Words = "withdrawn", "destroyed on "+at.In(p.Location()).Format(time.DateOnly)
			line.Address, line.Link = retentionPath(p.ID)+"/certificates/"+string(step), "Certificate"
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *Server) frozenRows(c *fiber.Ctx, p surveys.Programme) ([]frozenRow, error) {
	all, err := s.surveys.FrozenFigures(c.UserContext(), p.ID)
	var rows []frozenRow
	for _, f := range all {
		strand, _ := p.Strand(f.Strand)
		row := frozenRow{Strand: strand.Title, Profile: profileWords[f.Profile], At: inZone(p, f.At)}
		for _, part := range f.Parts {
			row.Files = append(row.Files, crumb{Title: part.Name, Address: fmt.Sprintf("%s/frozen/%s/%s/%s", retentionPath(p.ID), f.Strand, f.Profile, part.Name)})
		}
		rows = append(rows, row)
	}
	return rows, err
}

// forms are what can be changed.
func (v *retentionView) forms(p surveys.Programme) {
	set := p.Retention
	if !set.Set {
		set = surveys.DefaultRetention()
	}
	dates := fieldset{Legend: "From when", Fields: []field{{Name: "start", Label: "Counts from", Kind: "date", Value: set.Start, Hint: "Blank: the day after the last day of the funded period" + lastDay(p)}}}
	sets := []fieldset{dates}
	units := []choiceOption{{Value: "days", Label: "days"}, {Value: "months", Label: "months"}}
	for _, step := range surveys.RetentionSteps() {
		if _, done := p.RetentionDone(step); done {
			continue
		}
		span := set.Spans[step]
		sets = append(sets, fieldset{Legend: endingWords[step][0] + " go after", Fields: []field{
			{Name: string(step), Label: "How many", Kind: "number", Value: strconv.Itoa(span.N), Required: true},
			{Name: string(step) + ".unit", Label: "Of what", Kind: "select", Value: string(span.Unit), Options: units},
		}})
	}
	sets = append(sets, fieldset{Legend: "Besides", Fields: []field{
		{Name: "quotes", Label: "Approved quotes, when words go", Kind: "select", Value: string(set.Quotes), Options: []choiceOption{
			{Value: string(surveys.QuotesInFiles), Label: "stay in the files that are kept, and nowhere else"}, {Value: string(surveys.QuotesDestroyed), Label: "go with the words"}}},
		{Name: "reason", Label: "Why, if anything is kept longer than it was to be", Kind: "text", Hint: "Stands in the audit trail"},
		{Name: "confirm", Label: "If anything goes sooner than it was to go, or within a month", Kind: "checkboxes", Options: []choiceOption{{Value: "yes", Label: "It is meant: what is destroyed cannot be brought back"}}},
	}})
	v.Clock = newForm(v.staffPage, "clock", v.Address, "Set the clock", sets...)
	v.Hold = newForm(v.staffPage, "hold", v.Address+"/hold", "Keep it longer", fieldset{Fields: []field{
		{Name: "reason", Label: "Because", Kind: "text", Required: true, Hint: "Such as an open complaint, an audit, a court’s order"},
		{Name: "until", Label: "Until the end of", Kind: "date", Required: true},
	}})
	if set.Hold != nil {
		v.EndHold = newForm(v.staffPage, "end-hold", v.Address+"/hold/end", "End the hold")
	}
	v.Delete = newForm(v.staffPage, "delete", v.Address+"/delete", "Delete the programme", fieldset{Fields: []field{
		{Name: "name", Label: "Name of the programme, as it stands above", Kind: "text", Required: true},
		{Name: "why", Label: "Why", Kind: "text", Required: true},
	}})
}

func lastDay(p surveys.Programme) string {
	if p.To == "" {
		return ", and this programme has none"
	}
	return ", " + p.To
}

// retention shows the clock.
func (s *Server) retention(c *fiber.Ctx) error {
	view, _, err := s.retentionView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/retention", view)
}

// retentionRefused shows the page again with what is wrong in one of its forms.
func (s *Server) retentionRefused(c *fiber.Ctx, refusal error, of func(*retentionView) *form) error {
	view, _, err := s.retentionView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(of(&view).fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/retention", view)
}

// setRetention sets the clock.
func (s *Server) setRetention(c *fiber.Ctx) error {
	id := programmeID(c)
	ask := surveys.RetentionAsk{Start: typed(c, "start"), Quotes: surveys.QuotesKept(typed(c, "quotes")), Reason: typed(c, "reason"),
		Confirm: len(typedAll(c, "confirm")) > 0, Spans: map[surveys.RetentionStep]surveys.Span{}}
	for _, step := range surveys.RetentionSteps() {
		if n, err := strconv.Atoi(typed(c, string(step))); err == nil {
			ask.Spans[step] = surveys.Span{N: n, Unit: surveys.SpanUnit(typed(c, string(step)+".unit"))}
		}
	}
	if _, err := s.surveys.SetRetention(c.UserContext(), id, ask); err != nil {
		return s.retentionRefused(c, err, func(v *retentionView) *form { return v.Clock })
	}
	return sees(c, retentionPath(id))
}

// holdRetention keeps everything longer.
func (s *Server) holdRetention(c *fiber.Ctx) error {
	id := programmeID(c)
	if _, err := s.surveys.HoldRetention(c.UserContext(), id, typed(c, "reason"), typed(c, "until")); err != nil {
		return s.retentionRefused(c, err, func(v *retentionView) *form { return v.Hold })
	}
	return sees(c, retentionPath(id))
}

// endHold lets the clock go on.
func (s *Server) endHold(c *fiber.Ctx) error {
	if err := s.surveys.EndRetentionHold(c.UserContext(), programmeID(c)); err != nil {
		return err
	}
	return sees(c, retentionPath(programmeID(c)))
}

// deleteProgramme asks for the end of a programme.
func (s *Server) deleteProgramme(c *fiber.Ctx) error {
	id := programmeID(c)
	if err := s.surveys.DeleteProgramme(c.UserContext(), id, typed(c, "name"), typed(c, "why")); err != nil {
		return s.retentionRefused(c, err, func(v *retentionView) *form { return v.Delete })
	}
	return sees(c, retentionPath(id))
}

// keptSentence says that figures are as they were kept; "" while they are worked out.
func keptSentence(r *outcomes.Report, p surveys.Programme) string {
	if r.Frozen.IsZero() {
		return ""
	}
	return "These figures are as of " + inZone(p, r.Frozen) + ", when they were kept: something that they are worked out from was destroyed then, as the programme’s retention says. They stay, and can no longer be narrowed or worked out anew."
}
