package app

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
)

// lookoutView is what a programme looks out for: words by language, and rules.
type lookoutView struct {
	staffPage
	Address  string
	Language string
	Tongues  []crumb
	Words    *form
	BuiltIn  string // the list that comes with the program
	Tried    bool
	Found    []foundWords
	Rules    []ruleRow
	Rule     *form
	Flags    []flagRow
	Number   int
	Said     string // what the newest version did
	Versions []versionLine
}

// foundWords are words that would be marked.
type foundWords struct{ Words, Why string }

// ruleRow is one rule in words.
type ruleRow struct {
	Number int
	Words  string
}

// flagRow is one item that a scale flags.
type flagRow struct {
	Item  questionnaire.ItemID
	Words string
	Off   bool
}

// versionLine says who changed it when.
type versionLine struct {
	Number    int
	When, Who string
}

// lookout shows what a programme looks out for.
func (s *Server) lookout(c *fiber.Ctx) error {
	view, _, err := s.lookoutView(c, c.Query("lang"))
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/lookout", view)
}

func (s *Server) lookoutView(c *fiber.Ctx, language string) (*lookoutView, surveys.Lookout, error) {
	page, p, err := s.carePage(c, "Word lists and rules")
	if err != nil {
		return nil, surveys.Lookout{}, err
	}
	newest, versions, err := s.surveys.Lookout(c.UserContext(), p.ID)
	if err != nil {
		return nil, newest, err
	}
	view := &lookoutView{staffPage: page, Address: programmePath(p.ID) + "/lookout", Number: newest.Number}
	languages := concerns.Languages()
	if view.Language = language; !slices.Contains(languages, language) {
		view.Language = "en"
	}
	for _, one := range languages {
		view.Tongues = append(view.Tongues, crumb{languageName(one), view.Address + "?lang=" + one, one == view.Language})
	}
	for _, v := range versions {
		view.Versions = append(view.Versions, versionLine{v.Number, v.At.In(p.Location()).Format("2 Jan 2006 15:04"), v.Name})
	}
	view.BuiltIn = concerns.Source(view.Language)
	view.Words = view.wordsForm(newest)
	if err := s.addRules(c, view, p, newest); err != nil {
		return nil, newest, err
	}
	view.Said, err = s.effectOf(c, p)
	return view, newest, err
}

func (v *lookoutView) wordsForm(newest surveys.Lookout) *form {
	words := newest.Words[v.Language]
	f := newForm(v.staffPage, "words", v.Address+"?lang="+v.Language, "Save as a new version", fieldset{Fields: []field{
		{Name: "add-" + v.Language, Label: "Phrases to add", Hint: "One a line: “old mill”, or “meet* him ~ alone”. * is any ending, ~ up to three words of any kind, / separates words of which any fits. [look-alike] on a line of its own begins phrases that are harmless.", Kind: "textarea", Rows: 6, Value: words.Add},
		{Name: "remove-" + v.Language, Label: "Phrases to leave out", Hint: "Lines of the list that comes with Soundings, as they stand there", Kind: "textarea", Rows: 3, Value: words.Remove},
		{Name: "try", Label: "Try it: would this be marked?", Hint: "Nothing of it is kept", Kind: "textarea", Rows: 3},
	}})
	f.More = []button{{"try", "Try it"}}
	f.Hidden = []button{{"number", strconv.Itoa(newest.Number)}, {"what", "words"}}
	return f
}

// effectOf says what the newest version did with what was there.
func (s *Server) effectOf(c *fiber.Ctx, p surveys.Programme) (string, error) {
	if !p.Safeguarding.Appointed() {
		return "Nobody is appointed as safeguarding lead: evaluators look at what is marked, on the pages of open answers.", nil
	}
	effect, err := s.surveys.LookoutEffect(c.UserContext(), p.ID)
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("%s looked through as it is now: %s came into the queue, and %s left it.", countWord(effect.Responses, "response was", "responses were"),
		countWord(effect.New, "concern", "concerns"), strconv.Itoa(effect.Gone))
	if !effect.Done {
		said += " The rest is being looked through."
	}
	return said, nil
}

// addRules puts the rules, the flags of scales and the form for a rule on the page.
func (s *Server) addRules(c *fiber.Ctx, view *lookoutView, p surveys.Programme, newest surveys.Lookout) error {
	items, err := s.surveys.LookoutItems(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	var options []choiceOption
	for _, item := range items {
		options = append(options, choiceOption{string(item.Item), cut(cmp.Or(labelIn(item.Label), string(item.Item)), 90), ""})
		if item.Flag != nil {
			words := fmt.Sprintf("%s: %s or more. %s", cmp.Or(labelIn(item.Label), string(item.Item)), numberWords(item.AtLeast), labelIn(item.Flag))
			view.Flags = append(view.Flags, flagRow{item.Item, strings.TrimSpace(words), slices.Contains(newest.Off, item.Item)})
		}
	}
	for i, rule := range newest.Rules {
		view.Rules = append(view.Rules, ruleRow{i, ruleSentenceOf(rule, items)})
	}
	if len(options) == 0 {
		return nil
	}
	view.Rule = newForm(view.staffPage, "rule", view.Address+"?lang="+view.Language, "Add the rule", fieldset{Fields: []field{
		{Name: "rules", Label: "Question", Kind: "select", Options: options},
		{Name: "codes", Label: "Answers that are marked", Hint: "Codes or words of choices, with commas between: “yes, often”", Kind: "text"},
		{Name: "at_least", Label: "Or a score, or a number, from here on", Hint: "As in 1: one or more", Kind: "text"},
		{Name: "label", Label: "Why a person should look", Hint: "As in “Thoughts of being better off dead”", Kind: "text"},
	}})
	view.Rule.Hidden = []button{{"number", strconv.Itoa(newest.Number)}, {"what", "rule"}}
	return nil
}

func numberWords(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func ruleSentenceOf(rule surveys.ConcernRule, items []surveys.LookoutItem) string {
	label := string(rule.Item)
	var chosen []string
	for _, item := range items {
		if item.Item != rule.Item {
			continue
		}
		label = cmp.Or(labelIn(item.Label), label)
		for _, choice := range item.Choices {
			if slices.Contains(rule.Codes, choice.Code) {
				chosen = append(chosen, cmp.Or(labelIn(choice.Label), choice.Code))
			}
		}
	}
	if rule.AtLeast != nil {
		chosen = append(chosen, numberWords(*rule.AtLeast)+" or more")
	}
	said := label + ": " + strings.Join(chosen, ", ")
	if rule.Label != "" {
		said += " (" + rule.Label + ")"
	}
	return said
}

// setLookout saves a new version, or tries words.
func (s *Server) setLookout(c *fiber.Ctx) error {
	language := c.Query("lang")
	view, next, err := s.lookoutView(c, language)
	if err != nil {
		return err
	}
	if next.Number, err = strconv.Atoi(typed(c, "number")); err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	next.Programme = programmeID(c)
	of, refusal := view.Words, error(nil)
	switch typed(c, "what") {
	case "words":
		next.Words = maps.Clone(next.Words)
		if next.Words == nil {
			next.Words = map[string]concerns.Change{}
		}
		next.Words[view.Language] = concerns.Change{Add: typed(c, "add-"+view.Language), Remove: typed(c, "remove-"+view.Language)}
		if typed(c, "do") == "try" {
			return s.tryLookout(c, view, next)
		}
	case "rule":
		of = view.Rule
		rule, err := s.typedRule(c)
		if refusal = err; err == nil {
			next.Rules = append(slices.Clone(next.Rules), rule)
		}
	case "drop":
		if n, err := strconv.Atoi(typed(c, "rule")); err == nil && n >= 0 && n < len(next.Rules) {
			next.Rules = slices.Delete(slices.Clone(next.Rules), n, n+1)
		}
	case "flags":
		next.Off = nil
		on := typedAll(c, "on")
		for _, flag := range view.Flags {
			if !slices.Contains(on, string(flag.Item)) {
				next.Off = append(next.Off, flag.Item)
			}
		}
	}
	if refusal == nil {
		_, refusal = s.surveys.SaveLookout(c.UserContext(), next)
	}
	if refusal == nil {
		return sees(c, view.Address+"?lang="+view.Language)
	}
	if of == nil {
		return refusal
	}
	status, err := s.refuse(of.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/lookout", view)
}

// tryLookout shows what would be marked of a text, saved or not.
func (s *Server) tryLookout(c *fiber.Ctx, view *lookoutView, next surveys.Lookout) error {
	view.Words.fill(c)
	found, refusal := s.surveys.TryLookout(c.UserContext(), next, typed(c, "try"), view.Language)
	if refusal != nil {
		status, err := s.refuse(view.Words, refusal)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/lookout", view)
	}
	view.Tried = true
	for _, one := range found {
		view.Found = append(view.Found, foundWords{one.Words, cmp.Or(reasonWords[one.Reason], strings.ReplaceAll(string(one.Reason), "_", " "))})
	}
	return s.render(c, fiber.StatusOK, "staff/lookout", view)
}

// typedRule reads a rule: its choices by their codes, or by their words.
func (s *Server) typedRule(c *fiber.Ctx) (surveys.ConcernRule, error) {
	rule := surveys.ConcernRule{Item: questionnaire.ItemID(typed(c, "rules")), Label: typed(c, "label")}
	items, err := s.surveys.LookoutItems(c.UserContext(), programmeID(c))
	if err != nil {
		return rule, err
	}
	for _, item := range items {
		if item.Item == rule.Item {
			rule.Codes = ruleCodes(item, typed(c, "codes"))
		}
	}
	if text := strings.TrimSpace(typed(c, "at_least")); text != "" {
		n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
		if err != nil || n != n {
			return rule, &surveys.Error{Kind: surveys.KindInvalid, Key: "lookout.bad_number", Field: "at_least", Err: errors.New("no number")}
		}
		rule.AtLeast = &n
	}
	return rule, nil
}

// ruleCodes are the codes that a person typed, some of them as the words of the choice.
func ruleCodes(item surveys.LookoutItem, text string) []string {
	var codes []string
	for one := range strings.SplitSeq(text, ",") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		for _, choice := range item.Choices {
			if strings.EqualFold(labelIn(choice.Label), one) {
				one = choice.Code
			}
		}
		codes = append(codes, one)
	}
	return codes
}
