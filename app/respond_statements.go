package app

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// The public statements: how far everybody can use these pages, and what is kept of
// whom. Each is sentences of ours in the reader's language, chosen by what the
// programme is set up to do, unless the team wrote its own.

// statementPage is a statement as it is read.
type statementPage struct {
	sheet
	Heading string
	Parts   []surveys.StatementPart
	Note    string // since when it stands, or that nobody confirmed it
}

// knownGaps is the one list of what does not work for everybody yet, by the keys that
// say so. A gap that is closed is taken out here.
var knownGaps = []string{"respond.access_gap_people", "respond.access_gap_media"}

// statementTitles are the headings of public statements.
var statementTitles = map[surveys.StatementKind]string{
	surveys.StatementAccessibility: "respond.accessibility", surveys.StatementPrivacy: "respond.privacy",
}

// proposed is a public statement in a language, as the programme is set up now.
func (s *Server) proposed(kind surveys.StatementKind, lang string, f surveys.StatementFacts, said surveys.Statements) []surveys.StatementPart {
	if kind == surveys.StatementAccessibility {
		return s.accessibilityParts(lang, said)
	}
	return s.privacyParts(lang, f, said)
}

func (s *Server) accessibilityParts(lang string, said surveys.Statements) []surveys.StatementPart {
	gaps := []string{s.locales.say(lang, "respond.access_gaps")}
	for _, key := range knownGaps {
		gaps = append(gaps, "– "+s.locales.say(lang, key))
	}
	if lang != sourceLanguage && s.locales.reviewed(lang) == "" {
		gaps = append(gaps, "– "+s.locales.say(lang, "respond.access_gap_reviewed"))
	}
	contact := s.locales.say(lang, "respond.access_ask")
	if said.Contact != "" {
		contact = s.locales.say(lang, "respond.access_contact", said.Contact)
	}
	return paragraphs(lang, "what", s.locales.say(lang, "respond.access_what"), "gaps", strings.Join(gaps, "\n"),
		"how", s.locales.say(lang, "respond.access_how"), "contact", contact)
}

// paragraphs pairs ids with texts; what has no text is left out.
func paragraphs(lang string, pairs ...string) []surveys.StatementPart {
	var parts []surveys.StatementPart
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			parts = append(parts, surveys.StatementPart{ID: pairs[i], Text: pairs[i+1], Lang: lang})
		}
	}
	return parts
}

// basisKeys say a lawful basis.
var basisKeys = map[surveys.Basis]string{
	surveys.BasisTask: "respond.privacy_task", surveys.BasisInterests: "respond.privacy_interests", surveys.BasisConsent: "respond.privacy_consent",
}

func (s *Server) privacyParts(lang string, f surveys.StatementFacts, said surveys.Statements) []surveys.StatementPart {
	say := func(on bool, key string, args ...any) string {
		if !on {
			return ""
		}
		return s.locales.say(lang, key, args...)
	}
	who := say(true, "respond.privacy_who_team")
	if said.Controller != "" && said.Contact != "" {
		who = say(true, "respond.privacy_who", said.Controller, said.Contact)
	}
	authority := said.Authority
	if authority == "" {
		authority = "Information Commissioner’s Office (ico.org.uk)"
		if lang == sourceLanguage {
			authority = "the " + authority
		}
	}
	return paragraphs(lang, "who", who, "basis", say(said.Basis != "", basisKeys[said.Basis]),
		"kept", say(true, "respond.privacy_kept"), "code", say(f.Codes, "respond.privacy_code"), "letters", say(f.Letters, "respond.privacy_letters"),
		"readers", say(true, "respond.privacy_readers"), "quotes", say(f.Quotes, "respond.privacy_quotes"),
		"worry", say(f.OpenAnswers, "respond.privacy_worry"), "asked", say(f.Approaches, "respond.privacy_asked"),
		"until", s.untilSentence(lang, f), "rights", say(true, "respond.privacy_rights", authority))
}

// untilSentence says when what is destroyed.
func (s *Server) untilSentence(lang string, f surveys.StatementFacts) string {
	var days []any
	for _, step := range surveys.RetentionSteps() {
		day, ok := f.Until[step]
		if !ok {
			return s.locales.say(lang, "respond.privacy_no_date")
		}
		days = append(days, s.locales.showDate(lang, day, precisionDay))
	}
	return s.locales.say(lang, "respond.privacy_until", days...)
}

// edited puts what people wrote in place of what is proposed: in the language asked
// for, else in English, which is better than a sentence that no longer holds.
func edited(kind surveys.StatementKind, lang string, parts []surveys.StatementPart, said surveys.Statements) []surveys.StatementPart {
	var shown []surveys.StatementPart
	for _, p := range parts {
		for _, tag := range []string{lang, sourceLanguage} {
			if edit, ok := said.Edits[surveys.EditKey(kind, p.ID, tag)]; ok {
				p.Text, p.Lang = edit.Text, tag
				break
			}
		}
		if p.Text != "" {
			shown = append(shown, p)
		}
	}
	return shown
}

// getAccessibility and getPrivacy answer with the statements of a link's programme.
func (s *Server) getAccessibility(c *fiber.Ctx) error {
	return s.showStatement(c, surveys.StatementAccessibility)
}

func (s *Server) getPrivacy(c *fiber.Ctx) error { return s.showStatement(c, surveys.StatementPrivacy) }

func (s *Server) showStatement(c *fiber.Ctx, kind surveys.StatementKind) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	issue, said, err := s.surveys.ShownStatement(c.UserContext(), v.Invitation, kind)
	if err != nil {
		return err
	}
	heading := s.locales.say(v.lang, statementTitles[kind])
	page := statementPage{sheet: s.sheet(v, heading), Heading: heading}
	page.Styles = nil
	if issue.Number > 0 {
		page.Parts = issue.Parts[v.lang]
		if page.Parts == nil { // a language that came later
			page.Parts = issue.Parts[sourceLanguage]
		}
		page.Note = s.locales.say(v.lang, "respond.statement_dated", s.locales.showDate(v.lang, issue.At.In(v.Programme.Location()), precisionDay))
		return s.render(c, fiber.StatusOK, "respond/statement", page)
	}
	f, err := s.surveys.StatementFacts(c.UserContext(), v.Programme)
	if err != nil {
		return err
	}
	page.Parts = edited(kind, v.lang, s.proposed(kind, v.lang, f, said), said)
	page.Note = s.locales.say(v.lang, "respond.statement_unchecked")
	return s.render(c, fiber.StatusOK, "respond/statement", page)
}

// ownAccessibility is the statement of pages that know no programme.
func (s *Server) ownAccessibility(c *fiber.Ctx) error {
	lang := chooseLanguage(c, s.ownLanguages())
	heading := s.locales.say(lang, "respond.accessibility")
	page := statementPage{Heading: heading, Parts: s.accessibilityParts(lang, surveys.Statements{})}
	page.sheet = sheet{Lang: lang, Title: heading + " – Soundings", Demo: s.config.Demo, Languages: languageChoices(s.ownLanguages(), lang)}
	return s.render(c, fiber.StatusOK, "respond/statement", page)
}
