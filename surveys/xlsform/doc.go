// Package xlsform reads and writes questionnaires as spreadsheets: XLSForm
// workbooks (xlsform.org), as ODK, KoboToolbox and others use them.
//
//	imported, err := xlsform.Read(data)        // *Refusal: why not, row by row
//	data, err := xlsform.Write(definition, xlsform.Options{ID: "wellbeing", Version: "3"})
//	book, err := xlsform.ReadBook(data)        // any workbook, as text
//
// It reads .xlsx files itself, over archive/zip and encoding/xml, since a file
// comes from anybody: limits.go counts what is really unpacked, and what is no
// workbook, is damaged or protected, or holds macros or entities is refused
// before it costs anything.
//
// # What is read
//
// The sheets survey, choices and settings, and the three of Soundings. Headings
// in any case and under their usual other names (headings.go), a language after
// "::" as in label::Français (fr) (languages.go). Types (types.go) become kinds:
//
//	text, multiline                 short_text, long_text
//	integer, decimal, percentage    number
//	date, time, dateTime            date, time, date_time
//	select_one, _multiple, rank     single_choice, multiple_choice, ranking
//	range                           scale to 21 points, else number
//	acknowledge, note               acknowledge, statement
//	calculate, hidden               calculated, hidden from the link
//	start, end, today               hidden from the clock
//
// Expressions stay as their author wrote them. A name becomes an id, small and
// unique, in the order of the sheet (ids.go); Item.Name keeps the name where it
// is another. A group with the appearance field-list is a part, every other a
// group; rows that lie in no field-list are laid out on parts of at most eight
// items, so that what depends on an answer is asked on a later part (pages.go).
//
// # What is left out, with a warning
//
// Questions for places, photos, sound, files and bar codes, and what a device
// would say of itself, become hidden items that are always blank: nothing asks
// for them, no answer has them, and an export has them again. So do columns,
// settings and cells that mean nothing here, in the fields called Sheet.
// Calculations that need a function that is not here and that nobody looks at are
// treated likewise. Other warnings are of words that are missing, of names easily
// mistaken, and of rows that depend on later ones. codes.go lists all.
//
// # What is refused
//
// Faults (E_): of the file, headings, names, groups, lists, parameters,
// references and expressions. And good forms (U_) that need what Soundings does
// not do: repeats, data out of other files, entities, triggers, location paths.
// All causes are named, each with sheet, row and column and how to mend it. What
// breaks a rule of questionnaires in general is refused as E_BAD_CELL.
//
// # What is written
//
// The same sheets, by the rules of pyxform: one list for each distinct set of
// choices, expressions as written, references by the names of the sheet. What
// XLSForm has no column for is written so that other programs still ask it (a
// battery as a group of questions, bounds as a constraint, the words of “other”
// as a question) and said exactly in the column soundings (extra.go), which others
// leave alone. Scores, meanings and pictures of choices have columns of their own,
// soundings_score and so on; passages, scales and measures the sheets texts,
// scales and measures.
//
// Read after Write gives the same definition. It is a property that tests hold
// for drawn definitions of every kind and for every form of the corpus, which
// lies outside the repository, in ../shared/reference/xlsform, since it is others'.
package xlsform
