package app

import (
	"strconv"

	"soundings/surveys/questionnaire"
)

// The key that answers each choice of an item when a form on paper is keyed in. It
// is printed small beside the box and shown on the screen, so that whoever keys
// looks at the paper only.

// keySigns are the keys of choices, in order, where their codes are none.
const keySigns = "123456789abcdefghijklmnopqrstuvwxyz"

// keyOfTen is the key of point 10, beside the digits.
const keyOfTen = "+"

// paperKeys are the keys of a field's choices: y and n of a consent, the digit of
// a point, the code of a choice if all are digits, else its place.
func paperKeys(f fieldView) []string {
	keys := make([]string, len(f.Choices))
	switch questionnaire.Kind(f.Kind) {
	case questionnaire.KindConsent:
		return []string{"y", "n"}
	case questionnaire.KindAcknowledge:
		return []string{"y"}
	}
	if len(keys) > len(keySigns) { // typed as numbers, with Enter
		for i := range keys {
			keys[i] = strconv.Itoa(i + 1)
		}
		return keys
	}
	own := ownDigits(f.Choices)
	taken := map[string]bool{}
	for i, c := range f.Choices {
		if own && !c.Apart {
			keys[i] = c.Value
			if c.Value == "10" {
				keys[i] = keyOfTen
			}
			taken[keys[i]] = true
		}
	}
	next := 0
	for i := range keys {
		for keys[i] == "" {
			if sign := keySigns[next : next+1]; !taken[sign] {
				keys[i] = sign
			}
			next++
		}
	}
	return keys
}

// ownDigits reports whether the codes of all ordinary choices can be their keys:
// different digits, and 10.
func ownDigits(choices []choiceView) bool {
	seen := map[string]bool{}
	for _, c := range choices {
		if c.Apart {
			continue
		}
		digit := len(c.Value) == 1 && c.Value[0] >= '0' && c.Value[0] <= '9'
		if seen[c.Value] || !digit && c.Value != "10" {
			return false
		}
		seen[c.Value] = true
	}
	return len(seen) > 0
}
