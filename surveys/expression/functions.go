package expression

import (
	"fmt"
	"strings"
)

// function says how a function is called.
type function struct {
	least, most int    // values it takes; most -1: any number
	usage       string // for an author
}

// functions are those of the profile. Where ODK takes a list of questions, such
// as sum(${a} | ${b}), the values may as well be written one by one.
var functions = map[string]function{
	"abs":                 {1, 1, "abs(number)"},
	"boolean":             {1, 1, "boolean(value)"},
	"boolean-from-string": {1, 1, "boolean-from-string(text)"},
	"ceiling":             {1, 1, "ceiling(number)"},
	"checklist":           {2, -1, "checklist(least, most, condition, condition ...)"},
	"choice-name":         {2, 2, "choice-name(${question}, '${question}')"},
	"coalesce":            {2, 2, "coalesce(value, value if that is empty)"},
	"concat":              {0, -1, "concat(text, text ...)"},
	"contains":            {2, 2, "contains(text, part)"},
	"count-non-empty":     {1, -1, "count-non-empty(${a}, ${b} ...)"},
	"count-selected":      {1, 1, "count-selected(${question})"},
	"date":                {1, 1, "date('2026-03-07')"},
	"date-time":           {1, 1, "date-time('2026-03-07T09:30:00')"},
	"decimal-date-time":   {1, 1, "decimal-date-time(date)"},
	"decimal-time":        {1, 1, "decimal-time('09:30:00.000Z')"},
	"ends-with":           {2, 2, "ends-with(text, end)"},
	"exp":                 {1, 1, "exp(number)"},
	"exp10":               {1, 1, "exp10(number)"},
	"false":               {0, 0, "false()"},
	"floor":               {1, 1, "floor(number)"},
	"format-date":         {2, 2, "format-date(date, '%d %b %Y')"},
	"format-date-time":    {2, 2, "format-date-time(date, '%d %b %Y %H:%M')"},
	"if":                  {3, 3, "if(condition, value if it is true, value if not)"},
	"int":                 {1, 1, "int(number)"},
	"join":                {1, -1, "join(', ', text, text ...)"},
	"jr:choice-name":      {2, 2, "jr:choice-name(${question}, '${question}')"},
	"log":                 {1, 1, "log(number)"},
	"log10":               {1, 1, "log10(number)"},
	"max":                 {0, -1, "max(number, number ...)"},
	"min":                 {0, -1, "min(number, number ...)"},
	"normalize-space":     {0, 1, "normalize-space(text)"},
	"not":                 {1, 1, "not(condition)"},
	"now":                 {0, 0, "now()"},
	"number":              {0, 1, "number(value)"},
	"once":                {1, 1, "once(value)"},
	"pi":                  {0, 0, "pi()"},
	"pow":                 {2, 2, "pow(number, power)"},
	"random":              {0, 0, "random()"},
	"regex":               {2, 2, "regex(., '[0-9]{4}')"},
	"round":               {1, 2, "round(number, digits)"},
	"selected":            {2, 2, "selected(${question}, 'code')"},
	"selected-at":         {2, 2, "selected-at(${question}, 0)"},
	"sqrt":                {1, 1, "sqrt(number)"},
	"starts-with":         {2, 2, "starts-with(text, start)"},
	"string":              {0, 1, "string(value)"},
	"string-length":       {0, 1, "string-length(text)"},
	"substr":              {2, 3, "substr(text, from, to)"},
	"substring":           {2, 3, "substring(text, first, how many)"},
	"substring-after":     {2, 2, "substring-after(text, part)"},
	"substring-before":    {2, 2, "substring-before(text, part)"},
	"sum":                 {1, -1, "sum(number, number ...)"},
	"today":               {0, 0, "today()"},
	"translate":           {3, 3, "translate(text, 'abc', 'ABC')"},
	"true":                {0, 0, "true()"},
	"uuid":                {0, 1, "uuid()"},
	"weighted-checklist":  {2, -1, "weighted-checklist(least, most, condition, weight ...)"},
}

// elsewhere are functions that ODK knows and the profile leaves out.
var elsewhere = map[string]Code{
	"instance": CodeExternalData, "pulldata": CodeExternalData, "search": CodeExternalData,
	"node": CodePath, "text": CodePath, "comment": CodePath, "processing-instruction": CodePath,
}

func init() {
	const names = "acos area asin atan atan2 base64-decode cos count current depend digest distance enclosed-area " +
		"extract-signed geofence id indexed-repeat intersects is-selected jr:itext lang last local-name " +
		"name namespace-uri position property randomize sin tan version"
	for name := range strings.FieldsSeq(names) {
		elsewhere[name] = CodeNoFunction
	}
}

// instead says what to write for names that authors try.
var instead = map[string]string{
	"trim": "write normalize-space(text)", "len": "write string-length(text)", "length": "write string-length(text)",
	"between": "write ${name} >= 1 and ${name} <= 5", "empty": "write ${name} = ''", "is-empty": "write ${name} = ''",
	"isempty": "write ${name} = ''", "isblank": "write ${name} = ''", "is-null": "write ${name} = ''", "average": "write (${a} + ${b}) div 2",
	"and": "write a value before and", "or": "write a value before or", "count-if": "add up if(condition, 1, 0)",
	"difference-in-months": "write int((today() - ${date}) div 30.44)", "choice-label": "write jr:choice-name(${name}, '${name}')",
	"ifelse": "write if(condition, value, value)", "substring-from": "write substr(text, from)", "ceil": "write ceiling(number)",
}

func knownFunction(name string) bool {
	_, here := functions[name]
	_, there := elsewhere[name]
	return here || there
}

// call reads a function with its values and checks what can be checked now.
func (p *parser) call() *Tree {
	word := p.token
	if p.depth++; p.depth > MaxDepth {
		return p.tooDeep(word.offset)
	}
	defer func() { p.depth-- }()
	if _, ok := functions[word.text]; !ok {
		return p.noFunction(word)
	}
	p.advance()
	p.advance()
	t := &Tree{Op: "call", Text: word.text}
	if p.token.kind != tokenSign || p.token.text != ")" {
		t.Args = append(t.Args, p.binary(0))
		for p.token.kind == tokenSign && p.token.text == "," {
			p.advance()
			t.Args = append(t.Args, p.binary(0))
		}
	}
	p.expect(")")
	if p.err == nil {
		p.checkCall(t, word.offset)
	}
	return t
}

func (p *parser) noFunction(word token) *Tree {
	name := word.text
	switch usual := strings.ReplaceAll(strings.ToLower(name), "_", "-"); {
	case elsewhere[name] == CodePath:
		return p.fail(CodePath, word.offset, "refer to the question as ${name}", "location paths such as %s() cannot be used here", name)
	case elsewhere[name] == CodeExternalData:
		return p.fail(CodeExternalData, word.offset, "bring the choices onto the choices sheet", "%s() reads another file, which is not possible here", name)
	case elsewhere[name] != "":
		return p.fail(elsewhere[name], word.offset, "", "the function %s() is not available here", name)
	case functions[usual].usage != "":
		return p.fail(CodeFunction, word.offset, "write it as "+functions[usual].usage, "there is no function %s()", name)
	default:
		return p.fail(CodeFunction, word.offset, instead[usual], "there is no function %s()", name)
	}
}

func (p *parser) checkCall(t *Tree, offset int) {
	f, n := functions[t.Text], len(t.Args)
	if n < f.least || f.most >= 0 && n > f.most || t.Text == "weighted-checklist" && n%2 != 0 {
		if p.unread > 0 {
			return
		}
		p.fail(CodeArguments, offset, "write "+f.usage, "%s() takes %s, not %d", t.Text, f.takes(t.Text), n)
		return
	}
	switch t.Text {
	case "regex":
		p.checkPattern(t, offset)
	case "format-date", "format-date-time":
		if bad := badFormat(t.Args[1]); bad != "" {
			p.fail(CodeArguments, offset, "use %Y %y %m %n %b %d %e %a, and for times %H %h %M %S %3", "the format of a date cannot have %s", bad)
		}
	case "jr:choice-name", "choice-name":
		p.checkLabelled(t, offset)
	}
}

// takes says in words how many values a function wants.
func (f function) takes(name string) string {
	switch {
	case name == "weighted-checklist":
		return "two values and then pairs of a condition and a weight"
	case f.most < 0:
		return fmt.Sprintf("at least %d values", f.least)
	case f.most == 0:
		return "no value"
	case f.least < f.most:
		return fmt.Sprintf("%d or %d values", f.least, f.most)
	case f.most == 1:
		return "1 value"
	}
	return fmt.Sprintf("%d values", f.most)
}

// checkLabelled wants the question whose labels are meant as '${name}', and takes
// it without its quotes too.
func (p *parser) checkLabelled(t *Tree, offset int) {
	question := t.Args[1]
	if question.Op == "ref" {
		t.Args[1] = &Tree{Op: "str", Text: "${" + question.Text + "}"}
		return
	}
	if question.Op != "str" || labelled(question.Text) == "" {
		p.fail(CodeArguments, offset, "write "+functions[t.Text].usage, "%s() needs to know of which question", t.Text)
	}
}

// labelled takes the name out of '${name}'; "" if it is something else.
func labelled(text string) string {
	text = strings.TrimFunc(text, isBlank)
	names := Names(text)
	if len(names) != 1 || !strings.HasPrefix(text, "${") || strings.IndexByte(text, '}') != len(text)-1 {
		return ""
	}
	return names[0]
}

// constant tells whether t gives the same whoever answers and whenever.
func (t *Tree) constant() bool {
	switch {
	case t.Op == "ref", t.Op == "self", t.Op == "node", t.Op == "column":
		return false
	case t.Op == "call" && len(t.Args) == 0 && t.Text != "true" && t.Text != "false" && t.Text != "pi" && t.Text != "concat":
		return false // of the answer itself, or of the day
	case t.Op == "call" && (t.Text == "once" || t.Text == "uuid" || strings.HasSuffix(t.Text, "choice-name")):
		return false
	}
	for _, arg := range t.Args {
		if !arg.constant() {
			return false
		}
	}
	return true
}
