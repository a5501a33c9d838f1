// Package concerns finds words that may be a disclosure: that somebody is hurt,
// afraid, alone or hungry, thinks of dying, is touched, or is to keep it secret.
//
//	signs := concerns.Find("He hit me again last week.", "en")
//	// [{From: 0, To: 15, Reason: "violence", Weight: 3}]
//
// It orders what a person reads; it decides nothing, and what it does not find is
// read as well. It would rather mark the harmless than miss a child: of its mistakes
// on texts of the kind it was made for it reports the share (see the test), not none.
//
// What it looks for lies in lists/<language>.txt, in a notation that lists/en.txt
// explains and that a team can edit. English is worked out; the other languages have
// the plainest phrases only, and nobody who speaks them at home has checked them.
// English is looked for in every text, since people answer in it on any form.
package concerns
