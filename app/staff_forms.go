package app

import (
	"errors"
	"strconv"
	"strings"

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
	More    []button // further ways to send it
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
	Kind                    string // text, email, password, date, number, textarea, select, checkboxes
	Value                   string
	Values                  []string // checkboxes
	Options                 []choiceOption
	Complete                string // autocomplete
	Required                bool
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
	if f.Kind == "checkboxes" && len(f.Options) > 0 {
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

// Fails reports whether the form comes back because something is wrong.
func (f *form) Fails() bool { return f.Problem != "" || len(f.Wrong()) > 0 }

// fill puts what was posted into the controls, but never a password.
func (f *form) fill(c *fiber.Ctx) *form {
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			one := &f.Sets[i].Fields[j]
			switch one.Kind {
			case "password":
			case "checkboxes":
				one.Values = typedAll(c, one.Name)
			default:
				one.Value = typed(c, one.Name)
			}
		}
	}
	return f
}

// blame puts sentence beside the control called name, or above the form if it
// has no such control.
func (f *form) blame(name, sentence string) {
	for i := range f.Sets {
		for j := range f.Sets[i].Fields {
			if one := &f.Sets[i].Fields[j]; one.Name == name {
				one.Error = sentence
				return
			}
		}
	}
	f.Problem = sentence
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
		f.blame(e.Field, s.explain(f, e))
		return fiber.StatusUnprocessableEntity, nil
	case surveys.KindUnauthenticated, surveys.KindThrottled:
		f.blame(e.Field, s.explain(f, e))
		return outcomeOf[e.Kind].status, nil
	}
	return 0, err
}

// explain is the sentence of e: for a broken rule of one field in the words of
// its label, else the one of its key.
func (s *Server) explain(f *form, e *surveys.Error) string {
	if e.Key != "field.invalid" || len(e.Args) != 2 {
		return s.locales.say(sourceLanguage, e.Key, e.Args...)
	}
	rule, _ := e.Args[1].(string)
	return ruleSentence(rule, strings.ToLower(f.labelOf(e.Field)))
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

// ruleSentence says as an instruction what a rule of the domain asks for.
func ruleSentence(rule, label string) string {
	name, limit, _ := strings.Cut(rule, " ")
	switch name {
	case "required":
		return "Enter the " + label
	case "max":
		return "Shorten the " + label + ": the most is " + limit
	case "min":
		return "Raise the " + label + ": the least is " + limit
	case "email":
		return "Enter an e-mail address, like name@example.org"
	case "timezone":
		return "Enter a time zone, like Europe/London"
	case "datetime":
		return "Enter a date, like 2026-09-01"
	case "oneof":
		return "Choose the " + label + " from the list"
	}
	return "Check the " + label
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
