package app

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The marks on open answers say what to look at. They decide nothing, miss some
// and mark some for nothing; a person reads every answer.

// mayName reports whether words look as if they named someone or something: a
// number of several digits, an address, a capital within a sentence. It marks
// what to look at; it does not find everything.
func mayName(words string) bool {
	if strings.ContainsRune(words, '@') {
		return true
	}
	begins := true
	for word := range strings.FieldsSeq(words) {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, `"'“‘(`))
		ownI := word == "I" || strings.HasPrefix(word, "I'") || strings.HasPrefix(word, "I’")
		if !begins && unicode.IsUpper(first) && !ownI || strings.Count(strings.Map(digitsOnly, word), "0") >= 3 {
			return true
		}
		begins = strings.ContainsAny(word[len(word)-1:], ".!?:")
	}
	return false
}

// digitsOnly turns every digit into 0 and drops the rest.
func digitsOnly(r rune) rune {
	if unicode.IsDigit(r) {
		return '0'
	}
	return -1
}

// concernStems are beginnings of English words, and phrases, that a safeguarding
// lead would want to see. Each also stands in harmless sentences: "the biscuits
// were a hit" is marked too, which costs a look.
var concernStems = []string{
	" abus", " afraid", " alone", " angry", " assault", " beat me", " beats me", " better off without", " bleed", " blood", " bruis", " bull",
	" cut my", " dead", " die", " drunk", "not feel safe", "t feel safe", " harm", " hit me", " hit him", " hit her", " hit my", " hit us", " hits ", " hungry", " hurt", " kill", " knife", " lonely", " no food", " told nobody",
	" overdose", " punch", " rape", " scared", " secret", " self-harm", " sex", " slap", " suicid", " threat", " touch", " unsafe", " want to disappear",
	" weapon", " without me", " worried about",
}

// mayConcern reports whether words may be something a safeguarding lead should
// see. It knows English only.
func mayConcern(words string) bool {
	plain := " " + strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '-'
	}), " ")
	for _, stem := range concernStems {
		if strings.Contains(plain, stem) {
			return true
		}
	}
	return false
}
