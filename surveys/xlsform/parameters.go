package xlsform

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/expression"
)

// parameter is one key=value of a parameters cell.
type parameter struct{ key, value string }

// knownParameters are those of each type whose parameters are checked, whether it
// is kept or not: a slip there is a slip. Those of other types are left alone.
var knownParameters = map[string][]string{
	typeRange:          {"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"},
	typeSelectOne:      {"randomize", "seed"},
	typeSelectMultiple: {"randomize", "seed"},
	typeRank:           {"randomize", "seed"},
	"text":             {"rows"},
	"image":            {"max-pixels", "app"},
	"audio":            {"quality"},
	"background-audio": {"quality"},
	"geopoint":         {"capture-accuracy", "warning-accuracy", "allow-mock-accuracy"},
}

// numericParameters must be numbers, and those in wholeParameters whole ones.
var (
	numericParameters = []string{"capture-accuracy", "warning-accuracy"}
	wholeParameters   = []string{"rows", "max-pixels"}
)

// parseParameters takes a parameters cell apart, at ";" or "," or blanks.
func parseParameters(cell string) ([]parameter, error) {
	separators := " \t\n"
	for _, sign := range []string{";", ","} {
		if strings.Contains(cell, sign) {
			separators = sign
			break
		}
	}
	var all []parameter
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		key, value, ok := strings.Cut(part, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if !ok || key == "" || value == "" || strings.Contains(value, "=") {
			return nil, fmt.Errorf("“%s” is no parameter. Parameters are written as key=value with blanks between, as in: start=0 end=10 step=1", shorten(part))
		}
		all = append(all, parameter{key, value})
	}
	return all, nil
}

func valueOf(all []parameter, key string) (string, bool) {
	i := slices.IndexFunc(all, func(p parameter) bool { return p.key == key })
	if i < 0 {
		return "", false
	}
	return all[i].value, true
}

// checkParameters checks the parameters of a row.
func (r *reader) checkParameters(row *row) {
	if row.cells[colParameters] == "" {
		return
	}
	all, err := parseParameters(row.cells[colParameters])
	if err == nil {
		err = row.parametersFit(all)
	}
	if err != nil {
		r.refuseCell(row.line, BadParameters, colParameters, err.Error())
	}
}

func (w *row) parametersFit(all []parameter) error {
	known, ok := knownParameters[w.rowType.name]
	if !ok {
		return nil
	}
	for _, p := range all {
		if !slices.Contains(known, p.key) {
			return fmt.Errorf("a question of type %s has no parameter “%s”; it may have %s", w.rowType.name, shorten(p.key), strings.Join(known, ", "))
		}
		if _, err := strconv.ParseFloat(p.value, 64); err != nil && slices.Contains(numericParameters, p.key) {
			return fmt.Errorf("%s must be a number, not “%s”", p.key, shorten(p.value))
		}
		if n, err := strconv.Atoi(p.value); (err != nil || n < 1) && slices.Contains(wholeParameters, p.key) {
			return fmt.Errorf("%s must be a whole number above 0, not “%s”", p.key, shorten(p.value))
		}
	}
	if w.rowType.name == typeRange {
		_, err := rangeOf(all)
		return err
	}
	return shuffleFits(all)
}

// shuffleFits checks randomize and seed.
func shuffleFits(all []parameter) error {
	randomize, _ := valueOf(all, "randomize")
	if randomize != "" && !isYes(randomize) && !isNo(randomize) {
		return fmt.Errorf("randomize must be true or false, not “%s”", shorten(randomize))
	}
	seed, ok := valueOf(all, "seed")
	if !ok {
		return nil
	}
	if !isYes(randomize) {
		return fmt.Errorf("a seed needs randomize=true beside it")
	}
	if _, err := strconv.ParseFloat(seed, 64); err != nil && len(expression.Names(seed)) == 0 {
		return fmt.Errorf("seed must be a number or a question as in ${number}, not “%s”", shorten(seed))
	}
	return nil
}

// span is what a range runs over.
type span struct{ start, end, step float64 }

// points is how many values a range has.
func (s span) points() int { return int(math.Floor((s.end-s.start)/s.step+1e-9)) + 1 }

// rangeOf reads start, end and step; XLSForm takes 1, 10 and 1 for what is not said.
func rangeOf(all []parameter) (span, error) {
	s := span{start: 1, end: 10, step: 1}
	for _, p := range []struct {
		key string
		to  *float64
	}{{"start", &s.start}, {"end", &s.end}, {"step", &s.step}} {
		value, ok := valueOf(all, p.key)
		if !ok {
			continue
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(number) || math.Abs(number) >= 1e15 {
			return s, fmt.Errorf("%s must be a number, not “%s”", p.key, shorten(value))
		}
		*p.to = number
	}
	switch {
	case s.step == 0:
		return s, fmt.Errorf("step must not be 0")
	case s.start == s.end:
		return s, fmt.Errorf("start and end must differ")
	case math.Abs(s.step) > math.Abs(s.end-s.start):
		return s, fmt.Errorf("step %s is larger than from start to end", plainNumber(s.step))
	}
	return s, nil
}
