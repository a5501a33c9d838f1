package questionnaire

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Column is a further column that exports make of one variable, beside the
// column that bears the variable's own name.
type Column struct {
	Name   string // safe in SPSS and R, and there once in an instrument, whatever the case of letters
	Holds  Holds
	Choice string // HoldsTick, HoldsRank: code of the choice
}

// Holds says what a column holds.
type Holds string

const (
	HoldsWords Holds = "words" // of the "other" choice
	HoldsTick  Holds = "tick"  // multiple_choice: 1 if the choice was ticked, else 0
	HoldsRank  Holds = "rank"  // ranking: from 1
	HoldsOrder Holds = "order" // a shuffled item: the codes as they were shown, with blanks between
)

// Columns lists the further columns of v, once it belongs to an Instrument: for
// each ordinary choice of a multiple_choice or a ranking one named <id>_<code>,
// for an item with an "other" choice one named <id>__other, for a shuffled item
// one named <id>__order. They are not variables: Answers has no such names.
func (v *Variable) Columns() []Column { return v.columns }

// wantedColumns are the columns with the names they would like.
func (v *Variable) wantedColumns() []Column {
	var columns []Column
	holds := map[Kind]Holds{KindMultipleChoice: HoldsTick, KindRanking: HoldsRank}[v.Kind]
	for i, choice := range v.Choices {
		if holds != "" && choice.Meaning.Missing() == Answered && v.firstWith(choice.Code) == i {
			columns = append(columns, Column{Name: string(v.ID) + "_" + safeCode(choice.Code), Holds: holds, Choice: choice.Code})
		}
	}
	if _, ok := v.withMeaning(MeaningOther); ok {
		columns = append(columns, Column{Name: OtherControl(v.ID), Holds: HoldsWords})
	}
	if v.Item.Shuffle {
		columns = append(columns, Column{Name: OrderControl(v.ID), Holds: HoldsOrder})
	}
	return columns
}

// maxColumn is the longest name of a variable in SPSS, in bytes.
const maxColumn = 64

// nameColumns gives each column its name. One whose wish is free gets it; a wish
// that is too long, that several have or that a variable or scale is called by is
// granted to no column: they get <id>__is_<code>, and if codes differ only in
// what a name cannot hold, a mark worked out from the code. So a name depends on
// what there is, never on its order.
func (in *Instrument) nameColumns() {
	wishes := map[string]int{}
	for i := range in.variables {
		v := &in.variables[i]
		v.columns = v.wantedColumns()
		wishes[strings.ToLower(string(v.ID))]++
		for _, c := range v.columns {
			wishes[strings.ToLower(c.Name)]++
		}
	}
	for i := range in.version.Definition.Scales {
		wishes[strings.ToLower(string(in.version.Definition.Scales[i].ID))]++
	}
	for i := range in.variables {
		v := &in.variables[i]
		alike := v.alike()
		for j := range v.columns {
			c := &v.columns[j]
			if c.Choice == "" {
				continue // <id>__other and <id>__order are like no id
			}
			if reserved := safeCode(c.Choice)[0] == '_'; reserved || wishes[strings.ToLower(c.Name)] > 1 || len(c.Name) > maxColumn {
				c.Name = v.otherName(c, alike[strings.ToLower(safeCode(c.Choice))])
			}
		}
	}
}

// alike counts the choices by what a name can hold of their codes.
func (v *Variable) alike() map[string]int {
	counts := map[string]int{}
	for _, c := range v.columns {
		counts[strings.ToLower(safeCode(c.Choice))]++
	}
	return counts
}

// otherName is the name of a column that cannot have its wish; n columns of the
// variable would have it.
func (v *Variable) otherName(c *Column, n int) string {
	name := string(v.ID) + "__is_" + safeCode(c.Choice)
	if n < 2 && len(name) <= maxColumn {
		return name
	}
	const digits = 8
	sum := sha256.Sum256([]byte(c.Choice))
	return name[:min(len(name), maxColumn-digits-1)] + "_" + hex.EncodeToString(sum[:digits/2])
}

// safeCode is what a name in SPSS and R can hold of a code: a to z, A to Z,
// digits and _; _ for all else.
func safeCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, code)
}

// Code returns what the column holds of the answer of its variable. What is
// missing has the zero Code, but for the order, which was shown to whoever did
// not answer too.
func (c Column) Code(a Answer) Code {
	if c.Holds == HoldsOrder {
		return Code{Text: strings.Join(a.Order, " ")}
	}
	if a.Missing != Answered {
		return Code{}
	}
	at := slices.Index(a.Choices, c.Choice)
	switch {
	case c.Holds == HoldsWords:
		return Code{Text: a.Text}
	case c.Holds == HoldsRank && at < 0:
		return Code{}
	case c.Holds == HoldsRank:
		return numberCode(float64(at + 1))
	case at < 0:
		return numberCode(0)
	default:
		return numberCode(1)
	}
}
