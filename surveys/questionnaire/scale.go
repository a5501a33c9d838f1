package questionnaire

import (
	"math"
	"slices"
)

// Range returns the lowest and the highest score of s, as it is reported: after
// Multiply or Table. find gives the scales that s may be the sum of.
func (s *Scale) Range(find func(ItemID) (*Scale, bool)) (low, high float64) {
	if len(s.Of) > 0 {
		return sumOfRanges(s.Of, find)
	}
	if len(s.Table) > 0 {
		return tableRange(s.Table)
	}
	low, high = s.Min, s.Max
	if s.Method == MethodSum {
		low, high = low*float64(len(s.Items)), high*float64(len(s.Items))
	}
	return low * s.Factor(), high * s.Factor()
}

// Factor is what a raw score is multiplied by.
func (s *Scale) Factor() float64 {
	if s.Multiply == 0 {
		return 1
	}
	return s.Multiply
}

// Band returns what a score is called. A score that lies between two bands is
// rounded first, half up: 10.29 is in the band of 10.
func (s *Scale) Band(score float64) (Band, bool) {
	for _, candidate := range []float64{score, math.Floor(score + 0.5)} {
		for _, band := range s.Bands {
			if candidate >= band.Min && candidate <= band.Max {
				return band, true
			}
		}
	}
	return Band{}, false
}

// Variables lists the variables behind s, those of the scales it is the sum of
// included, in their order.
func (s *Scale) Variables(find func(ItemID) (*Scale, bool)) []ItemID {
	items := slices.Clone(s.Items)
	for _, id := range s.Of {
		if part, ok := find(id); ok {
			items = append(items, part.Items...)
		}
	}
	return items
}

// Reverses reports whether s, or a scale it is the sum of, counts variable the
// other way round.
func (s *Scale) Reverses(variable ItemID, find func(ItemID) (*Scale, bool)) bool {
	if slices.Contains(s.Reverse, variable) {
		return true
	}
	return slices.ContainsFunc(s.Of, func(id ItemID) bool {
		part, ok := find(id)
		return ok && slices.Contains(part.Reverse, variable)
	})
}

func sumOfRanges(ids []ItemID, find func(ItemID) (*Scale, bool)) (low, high float64) {
	for _, id := range ids {
		part, ok := find(id)
		if !ok || len(part.Of) > 0 {
			continue // Check reports it
		}
		least, most := part.Range(find)
		low, high = low+least, high+most
	}
	return low, high
}

func tableRange(table []Lookup) (low, high float64) {
	low, high = table[0].Score, table[0].Score
	for _, line := range table {
		low, high = min(low, line.Score), max(high, line.Score)
	}
	return low, high
}
