package outcomes

import "fmt"

// fewPeople is from how many people on nothing is said about their number: of fewer,
// each moves a percentage by more than 3.
const fewPeople = 30

// limits says what stands against taking the figures for more than they are.
func (s *summary) limits() {
	s.add(PartLimits, "limits:caveat", Caveat(s.r.Design))
	s.add(PartLimits, "limits:filter", s.part())
	s.add(PartLimits, "limits:few", s.few())
	s.add(PartLimits, "limits:dropout", s.dropOut())
	for _, m := range s.measures() {
		s.add(PartLimits, "limits:"+string(m.ID), s.notes(m))
	}
}

// part says that not everybody is in the figures.
func (s *summary) part() string {
	if s.r.Filter.Empty() {
		return ""
	}
	return join("These figures are of some of the people only, not of everyone who took part.", s.only)
}

// few says how much one person is.
func (s *summary) few() string {
	if p := s.r.Pairing; p != nil && p.Matched > 0 && p.Matched < fewPeople {
		return fmt.Sprintf("Only %s answered both times: each person is %.0f%% of them, so small differences mean little.", s.people(p.Matched), 100/float64(p.Matched))
	}
	return ""
}

// dropOut says how many left.
func (s *summary) dropOut() string {
	p := s.r.Pairing
	if p == nil || p.PreOnly == 0 || p.Matched == 0 {
		return ""
	}
	return fmt.Sprintf("%s of the %s who answered before did not answer after, or cannot be paired with their answers; nothing here says how they changed.",
		count(p.PreOnly), s.people(p.Pre))
}

// notes are what belongs beside the result of a measure: a ceiling, those who left,
// groups that are alike.
func (s *summary) notes(m *MeasureResult) string {
	if len(m.Notes) == 0 {
		return ""
	}
	text := labelIn(m.Label, s.lang) + ":"
	for _, note := range m.Notes {
		text += " " + note.Text
	}
	return text
}
