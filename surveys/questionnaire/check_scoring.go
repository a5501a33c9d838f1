package questionnaire

import (
	"math"
	"slices"
	"strconv"
)

// scaleScoring checks what a published instrument adds to a sum or a mean.
func (c *checker) scaleScoring(where string, s *Scale) {
	switch s.Direction {
	case "", DirectionHigher, DirectionLower:
	default:
		c.fail(where, "direction %s is not one of higher, lower", quoted(s.Direction))
	}
	if s.Multiply != 0 && !(finite(s.Multiply) && s.Multiply > 0) {
		c.fail(where, "multiply must be a number above 0")
	}
	if s.Multiply != 0 && len(s.Table) > 0 {
		c.fail(where, "has both multiply and a table, may have one of them")
	}
	c.scaleTable(where, s.Table)
	c.scaleBands(where, s.Bands)
	for _, flag := range s.Flags {
		v, ok := c.variables[flag.Item]
		if !ok || !v.Numeric {
			c.fail(where, "flags item %s, which is not a variable with scores", quoted(string(flag.Item)))
		}
		if !finite(flag.AtLeast) {
			c.fail(where, "flag of item %s: at_least must be a number", quoted(string(flag.Item)))
		}
	}
}

func (c *checker) scaleTable(where string, table []Lookup) {
	const most = 1000
	c.atMost(where, "lines of its table", len(table), most)
	seen := map[int]bool{}
	for _, line := range table {
		if seen[line.Raw] {
			c.fail(where, "the table has the raw score %d twice", line.Raw)
		}
		seen[line.Raw] = true
		if !finite(line.Score) || math.Abs(line.Score) >= maxNumber {
			c.fail(where, "the table's score for %d must be a number of at most %d digits", line.Raw, maxDigits)
		}
	}
}

// scaleBands checks that bands are in order and do not overlap.
func (c *checker) scaleBands(where string, bands []Band) {
	const most = 20
	c.atMost(where, "bands", len(bands), most)
	for i, band := range bands {
		if !finite(band.Min) || !finite(band.Max) || band.Min > band.Max {
			c.fail(where, "band %d must begin at a number that is not above its end", i+1)
		}
		if i > 0 && band.Min <= bands[i-1].Max {
			c.fail(where, "band %d begins at %s, but must begin above %s, where the one before ends", i+1, formatNumber(band.Min), formatNumber(bands[i-1].Max))
		}
	}
}

// sumOfScales checks a scale that is the sum of others.
func (c *checker) sumOfScales(where string, s *Scale) {
	if len(s.Items) > 0 || len(s.Reverse) > 0 || s.Method != "" || s.MinAnswered != 0 || s.Min != 0 || s.Max != 0 || s.Round || s.Multiply != 0 || len(s.Table) > 0 {
		c.fail(where, "is the sum of other scales, so it has no items, method, range or rule of its own")
	}
	for i, id := range s.Of {
		part, ok := c.scaleNamed(id)
		switch {
		case slices.Contains(s.Of[:i], id):
			c.fail(where, "scale %s is there twice", quoted(string(id)))
		case !ok:
			c.fail(where, "%s is not a scale of this questionnaire", quoted(string(id)))
		case len(part.Of) > 0:
			c.fail(where, "%s is itself a sum of scales; name those it is the sum of", quoted(string(id)))
		}
	}
}

// wordings are the texts of a scale.
func (s *Scale) wordings() []wording {
	where := "scale " + quoted(string(s.ID))
	all := []wording{{where + " label", s.Label, maxLabel, true}}
	for i, band := range s.Bands {
		all = append(all, wording{where + " band " + strconv.Itoa(i+1), band.Label, maxLabel, true})
	}
	for _, flag := range s.Flags {
		all = append(all, wording{where + " flag " + quoted(string(flag.Item)), flag.Label, maxLabel, false})
	}
	return all
}
