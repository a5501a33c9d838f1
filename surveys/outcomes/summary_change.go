package outcomes

import (
	"fmt"

	"soundings/surveys/questionnaire"
)

// measure says what became of one measure.
func (s *summary) measure(m *MeasureResult) string {
	label := labelIn(m.Label, s.lang)
	if m.Withheld != "" {
		return fmt.Sprintf("%s: not shown, because %s.", label, ReasonWords(m.Withheld))
	}
	switch {
	case m.Paired != nil:
		return s.paired(m, m.Paired)
	case m.Binary != nil:
		return s.binary(m, m.Binary)
	case m.Unlinked != nil:
		return s.unlinked(m, m.Unlinked)
	case m.NPS != nil:
		return s.nps(m, m.NPS)
	case m.Single != nil:
		return s.single(m)
	}
	return label + ": no figure."
}

// noFigure says why there is none.
func (s *summary) noFigure(m *MeasureResult, e Estimate) string {
	verb := "no figure"
	if e.Reason() == Suppressed {
		verb = "not shown"
	}
	return fmt.Sprintf("%s: %s, because %s.", labelIn(m.Label, s.lang), verb, ReasonWords(e.Reason()))
}

// paired says how many changed which way, by how much on average, and how sure that is.
func (s *summary) paired(m *MeasureResult, p *Paired) string {
	if p.NMatched == 0 || !p.Change.ImprovedPct.OK() && !p.Diff.Mean.OK() {
		return s.noFigure(m, p.Change.ImprovedPct)
	}
	return join(s.moved(m, p), s.mean(m, p), s.least(m, p))
}

// begin is the label, and how it was measured where that must stand beside it.
func (s *summary) begin(m *MeasureResult) string {
	text := labelIn(m.Label, s.lang)
	if s.fromMemory(m) {
		text += ", " + noteFromMemory
	}
	if m.Direction == questionnaire.DirectionLower {
		text += " (lower is better)"
	}
	return text + ": "
}

// moved counts who reported more, less and the same. Where few did one of them,
// which is hidden, only the others are said.
func (s *summary) moved(m *MeasureResult, p *Paired) string {
	c := p.Change
	if !c.ImprovedPct.OK() {
		return fmt.Sprintf("%show many improved is not shown, because %s.", s.begin(m), ReasonWords(c.ImprovedPct.Reason()))
	}
	better, worse := "a higher score", "a lower one"
	if m.Direction == questionnaire.DirectionLower {
		better, worse = "a lower score", "a higher one"
	}
	verb := "reported " + better + " after than before"
	if s.fromMemory(m) {
		verb = "gave " + better + " for now than for then"
	}
	parts := []string{s.share(c.ImprovedN, p.NMatched, c.ImprovedPct) + " " + verb}
	if text := rest(c.WorseN, c.WorsePct); text != "" {
		parts = append(parts, text+" "+worse)
	}
	if text := rest(c.SameN, c.SamePct); text != "" {
		parts = append(parts, text+" the same")
	}
	return s.begin(m) + and(parts) + "."
}

// mean says how the mean moved, and whether that may be chance.
func (s *summary) mean(m *MeasureResult, p *Paired) string {
	change, ok := p.Diff.Mean.Float()
	if !ok || !p.Pre.Mean.OK() || !p.Post.Mean.OK() {
		return ""
	}
	before, after := s.beforeWord(m), s.afterWord(m)
	text := fmt.Sprintf("The mean was %s %s and %s %s%s", s.score(m, p.Pre.Mean), before, s.score(m, p.Post.Mean), after, m.scale())
	switch {
	case s.size(m, p.Diff.Mean) == s.size(m, Est(0)):
		text += ": no change to speak of"
	case change > 0:
		text += ": a rise of " + s.size(m, p.Diff.Mean)
	default:
		text += ": a fall of " + s.size(m, p.Diff.Mean)
	}
	low, known := p.Diff.CI.Low.Float()
	high, _ := p.Diff.CI.High.Float()
	if !known {
		return text + "."
	}
	text += fmt.Sprintf(" (95%% confidence interval %s to %s)", s.score(m, p.Diff.CI.Low), s.score(m, p.Diff.CI.High))
	if low <= 0 && high >= 0 {
		text += ", which may be chance"
	}
	return text + "."
}

// least counts the changes that were set beforehand as large enough to matter.
func (s *summary) least(m *MeasureResult, p *Paired) string {
	c := p.ChangeMid
	if c == nil || m.MinChange == nil || !c.ImprovedPct.OK() || c.ImprovedN == p.Change.ImprovedN && c.WorseN == p.Change.WorseN {
		return ""
	}
	text := fmt.Sprintf("Counting only changes of %s or more, which was set beforehand as the smallest that matters, %s improved", short(*m.MinChange), rest(c.ImprovedN, c.ImprovedPct))
	if worse := rest(c.WorseN, c.WorsePct); worse != "" {
		text += fmt.Sprintf(" and %s got worse", worse)
	}
	return text + "."
}

// binary says how many gave the answer that counts, before and after.
func (s *summary) binary(m *MeasureResult, b *Binary) string {
	if b.NMatched == 0 || !b.PostPct.OK() {
		return s.noFigure(m, b.PostPct)
	}
	begin := labelIn(m.Label, s.lang)
	if s.fromMemory(m) {
		begin += ", " + noteFromMemory
	}
	text := fmt.Sprintf("%s: %s %s %s", begin, s.shareOf(b.NMatched, b.PostPct), m.TopWords(s.lang), s.afterWord(m))
	if before := rest(partOf(b.PrePct, b.NMatched), b.PrePct); before != "" {
		text += fmt.Sprintf(", %s %s", before, s.beforeWord(m))
	}
	return text + points(b.DiffPP, b.DiffCI) + "."
}

// unlinked compares two groups, never a person with themselves.
func (s *summary) unlinked(m *MeasureResult, u *Unlinked) string {
	begin := labelIn(m.Label, s.lang)
	if share := u.Share; share != nil && share.PostPct.OK() && share.PrePct.OK() {
		verb := "gave " + list(m.Top)
		if m.Type == questionnaire.MeasureBinary {
			verb = m.TopWords(s.lang)
		}
		return fmt.Sprintf("%s: of those who answered after, %s %s, of those who answered before %s%s.", begin,
			s.share(share.YesPost, share.NPost, share.PostPct), verb, s.share(share.YesPre, share.NPre, share.PrePct), points(share.DiffPP, share.DiffCI))
	}
	if !u.Pre.Mean.OK() || !u.Post.Mean.OK() {
		return s.noFigure(m, u.Welch.Diff)
	}
	text := fmt.Sprintf("%sthe mean of %s who answered before was %s, that of %s who answered after %s%s", s.begin(m),
		s.people(u.NPre), s.score(m, u.Pre.Mean), s.people(u.NPost), s.score(m, u.Post.Mean), m.scale())
	low, known := u.Welch.CI.Low.Float()
	high, _ := u.Welch.CI.High.Float()
	if !known {
		return text + "."
	}
	text += fmt.Sprintf(": a difference of %s between the two groups (95%% confidence interval %s to %s)", s.score(m, u.Welch.Diff), s.score(m, u.Welch.CI.Low), s.score(m, u.Welch.CI.High))
	if low <= 0 && high >= 0 {
		text += ", which may be chance"
	}
	return text + "."
}

// points is the difference of two percentages with its interval.
func points(difference Estimate, ci Interval) string {
	diff, ok := difference.Float()
	if !ok {
		return ""
	}
	text := ": no difference"
	if shown(difference, 0) != "0" {
		which := "more"
		if diff < 0 {
			which = "fewer"
		}
		text = fmt.Sprintf(": %s percentage points %s", shown(Est(max(diff, -diff)), 0), which)
		if shown(Est(max(diff, -diff)), 0) == "1" {
			text = ": 1 percentage point " + which
		}
	}
	low, known := ci.Low.Float()
	high, _ := ci.High.Float()
	if !known {
		return text
	}
	text += fmt.Sprintf(" (95%% confidence interval %s to %s)", shown(ci.Low, 0), shown(ci.High, 0))
	if low <= 0 && high >= 0 {
		text += ", which may be chance"
	}
	return text
}

func (s *summary) nps(m *MeasureResult, n *NetPromoter) string {
	if n.N == 0 || !n.PromotersPct.OK() {
		return s.noFigure(m, n.PromotersPct)
	}
	text := fmt.Sprintf("%s: %s would recommend it (9 or 10 of 10)", labelIn(m.Label, s.lang), s.share(n.PromotersN, n.N, n.PromotersPct))
	if against := rest(n.DetractorsN, n.DetractorsPct); against != "" {
		text += fmt.Sprintf(" and %s would not (0 to 6)", against)
	}
	text += "."
	if score := n.Printed(); score.OK() {
		text += fmt.Sprintf(" The net promoter score is %s, on a range of −100 to 100.", shown(score, 0))
	}
	return text
}

func (s *summary) single(m *MeasureResult) string {
	one := m.Single
	label := labelIn(m.Label, s.lang)
	switch {
	case one.N == 0 || !one.TopPct.OK() && !one.Mean.OK():
		return s.noFigure(m, one.Mean)
	case len(m.Top) == 0 || !one.TopPct.OK():
		return fmt.Sprintf("%s: the mean of %s was %s%s.", label, s.people(one.N), s.score(m, one.Mean), m.scale())
	case m.Type == questionnaire.MeasureBinary || !one.Mean.OK():
		return fmt.Sprintf("%s: %s.", label, s.topBox(m))
	}
	return fmt.Sprintf("%s: %s. The mean was %s%s.", label, s.topBox(m), s.score(m, one.Mean), m.scale())
}

// topBox is how many gave an answer that was counted as good beforehand.
func (s *summary) topBox(m *MeasureResult) string {
	one := m.Single
	verb := "gave " + list(m.Top)
	if m.Type == questionnaire.MeasureBinary {
		verb = m.TopWords(s.lang)
	}
	return s.shareOf(one.N, one.TopPct) + " " + verb
}
