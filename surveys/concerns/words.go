package concerns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is one word of a text as it is compared: in lower case, without accents
// and apostrophes.
type token struct {
	text     string
	from, to int  // bytes in the text
	ends     bool // a sentence ends behind it: no phrase goes on
}

// apostrophes are what people write within "don't".
const apostrophes = "'’‘ʼ`´"

// words splits text into its words.
func words(text string) []token {
	var all []token
	var b strings.Builder
	from := -1
	end := func(to int) {
		if from >= 0 && b.Len() > 0 {
			all = append(all, token{text: b.String(), from: from, to: to})
		}
		from = -1
		b.Reset()
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && from >= 0:
			if from < 0 {
				from = i
			}
			fold(&b, r)
		case from >= 0 && strings.ContainsRune(apostrophes, r) && letterAt(text[i+utf8.RuneLen(r):]):
		default:
			end(i)
			if len(all) > 0 && strings.ContainsRune(".!?;\n।؟۔", r) {
				all[len(all)-1].ends = true
			}
		}
	}
	end(len(text))
	return all
}

func letterAt(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLetter(r)
}

// fold writes r in lower case and without what accents it: é as e. Letters that are
// more than a letter with an accent stay: ø, ł, ß. So do the marks of scripts
// whose words are not told apart without them.
func fold(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		b.WriteRune(unicode.ToLower(r))
		return
	}
	for _, part := range norm.NFD.String(string(unicode.ToLower(r))) {
		if !unicode.Is(unicode.Mn, part) || part > 0x06ff {
			b.WriteRune(part)
		}
	}
}
