package app

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// paperCSS is the address of the sheet of forms on paper.
var paperCSS = assetAddress("paper.css")

// mostCopies is how many numbered forms one page prints.
const mostCopies = 100

// paperPage is a form to print, once or once for each number.
type paperPage struct {
	Title, CSS, Back string
	Large            bool
	Ways             []crumb // other languages, large print
	Form             paperForm
	Heading, Place   string
	Intro, Readers   string
	Thanks, Help     string
	Care             care
	Batch            string   // number; "" for a form of no batch
	Copies           []string // numbers of forms; one "" leaves squares to write it
	NumberCells      paperCell
	DateCells        []paperCell
	Mark             string // "Demonstration"
	Version          string // "parenting 2", which whoever keys needs to know
}

// both gives a part of a template two things.
type both struct{ Page, Number any }

// pair is for templates.
func pair(page, number any) both { return both{page, number} }

// printBatch shows the form of a batch to print.
func (s *Server) printBatch(c *fiber.Ctx) error {
	b, inv, err := s.surveys.BatchInvitation(c.UserContext(), programmeID(c), c.Params("batch"))
	if err != nil {
		return err
	}
	v := visit{Invitation: inv, own: s.locales, lang: b.Language}
	page := s.paperPage(c, v)
	page.Batch, page.Back, page.Place = b.Number, batchPath(b), s.paperPlace(v)
	page.Copies = copiesAsked(c)
	if inv.Programme.Demo || s.config.Demo {
		page.Mark = "Demonstration"
	}
	return s.sendPaper(c, page, batchPath(b)+"/media/")
}

// printVersion shows a published version to print, of no cohort.
func (s *Server) printVersion(c *fiber.Ctx) error {
	n, err := strconv.Atoi(c.Params("version"))
	if err != nil || n < 1 {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found", Err: err}
	}
	version, err := s.surveys.Version(c.UserContext(), askedID(c), n)
	if err != nil {
		return err
	}
	instrument, err := questionnaire.Compile(version)
	if err != nil {
		return fmt.Errorf("compiling a version to print: %w", err)
	}
	languages := version.Definition.Languages
	v := visit{own: s.locales, lang: languages[0]}
	if asked := c.Query("lang"); slices.Contains(languages, asked) {
		v.lang = asked
	}
	v.Invitation = surveys.Invitation{Instrument: instrument, Link: surveys.Link{Wave: waveAsked(c)}}
	page := s.paperPage(c, v)
	page.Back = questionnairePath(version.Questionnaire) + "/versions"
	for _, tag := range languages {
		page.Ways = append(page.Ways, crumb{languageName(tag), paperQuery(c, "lang", tag), tag == v.lang})
	}
	for _, wave := range surveys.DesignPrePostFollowUp.Waves() {
		page.Ways = append(page.Ways, crumb{"As asked: " + waveWords[wave], paperQuery(c, "wave", string(wave)), wave == v.Link.Wave})
	}
	return s.sendPaper(c, page, questionnairePath(version.Questionnaire)+"/media/")
}

// waveAsked is the wave that an address names; after, unless it names one.
func waveAsked(c *fiber.Ctx) questionnaire.Wave {
	asked := questionnaire.Wave(c.Query("wave"))
	if slices.Contains(surveys.DesignPrePostFollowUp.Waves(), asked) {
		return asked
	}
	return questionnaire.WavePost
}

// paperPage is the form of a visit as it is printed.
func (s *Server) paperPage(c *fiber.Ctx, v visit) paperPage {
	v.Link.Token = previewToken
	d := &v.Instrument.Version().Definition
	page := paperPage{
		CSS: paperCSS, Large: c.QueryBool("large"), Form: s.paperForm(v), Heading: v.in(d.Title), Title: v.in(d.Title),
		Intro: v.in(d.Intro), Readers: v.in(d.Readers), Thanks: v.in(d.Thanks), Help: v.in(d.Help), Copies: []string{""},
		Care:        careOf(v.lang, v.Programme.Safeguarding.Help),
		NumberCells: paperCell{Squares: make([]struct{}, 4)},
	}
	page.Version = fmt.Sprintf("%s %d", v.Instrument.Version().Questionnaire, v.Instrument.Version().Number)
	for range 2 {
		page.DateCells = append(page.DateCells, paperCell{Squares: make([]struct{}, 2)})
	}
	page.DateCells = append(page.DateCells, paperCell{Squares: make([]struct{}, 4)})
	page.Ways = append(page.Ways,
		crumb{"Ordinary print", paperQuery(c, "large", ""), !page.Large}, crumb{"Large print (16 point)", paperQuery(c, "large", "true"), page.Large})
	return page
}

// paperPlace is cohort and wave, in the language of the form.
func (s *Server) paperPlace(v visit) string {
	where := place(v)
	if len(v.Strand.Design.Waves()) == 1 {
		return where
	}
	return where + " · " + s.locales.say(v.lang, waveKeys[v.Link.Wave])
}

// copiesAsked are the numbers from and to in an address; none: one form with
// squares for its number.
func copiesAsked(c *fiber.Ctx) []string {
	from, to := c.QueryInt("from"), c.QueryInt("to")
	if from < 1 || to < from || to > surveys.MostForms {
		return []string{""}
	}
	var numbers []string
	for n := from; n <= min(to, from+mostCopies-1); n++ {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return numbers
}

// paperQuery is the address of the page with one thing changed; "" leaves it out.
func paperQuery(c *fiber.Ctx, name, value string) string {
	query := url.Values{}
	for key, v := range c.Queries() {
		query.Set(key, v)
	}
	query.Set(name, value)
	if value == "" {
		query.Del(name)
	}
	return c.Path() + "?" + query.Encode()
}

// sendPaper answers with a form to print; its pictures lie at media.
func (s *Server) sendPaper(c *fiber.Ctx, page paperPage, media string) error {
	html, err := s.views.execute("paper/form", page)
	if err != nil {
		return err
	}
	html = bytes.ReplaceAll(html, []byte("/s/"+previewToken+"/media/"), []byte(template.HTMLEscapeString(media)))
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendEncoded(c, html)
}

// batchMedium is a picture of a form on paper.
func (s *Server) batchMedium(c *fiber.Ctx) error {
	medium, err := s.surveys.BatchMedium(c.UserContext(), programmeID(c), c.Params("batch"), c.Params("medium"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, medium.Type)
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable") // the id is the digest of its bytes
	return c.Send(medium.Data)
}

func paperPath(id surveys.ProgrammeID) string { return programmePath(id) + "/paper" }

func batchPath(b surveys.Batch) string { return paperPath(b.Programme) + "/" + b.Number }
