package questionnaire

import (
	"regexp"
	"strings"
)

// What the words of a question give away, in English. They are hints: each is
// right often enough to look twice, and wrong often enough to be no rule.

func english(lang string) bool { return lang == "en" || strings.HasPrefix(lang, "en-") }

// joins are the words that may put two questions into one.
var joins = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(and/or|as well as|and|or)(?:[^\p{L}]|$)`)

// sayings hold such a word and are one thing.
var sayings = regexp.MustCompile(`(?i)\b(yes or no|now and then|now and again|again and again|more or less|more and more|up and down|` +
	`one or (two|more)|once or twice|two or more|so on|and so forth|or not|and why|or why|and how|day and night|ups and downs|` +
	`friends and family|family and friends|health and safety|trial and error|black and white|ladies and gentlemen|` +
	`between [^ ]+ and [^ ]+|both [^ ]+ and [^ ]+|from [^ ]+ to [^ ]+|[0-9]+ (and|or) [0-9]+|or (more|less|older|younger|over|above|below))\b`)

// doubleBarrelled reports whether a question joins two things, and by which
// words: those beside the joining one. "and" after a comma or at a sentence's
// end joins sentences, and is none.
func doubleBarrelled(text string) (string, bool) {
	if !joins.MatchString(text) { // most texts: the rest is slow
		return "", false
	}
	text = sayings.ReplaceAllString(text, "…")
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".?!;:()…", r) }) {
		at := joins.FindStringSubmatchIndex(sentence)
		if at == nil {
			continue
		}
		before, after := strings.Fields(sentence[:at[2]]), strings.Fields(sentence[at[3]:])
		if len(before) == 0 || len(after) == 0 {
			continue
		}
		return strings.Trim(before[len(before)-1], ",\"“”'") + " " + sentence[at[2]:at[3]] + " " + strings.Trim(after[0], ",\"“”'"), true
	}
	return "", false
}

// suggestions are turns of phrase that lean towards an answer.
var suggestions = regexp.MustCompile(`(?i)\b(don['’]t you (think|agree|feel|find)|do you (not )?agree that|would(n['’]t| not) you (say|agree)|` +
	`(is|are|was|were|did|does|do|has|have)n['’]t (it|they|you|he|she|this|that|we)|` +
	`how much (did you|do you) (enjoy|like|love)|how (good|great|helpful|useful|enjoyable|effective|excellent) (was|were|is|are)|` +
	`how much (better|happier|more)|obviously|clearly|surely|of course|everyone (knows|agrees)|most people (agree|think|know|believe)|` +
	`as you know|you must admit)\b`)

func leading(text string) (string, bool) {
	phrase := suggestions.FindString(text)
	return phrase, phrase != ""
}

// denials are the words that turn a question round.
var denials = regexp.MustCompile(`(?i)\b(not|never|no longer|nobody|nothing|none|cannot|without|(?:is|are|was|were|do|does|did|have|has|had|ca|could|wo|would|should)n['’]t)\b`)

// allowed are denials that are no turn: a choice offered in words.
var allowed = regexp.MustCompile(`(?i)\b(or not|if not|not at all|do not (know|have to|write|give|tell|put|use)|don['’]t (know|have to|write|give|tell|put|use)|prefer not|rather not|whether or not|did not happen)\b`)

func negative(text string) (string, bool) {
	if !denials.MatchString(text) {
		return "", false
	}
	word := denials.FindString(allowed.ReplaceAllString(text, "…"))
	return word, word != ""
}
