package questionnaire

import (
	"strconv"
	"strings"
)

// Code is what the sheet of codes holds of one answer. Text is always there
// when there is a value; Number only if IsNumber, and then it is the same.
type Code struct {
	Text     string
	Number   float64
	IsNumber bool
}

// Code returns the code of an answer: the number of a number or a 0-10 scale,
// the code of one choice, the codes of several joined by a space, or text.
// What is missing has the zero Code. See ChoiceCode for when a choice is a
// number.
func (v *Variable) Code(a Answer) Code {
	switch {
	case a.Missing != Answered:
		return Code{}
	case a.Number != nil:
		return numberCode(*a.Number)
	case a.Choice != "":
		return v.ChoiceCode(a.Choice)
	case len(a.Choices) > 0:
		return Code{Text: strings.Join(a.Choices, " ")}
	default:
		return Code{Text: a.Text}
	}
}

// ChoiceCode returns how one choice is coded, for value labels. A variable is
// coded in one way throughout: by scores if every ordinary choice has one and
// no two are equal, else by the choices' own codes, as numbers if all of them
// are. The choices that stand for a missing answer keep their own code as text.
func (v *Variable) ChoiceCode(code string) Code {
	for i := range v.Choices {
		if v.Choices[i].Code == code {
			return v.codes[i]
		}
	}
	return Code{Text: code}
}

func numberCode(number float64) Code {
	return Code{Text: formatNumber(number), Number: number, IsNumber: true}
}

// codesOf works out ChoiceCode for all choices of a variable.
func codesOf(choices []Choice) []Code {
	number := func(c Choice) (float64, bool) { return ownNumber(c.Code) }
	if allDistinct(choices, scoreOf) {
		number = scoreOf
	}
	numeric := allDistinct(choices, number)
	codes := make([]Code, len(choices))
	for i, choice := range choices {
		codes[i] = Code{Text: choice.Code}
		if numeric && choice.Meaning.Missing() == Answered {
			n, _ := number(choice)
			codes[i] = numberCode(n)
		}
	}
	return codes
}

// allDistinct says whether each ordinary choice has a number of its own.
func allDistinct(choices []Choice, number func(Choice) (float64, bool)) bool {
	seen := map[float64]bool{}
	for _, choice := range choices {
		if choice.Meaning.Missing() != Answered {
			continue
		}
		n, ok := number(choice)
		if !ok || seen[n] {
			return false
		}
		seen[n] = true
	}
	return len(seen) > 0
}

func scoreOf(c Choice) (float64, bool) {
	if c.Score == nil {
		return 0, false
	}
	return *c.Score, true
}

// ownNumber reads a code such as "12"; "012" and a code too long to be exact
// stay text, since they would not be written back as they were.
func ownNumber(code string) (float64, bool) {
	n, err := strconv.Atoi(code)
	if err != nil || strconv.Itoa(n) != code || len(code) > maxDigits {
		return 0, false
	}
	return float64(n), true
}
