package outcomes

import "math"

// combined looks for a set of fewer than smallest people that is a sum and
// difference of the sets of several releases and of the report, but not of the
// releases alone: all schools, less the north, less the south, is what is left. It
// returns the index of a release that takes part, or nobody.
//
// People are sorted by which of the sets they are in. A set of such classes can be
// worked out if its indicator lies in the space that the sets span.
func combined(all *roll, now []bool, before []past, smallest int) int {
	sets := [][]bool{now}
	for i := range before {
		sets = append(sets, before[i].in)
	}
	matrix, sizes := classesOf(sets, len(all.persons))
	var small []int
	for class, n := range sizes {
		if n < smallest {
			small = append(small, class)
		}
	}
	const most = 12 // classes tried in every combination
	small = small[:min(len(small), most)]
	with, without := spanOf(matrix), spanOf(matrix[1:])
	for set := 1; set < 1<<len(small); set++ {
		n, row := 0, make([]float64, len(sizes))
		for i, class := range small {
			if set&(1<<i) != 0 {
				n, row[class] = n+sizes[class], 1
			}
		}
		if n < smallest && with.holds(row) && !without.holds(row) {
			return latestIn(matrix[1:])
		}
	}
	return nobody
}

// latestIn returns the last set that anybody is in, nobody if there is none.
func latestIn(matrix [][]float64) int {
	for i := len(matrix) - 1; i >= 0; i-- {
		for _, v := range matrix[i] {
			if v != 0 {
				return i
			}
		}
	}
	return nobody
}

// classesOf sorts people by the sets they are in: by set and class 1 or 0, and by
// class its people. Who is in none is left out.
func classesOf(sets [][]bool, people int) (matrix [][]float64, sizes []int) {
	matrix = make([][]float64, len(sets))
	index, key := map[string]int{}, make([]byte, len(sets))
	for person := range people {
		anywhere := false
		for i, set := range sets {
			key[i] = '0'
			if set[person] {
				key[i], anywhere = '1', true
			}
		}
		if !anywhere {
			continue
		}
		class, ok := index[string(key)]
		if !ok {
			class = len(sizes)
			index[string(key)] = class
			sizes = append(sizes, 0)
			for i := range sets {
				matrix[i] = append(matrix[i], float64(key[i]-'0'))
			}
		}
		sizes[class]++
	}
	return matrix, sizes
}

// span is a basis of what some vectors span, in echelon form.
type span struct {
	rows   [][]float64
	pivots []int
}

func spanOf(vectors [][]float64) *span {
	s := &span{}
	for _, v := range vectors {
		rest, pivot := s.reduce(v)
		if pivot < 0 {
			continue
		}
		for i := range rest {
			if i != pivot {
				rest[i] /= rest[pivot]
			}
		}
		rest[pivot] = 1
		s.rows, s.pivots = append(s.rows, rest), append(s.pivots, pivot)
	}
	return s
}

// holds reports whether v is a sum of multiples of the vectors.
func (s *span) holds(v []float64) bool {
	_, pivot := s.reduce(v)
	return pivot < 0
}

// reduce takes from v what the basis has of it, and returns the rest with the place
// of its largest number, -1 if there is none.
func (s *span) reduce(v []float64) (rest []float64, pivot int) {
	rest = append([]float64{}, v...)
	for i, row := range s.rows {
		if factor := rest[s.pivots[i]]; factor != 0 {
			for k := range rest {
				rest[k] -= factor * row[k]
			}
		}
	}
	const nothing = 1e-9
	pivot, most := -1, nothing
	for i, x := range rest {
		if math.Abs(x) > most {
			pivot, most = i, math.Abs(x)
		}
	}
	return rest, pivot
}
