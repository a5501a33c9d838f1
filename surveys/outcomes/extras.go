package outcomes

import "slices"

// suppressExtras hides of what stands beside a result whatever is of few people, or
// of the same people but few: set against the result it would show those.
func suppressExtras(m *MeasureResult, smallest int) {
	near := func(n int) bool { return n < smallest || n != m.Base() && distance(n, m.Base()) < smallest }
	m.Later = slices.DeleteFunc(m.Later, func(l LaterResult) bool { return near(l.Base()) })
	bases := []int{m.Base()}
	for i := range m.Contrasts {
		bases = append(bases, m.Contrasts[i].Base())
	}
	if tooNear(bases, smallest) {
		m.Contrasts = nil
	}
	if b := m.Bands; b != nil && near(b.N) {
		m.Bands = &Bands{Suppressed: true}
	}
	if m.Sensitivity != nil {
		m.suppressSensitivity(near, smallest)
	}
}

// tooNear reports whether one of some numbers is few, or two differ by few.
func tooNear(bases []int, smallest int) bool {
	for i, a := range bases {
		if a < smallest || slices.ContainsFunc(bases[:i], func(b int) bool { return a != b && distance(a, b) < smallest }) {
			return true
		}
	}
	return false
}

func (m *MeasureResult) suppressSensitivity(near func(int) bool, smallest int) {
	s := *m.Sensitivity
	bases := []int{m.Base()}
	s.Pairs = slices.Clone(s.Pairs)
	for i := range s.Pairs {
		one := &s.Pairs[i]
		if tooNear(append(bases, one.N), smallest) {
			*one = blank(PairsResult{Pairs: one.Pairs})
			one.Pairs, one.Suppressed = m.Sensitivity.Pairs[i].Pairs, true
			continue
		}
		bases = append(bases, one.N)
	}
	if s.DropOut != nil && s.DropOut.NLeft < smallest {
		s.DropOut = nil
		m.dropNotes(NoteDropOut)
	}
	if room := s.RoomToMove; room != nil && near(room.N) {
		hidden := blank(*room)
		hidden.Suppressed = true
		s.RoomToMove = &hidden
		m.dropNotes(NoteCeiling)
	}
	m.Sensitivity = &s
}

// dropNotes leaves out what says in words what is hidden.
func (m *MeasureResult) dropNotes(keys ...NoteKey) {
	m.Notes = slices.DeleteFunc(slices.Clone(m.Notes), func(n Note) bool { return slices.Contains(keys, n.Key) })
}
