package app

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// sentence is one sentence by plural form: zero, one, two, few, many, other, or
// "=" and a number for that very number. It always has "other", and nothing else
// where nothing is counted. The form is that of the first argument, {0}.
//
//	"answer.text_shorter": {"one": "… {0} character …", "other": "… {0} characters …"}
type sentence map[string]string

// formOther is the form every sentence has.
const formOther = "other"

// formNames are the plural forms of the CLDR.
var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: formOther,
}

// UnmarshalJSON reads one text, or an object of forms.
func (s *sentence) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		*s = sentence{formOther: text}
		return nil
	}
	var forms map[string]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return err
	}
	if _, ok := forms[formOther]; !ok {
		return fmt.Errorf("a sentence has no form %q: %s", formOther, raw)
	}
	*s = forms
	return nil
}

// of is the text for a count; what is no number counts nothing.
func (s sentence) of(lang string, count any) string {
	var digits string
	switch n := count.(type) {
	case int:
		digits = strconv.Itoa(n)
	case float64:
		digits = strconv.FormatFloat(n, 'f', -1, 64)
	}
	if len(s) == 1 || digits == "" {
		return s[formOther]
	}
	if text, ok := s["="+digits]; ok {
		return text
	}
	if text, ok := s[pluralForm(lang, digits)]; ok {
		return text
	}
	return s[formOther]
}

// pluralForm is the CLDR's plural form of a decimal number as it is shown.
func pluralForm(lang, digits string) string {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
	i, t := lastDigits(whole), lastDigits(strings.TrimRight(fraction, "0"))
	v, w := len(fraction), len(strings.TrimRight(fraction, "0"))
	return formNames[plural.Cardinal.MatchPlural(language.Make(lang), i, v, w, lastDigits(fraction), t)]
}

// lastDigits is a number by its last digits, which is all that plural rules ask
// of a large one; it keeps a large one from being taken for a small one.
func lastDigits(digits string) int {
	const kept = 7
	if len(digits) > kept {
		n, _ := strconv.Atoi(digits[len(digits)-kept:])
		return n + 1e7
	}
	n, _ := strconv.Atoi(digits)
	return n
}
