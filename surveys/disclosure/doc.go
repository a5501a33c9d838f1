// Package disclosure works out what a reader can deduce from published counts: for
// each count that was hidden, the least and the greatest whole number that fits
// everything that is shown. Tests hand it what a file shows; one that leaves fewer
// than three numbers possible has given the count away.
//
// It stores nothing and knows nothing of surveys. A table of three schools of which
// two are hidden:
//
//	var t disclosure.Table
//	t.Show("all", 30)
//	t.Show("Elm", 12)
//	t.Hide("Oak", 0, disclosure.Unknown)
//	t.Hide("Ash", 0, disclosure.Unknown)
//	t.Sum("all", "Elm", "Oak", "Ash")
//	found, err := t.Audit() // Oak 0 to 18, Ash 0 to 18
package disclosure
