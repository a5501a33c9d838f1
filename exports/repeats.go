package exports

import (
	"reflect"
	"slices"

	"soundings/surveys/outcomes"
)

// repeats reports whether a breakdown says nothing that is not in a row before it:
// its only group is everyone, or its groups are those of an earlier breakdown.
func repeats(m *outcomes.MeasureResult, which int) bool {
	groups := m.Breakdowns[which].Groups
	if len(groups) == 1 && !groups[0].Suppressed && reflect.DeepEqual(groups[0].Result, m.Result) {
		return true
	}
	for _, earlier := range m.Breakdowns[:which] {
		if slices.EqualFunc(earlier.Groups, groups, sameGroup) {
			return true
		}
	}
	return false
}

// sameGroup reports whether two groups are of the same people, by all their figures.
func sameGroup(a, b outcomes.GroupResult) bool {
	return !a.Suppressed && !b.Suppressed && a.N == b.N && reflect.DeepEqual(a.Result, b.Result)
}
