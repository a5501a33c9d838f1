package redaction

import (
	"slices"
	"strings"
	"unicode"
)

// Replaced is what a quote says instead of some of an answer.
type Replaced struct {
	Was    string `json:"was"`    // words of the answer; "" if nothing was there
	Became string `json:"became"` // "[name]", or "…" for what was left out
}

// Compare reports whether a quote is made of an answer's words: runs of them as they
// stand there, in their order, between [brackets] and marks of omission (… or ...).
// It returns what stands for what. Capitals, apostrophes and the signs between words
// may differ, words may not: "I did hit" is not made of "I did not hit". A passage
// from the middle of an answer needs no mark at its ends.
func Compare(answer, quote string) ([]Replaced, bool) {
	words := compared(answer)
	pieces := piecesOf(quote)
	if !slices.ContainsFunc(pieces, func(p piece) bool { return len(p.words) > 0 }) {
		return nil, false
	}
	at, done, ok := locate(words, pieces)
	if !ok {
		return nil, false
	}
	return replaced(answer, words, at, done, pieces), true
}

// piece is a run of words and what stands before it instead of others.
type piece struct {
	before string // "[name]", "…" or ""
	words  []string
}

// piecesOf splits a quote at what stands for something else.
func piecesOf(quote string) []piece {
	var pieces []piece
	before, rest := "", quote
	for {
		i := strings.IndexAny(rest, "[…")
		if dots := strings.Index(rest, "..."); dots >= 0 && (i < 0 || dots < i) {
			i = dots
		}
		if i < 0 {
			return append(pieces, piece{before, foldedList(rest)})
		}
		pieces = append(pieces, piece{before, foldedList(rest[:i])})
		rest = rest[i:]
		switch {
		case strings.HasPrefix(rest, "…"):
			before, rest = "…", rest[len("…"):]
		case strings.HasPrefix(rest, "..."):
			before, rest = "…", strings.TrimLeft(rest, ".")
		default:
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				before, rest = "", strings.TrimPrefix(rest, "[") // a bracket that nobody closed is a sign like others
				continue
			}
			before, rest = rest[:end+1], rest[end+1:]
		}
	}
}

// locate finds where each run of words stands in the answer: the first place after the
// one before. A run that nothing separates from the one before follows it at once.
func locate(words []compareWord, pieces []piece) (at, done []int, ok bool) {
	next := 0
	for i, p := range pieces {
		start := -1
		for from := next; from+len(p.words) <= len(words); from++ {
			if fitsAt(words[from:], p.words) {
				start = from
				break
			}
			if i > 0 && p.before == "" {
				break
			}
		}
		if start < 0 {
			return nil, nil, false
		}
		next = start + len(p.words)
		at, done = append(at, start), append(done, next)
	}
	return at, done, true
}

func fitsAt(words []compareWord, run []string) bool {
	for i, w := range run {
		if words[i].folded != w {
			return false
		}
	}
	return true
}

// replaced lists what stands for what.
func replaced(answer string, words []compareWord, at, done []int, pieces []piece) []Replaced {
	var all []Replaced
	for i, p := range pieces {
		if i == 0 || p.before == "" || p.before == "…" && len(p.words) == 0 {
			continue
		}
		from, to := done[i-1], at[i]
		if len(p.words) == 0 { // at the end of the quote, or two brackets in a row: to the end of the answer, or nothing
			to = from
			if i == len(pieces)-1 {
				to = len(words)
			}
		}
		was := ""
		if from < to {
			was = answer[words[from].from:words[to-1].to]
		}
		if i == 1 && len(pieces[0].words) == 0 { // it begins with a bracket: from the beginning of the answer
			was = ""
			if to > 0 {
				was = answer[words[0].from:words[to-1].to]
			}
		}
		all = append(all, Replaced{Was: was, Became: p.before})
	}
	return all
}

// compareWord is a word of an answer as it is compared.
type compareWord struct {
	folded   string
	from, to int
}

// compared splits a text into words: letters, digits and their marks; what an
// apostrophe joins is one.
func compared(text string) []compareWord {
	var all []compareWord
	from := -1
	var b strings.Builder
	end := func(to int) {
		if from >= 0 && b.Len() > 0 {
			all = append(all, compareWord{b.String(), from, to})
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
			b.WriteRune(unicode.ToLower(r))
		case strings.ContainsRune("'’‘ʼ`", r) && from >= 0:
		default:
			end(i)
		}
	}
	end(len(text))
	return all
}

func foldedList(text string) []string {
	var all []string
	for _, w := range compared(text) {
		all = append(all, w.folded)
	}
	return all
}
