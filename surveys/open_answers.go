package surveys

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
)

// OpenAnswer is one open answer with what is needed to decide about it, or a choice
// that a scale says a person should look at: "more than half the days" at the item
// of a scale that asks for thoughts of dying.
type OpenAnswer struct {
	ReadingKey
	Label     questionnaire.Text
	Cohort    CohortID
	Wave      questionnaire.Wave
	Language  string
	Submitted time.Time
	Text      string
	Consented bool               // its writer allowed it to be quoted
	Agreed    bool               // and so did who has to, for children
	Flag      questionnaire.Text // of a choice: why to look at it; nil for words
	Signs     []concerns.Sign    // words that may be a disclosure
	Roles     []string           // what its writer said to be, as attributions: "Head teacher"
	Decided   ConcernState       // what the safeguarding lead decided; "": it did not come to that
	Withheld  bool               // it waits with the lead, or stays there: nothing here says what it is
	Reading   Reading
}

// MayBeQuoted reports whether everybody agreed who has to.
func (a OpenAnswer) MayBeQuoted() bool { return a.Consented && a.Agreed && a.Flag == nil }

// Concerns reports whether it may be a disclosure: by its words, by a scale, or by
// what a reader said.
func (a OpenAnswer) Concerns() bool {
	return len(a.Signs) > 0 || a.Flag != nil || a.Reading.Raised || a.Decided != "" || a.Withheld
}

// Waits reports whether it may be a disclosure and nobody has said what was decided.
// Until then it leaves the product in nothing.
func (a OpenAnswer) Waits() bool {
	if a.Withheld || a.Decided == ConcernReleased {
		return a.Withheld
	}
	return a.Concerns() && a.Reading.Looked == nil
}

// Urgency orders what waits to be looked at: more is sooner, 0 does not wait.
func (a OpenAnswer) Urgency() int {
	switch {
	case !a.Waits():
		return 0
	case a.Flag != nil:
		return 1000
	}
	return max(1, concerns.Score(a.Signs))
}

// Unread reports whether nobody has decided anything about it.
func (a OpenAnswer) Unread() bool { return a.Reading.Revision == 0 }

// OpenAnswers lists the open answers of a strand, read or not, in the order in which
// they are to be read: first what may be a disclosure and waits, the most urgent
// first; then by time of submission.
func (s *Service) OpenAnswers(ctx context.Context, programme ProgrammeID, strand StrandID) ([]OpenAnswer, error) {
	desk, err := s.AnswerDesk(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	return desk.Answers, nil
}

// AnswerDesk is a strand's open answers with the people that attributions could mean.
type AnswerDesk struct {
	Data    *Dataset
	Answers []OpenAnswer // as OpenAnswers lists them
	Sharing *Sharing
}

// AnswerDesk reads a strand's responses once.
func (s *Service) AnswerDesk(ctx context.Context, programme ProgrammeID, strand StrandID) (*AnswerDesk, error) {
	data, err := s.Dataset(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	desk := &AnswerDesk{Data: data, Sharing: data.NewSharing(data.roles()...)}
	for r, err := range data.Responses(ctx) {
		if err != nil {
			return nil, err
		}
		desk.Answers = append(desk.Answers, data.openAnswers(r)...)
		desk.Sharing.Add(&r)
	}
	slices.SortStableFunc(desk.Answers, func(a, b OpenAnswer) int { return cmp.Compare(b.Urgency(), a.Urgency()) })
	return desk, nil
}

// OpenAnswer returns one open answer of a strand, for who has just decided about
// it: it reads one response. KindNotFound.
func (s *Service) OpenAnswer(ctx context.Context, programme ProgrammeID, strand StrandID, response ResponseID, variable questionnaire.ItemID) (OpenAnswer, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return OpenAnswer{}, err
	}
	answer, err := s.answerToDecide(ctx, programme, strand, response, variable)
	return answer.OpenAnswer, err
}

// openAnswers picks the open answers of one response, and what its scales flag.
func (d *Dataset) openAnswers(r Response) []OpenAnswer {
	instrument := d.Instrument(&r)
	var open []OpenAnswer
	var roles []string
	for i := range instrument.Variables() {
		v := &instrument.Variables()[i]
		if label := d.roleOf(v, r.Answers[v.ID]); label != "" {
			roles = append(roles, label)
		}
		written := v.Written(r.Answers[v.ID])
		if written == "" {
			continue
		}
		one := d.openAnswer(&r, v)
		one.Text, one.Consented, one.Signs = written, Consented(instrument, v, r.Answers), d.watch().find(written, r.Language)
		open = append(open, d.withhold(one))
	}
	for i := range open {
		open[i].Roles = roles
	}
	return append(open, d.flagged(&r, instrument)...)
}

func (d *Dataset) openAnswer(r *Response, v *questionnaire.Variable) OpenAnswer {
	return OpenAnswer{
		ReadingKey: ReadingKey{r.ID, v.ID}, Label: v.Label, Cohort: r.Cohort, Wave: r.Wave, Language: r.Language, Submitted: r.Submitted,
		Agreed: d.Agreed(r.Cohort), Reading: d.Readings[ReadingKey{r.ID, v.ID}], Decided: d.Concerns[ReadingKey{r.ID, v.ID}],
	}
}

// flagged are the choices that a scale, or a rule of the programme, says a person should
// look at.
func (d *Dataset) flagged(r *Response, instrument *questionnaire.Instrument) []OpenAnswer {
	var open []OpenAnswer
	for _, m := range d.watch().flags(instrument, r) {
		v, _ := instrument.Variable(m.variable)
		one := d.openAnswer(r, v)
		one.Text, one.Flag = v.Show(r.Answers[m.variable], "en"), m.rule
		open = append(open, d.withhold(one))
	}
	return open
}

// Agreed reports whether those of a cohort may be quoted as far as others have to
// agree: for children their school or their parents.
func (d *Dataset) Agreed(c CohortID) bool { return !d.Strand.Children || d.Cohorts[c].AgreedBy != "" }

// MayQuote reports whether the answer to v may be quoted: its writer agrees, and who
// has to for children.
func (d *Dataset) MayQuote(r *Response, in *questionnaire.Instrument, v *questionnaire.Variable) bool {
	return Consented(in, v, r.Answers) && d.Agreed(r.Cohort)
}

// isRole reports whether the choices of v are what people are, not what they think:
// it is asked without scores, and not for breaking results down by.
func isRole(v *questionnaire.Variable) bool {
	return v.Kind == questionnaire.KindSingleChoice && (!v.Item.Breakdown || strings.Contains(string(v.ID), "role")) &&
		!slices.ContainsFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Score != nil })
}

// roleOf is what a respondent said to be, "" if v does not ask for that. The name of
// an institution is none.
func (d *Dataset) roleOf(v *questionnaire.Variable, a questionnaire.Answer) string {
	if a.Choice == "" || !isRole(v) {
		return ""
	}
	for _, choice := range v.Choices {
		if choice.Code == a.Choice && choice.Meaning == "" {
			return d.roleName(choice)
		}
	}
	return ""
}

// roleName is the label of a choice as an attribution.
func (d *Dataset) roleName(choice questionnaire.Choice) string {
	label := choice.Label.In("en", slices.Sorted(maps.Keys(choice.Label))...)
	for _, i := range d.Institutions {
		if strings.Contains(nameKey(label), nameKey(i.Name)) {
			return ""
		}
	}
	if len(label) > 80 || len(label) < 4 || strings.EqualFold(label, d.Strand.Role) {
		return ""
	}
	return label
}

// roles are all that respondents can say to be.
func (d *Dataset) roles() []string {
	var all []string
	for _, in := range d.Instruments {
		for i := range in.Variables() {
			v := &in.Variables()[i]
			if !isRole(v) {
				continue
			}
			for _, choice := range v.Choices {
				if name := d.roleName(choice); choice.Meaning == "" && name != "" {
					all = append(all, name)
				}
			}
		}
	}
	return all
}
