package limesurvey

import (
	"fmt"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// converter makes a definition of a survey: first it gives everything its id,
// so that conditions can look forward, then it makes the items.
type converter struct {
	survey  *survey
	tags    map[string]string // LimeSurvey's language to a BCP 47 tag
	ids     ids
	plans   map[*question]*plan
	names   map[string]*target // as equations write them
	d       questionnaire.Definition
	notices []Notice
	dropped int
	missing map[string]bool // languages in which LimeSurvey's own words are not known
}

func newConverter(s *survey) *converter {
	return &converter{
		survey: s, tags: map[string]string{}, ids: ids{taken: map[string]bool{}, last: map[string]int{}},
		plans: map[*question]*plan{}, names: map[string]*target{}, missing: map[string]bool{},
	}
}

// definition converts everything. What the check of definitions refuses of
// conditions is taken out again with a notice.
func (c *converter) definition() questionnaire.Definition {
	c.languages()
	c.frame()
	for _, g := range c.survey.groups {
		for _, q := range g.questions {
			c.plan(q)
		}
	}
	for _, g := range c.survey.groups {
		c.part(g)
	}
	for _, table := range c.survey.ignored {
		c.note(TableDropped, table, nil, "The file has %s, which are not taken over.", tableWords[table])
	}
	c.unquote()
	c.nameItems()
	c.englishWords()
	c.settle()
	return c.d
}

var tableWords = map[string]string{
	"quota":                 "quotas (limits on how many may answer)",
	"assessments":           "assessment rules (texts by number of points)",
	"survey_url_parameters": "parameters of the address",
}

// note adds a warning about a question, or about the whole file where q is nil.
func (c *converter) note(code, table string, q *question, text string, args ...any) {
	n := Notice{Code: code, Sheet: table, Text: fmt.Sprintf(text, args...)}
	if q != nil {
		n.Row, n.Column = q.line, q.code
	}
	c.notices = append(c.notices, n)
}

func (c *converter) warn(code string, q *question, text string, args ...any) {
	c.note(code, "questions", q, text, args...)
}

// languages finds a tag for each language, and keeps those that have one.
func (c *converter) languages() {
	for i, lang := range c.survey.languages {
		tag := tagOf(lang, c.survey.languages)
		if tag == "" && i == 0 {
			tag = "en"
			c.note(LanguageDropped, "languages", nil, "The source language %q is not known; its texts were taken as English. Change the language of the draft.", lang)
		}
		if tag == "" || c.hasTag(tag) {
			c.note(LanguageDropped, "languages", nil, "The language %q is not known, so its texts were left out.", lang)
			continue
		}
		c.tags[lang] = tag
		c.d.Languages = append(c.d.Languages, tag)
	}
}

func (c *converter) hasTag(tag string) bool {
	for _, other := range c.d.Languages {
		if other == tag {
			return true
		}
	}
	return false
}

// frame takes over title, welcome and thanks.
func (c *converter) frame() {
	title, intro, description, thanks := words{}, words{}, words{}, words{}
	for lang, row := range c.survey.texts {
		title[lang] = row.get("surveyls_title")
		intro[lang] = row.get("surveyls_welcometext")
		description[lang] = row.get("surveyls_description")
		thanks[lang] = row.get("surveyls_endtext")
	}
	c.d.Title = c.label(nil, title, "Questionnaire "+c.survey.settings.get("sid"))
	c.d.Intro = c.passage(nil, intro)
	if about := c.passage(nil, description); about != nil && c.d.Intro == nil {
		c.d.Intro = about
	}
	c.d.Thanks = c.passage(nil, thanks)
}

// part makes a part of a group. An empty one is left out: no page shows it.
func (c *converter) part(g *group) {
	at := &question{line: g.line, code: g.name[c.survey.languages[0]]}
	part := questionnaire.Part{ID: c.ids.give("part_" + strconv.Itoa(len(c.d.Parts)+1))}
	if len(g.name) > 0 {
		part.Title = c.label(at, g.name, "Part "+strconv.Itoa(len(c.d.Parts)+1))
	}
	part.Relevant = c.relevance(at, "groups", g.relevance)
	if g.random != "" {
		c.note(AttributeDropped, "groups", at, "The group belongs to the randomisation group %q; groups always come in the order written.", g.random)
	}
	if description := c.passage(at, g.description); description != nil {
		part.Items = append(part.Items, questionnaire.Item{ID: c.ids.give(string(part.ID) + "_about"), Kind: questionnaire.KindStatement, Label: description})
	}
	made := 0
	for _, q := range g.questions {
		items := c.items(q)
		if len(items) == 0 {
			c.dropped++
		}
		made += len(items)
		part.Items = append(part.Items, items...)
	}
	if len(part.Items) == 0 || made == 0 && len(g.questions) > 0 {
		c.note(GroupDropped, "groups", at, "Nothing of this group could be taken over, so it has no part.")
		return
	}
	c.d.Parts = append(c.d.Parts, part)
}

// nameItems keeps the codes of the file as names, where that cannot be
// mistaken for the id of something else.
func (c *converter) nameItems() {
	names := map[string]int{}
	for i := range c.d.Parts {
		for j := range c.d.Parts[i].Items {
			names[c.d.Parts[i].Items[j].Name]++
		}
	}
	for i := range c.d.Parts {
		for j := range c.d.Parts[i].Items {
			item := &c.d.Parts[i].Items[j]
			if item.Name == string(item.ID) || names[item.Name] > 1 || c.ids.taken[item.Name] || !xmlName.MatchString(item.Name) {
				item.Name = ""
			}
		}
	}
}

func (c *converter) englishWords() {
	for _, tag := range c.d.Languages {
		if c.missing[tag] {
			c.note(LabelInEnglish, "languages", nil, "LimeSurvey's own answers, such as “Yes” and “Female”, are not known in %q; write them in the draft.", tag)
		}
	}
}

// relevance puts the condition of a question or a group into an expression, or
// drops it with a notice.
func (c *converter) relevance(q *question, table, equation string) string {
	if equation == "" || equation == "1" {
		return ""
	}
	expression, err := translate(equation, true, c.resolve)
	if err != nil {
		c.note(RelevanceDropped, table, q, "The condition %s was left out, so this is always asked: %s.", shown(equation), reason(err))
		return ""
	}
	return expression
}

// reason is an error in words, without what all of them have in common.
func reason(err error) string {
	return strings.TrimPrefix(err.Error(), errUntranslated.Error()+": ")
}

// shown quotes an equation, and shortens it if it is very long.
func shown(equation string) string {
	const limit = 200
	equation = strings.Join(strings.Fields(equation), " ")
	if runes := []rune(equation); len(runes) > limit {
		equation = string(runes[:limit]) + "…"
	}
	return "“" + equation + "”"
}

func digits(n int) string { return strconv.Itoa(n) }
