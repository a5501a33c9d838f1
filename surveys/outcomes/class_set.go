package outcomes

// classSet is a set of classes.
type classSet []uint64

func newClassSet(classes int, members []int) classSet {
	set := make(classSet, (classes+63)/64)
	for _, class := range members {
		set[class/64] |= 1 << (class % 64)
	}
	return set
}

// within reports whether all of b is in other.
func (b classSet) within(other classSet) bool {
	for i, word := range b {
		if word&^other[i] != 0 {
			return false
		}
	}
	return true
}

// meets reports whether something of b is in other.
func (b classSet) meets(other classSet) bool {
	for i, word := range b {
		if word&other[i] != 0 {
			return true
		}
	}
	return false
}

// add puts all of other into b.
func (b classSet) add(other classSet) {
	for i, word := range other {
		b[i] |= word
	}
}
