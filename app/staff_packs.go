package app

import (
	"html/template"
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

// packsView makes links for many cohorts at once and hands them out.
type packsView struct {
	staffPage
	Make     *form
	There    int // links of the choice that are there
	Missing  int
	Made     string // what has just been made; "" nothing
	Chosen   []string
	Posters  string // addresses of what is handed out
	Each     string // posters, and one for each workshop besides
	Workbook string
	List     string
	Rated    int // links of There that are for a workshop
}

func packsPath(id surveys.ProgrammeID) string { return programmePath(id) + "/packs" }

// noInstitution stands in a choice for the cohorts that are at none.
const noInstitution = "none"

// shortID is enough of an id to tell the institutions of a programme apart: a
// choice of many fits into an address.
const shortID = 8

// choice is what was chosen of a programme's links: nothing is everything.
type choice struct {
	Institutions []string // the first digits of their ids, or noInstitution
	Strands      []string
	Waves        []string
}

// choiceIn reads a choice from the address.
func choiceIn(c *fiber.Ctx) choice {
	query := c.Context().QueryArgs()
	split := func(name string) []string {
		return strings.FieldsFunc(string(query.Peek(name)), func(r rune) bool { return r == ',' })
	}
	return choice{split("i"), split("s"), split("w")}
}

// typedChoice reads a choice from the form.
func typedChoice(c *fiber.Ctx) choice {
	return choice{typedAll(c, "institutions"), typedAll(c, "strands"), typedAll(c, "waves")}
}

// address is path with the choice behind it.
func (ch choice) address(path string, more ...string) string {
	var parts []string
	for _, one := range []struct {
		name   string
		values []string
	}{{"i", ch.Institutions}, {"s", ch.Strands}, {"w", ch.Waves}} {
		if len(one.values) > 0 {
			escaped := make([]string, len(one.values))
			for i, value := range one.values {
				escaped[i] = url.QueryEscape(value)
			}
			parts = append(parts, one.name+"="+strings.Join(escaped, ","))
		}
	}
	if parts = append(parts, more...); len(parts) == 0 {
		return path
	}
	return path + "?" + strings.Join(parts, "&")
}

// pack is the choice as the service takes it.
func (ch choice) pack(cohorts []surveys.Cohort) surveys.Pack {
	var pack surveys.Pack
	for _, cohort := range cohorts {
		if len(ch.Institutions) > 0 && slices.Contains(ch.Institutions, shortOf(cohort.Institution)) {
			pack.Cohorts = append(pack.Cohorts, cohort.ID)
		}
	}
	if len(ch.Institutions) > 0 && len(pack.Cohorts) == 0 {
		pack.Cohorts = []surveys.CohortID{noInstitution} // nothing, which is not everything
	}
	for _, id := range ch.Strands {
		pack.Strands = append(pack.Strands, surveys.StrandID(id))
	}
	for _, wave := range ch.Waves {
		pack.Waves = append(pack.Waves, questionnaire.Wave(wave))
	}
	return pack
}

// shortOf is how a choice names an institution.
func shortOf(id surveys.InstitutionID) string {
	if id == "" {
		return noInstitution
	}
	return string(id[:min(len(id), shortID)])
}

// packsForm asks which links, and when they are open.
func (s *Server) packsForm(page staffPage, p surveys.Programme, cohorts []surveys.Cohort, institutions []surveys.Institution, ch choice) *form {
	places := make([]choiceOption, 0, len(institutions)+1)
	for _, i := range institutions {
		places = append(places, choiceOption{shortOf(i.ID), i.Name, ""})
	}
	if len(places) > 0 && slices.ContainsFunc(cohorts, func(c surveys.Cohort) bool { return c.Institution == "" }) {
		places = append(places, choiceOption{noInstitution, "cohorts at no institution", ""})
	}
	var strands, waves []choiceOption
	for _, strand := range p.Strands {
		strands = append(strands, choiceOption{string(strand.ID), strand.Title, ""})
		for _, wave := range strand.Design.Waves() {
			if one := (choiceOption{string(wave), waveWords[wave], ""}); !slices.Contains(waves, one) {
				waves = append(waves, one)
			}
		}
	}
	which := fieldset{Fields: []field{
		{Name: "strands", Label: "Who answers", Hint: "None ticked: everybody.", Kind: "checkboxes", Options: strands, Values: ch.Strands},
		{Name: "waves", Label: "When", Hint: "None ticked: every time.", Kind: "checkboxes", Options: waves, Values: ch.Waves},
	}}
	if len(places) > 1 {
		which.Fields = append(which.Fields, field{
			Name: "institutions", Label: "Institutions", Hint: "None ticked: all of them.", Kind: "checkboxes", Options: places, Values: ch.Institutions,
		})
	}
	return newForm(page, "pack", packsPath(p.ID), "Make the links that are missing", which, fieldset{Legend: "When they are open", Fields: []field{
		{Name: "opens", Label: "First day", Hint: "Empty: at once.", Kind: "date"},
		{Name: "closes", Label: "Last day", Hint: "Empty: until somebody closes them.", Kind: "date"},
		{Name: "redate", Label: "Links that are there already", Kind: "checkboxes", Options: []choiceOption{{"yes", "get these days too", ""}}},
	}}).more(button{"show", "Only show what is there"})
}

// more adds further ways to send a form.
func (f *form) more(buttons ...button) *form {
	f.More = append(f.More, buttons...)
	return f
}

func (s *Server) packsView(c *fiber.Ctx, ch choice) (packsView, surveys.Pack, error) {
	page, p, err := s.programmePage(c, "Links and posters")
	if err != nil {
		return packsView{}, surveys.Pack{}, err
	}
	institutions, err := s.surveys.Institutions(c.UserContext(), p.ID)
	if err != nil {
		return packsView{}, surveys.Pack{}, err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return packsView{}, surveys.Pack{}, err
	}
	view := packsView{staffPage: page, Make: s.packsForm(page, p, cohorts, institutions, ch)}
	at := packsPath(p.ID)
	view.Posters, view.Each = ch.address(at+"/posters"), ch.address(at+"/posters", "each=workshop")
	view.Workbook, view.List = ch.address(at+"/links.xlsx"), ch.address(at+"/links.csv")
	pack := ch.pack(cohorts)
	links, missing, err := s.surveys.PackLinks(c.UserContext(), p.ID, pack)
	view.There, view.Missing = len(links), missing
	for _, l := range links {
		if l.Link.Workshop != "" {
			view.Rated++
		}
	}
	return view, pack, err
}

// packs shows the form and what is there of the choice.
func (s *Server) packs(c *fiber.Ctx) error {
	view, _, err := s.packsView(c, choiceIn(c))
	if err != nil {
		return err
	}
	if made, err := strconv.Atoi(c.Query("made")); err == nil && made >= 0 {
		view.Made = manyOf(made, "link was made", "links were made")
	}
	return s.render(c, fiber.StatusOK, "staff/packs", view)
}

// manyOf is a number with its word.
func manyOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// makePack makes what is missing of the choice.
func (s *Server) makePack(c *fiber.Ctx) error {
	ch := typedChoice(c)
	if typed(c, "do") == "show" {
		return sees(c, ch.address(packsPath(programmeID(c))))
	}
	view, pack, err := s.packsView(c, ch)
	if err != nil {
		return err
	}
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	pack.Opens = dayIn(c, view.Make, "opens", p.Location(), 0)
	pack.Closes = dayIn(c, view.Make, "closes", p.Location(), 1)
	pack.Redate = typed(c, "redate") == "yes"
	view.Make.fill(c)
	if view.Make.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/packs", view)
	}
	made, err := s.surveys.MakePack(c.UserContext(), p.ID, pack)
	if err != nil {
		status, err := s.refuse(view.Make, err)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/packs", view)
	}
	return sees(c, ch.address(packsPath(p.ID), "made="+strconv.Itoa(made.Made)))
}

// dayIn reads a day from a control: its first moment in the zone, days later.
// Blank is the zero time; what is no day is put right beside the control.
func dayIn(c *fiber.Ctx, f *form, name string, zone *time.Location, days int) time.Time {
	text := strings.TrimSpace(typed(c, name))
	if text == "" {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		f.blame(name, "Enter the day as a date such as 2026-03-31")
		return time.Time{}
	}
	return day.AddDate(0, 0, days)
}

// postersView is one print of many posters.
type postersView struct {
	staffPage
	Posters []poster
	Back    string

	programme surveys.Programme
}

// poster is one sheet of A4 in one language.
type poster struct {
	Lang        string
	Programme   string
	Title       string // of what is asked, in Lang
	Institution string
	Cohort      string // "" if it is called like its institution
	When        string // the wave in Lang; "" if it is asked once
	Workshop    string // that is rated, with its day
	Until       string // the last day in Lang; "" if there is none
	Link        linkCard
	QR          template.HTML
	Languages   []ownName
	Demo        bool
}

// posters prints the posters of a choice, one a page.
func (s *Server) posters(c *fiber.Ctx) error {
	view, links, err := s.chosenLinks(c, "Posters")
	if err != nil {
		return err
	}
	each := c.Query("each") == "workshop"
	for _, l := range links {
		if l.Link.Workshop != "" && !each {
			continue
		}
		sheet, err := s.poster(c, view.programme, l)
		if err != nil {
			return err
		}
		sheet.Demo = view.Demo
		view.Posters = append(view.Posters, sheet)
	}
	return s.render(c, fiber.StatusOK, "staff/posters", view)
}

// chosenLinks are the links of the choice in the address.
func (s *Server) chosenLinks(c *fiber.Ctx, title string) (postersView, []surveys.PackLink, error) {
	page, p, err := s.programmePage(c, title)
	if err != nil {
		return postersView{}, nil, err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return postersView{}, nil, err
	}
	ch := choiceIn(c)
	links, _, err := s.surveys.PackLinks(c.UserContext(), p.ID, ch.pack(cohorts))
	return postersView{staffPage: page, Back: ch.address(packsPath(p.ID)), programme: p}, links, err
}

// poster lays a link out in the language of its institution, else of its
// questionnaire.
func (s *Server) poster(c *fiber.Ctx, p surveys.Programme, l surveys.PackLink) (poster, error) {
	card, err := s.linkCard(c, l.Link)
	if err != nil {
		return poster{}, err
	}
	def := l.Instrument.Version().Definition
	sheet := poster{Lang: l.Institution.Language, Programme: p.Name, Institution: l.Institution.Name, Link: card, QR: card.QR}
	if sheet.Lang == "" {
		sheet.Lang = def.Languages[0]
	}
	sheet.Title = def.Title.In(sheet.Lang, def.Languages...)
	if l.Cohort.Name != l.Institution.Name {
		sheet.Cohort = l.Cohort.Name
	}
	if len(l.Strand.Design.Waves()) > 1 {
		sheet.When = s.locales.say(sheet.Lang, "poster."+string(l.Link.Wave))
	}
	if l.Link.Workshop != "" {
		sheet.Workshop = s.workshopWords(sheet.Lang, l.Workshop)
	}
	if !l.Link.Closes.IsZero() { // a moment before: the end is excluded
		sheet.Until = s.locales.showDate(sheet.Lang, l.Link.Closes.Add(-time.Millisecond).In(p.Location()), precisionDay)
	}
	for _, tag := range def.Languages {
		sheet.Languages = append(sheet.Languages, ownName{tag, languageName(tag), direction(tag)})
	}
	return sheet, nil
}

// workshopWords names a workshop with its day: "Feelings, 3 February 2026".
func (s *Server) workshopWords(lang string, w surveys.Workshop) string {
	if w.Date == "" {
		return w.Title
	}
	return w.Title + ", " + s.locales.showDateText(lang, w.Date)
}

// sendLinks sends the links of a choice as one file.
func (s *Server) sendLinks(c *fiber.Ctx) error {
	view, links, err := s.chosenLinks(c, "Links")
	if err != nil {
		return err
	}
	p := view.programme
	table := exports.Table{Title: "Links", Columns: []exports.TableColumn{
		{Heading: "Institution", Width: 30}, {Heading: "Cohort", Width: 24}, {Heading: "Audience", Width: 14}, {Heading: "Who answers", Width: 20},
		{Heading: "Wave", Width: 12}, {Heading: "Workshop", Width: 26}, {Heading: "Day of the workshop", Width: 14}, {Heading: "Language", Width: 10},
		{Heading: "Address", Width: 44}, {Heading: "Code", Width: 14}, {Heading: "Opens", Width: 17}, {Heading: "Closes", Width: 17}, {Heading: "State", Width: 14},
	}}
	now, zone := s.surveys.Now(), p.Location()
	for _, l := range links {
		lang := l.Institution.Language
		if lang == "" {
			lang = l.Instrument.Version().Definition.Languages[0]
		}
		table.Rows = append(table.Rows, []any{
			l.Institution.Name, l.Cohort.Name, audienceWords[l.Strand.Audience], l.Strand.Title, waveWord(l.Strand.Design, l.Link.Wave), l.Workshop.Title,
			l.Workshop.Date, lang, s.base(c) + "/s/" + l.Link.Token, halves(l.Link.Token), zoned(l.Link.Opens, zone), zoned(l.Link.Closes, zone), stateWords[l.Link.State(now)],
		})
	}
	kind := "xlsx"
	if strings.HasSuffix(c.Path(), ".csv") {
		kind = "csv"
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "links.downloaded", strconv.Itoa(len(links))); err != nil {
		return err
	}
	return s.sendTable(c, table, fileName(p.Name)+"-links", kind)
}

// zoned is t as a zone's clocks show it; the zero time stays itself.
func zoned(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}
