package app

import (
	"html/template"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// sheet is what every respondent's page has around it.
type sheet struct {
	Lang      string
	Title     string // of the document
	Name      string // of the programme
	Demo      bool
	Languages []languageChoice
	Styles    []string     // what the kinds of item on the page bring besides respond.css
	Trial     bool         // through a test link: nothing counts
	Carry     template.URL // what the address says of hidden items, for the address of another language: "&src=hall2"
	Shared    bool         // the address of another language says so too
	Form      string       // id of the form that a change of language posts; "": a link does it
	Care      care
}

// languageChoice is one language a page can be read in.
type languageChoice struct {
	Tag     string
	Current bool
}

func (s *Server) sheet(v visit, title string) sheet {
	name := v.Programme.Name
	page := sheet{Lang: v.lang, Title: title + " – " + name, Name: name, Demo: v.Programme.Demo || s.config.Demo}
	page.Styles, page.Trial, page.Care = v.styles(), v.Test, s.careAt(v)
	if tags := v.languages(); len(tags) > 1 {
		page.Languages = languageChoices(tags, v.lang)
	}
	return page
}

func languageChoices(tags []string, current string) []languageChoice {
	choices := make([]languageChoice, len(tags))
	for i, tag := range tags {
		choices[i] = languageChoice{tag, tag == current}
	}
	return choices
}

// landingPage is GET /s/:token.
type landingPage struct {
	sheet
	Token                string // under which the phone keeps what is not sent
	Personal             string // the secret of a personal link, for the forms
	Version              int
	Heading, Place       string
	Intro, Readers, Help string
	Thanks, Receipt      string // Receipt is for the script to fill in
	Resume               string // where answers in progress go on; "" in the document for everyone
	Start, Submit, Again string
	Parts                []partView // the whole questionnaire, for JavaScript
	Scripts              []string
	Logic                template.JS // JSON; "" if there is none
	Link                 []linkValue // what the address says of hidden items
	Code                 string      // address where a code to go on with is typed; "" on a shared device
	Later                string      // address of the script that comes after the page
	Plain                bool        // the browser keeps nothing to open without network: it is not asked over HTTPS
	One                  bool        // all parts on one screen, without a check
}

func (s *Server) landing(v visit, resume string) (landingPage, error) {
	v.doc, v.way = true, v.Instrument.Walk(questionnaire.Sitting{Wave: v.Link.Wave}, nil)
	d := &v.Instrument.Version().Definition
	page := landingPage{
		sheet: s.sheet(v, v.in(d.Title)), Token: v.draftKey(), Personal: v.personal, Version: v.Instrument.Version().Number, Heading: v.in(d.Title), Place: place(v),
		Intro: v.in(d.Intro), Readers: v.in(d.Readers), Help: v.in(d.Help), Thanks: v.in(d.Thanks),
		Resume: resume, Start: v.path("/start"), Submit: v.path("/submit"), Again: v.path("/again"),
	}
	if !v.shared {
		page.Code = v.path("/resume") + "?lang=" + v.lang
	}
	page.Later, page.Plain = laterAddress, v.unsafe && !v.shared
	if v.Workshop.ID != "" {
		page.Place += " · " + s.workshopWords(v.lang, v.Workshop)
	}
	page.One = v.one()
	page.Shared, page.Scripts, page.Link, page.Carry = v.shared, v.scripts(), v.said, template.URL(carried(v.said))
	given := v.defaults()
	for _, part := range v.parts() {
		if !v.emptied(part) {
			page.Parts = append(page.Parts, s.partView(v, part, filled{raw: given}))
		}
	}
	var err error
	page.Logic, err = s.logicOf(v)
	return page, err
}

// place says where this is about: institution and cohort.
func place(v visit) string {
	if v.Institution == "" || v.Institution == v.Cohort.Name {
		return v.Cohort.Name
	}
	return v.Institution + " · " + v.Cohort.Name
}

// partPage is one part without JavaScript.
type partPage struct {
	sheet
	Heading string
	Number  int // from 1
	Of      int
	Action  string
	Part    partView
	resumeCode
	Asked    bool // Problems are elements of the code to fill in, or to go on without
	Problems []fieldProblem
	Look     []string // the self-made code, element by element, for the person to look at
	Seen     string   // the same in one, posted when it was looked at
}

// fieldProblem is one line of the summary of what is wrong.
type fieldProblem struct {
	Href string
	Text string
}

func (s *Server) partPage(v visit, r surveys.Response, n int, part *questionnaire.Part, f filled) partPage {
	f.coded = r.Coded
	heading := v.in(v.Instrument.Version().Definition.Title)
	number, of := v.place(n)
	title := s.locales.say(v.lang, "respond.part_of", number, of) + " – " + heading
	problems := s.problemsOf(v, f.errs, func(string) string { return "" })
	page := partPage{
		sheet: s.sheet(v, s.errorTitle(v, title, problems)), Heading: heading, Number: number, Of: of,
		Action: v.partPath(n), Part: s.partView(v, part, f), Problems: problems,
	}
	page.Form = "answers"
	return page
}

func (s *Server) errorTitle(v visit, title string, problems []fieldProblem) string {
	if len(problems) == 0 {
		return title
	}
	return s.locales.say(v.lang, "respond.error") + questionnaire.Colon(v.lang) + title
}

// problemsOf puts each error into words, with a link to the first control of its
// field; page gives the address of the page that the control is on.
func (s *Server) problemsOf(v visit, errs questionnaire.FieldErrors, page func(control string) string) []fieldProblem {
	problems := make([]fieldProblem, len(errs))
	for i, e := range errs {
		label := s.labelOf(v, e)
		problems[i] = fieldProblem{page(e.Control) + "#" + controlDOMID(e.Control), questionnaire.JoinLabel(v.lang, label, s.message(v, e))}
	}
	return problems
}

// message is what is wrong with one field, in the language of the page.
func (s *Server) message(v visit, e questionnaire.FieldError) string {
	args := make([]any, len(e.Args))
	for i, arg := range e.Args {
		text, worded := arg.(questionnaire.Text)
		switch {
		case worded && e.Key == questionnaire.KeySaid:
			arg = v.in(text) // with answers in it, whose signs mean themselves
		case worded:
			arg = v.plain(text)
		}
		args[i] = arg
	}
	return s.locales.say(v.lang, e.Key, args...)
}

// checkPage shows all answers before they are sent.
type checkPage struct {
	sheet
	Parts    []answerPart
	Problems []fieldProblem
	Send     string
	resumeCode
	Switch string // where the form that changes the language posts to
	Back   string
}

// answerPart is one part's answers in words.
type answerPart struct {
	Lang  string
	Title string
	Rows  []answerRow
}

// answerRow is one answer in words; Shown is "" where there is none.
type answerRow struct {
	Label, Shown, Change string
}

func (s *Server) checkPage(v visit, r surveys.Response, errs questionnaire.FieldErrors) checkPage {
	problems := s.problemsOf(v, errs, func(control string) string { return v.changePath(control) })
	page := checkPage{
		sheet:    s.sheet(v, s.errorTitle(v, s.locales.say(v.lang, "respond.check"), problems)),
		Problems: problems, Send: v.path("/send"), Switch: v.path("/language"), Back: v.partPath(max(1, v.before(len(v.parts())+1))),
	}
	page.Form = "switch"
	for _, part := range v.parts() {
		rows := s.answerRows(v, v.pathOf(part), r.Answers)
		if r.Coded {
			s.markCoded(v, part, rows)
		}
		if len(rows) > 0 {
			page.Parts = append(page.Parts, answerPart{v.lang, v.plain(part.Title), rows})
		}
	}
	return page
}

// changePath is the page with a control, from which one comes back to the check.
func (v visit) changePath(control string) string {
	for i, part := range v.parts() {
		if controlsOf([]*questionnaire.Part{part}, v.Link.Wave)[control] {
			return v.partPath(i+1) + "?check"
		}
	}
	return v.path("/check")
}

// answerRows are the answers to items in words, in their order. A linkage code
// has a row that never shows it.
func (s *Server) answerRows(v visit, items []*questionnaire.Item, answers questionnaire.Answers) []answerRow {
	var rows []answerRow
	for _, item := range items {
		if item.Kind == questionnaire.KindLinkageCode {
			control := questionnaire.CodeControl(item)
			rows = append(rows, answerRow{Label: v.plain(item.Label), Change: v.changePath(control) + "#" + controlDOMID(control)})
		}
		for _, f := range s.fieldsOf(v, item) {
			shown := s.shown(v, f, answers)
			rows = append(rows, answerRow{f.Plain, shown, v.changePath(f.Name) + "#" + controlDOMID(f.Name)})
		}
	}
	return rows
}

func (s *Server) shown(v visit, f fieldView, answers questionnaire.Answers) string {
	id := questionnaire.ItemID(f.Name)
	answer, ok := answers[id]
	if !ok {
		return ""
	}
	switch variable, _ := v.Instrument.Variable(id); {
	case variable.Kind == questionnaire.KindConsent && answer.Choice != "":
		return s.locales.say(v.lang, "respond."+answer.Choice)
	case variable.Kind == questionnaire.KindAcknowledge && answer.Choice != "":
		return s.locales.say(v.lang, "respond.yes")
	case variable.Kind == questionnaire.KindNumber && answer.Number != nil:
		return showNumber(v.lang, *answer.Number)
	}
	return v.dated(id, v.Instrument.Show(id, answer, v.lang))
}

// markCoded says of the linkage code only that it is there.
func (s *Server) markCoded(v visit, part *questionnaire.Part, rows []answerRow) {
	item, ok := v.Instrument.LinkageCode(v.Link.Wave)
	if !ok || !controlsOf([]*questionnaire.Part{part}, v.Link.Wave)[questionnaire.CodeControl(item)] {
		return
	}
	for i := range rows {
		if rows[i].Label == v.plain(item.Label) && rows[i].Shown == "" {
			rows[i].Shown = s.locales.say(v.lang, "respond.code_given")
		}
	}
}

// thanksPage is the end.
type thanksPage struct {
	sheet
	Thanks, Receipt, Help, Again string
}

func (s *Server) thanksPage(v visit, r surveys.Response) thanksPage {
	d := &v.Instrument.Version().Definition
	return thanksPage{
		sheet:  s.sheet(v, s.locales.say(v.lang, "respond.thank_you")),
		Thanks: v.in(d.Thanks), Help: v.in(d.Help), Receipt: surveys.ReceiptOf(r.ID), Again: v.path("/again"),
	}
}

// opening says when a link opens, in the programme's zone: "7 March 2026, 09:00".
func (s *Server) opening(v visit) string {
	if v.Link.State(s.surveys.Now()) != "not_yet" {
		return ""
	}
	at := v.Link.Opens.In(v.Programme.Location())
	return s.locales.say(v.lang, "respond.opens", s.locales.showDate(v.lang, at, precisionDay), at.Format("15:04"))
}
