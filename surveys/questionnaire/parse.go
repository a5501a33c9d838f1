package questionnaire

import (
	"fmt"
	"strings"
)

// FieldError says what a person can do about an answer that cannot be taken.
// It holds nothing of what was typed, so that it may be logged.
type FieldError struct {
	Item    ItemID // the variable, or the item of a linkage code
	Control string // the control to put it right in; a summary links to it
	Key     string // one of the keys in keys.go
	Args    []any  // for the key: int, float64 or Text
}

// Error names the item and the key.
func (e FieldError) Error() string {
	if len(e.Args) == 0 || e.Key == KeySaid { // an author's words may have answers in them
		return fmt.Sprintf("item %q: %s", e.Control, e.Key)
	}
	return fmt.Sprintf("item %q: %s %v", e.Control, e.Key, e.Args)
}

// FieldErrors are the errors of all answers, in the order of the form.
type FieldErrors []FieldError

// Error names every item and key.
func (e FieldErrors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "; ")
}

// For returns the error of one control.
func (e FieldErrors) For(control string) (FieldError, bool) {
	for i := range e {
		if e[i].Control == control {
			return e[i], true
		}
	}
	return FieldError{}, false
}

// ParseAnswers reads the posted controls of parts (none given: of all parts)
// as they are asked at wave. Controls of other parts and controls that the
// version does not have are ignored; a part that it does not have is empty.
//
// Answers has an entry for every variable of these parts but those with an
// error: a value; Declined or DontKnow if that was chosen; NotReached if it was
// left blank; NotAsked if it is not asked at this wave. What was sent
// nonetheless for a variable that is not asked is set aside: it is in the
// second result if it can be read, and in no result if it cannot.
//
// The errors are those of all variables, not only the first. The elements of a
// linkage code are never among the answers: see LinkageElements.
func (in *Instrument) ParseAnswers(wave Wave, parts []ItemID, raw Raw) (Answers, Answers, FieldErrors) {
	answers, aside := make(Answers, len(in.variables)), Answers{}
	var errs FieldErrors
	for _, v := range in.variablesOf(parts) {
		if !v.AskedAt(wave) {
			answers[v.ID] = Answer{Missing: NotAsked}
			if answer, err := v.behaviour.parse(v, raw); err == nil && !answer.isBlank() {
				aside[v.ID] = v.withOrder(answer, raw)
			}
			continue
		}
		answer, err := v.ParseAnswer(raw)
		if err != nil {
			errs = append(errs, *err)
			continue
		}
		answers[v.ID] = answer
	}
	return answers, aside, errs
}

func (in *Instrument) variablesOf(parts []ItemID) []*Variable {
	variables := make([]*Variable, 0, len(in.variables))
	if parts == nil {
		for i := range in.variables {
			variables = append(variables, &in.variables[i])
		}
		return variables
	}
	for _, part := range parts {
		index := in.parts[part]
		for i := index.from; i < index.to; i++ {
			variables = append(variables, &in.variables[i])
		}
	}
	return variables
}

// ParseAnswer reads one variable from the controls that are its own. Blank is
// NotReached, or an error if the item is required.
func (v *Variable) ParseAnswer(raw Raw) (Answer, *FieldError) {
	answer, err := v.behaviour.parse(v, raw)
	if err != nil {
		return Answer{}, err
	}
	if answer.Missing == NotReached && v.Item.Required {
		return Answer{}, v.needed(nil)
	}
	return v.withOrder(answer, raw), nil
}

// refuse is an error at the variable's own control.
func (v *Variable) refuse(key string, args ...any) *FieldError {
	return &FieldError{Item: v.ID, Control: string(v.ID), Key: key, Args: args}
}

// given are the values sent for a control that are not blank, without the
// blanks around them.
func (raw Raw) given(control string) []string {
	var given []string
	for _, value := range raw[control] {
		if value = strings.TrimSpace(value); value != "" {
			given = append(given, value)
		}
	}
	return given
}
