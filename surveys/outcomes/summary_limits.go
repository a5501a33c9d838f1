package outcomes

import (
	"fmt"
	"math"
)

// From when on a limit is said.
const (
	atTheEnd    = 15.0 // per cent with the best score before: a ceiling; Terwee et al. (2007), J Clin Epidemiol 60:34
	otherAtPre  = 0.25 // standardised difference of those who left; see Attrition
	fewPeople   = 30   // fewer: one person moves a percentage by more than 3
	alikeWithin = 1.2  // design effect that widens an interval by a tenth
)

// limits says what stands against taking the figures for more than they are.
func (s *summary) limits() {
	s.add(PartLimits, "limits:caveat", Caveat(s.r.Design))
	s.add(PartLimits, "limits:filter", s.part())
	s.add(PartLimits, "limits:few", s.few())
	s.add(PartLimits, "limits:dropout", s.dropOut())
	s.add(PartLimits, "limits:ceiling", s.ceilings())
	s.add(PartLimits, "limits:clusters", s.clusters())
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

// dropOut says how many left, and whether they were other people.
func (s *summary) dropOut() string {
	p := s.r.Pairing
	if p == nil || p.PreOnly == 0 || p.Matched == 0 {
		return ""
	}
	text := fmt.Sprintf("%s of the %s who answered before did not answer after, or cannot be paired with their answers; nothing here says how they changed.",
		count(p.PreOnly), s.people(p.Pre))
	var lower, higher []string
	known := 0
	for _, m := range s.measures() {
		if m.Paired == nil {
			continue
		}
		smd, ok := m.Paired.Attrition.SMD.Float()
		if !ok {
			continue
		}
		known++
		label := "“" + labelIn(m.Label, s.lang) + "”"
		switch {
		case smd >= otherAtPre:
			lower = append(lower, label)
		case smd <= -otherAtPre:
			higher = append(higher, label)
		}
	}
	switch {
	case len(lower)+len(higher) > 0:
		return join(text, began("lower", lower), began("higher", higher))
	case known > 0:
		return join(text, "At the start they had answered much as those who stayed.")
	}
	return text
}

func began(which string, labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	return fmt.Sprintf("At the start they had %s scores than those who stayed for %s, so that the change of everyone who began may be another.", which, and(labels))
}

// ceilings says for which measures many had no room to improve.
func (s *summary) ceilings() string {
	var parts []string
	for _, m := range s.measures() {
		if m.Paired == nil {
			continue
		}
		end := m.Paired.Ceiling
		if m.Direction == "lower" {
			end = m.Paired.Floor
		}
		if end == nil {
			continue
		}
		if v, ok := end.PrePct.Float(); ok && v >= atTheEnd {
			parts = append(parts, fmt.Sprintf("%s for “%s”", percentProse(end.PrePct), labelIn(m.Label, s.lang)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("Some had the best possible score %s already, and could not improve: %s.", s.beforeWord(&s.r.Measures[0]), and(parts))
}

// clusters says that people of one group changed alike, so that the intervals are
// too narrow.
func (s *summary) clusters() string {
	most, by := 0.0, ""
	for _, m := range s.measures() {
		for _, b := range m.Breakdowns {
			if b.DesignEffect == nil {
				continue
			}
			if v, ok := b.DesignEffect.Float(); ok && v > most {
				most, by = v, b.By
			}
		}
	}
	if most < alikeWithin {
		return ""
	}
	return fmt.Sprintf("People of the same %s changed alike: the true uncertainty is up to %s times what the confidence intervals say.", by, shown(Est(math.Sqrt(most)), 1))
}
