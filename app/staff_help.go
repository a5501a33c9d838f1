package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// mostHelpLines is how many places a team can name: more are not read.
const mostHelpLines = 5

func helpPath(id surveys.ProgrammeID) string { return programmePath(id) + "/help" }

// helpForm asks what respondents are told about help. Where nothing was confirmed yet
// it holds suggestions, which nobody is shown before they are saved.
func (s *Server) helpForm(c *fiber.Ctx) (formView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Help for respondents")
	if err != nil {
		return formView{}, p, err
	}
	help := p.Safeguarding.Help
	view := formView{staffPage: page, Lead: "Below every page that respondents see stands a sentence and these lines, with numbers to tap. Nobody is shown a line that was not confirmed here."}
	lines := help.Lines
	if help.Checked == "" && len(lines) == 0 {
		view.Lead += " Nothing has been confirmed yet: below are suggestions for a team in the United Kingdom. Try each number, take out what does not fit, and save."
		lines = surveys.SuggestedHelp()
	}
	sets := []fieldset{{Fields: []field{
		{Name: "words", Label: "The sentence, in your own words", Hint: "One language a line, as in “en: …” and “ar: …”. Languages that are left out say: “" + s.locales.say(sourceLanguage, "respond.help_now") + "”", Kind: "textarea", Value: writeWorded(help.Words, "")},
	}}}
	for i := range mostHelpLines {
		var line surveys.HelpLine
		if i < len(lines) {
			line = lines[i]
		}
		sets = append(sets, helpLineFields(i, line))
	}
	checked := "I have tried or looked up each of these lines"
	if help.Checked != "" {
		checked += " (last on " + help.Checked + ")"
	}
	sets = append(sets, fieldset{Legend: "Before it is shown", Fields: []field{
		{Name: "checked", Label: "Are these lines right?", Kind: "checkboxes", Options: []choiceOption{{"yes", checked, ""}}},
		{Name: "contact", Label: "May respondents ask to be contacted?", Hint: s.contactHint(p), Kind: "checkboxes", Values: ticked(help.Contact), Options: []choiceOption{{"yes", "Offer “" + s.locales.say(sourceLanguage, "respond.contact_go") + "”", ""}}},
	}})
	view.Form = newForm(page, "help", helpPath(p.ID), "Save and show it", sets...)
	return view, p, nil
}

// contactHint says what asking to be contacted needs, as far as it is not there.
func (s *Server) contactHint(p surveys.Programme) string {
	hint := "What they write is sealed, apart from every answer, and read by the safeguarding lead and the deputy alone."
	if p.Safeguarding.Lead == "" {
		hint += " It is offered once the programme has a safeguarding lead."
	}
	if !s.surveys.KeepsAddresses() {
		hint += " It is offered once this installation has a key for addresses (SOUNDINGS_ADDRESS_KEY)."
	}
	return hint
}

func ticked(on bool) []string {
	if on {
		return []string{"yes"}
	}
	return nil
}

func helpControl(i int, name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }

func helpLineFields(i int, line surveys.HelpLine) fieldset {
	others := questionnaire.Text(maps.Clone(line.Name))
	delete(others, sourceLanguage)
	return fieldset{Legend: fmt.Sprintf("Line %d", i+1), Fields: []field{
		{Name: helpControl(i, "name"), Label: "Name", Kind: "text", Value: line.Name[sourceLanguage]},
		{Name: helpControl(i, "number"), Label: "Telephone number", Kind: "text", Value: line.Number},
		{Name: helpControl(i, "web"), Label: "Address on the web", Hint: "Begins with https://. Pages only link to it: nothing is asked of it before somebody taps", Kind: "text", Value: line.Web},
		{Name: helpControl(i, "others"), Label: "The name in other languages", Hint: "One a line, as in “ar: …”", Kind: "textarea", Rows: 2, Value: writeWorded(others, "")},
	}}
}

// writeWorded is what ReadWorded reads, in the order of the tags.
func writeWorded(t questionnaire.Text, none string) string {
	var lines []string
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		lines = append(lines, tag+": "+t[tag])
	}
	if len(lines) == 0 {
		return none
	}
	return strings.Join(lines, "\n")
}

// help shows the form.
func (s *Server) help(c *fiber.Ctx) error {
	view, _, err := s.helpForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// setHelp keeps it.
func (s *Server) setHelp(c *fiber.Ctx) error {
	view, p, err := s.helpForm(c)
	if err != nil {
		return err
	}
	help := typedHelp(c)
	if slices.Contains(typedAll(c, "checked"), "yes") {
		help.Checked = s.surveys.Now().In(p.Location()).Format("2006-01-02")
	}
	if refusal := s.surveys.SetHelp(c.UserContext(), p.ID, help); refusal != nil {
		return s.formAgain(c, view.Form.fill(c), refusal, "staff/form", view)
	}
	return sees(c, helpPath(p.ID))
}

// typedHelp reads the form. A line of which only the name is there is one to be
// mended; one with nothing is none.
func typedHelp(c *fiber.Ctx) surveys.Help {
	help := surveys.Help{Words: surveys.ReadWorded(typed(c, "words")), Contact: slices.Contains(typedAll(c, "contact"), "yes")}
	for i := range mostHelpLines {
		read := func(name string) string { return strings.TrimSpace(typed(c, helpControl(i, name))) }
		line := surveys.HelpLine{Name: surveys.ReadWorded(read("others")), Number: read("number"), Web: read("web")}
		if name := read("name"); name != "" {
			line.Name[sourceLanguage] = name
		}
		help.Lines = append(help.Lines, line)
	}
	return help
}
