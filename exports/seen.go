package exports

import "math"

// seenColumns says what the columns of a table turned out to hold, for programs that
// want to know it before they read.
type seenColumns struct{ columns []seenColumn }

// seenColumn is one of them.
type seenColumn struct {
	widest   int    // bytes of the longest text
	texts    bool   // has a text
	numbers  bool   // has a number
	fraction bool   // has a number that is not whole
	layout   string // of its moments; "" without
}

// seenIn is what the columns of a table hold, once all rows are written.
func seenIn(g *grid) *seenColumns { return g.encoder.(*csvEncoder).seen }

func newSeenColumns(n int) *seenColumns { return &seenColumns{make([]seenColumn, n)} }

func (s *seenColumns) text(column int, text string) {
	if s != nil {
		one := &s.columns[column]
		one.texts, one.widest = true, max(one.widest, len(text))
	}
}

func (s *seenColumns) number(column int, v float64) {
	if s != nil {
		one := &s.columns[column]
		one.numbers, one.fraction = true, one.fraction || v != math.Trunc(v)
	}
}

func (s *seenColumns) moment(column int, layout string) {
	if s != nil {
		s.columns[column].layout = layout
	}
}

// numeric reports whether a column can be read as numbers; right is what is to be
// thought of an empty one.
func (c seenColumn) numeric(right bool) bool {
	if !c.texts && !c.numbers && c.layout == "" {
		return right
	}
	return c.numbers && !c.texts && c.layout == ""
}

// moment reports whether a column can be read as days or times.
func (c seenColumn) moment() bool { return c.layout != "" && !c.texts && !c.numbers }
