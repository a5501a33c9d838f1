package questionnaire

import (
	"math"
	"strings"
	"unicode"
)

// wordsPerMinute is how fast a questionnaire is read: the average of 17 languages
// in Trauzettel-Klosinski and Dietz, Standardized Assessment of Reading
// Performance: The New International Reading Speed Texts IReST, Investigative
// Ophthalmology & Visual Science 53 (2012) 5452 to 5461: 184 ± 29 words a minute,
// read aloud by adults, which is nearer to reading a form with care than silent
// reading is (238 for English, Brysbaert 2019).
const wordsPerMinute = 184

// secondsToAnswer is what one answer takes after reading: to make up one's mind
// and to tap or to write. These are assumptions of ours, to be compared with how
// long people took, which is kept with each response.
func secondsToAnswer(it *Item) float64 {
	const tap, think, write = 1.5, 3, 12 // seconds
	switch it.Kind {
	case KindStatement, KindCalculated, KindHidden:
		return 0
	case KindRating:
		return (tap + think) * float64(len(it.Rows))
	case KindThenNow:
		return 2 * (tap + think) * float64(len(it.Rows))
	case KindFaces, KindPictures, KindAcknowledge:
		return tap + think/2
	case KindMultipleChoice:
		return 3*tap + think
	case KindRanking:
		return (2*tap + think) * float64(len(it.Choices))
	case KindNumber, KindDate, KindTime:
		return write / 2
	case KindDateTime, KindShortText:
		return write
	case KindLongText:
		return 4 * write // three sentences or so
	case KindLinkageCode:
		return write / 2 * float64(max(1, len(it.Prompts)))
	}
	return tap + think
}

// Minutes estimates how long d takes to fill in lang: its words at
// wordsPerMinute, and the time to answer each item. Everything is counted once,
// whatever is asked only of some or only at one wave, so that it is the longest
// way through. It is above 0 for anything with an item.
func (d Definition) Minutes(lang string) float64 {
	words, seconds := 0, 0.0
	count := func(text Text) { words += countWords(text.In(lang, d.Languages...)) }
	for _, text := range []Text{d.Title, d.Intro, d.Readers} {
		count(text)
	}
	for i := range d.Parts {
		count(d.Parts[i].Title)
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			if item.Kind == KindCalculated || item.Kind == KindHidden {
				continue
			}
			for _, text := range item.read() {
				count(text)
			}
			seconds += secondsToAnswer(item)
		}
	}
	return float64(words)/wordsPerMinute + seconds/60
}

// read is what a person reads of an item: its choices once, since a battery's
// are the same in each row.
func (it *Item) read() []Text {
	texts := []Text{it.Label, it.Hint, it.Low, it.High, it.Unit}
	for _, row := range it.Rows {
		texts = append(texts, row.Label)
	}
	for _, choice := range it.Choices {
		texts = append(texts, choice.Label)
	}
	for _, prompt := range it.Prompts {
		texts = append(texts, prompt.Label, prompt.Hint)
	}
	return texts
}

// countWords counts what blanks part. A script that writes without them gets a
// word for every two characters, which is what its readers' dictionaries average.
func countWords(text string) int {
	unbroken, words := 0, 0
	for _, word := range strings.Fields(text) {
		n := 0
		for _, r := range word {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar) {
				n++
			}
		}
		if n > 0 {
			unbroken += n
			continue
		}
		words++
	}
	return words + (unbroken+1)/2
}

// readable is all that is read in one language, as sentences.
func (d Definition) readable(lang string) string {
	var sentences []string
	add := func(text Text) {
		if words := strings.TrimSpace(text[lang]); words != "" {
			sentences = append(sentences, strings.TrimRight(words, ".?!:;…")+".")
		}
	}
	add(d.Intro)
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			if item.Kind == KindCalculated || item.Kind == KindHidden {
				continue
			}
			add(item.Label)
			for _, row := range item.Rows {
				add(row.Label)
			}
		}
	}
	return strings.Join(sentences, " ")
}

// readingWords is how much text a measure of reading needs to mean anything:
// Coleman and Liau took samples of 100 words.
const readingWords = 100

// ReadingAge estimates, in years, how old a reader must be for an English text:
// the grade of Coleman and Liau and five years, since the first grade is begun
// at six. ok is false for other languages, for which the formula is none, and
// for texts of fewer than 100 words.
//
//	grade = 0.0588 L - 0.296 S - 15.8
//
// with L letters and S sentences to 100 words.
//
// Source: Coleman, M. and Liau, T. L., A computer readability formula designed
// for machine scoring, Journal of Applied Psychology 60 (1975) 283 to 284.
func ReadingAge(text, lang string) (age int, ok bool) {
	if !english(lang) {
		return 0, false
	}
	words := strings.Fields(text)
	if len(words) < readingWords {
		return 0, false
	}
	letters, sentences := 0, 0
	for _, word := range words {
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters++
			}
		}
		if strings.ContainsAny(word[len(word)-1:], ".?!") {
			sentences++
		}
	}
	per100 := 100 / float64(len(words))
	grade := 0.0588*float64(letters)*per100 - 0.296*float64(max(sentences, 1))*per100 - 15.8
	return max(int(math.Round(grade))+5, 5), true
}

// ReadingAge estimates how old a reader must be for d in one of its languages;
// see the function of that name.
func (d Definition) ReadingAge(lang string) (age int, ok bool) {
	return ReadingAge(d.readable(lang), lang)
}
