// Package questionnaire holds the instrument: its items, their wording in each
// language, the choices, the scales and the outcome measures, and turns the raw
// text of an HTML form, an API body or a spreadsheet into typed answers.
//
// # Shapes
//
// A Definition is what an author writes and what the API takes: JSON, one
// object, read by ParseDefinition and checked by Definition.Check. Publishing
// freezes it as a Version; a change is a new Version. Items, rows and scales
// share one name space of ids that are never reused:
//
//	{"title": {"en": "Your views", "ar": "رأيك"}, "languages": ["en", "ar"],
//	 "parts": [{"id": "about", "title": {"en": "About you"}, "items": [
//	   {"id": "stress", "kind": "scale_0_10", "label": {"en": "How stressed are you?"}}]}],
//	 "measures": [{"id": "stress", "of": "stress", "type": "score", "direction": "lower"}]}
//
// Schema is this shape as JSON Schema, with what each field means; any editor
// that knows JSON Schema checks and completes a definition by it, and the server
// gives it at /questionnaires/schema.json.
//
// One item gives one or more variables: what is answered, stored and exported
// under one name. A rating battery gives one variable a row; a then-and-now
// battery two a row, <row>_then and <row>_now; every other kind that asks
// something gives one, named like the item. Version.Variables lists them in
// the order of the form, and it is the order of every export.
//
// Answers maps variables to an Answer: a value, or the reason why there is
// none. No answer is never 0 and never "".
//
// # From a form to a number
//
// Compile makes an Instrument of a Version, once; it finds everything by id and
// is what all other packages use. Then, for one response:
//
//	answers, aside, errs := instrument.ParseAnswers(wave, parts, raw) // raw: the posted controls
//	value, ok := instrument.Value("stress", answers["stress"])        // for scores
//	words := instrument.Show("stress", answers["stress"], "ar")       // for people
//	code := variable.Code(answers["stress"])                          // for the sheet of codes
//
// The names of the controls are those of the variables, and beside them
// OtherControl, <id>__other, for the words of "other", and PromptControl,
// <item>__<prompt>, for the elements of a linkage code. What these elements are
// is read by LinkageElements and never lies among the answers. In exports a
// multiple choice has a column <id>_<code> a choice, and an item with an
// "other" choice a column <id>__other: Variable.Columns.
//
// # One file per kind
//
// Each kind of item has a file of its own which owns its check, parse, show
// and variables (rating.go, single_choice.go, number.go …); kinds.go is the one switch
// that knows them all and fails on an unknown one.
package questionnaire
