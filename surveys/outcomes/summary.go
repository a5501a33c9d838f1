package outcomes

import (
	"fmt"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Part is a part of the summary.
type Part string

// The parts of a summary, in order.
const (
	PartLead   Part = "lead"   // the one sentence to remember
	PartWho    Part = "who"    // who took part
	PartChange Part = "change" // what changed, or what they said
	PartLimits Part = "limits" // what to bear in mind
	PartMethod Part = "method" // how it was worked out
)

// Parts lists the parts of a summary in their order.
func Parts() []Part { return []Part{PartLead, PartWho, PartChange, PartLimits, PartMethod} }

// PartTitle is the heading of a part; the lead has none.
func PartTitle(p Part, design surveys.Design) string {
	switch p {
	case PartWho:
		return "Who took part"
	case PartChange:
		switch design {
		case surveys.DesignRating:
			return "What they said"
		case surveys.DesignUnlinked:
			return "Before and after"
		}
		return "What changed"
	case PartLimits:
		return "What to bear in mind"
	case PartMethod:
		return "How this was worked out"
	}
	return ""
}

// Paragraph is one paragraph of a summary.
type Paragraph struct {
	ID   string `json:"id"` // stays the same from report to report: "who", "change:stress"
	Part Part   `json:"part"`
	Text string `json:"text"`
}

// SummaryWords are what a summary needs to know besides the report.
type SummaryWords struct {
	Language string         // BCP 47, of labels
	Zone     *time.Location // of days
	Only     string         // whose figures they are, if the report is filtered: "Only: Primary."
}

// Summary says what r holds in plain English, for a page that is read without
// figures beside it: each sentence has its base, and what limits it. It is made of
// the Report alone, so that what r hides is hidden in it; what cannot be worked out
// is said with its reason. Sentences say what people reported, never that the
// programme made it so.
func Summary(r *Report, words SummaryWords) []Paragraph {
	s := summary{r: r, lang: words.Language, zone: words.Zone, only: words.Only}
	s.add(PartLead, "lead", s.lead())
	s.who()
	for _, m := range s.measures() {
		s.add(PartChange, "change:"+string(m.ID), s.measure(m))
	}
	s.limits()
	s.add(PartMethod, "method", s.method())
	return s.list
}

// summary is one being written.
type summary struct {
	r    *Report
	lang string
	zone *time.Location
	only string
	list []Paragraph
}

// add adds a paragraph, unless it is empty.
func (s *summary) add(part Part, id, text string) {
	if text != "" {
		s.list = append(s.list, Paragraph{ID: id, Part: part, Text: text})
	}
}

// measures are those that the programme is judged by; all if none is marked.
func (s *summary) measures() []*MeasureResult {
	var marked, all []*MeasureResult
	for i := range s.r.Measures {
		m := &s.r.Measures[i]
		all = append(all, m)
		if m.Headline {
			marked = append(marked, m)
		}
	}
	if len(marked) > 0 {
		return marked
	}
	return all
}

// everyone is the row of reach over all.
func (s *summary) everyone() ReachRow {
	for _, row := range s.r.Reach.Rows {
		if row.By == "everyone" {
			return row
		}
	}
	return ReachRow{}
}

// hidden reports whether the number of people is.
func (s *summary) hidden() bool { return s.r.Withheld != "" || s.everyone().Suppressed }

// lead says how many people the results are of, and the first result.
func (s *summary) lead() string {
	switch {
	case s.hidden():
		return "So few answered that their number is not shown."
	case s.r.First.IsZero():
		return "Nobody has answered yet."
	}
	return join(s.base(), s.first())
}

// base says how many answered.
func (s *summary) base() string {
	r := s.r
	if w := r.Reach.Workshops.Sentence(r.Reach.People, r.People); w != "" {
		return w + "."
	}
	if p := r.Pairing; p != nil {
		if p.MatchRate.Reason() == Suppressed {
			return fmt.Sprintf("%s%s answered; how many of them did so both times is not shown.", s.people(r.Reach.People), s.places())
		}
		if p.Pre == 0 {
			return fmt.Sprintf("%s%s answered after, and nobody before.", s.people(p.Post), s.places())
		}
		if p.Matched == 0 {
			return fmt.Sprintf("%s%s answered before; none of them can be paired with answers after.", s.people(p.Pre), s.places())
		}
		return fmt.Sprintf("Of %s%s who answered before, %s answered both times%s.", s.people(p.Pre), s.places(), count(p.Matched), inBrackets(p.MatchRate.times(100)))
	}
	if r.Design == surveys.DesignUnlinked {
		var waves []string
		for _, w := range r.Responses {
			waves = append(waves, s.answeredAt(w))
		}
		return fmt.Sprintf("%s answered%s: %s; nobody can link the two.", upper(r.People), s.places(), and(waves))
	}
	return fmt.Sprintf("%s%s answered.", s.people(r.Reach.People), s.places())
}

// answeredAt is "30 before".
func (s *summary) answeredAt(w WaveCount) string {
	if w.Suppressed {
		return "a number " + s.waveWord(w.Wave) + " that is not shown"
	}
	return count(w.Submitted-w.Repeats) + " " + s.waveWord(w.Wave)
}

func (s *summary) waveWord(w questionnaire.Wave) string {
	switch w {
	case questionnaire.WavePre:
		return "before"
	case questionnaire.WavePost:
		return "after"
	}
	return "later"
}

// places is where: " in 4 series at 3 schools".
func (s *summary) places() string {
	row, text := s.everyone(), ""
	if row.Cohorts > 1 {
		text = " in " + counted(row.Cohorts, s.r.Groups)
	}
	if n := s.r.Reach.Institutions; n > 0 {
		text += " at " + counted(n, s.r.Places)
	}
	return text
}

// first is the result of the first measure in one sentence, "" if it has none.
func (s *summary) first() string {
	measures := s.measures()
	if len(measures) == 0 {
		return ""
	}
	m := measures[0]
	label := "“" + labelIn(m.Label, s.lang) + "”"
	switch {
	case m.Paired != nil && m.Paired.Change.ImprovedPct.OK():
		c, verb := m.Paired.Change, "reported a better score for"
		if s.fromMemory(m) {
			verb = "rated themselves better now than then for"
		}
		return fmt.Sprintf("%s %s %s.", upper(s.share(c.ImprovedN, m.Paired.NMatched, c.ImprovedPct)), verb, label)
	case m.Binary != nil && m.Binary.PostPct.OK():
		return fmt.Sprintf("%s: %s %s %s, %s.", label, s.shareOf(m.Binary.NMatched, m.Binary.PostPct), m.TopWords(s.lang),
			s.afterWord(m), s.against(m.Binary))
	case m.Single != nil && m.Single.TopPct.OK():
		return label + ": " + s.topBox(m) + "."
	}
	return ""
}

// against is the share before beside that after.
func (s *summary) against(b *Binary) string {
	if s.r.Design == surveys.DesignThenNow {
		return "against " + percentProse(b.PrePct) + " then"
	}
	return "against " + percentProse(b.PrePct) + " before"
}

func (s *summary) fromMemory(m *MeasureResult) bool {
	return m.FromMemory
}

func (s *summary) afterWord(m *MeasureResult) string {
	if s.fromMemory(m) {
		return "now"
	}
	return "after"
}

func (s *summary) beforeWord(m *MeasureResult) string {
	if s.fromMemory(m) {
		return "then"
	}
	return "before"
}

// who says who took part, against what was planned.
func (s *summary) who() {
	r := s.r
	s.add(PartWho, "who:when", s.when())
	s.add(PartWho, "who:target", s.targets())
	if p := r.Pairing; p != nil {
		s.add(PartWho, "who:pairs", s.pairs(p))
	}
}

func (s *summary) when() string {
	if s.r.First.IsZero() {
		return ""
	}
	if s.r.Profile == surveys.ProfilePublished {
		return s.months()
	}
	first, last := s.day(s.r.First), s.day(s.r.Last)
	if first == last {
		return fmt.Sprintf("All answers were given on %s.", first)
	}
	return fmt.Sprintf("Answers were given from %s to %s.", first, last)
}

// months is when the answers came as a publication tells it.
func (s *summary) months() string {
	first, last := s.r.First.Format("January 2006"), s.r.Last.Format("January 2006")
	if first == last {
		return fmt.Sprintf("All answers were given in %s.", first)
	}
	return fmt.Sprintf("Answers were given from %s to %s.", first, last)
}

func (s *summary) day(t time.Time) string { return t.In(s.zone).Format("2 January 2006") }

// targets sets who was reached against what the grant asked for. Targets are in
// nobody's answers: they are not rounded.
func (s *summary) targets() string {
	if s.hidden() {
		return ""
	}
	reach := s.r.Reach
	var sentences []string
	if reach.TargetPeople > 0 && reach.Workshops == nil {
		people := s.people(reach.People)
		if reach.PeopleAtMost > reach.People {
			people = fmt.Sprintf("Between %s and %s", count(reach.People), s.people(reach.PeopleAtMost))
		}
		sentences = append(sentences, fmt.Sprintf("%s took part; the target was %s.", people, count(reach.TargetPeople)))
	}
	if reach.TargetInstitutions > 0 {
		sentences = append(sentences, fmt.Sprintf("They were at %s; the target was %s.", counted(reach.Institutions, s.r.Places), count(reach.TargetInstitutions)))
	}
	return join(sentences...)
}

// pairs says how the answers before and after were brought together.
func (s *summary) pairs(p *PairingSummary) string {
	if p.Matched == 0 {
		return ""
	}
	var ways []string
	for _, way := range []struct {
		n    int
		what string
	}{{p.Exact, "by the same code"}, {p.Near, "by codes that differ a little"}, {p.Reviewed, "by a person who compared them"}} {
		if way.n > 0 {
			ways = append(ways, count(way.n)+" "+way.what)
		}
	}
	text := "Answers before and after were paired by codes, without names"
	if len(ways) > 0 {
		text += ": " + and(ways)
	}
	text += "."
	if p.PostOnly > 0 {
		text += fmt.Sprintf(" %s answered after only.", s.people(p.PostOnly))
	}
	return text
}

// method is the line about how the figures came about.
func (s *summary) method() string {
	r := s.r
	text := designLine(r.Design)
	switch shown := len(s.measures()); {
	case shown == len(r.Measures):
	case shown == 1:
		text += fmt.Sprintf(" Of %s measures the one that the programme is judged by is shown; the others are in the workbook.", count(len(r.Measures)))
	default:
		text += fmt.Sprintf(" Of %s measures the %s that the programme is judged by are shown; the others are in the workbook.", count(len(r.Measures)), count(shown))
	}
	text += " Percentages are of the people who answered the question" + map[bool]string{true: " both times"}[r.Pairing != nil] + "; missing answers are left out, not counted as no."
	switch r.Profile {
	case surveys.ProfilePublished:
		text += fmt.Sprintf(" Counts are rounded to the nearest 5, so they may not add up, and figures of fewer than %s people are not shown.", count(max(10, r.Smallest)))
	case surveys.ProfileInternal:
		if r.Smallest > 1 {
			text += fmt.Sprintf(" Figures of fewer than %s people are not shown.", count(r.Smallest))
		}
	}
	if !r.Made.IsZero() {
		text += " Worked out on " + s.day(r.Made) + "."
	}
	return text
}

// designLine says how a design measures.
func designLine(d surveys.Design) string {
	switch d {
	case surveys.DesignPrePost, surveys.DesignPrePostFollowUp:
		return "The same people answered the same questions before and after, and each was compared with themselves."
	case surveys.DesignThenNow:
		return "Once, at the end, people rated how it was then and how it is now."
	case surveys.DesignRating:
		return "People rated what was delivered, once, afterwards."
	case surveys.DesignUnlinked:
		return "People answered the same questions before and after, but the answers cannot be linked: the two groups were compared, not each person with themselves."
	}
	return ""
}

// join puts sentences one after another.
func join(sentences ...string) string {
	var all []string
	for _, one := range sentences {
		if one != "" {
			all = append(all, one)
		}
	}
	return strings.Join(all, " ")
}

// and is "a, b and c".
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
