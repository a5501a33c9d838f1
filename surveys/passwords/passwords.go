// Package passwords knows the passwords that are tried first.
//
// common.bin holds the first five bytes of the SHA-256 of each of 49,233 passwords,
// in lower case, in order: those most often found in what was stolen from services,
// as npm @zxcvbn-ts/language-common 4.1.3 lists them (MIT licence, © 2020 MrWook; its
// source is the xato and RockYou lists). It is 242 KB of the binary's own text and no
// memory of its own. With 49,233 of 2^40 values taken, one in 22 million other
// passwords is taken for one of them. make.go makes it anew.
package passwords

import (
	"crypto/sha256"
	_ "embed"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:generate go run make.go passwords.json

// prefixBytes is how much of a hash is kept.
const prefixBytes = 5

//go:embed common.bin
var common string

// Common reports whether a password is on the list, or is one that is with little
// before, behind or in place of its letters, or the same twice: "Password2024!!",
// "qwertyqwerty".
func Common(password string) bool {
	for _, form := range forms(strings.ToLower(password)) {
		if listed(form) {
			return true
		}
	}
	return false
}

// forms are what is looked up for a password.
func forms(password string) []string {
	word := strings.TrimFunc(password, func(r rune) bool { return !unicode.IsLetter(r) })
	all := []string{password, unleet.Replace(password), withoutGaps.Replace(password)}
	if enough(word, password) {
		all = append(all, word, unleet.Replace(word))
	}
	if unit := Unit(password); unit != password {
		all = append(all, unit)
	}
	return all
}

// enough reports whether word is most of password: what stands around it is six signs
// at most, since they are digits and a mark or two.
func enough(word, password string) bool {
	return word != "" && utf8.RuneCountInString(password)-utf8.RuneCountInString(word) <= 6
}

// unleet turns the digits that people write for letters back.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// withoutGaps takes out what stands between words.
var withoutGaps = strings.NewReplacer(" ", "", "-", "", "_", "", ".", "")

// Unit is the shortest text that gives password when it is written again and again,
// the last time perhaps not to its end: "abcabcab" has "abc".
func Unit(password string) string {
	signs := []rune(password)
	for n := 1; n <= len(signs)/2; n++ {
		same := true
		for i := n; i < len(signs) && same; i++ {
			same = signs[i] == signs[i-n]
		}
		if same {
			return string(signs[:n])
		}
	}
	return password
}

// listed reports whether exactly this is on the list.
func listed(password string) bool {
	sum := sha256.Sum256([]byte(password))
	want := string(sum[:prefixBytes])
	n := len(common) / prefixBytes
	i := sort.Search(n, func(i int) bool { return common[i*prefixBytes:(i+1)*prefixBytes] >= want })
	return i < n && common[i*prefixBytes:(i+1)*prefixBytes] == want
}

// Steps reports whether each sign follows from the one before by the same step, or a
// row of the keyboard is run along: "123456789012", "zyxwvutsrqpo".
func Steps(password string) bool {
	signs := []rune(strings.ToLower(password))
	if len(signs) < 3 {
		return true
	}
	follows := 0
	for i := 1; i < len(signs); i++ {
		if step := signs[i] - signs[i-1]; step >= -1 && step <= 1 || step == 9 || step == -9 {
			follows++
		}
	}
	return follows*10 >= (len(signs)-1)*9
}

// Remainder is how many signs of password are left without those words, in whatever
// case, that it contains: what is not easily known of its account. Words of fewer than
// three signs do not count.
func Remainder(password string, words ...string) int {
	rest := strings.ToLower(password)
	for _, word := range words {
		if word = strings.ToLower(word); utf8.RuneCountInString(word) >= 3 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	return letters
}
