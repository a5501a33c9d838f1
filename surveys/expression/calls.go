package expression

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// calls work the functions out; set in init, since they call each other.
var calls map[string]func(m *machine, args []*Tree) Value

func init() {
	calls = map[string]func(m *machine, args []*Tree) Value{
		"true":            func(*machine, []*Tree) Value { return boolean(true) },
		"false":           func(*machine, []*Tree) Value { return boolean(false) },
		"not":             func(m *machine, a []*Tree) Value { return boolean(!m.eval(a[0]).Truth()) },
		"boolean":         func(m *machine, a []*Tree) Value { return boolean(m.eval(a[0]).Truth()) },
		"if":              choose,
		"coalesce":        coalesce,
		"once":            once,
		"pi":              func(*machine, []*Tree) Value { return number(math.Pi) },
		"random":          func(m *machine, _ []*Tree) Value { return number(m.draw()) },
		"uuid":            uuid,
		"int":             arithmetic(math.Trunc),
		"floor":           arithmetic(math.Floor),
		"ceiling":         arithmetic(math.Ceil),
		"abs":             arithmetic(math.Abs),
		"sqrt":            arithmetic(math.Sqrt),
		"exp":             arithmetic(math.Exp),
		"exp10":           arithmetic(func(x float64) float64 { return power(10, x) }),
		"log":             arithmetic(math.Log),
		"log10":           arithmetic(math.Log10),
		"pow":             func(m *machine, a []*Tree) Value { return number(power(m.float(a[0]), m.float(a[1]))) },
		"round":           round,
		"number":          func(m *machine, a []*Tree) Value { return number(m.own(a).Float()) },
		"sum":             overAll(0, func(x, y float64) float64 { return x + y }),
		"min":             extreme(func(x, y float64) float64 { return min(x, y) }),
		"max":             extreme(func(x, y float64) float64 { return max(x, y) }),
		"count-non-empty": countNonEmpty,

		"date":              func(m *machine, a []*Tree) Value { return m.date(m.days(a[0])) },
		"date-time":         func(m *machine, a []*Tree) Value { return m.date(m.days(a[0])) },
		"today":             func(m *machine, _ []*Tree) Value { return m.date(m.today()) },
		"now":               func(m *machine, _ []*Tree) Value { return m.date(m.now()) },
		"decimal-date-time": decimalDateTime,
		"decimal-time":      decimalTime,
		"format-date":       format,
		"format-date-time":  format,

		"selected":            selected,
		"selected-at":         selectedAt,
		"count-selected":      func(m *machine, a []*Tree) Value { return number(float64(len(codes(m.string(a[0]))))) },
		"jr:choice-name":      choiceName,
		"choice-name":         choiceName,
		"checklist":           checklist,
		"weighted-checklist":  weightedChecklist,
		"boolean-from-string": booleanFromString,
		"regex":               matches,

		"string":           func(m *machine, a []*Tree) Value { return m.text(m.own(a).String()) },
		"string-length":    func(m *machine, a []*Tree) Value { return number(float64(len([]rune(m.own(a).String())))) },
		"normalize-space":  func(m *machine, a []*Tree) Value { return m.text(normalizeSpace(m.own(a).String())) },
		"concat":           func(m *machine, a []*Tree) Value { return m.join("", a) },
		"join":             func(m *machine, a []*Tree) Value { return m.join(m.string(a[0]), a[1:]) },
		"contains":         comparing(strings.Contains),
		"starts-with":      comparing(strings.HasPrefix),
		"ends-with":        comparing(strings.HasSuffix),
		"substr":           substr,
		"substring":        substring,
		"substring-before": substringBefore,
		"substring-after":  substringAfter,
		"translate":        translate,
	}
}

func (m *machine) call(t *Tree) Value {
	f, ok := functions[t.Text]
	if !ok || len(t.Args) < f.least || f.most >= 0 && len(t.Args) > f.most {
		return m.fail(fmt.Errorf("no function %.40q with %d values", t.Text, len(t.Args)))
	}
	if t.Text == "regex" && t.pattern != nil {
		return boolean(t.pattern.MatchString(m.string(t.Args[0])))
	}
	return calls[t.Text](m, t.Args)
}

func (m *machine) string(t *Tree) string { return m.eval(t).String() }
func (m *machine) float(t *Tree) float64 { return m.eval(t).Float() }

// own is the value of a function's only argument, which without one is the answer itself.
func (m *machine) own(args []*Tree) Value {
	if len(args) == 0 {
		return m.text(m.env.Self)
	}
	return m.eval(args[0])
}

// days reads a value as the function date does: digits are days since 1970.
func (m *machine) days(t *Tree) float64 {
	switch v := m.eval(t); v.Kind {
	case KindBool:
		return math.NaN()
	case KindNumber:
		return wholeMillis(v.Number)
	case KindDate:
		return v.Number
	default:
		return readDate(v.Text, m.zone)
	}
}

func (m *machine) draw() float64 {
	if m.env.Draw == nil {
		return 0
	}
	return m.env.Draw()
}

func choose(m *machine, a []*Tree) Value {
	if m.eval(a[0]).Truth() {
		return m.eval(a[1])
	}
	return m.eval(a[2])
}

func coalesce(m *machine, a []*Tree) Value {
	if s := m.string(a[0]); s != "" {
		return m.text(s)
	}
	return m.text(m.string(a[1]))
}

// once keeps what the question holds already.
func once(m *machine, a []*Tree) Value {
	if m.env.Self != "" {
		return m.text(m.env.Self)
	}
	return m.text(m.string(a[0]))
}

// uuid draws a version 4 identifier, or as many letters and digits as are asked for.
func uuid(m *machine, a []*Tree) Value {
	shape, base := "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx", 16.0
	if len(a) > 0 {
		shape, base = strings.Repeat("x", howMany(m.float(a[0]))), 36
	}
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	return m.text(strings.Map(func(r rune) rune {
		switch r {
		case 'x':
			return rune(digits[int(m.draw()*base)])
		case 'y':
			return rune(digits[8+int(m.draw()*4)])
		}
		return r
	}, shape))
}

func howMany(n float64) int {
	if math.IsNaN(n) {
		return 0
	}
	return int(max(0, min(n, 1000)))
}

func arithmetic(f func(float64) float64) func(*machine, []*Tree) Value {
	return func(m *machine, a []*Tree) Value { return number(f(m.float(a[0]))) }
}

// power is JavaScript's, to which 1 to the power of NaN is NaN.
func power(x, y float64) float64 {
	if math.IsNaN(y) || math.Abs(x) == 1 && math.IsInf(y, 0) {
		return math.NaN()
	}
	if x == 10 && y == math.Trunc(y) && math.Abs(y) < 400 {
		return math.Pow10(int(y))
	}
	return math.Pow(x, y)
}

// round goes away from zero at a half, unlike XPath's, and takes digits after the
// point, or before it if they are negative.
func round(m *machine, a []*Tree) Value {
	x := m.float(a[0])
	if len(a) == 1 {
		return number(math.Round(x))
	}
	digits := math.Trunc(m.float(a[1]))
	scale := power(10, math.Abs(digits))
	if digits > 0 {
		return number(math.Round(x*scale) / scale)
	}
	return number(scale * math.Round(x/scale))
}

func overAll(start float64, add func(x, y float64) float64) func(*machine, []*Tree) Value {
	return func(m *machine, a []*Tree) Value {
		total := start
		for _, v := range m.each(a) {
			total = add(total, v.Float())
		}
		return number(total)
	}
}

// extreme is NaN if one of the values is none, and of no values.
func extreme(pick func(x, y float64) float64) func(*machine, []*Tree) Value {
	return func(m *machine, a []*Tree) Value {
		best := math.NaN()
		for i, v := range m.each(a) {
			if i == 0 {
				best = v.Float()
			}
			best = pick(best, v.Float())
		}
		return number(best)
	}
}

func countNonEmpty(m *machine, a []*Tree) Value {
	n := 0
	for _, v := range m.each(a) {
		if v.String() != "" {
			n++
		}
	}
	return number(float64(n))
}

// decimalDateTime takes a number as it is, but digits in an answer are no date.
func decimalDateTime(m *machine, a []*Tree) Value {
	switch v := m.eval(a[0]); v.Kind {
	case KindBool:
		return number(math.NaN())
	case KindText:
		return number(parseDate(v.Text, m.zone))
	default:
		return number(v.Number)
	}
}

func decimalTime(m *machine, a []*Tree) Value {
	v := m.eval(a[0])
	if v.Kind != KindText {
		return number(math.NaN())
	}
	return number(m.decimalTime(v.Text))
}

func format(m *machine, a []*Tree) Value {
	days, pattern := m.days(a[0]), m.string(a[1])
	if math.IsNaN(days) {
		return m.text("")
	}
	text, bad := formatDate(clock(days, m.zone), pattern)
	if bad != "" {
		return m.fail(fmt.Errorf("the format of a date has %s", bad))
	}
	return m.text(text)
}

// codes are the choices of an answer.
func codes(text string) []string {
	return slices.DeleteFunc(strings.Split(text, " "), func(code string) bool { return code == "" })
}

// selected finds no code in an answer that is not there, but for the code "".
func selected(m *machine, a []*Tree) Value {
	list, code := m.string(a[0]), m.string(a[1])
	return boolean(slices.Contains(strings.Split(list, " "), strings.TrimFunc(code, isSpace)))
}

func selectedAt(m *machine, a []*Tree) Value {
	list, at := strings.Split(m.string(a[0]), " "), math.Trunc(m.float(a[1]))
	if !(at >= 0 && at < float64(len(list))) {
		return m.text("")
	}
	return m.text(list[int(at)])
}

// choiceName gives the label of a code in the respondent's language.
func choiceName(m *machine, a []*Tree) Value {
	code := m.string(a[0])
	if m.env.Label == nil {
		return m.text(code)
	}
	return m.text(m.env.Label(labelled(m.string(a[1])), code))
}

func within(n, least, most float64) bool {
	return (least < 0 || n >= least) && (most < 0 || n <= most)
}

func checklist(m *machine, a []*Tree) Value {
	least, most, n := m.float(a[0]), m.float(a[1]), 0.0
	for _, item := range a[2:] {
		parts := []*Tree{item}
		if item.Op == "|" {
			parts = item.Args
		}
		for _, part := range parts {
			if m.ticked(part) {
				n++
			}
		}
	}
	return boolean(within(n, least, most))
}

// weightedChecklist counts a weight that is no number as 0.
func weightedChecklist(m *machine, a []*Tree) Value {
	least, most, n := m.float(a[0]), m.float(a[1]), 0.0
	for i := 2; i+1 < len(a); i += 2 {
		weight := m.float(a[i+1])
		if m.ticked(a[i]) && !math.IsNaN(weight) {
			n += weight
		}
	}
	return boolean(within(n, least, most))
}

// booleanFromString takes 'true' and '1', and whole numbers above 0 that are no text.
func booleanFromString(m *machine, a []*Tree) Value {
	v := m.eval(a[0])
	if v.Kind == KindNumber && v.Number > 0 && math.Mod(v.Number, 1) == 0 {
		return boolean(true)
	}
	return boolean(v.String() == "1" || v.String() == "true")
}
