package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// mailingsView is what a programme writes to people, and whom it may write to.
type mailingsView struct {
	staffPage
	Missing  string // what keeps letters from being sent; "" nothing
	Path     string
	Rows     []mailingRow
	Plan     *form // nil: every strand and wave has a mailing
	Contacts int
	Bounces  *form
	Read     string // what came of reading reports
}

// mailingRow is one mailing in the list.
type mailingRow struct {
	Address, Title string
	State          string // in words
	Running        bool
	Times          string
	Count          surveys.MailingCount // of all cohorts together
}

// The words for mailings.
var (
	stepWords = map[surveys.Step]string{
		surveys.StepInvitation: "Invitation", surveys.StepReminder: "Reminder", surveys.StepLastReminder: "Last reminder",
	}
	mailingWords = map[surveys.MailingState]string{
		surveys.MailingPlanned: "planned, not started", surveys.MailingRunning: "running", surveys.MailingStopped: "stopped", surveys.MailingEnded: "ended, addresses deleted",
	}
)

func mailingsPath(id surveys.ProgrammeID) string { return programmePath(id) + "/mailings" }

func mailingPath(m surveys.Mailing) string { return mailingsPath(m.Programme) + "/" + string(m.ID) }

func (s *Server) mailingsView(c *fiber.Ctx) (mailingsView, error) {
	page, p, err := s.programmePage(c, "E-mail")
	if err != nil {
		return mailingsView{}, err
	}
	view := mailingsView{staffPage: page, Path: mailingsPath(p.ID), Missing: s.missingForMail()}
	all, err := s.surveys.Mailings(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	for _, m := range all {
		row, err := s.mailingRow(c, p, m)
		if err != nil {
			return view, err
		}
		view.Rows = append(view.Rows, row)
	}
	contacts, err := s.surveys.Contacts(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	view.Contacts = len(contacts)
	view.Plan = planMailingForm(page, p, all)
	view.Bounces = newForm(page, "bounces", view.Path+"/bounces", "Read the report", fieldset{Fields: []field{
		{Name: "file", Label: "The report as a file", Hint: "Saved from a mail program (.eml), or a mailbox of several. At most 1 MB.", Kind: "file"},
		{Name: "text", Label: "Or pasted, with all its headers", Kind: "textarea"},
	}})
	return view, nil
}

// missingForMail says what is to be set before letters can be sent.
func (s *Server) missingForMail() string {
	if err := s.surveys.MaySend(); err != nil {
		e := asError(err)
		return s.staffSentence(e.Key, e.Args...)
	}
	return ""
}

func (s *Server) mailingRow(c *fiber.Ctx, p surveys.Programme, m surveys.Mailing) (mailingRow, error) {
	strand, _ := p.Strand(m.Strand)
	row := mailingRow{
		Address: mailingPath(m), Title: mailingTitle(strand, m.Wave), State: mailingWords[m.State], Running: m.State == surveys.MailingRunning,
	}
	var times []string
	for _, step := range surveys.Steps() {
		if at, ok := m.At[step]; ok {
			times = append(times, stepWords[step]+" "+at.In(p.Location()).Format("2006-01-02 15:04"))
		}
	}
	row.Times = strings.Join(times, ", ")
	counts, err := s.surveys.MailingCounts(c.UserContext(), m)
	for _, n := range counts {
		row.Count = addCounts(row.Count, n)
	}
	return row, err
}

func addCounts(a, b surveys.MailingCount) surveys.MailingCount {
	a.Contacts, a.Invited, a.Answered, a.Reminded = a.Contacts+b.Contacts, a.Invited+b.Invited, a.Answered+b.Answered, a.Reminded+b.Reminded
	a.Unsubscribed, a.Bounced, a.Waiting = a.Unsubscribed+b.Unsubscribed, a.Bounced+b.Bounced, a.Waiting+b.Waiting
	a.Uncertain, a.Failed = a.Uncertain+b.Uncertain, a.Failed+b.Failed
	return a
}

func mailingTitle(strand surveys.Strand, wave questionnaire.Wave) string {
	return strand.Title + ": " + strings.ToLower(waveWord(strand.Design, wave))
}

// planMailingForm asks for a strand and wave without a mailing, and its times; nil
// if each has one.
func planMailingForm(page staffPage, p surveys.Programme, all []surveys.Mailing) *form {
	var free []choiceOption
	for _, strand := range p.Strands {
		for _, wave := range strand.Design.Waves() {
			taken := slices.ContainsFunc(all, func(m surveys.Mailing) bool { return m.Strand == strand.ID && m.Wave == wave })
			if !taken {
				free = append(free, choiceOption{string(strand.ID) + "/" + string(wave), mailingTitle(strand, wave), ""})
			}
		}
	}
	if len(free) == 0 {
		return nil
	}
	return newForm(page, "plan", mailingsPath(p.ID), "Plan it", fieldset{Fields: append(
		[]field{{Name: "wave", Label: "About", Kind: "select", Options: free}}, timeFields(p)...)})
}

// timeFields ask for the time of each letter.
func timeFields(p surveys.Programme) []field {
	zone := "In the programme’s time, " + p.Zone + "."
	return []field{
		{Name: string(surveys.StepInvitation), Label: "Invitation", Hint: zone + " Nothing is sent before you start the mailing.", Kind: "datetime-local", Required: true},
		{Name: string(surveys.StepReminder), Label: "Reminder", Hint: "To those who have not answered. Leave it blank for none.", Kind: "datetime-local"},
		{Name: string(surveys.StepLastReminder), Label: "Last reminder", Hint: "Leave it blank for none.", Kind: "datetime-local"},
	}
}

// datetimes are what browsers send of such a control, and people type where it is
// a text.
var datetimes = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"}

// timesOf reads the times of a form; what is no time is put right beside it.
func timesOf(c *fiber.Ctx, f *form, zone *time.Location) map[surveys.Step]time.Time {
	at := map[surveys.Step]time.Time{}
	for _, step := range surveys.Steps() {
		text := strings.TrimSpace(typed(c, string(step)))
		if text == "" {
			continue
		}
		found := false
		for _, layout := range datetimes {
			if t, err := time.ParseInLocation(layout, text, zone); err == nil {
				at[step], found = t, true
				break
			}
		}
		if !found {
			f.blame(string(step), "Give a day and a time, such as 2026-03-31 09:00")
		}
	}
	return at
}

// mailings shows them.
func (s *Server) mailings(c *fiber.Ctx) error {
	view, err := s.mailingsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/mailings", view)
}

// planMailing plans one with the product's own words, and goes on to it.
func (s *Server) planMailing(c *fiber.Ctx) error {
	view, err := s.mailingsView(c)
	if err != nil {
		return err
	}
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	if view.Plan == nil { // planned by somebody else meanwhile
		return sees(c, view.Path)
	}
	view.Plan.fill(c)
	strand, wave, _ := strings.Cut(typed(c, "wave"), "/")
	m := surveys.Mailing{Programme: p.ID, Strand: surveys.StrandID(strand), Wave: questionnaire.Wave(wave), At: timesOf(c, view.Plan, p.Location())}
	if !view.Plan.Fails() {
		m, err = s.surveys.SaveMailing(c.UserContext(), m)
		if err == nil {
			return sees(c, mailingPath(m))
		}
		if _, err = s.refuse(view.Plan, err); err != nil {
			return err
		}
	}
	return s.render(c, fiber.StatusUnprocessableEntity, "staff/mailings", view)
}

// takeBounces reads a report that was sent or pasted.
func (s *Server) takeBounces(c *fiber.Ctx) error {
	raw, err := sentFile(c, "file")
	if err != nil {
		return err
	}
	text := cmp.Or(string(raw), typed(c, "text"))
	n, refusal := s.surveys.TakeBounces(c.UserContext(), programmeID(c), strings.NewReader(text))
	view, err := s.mailingsView(c) // with what changed
	if err != nil {
		return err
	}
	if refusal != nil {
		status, err := s.refuse(view.Bounces.fill(c), refusal)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/mailings", view)
	}
	view.Read = fmt.Sprintf("Reports read: %d. Addresses marked as not reached: %d.", n.Reports, n.Marked)
	if n.Unknown > 0 {
		view.Read += fmt.Sprintf(" About no letter of this programme: %d.", n.Unknown)
	}
	return s.render(c, fiber.StatusOK, "staff/mailings", view)
}
