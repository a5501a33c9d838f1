package questionnaire

import (
	"fmt"
	"strings"
)

// Advice is one thing about a draft that its author may want to change. Nothing
// of it keeps the questionnaire from being published.
type Advice struct {
	Item ItemID // what it is about; "" is the whole questionnaire
	Code string // one of the Advice constants, for tests and for what the editor leaves out
	Text string // one plain English sentence or two
}

// What advice is about.
const (
	AdviceLong          = "long"           // more than adviceItems questions
	AdviceDoubleBarrel  = "double_barrel"  // asks two things at once
	AdviceLeading       = "leading"        // suggests its answer
	AdviceNegative      = "negative"       // says not
	AdviceNoDecline     = "no_decline"     // sensitive, and nothing to choose who would not say
	AdviceUnlabelled    = "unlabelled"     // points without words
	AdviceReading       = "reading"        // hard to read
	AdviceLongWording   = "long_wording"   // more than adviceWords words in one question
	AdviceUnsafePrompt  = "unsafe_prompt"  // an element of a code that tells who somebody is
	AdviceChangedPrompt = "changed_prompt" // an element of a code whose answer changes
	AdviceUnequalPoints = "unequal_points" // as many points above the middle as below are fairer
)

// Where advice begins. The first two are habits of the field rather than
// findings: answers get poorer and fewer as forms get longer, without a step.
const (
	adviceItems   = 25 // questions a person is asked
	adviceWords   = 25 // of one question
	adviceReading = 14 // years; the age at which most pupils have most of their school reading behind them
)

// Advice returns what might be better, the whole questionnaire first and then
// item by item, in the order of the form. It looks at the words in the source
// language; what depends on words (double_barrel, leading, negative, reading)
// is found in English only.
func (d Definition) Advice() []Advice {
	var all []Advice
	if n := d.questions(); n > adviceItems {
		all = append(all, Advice{Code: AdviceLong, Text: fmt.Sprintf("It asks %d questions. Above %d, people answer with less care or stop: leave out what nobody will use.", n, adviceItems)})
	}
	source := d.source()
	if age, ok := ReadingAge(d.readable(source), source); ok && age > adviceReading {
		all = append(all, Advice{Code: AdviceReading, Text: fmt.Sprintf("It reads as for people of %d years and more. Shorter words and sentences reach more people.", age)})
	}
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			all = append(all, d.Parts[i].Items[j].advice(source)...)
		}
	}
	return all
}

// source is the source language; "" while there is none.
func (d Definition) source() string {
	if len(d.Languages) == 0 {
		return ""
	}
	return d.Languages[0]
}

// questions counts what a person is asked: each row of a battery by itself,
// both moments of a then-and-now row.
func (d Definition) questions() int {
	n := 0
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			n += d.Parts[i].Items[j].questions()
		}
	}
	return n
}

func (it *Item) questions() int {
	switch it.Kind {
	case KindStatement, KindCalculated, KindHidden:
		return 0
	case KindRating:
		return len(it.Rows)
	case KindThenNow:
		return 2 * len(it.Rows)
	case KindLinkageCode:
		return max(1, len(it.Prompts))
	}
	return 1
}

// advice is what might be better about one item.
func (it *Item) advice(source string) []Advice {
	if it.questions() == 0 && len(it.Rows) == 0 {
		return nil
	}
	var all []Advice
	add := func(code, text string, args ...any) {
		all = append(all, Advice{Item: it.ID, Code: code, Text: fmt.Sprintf(text, args...)})
	}
	if !it.Locked && it.Library == "" { // the wording of a published instrument is not the author's to mend
		it.wordingAdvice(source, add)
	}
	if it.Sensitive && it.lacksDeclined() {
		add(AdviceNoDecline, "It is marked as sensitive. Add a choice “Prefer not to say”, or let it be left blank.")
	}
	it.codeAdvice(source, add)
	if n := it.unlabelled(source); n == 1 {
		add(AdviceUnlabelled, "One of its points has no words. People agree more on what a point means if each has words.")
	} else if n > 1 {
		add(AdviceUnlabelled, "%d of its points have no words. People agree more on what a point means if each has words.", n)
	}
	if low, high := it.lopsided(); low != high {
		add(AdviceUnequalPoints, "It has %d points below its middle and %d above. An even number on both sides is fairer.", low, high)
	}
	return all
}

// wordingAdvice looks at the label and at each row.
func (it *Item) wordingAdvice(source string, add func(code, text string, args ...any)) {
	texts := []string{it.Label[source]}
	for _, row := range it.Rows {
		texts = append(texts, row.Label[source])
	}
	for _, text := range texts {
		if n := len(strings.Fields(text)); n > adviceWords && it.Kind != KindConsent {
			add(AdviceLongWording, "“%s” has %d words. A question of at most %d is easier to answer.", shorten(text), n, adviceWords)
		}
		if !english(source) {
			continue
		}
		if joined, ok := doubleBarrelled(text); ok && it.Kind != KindConsent {
			add(AdviceDoubleBarrel, "“%s” may ask two things at once (“%s”). Who would answer them differently cannot.", shorten(text), joined)
		}
		if phrase, ok := leading(text); ok {
			add(AdviceLeading, "“%s” suggests an answer (“%s”). Ask it so that either answer is as easy to give.", shorten(text), phrase)
		}
		if word, ok := negative(text); ok && it.Kind != KindConsent {
			add(AdviceNegative, "“%s” says “%s”. Disagreeing with a negative is easily misread: say it the other way round, and reverse its score.", shorten(text), word)
		}
	}
}

// lacksDeclined reports whether a person who would not say has no way out.
func (it *Item) lacksDeclined() bool {
	for _, choice := range it.Choices {
		if choice.Meaning == MeaningDeclined {
			return false
		}
	}
	switch it.Kind {
	case KindShortText, KindLongText, KindNumber, KindDate, KindTime, KindDateTime, KindRanking:
		return it.Required // a blank is a way out
	case KindConsent, KindAcknowledge, KindLinkageCode:
		return false
	}
	return true
}

// unlabelled counts the points of an item without words in the source language.
func (it *Item) unlabelled(source string) int {
	n := 0
	worded := map[string]bool{}
	for _, choice := range it.Choices {
		if worded[choice.Code] = strings.TrimSpace(choice.Label[source]) != ""; !worded[choice.Code] {
			n++
		}
	}
	ends := map[bool]Text{true: it.Low, false: it.High}
	switch it.Kind {
	case KindScale0To10:
		for _, end := range ends {
			if strings.TrimSpace(end[source]) == "" {
				n++
			}
		}
	case KindScale:
		points, _ := it.points()
		for i, point := range points {
			end := (i == 0 || i == len(points)-1) && strings.TrimSpace(ends[i == 0][source]) != ""
			if _, there := worded[formatNumber(point)]; !there && !end {
				n++
			}
		}
	}
	return n
}

// lopsided counts the scored choices of an agreement-like battery whose scores
// lie below and above 0, where both occur: -1, 0, 1, 2 has one and two.
func (it *Item) lopsided() (low, high int) {
	for _, choice := range it.Choices {
		if choice.Score != nil && *choice.Score < 0 {
			low++
		}
		if choice.Score != nil && *choice.Score > 0 {
			high++
		}
	}
	if low == 0 || high == 0 {
		return 0, 0
	}
	return low, high
}

// shorten cuts a wording for a sentence about it.
func shorten(text string) string {
	const limit = 60
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}
