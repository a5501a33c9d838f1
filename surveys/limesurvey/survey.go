package limesurvey

import (
	"cmp"
	"slices"
	"strconv"
)

// words are texts by language, as LimeSurvey tags them, still in HTML.
type words map[string]string

// survey is the tables of a file put together, both layouts alike.
type survey struct {
	languages  []string // source language first
	settings   record
	texts      map[string]record // of surveys_languagesettings, by language
	groups     []*group          // in order
	questions  map[string]*question
	conditions map[string][]record // by the question they decide about
	ignored    []string            // tables with rows that are not taken over
}

type group struct {
	line        int
	id          string
	order       int
	name        words
	description words
	relevance   string
	random      string // the name of a randomisation group
	questions   []*question
}

type question struct {
	line       int
	id, group  string
	letter     string // the type
	code       string
	order      int
	text, help words
	mandatory  string // Y, N, S
	other      bool
	relevance  string
	preg       string
	scale      int               // of a subquestion: 0 rows, 1 columns
	attributes map[string]string // those that are set
	localised  map[string]words  // attributes that have words
	defaults   []preset
	subs       []*question
	answers    []*answer
}

// preset is one default value; sub is the id of the subquestion it is for.
type preset struct {
	sub, special string
	value        string
}

type answer struct {
	line  int
	id    string
	code  string
	order int
	scale int
	score string // assessment value
	text  words
}

// counts says what the file holds.
func (s *survey) counts(dropped int) Counts {
	c := Counts{Groups: len(s.groups), Types: map[string]int{}, Dropped: dropped}
	for _, q := range s.questions {
		c.Questions++
		c.Types[q.letter]++
		c.Subquestions += len(q.subs)
		c.Answers += len(q.answers)
	}
	return c
}

func readSurvey(doc *document) (*survey, error) {
	s := &survey{texts: map[string]record{}, questions: map[string]*question{}, conditions: map[string][]record{}}
	if rows := doc.tables["surveys"]; len(rows) > 0 {
		s.settings = rows[0]
	}
	if err := s.readLanguages(doc); err != nil {
		return nil, err
	}
	for _, row := range doc.tables["surveys_languagesettings"] {
		s.texts[row.get("surveyls_language")] = row
	}
	groups := s.readGroups(doc)
	s.readQuestions(doc, groups)
	s.readSubquestions(doc)
	s.readAnswers(doc)
	if err := s.tooMany(); err != nil {
		return nil, err
	}
	s.readAttributes(doc)
	s.readDefaults(doc)
	for _, row := range doc.tables["conditions"] {
		s.conditions[row.get("qid")] = append(s.conditions[row.get("qid")], row)
	}
	for _, table := range []string{"quota", "assessments", "survey_url_parameters"} {
		if len(doc.tables[table]) > 0 {
			s.ignored = append(s.ignored, table)
		}
	}
	s.sort()
	return s, nil
}

// The most a survey may hold, far above what anybody asks.
const (
	maxQuestions    = 2_000
	maxSubquestions = 10_000
	maxAnswers      = 20_000
)

func (s *survey) tooMany() error {
	c := s.counts(0)
	switch {
	case c.Questions > maxQuestions:
		return refuse(TooMany, 0, "The survey has %d questions; at most %d are read. Split it.", c.Questions, maxQuestions)
	case c.Subquestions > maxSubquestions:
		return refuse(TooMany, 0, "The survey has %d subquestions; at most %d are read. Split it.", c.Subquestions, maxSubquestions)
	case c.Answers > maxAnswers:
		return refuse(TooMany, 0, "The survey has %d answers to choose from; at most %d are read. Split it.", c.Answers, maxAnswers)
	default:
		return nil
	}
}

// readLanguages puts the source language first.
func (s *survey) readLanguages(doc *document) error {
	source := s.settings.get("language")
	if source != "" {
		s.languages = append(s.languages, source)
	}
	for _, lang := range doc.langs {
		if lang != "" && !slices.Contains(s.languages, lang) {
			s.languages = append(s.languages, lang)
		}
	}
	if len(s.languages) == 0 {
		return refuse(NoLanguage, 0, "The file names no language. Export the survey from LimeSurvey again.")
	}
	return nil
}

func (s *survey) readGroups(doc *document) map[string]*group {
	groups := map[string]*group{}
	for _, row := range doc.tables["groups"] {
		id := row.get("gid")
		g := groups[id]
		if g == nil {
			g = &group{line: row.line, id: id, order: number(row.get("group_order")), relevance: row.get("grelevance"),
				random: row.get("randomization_group"), name: words{}, description: words{}}
			groups[id] = g
			s.groups = append(s.groups, g)
		}
		lang := row.get("language")
		g.name.put(lang, row, "group_name")
		g.description.put(lang, row, "description")
	}
	for _, row := range doc.tables["group_l10ns"] {
		if g := groups[row.get("gid")]; g != nil {
			g.name.put(row.get("language"), row, "group_name")
			g.description.put(row.get("language"), row, "description")
		}
	}
	return groups
}

// readQuestions reads the questions; one whose group the file lacks gets one
// without a name, so that it is not lost.
func (s *survey) readQuestions(doc *document, groups map[string]*group) {
	for _, row := range doc.tables["questions"] {
		if parent := row.get("parent_qid"); parent != "" && parent != "0" {
			continue
		}
		q, isNew := s.question(row)
		if !isNew {
			continue
		}
		g := groups[q.group]
		if g == nil {
			g = &group{line: row.line, id: q.group, order: len(s.groups), name: words{}, description: words{}}
			groups[q.group] = g
			s.groups = append(s.groups, g)
		}
		g.questions = append(g.questions, q)
	}
	s.localise(doc)
}

// question reads one row, which in the older layout is one language of a question.
func (s *survey) question(row record) (*question, bool) {
	id := row.get("qid")
	q := s.questions[id]
	isNew := q == nil
	if isNew {
		q = newQuestion(row)
		s.questions[id] = q
	}
	q.text.put(row.get("language"), row, "question")
	q.help.put(row.get("language"), row, "help")
	return q, isNew
}

func newQuestion(row record) *question {
	return &question{
		line: row.line, id: row.get("qid"), group: row.get("gid"), letter: row.get("type"), code: row.get("title"),
		order: number(row.get("question_order")), scale: number(row.get("scale_id")),
		mandatory: row.get("mandatory"), other: row.get("other") == "Y", relevance: row.get("relevance"), preg: row.get("preg"),
		text: words{}, help: words{}, attributes: map[string]string{}, localised: map[string]words{},
	}
}

func (s *survey) localise(doc *document) {
	for _, row := range doc.tables["question_l10ns"] {
		if q := s.questions[row.get("qid")]; q != nil {
			q.text.put(row.get("language"), row, "question")
			q.help.put(row.get("language"), row, "help")
		}
	}
}

// readSubquestions reads the rows and choices that LimeSurvey keeps as
// questions with a parent: in a table of their own or among the questions.
func (s *survey) readSubquestions(doc *document) {
	subs := map[string]*question{}
	for _, row := range slices.Concat(doc.tables["subquestions"], doc.tables["questions"]) {
		parent := s.questions[row.get("parent_qid")]
		if parent == nil {
			continue
		}
		q := subs[row.get("qid")]
		if q == nil {
			q = newQuestion(row)
			subs[q.id] = q
			parent.subs = append(parent.subs, q)
		}
		q.text.put(row.get("language"), row, "question")
	}
	for _, row := range doc.tables["question_l10ns"] {
		if q := subs[row.get("qid")]; q != nil {
			q.text.put(row.get("language"), row, "question")
		}
	}
}

func (s *survey) readAnswers(doc *document) {
	byID, byCode := map[string]*answer{}, map[[3]string]*answer{}
	for _, row := range doc.tables["answers"] {
		q := s.questions[row.get("qid")]
		if q == nil {
			continue
		}
		key := [3]string{q.id, row.get("scale_id"), row.get("code")}
		a := byCode[key]
		if a == nil { // in the older layout the others are its other languages
			a = newAnswer(row)
			byCode[key], q.answers = a, append(q.answers, a)
		}
		a.text.put(row.get("language"), row, "answer")
		if a.id != "" {
			byID[a.id] = a
		}
	}
	for _, row := range doc.tables["answer_l10ns"] {
		if a := byID[row.get("aid")]; a != nil {
			a.text.put(row.get("language"), row, "answer")
		}
	}
}

func newAnswer(row record) *answer {
	return &answer{
		line: row.line, id: row.get("aid"), code: row.get("code"), scale: number(row.get("scale_id")),
		order: number(row.get("sortorder")), score: row.get("assessment_value"), text: words{},
	}
}

func (s *survey) readAttributes(doc *document) {
	for _, row := range doc.tables["question_attributes"] {
		q, name, value := s.questions[row.get("qid")], row.get("attribute"), row.get("value")
		if q == nil || value == "" {
			continue
		}
		lang := row.get("language")
		if lang == "" {
			q.attributes[name] = value
			continue
		}
		if q.localised[name] == nil {
			q.localised[name] = words{}
		}
		q.localised[name][lang] = value
	}
}

// readDefaults reads default values in the source language; an older file may
// have one a language, which are all the same code.
func (s *survey) readDefaults(doc *document) {
	values := map[string]string{}
	for _, row := range doc.tables["defaultvalue_l10ns"] {
		if row.get("language") == s.languages[0] {
			values[row.get("dvid")] = row.get("defaultvalue")
		}
	}
	for _, row := range doc.tables["defaultvalues"] {
		q := s.questions[row.get("qid")]
		if q == nil || row.get("language") != "" && row.get("language") != s.languages[0] {
			continue
		}
		value := row.get("defaultvalue")
		if value == "" {
			value = values[row.get("dvid")]
		}
		if value != "" {
			q.defaults = append(q.defaults, preset{sub: row.get("sqid"), special: row.get("specialtype"), value: value})
		}
	}
}

// sort puts everything in the order LimeSurvey shows it in.
func (s *survey) sort() {
	slices.SortStableFunc(s.groups, func(a, b *group) int { return cmp.Compare(a.order, b.order) })
	for _, g := range s.groups {
		slices.SortStableFunc(g.questions, byOrder)
	}
	for _, q := range s.questions {
		slices.SortStableFunc(q.subs, byOrder)
		slices.SortStableFunc(q.answers, func(a, b *answer) int { return cmp.Or(cmp.Compare(a.scale, b.scale), cmp.Compare(a.order, b.order)) })
	}
}

func byOrder(a, b *question) int { return cmp.Compare(a.order, b.order) }

// put keeps the words of one language. A row without a language is one of the
// layout whose wordings are elsewhere.
func (w words) put(lang string, row record, column string) {
	if text := row.get(column); text != "" && lang != "" {
		w[lang] = text
	}
}

// number reads a whole number; what is none counts 0, as in LimeSurvey's database.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
