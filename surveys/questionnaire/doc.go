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
//	answers, aside, errs := instrument.Read(sitting, parts, raw, before) // raw: the posted controls
//	value, ok := instrument.Value("stress", answers["stress"])           // for scores
//	words := instrument.Show("stress", answers["stress"], "ar")          // for people
//	code := variable.Code(answers["stress"])                             // for the sheet of codes
//
// The names of the controls are those of the variables, and beside them
// OtherControl, <id>__other, for the words of "other"; OrderControl, <id>__order,
// for the order of a shuffled item; RankControl, <id>__<n>, for the rank of choice
// n; PartControl, <id>__year and so on, for a date given in parts; and
// PromptControl, <item>__<prompt>, for the elements of a linkage code. What these
// elements are is read by LinkageElements and never lies among the answers. In
// exports a multiple choice and a ranking have a column <id>_<code> a choice, an
// item with an "other" choice a column <id>__other, and a shuffled one a column
// <id>__order: Variable.Columns.
//
// # Logic
//
// Items, groups and parts have expressions (package expression), whose ${name} is
// an item's Name or ID, a row of a battery or one of its moments. Check refuses
// what cannot work, Warnings tells of what is seldom meant, and Compile makes
// trees of them, or takes those that the Version carries. Then
//
//	path := instrument.Walk(sitting, answers) // Shows, Required, Choices, Text, Value …
//	page := instrument.Logic("ar")            // the same trees, for the browser to walk
//
// Everything is worked out when it is asked for, in the order in which one thing
// looks at another. What is not relevant counts as blank; what was typed for it is
// set aside and is an answer again when it is relevant again. An instrument for
// which HasLogic is false is read by ParseAnswers alone.
//
// # One file per kind
//
// Each kind of item has a file of its own which owns its check, parse, show
// and variables (rating.go, single_choice.go, number.go …); kinds.go is the one switch
// that knows them all and fails on an unknown one.
package questionnaire
