package redaction

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are the known ones, by their first word.
type names struct {
	byFirst map[string][]knownName
	long    []knownName // of one long word, for which one letter may be wrong
}

// knownName is one way to say a name.
type knownName struct {
	words   []string // folded
	kind    Kind
	capital bool // counts only if it is written with a capital within a sentence
}

// generic are words that many institutions have in their names; without the rest
// they name none.
var generic = setOf(`primary infant infants junior juniors academy school nursery preschool college high grammar secondary university
 children childrens centre center church community the of and st saint c e ce rc catholic hospital surgery clinic library trust council
 series cohort group class year form institution department team service services adult social care early years north south east west upper lower new old`)

func newNames(known Known) *names {
	n := &names{byFirst: map[string][]knownName{}}
	for _, one := range known.Institutions {
		n.addPlace(one)
	}
	for _, one := range known.Cohorts {
		n.add(knownName{foldedWords(one), KindGroup, false})
	}
	for _, one := range known.People {
		parts := foldedWords(one)
		n.add(knownName{parts, KindName, false})
		for _, part := range parts {
			if utf8.RuneCountInString(part) >= 3 {
				n.add(knownName{[]string{part}, KindName, true})
			}
		}
	}
	return n
}

// addPlace adds the ways to say an institution's name: whole, without what many
// are called, and each word that only it has.
func (n *names) addPlace(one string) {
	parts := foldedWords(one)
	kind := KindPlace
	if slices.ContainsFunc(parts, func(p string) bool {
		return slices.Contains([]string{"primary", "infant", "infants", "junior", "juniors", "academy", "school", "nursery", "college", "high", "grammar", "secondary", "university"}, p)
	}) {
		kind = KindSchool
	}
	n.add(knownName{parts, kind, false})
	own := slices.Clone(parts)
	for len(own) > 0 && generic[own[len(own)-1]] {
		own = own[:len(own)-1]
	}
	for len(own) > 0 && generic[own[0]] {
		own = own[1:]
	}
	n.add(knownName{own, kind, false})
	for _, part := range own {
		if !generic[part] && !common[part] && utf8.RuneCountInString(part) >= 4 {
			n.add(knownName{[]string{part}, kind, false})
		}
	}
}

func (n *names) add(one knownName) {
	if len(one.words) == 0 {
		return
	}
	if len(one.words) == 1 && (common[one.words[0]] || utf8.RuneCountInString(one.words[0]) < 4) {
		one.capital = true
	}
	if !slices.ContainsFunc(one.words, func(w string) bool { return !isNumber(w) }) {
		return // a cohort called 2026
	}
	n.byFirst[one.words[0]] = append(n.byFirst[one.words[0]], one)
	if len(one.words) == 1 && utf8.RuneCountInString(one.words[0]) >= 6 {
		n.long = append(n.long, one)
	}
}

func isNumber(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}

func foldedWords(name string) []string {
	var all []string
	for _, t := range tokensOf(name) {
		for part := range strings.SplitSeq(t.folded, "-") {
			if part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// find proposes the known names among the words of a text.
func (n *names) find(tokens []token) []Proposal {
	var all []Proposal
	for i, t := range tokens {
		for _, one := range n.byFirst[strings.TrimSuffix(t.folded, "s")] {
			all = append(all, one.at(tokens, i)...)
		}
		if first, _, _ := strings.Cut(t.folded, "-"); strings.TrimSuffix(t.folded, "s") != first {
			for _, one := range n.byFirst[first] {
				all = append(all, one.at(tokens, i)...)
			}
		}
		if t.capital() && utf8.RuneCountInString(t.folded) >= 6 && !common[t.folded] && !given[t.base()] {
			for _, one := range n.long {
				if oneApart(t.folded, one.words[0]) {
					all = append(all, Proposal{From: t.from, To: t.to, Kind: one.kind})
				}
			}
		}
	}
	return all
}

// at proposes the name if it stands at place i.
func (k knownName) at(tokens []token, i int) []Proposal {
	if k.capital && (!tokens[i].capital() || tokens[i].starts && common[k.words[0]]) {
		return nil
	}
	rest, last := k.words, i
	for len(rest) > 0 {
		if last == len(tokens) {
			return nil
		}
		parts := strings.Split(tokens[last].folded, "-")
		for j, part := range parts {
			final := len(rest) == 1 && j == len(parts)-1
			if len(rest) == 0 || part != rest[0] && !(final && part == rest[0]+"s") {
				return nil
			}
			rest = rest[1:]
		}
		last++
	}
	return []Proposal{{From: tokens[i].from, To: tokens[last-1].to, Kind: k.kind}}
}

// oneApart reports whether one letter more, less or other makes one word of the other.
func oneApart(one, other string) bool {
	a, b := []rune(one), []rune(other)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	return i < len(a) && slices.Equal(a[i+1:], b[i+1:])
}
