package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// mailingView is one mailing: how far it is, what it says, and when.
type mailingView struct {
	staffPage
	Missing  string
	Address  string
	Row      mailingRow
	Planned  bool
	Ended    bool
	Totals   []totalRow
	Cohorts  []mailingCohort
	Log      []stepRow
	Edit     *form
	Preview  letterPreview
	Did      string // what a button has done
	Revision int64
}

// totalRow is how many letters of a step there were, of a mailing that ended.
type totalRow struct {
	Step string
	N    int
}

// stepRow is one step in the log of a mailing.
type stepRow struct {
	Step, Due, Sent, What string
}

// mailingLog says what became of the letters of each step.
func (s *Server) mailingLog(c *fiber.Ctx, p surveys.Programme, m surveys.Mailing) ([]stepRow, error) {
	log, err := s.surveys.MailingLog(c.UserContext(), m)
	var rows []stepRow
	for _, one := range log {
		row := stepRow{Step: stepWords[one.Step], Due: m.At[one.Step].In(p.Location()).Format("2006-01-02 15:04")}
		if !one.First.IsZero() {
			row.Sent = one.First.In(p.Location()).Format("2006-01-02 15:04") + " to " + one.Last.In(p.Location()).Format("2006-01-02 15:04")
		}
		var parts []string
		for _, state := range letterStates {
			if n := one.States[state]; n > 0 {
				parts = append(parts, strconv.Itoa(n)+" "+letterWords[state])
			}
		}
		row.What = strings.Join(parts, ", ")
		rows = append(rows, row)
	}
	return rows, err
}

// The states of letters in the order in which they are told, and their words.
var (
	letterStates = []surveys.LetterState{
		surveys.LetterDelivered, surveys.LetterDeferred, surveys.LetterRefused, surveys.LetterFailed, surveys.LetterUncertain, surveys.LetterClaimed,
	}
	letterWords = map[surveys.LetterState]string{
		surveys.LetterDelivered: "delivered", surveys.LetterDeferred: "to be tried again", surveys.LetterRefused: "refused", surveys.LetterFailed: "given up",
		surveys.LetterUncertain: "uncertain", surveys.LetterClaimed: "going out",
	}
)

// mailingCohort is one cohort's counts.
type mailingCohort struct {
	Name string
	surveys.MailingCount
}

// letterPreview is one letter in words.
type letterPreview struct {
	Lang, Dir     string
	Languages     []crumb
	Steps         []crumb
	Subject, Text string
	Step          surveys.Step
	Problem       string
}

func (s *Server) mailingOf(c *fiber.Ctx) (staffPage, surveys.Programme, surveys.Mailing, error) {
	page, p, err := s.programmePage(c, "E-mail")
	if err != nil {
		return page, p, surveys.Mailing{}, err
	}
	m, err := s.surveys.Mailing(c.UserContext(), p.ID, surveys.MailingID(c.Params("mailing")))
	if err != nil {
		return page, p, m, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"E-mail", mailingsPath(p.ID), false})
	return page, p, m, nil
}

func (s *Server) mailingView(c *fiber.Ctx) (mailingView, surveys.Programme, surveys.Mailing, error) {
	page, p, m, err := s.mailingOf(c)
	if err != nil {
		return mailingView{}, p, m, err
	}
	view := mailingView{
		staffPage: page, Missing: s.missingForMail(), Address: mailingPath(m), Planned: m.State == surveys.MailingPlanned,
		Ended: m.State == surveys.MailingEnded, Revision: m.Revision,
	}
	if view.Row, err = s.mailingRow(c, p, m); err != nil {
		return view, p, m, err
	}
	view.Title = view.Row.Title
	for _, step := range surveys.Steps() {
		if n, ok := m.Totals[step]; ok {
			view.Totals = append(view.Totals, totalRow{stepWords[step], n})
		}
	}
	if view.Cohorts, err = s.mailingCohorts(c, m); err != nil {
		return view, p, m, err
	}
	if view.Log, err = s.mailingLog(c, p, m); err != nil {
		return view, p, m, err
	}
	languages, err := s.surveys.StrandLanguages(c.UserContext(), p.ID, m.Strand)
	if err != nil {
		return view, p, m, err
	}
	view.Edit = s.mailingForm(page, p, m, languages)
	view.Preview = s.letterPreviewOf(c, m, languages)
	return view, p, m, nil
}

func (s *Server) mailingCohorts(c *fiber.Ctx, m surveys.Mailing) ([]mailingCohort, error) {
	counts, err := s.surveys.MailingCounts(c.UserContext(), m)
	if err != nil {
		return nil, err
	}
	_, names, err := s.cohortNames(c, m.Programme)
	rows := make([]mailingCohort, len(counts))
	for i, n := range counts {
		rows[i] = mailingCohort{names[n.Cohort], n}
	}
	return rows, err
}

// textControl names the control of a text in one language, as errors do.
func textControl(lang, name string) string { return "texts[" + lang + "]." + name }

// mailingForm has the times and, for each language, the texts: those of the author,
// or the product's own, which stay the product's own as long as they are not changed.
func (s *Server) mailingForm(page staffPage, p surveys.Programme, m surveys.Mailing, languages []string) *form {
	sets := []fieldset{{Legend: "When", Fields: timeFields(p)}}
	for _, lang := range languages {
		sets = append(sets, fieldset{Legend: languageName(lang), Fields: []field{
			{Name: textControl(lang, "subject"), Label: "Subject of the invitation", Kind: "text", Lang: lang, Value: s.textOf(m, lang, "subject")},
			{Name: textControl(lang, "invitation"), Label: "Invitation", Kind: "textarea", Rows: 9, Lang: lang, Value: s.textOf(m, lang, "invitation"),
				Hint: "{{link}} alone on a line becomes a button, {{programme}} is the name, {{closes}} the end; a line with {{closes}} is left out where a link has no end. A greeting and the small print come by themselves."},
			{Name: textControl(lang, "reminder_subject"), Label: "Subject of reminders", Kind: "text", Lang: lang, Value: s.textOf(m, lang, "reminder_subject")},
			{Name: textControl(lang, "reminder"), Label: "Reminders", Kind: "textarea", Rows: 9, Lang: lang, Value: s.textOf(m, lang, "reminder")},
		}})
	}
	f := newForm(page, "mailing", mailingPath(m), "Save", sets...)
	f.More = []button{{"preview", "Save and look at it"}}
	for _, step := range surveys.Steps() {
		if at, ok := m.At[step]; ok {
			f.put(string(step), at.In(p.Location()).Format("2006-01-02T15:04"))
		}
	}
	return f
}

// textOf is what a control shows: the author's words, else the product's own.
func (s *Server) textOf(m surveys.Mailing, lang, name string) string {
	text, own := m.Texts[lang], s.ownLetters(lang)
	for _, one := range []struct{ name, text, own string }{
		{"subject", text.Subject, own.Subject}, {"invitation", text.Invitation, own.Invitation},
		{"reminder_subject", text.ReminderSubject, own.ReminderSubject}, {"reminder", text.Reminder, own.Reminder},
	} {
		if one.name == name && one.text != "" {
			return one.text
		}
		if one.name == name {
			return one.own
		}
	}
	return ""
}

// ownLetters are the product's own texts. The last reminder has words of its own,
// as long as the author has none for reminders.
func (s *Server) ownLetters(lang string) surveys.LetterText {
	var own surveys.LetterText
	own.Subject, own.Invitation = s.locales.letterText(lang, surveys.StepInvitation)
	own.ReminderSubject, own.Reminder = s.locales.letterText(lang, surveys.StepReminder)
	return own
}

// textsOf reads the texts; those that are still the product's own are left out.
func (s *Server) textsOf(c *fiber.Ctx, languages []string) map[string]surveys.LetterText {
	texts := map[string]surveys.LetterText{}
	for _, lang := range languages {
		own := s.ownLetters(lang)
		read := func(name, own string) string {
			text := strings.TrimSpace(strings.ReplaceAll(typed(c, textControl(lang, name)), "\r\n", "\n"))
			if text != strings.TrimSpace(own) {
				return text
			}
			return ""
		}
		texts[lang] = surveys.LetterText{
			Subject: read("subject", own.Subject), Invitation: read("invitation", own.Invitation),
			ReminderSubject: read("reminder_subject", own.ReminderSubject), Reminder: read("reminder", own.Reminder),
		}
	}
	return texts
}

// letterPreviewOf writes the letter that the address asks for.
func (s *Server) letterPreviewOf(c *fiber.Ctx, m surveys.Mailing, languages []string) letterPreview {
	lang, step := c.Query("lang"), surveys.Step(c.Query("step"))
	if !slices.Contains(languages, lang) {
		lang = languages[0]
	}
	if !slices.Contains(surveys.Steps(), step) {
		step = surveys.StepInvitation
	}
	view := letterPreview{Lang: lang, Dir: direction(lang), Step: step}
	for _, other := range languages {
		view.Languages = append(view.Languages, crumb{languageName(other), "?lang=" + other + "&step=" + string(step) + "#letter", other == lang})
	}
	for _, other := range surveys.Steps() {
		view.Steps = append(view.Steps, crumb{stepWords[other], "?lang=" + lang + "&step=" + string(other) + "#letter", other == step})
	}
	wording, err := s.surveys.PreviewLetter(c.UserContext(), m.Programme, m.ID, step, lang)
	if err != nil {
		e := asError(err)
		view.Problem = s.staffSentence(e.Key, e.Args...)
		return view
	}
	view.Subject, view.Text = wording.Subject, wording.Text
	return view
}

// mailing shows one.
func (s *Server) mailing(c *fiber.Ctx) error {
	view, _, _, err := s.mailingView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/mailing", view)
}

// changeMailing does what one of the page's buttons says.
func (s *Server) changeMailing(c *fiber.Ctx) error {
	switch do := typed(c, "do"); do {
	case "send", "preview":
		return s.saveMailing(c, do == "preview")
	case "start", "stop":
		return s.afterMailing(c, func(m surveys.Mailing) (string, error) {
			_, err := s.surveys.RunMailing(c.UserContext(), m.Programme, m.ID, do == "start")
			return map[string]string{"start": "Started. What is due goes out within a minute.", "stop": "Stopped. Nothing more is sent until you start it again."}[do], err
		})
	case "try":
		return s.afterMailing(c, func(m surveys.Mailing) (string, error) {
			err := s.surveys.TestLetter(c.UserContext(), m.Programme, m.ID, surveys.Step(typed(c, "step")), typed(c, "lang"))
			return "A test letter is on its way to your own address.", err
		})
	case "again":
		return s.afterMailing(c, func(m surveys.Mailing) (string, error) {
			n, err := s.surveys.ResendUncertain(c.UserContext(), m.Programme, m.ID)
			return strconv.Itoa(n) + " uncertain letters go out again within a minute.", err
		})
	}
	if _, _, _, err := s.mailingOf(c); err != nil {
		return err
	}
	return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.unreadable"}
}

// afterMailing does something and shows the page with what came of it.
func (s *Server) afterMailing(c *fiber.Ctx, do func(surveys.Mailing) (string, error)) error {
	_, _, m, err := s.mailingOf(c)
	if err != nil {
		return err
	}
	did, refusal := do(m)
	view, _, _, err := s.mailingView(c)
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if refusal != nil {
		e := asError(refusal)
		if e.Kind != surveys.KindInvalid && e.Kind != surveys.KindUnavailable {
			return refusal
		}
		status, did = outcomeOf[e.Kind].status, s.staffSentence(e.Key, e.Args...)
	}
	view.Did = did
	return s.render(c, status, "staff/mailing", view)
}

// saveMailing keeps times and texts.
func (s *Server) saveMailing(c *fiber.Ctx, look bool) error {
	view, p, m, err := s.mailingView(c)
	if err != nil {
		return err
	}
	languages, err := s.surveys.StrandLanguages(c.UserContext(), p.ID, m.Strand)
	if err != nil {
		return err
	}
	view.Edit.fill(c)
	m.At, m.Texts = timesOf(c, view.Edit, p.Location()), s.textsOf(c, languages)
	if !view.Edit.Fails() {
		if m, err = s.surveys.SaveMailing(c.UserContext(), m); err == nil {
			address := mailingPath(m)
			if look {
				address += "#letter"
			}
			return sees(c, address)
		}
		if _, err = s.refuse(view.Edit, err); err != nil {
			return err
		}
	}
	return s.render(c, fiber.StatusUnprocessableEntity, "staff/mailing", view)
}
