package app

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/redaction"
)

// answerView is one open answer with its form: a fragment of the page.
type answerView struct {
	ID, Address, CSRF     string
	Query                 template.URL
	Response              surveys.ResponseID
	Variable              questionnaire.ItemID
	Revision              int64
	Question, Where, When string
	Text                  string
	Pieces                []textPiece // Text, with what is proposed to be replaced marked
	Flag                  string      // of a choice that a scale flags: why to look at it
	MayBeQuoted, Likely   bool
	WhyNot                string   // may not be quoted
	Concern, Waits        bool     // it may be a disclosure; nobody has looked
	Withheld              string   // it waits with the safeguarding lead, or stays there
	Lead                  bool     // a lead decides about concerns, not who reads here
	Signs                 []string // the words that say so
	Note, NotedBy         string   // what was decided about that
	Cleared               bool
	State, Words          string // unread, held, cleared, approved, refused
	Quote                 string
	Attributions          []choiceOption
	Attribution           string // value of one of them
	Themes                []choiceOption
	Themed                []string
	Outcomes              []choiceOption
	Outcome               string
	Tone                  string
	Replaced              []redaction.Replaced
	Problem               string
}

// textPiece is a piece of an answer; With is what could stand for it, "" for what stays.
type textPiece struct{ Text, With string }

// Proposed are the pieces that something could stand for.
func (v answerView) Proposed() []textPiece {
	return slices.DeleteFunc(slices.Clone(v.Pieces), func(p textPiece) bool { return p.With == "" })
}

// Ticked reports whether a theme is among those of the answer.
func (v answerView) Ticked(theme string) bool { return slices.Contains(v.Themed, theme) }

// Tones are what a reader can say of how an answer sounds.
func (v answerView) Tones() []choiceOption { return toneOptions }

var toneOptions = []choiceOption{{"", "Not judged", ""}, {"positive", "Positive", ""}, {"mixed", "Mixed", ""}, {"negative", "Negative", ""}}

// answerMaker makes the cards of one page.
type answerMaker struct {
	view     func(surveys.OpenAnswer) answerView
	themes   []choiceOption
	proposer *redaction.Proposer
}

// answerMaker gathers what all cards of a page need.
func (s *Server) answerMaker(c *fiber.Ctx, page answersView, p surveys.Programme, desk *surveys.AnswerDesk) (*answerMaker, error) {
	known, err := s.surveys.KnownNames(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	themes, err := s.surveys.Themes(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	m := &answerMaker{proposer: redaction.NewProposer(known)}
	for _, t := range themes {
		if t.Into == "" && !t.Retired {
			m.themes = append(m.themes, choiceOption{string(t.ID), t.Name, ""})
		}
	}
	var outcomes []choiceOption
	for _, measure := range desk.Data.Latest.Version().Definition.Measures {
		outcomes = append(outcomes, choiceOption{string(measure.ID), measureName(desk.Data.Latest, &measure), ""})
	}
	m.view = func(a surveys.OpenAnswer) answerView {
		one := answerViewOf(page, p, a, desk.Data)
		one.Pieces = piecesOf(a.Text, m.proposer.Propose(a.Text))
		if a.Reading.Text == "" {
			one.Quote = redacted(one.Pieces)
		}
		one.Themes, one.Outcomes = m.offered(a, desk.Data), append([]choiceOption{{"", "None", ""}}, outcomes...)
		one.Attributions = attributionOptions(desk.Sharing.Attributions(a, surveys.ProfileInternal.Smallest(p)))
		return one
	}
	return m, nil
}

// measureName is what a measure is called: its own label, or that of what it is of.
func measureName(in *questionnaire.Instrument, m *questionnaire.Measure) string {
	if name := labelIn(m.Label); name != "" {
		return name
	}
	if scale, ok := in.Scale(m.Of); ok {
		return cmp.Or(labelIn(scale.Label), string(m.ID))
	}
	if v, ok := in.Variable(m.Of); ok {
		return cmp.Or(labelIn(v.Label), string(m.ID))
	}
	return string(m.ID)
}

// offered are the themes to tick: those in use, and those that the answer has.
func (m *answerMaker) offered(a surveys.OpenAnswer, d *surveys.Dataset) []choiceOption {
	all := slices.Clone(m.themes)
	for _, id := range a.Reading.Themes {
		id = surveys.TrueTheme(d.Themes, id)
		if t, ok := d.Themes[id]; ok && !slices.ContainsFunc(all, func(o choiceOption) bool { return o.Value == string(id) }) {
			all = append(all, choiceOption{string(id), t.Name, ""})
		}
	}
	return all
}

// attributionOptions are attributions as a control offers them.
func attributionOptions(all []surveys.Attribution) []choiceOption {
	var options []choiceOption
	for _, one := range all {
		options = append(options, choiceOption{attributionValue(one.Level, one.Role), fmt.Sprintf("%s (%s)", one.Words, countWord(one.People, "person", "people")), ""})
	}
	return options
}

// attributionValue is an attribution as a form sends it.
func attributionValue(level surveys.Level, role string) string { return string(level) + "|" + role }

// attributionOf reads it again.
func attributionOf(value string) (surveys.Level, string) {
	level, role, ok := strings.Cut(value, "|")
	if !ok {
		return surveys.LevelRole, value
	}
	return surveys.Level(level), role
}

func piecesOf(text string, proposals []redaction.Proposal) []textPiece {
	var pieces []textPiece
	at := 0
	for _, p := range proposals {
		if p.From > at {
			pieces = append(pieces, textPiece{Text: text[at:p.From]})
		}
		pieces = append(pieces, textPiece{text[p.From:p.To], p.Replacement})
		at = p.To
	}
	if at < len(text) {
		pieces = append(pieces, textPiece{Text: text[at:]})
	}
	return pieces
}

// redacted is the text with all that is proposed.
func redacted(pieces []textPiece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(cmp.Or(p.With, p.Text))
	}
	return b.String()
}

func answerViewOf(view answersView, p surveys.Programme, a surveys.OpenAnswer, d *surveys.Dataset) answerView {
	state := stateOf(a)
	one := answerView{
		ID: "answer-" + string(a.Response) + "-" + string(a.Variable), Address: view.Address, CSRF: view.CSRF, Query: view.Query,
		Response: a.Response, Variable: a.Variable, Revision: a.Reading.Revision,
		Question: labelIn(a.Label), Where: d.Cohorts[a.Cohort].Name, When: a.Submitted.In(p.Location()).Format(time.DateOnly),
		Text: a.Text, MayBeQuoted: a.MayBeQuoted(), Likely: state == "unread" && likelyQuote(a), WhyNot: whyNot(a),
		Concern: a.Concerns(), Waits: a.Waits(), Cleared: a.Reading.Cleared, State: state, Words: answerWords[state],
		Quote: a.Reading.Text, Attribution: attributionValue(a.Reading.Level, cmp.Or(a.Reading.Attribution, view.Strand.Role)),
		Lead: p.Safeguarding.Appointed() || a.Decided != "", Withheld: withheldWords(a),
		Outcome: string(a.Reading.Outcome), Tone: string(a.Reading.Sentiment), Replaced: a.Reading.Replaced,
	}
	for _, id := range a.Reading.Themes {
		one.Themed = append(one.Themed, string(surveys.TrueTheme(d.Themes, id)))
	}
	for _, sign := range a.Signs {
		one.Signs = append(one.Signs, a.Text[sign.From:sign.To])
	}
	if a.Flag != nil && !a.Withheld {
		one.Flag = cmp.Or(labelIn(a.Flag), "The scale says that a person should look at this answer.")
	}
	if looked := a.Reading.Looked; looked != nil {
		one.Note, one.NotedBy = looked.Note, looked.At.In(p.Location()).Format(time.DateOnly)
	}
	if len(view.Strand.Design.Waves()) > 1 {
		one.Where += ", " + strings.ToLower(waveWords[a.Wave])
	}
	if state == string(surveys.QuoteApproved) && !one.Cleared {
		one.Words += ", the answer as written held back"
	}
	return one
}

// withheldWords say that an answer is with the safeguarding lead; "" if it is not.
func withheldWords(a surveys.OpenAnswer) string {
	switch {
	case !a.Withheld:
		return ""
	case a.Decided == surveys.ConcernKept:
		return "The safeguarding lead has dealt with this answer and keeps it. It is in no file, and nobody else sees it."
	}
	return "This answer waits with the safeguarding lead. It is shown here, and may be in files, when the lead or the deputy has released it."
}

// whyNot says why an answer may not be quoted.
func whyNot(a surveys.OpenAnswer) string {
	switch {
	case a.Flag != nil:
		return ""
	case !a.Consented:
		return "Its writer gave no consent to be quoted."
	case !a.Agreed:
		return "Its writer agreed. For children the school or the parents have to agree too: that is recorded on the cohort’s page."
	}
	return ""
}
