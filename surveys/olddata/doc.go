// Package olddata gives meaning to spreadsheets of answers that were collected
// elsewhere: which column is which item, and what a cell says. It is pure: values
// in, values out; package surveys keeps what comes of it.
//
//	Profile   the heading of a table and what its columns hold
//	Suggest   → Mapping, a guess that a person looks over
//	Reader    Mapping + row → Heads, one for each response that the row holds,
//	          and for each the controls of a form as its respondent would have sent
//
// A table is wide (columns pre_calm and post_calm: one row a person) if columns
// have waves, or long (one row a response) if one column says the wave, or all of
// one wave. Cells hold codes, or labels in any language of the questionnaire,
// whatever their case and blanks. Several choices are in one cell ("art; maths")
// or in a column each (0/1, yes/no, x).
//
// What a cell is worth in the end, package questionnaire decides: nothing here
// says whether an answer fits.
package olddata
