package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// summaryView is the page on which the summary of a strand is put into words.
type summaryView struct {
	staffPage
	Address  string
	Profile  surveys.Profile
	Profiles []crumb
	Revision int64
	Saved    bool
	Problem  string
	Sections []summaryFields
	Chosen   bool // somebody chose the quotes
	Quotes   []quoteOption
}

// summaryFields are the paragraphs of one part.
type summaryFields struct {
	Title  string
	Fields []summaryField
}

// summaryField is one paragraph with its control; Fixed has none.
type summaryField struct {
	ID, Label       string
	Value, Proposed string
	Fixed           bool
	Edited, Moved   bool
	By, Was         string // who changed it and when; the sentence it stands for
	Strange         string // numbers in it that the report does not hold
	Rows            int
}

// quoteOption is one quote that may be on the page.
type quoteOption struct {
	Key, Text, Who string
	On             bool
}

// summaryProfile reads who the summary is for: the council, unless it is said.
func summaryProfile(value string) surveys.Profile {
	if surveys.Profile(value) == surveys.ProfilePublished {
		return surveys.ProfilePublished
	}
	return surveys.ProfileInternal
}

// summaryDraft gathers the page of a profile, as a file of it would be made now.
func (s *Server) summaryDraft(c *fiber.Ctx, profile surveys.Profile) (exports.SummaryDraft, error) {
	earlier, err := s.surveys.Releases(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")))
	if err != nil {
		return exports.SummaryDraft{}, err
	}
	return s.summaryBeside(c, profile, earlier)
}

// summaryBeside is summaryDraft beside what was released before.
func (s *Server) summaryBeside(c *fiber.Ctx, profile surveys.Profile, earlier []surveys.Release) (exports.SummaryDraft, error) {
	ctx, p, strand := c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand"))
	data, err := s.surveys.Dataset(ctx, p, strand)
	if err != nil {
		return exports.SummaryDraft{}, err
	}
	opt := outcomes.Options{Profile: profile, Earlier: earlier, Made: s.surveys.Now()}
	report, err := outcomes.Build(ctx, data, opt)
	if err != nil {
		return exports.SummaryDraft{}, err
	}
	return exports.DraftSummary(ctx, exports.Material{Data: data, Report: report})
}

// summary shows the sentences, each in a box of its own.
func (s *Server) summary(c *fiber.Ctx) error {
	draft, err := s.summaryDraft(c, summaryProfile(c.Query("profile")))
	if err != nil {
		return err
	}
	return s.showSummary(c, fiber.StatusOK, &draft, draft.Edits, "")
}

// showSummary renders the page with the edits that there are, or that were typed.
func (s *Server) showSummary(c *fiber.Ctx, status int, draft *exports.SummaryDraft, edits surveys.Summary, problem string) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	report := draft.Material.Report
	page.Title = "Summary: " + report.Title
	page.Crumbs = append(page.Crumbs, crumb{report.Title, strandPath(p.ID, report.Strand), false})
	view := summaryView{
		staffPage: page, Address: strandPath(p.ID, report.Strand) + "/summary", Profile: report.Profile, Problem: problem,
		Revision: draft.Edits.Revision, Saved: problem == "" && c.Query("saved") != "", Chosen: edits.Chosen,
	}
	for _, one := range []struct {
		profile surveys.Profile
		words   string
	}{{surveys.ProfileInternal, "For use within the council"}, {surveys.ProfilePublished, "To publish"}} {
		view.Profiles = append(view.Profiles, crumb{one.words, view.Address + "?profile=" + string(one.profile), one.profile == report.Profile})
	}
	draft.Edits = edits
	if view.Sections, err = summarySections(draft, p.Location()); err != nil {
		return err
	}
	view.Quotes = quoteOptions(draft)
	return s.render(c, status, "staff/summary", view)
}

// summarySections are the paragraphs part by part.
func summarySections(draft *exports.SummaryDraft, zone *time.Location) ([]summaryFields, error) {
	var sections []summaryFields
	for _, part := range outcomes.Parts() {
		section := summaryFields{Title: outcomes.PartTitle(part, draft.Material.Report.Design)}
		if part == outcomes.PartLead {
			section.Title = "The sentence to remember"
		}
		for i, p := range draft.Proposed {
			if p.Part != part {
				continue
			}
			field, err := summaryFieldOf(draft, i, zone)
			if err != nil {
				return nil, err
			}
			field.Label = section.Title
			if n := len(section.Fields); n > 0 {
				field.Label += ", paragraph " + strconv.Itoa(n+1)
			}
			if label := measureLabel(draft.Material.Report, p.ID); label != "" {
				field.Label = label
			}
			section.Fields = append(section.Fields, field)
		}
		if len(section.Fields) > 0 {
			sections = append(sections, section)
		}
	}
	return sections, nil
}

// measureLabel names the measure that a paragraph is about, "" if it is about none.
func measureLabel(r *outcomes.Report, paragraph string) string {
	id, ok := strings.CutPrefix(paragraph, "change:")
	for i := range r.Measures {
		if m := &r.Measures[i]; ok && string(m.ID) == id {
			return m.Label.In(sourceLanguage)
		}
	}
	return ""
}

func summaryFieldOf(draft *exports.SummaryDraft, i int, zone *time.Location) (summaryField, error) {
	p := draft.Proposed[i]
	field := summaryField{ID: p.ID, Value: draft.Text(p), Proposed: p.Text, Fixed: exports.SummaryFixed(p.ID), Moved: draft.Moved(p)}
	edit, ok := draft.Edits.Edits[p.ID]
	field.Edited = ok && edit.Text != p.Text
	if field.Edited && edit.Name != "" {
		field.By = edit.Name + ", " + edit.At.In(zone).Format("2 January 2006, 15:04")
	}
	field.Was = edit.Proposed
	field.Rows = min(8, 2+len(field.Value)/90)
	if !field.Edited {
		return field, nil
	}
	said := make([]string, len(draft.Proposed))
	for i, one := range draft.Proposed {
		said[i] = one.Text
	}
	strange, err := outcomes.NotIn(draft.Material.Report, field.Value, said...)
	field.Strange = strings.Join(strange, ", ")
	return field, err
}

// quoteOptions are the quotes there are, those of the page marked.
func quoteOptions(draft *exports.SummaryDraft) []quoteOption {
	var on []string
	for _, row := range draft.Chosen() {
		on = append(on, surveys.SummaryQuote(row.Text))
	}
	var options []quoteOption
	for _, row := range draft.Quotes {
		key := surveys.SummaryQuote(row.Text)
		options = append(options, quoteOption{key, row.Text, row.Attribution(), slices.Contains(on, key)})
	}
	return options
}

// saveSummary keeps what was typed. What was refused is shown again.
func (s *Server) saveSummary(c *fiber.Ctx) error {
	draft, err := s.summaryDraft(c, summaryProfile(typed(c, "profile")))
	if err != nil {
		return err
	}
	edits := typedSummary(c, &draft)
	_, err = s.surveys.SaveSummary(c.UserContext(), programmeID(c), draft.Material.Report.Strand, edits)
	if kind := surveys.KindOf(err); kind == surveys.KindInvalid || kind == surveys.KindConflict {
		return s.showSummary(c, fiber.StatusUnprocessableEntity, &draft, edits, s.summaryProblem(err))
	}
	if err != nil {
		return err
	}
	return sees(c, strandPath(programmeID(c), draft.Material.Report.Strand)+"/summary?profile="+string(draft.Material.Report.Profile)+"&saved=1")
}

// summaryProblem says what was refused.
func (s *Server) summaryProblem(err error) string {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return ""
	}
	return s.locales.say(sourceLanguage, e.Key, e.Args...)
}

// typedSummary reads the form. A box that is ticked takes the proposed sentence back.
func typedSummary(c *fiber.Ctx, draft *exports.SummaryDraft) surveys.Summary {
	edits := surveys.Summary{Profile: draft.Material.Report.Profile, Filter: draft.Material.Report.Filter, Edits: map[string]surveys.SummaryEdit{}}
	edits.Revision, _ = strconv.ParseInt(typed(c, "revision"), 10, 64)
	resets := typedAll(c, "reset")
	for _, p := range draft.Proposed {
		if exports.SummaryFixed(p.ID) || slices.Contains(resets, p.ID) || c.Request().PostArgs().Peek("text:"+p.ID) == nil {
			continue
		}
		text := strings.TrimSpace(strings.ReplaceAll(typed(c, "text:"+p.ID), "\r\n", "\n"))
		if was := typed(c, "was:"+p.ID); text != was { // was is what the person saw beside it
			edits.Edits[p.ID] = surveys.SummaryEdit{Text: text, Proposed: was}
		}
	}
	edits.Quotes = typedAll(c, "quote")
	proposed := exports.SummaryDraft{Quotes: draft.Quotes}
	var keys []string
	for _, row := range proposed.Chosen() {
		keys = append(keys, surveys.SummaryQuote(row.Text))
	}
	if edits.Chosen = !slices.Equal(keys, edits.Quotes); !edits.Chosen {
		edits.Quotes = nil
	}
	return edits
}

// printedSummary is the page as it leaves on paper: what it tells is remembered first,
// as that of a file is.
func (s *Server) printedSummary(c *fiber.Ctx, profile surveys.Profile) (draft exports.SummaryDraft, err error) {
	p, strand := programmeID(c), surveys.StrandID(c.Params("strand"))
	err = s.surveys.ReleaseFigures(c.UserContext(), p, strand, func(earlier []surveys.Release) (*surveys.Release, error) {
		if draft, err = s.summaryBeside(c, profile, earlier); err != nil || draft.Material.Report.Release == nil {
			return nil, err
		}
		return namedRelease(p, strand, "summary.html", *draft.Material.Report.Release)
	})
	return draft, err
}

// summaryPrint is the page as it is printed.
func (s *Server) summaryPrint(c *fiber.Ctx) error {
	profile := summaryProfile(c.Query("profile"))
	draft, err := s.printedSummary(c, profile)
	if err == nil {
		err = s.surveys.Audit(c.UserContext(), programmeID(c), "summary.printed", c.Params("strand")+", profile "+string(profile))
	}
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := draft.WriteHTML(&page); err != nil {
		return err
	}
	// The page is the file that is downloaded: its one style is in it.
	sum := sha256.Sum256([]byte(exports.SummaryStyle()))
	c.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(page.Bytes())
}

// sendSummary makes the file as every export is made, so that what it tells of few
// people is remembered, and goes to it.
func (s *Server) sendSummary(c *fiber.Ctx) error {
	format := "summary.docx"
	if typed(c, "format") == "summary.html" {
		format = "summary.html"
	}
	ctx, p := c.UserContext(), programmeID(c)
	e, err := s.surveys.AskExport(ctx, surveys.Export{
		Programme: p, Strand: surveys.StrandID(c.Params("strand")), Format: format, Profile: summaryProfile(typed(c, "profile")),
	})
	if err != nil {
		return err
	}
	if e, err = s.surveys.AwaitExport(ctx, p, e.ID); err != nil {
		return err
	}
	if e.State != surveys.ExportDone {
		return sees(c, programmePath(p)+"/exports/"+string(e.ID))
	}
	return sees(c, programmePath(p)+"/exports/"+string(e.ID)+"/file")
}
