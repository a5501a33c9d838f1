// Package limesurvey reads a LimeSurvey structure file (.lss) as a
// questionnaire.Definition: what it can, naming everything it dropped.
//
// # The file
//
// An .lss is one XML document of tables, each a list of rows whose cells are
// elements named like the columns of LimeSurvey's database:
//
//	<document>
//	  <LimeSurveyDocType>Survey</LimeSurveyDocType>
//	  <languages><language>en</language></languages>
//	  <questions><rows><row><qid>7</qid><type>L</type><title>colour</title> … </row></rows></questions>
//	  …
//
// Two layouts are read. Before version 4 a question, group or answer has a row
// for each language, wording and all. Since version 4 it has one row, and the
// wordings lie in question_l10ns, group_l10ns, answer_l10ns and
// defaultvalue_l10ns.
//
// # What becomes of it
//
//	group                        a part, its description a statement
//	L ! O 5 Y G                  single_choice (O: and a long_text for the comment)
//	M P                          multiple_choice (P: and a short_text a choice)
//	F H A B C E                  rating; where the choices or rows do not fit one, single_choice a row
//	S, T U, N, D, X              short_text, long_text, number, date, statement
//	Q K                          a group of short_text or number
//	R *                          ranking, calculated
//	: ; 1 | I                    dropped, with a notice
//	relevance, conditions        expressions, where they are comparisons joined by and, or, not
//	HTML                         its plain text
//
// An item's id is the question's code in small letters, made unique; the code
// itself is Item.Name, and codes of answers stay as they are, so that data
// collected with LimeSurvey can be joined.
//
// # Hostile files
//
// A document type, an entity other than the five of XML, an encoding other
// than UTF-8, deep nesting, more elements than any survey has and more than
// FileLimit bytes are refused before anything is kept.
package limesurvey
