// Package exports turns one strand's dataset and report into files that
// evaluators work with: values in, bytes out. It knows no store.
//
// # The workbook
//
// Workbook writes one .xlsx per strand, so that no file mixes designs. Its
// sheets, in order:
//
//	Cover                   what the file is, who is in it, links to the rest
//	Headlines               sentences to paste, each with its base; a chart
//	Reach                   who took part, by cohort, place, quarter, month and language
//	Outcomes                every measure over everyone; charts
//	Answers                 every question: who answered what, wave by wave
//	Item distributions      each item of a measure and wave: shares of answers; charts
//	Unmatched and drop-out  who was lost and why; whether who left was like who stayed
//	Breakdowns              the measures of Outcomes by group
//	Decisions               what people decided: who, when, why
//	Reliability             alpha of each scale, and each item with the rest
//	Sensitivity             each result with other pairs, without drop-out, of who had room
//	Other comparisons       the follow-up; then and now beside before
//	Bands                   how many were in which band of a scale
//	Scales                  how each is worked out, its source and licence
//	Matched pairs           one row a person: before, after and change of every measure and item
//	Quotes                  approved words whose writers agreed, and nothing else
//	Responses (labels)      one row a response, in words
//	Responses (codes)       the same rows in the same order, in numbers
//	Codebook                every column of both: question, codes, who answered
//	Notes                   how each figure is worked out
//
// Designs without pairs have no Unmatched, no Sensitivity and, if they are ratings, no
// Matched pairs.
//
// Figures come from the Report, so that screen, API and workbook agree. A figure
// that cannot be worked out is an empty cell, and the column "Why empty" of its
// row says why. What a respondent wrote is a text cell that no program runs.
// An open answer stays out until a person has cleared it. Where there is no answer,
// the sheet of labels says why in brackets and that of codes is blank: both leave
// AVERAGE and COUNT right.
//
// # The publication workbook
//
// Publication writes what may leave: Cover, Contents, Headlines, Reach, Outcomes, Item
// distributions, Breakdowns, Quotes, Notes. It prints a Report that a profile has
// treated and works nothing out from responses. No figure is a blank cell: [c] is
// hidden, [x] cannot be worked out, [z] does not apply. Charts draw what is shown. It
// keeps the essential points of the UK Analysis Function's checklist for releasing
// statistics in spreadsheets, which TestGuidance lists.
//
// # What stays from export to export
//
// Which sheets there are depends on the design alone. Their tables begin at the same
// cell whatever stands above, and their columns depend on the history of the
// questionnaire and not on the data: what the first version had, in its order, then
// what each later one brought, at the end; so do the rows of measures. New columns of
// the product come at the end of a table, or of the columns about the response. The
// heading of a question is its first wording. See history.go; TestTwoQuarters holds it.
//
// Some cells of Outcomes are formulas on Matched pairs, with the Report's value: a
// check that a reader's own program makes. Elsewhere values are plain: COUNTIF over
// thousands of rows for hundreds of cells makes a workbook slow to open.
//
// # How it is written
//
// The responses are read once. Each becomes a row of both Responses sheets,
// encoded (encode.go) and compressed (spool.go) on the way; what the summaries
// need is counted meanwhile. Then excelize makes the workbook with its styles,
// tables and charts, with only the header rows on the big sheets, and the packer
// (zip.go) splices the compressed rows in where excelize's sheet ends its rows.
// Memory does not grow with the responses, but for the pairs and their scores.
//
// # Example
//
//	file, err := os.CreateTemp("", "workbook-*.xlsx")
//	…
//	err = exports.Workbook(ctx, file, data, report, exports.Options{By: "A. Evaluator"})
package exports
