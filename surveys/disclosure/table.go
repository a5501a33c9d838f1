package disclosure

import (
	"errors"
	"fmt"
	"strings"
)

// Unknown is the upper bound of a count of which nothing is known.
const Unknown = 1_000_000

// Narrow is the number of possible values below which a hidden count counts as
// given away.
const Narrow = 3

// Table holds what is shown of some counts. The zero Table is empty.
type Table struct {
	cells []cell
	index map[string]int
	sums  []sum
}

// cell is one count of people, 0 or more.
type cell struct {
	name      string
	low, high int
	hidden    bool
}

// sum is a total and the cells it is made of.
type sum struct {
	total int
	parts []int
}

// Show adds a count that is printed as it is. Printing it twice is no harm.
func (t *Table) Show(name string, n int) { t.bound(name, n, n) }

// ShowRounded adds a count that is printed to the nearest of to, such as 5.
func (t *Table) ShowRounded(name string, n, to int) { t.bound(name, max(0, n-to/2), n+to/2) }

// Hide adds a count that is not printed, from low to high as far as the sign that
// stands for it says.
func (t *Table) Hide(name string, low, high int) {
	i := t.bound(name, low, high)
	t.cells[i].hidden = true
}

// Between adds a count of which something is known, but that nobody meant to hide.
func (t *Table) Between(name string, low, high int) { t.bound(name, low, high) }

// bound takes in that a count is from low to high.
func (t *Table) bound(name string, low, high int) int {
	i := t.cell(name)
	t.cells[i].low, t.cells[i].high = max(t.cells[i].low, low), min(t.cells[i].high, high)
	return i
}

// cell returns the index of a count, a new one if need be.
func (t *Table) cell(name string) int {
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[name]
	if !ok {
		i = len(t.cells)
		t.index[name] = i
		t.cells = append(t.cells, cell{name: name, high: Unknown})
	}
	return i
}

// Sum says that a total is the sum of some counts.
func (t *Table) Sum(total string, parts ...string) {
	s := sum{total: t.cell(total)}
	for _, name := range parts {
		s.parts = append(s.parts, t.cell(name))
	}
	t.sums = append(t.sums, s)
}

// Within says that some counts, of people who are in one of them only, are among
// those of another.
func (t *Table) Within(whole string, parts ...string) {
	t.Sum(whole, append(parts, fmt.Sprintf("%s without %s", whole, strings.Join(parts, ", ")))...)
}

// Finding is what can be deduced of one hidden count.
type Finding struct {
	Name      string
	Low, High int // none outside them fits what is shown
}

// Exact reports whether the count is known.
func (f Finding) Exact() bool { return f.Low == f.High }

// GivenAway reports whether fewer than Narrow values are possible.
func (f Finding) GivenAway() bool { return f.High-f.Low+1 < Narrow }

func (f Finding) String() string { return fmt.Sprintf("%s: %d to %d", f.Name, f.Low, f.High) }

// ErrContradiction: the counts that are shown cannot all be true.
var ErrContradiction = errors.New("the counts that are shown contradict one another")

// GivenAway lists what Audit finds that is given away.
func (t *Table) GivenAway() ([]Finding, error) {
	all, err := t.Audit()
	var some []Finding
	for _, f := range all {
		if f.GivenAway() {
			some = append(some, f)
		}
	}
	return some, err
}

// Audit finds for each hidden count the least and the greatest number that fit
// everything shown, whole numbers. It is a linear program: in sums that lie within
// one another, and in rows and columns, its corners are whole, so that both numbers
// are possible; elsewhere none outside them is. ErrContradiction if nothing fits.
func (t *Table) Audit() ([]Finding, error) {
	var all []Finding
	for _, part := range t.apart() {
		p, fits := newProgram(part)
		if !fits {
			return nil, fmt.Errorf("%s and what it is summed with: %w", part.cells[0].name, ErrContradiction)
		}
		for i, c := range part.cells {
			if c.hidden {
				all = append(all, Finding{c.name, p.extreme(i, false), p.extreme(i, true)})
			}
		}
	}
	return all, nil
}

// apart parts the table into those that have no cell in common.
func (t *Table) apart() []*Table {
	root := make([]int, len(t.cells))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, s := range t.sums {
		for _, part := range s.parts {
			root[find(part)] = find(s.total)
		}
	}
	var parts []*Table
	index, place := map[int]*Table{}, make([]int, len(t.cells))
	for i, c := range t.cells {
		part := index[find(i)]
		if part == nil {
			part = &Table{}
			index[find(i)], parts = part, append(parts, part)
		}
		place[i] = len(part.cells)
		part.cells = append(part.cells, c)
	}
	for _, s := range t.sums {
		own := sum{total: place[s.total]}
		for _, one := range s.parts {
			own.parts = append(own.parts, place[one])
		}
		part := index[find(s.total)]
		part.sums = append(part.sums, own)
	}
	return parts
}
