package redaction

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what words may tell.
type Kind string

// The kinds. Where two overlap the one that comes first here is named.
const (
	KindEmail    Kind = "email"
	KindLink     Kind = "link"
	KindHandle   Kind = "handle"
	KindPhone    Kind = "phone"
	KindNumber   Kind = "number"
	KindPostcode Kind = "postcode"
	KindAddress  Kind = "address"
	KindSchool   Kind = "school"
	KindPlace    Kind = "organisation" // an institution that is no school
	KindGroup    Kind = "group"        // a cohort, a school class
	KindDate     Kind = "date"
	KindAge      Kind = "age"
	KindRole     Kind = "role"   // a post that few people hold, or that one of a kind holds
	KindDetail   Kind = "detail" // a condition or an event by which somebody is known
	KindName     Kind = "name"
	KindWhere    Kind = "place"
)

// kinds are all of them in the order in which they are preferred.
var kinds = []Kind{KindEmail, KindLink, KindHandle, KindPhone, KindNumber, KindPostcode, KindAddress, KindSchool, KindPlace, KindGroup,
	KindDate, KindAge, KindRole, KindDetail, KindName, KindWhere}

// replacements are what stands for each kind.
var replacements = map[Kind]string{
	KindEmail: "[e-mail address]", KindLink: "[web address]", KindHandle: "[account name]", KindPhone: "[telephone number]", KindNumber: "[number]",
	KindPostcode: "[postcode]", KindAddress: "[address]", KindSchool: "[school]", KindPlace: "[organisation]", KindGroup: "[group]",
	KindDate: "[date]", KindAge: "[age]", KindRole: "[role]", KindDetail: "[personal detail]", KindName: "[name]", KindWhere: "[place]",
}

// Proposal is words that may tell who somebody is, and what could stand for them.
type Proposal struct {
	From, To    int // bytes of the text, on bounds of characters
	Kind        Kind
	Replacement string // in [brackets]
}

// Known is what a programme knows the names of.
type Known struct {
	Institutions []string
	Cohorts      []string
	People       []string // staff, in any order of their names
}

// Propose returns what could be taken out of a text, in order and apart. What stands
// in [brackets] already is left alone.
func Propose(text string, known Known) []Proposal { return NewProposer(known).Propose(text) }

// Proposer proposes for many texts of one programme.
type Proposer struct{ known *names }

// NewProposer makes the known names quick to find.
func NewProposer(known Known) *Proposer { return &Proposer{newNames(known)} }

// Propose returns what could be taken out of a text.
func (p *Proposer) Propose(text string) []Proposal {
	hidden := withoutBrackets(text)
	var all []Proposal
	for _, rule := range patterns {
		all = append(all, rule.find(hidden)...)
	}
	tokens := tokensOf(hidden)
	all = append(all, p.known.find(tokens)...)
	all = append(all, capitals(hidden, tokens)...)
	return joined(hidden, all)
}

// withoutBrackets is text of the same length in which nothing is found between
// [brackets].
func withoutBrackets(text string) string {
	raw := []byte(text)
	open := -1
	for i, b := range raw {
		switch b {
		case 0:
			raw[i] = ' '
		case '[':
			open = i
		case ']':
			if open >= 0 {
				for j := open; j <= i; j++ {
					raw[j] = 0
				}
			}
			open = -1
		}
	}
	return string(raw)
}

// joined puts proposals in order, makes one of those that overlap, and of two names
// that follow each other.
func joined(text string, all []Proposal) []Proposal {
	slices.SortFunc(all, func(a, b Proposal) int { return cmp.Or(a.From-b.From, b.To-a.To) })
	var out []Proposal
	for _, p := range all {
		if len(out) == 0 {
			out = append(out, p)
			continue
		}
		last := &out[len(out)-1]
		overlap := p.From < last.To
		follows := p.Kind == last.Kind && (p.Kind == KindName || p.Kind == KindWhere) && p.From >= last.To && strings.Trim(text[last.To:p.From], " -") == "" && p.From-last.To <= 1
		if !overlap && !follows {
			out = append(out, p)
			continue
		}
		last.To = max(last.To, p.To)
		if slices.Index(kinds, p.Kind) < slices.Index(kinds, last.Kind) {
			last.Kind = p.Kind
		}
	}
	for i := range out {
		out[i].Replacement = replacements[out[i].Kind]
	}
	return out
}

// Apply puts the replacements in the place of what they are for. Proposals are as
// Propose returns them, or some of those.
func Apply(text string, proposals []Proposal) string {
	var b strings.Builder
	at := 0
	for _, p := range proposals {
		if p.From < at || p.To > len(text) {
			continue
		}
		b.WriteString(text[at:p.From])
		b.WriteString(p.Replacement)
		at = p.To
	}
	b.WriteString(text[at:])
	return b.String()
}
