// Package library holds the published scales that a questionnaire can take in:
// how each is scored, who owns it and on what terms, and its words where its
// owner's page gives them freely.
//
// A scale without words is a slot: Insert takes the statements and answers that
// the designer pastes from the owner's own page, and for a licensed one the
// record of the licence. What comes of it is an ordinary item or battery with
// ordinary scales and measures, whose Library field says where it is from:
//
//	entry, _ := library.Find("phq9")
//	err := entry.Insert(&definition, part, library.Wording{Language: "en", Stem: "…", Statements: lines, Answers: labels})
//
// scales.json is the whole of it: scoring is data. The facts were gathered from
// the owners' pages and manuals; each entry names its source.
package library
