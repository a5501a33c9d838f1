// Package translation sends the wordings of a questionnaire to a translator as a
// spreadsheet and reads them back.
//
// # The sheet
//
// Write makes a workbook with one row a wording: its key, which is never
// changed, what it is in words, the text in the source language, one column a
// language, and which of these languages lack it. Instructions stand on top:
//
//	Where                     What it is  English (en)        Arabic (ar)  Missing
//	item "stress" label       Question    How are you today?               ar
//	item "stress" hint        Hint        ${name}, be honest.  …
//
// A second sheet, hidden, holds the same cells as they were written. So Read
// can tell what the translator changed from what was changed in Soundings
// meanwhile, and neither is ever overwritten silently.
//
// # Reading it back
//
// ReadSheet gives a Review: the changes that can be taken over, and for each
// cell that cannot the row, the column, why, and how to mend it. A cell is taken over whole or not
// at all; nothing but texts in languages other than the source language ever
// changes. Where the source text was changed after the sheet was made, the
// Review holds the translation back and shows both texts; a person may take it
// over all the same.
package translation
