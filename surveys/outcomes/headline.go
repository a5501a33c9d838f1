package outcomes

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Headline is one measure in plain words, with its parts apart, so that a sheet
// can have figure and base in cells of their own.
type Headline struct {
	Measure  questionnaire.ItemID `json:"measure"`
	Headline bool                 `json:"headline"` // one of those the programme is judged by
	Label    string               `json:"label"`
	Text     string               `json:"text"`           // the whole sentence: figure, base and note
	Figure   Estimate             `json:"figure"`         // the number the sentence is about
	Unit     string               `json:"unit"`           // of Figure: "%" or "points"
	Part     int                  `json:"part"`           // Figure is Part of Base, if it is a percentage
	Base     int                  `json:"base"`           // people
	BaseText string               `json:"base_text"`      // "participants with both questionnaires"
	Note     string               `json:"note,omitempty"` // what must stand beside it, or why there is no figure
}

// Headlines puts every measure of r into one sentence each, in the order of the
// report. Sentences are English; lang chooses the wording of labels. They say what
// respondents reported, never that the programme made it so.
func Headlines(r *Report, lang string) []Headline {
	lines := make([]Headline, len(r.Measures))
	for i := range r.Measures {
		lines[i] = headlineOf(r, &r.Measures[i], lang)
	}
	return lines
}

func headlineOf(r *Report, m *MeasureResult, lang string) Headline {
	h := Headline{Measure: m.ID, Headline: m.Headline, Label: labelIn(m.Label, lang), Figure: NotEstimable(m.Withheld)}
	w := wording{r: r, m: m, lang: lang, people: r.People, retrospective: m.FromMemory}
	if w.retrospective {
		h.Note = noteFromMemory
	}
	switch {
	case m.Paired != nil:
		w.paired(&h, m.Paired)
	case m.Binary != nil:
		w.binary(&h, m.Binary)
	case m.Unlinked != nil:
		h.Note = noteUnlinked
		w.unlinked(&h, m.Unlinked)
	case m.NPS != nil:
		w.nps(&h, m.NPS)
	case m.Single != nil:
		w.single(&h, m.Single)
	}
	if reason := h.Figure.Reason(); reason != "" {
		h.Note = ReasonWords(reason)
		h.Text = h.Label + ": no figure, because " + h.Note + "."
		if reason == Suppressed {
			h.Text = h.Label + ": not shown, because " + h.Note + "."
		}
	}
	return h
}

const (
	noteFromMemory = "rated afterwards from memory"
	noteUnlinked   = "answers before and after are not linked"
)

// wording is what the sentences of one measure have in common.
type wording struct {
	r             *Report
	m             *MeasureResult
	lang, people  string
	retrospective bool
}

// begin is how a sentence begins.
func (w wording) begin(h *Headline) string {
	if w.retrospective {
		return h.Label + ", " + noteFromMemory + ": "
	}
	return h.Label + ": "
}

// both names the people who answered twice.
func (w wording) both() string {
	if w.retrospective {
		return w.people + " who rated both then and now"
	}
	return w.people + " with both questionnaires"
}

func (w wording) paired(h *Headline, p *Paired) {
	h.Figure, h.Unit = p.Change.ImprovedPct, "%"
	h.Part, h.Base, h.BaseText = p.Change.ImprovedN, p.NMatched, w.both()
	higher, lower := "reported a higher score", "a lower one"
	if w.retrospective {
		higher, lower = "rated it higher now than then", "lower"
	}
	if w.m.Direction == questionnaire.DirectionLower {
		higher, lower = strings.Replace(higher, "higher", "lower (better)", 1), strings.Replace(lower, "lower", "higher", 1)
	}
	before, after := "before", "after"
	if w.retrospective {
		before, after = "then", "now"
	}
	means := fmt.Sprintf("mean %s %s, %s %s%s", w.decimal(p.Pre.Mean), before, w.decimal(p.Post.Mean), after, w.scale())
	switch {
	case p.Change.ImprovedPct.Reason() == Suppressed && p.Diff.Mean.OK():
		h.Figure, h.Unit, h.Part = p.Diff.Mean, "points", 0
		h.Text = fmt.Sprintf("%s%s, of %s %s; %s.", w.begin(h), means, count(h.Base), h.BaseText, w.matched(p.Counts))
	case p.Change.WorsePct.Reason() == Suppressed:
		h.Text = fmt.Sprintf("%s%s of %s %s %s (%s of %s); %s; %s.", w.begin(h), percentWords(h.Figure),
			count(h.Base), h.BaseText, higher, count(h.Part), count(h.Base), means, w.matched(p.Counts))
	default:
		h.Text = fmt.Sprintf("%s%s of %s %s %s (%s of %s), %s %s (%s of %s); %s; %s.", w.begin(h), percentWords(h.Figure),
			count(h.Base), h.BaseText, higher, count(h.Part), count(h.Base),
			percentWords(p.Change.WorsePct), lower, count(p.Change.WorseN), count(h.Base), means, w.matched(p.Counts))
	}
}

func (w wording) binary(h *Headline, b *Binary) {
	h.Figure, h.Unit = b.PostPct, "%"
	h.Base, h.BaseText = b.NMatched, w.both()
	h.Part = partOf(b.PostPct, h.Base)
	before, after := "before", "after"
	if w.retrospective {
		before, after = "then", "now"
	}
	first := ""
	if b.PrePct.Reason() != Suppressed {
		first = fmt.Sprintf(", %s %s (%s of %s)", percentWords(b.PrePct), before, count(partOf(b.PrePct, h.Base)), count(h.Base))
	}
	h.Text = fmt.Sprintf("%s%s of %s %s %s %s (%s of %s)%s; %s.", w.begin(h), percentWords(h.Figure),
		count(h.Base), h.BaseText, w.m.TopWords(w.lang), after, count(h.Part), count(h.Base), first, w.matched(b.Counts))
}

// unlinked compares two groups, never a person with themselves.
func (w wording) unlinked(h *Headline, u *Unlinked) {
	h.BaseText = w.people + " who answered after"
	h.Base = u.NPost
	groups := fmt.Sprintf("n = %s before and %s after, not linked", count(u.NPre), count(u.NPost))
	if u.Share != nil && w.m.Type == questionnaire.MeasureBinary {
		s := u.Share
		h.Figure, h.Unit, h.Part = s.PostPct, "%", s.YesPost
		before := ""
		if s.PrePct.Reason() != Suppressed {
			before = fmt.Sprintf(", against %s of those who answered before (%s of %s)", percentWords(s.PrePct), count(s.YesPre), count(s.NPre))
		}
		h.Text = fmt.Sprintf("%s%s of %s %s (%s of %s)%s; %s.", w.begin(h), percentWords(s.PostPct),
			h.BaseText, w.m.TopWords(w.lang), count(s.YesPost), count(s.NPost), before, groups)
		return
	}
	h.Figure, h.Unit = u.Welch.Diff, "points"
	h.Text = fmt.Sprintf("%smean %s before and %s after%s, a difference of %s between the two groups; %s.", w.begin(h), decimal(u.Pre.Mean), decimal(u.Post.Mean),
		w.scale(), decimal(u.Welch.Diff), groups)
}

func (w wording) nps(h *Headline, n *NetPromoter) {
	h.Figure, h.Unit, h.Base, h.BaseText = n.Printed(), "points", n.N, w.people+" who answered"
	if n.N == 0 {
		h.Figure = n.Score
	}
	if n.PromotersPct.Reason() == Suppressed {
		h.Text = fmt.Sprintf("%snet promoter score %s, of %s %s.", w.begin(h), whole(h.Figure), count(n.N), h.BaseText)
		return
	}
	h.Text = fmt.Sprintf("%s%s of %s %s would recommend it (9 or 10 of 10); %s gave 0 to 6; net promoter score %s.",
		w.begin(h), percentWords(n.PromotersPct), count(n.N), h.BaseText, percentWords(n.DetractorsPct), whole(h.Figure))
}

func (w wording) single(h *Headline, s *Single) {
	h.Base, h.BaseText = s.N, w.people+" who answered"
	if len(w.m.Top) == 0 || s.TopPct.Reason() == Suppressed && s.Mean.OK() && w.m.Type != questionnaire.MeasureBinary {
		h.Figure, h.Unit = s.Mean, "mean"
		h.Text = fmt.Sprintf("%smean %s%s among %s %s.", w.begin(h), w.decimal(s.Mean), w.scale(), count(s.N), h.BaseText)
		return
	}
	h.Figure, h.Unit = s.TopPct, "%"
	h.Part = partOf(s.TopPct, s.N)
	if w.m.Type == questionnaire.MeasureBinary {
		h.Text = fmt.Sprintf("%s%s of %s %s %s (%s of %s).", w.begin(h), percentWords(h.Figure),
			count(s.N), h.BaseText, w.m.TopWords(w.lang), count(h.Part), count(s.N))
		return
	}
	h.Text = fmt.Sprintf("%s%s of %s %s gave %s (%s of %s); mean %s%s.", w.begin(h), percentWords(h.Figure), count(s.N), h.BaseText,
		list(w.m.Top), count(h.Part), count(s.N), w.decimal(s.Mean), w.scale())
}

// TopWords is what people did who gave the answer that a yes or no counts, in
// the author's words or those of the answer: "answered correctly", "said yes".
func (m *MeasureResult) TopWords(lang string) string {
	if len(m.TopText) > 0 {
		return labelIn(m.TopText, lang)
	}
	var labels []string
	for _, label := range m.TopLabels {
		if strings.EqualFold(labelIn(label, "en"), "yes") {
			return saidYes
		}
		labels = append(labels, "“"+labelIn(label, lang)+"”")
	}
	if len(labels) == 0 {
		return saidYes
	}
	return "answered " + strings.Join(labels, " or ")
}

const saidYes = "said yes"

// scale names the range: " on a 1–6 scale".
func (w wording) scale() string {
	if w.m.Min == nil || w.m.Max == nil {
		return ""
	}
	return " on a " + short(*w.m.Min) + "–" + short(*w.m.Max) + " scale"
}

// matched says how many of those who began are in the figure.
func (w wording) matched(c Counts) string {
	if w.retrospective {
		return fmt.Sprintf("n = %s of %s who answered", count(c.NMatched), count(c.NMatched+c.NPreOnly+c.NPostOnly))
	}
	return fmt.Sprintf("matched n = %s of %s before (%s after)", count(c.NMatched), count(c.NPre), count(c.NPost))
}

// Caveat is the one fixed sentence that stands beside every result of a design.
func Caveat(design surveys.Design) string {
	switch design {
	case surveys.DesignPrePost, surveys.DesignPrePostFollowUp:
		return "These are the answers of the same people before and after, without a comparison group: time passing, answering the same questions twice, wishing to please and who stayed to the end can all be part of a change."
	case surveys.DesignThenNow:
		return "Both then and now were rated afterwards from memory, without a comparison group: this usually shows more change than asking before and after, and is not to be set beside such figures."
	case surveys.DesignRating:
		return "These are the views of those who answered, given once: they rate what was delivered and do not measure a change in anyone."
	case surveys.DesignUnlinked:
		return "Answers before and after cannot be linked: they are two groups, and a difference can also come from who answered when. It is no change of any person, and there is no comparison group."
	}
	return ""
}

// reasonWords are the reasons as the end of "no figure, because …".
var reasonWords = map[Reason]string{
	NoAnswers:                 "nobody has answered this",
	NoPairs:                   "nobody answered this both times",
	FewerThanTwo:              "fewer than 2 people are behind it",
	FewerThanThree:            "fewer than 3 people are behind it",
	ZeroVarianceOfDifferences: "everyone changed by the same amount",
	AllDifferencesZero:        "nobody changed",
	ZeroVariance:              "all answers are the same",
	ZeroVarianceInAGroup:      "all answers of one group are the same",
	GroupNotTested:            "the group is too small to be tested",
	TooFew:                    "fewer than 10 people answered",
	NotApplicable:             "it has no meaning for this question",
	OutOfRange:                "the numbers are too large",
	Suppressed:                "so few people are behind it that it could show what one of them answered",
}

// ReasonWords says why a figure is missing, as the end of "no figure, because …".
func ReasonWords(reason Reason) string {
	if words, ok := reasonWords[reason]; ok {
		return words
	}
	return string(reason)
}

// plural names the people of an audience.
func plural(a surveys.Audience) string {
	switch a {
	case surveys.AudienceTrainee:
		return "trainees"
	case surveys.AudienceTeacher:
		return "teachers"
	}
	return "participants"
}

// labelIn is the wording of a label in lang, in English, or in whichever language
// comes first.
func labelIn(label questionnaire.Text, lang string) string {
	if words := label.In(lang, "en"); words != "" {
		return words
	}
	first := ""
	for tag := range label {
		if label[tag] != "" && (first == "" || tag < first) {
			first = tag
		}
	}
	return label[first]
}

// percentWords is a percentage without decimals; "<1%" and ">99%" keep few from
// reading as nobody, and most as everyone.
func percentWords(e Estimate) string {
	v, ok := e.Float()
	switch {
	case !ok:
		return "–"
	case v > 0 && v < 1:
		return "<1%"
	case v > 99 && v < 100:
		return ">99%"
	}
	return strconv.FormatFloat(math.Round(v), 'f', 0, 64) + "%"
}

func decimal(e Estimate) string { return shown(e, 2) }

// decimal writes a mean with two decimals, or with those that a publication has.
func (w wording) decimal(e Estimate) string {
	v, ok := e.Float()
	if !ok || w.r.Profile != surveys.ProfilePublished {
		return decimal(e)
	}
	return strings.Replace(short(v), "-", "−", 1)
}

func whole(e Estimate) string { return shown(e, 0) }

func shown(e Estimate, decimals int) string {
	v, ok := e.Float()
	if !ok {
		return "–"
	}
	return strings.Replace(unsigned(strconv.FormatFloat(halfUp(v, decimals), 'f', decimals, 64)), "-", "−", 1)
}

// halfUp rounds a half away from 0, as spreadsheets do: 62.5% is 63% in every file.
func halfUp(v float64, decimals int) float64 {
	factor := math.Pow10(decimals)
	return math.Round(v*factor) / factor
}

// unsigned takes the sign from a number that was rounded to 0.
func unsigned(digits string) string {
	if strings.Trim(digits, "-0.") == "" {
		return strings.TrimPrefix(digits, "-")
	}
	return digits
}

func short(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// count writes a number of people with a comma between thousands.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// partOf is how many people of n a percentage stands for.
func partOf(pct Estimate, n int) int {
	v, _ := pct.Float()
	return int(v*float64(n)/100 + 0.5)
}

// list writes values as "4 or 5".
func list(values []float64) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = short(v)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
