package library

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed scales.json
var scalesJSON []byte

// Wordings says whether the words of a scale come with the program.
type Wordings string

const (
	WordsShipped Wordings = "shipped" // from the owner's page: Entry.Source
	WordsPasted  Wordings = "paste"   // an empty slot
	WordsNone    Wordings = "none"    // its terms do not allow it here at all
)

// Entry is one published scale.
type Entry struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Owner      string      `json:"owner"`
	Cite       string      `json:"cite"`
	Terms      string      `json:"terms"`
	Licensed   bool        `json:"licensed,omitempty"` // needs a licence record
	Wording    Wordings    `json:"wording"`
	Source     *Source     `json:"source,omitempty"` // of shipped words
	Kind       string      `json:"kind,omitempty"`   // scale_0_10: items of their own; "": a rating battery
	Items      int         `json:"items"`
	Min        int         `json:"min"` // of one answer
	Max        int         `json:"max"`
	Ages       string      `json:"ages,omitempty"`
	Period     string      `json:"period,omitempty"`
	Notes      []string    `json:"notes,omitempty"`
	Stem       string      `json:"stem,omitempty"`
	Statements []Statement `json:"statements,omitempty"`
	MinChange  float64     `json:"min_change,omitempty"` // smallest change that matters, in the first scale's unit; 0: none published
	Scales     []Rule      `json:"scales"`
}

// Source is where shipped words were taken from.
type Source struct {
	Address string `json:"address"`
	Date    string `json:"date"` // when they were looked at, 2006-01-02
	Notice  string `json:"notice"`
}

// Statement is one shipped item.
type Statement struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Low       string `json:"low,omitempty"`
	High      string `json:"high,omitempty"`
	Direction string `json:"direction,omitempty"`
}

// Rule scores some of the items, which are numbered from 1.
type Rule struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Items       []int    `json:"items,omitempty"`
	Reverse     []int    `json:"reverse,omitempty"`
	Method      string   `json:"method,omitempty"`
	MinAnswered int      `json:"min_answered,omitempty"`
	Direction   string   `json:"direction,omitempty"`
	Round       bool     `json:"round,omitempty"`
	Multiply    float64  `json:"multiply,omitempty"`
	Table       []Line   `json:"table,omitempty"`
	Of          []string `json:"of,omitempty"` // instead of Items: the sum of these rules
	Bands       []Band   `json:"bands,omitempty"`
	Flags       []Flag   `json:"flags,omitempty"`
}

// Line is one line of a conversion table.
type Line struct {
	Raw   int     `json:"raw"`
	Score float64 `json:"score"`
}

// Band is what a range of scores is called.
type Band struct {
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Label string  `json:"label"`
}

// Flag marks an answer that a person should look at.
type Flag struct {
	Item    int     `json:"item"`
	AtLeast float64 `json:"at_least"`
	Label   string  `json:"label"`
}

var entries = mustRead()

func mustRead() []Entry {
	var all []Entry
	if err := json.Unmarshal(scalesJSON, &all); err != nil {
		panic(fmt.Errorf("reading the library of scales: %w", err)) // it is part of the program
	}
	return all
}

// All lists the published scales. The list is shared and must not be changed.
func All() []Entry { return entries }

// Find returns the scale with this id.
func Find(id string) (Entry, bool) {
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return entries[i], true
}

// Answers is how many answers each item has.
func (e Entry) Answers() int { return e.Max - e.Min + 1 }
