package questionnaire

// Path is the way of one person through the questionnaire as their answers are
// now: what is shown and asked, which choices, and what is worked out. It is
// made by Instrument.Walk, for one goroutine, and thrown away when an answer
// changes.
type Path struct {
	in  *Instrument
	sit Sitting
}

// Walk returns the path that answers lead to. Answers to items off the path
// count as blank. It may be called for every instrument, with logic or without.
func (in *Instrument) Walk(sit Sitting, answers Answers) *Path {
	return &Path{in: in, sit: sit}
}

// Shows says whether an item is shown or asked: at this wave, and its own
// relevance, its groups' and its part's are true. Of a calculated or hidden item
// it says whether it has a value at all. False for an item that does not exist.
func (p *Path) Shows(item ItemID) bool { return false }

// Asks says whether a part has anything to show.
func (p *Path) Asks(part ItemID) bool { return false }

// Required says whether a blank answer to an item is refused.
func (p *Path) Required(item ItemID) bool { return false }

// ReadOnly says whether an item is shown and may not be changed.
func (p *Path) ReadOnly(item ItemID) bool { return false }

// Choices lists the choices of an item that are shown, in the order they are
// shown in: those that pass its filter, shuffled by the sitting's seed if the item
// is. Choices with a meaning keep their places when others are shuffled.
func (p *Path) Choices(item *Item) []Choice { return item.Choices }

// Text returns words in a language (or the source language) with each ${name}
// replaced by that answer in words, "" if there is none. It is plain text.
func (p *Path) Text(t Text, lang string) string { return "" }

// Pieces is Text cut where answers stand, so that a page can mark them.
func (p *Path) Pieces(t Text, lang string) []Piece { return nil }

// Piece is a stretch of a Text: plain words, or the answer of a variable in words.
type Piece struct {
	Words string
	Of    ItemID // the variable whose answer it is; "" for plain words
}

// Value returns what a variable holds: what is worked out of a calculated or
// hidden item, the answer given, or the default of an item not yet asked.
// What is off the path is NotAsked.
func (p *Path) Value(variable ItemID) Answer { return Answer{Missing: NotAsked} }

// Read gives meaning to the posted controls of parts (none given: of all parts):
// the way of ParseAnswers through relevance, required-if, constraint, choice
// filter and calculation. before is everything read so far, answers and aside
// together (nil: nothing).
//
// Answers is the whole state after that: before, changed by these parts, on the
// path as it is now; all calculated and hidden values; NotAsked for what is off
// the path. Aside has what was typed and is off the path: given back in before it
// is an answer again when its item is on the path again. The errors are those of
// these parts, in the order of the form; what has an error is in neither result.
func (in *Instrument) Read(sit Sitting, parts []ItemID, raw Raw, before Answers) (answers, aside Answers, errs FieldErrors) {
	return nil, nil, nil
}
