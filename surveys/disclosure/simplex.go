package disclosure

import "math"

// program is a linear program in the counts of a table: each from its low to its
// high, and every sum equal to its parts. It is kept as a simplex tableau whose
// variables have bounds, at a corner that fits, and goes from there to the least or
// the greatest value of a count: most are a few steps away.
//
// Source: the bounded-variable simplex method, Dantzig (1955), Econometrica 23:174;
// Bland's rule against cycling, Bland (1977), Math Oper Res 2:103.
type program struct {
	low, high []float64   // by variable: the counts, then one artificial a sum
	rows      [][]float64 // by sum: the tableau
	basis     []int       // by row: its variable
	value     []float64   // by row: that of its variable
	basic     []bool      // by variable
	atHigh    []bool      // by variable that is not basic: at its high, else at its low
}

// tolerance is what counts as nothing: counts are whole and tableaux nearly so.
const tolerance = 1e-7

// newProgram returns the program at a corner that fits; false if nothing does.
func newProgram(t *Table) (*program, bool) {
	n, m := len(t.cells), len(t.sums)
	p := &program{
		low: make([]float64, n+m), high: make([]float64, n+m), rows: make([][]float64, m), basis: make([]int, m),
		value: make([]float64, m), basic: make([]bool, n+m), atHigh: make([]bool, n+m),
	}
	for i, c := range t.cells {
		if c.low > c.high {
			return nil, false
		}
		p.low[i], p.high[i] = float64(c.low), float64(c.high)
	}
	cost := make([]float64, n+m)
	for r, s := range t.sums {
		p.begin(r, n, &s)
		cost[n+r] = 1
	}
	if p.minimise(cost) > tolerance {
		return nil, false
	}
	for i := n; i < n+m; i++ {
		p.high[i] = 0 // the sums hold from now on
	}
	return p, true
}

// begin sets up the row of a sum: what the lows lack is taken by its artificial.
func (p *program) begin(r, n int, s *sum) {
	row := make([]float64, len(p.low))
	row[s.total]--
	for _, part := range s.parts {
		row[part]++
	}
	rest := 0.0
	for i, factor := range row {
		rest -= factor * p.low[i]
	}
	if rest < 0 {
		rest = -rest
		for i := range row {
			row[i] = -row[i]
		}
	}
	row[n+r] = 1
	p.rows[r], p.basis[r], p.value[r], p.basic[n+r] = row, n+r, rest, true
	p.high[n+r] = math.Inf(1)
}

// minimise goes to a corner of least cost and returns that.
func (p *program) minimise(cost []float64) float64 {
	const patience = 400 // steps before Bland's rule
	for step := 0; ; step++ {
		enter := p.entering(cost, step > patience)
		if enter < 0 {
			break
		}
		p.step(enter)
	}
	total := 0.0
	for i, c := range cost {
		if c != 0 && !p.basic[i] {
			total += c * p.at(i)
		}
	}
	for r, i := range p.basis {
		total += cost[i] * p.value[r]
	}
	return total
}

// at is the value of a variable that is not basic.
func (p *program) at(i int) float64 {
	if p.atHigh[i] {
		return p.high[i]
	}
	return p.low[i]
}

// entering returns a variable that lowers the cost: the one that does so most, or
// the first; -1 if none does.
func (p *program) entering(cost []float64, first bool) int {
	best, most := -1, tolerance
	reduced := append([]float64{}, cost...)
	for r, i := range p.basis {
		if cost[i] == 0 {
			continue
		}
		for k, v := range p.rows[r] {
			reduced[k] -= cost[i] * v
		}
	}
	for i, d := range reduced {
		if p.basic[i] || p.high[i]-p.low[i] < tolerance {
			continue
		}
		if p.atHigh[i] {
			d = -d
		}
		if -d > most {
			if first {
				return i
			}
			best, most = i, -d
		}
	}
	return best
}

// step moves a variable from its bound as far as the others allow.
func (p *program) step(enter int) {
	way := 1.0
	if p.atHigh[enter] {
		way = -1
	}
	far, leave, toHigh := p.high[enter]-p.low[enter], -1, false
	for r, i := range p.basis {
		rate := -p.rows[r][enter] * way
		room, up := math.Inf(1), rate > 0
		switch {
		case rate > tolerance:
			room = (p.high[i] - p.value[r]) / rate
		case rate < -tolerance:
			room = (p.low[i] - p.value[r]) / rate
		}
		room = max(room, 0)
		if room < far-tolerance || leave >= 0 && room < far+tolerance && i < p.basis[leave] {
			far, leave, toHigh = min(far, room), r, up
		}
	}
	for r := range p.rows {
		p.value[r] -= p.rows[r][enter] * way * far
	}
	if leave < 0 {
		p.atHigh[enter] = !p.atHigh[enter]
		return
	}
	was := p.basis[leave]
	p.basic[was], p.atHigh[was] = false, toHigh
	p.basis[leave], p.value[leave], p.basic[enter] = enter, p.at(enter)+way*far, true
	p.pivot(leave, enter)
}

// pivot makes a column that of its row's variable.
func (p *program) pivot(leave, enter int) {
	row := p.rows[leave]
	by := row[enter]
	for k := range row {
		row[k] /= by
	}
	for r, other := range p.rows {
		factor := other[enter]
		if r == leave || factor == 0 {
			continue
		}
		for k, v := range row {
			if v != 0 {
				other[k] -= factor * v
			}
		}
	}
}

// extreme returns the least value of a count, or the greatest, to the next whole
// number inward.
func (p *program) extreme(cell int, greatest bool) int {
	cost := make([]float64, len(p.low))
	cost[cell] = 1
	if greatest {
		cost[cell] = -1
		return int(math.Floor(-p.minimise(cost) + tolerance))
	}
	return int(math.Ceil(p.minimise(cost) - tolerance))
}
