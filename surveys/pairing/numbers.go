package pairing

import (
	"strconv"
	"strings"
)

// numberWords maps English number words, written together, to digits.
var numberWords = makeNumberWords()

func makeNumberWords() map[string]string {
	words := map[string]string{"NONE": "0", "NO": "0", "NIL": "0", "NOUGHT": "0"}
	ones := strings.Fields(`ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN
		ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN`)
	for i, w := range ones {
		words[w] = strconv.Itoa(i)
	}
	for i := 1; i <= 9; i++ {
		words["TWENTY"+ones[i]] = strconv.Itoa(20 + i)
	}
	words["TWENTY"], words["THIRTY"], words["THIRTYONE"] = "20", "30", "31"
	return words
}

// monthNames are English; a month in another language is chosen from a list.
var monthNames = strings.Fields(`JANUARY FEBRUARY MARCH APRIL MAY JUNE
	JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER`)

// month returns "1" to "12" for a month's number, name or the first three letters
// or more of it, and otherwise what number returns.
func month(words []string) string {
	for _, w := range words {
		for i, name := range monthNames {
			if len(w) >= 3 && strings.HasPrefix(name, w) {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return number(words)
}

// number returns the digits of the one number in words, without leading zeros,
// or the words themselves, parted by blanks, if there is none or more than one.
func number(words []string) string {
	if n, ok := numberWords[strings.Join(words, "")]; ok {
		return n
	}
	if len(words) == 1 {
		if n, ok := digitsOf(words[0]); ok {
			return n
		}
	}
	if n, ok := onlyNumber(words); ok {
		return n
	}
	return strings.Join(words, " ")
}

// onlyNumber finds the number in "2 brothers", "the 7th" or "two sisters". Words
// without a digit are not read as look-alikes here: the I of "I have 2" is no 1.
func onlyNumber(words []string) (string, bool) {
	var found []string
	for _, w := range words {
		if n, ok := numberWords[w]; ok {
			found = append(found, n)
			continue
		}
		if !strings.ContainsAny(w, "0123456789") {
			continue
		}
		n, ok := digitsOf(w)
		if !ok {
			return "", false
		}
		found = append(found, n)
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// lookalike maps the letters typed for digits. After folding l is L.
var lookalike = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// digitsOf reads one word as a number: "07", "7TH", "1O", "L2". It returns false
// if other letters are in it. An ordinal ending need not fit ("23TH").
func digitsOf(word string) (string, bool) {
	for _, ending := range []string{"ST", "ND", "RD", "TH"} {
		if rest, ok := strings.CutSuffix(word, ending); ok && rest != "" {
			word = rest
			break
		}
	}
	word = lookalike.Replace(word)
	if strings.Trim(word, "0123456789") != "" {
		return "", false
	}
	word = strings.TrimLeft(word, "0")
	if word == "" {
		return "0", true
	}
	return word, true
}
