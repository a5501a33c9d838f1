package app

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"soundings/surveys/questionnaire"
)

// idShape is what an item's id may be.
var idShape = regexp.MustCompile(`^[a-z]([a-z0-9_]{0,30}[a-z0-9])?$`)

var (
	errIDShape = errors.New("use small letters a to z, digits and _, a letter first and no two _ together, at most 32 characters")
	errIDTaken = errors.New("another item, row, part or scale has this id already: choose another")
)

// fillers are words that tell nothing about an item.
var fillers = map[string]bool{
	"a": true, "an": true, "the": true, "of": true, "to": true, "in": true, "on": true, "at": true, "is": true, "are": true, "was": true, "were": true,
	"do": true, "does": true, "did": true, "you": true, "your": true, "i": true, "my": true, "me": true, "we": true, "it": true, "that": true,
	"this": true, "what": true, "how": true, "which": true, "please": true, "have": true, "has": true, "for": true, "and": true, "or": true, "much": true, "many": true,
	"feel": true, "am": true, "be": true, "been": true, "with": true, "by": true, "from": true, "would": true, "could": true, "can": true, "will": true,
}

// proposeID makes an id of the words of a question: the first that tell
// something, in plain letters. Words in another script give fallback and a
// number. It is one that is not taken.
func proposeID(words, fallback string, taken map[string]bool) string {
	const limit = 24
	id := ""
	for _, word := range strings.Split(plain(words), "_") {
		if word == "" || fillers[word] || id == "" && word[0] < 'a' {
			continue
		}
		if longer := strings.TrimPrefix(id+"_"+word, "_"); len(longer) <= limit {
			id = longer
			continue
		}
		if id == "" {
			id = word[:limit]
		}
		break
	}
	if id == "" {
		return freshName(fallback, 1, taken)
	}
	if !taken[id] {
		return id
	}
	return freshName(id+"_", 2, taken)
}

// proposeCode makes the code of a choice of its words.
func proposeCode(words string, taken map[string]bool) string {
	const limit = 24
	code := strings.Trim(plain(words), "_")
	if len(code) > limit {
		code = strings.TrimRight(code[:limit], "_")
	}
	switch {
	case code == "":
		return freshName("c", 1, taken)
	case taken[code]:
		return freshName(code+"_", 2, taken)
	}
	return code
}

// freshName is stem and the first number that makes it one not taken.
func freshName(stem string, from int, taken map[string]bool) string {
	for n := from; ; n++ {
		if id := stem + strconv.Itoa(n); !taken[id] {
			return id
		}
	}
}

// plain is text in small letters a to z and digits, accents taken off, with _
// for anything else.
func plain(text string) string {
	var out strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			if s := out.String(); s != "" && s[len(s)-1] != '_' {
				out.WriteByte('_')
			}
		}
	}
	return out.String()
}

// namesOf are all ids that a definition uses.
func namesOf(def *questionnaire.Definition) map[string]bool {
	taken := map[string]bool{}
	for id := range def.Names() {
		taken[string(id)] = true
	}
	return taken
}

// checkID refuses an id that is none, or that something else has.
func checkID(def *questionnaire.Definition) func(string) error {
	return func(id string) error {
		if !idShape.MatchString(id) || strings.Contains(id, "__") {
			return errIDShape
		}
		if namesOf(def)[id] {
			return errIDTaken
		}
		return nil
	}
}

// findItem returns an item of a definition and where it stands.
func findItem(def *questionnaire.Definition, id questionnaire.ItemID) (item *questionnaire.Item, part, index int) {
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			if def.Parts[i].Items[j].ID == id {
				return &def.Parts[i].Items[j], i, j
			}
		}
	}
	return nil, -1, -1
}

// nameItem is an item in a sentence: its words, shortened, or its id.
func nameItem(def *questionnaire.Definition, item *questionnaire.Item) string {
	const limit = 40
	words := strings.Join(strings.Fields(item.Label.In(sourceOf(def), def.Languages...)), " ")
	if words == "" {
		return string(item.ID)
	}
	if runes := []rune(words); len(runes) > limit {
		words = strings.TrimSpace(string(runes[:limit])) + "…"
	}
	return fmt.Sprintf("“%s”", words)
}

// sourceOf is the source language of a definition.
func sourceOf(def *questionnaire.Definition) string {
	if len(def.Languages) == 0 {
		return sourceLanguage
	}
	return def.Languages[0]
}
