package exports

import (
	"fmt"

	"soundings/surveys/questionnaire"
)

// liveRows is up to how many pairs the figures of everyone are formulas: beyond
// it, opening the workbook would take long.
const liveRows = 20000

// liveMeasures are the measures whose figures can be formulas on the sheet Matched
// pairs, by id; nil if there are too many pairs, or none.
func (p *pairs) liveMeasures() map[questionnaire.ItemID]measure {
	if p == nil || p.grid == nil || len(p.grid.sheets) > 1 || p.grid.rows() == 0 || p.grid.rows() > liveRows {
		return nil
	}
	live := make(map[questionnaire.ItemID]measure, len(p.measures))
	for _, m := range p.measures {
		live[m.id] = m
	}
	return live
}

// liveCells makes formulas of the figures of one row; without columns it leaves
// them as they are. Each formula carries the value of the report, which programs
// that do not calculate show.
type liveCells struct {
	before, after, change string // columns of the table Pairs; "" is none
	lower                 bool
	least                 *float64
}

func (t *outcomeTable) liveCells(r *outcomeRow) liveCells {
	m, ok := t.live[r.measure.ID]
	if !ok || r.by != "everyone" || r.Paired == nil {
		return liveCells{}
	}
	half := m.halfNames()
	column := func(i int) string { return fmt.Sprintf("Pairs[%s_%s]", m.id, half[i]) }
	return liveCells{column(0), column(1), column(2), r.measure.Direction == questionnaire.DirectionLower, r.measure.MinChange}
}

// count is the number of people with both.
func (l liveCells) count(n int) any {
	if l.change == "" {
		return n
	}
	return formula{"COUNT(" + l.change + ")", float64(n)}
}

// mean is the mean of one side, or of the change, over the people with both.
func (l liveCells) mean(of string, v any) any {
	if _, ok := v.(float64); l.change == "" || !ok {
		return v
	}
	switch of {
	case "before":
		return formula{fmt.Sprintf(`AVERAGEIFS(%s,%s,"<>")`, l.before, l.change), v}
	case "after":
		return formula{fmt.Sprintf(`AVERAGEIFS(%s,%s,"<>")`, l.after, l.change), v}
	}
	return formula{"AVERAGE(" + l.change + ")", v}
}

// Which way people moved.
const (
	better = 1
	same   = 0
	worse  = -1
)

// share is the share of the people with both who moved one way.
func (l liveCells) share(way int, v any) any {
	if _, ok := v.(float64); l.change == "" || !ok {
		return v
	}
	if way == same {
		return formula{fmt.Sprintf("1-(%s+%s)/COUNT(%s)", l.moved(better), l.moved(worse), l.change), v}
	}
	return formula{fmt.Sprintf("%s/COUNT(%s)", l.moved(way), l.change), v}
}

// anyStep is share by any step, however small.
func (l liveCells) anyStep(way int, v any) any {
	l.least = nil
	return l.share(way, v)
}

// moved counts those who moved one way, by at least the smallest change that counts.
func (l liveCells) moved(way int) string {
	up := (way == better) != l.lower
	sign, test := "<", "-"
	if up {
		sign, test = ">", ""
	}
	if l.least == nil {
		return fmt.Sprintf(`COUNTIF(%s,"%s0")`, l.change, sign)
	}
	return fmt.Sprintf(`COUNTIF(%s,"%s=%s%s")`, l.change, sign, test, plainNumber(*l.least))
}

// byLeast are the smallest change that counts, and who changed by that much;
// empty where the questionnaire's author set none.
func (t *outcomeTable) byLeast(live liveCells, r *outcomeRow, w *why) []any {
	change := r.Paired.ChangeMid
	if change == nil || r.measure.MinChange == nil {
		return []any{nil, nil, nil}
	}
	return []any{*r.measure.MinChange,
		live.share(better, w.share("shares", change.ImprovedPct)), live.share(worse, w.share("shares", change.WorsePct))}
}
