package pairing

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spelling maps letters that Unicode does not take apart to what people type in
// their place. Latin letters follow the usual passport transliteration (ICAO Doc
// 9303); Arabic, Persian and Urdu keyboards have several forms of one letter.
var spelling = map[rune]string{
	'ß': "SS", 'ẞ': "SS", 'Æ': "AE", 'Œ': "OE", 'Ø': "O", 'Ł': "L",
	'Đ': "D", 'Ð': "D", 'Þ': "TH", 'Ħ': "H", 'Ŧ': "T", 'ı': "I",
	'ٱ': "ا", // alef wasla; alef with hamza or madda is taken apart by Unicode
	'ة': "ه", // teh marbuta, often typed as heh
	'ى': "ي", // alef maksura, yeh without its dots
	'ی': "ي", // Persian yeh
	'ے': "ي", // Urdu yeh
	'ک': "ك", // Persian kaf
	'ہ': "ه", // Urdu heh
	'ھ': "ه", // Urdu heh with two eyes
}

// fold returns the words of raw: runs of letters and digits, in capitals, without
// accents and vowel marks, digits as 0 to 9. Quotes, apostrophes and
// invisible characters join what they stand in, anything else parts words.
//
// Marks are dropped in every script. That makes the first letter of a name in
// Bengali or Hindi its consonant, with or without the vowel sign typed after it.
func fold(raw string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(raw) {
		b.WriteString(foldRune(r))
	}
	// Composing again keeps a Korean syllable one letter.
	return strings.Fields(norm.NFC.String(b.String()))
}

// foldRune returns what one decomposed character becomes: letters, a digit,
// nothing, or a blank.
func foldRune(r rune) string {
	upper := unicode.ToUpper(r)
	if s, ok := spelling[upper]; ok {
		return s
	}
	switch {
	case unicode.Is(unicode.Nd, r):
		return string(digit(r))
	case unicode.Is(unicode.M, r), unicode.Is(unicode.Lm, r), unicode.Is(unicode.Cf, r):
		return "" // accents; Arabic tatweel, modifier apostrophes; direction marks
	case unicode.IsLetter(r):
		return string(upper)
	case strings.ContainsRune(`'’‘´"“”`+"`", r):
		return ""
	}
	return " "
}

// digit returns the ASCII digit of a decimal digit of any script. Unicode keeps
// the ten digits of a script together and in order, starting with zero.
func digit(r rune) rune {
	for _, g := range unicode.Nd.R16 {
		if rune(g.Lo) <= r && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	for _, g := range unicode.Nd.R32 {
		if rune(g.Lo) <= r && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	return r
}
