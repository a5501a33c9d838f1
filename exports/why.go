package exports

import (
	"slices"
	"strings"

	"soundings/surveys/outcomes"
)

// why gathers the reasons for the empty cells of one row, for its last column.
type why struct {
	words   []string
	reasons []outcomes.Reason
	names   map[outcomes.Reason][]string
}

// take returns the figure as a cell holds it, or a mark, and remembers why there is
// none. A figure without meaning for the measure needs no reason.
func (w *why) take(name string, e outcomes.Estimate) any {
	reason := e.Reason()
	if v := estimated(e); v != nil {
		return v
	}
	if reason == outcomes.NotApplicable {
		return mark(reason)
	}
	if w.names == nil {
		w.names = map[outcomes.Reason][]string{}
	}
	if len(w.names[reason]) == 0 {
		w.reasons = append(w.reasons, reason)
	}
	if !slices.Contains(w.names[reason], name) {
		w.names[reason] = append(w.names[reason], name)
	}
	return mark(reason)
}

// share is take for a percentage, which a cell holds as a part of 1.
func (w *why) share(name string, e outcomes.Estimate) any {
	taken := w.take(name, e)
	if v, ok := taken.(float64); ok {
		return v / 100
	}
	return taken
}

// rate is the match rate of a base.
func (w *why) rate(b base) any {
	if b.rate == nil {
		return w.take("match rate", outcomes.NotEstimable(outcomes.NoAnswers))
	}
	return b.rate
}

// say adds a reason in words.
func (w *why) say(words string) { w.words = append(w.words, words) }

// String is the text of the column.
func (w *why) String() string {
	parts := slices.Clone(w.words)
	for _, reason := range w.reasons {
		parts = append(parts, upperFirst(strings.Join(w.names[reason], ", "))+": "+outcomes.ReasonWords(reason))
	}
	return strings.Join(parts, ". ")
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func negative(e outcomes.Estimate) outcomes.Estimate {
	if v, ok := e.Float(); ok {
		return outcomes.Est(-v)
	}
	return e
}
