package questionnaire

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Marks between words that the product puts together, as the language of a page
// writes them.

// closing are the marks after which no colon follows: those of Latin, Arabic,
// Urdu, Indian, Ethiopic, Greek, Armenian and Chinese writing.
const closing = "?.!:…" + "؟۔" + "।॥" + "።፧፦፡" + "\u037e" + "՞։" + "。?!:"

// Colon is what a language puts between a label and what follows, blanks
// included. lang is a BCP 47 tag.
func Colon(lang string) string {
	switch base, script := spelling(lang); {
	case base == "fr":
		return "\u00a0: "
	case script == "Ethi":
		return "፦ "
	case base == "zh" || base == "ja":
		return ":"
	}
	return ": "
}

// JoinLabel puts words after a label, parted as its last sign and the language
// ask. Where one is blank it is the other.
func JoinLabel(lang, label, words string) string {
	label, words = strings.TrimSpace(label), strings.TrimSpace(words)
	if label == "" || words == "" {
		return label + words
	}
	if last, _ := utf8.DecodeLastRuneInString(label); strings.ContainsRune(closing, last) {
		return label + " " + words
	}
	return label + Colon(lang) + words
}

// joinLabels puts the row of a battery after its stem, in each language that
// has one of them; what a language lacks is the source language's.
func joinLabels(stem, row Text, languages []string) Text {
	joined := Text{}
	for _, lang := range languages {
		if stem[lang] == "" && row[lang] == "" {
			continue
		}
		joined[lang] = JoinLabel(lang, stem.In(lang, languages...), row.In(lang, languages...))
	}
	return joined
}

// Separator is between several labels of one answer, for a page that puts them
// together itself.
func Separator(lang string) string { return separator(lang) }

// separator is between several labels of one answer. It is no comma, since labels
// have commas of their own.
func separator(lang string) string {
	switch base, script := spelling(lang); {
	case script == "Arab":
		return "؛ "
	case script == "Ethi":
		return "፤ "
	case base == "fr":
		return "\u00a0; "
	case base == "el":
		return " · " // ";" asks a question in Greek
	case base == "zh" || base == "ja":
		return ";"
	}
	return "; "
}

// spelling is the language and the script of a tag; the script is the usual one
// of the language where the tag names none.
func spelling(lang string) (base, script string) {
	tag := language.Make(lang)
	b, _ := tag.Base()
	s, _ := tag.Script()
	return b.String(), s.String()
}
