// Package expression reads, checks and works out the expressions of
// questionnaires: relevance, constraints, calculations and choice filters, in
// the subset of ODK XPath that authors of spreadsheet questionnaires write.
//
//	${age} >= 16 and selected(${topics}, 'maths')
//
// Parse reads the author's words once, into a Tree; the words themselves stay in
// the definition. Tree.Eval works it out here. The browser walks the same tree as
// JSON, in app/static/respond_logic.js, parses nothing and runs nothing that an
// author wrote; where the two could differ the server decides. Both pass the
// same cases, and a test compares them on random trees.
//
//	lex.go, parse.go       words to tokens to a Tree; what an author should write instead
//	functions.go           which functions there are, and how they are called
//	eval.go, calls.go, text.go, dates.go   a Tree to a Value
//	value.go               casts between text, number, boolean and date
//	regex.go               patterns, for Go and as trees for the browser
//	json.go, print.go      a Tree as JSON and as source
//	references.go          which questions it looks at; renaming them
//	clauses.go             conditions in plain language, for the editor
//
// # Values
//
// Everything is text; numbers, booleans and dates come by casting, as in XPath
// 1.0. An answer that is not there is "", which as a number is NaN: every
// comparison with it is false, but != is true. "=" compares booleans if one side
// is one, else numbers if one side is a number or a date, else texts.
//
// A bare ${name} or "." where a boolean is wanted is true if the answer is not
// empty, "0" included. XPath over nodes says that it is always true, which no
// author means.
//
// A date in arithmetic is days since 1970-01-01T00:00Z, so that midnight in the
// programme's zone is a fraction. A text in ISO form counts as a date wherever a
// number is wanted; without an offset it is understood in the zone of the Env.
// Dates are of the years 0 to 9999. The browser takes the zone by its IANA name,
// so that both know the same summer times.
//
// # Where we differ from ODK's evaluators
//
// regex matches the whole text, as ODK documents and Enketo does not, in Go's
// syntax; its pattern has to stand there as a text. Lengths and places in texts
// count characters, not UTF-16 units. sum, min, max, join, concat,
// count-non-empty and checklist take questions joined by | or one by one. An
// invalid date is "" as text. round goes away from zero at a half, as in ODK and
// not in XPath.
package expression
