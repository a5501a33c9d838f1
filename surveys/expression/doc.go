// Package expression reads, checks and works out the expressions of
// questionnaires: relevance, constraints, calculations and choice filters, in
// the subset of ODK XPath that authors of spreadsheet questionnaires write.
//
//	${age} >= 16 and selected(${topics}, 'maths')
//
// Parse reads the author's words once, into a Tree: what is stored, and what the
// browser walks without parsing anything. Tree.Eval works it out here; the
// browser's twin is app/static/respond_logic.js, and both pass the same cases.
//
// # Values
//
// Everything is text; numbers, booleans and dates come by casting, as in XPath
// 1.0: an answer that is not there is "", which as a number is NaN. A bare
// ${name} or "." where a boolean is wanted is true if the answer is not empty.
// A date in arithmetic is days since 1970-01-01T00:00Z. regex matches the whole
// text.
package expression
