package olddata

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"soundings/surveys/questionnaire"
)

// normal is text as it is compared: small letters and digits of any script with
// single blanks between, all else left out. "Q1. How calm …?" is "q1 how calm".
// Text of signs only, such as "✓" or "+", stays as it is.
func normal(text string) string {
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKC.String(text) {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			gap = true
			continue
		}
		if gap && out.Len() > 0 {
			out.WriteByte(' ')
		}
		gap = false
		out.WriteRune(unicode.ToLower(r))
	}
	if out.Len() == 0 {
		return strings.TrimSpace(text)
	}
	return out.String()
}

// Normal is text as headings and values are compared: see Mapping.Waves.
func Normal(text string) string { return normalValue(text) }

// normalValue is a cell as it is compared. A sign before a number counts: -1 is
// not 1.
func normalValue(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "−") {
		return "-" + normal(text)
	}
	return normal(text)
}

// numbering is what stands before a question: "Q1.", "3a)", "Item 12 -".
var numbering = regexp.MustCompile(`^(?:q|question|item|nr|no)?\s*\d+[a-z]?\s*$|^(?:q|question|item|nr|no)?\s*\d+[a-z]?\s+`)

// withoutNumber takes the number of a question off a normalised heading.
func withoutNumber(heading string) string {
	return strings.TrimSpace(numbering.ReplaceAllString(heading, ""))
}

// waveWords are the words by which tables name waves, normalised.
var waveWords = map[string]questionnaire.Wave{
	"pre": questionnaire.WavePre, "before": questionnaire.WavePre, "t1": questionnaire.WavePre, "time 1": questionnaire.WavePre, "baseline": questionnaire.WavePre,
	"wave 1": questionnaire.WavePre, "pretest": questionnaire.WavePre, "pre test": questionnaire.WavePre, "start": questionnaire.WavePre, "entry": questionnaire.WavePre, "1": questionnaire.WavePre,
	"post": questionnaire.WavePost, "after": questionnaire.WavePost, "t2": questionnaire.WavePost, "time 2": questionnaire.WavePost, "endline": questionnaire.WavePost,
	"wave 2": questionnaire.WavePost, "posttest": questionnaire.WavePost, "post test": questionnaire.WavePost, "end": questionnaire.WavePost, "exit": questionnaire.WavePost, "2": questionnaire.WavePost,
	"follow up": questionnaire.WaveFollowUp, "followup": questionnaire.WaveFollowUp, "t3": questionnaire.WaveFollowUp, "time 3": questionnaire.WaveFollowUp, "fu": questionnaire.WaveFollowUp,
	"wave 3": questionnaire.WaveFollowUp, "later": questionnaire.WaveFollowUp, "3": questionnaire.WaveFollowUp,
}

// waveIn takes a wave off the beginning or the end of a normalised heading.
func waveIn(heading string) (rest string, wave questionnaire.Wave) {
	words := strings.Fields(heading)
	for n := min(2, len(words)-1); n > 0; n-- {
		first, last := strings.Join(words[:n], " "), strings.Join(words[len(words)-n:], " ")
		if found, ok := waveWords[first]; ok && !isNumber(first) {
			return strings.Join(words[n:], " "), found
		}
		if found, ok := waveWords[last]; ok && !isNumber(last) {
			return strings.Join(words[:len(words)-n], " "), found
		}
	}
	return heading, ""
}

func isNumber(text string) bool { return strings.Trim(text, "0123456789") == "" }

// momentWords are the halves of a then-and-now row.
var momentWords = map[string]questionnaire.Moment{
	"then": questionnaire.MomentThen, "before": questionnaire.MomentThen, "pre": questionnaire.MomentThen, "then from memory": questionnaire.MomentThen,
	"now": questionnaire.MomentNow, "after": questionnaire.MomentNow, "post": questionnaire.MomentNow, "today": questionnaire.MomentNow,
}

// momentIn takes "then" or "now" off a normalised heading.
func momentIn(heading string) (rest string, moment questionnaire.Moment) {
	for words, found := range momentWords {
		if rest, ok := strings.CutSuffix(heading, " "+words); ok && (moment == "" || words == "then from memory") {
			return rest, found
		}
	}
	for words, found := range momentWords {
		if rest, ok := strings.CutPrefix(heading, words+" "); ok {
			return rest, found
		}
	}
	return heading, ""
}

// likeness of two normalised texts is from 0 to 1: the share of words that both
// have (Dice), or nearly 1 if one begins with the other: cut off, or with more words.
func likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	const enough = 12 // letters that are no chance
	if len(a) >= enough && strings.HasPrefix(b, a) || len(b) >= enough && strings.HasPrefix(a, b+" ") {
		return 0.95
	}
	counts, same := map[string]int{}, 0
	wordsA, wordsB := strings.Fields(a), strings.Fields(b)
	for _, word := range wordsA {
		counts[word]++
	}
	for _, word := range wordsB {
		if counts[word] > 0 {
			counts[word]--
			same++
		}
	}
	if len(wordsA)+len(wordsB) == 0 {
		return 0
	}
	return 2 * float64(same) / float64(len(wordsA)+len(wordsB))
}
