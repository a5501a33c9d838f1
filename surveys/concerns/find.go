package concerns

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Sign is words of a text that may be a disclosure.
type Sign struct {
	From, To int // bytes of the text, on bounds of characters
	Reason   Reason
	Weight   int // 1 to 3
}

//go:embed lists/*.txt
var files embed.FS

// built are the lists that came with the program, by language, read when needed.
var built = sync.OnceValue(func() map[string]*List {
	all := map[string]*List{}
	entries, err := files.ReadDir("lists")
	if err != nil {
		panic("the lists are not embedded: " + err.Error())
	}
	for _, e := range entries {
		raw, err := files.ReadFile("lists/" + e.Name())
		if err != nil {
			panic("a list is not embedded: " + err.Error())
		}
		list, err := Parse(string(raw))
		if err != nil {
			panic(fmt.Sprintf("lists/%s: %v", e.Name(), err))
		}
		all[strings.TrimSuffix(e.Name(), ".txt")] = list
	}
	return all
})

// Languages are those that there is a list for, as tags, in order.
func Languages() []string {
	var all []string
	for language := range built() {
		all = append(all, language)
	}
	slices.Sort(all)
	return all
}

// Find marks what may be a disclosure in a text that was written on a form in
// language, a BCP 47 tag. English is looked for in any text. Signs are in order and
// do not overlap.
func Find(text, language string) []Sign { return (*Finder)(nil).Find(text, language) }

// Score orders texts for reading: more is sooner, 0 is no sign at all.
func Score(signs []Sign) int {
	worst := 0
	for _, s := range signs {
		worst = max(worst, s.Weight)
	}
	return worst*100 + min(len(signs), 99)
}

// gapWords is how many words of any kind a "~" may stand for.
const gapWords = 3

// Find marks the phrases of l in a text.
func (l *List) Find(text string) []Sign {
	tokens := words(text)
	for i := range tokens {
		tokens[i].text = l.mended(tokens[i].text)
	}
	var signs []Sign
	var harmless []Sign
	for i, t := range tokens {
		for _, n := range l.beginning(t.text) {
			p := &l.phrases[n]
			to, ok := match(p.elements, tokens[i:])
			if !ok {
				continue
			}
			sign := Sign{tokens[i].from, tokens[i+to-1].to, p.reason, p.weight}
			if p.harmless {
				harmless = append(harmless, sign)
				continue
			}
			signs = append(signs, sign)
		}
	}
	return join(slices.DeleteFunc(signs, func(s Sign) bool { return coveredBy(s, harmless) }))
}

// coveredBy reports whether a sign lies for the better part within what is harmless.
func coveredBy(s Sign, harmless []Sign) bool {
	return slices.ContainsFunc(harmless, func(h Sign) bool {
		common := min(s.To, h.To) - max(s.From, h.From)
		return common > 0 && 2*common > s.To-s.From
	})
}

// beginning lists the phrases that a word can begin.
func (l *List) beginning(token string) []int {
	all := l.first[token]
	for _, s := range l.stems {
		if strings.HasPrefix(token, s.stem) {
			all = append(slices.Clip(all), s.phrase)
		}
	}
	return all
}

// match reports whether the elements fit the tokens from the first on, and how many
// of them. A phrase does not go on beyond the end of a sentence.
func match(elements []element, tokens []token) (int, bool) {
	if len(elements) == 0 {
		return 0, true
	}
	e, rest := elements[0], elements[1:]
	if e.gap {
		for skip := 0; skip <= gapWords && skip <= len(tokens); skip++ {
			if n, ok := match(rest, tokens[skip:]); ok {
				return skip + n, true
			}
			if skip < len(tokens) && tokens[skip].ends {
				break
			}
		}
		return 0, false
	}
	if len(tokens) > 0 && e.fits(tokens[0].text) && (!tokens[0].ends || ended(rest)) {
		if n, ok := match(rest, tokens[1:]); ok {
			return n + 1, true
		}
	}
	if e.optional {
		return match(rest, tokens)
	}
	return 0, false
}

// ended reports whether a phrase may end here.
func ended(rest []element) bool {
	return !slices.ContainsFunc(rest, func(e element) bool { return !e.optional })
}

// join puts signs in order and makes one of those that overlap: with the reason of
// the heavier.
func join(signs []Sign) []Sign {
	slices.SortFunc(signs, func(a, b Sign) int {
		return cmp.Or(a.From-b.From, b.Weight-a.Weight, b.To-a.To, cmp.Compare(a.Reason, b.Reason))
	})
	var all []Sign
	for _, s := range signs {
		if len(all) == 0 || s.From >= all[len(all)-1].To {
			all = append(all, s)
			continue
		}
		last := &all[len(all)-1]
		last.To = max(last.To, s.To)
		if s.Weight > last.Weight {
			last.Reason, last.Weight = s.Reason, s.Weight
		}
	}
	return all
}

// real are words that are one letter away from one of a list, and right as they are.
var real = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq("shared shares sharing scored scores stared started starting staying amused looked looking putting sitting fitting " +
		"clapped slipped snapped tapped hunting turning bearing bedding heating seating meeting beaming filling willing billing skilled thinking " +
		"teaching reaching couching coaches coached teaches staving stating lunches lunched pushed washed wished whipped shipped chopped " +
		"motherly another together bother fathers gathers weather whether slept crying trying drying flying quite quiet happen safely showed shows shower " +
		"county counts country hoping hiding riding siding hopeful helpful careful charming farming warming sickly secretary unsaved " +
		"threads threat treated forced forces forums former changes changed charge homely lonely single signal alive online") {
		real[w] = true
	}
}

// mended is a word without its one wrong letter, if a word of the list is as near
// as that and it is no word of its own.
func (l *List) mended(token string) string {
	n := utf8.RuneCountInString(token)
	if n < least-1 || l.known[token] || real[token] {
		return token
	}
	for _, w := range l.long[token[0]] {
		if w.stem && strings.HasPrefix(token, w.text) {
			return token
		}
	}
	for _, w := range l.long[token[0]] {
		if w.stem && n >= least && stemApart(token, w.text) {
			return w.text
		}
		if !w.stem && oneApart(token, w.text) {
			return w.text
		}
	}
	return token
}

// stemApart reports whether token begins with stem but for one letter.
func stemApart(token, stem string) bool {
	a, b := []rune(token), []rune(stem)
	for _, n := range []int{len(b), len(b) + 1, len(b) - 1} {
		if n > 0 && n <= len(a) && oneApart(string(a[:n]), stem) {
			return true
		}
	}
	return false
}

// oneApart reports whether one letter more, less or other, or two in the wrong
// order, make one word of the other.
func oneApart(one, other string) bool {
	a, b := []rune(one), []rune(other)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) == 0 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	return swapped || slices.Equal(a[i+1:], b[i+1:])
}
