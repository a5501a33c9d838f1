package questionnaire

import (
	"fmt"
	"slices"
)

// Disagreement is something that two questionnaires say differently of a variable
// that both have, by its id.
type Disagreement struct {
	ID    ItemID `json:"id"`
	Field string `json:"field"` // kind, unit, min, max, choices.<code>, choices.<code>.score
	InA   string `json:"in_a"`  // in words; "none"
	InB   string `json:"in_b"`
	Pools bool   `json:"pools"` // answers to the two can be counted together nevertheless
}

const none = "none"

// Disagreements compares the variables that a and b share. Words may differ: that
// is what variants are for. Answers cannot be counted together if the kind, a
// score or a unit differs, or if one has a scored answer that the other lacks.
func Disagreements(a, b *Instrument) []Disagreement {
	var all []Disagreement
	for i := range a.variables {
		v := &a.variables[i]
		if other, ok := b.Variable(v.ID); ok {
			all = append(all, disagreementsOf(v, other)...)
		}
	}
	return all
}

func disagreementsOf(a, b *Variable) []Disagreement {
	if a.Kind != b.Kind {
		return []Disagreement{{ID: a.ID, Field: "kind", InA: string(a.Kind), InB: string(b.Kind)}}
	}
	var all []Disagreement
	add := func(field, inA, inB string, pools bool) {
		if inA != inB {
			all = append(all, Disagreement{a.ID, field, inA, inB, pools})
		}
	}
	for lang := range a.Item.Unit {
		if b.Item.Unit[lang] != "" {
			add("unit", a.Item.Unit[lang], b.Item.Unit[lang], false)
			break
		}
	}
	add("min", numberOrNone(a.Item.Min), numberOrNone(b.Item.Min), a.Kind == KindNumber)
	add("max", numberOrNone(a.Item.Max), numberOrNone(b.Item.Max), a.Kind == KindNumber)
	for _, code := range codesOfBoth(a, b) {
		inA, hasA := a.Choice(code)
		inB, hasB := b.Choice(code)
		if hasA && hasB {
			add("choices."+code+".score", numberOrNone(inA.Score), numberOrNone(inB.Score), false)
			add("choices."+code+".meaning", string(inA.Meaning), string(inB.Meaning), inA.Meaning.Missing() == inB.Meaning.Missing())
			continue
		}
		add("choices."+code, thereOrNone(inA, hasA), thereOrNone(inB, hasB), inA.Score == nil && inB.Score == nil)
	}
	return all
}

func codesOfBoth(a, b *Variable) []string {
	var codes []string
	for _, choices := range [][]Choice{a.Choices, b.Choices} {
		for _, c := range choices {
			if !slices.Contains(codes, c.Code) {
				codes = append(codes, c.Code)
			}
		}
	}
	return codes
}

func numberOrNone(number *float64) string {
	if number == nil {
		return none
	}
	return formatNumber(*number)
}

func thereOrNone(c Choice, there bool) string {
	switch {
	case !there:
		return none
	case c.Score != nil:
		return fmt.Sprintf("a choice that counts %s", formatNumber(*c.Score))
	}
	return "a choice"
}
