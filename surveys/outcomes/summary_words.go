package outcomes

import (
	"math"
	"strings"

	"soundings/surveys"
)

// people counts the people of the report: "44 parents", "1 parent".
func (s *summary) people(n int) string { return counted(n, s.r.People) }

// counted is "1 school" or "4 schools".
func counted(n int, plural string) string {
	if n == 1 {
		return "1 " + singular(plural)
	}
	return count(n) + " " + plural
}

// singulars are the words whose singular is not the plural without its end.
var singulars = map[string]string{
	"people": "person", "children": "child", "staff": "member of staff", "series": "series", "men": "man", "women": "woman",
	"classes": "class", "wives": "wife", "midwives": "midwife", "churches": "church", "coaches": "coach", "branches": "branch", "boxes": "box",
}

// singular is one of what a plural names: the last word of it changes.
func singular(plural string) string {
	head, last := "", plural
	if i := strings.LastIndexByte(plural, ' '); i >= 0 {
		head, last = plural[:i+1], plural[i+1:]
	}
	one, known := singulars[strings.ToLower(last)]
	switch {
	case known && last == "staff":
		return "member of " + head + "staff"
	case known:
		return head + one
	case strings.HasSuffix(last, "ies"):
		return head + strings.TrimSuffix(last, "ies") + "y"
	case strings.HasSuffix(last, "ss"):
		return plural
	}
	return head + strings.TrimSuffix(last, "s")
}

// share is part of base: "35 of 44 parents (80%)", "none of 44 parents", "all 44
// parents".
func (s *summary) share(part, base int, pct Estimate) string {
	switch v, _ := pct.Float(); {
	case base == 1 && v == 100:
		return "the only " + singular(s.r.People) + " with an answer"
	case v == 0:
		return "none of " + s.people(base)
	case v == 100:
		return "all " + s.people(base)
	}
	return count(part) + " of " + s.people(base) + inBrackets(pct)
}

// shareOf is share of what is known by its percentage alone: where one of the four
// counts of a table is of few people, none of them is in the report.
func (s *summary) shareOf(base int, pct Estimate) string {
	return s.share(partOf(pct, base), base, pct)
}

// rest is a further part of the same base: "5 (11%)"; "" if it is hidden.
func rest(part int, pct Estimate) string {
	v, ok := pct.Float()
	if !ok {
		return ""
	}
	if v == 0 {
		return "none"
	}
	return count(part) + inBrackets(pct)
}

// inBrackets is " (77%)"; "" if it is hidden.
func inBrackets(pct Estimate) string {
	if !pct.OK() {
		return ""
	}
	return " (" + percentProse(pct) + ")"
}

// percentProse is a percentage without decimals, in words where rounding would make
// few nobody, or most everyone.
func percentProse(e Estimate) string {
	v, ok := e.Float()
	switch {
	case !ok:
		return "a share that is not shown"
	case v > 0 && v < 1:
		return "less than 1%"
	case v > 99 && v < 100:
		return "more than 99%"
	}
	return shown(e, 0) + "%"
}

// score is a mean or a change of a measure, with one decimal if it runs over more
// than ten points, else two; in a publication with the decimals that it has.
func (s *summary) score(m *MeasureResult, e Estimate) string {
	if v, ok := e.Float(); ok && s.r.Profile == surveys.ProfilePublished {
		return strings.Replace(short(v), "-", "−", 1)
	}
	if m.Min != nil && m.Max != nil && *m.Max-*m.Min > 10 {
		return shown(e, 1)
	}
	return shown(e, 2)
}

// size is a change without its sign.
func (s *summary) size(m *MeasureResult, e Estimate) string { return s.score(m, e.then(math.Abs)) }

// scale is the range of a measure: " on a scale of 1 to 6".
func (m *MeasureResult) scale() string {
	if m.Min == nil || m.Max == nil {
		return ""
	}
	return " on a scale of " + short(*m.Min) + " to " + short(*m.Max)
}
