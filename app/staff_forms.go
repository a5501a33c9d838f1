package app

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// form is one HTML form of staff: its controls in order, what was typed and
// what is wrong with it. Templates draw it by {{template "form" .}}.
type form struct {
	ID      string // unique on the page; ids of controls begin with it
	Action  string
	Submit  string
	CSRF    string
	Sets    []fieldset
	Problem string   // about the whole form
	Details []string // of the problem, one a line
	More    []button // further ways to send it
	Hidden  []button // what it carries besides: Value is the name, Label what it holds
}

// fieldset is controls under one heading; "" is no heading.
type fieldset struct {
	Legend string
	Fields []field
}

// button sends the form with do=Value.
type button struct{ Value, Label string }

// field is one labelled control.
type field struct {
	Form, Name, Label, Hint string
	In                      string // the fieldset, where there are several
	Kind                    string // text, email, password, date, number, textarea, select, checkboxes, radios, file
	Value                   string
	Values                  []string // checkboxes
	Options                 []choiceOption
	Complete                string // autocomplete
	Required                bool
	Rows                    int    // textarea: lines shown; 0: a few
	Lang                    string // of what is written in it; "": that of the page
	Error                   string
}

// choiceOption is one line of a select or one checkbox.
type choiceOption struct{ Value, Label, Hint string }

// ID is the id of the control.
func (f field) ID() string {
	return f.Form + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, f.Name)
}

// Target is the id a summary links to: the first box of several.
func (f field) Target() string {
	if (f.Kind == "checkboxes" || f.Kind == "radios") && len(f.Options) > 0 {
		return f.ID() + "-" + f.Options[0].Value
	}
	return f.ID()
}

// Has reports whether a box is ticked.
func (f field) Has(value string) bool {
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

// Describe lists the ids of hint and error for aria-describedby.
func (f field) Describe() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// newForm makes a form; each fieldset learns its name.
func newForm(page staffPage, id, action, submit string, sets ...fieldset) *form {
	f := &form{ID: id, Action: action, Submit: submit, CSRF: page.CSRF, Sets: sets}
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			f.Sets[i].Fields[j].Form = id
			if len(sets) > 1 {
				f.Sets[i].Fields[j].In = sets[i].Legend
			}
		}
	}
	return f
}

// Wrong lists the fields with an error, in order.
func (f *form) Wrong() []field {
	var wrong []field
	for _, set := range f.Sets {
		for _, one := range set.Fields {
			if one.Error != "" {
				wrong = append(wrong, one)
			}
		}
	}
	return wrong
}

// Files reports whether the form sends a file, which needs another encoding.
func (f *form) Files() bool {
	for _, set := range f.Sets {
		for _, one := range set.Fields {
			if one.Kind == "file" {
				return true
			}
		}
	}
	return false
}

// Summary is the line about a field above the form: it names the field.
func (f field) Summary() string {
	if f.In != "" {
		return f.In + ", " + lowerFirst(f.Label) + ": " + f.Error
	}
	return f.Label + ": " + f.Error
}

// Fails reports whether the form comes back because something is wrong.
func (f *form) Fails() bool { return f.Problem != "" || len(f.Wrong()) > 0 }

// fill puts what was posted into the controls, but never a password.
func (f *form) fill(c *fiber.Ctx) *form {
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			one := &f.Sets[i].Fields[j]
			switch one.Kind {
			case "password", "file":
			case "checkboxes":
				one.Values = typedAll(c, one.Name)
			default:
				one.Value = typed(c, one.Name)
			}
		}
	}
	return f
}

// put sets what a control shows.
func (f *form) put(name, value string) {
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			if one := &f.Sets[i].Fields[j]; one.Name == name {
				one.Value = value
			}
		}
	}
}

// offers reports whether a select has value in its list.
func (f *form) offers(name, value string) bool {
	for _, set := range f.Sets {
		for _, one := range set.Fields {
			if one.Name == name {
				return slices.ContainsFunc(one.Options, func(o choiceOption) bool { return o.Value == value })
			}
		}
	}
	return false
}

// blame puts sentence beside the control called name, or above the form if it
// has no such control. What a control was blamed for first stays.
func (f *form) blame(name, sentence string) {
	if name == "strands" { // a plan without any: the first is to be filled in
		name = strandControl(0, "title")
	}
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			if one := &f.Sets[i].Fields[j]; one.Name == name {
				one.Error = cmp.Or(one.Error, sentence)
				return
			}
		}
	}
	f.Problem = cmp.Or(f.Problem, sentence)
}

// refuse turns err into the form coming back with what is wrong. It returns the
// status to answer with, or err itself if whoever typed cannot mend it.
func (s *Server) refuse(f *form, err error) (int, error) {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return 0, err
	}
	switch e.Kind {
	case surveys.KindInvalid, surveys.KindConflict, surveys.KindNotFound:
		s.blameAll(f, e)
		return fiber.StatusUnprocessableEntity, nil
	case surveys.KindUnauthenticated, surveys.KindThrottled:
		s.blameAll(f, e)
		return outcomeOf[e.Kind].status, nil
	}
	return 0, err
}

// blameAll puts all that is wrong beside its controls.
func (s *Server) blameAll(f *form, e *surveys.Error) {
	if len(e.Fields) == 0 {
		f.blame(e.Field, s.explain(f, e.Field, e.Key, e.Args))
	}
	for _, one := range e.Fields {
		f.blame(one.Control, s.explain(f, one.Control, one.Key, one.Args))
	}
}

// explain is the sentence of what is wrong with a control: for a broken rule in
// the words of its label, else the one of its key.
func (s *Server) explain(f *form, control, key string, args []any) string {
	if rule, ok := ruleOf(key, args); ok {
		return ruleSentence(rule, "the "+lowerFirst(f.labelOf(control)))
	}
	return s.staffSentence(key, args...)
}

// ruleOf is the rule of the domain that was broken, if one was.
func ruleOf(key string, args []any) (string, bool) {
	if key != "field.invalid" || len(args) != 2 {
		return "", false
	}
	rule, ok := args[1].(string)
	return rule, ok
}

// lowerFirst makes a label fit into a sentence.
func lowerFirst(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	return string(unicode.ToLower(first)) + label[size:]
}

func (f *form) labelOf(name string) string {
	for _, set := range f.Sets {
		for _, one := range set.Fields {
			if one.Name == name {
				return one.Label
			}
		}
	}
	return strings.ReplaceAll(name, "_", " ")
}

// ruleSentence says as an instruction what a rule of the domain asks of what.
func ruleSentence(rule, what string) string {
	name, limit, _ := strings.Cut(rule, " ")
	number, text := strings.CutSuffix(limit, " characters")
	switch {
	case name == "required":
		return "Enter " + what
	case name == "max" && text:
		return "Shorten " + what + " to " + number + " characters"
	case name == "min" && text:
		return "Enter " + what + " with at least " + number + " characters"
	case name == "max":
		return "Enter " + what + " as " + number + " or less"
	case name == "min":
		return "Enter " + what + " as " + number + " or more"
	case name == "email":
		return "Enter an e-mail address, like name@example.org"
	case name == "timezone":
		return "Enter a time zone, like Europe/London"
	case name == "datetime":
		return "Enter " + what + " as a date such as 2026-03-31"
	case name == "oneof":
		return "Choose " + what + " from: " + strings.ReplaceAll(limit, " ", ", ")
	case name == "line", name == "lines":
		return "Write " + what + " again: part of it could not be read"
	}
	return "Check " + what
}

// wholeNumber reads a count from a control: blank is 0. What is no count is
// put right beside the control.
func wholeNumber(c *fiber.Ctx, f *form, name string) int {
	text := strings.TrimSpace(typed(c, name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		f.blame(name, "Enter a whole number, such as 30")
		return 0
	}
	return n
}
