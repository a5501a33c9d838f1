package exports

import (
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// lost counts, while the responses are read, who has no pair: by wave, cohort and
// reason. Repeats are in none of its numbers.
type lost struct {
	answered map[lostAt]int
	matched  map[lostAt]int
	reasons  map[lostFor]int
}

type lostAt struct {
	wave   questionnaire.Wave
	cohort surveys.CohortID // "": all
}

type lostFor struct {
	lostAt
	reason string
}

func newLost() *lost {
	return &lost{map[lostAt]int{}, map[lostAt]int{}, map[lostFor]int{}}
}

// add counts one response.
func (l *lost) add(r *surveys.Response, who person) {
	if who.repeat {
		return
	}
	cohort := surveys.CohortID(strings.Clone(string(r.Cohort)))
	for _, at := range []lostAt{{wave: r.Wave}, {r.Wave, cohort}} {
		l.answered[at]++
		if who.reason == "" {
			l.matched[at]++
		} else {
			l.reasons[lostFor{at, who.reason}]++
		}
	}
}

// driftFlag is from which standardised difference on those who left are not like
// those who stayed.
const driftFlag = 0.25

// unmatched adds the sheet of who was lost, in designs that pair people.
func (b *book) unmatched(x *responses) error {
	if !b.data.Strand.Paired() {
		return nil
	}
	p := b.page(sheetUnmatched, tabRead, []column{
		{"Row is about", 20, lookText}, {"Name", 40, lookStrong}, {"When", 12, lookText}, {"Why without a pair", 34, lookText},
		{"Answered", 11, lookNumber(asCount)}, {"Matched", 11, lookNumber(asCount)}, {"Without a pair", 11, lookNumber(asCount)}, {"Share without a pair", 11, lookNumber(asPercent)},
		{"Mean of who stayed", 12, lookNumber(asHundreds)}, {"Mean of who left", 12, lookNumber(asHundreds)}, {"Difference in SDs", 12, lookNumber(asSigned2)},
		{"Alike at the start", 26, lookText}, {"Why empty", 44, lookText},
	})
	p.title("Unmatched and drop-out",
		"One table. Measures first: the first score of those who answered both times beside that of those who answered only before, in standard deviations of the first score; from 0.25 on, either way, who stayed are not like who left, and the change says little about everyone who began.",
		"Then responses without a pair: of everyone by reason, then by cohort and reason. What was sent again is in none of the numbers.")
	rows := b.dropOutRows()
	rows = append(rows, b.lostRows(x.lost, lostAt{}, "Everyone", "All responses")...)
	for _, cohort := range x.data.CohortOrder {
		rows = append(rows, b.lostRows(x.lost, lostAt{cohort: cohort}, "Cohort", x.data.Cohorts[cohort].Name)...)
	}
	p.filter = true
	p.table("Unmatched", rows)
	p.keep(b.onPages(sheetUnmatched, 1, p.row-len(rows)))
	return p.finish()
}

// dropOutRows compare, measure by measure, who stayed and who left.
func (b *book) dropOutRows() (rows [][]any) {
	for _, i := range b.measures() {
		m := &b.report.Measures[i]
		if m.Paired == nil {
			continue
		}
		a, w := &m.Paired.Attrition, &why{}
		row := []any{"Measure", wording(m.Label, b.options.Language), waveName(questionnaire.WavePre), "", m.Paired.NPre, m.Paired.NMatched, m.Paired.NPreOnly, share(m.Paired.NPreOnly, m.Paired.NPre)}
		if m.Paired.NPreOnly == 0 {
			rows = append(rows, append(row, nil, nil, nil, "Nobody left", "Nobody left"))
			continue
		}
		row = append(row, w.take("means", a.MeanCompleters), w.take("means", a.MeanDropouts), w.take("difference", a.SMD), alike(a.SMD))
		rows = append(rows, append(row, w.String()))
	}
	return rows
}

// alike says whether those who left were like those who stayed.
func alike(smd outcomes.Estimate) string {
	v, ok := smd.Float()
	switch {
	case !ok:
		return "Not known"
	case v >= driftFlag || v <= -driftFlag:
		return "No: look at who left"
	}
	return "Yes"
}

// lostRows are the rows of one cohort, or of all: of each wave, and of each reason.
func (b *book) lostRows(l *lost, at lostAt, about, name string) (rows [][]any) {
	for _, wave := range b.data.Strand.Design.Waves() {
		at.wave = wave
		answered := l.answered[at]
		if answered == 0 && at.cohort != "" {
			continue
		}
		row := func(reason string, matched any, without int) []any {
			return []any{about, name, waveName(wave), reason, answered, matched, without, share(without, answered), nil, nil, nil, "", "Counts only"}
		}
		rows = append(rows, row("All reasons", l.matched[at], answered-l.matched[at]))
		for _, reason := range lostReasons(l, at) {
			rows = append(rows, row(reason, nil, l.reasons[lostFor{at, reason}]))
		}
	}
	return rows
}

// lostReasons are the reasons that occur, in an order that is always the same.
func lostReasons(l *lost, at lostAt) (all []string) {
	for _, reason := range append(pairingReasons(), ofNobodyKnown, cameLater) {
		if l.reasons[lostFor{at, reason}] > 0 && !slices.Contains(all, reason) {
			all = append(all, reason)
		}
	}
	return all
}

// pairingReasons are the reasons for having no pair, in words.
func pairingReasons() (all []string) {
	for _, reason := range []pairing.Reason{
		pairing.ReasonNoCode, pairing.ReasonAlone, pairing.ReasonTie, pairing.ReasonShared, pairing.ReasonReview, pairing.ReasonUndecided, pairing.ReasonTooLong,
	} {
		all = append(all, unmatchedName(reason))
	}
	return all
}

// The reasons that are not the pairing's.
const (
	ofNobodyKnown = "of nobody known"
	cameLater     = "came in after the figures"
)
