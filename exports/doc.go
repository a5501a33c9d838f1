// Package exports turns one strand's dataset and report into files that
// evaluators work with: values in, bytes out. It knows no store.
//
// # The workbook
//
// Workbook writes one .xlsx per strand, so that no file mixes designs. Its
// sheets, in order:
//
//	Cover               what the file is, how many rows it holds, links to the rest
//	Headlines           sentences to paste, each with its base; a chart
//	Reach               who took part, by cohort, place, month and language
//	Outcomes            every measure over everyone, then by group; charts
//	Answers             every question: who answered what, wave by wave
//	Matched pairs       one row a person: before, after and change of every measure
//	Quotes              approved words whose writers agreed, and nothing else
//	Responses (labels)  one row a response, in words
//	Responses (codes)   the same rows in the same order, in numbers
//	Codebook            every column of both: question, codes, who answered
//	Notes               how each figure is worked out
//
// Figures come from the Report, so that screen, API and workbook agree. A figure
// that cannot be worked out is an empty cell, and the column "Why empty" of its
// row says why. What a respondent wrote is a text cell that no program runs.
// An open answer stays out until a person has cleared it.
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
