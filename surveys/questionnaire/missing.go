package questionnaire

// reasonWords are the reasons in the words that stand in a table of answers where
// there is none. They are in brackets, so that no program takes them for an answer.
var reasonWords = map[Missing]string{
	NotAsked:   "[not asked]",
	NotReached: "[passed over]",
	Declined:   "[declined]",
	DontKnow:   "[does not know]",
	Withdrawn:  "[withdrawn]",
	Illegible:  "[could not be read]",
	Ambiguous:  "[two boxes ticked]",
}

// Bracketed is the reason as a table of answers shows it: "[not asked]". An answer
// has none.
func (m Missing) Bracketed() string {
	if m == Withheld { // not among those that are read back: nobody may import it
		return "[waits with the safeguarding lead]"
	}
	return reasonWords[m]
}

// MissingIn reads what Bracketed wrote.
func MissingIn(text string) (Missing, bool) {
	for reason, words := range reasonWords {
		if text == words {
			return reason, true
		}
	}
	return Answered, false
}
