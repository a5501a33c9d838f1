package redaction

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed lists/names.txt
var namesText string

//go:embed lists/ambiguous.txt
var ambiguousText string

//go:embed lists/common.txt
var commonText string

var (
	given     = setOf(namesText)     // first names that are no other word, in lower case
	ambiguous = setOf(ambiguousText) // first names that are words too: "Grace"
	common    = setOf(commonText)    // words that name nobody, in lower case
)

func setOf(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// token is one word of a text.
type token struct {
	from, to int    // bytes
	text     string // as written
	folded   string // in lower case, without apostrophes
	starts   bool   // a sentence, as far as the signs before it tell
}

func (t token) capital() bool {
	first, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsUpper(first)
}

// shouted is a word in capitals only.
func (t token) shouted() bool {
	return utf8.RuneCountInString(t.text) > 1 && strings.ToUpper(t.text) == t.text
}

// base is the word without a possessive: "amelia" of "Amelia's".
func (t token) base() string {
	text := strings.ToLower(strings.ReplaceAll(t.text, "’", "'"))
	return strings.TrimSuffix(strings.TrimSuffix(text, "'s"), "'")
}

// tokensOf splits a text into words; apostrophes and hyphens are within them.
func tokensOf(text string) []token {
	var all []token
	from := -1
	end := func(to int) {
		if from < 0 {
			return
		}
		word := text[from:to]
		trimmed := strings.TrimRight(word, "'’-")
		before := 0
		if len(all) > 0 {
			before = all[len(all)-1].to
		}
		all = append(all, token{
			from: from, to: from + len(trimmed), text: trimmed, folded: strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(trimmed)),
			starts: len(all) == 0 && !strings.ContainsRune(text[:from], 0) || beginsSentence(text[before:from]),
		})
		from = -1
	}
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || from >= 0 && (unicode.IsMark(r) || strings.ContainsRune("'’-", r))
		switch {
		case inside && from < 0:
			from = i
		case !inside:
			end(i)
		}
	}
	end(len(text))
	return all
}

// beginsSentence reports whether the signs between two words end a sentence. What is
// in brackets is a word.
func beginsSentence(between string) bool {
	if at := strings.LastIndexByte(between, 0); at >= 0 {
		between = between[at+1:]
	}
	return strings.ContainsFunc(between, func(r rune) bool {
		return !unicode.IsSpace(r) && !strings.ContainsRune(",&/-'’(", r) || r == '\n'
	})
}

// capitals proposes names by how they are written: a capital within a sentence, and
// first names anywhere.
func capitals(text string, tokens []token) []Proposal {
	titled := titleCase(tokens)
	var all []Proposal
	for i, t := range tokens {
		if !isName(tokens, i, titled) {
			continue
		}
		kind := KindName
		if i > 0 && !t.starts && !given[t.base()] && leadsToPlace[tokens[i-1].folded] {
			kind = KindWhere
		}
		all = append(all, Proposal{From: t.from, To: t.to, Kind: kind})
		if i > 0 && surnamed(text, tokens[i-1], t) {
			all = append(all, Proposal{From: tokens[i-1].from, To: tokens[i-1].to, Kind: kind})
		}
	}
	return all
}

// leadsToPlace are the words before a place's name.
var leadsToPlace = map[string]bool{"in": true, "at": true, "near": true, "from": true, "to": true, "around": true, "outside": true, "visiting": true}

// titleCase reports whether A Text Is Written Like This, so that capitals tell nothing.
func titleCase(tokens []token) bool {
	n := 0
	for _, t := range tokens {
		if !t.starts && t.capital() && common[t.folded] && len(t.folded) <= 4 && t.folded != "i" && len(t.folded) > 1 && !ambiguous[t.folded] && !t.shouted() {
			n++
		}
	}
	return n >= 3
}

// isName reports whether a word is proposed as a name.
func isName(tokens []token, i int, titled bool) bool {
	t := tokens[i]
	base := t.base()
	switch {
	case utf8.RuneCountInString(base) < 2:
		return false
	case given[base], hyphenated(base):
		return true
	case !t.capital(), titled:
		return false
	case t.starts:
		return !common[base] && !common[t.folded] && followsLikeName(tokens, i)
	case t.shouted():
		return false
	case ambiguous[base]:
		return base != "may" && base != "will" && base != "april" && base != "june" && base != "summer" && base != "autumn"
	}
	return !common[base] && !common[t.folded] && !strings.ContainsFunc(base, unicode.IsDigit)
}

// hyphenated is two first names: "amelia-rose".
func hyphenated(base string) bool {
	first, second, ok := strings.Cut(base, "-")
	return ok && (given[first] && (given[second] || ambiguous[second]) || ambiguous[first] && given[second])
}

// followsLikeName reports whether what comes after a word that no list has, at the
// beginning of a sentence, is what comes after names.
func followsLikeName(tokens []token, i int) bool {
	if strings.Contains(tokens[i].text, "-") && strings.Count(tokens[i].text, "-") == 1 {
		_, second, _ := strings.Cut(tokens[i].text, "-")
		if first, _ := utf8.DecodeRuneInString(second); unicode.IsUpper(first) {
			return true
		}
	}
	if base := tokens[i].base(); base != strings.ToLower(tokens[i].text) {
		return true // "Wioletta's"
	}
	if i+1 == len(tokens) || tokens[i+1].starts {
		return false
	}
	switch tokens[i+1].folded {
	case "was", "is", "has", "had", "helped", "helps", "made", "said", "told", "taught", "showed", "explained", "gave", "from":
		return true
	case "and":
		return i+2 < len(tokens) && tokens[i+2].capital() && tokens[i+2].folded != "i"
	}
	return false
}

// surnamed reports whether the word before a name, which begins the sentence, is
// part of it: "Wioletta Nowak".
func surnamed(text string, before, t token) bool {
	return before.starts && before.capital() && !t.starts && text[before.to:t.from] == " " && !common[before.base()] && !common[before.folded] && !before.shouted()
}
