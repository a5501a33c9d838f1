package questionnaire

import (
	"slices"
	"strconv"
	"strings"
)

// ranking is choices put into an order, one variable whose answer lists the codes
// from the first rank to the last; exports add a column a choice with its rank.
// All or nothing: every choice has a rank, each rank is there once. It has no
// Value.
type ranking struct{}

func (ranking) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldFilter, fieldShuffle})
	c.choices(item, bounds{2, 30})
	if anyScore(item.Choices) {
		c.fail(whereItem(item), "choices of this kind have no scores")
	}
}

func (ranking) variables(item *Item, _ []string) []Variable { return []Variable{oneVariable(item)} }

// RankControl names the control of one choice of a ranking, whose value is its
// rank; n is the place of the choice in the definition, from 1.
func RankControl(item ItemID, n int) string { return string(item) + "__" + strconv.Itoa(n) }

// parse reads the rank of each choice or, where no rank is given, all codes in
// order at the item's own control. If a filter hides choices, Read says whether
// all that were shown have a rank.
func (ranking) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	places, err := v.ranks(raw)
	if err != nil {
		return Answer{}, err
	}
	if len(places) == 0 {
		return v.ordered(raw)
	}
	order := make([]string, len(places))
	for i := range v.Choices {
		rank, ok := places[i]
		switch {
		case !ok:
			continue
		case rank > len(places):
			return Answer{}, v.unranked(i, places)
		case order[rank-1] != "":
			return Answer{}, &FieldError{Item: v.ID, Control: RankControl(v.ID, i+1), Key: KeyRankTwice, Args: []any{rank}}
		}
		order[rank-1] = v.Choices[i].Code
	}
	return v.complete(order, places)
}

// ranks are the ranks given, by the index of the choice.
func (v *Variable) ranks(raw Raw) (map[int]int, *FieldError) {
	places := map[int]int{}
	for i := range v.Choices {
		given := raw.given(RankControl(v.ID, i+1))
		if len(given) == 0 {
			continue
		}
		rank, key := readNumber(given[0], true)
		if len(given) > 1 || key != "" || rank < 1 || rank > float64(len(v.Choices)) || rank != float64(int(rank)) {
			return nil, &FieldError{Item: v.ID, Control: RankControl(v.ID, i+1), Key: KeyChooseFromList}
		}
		places[i] = int(rank)
	}
	return places, nil
}

// ordered reads the codes in order, each a value of the item's own control or all
// in one with blanks between.
func (v *Variable) ordered(raw Raw) (Answer, *FieldError) {
	order := strings.Fields(strings.Join(raw.given(string(v.ID)), " "))
	places := map[int]int{}
	for rank, code := range order {
		i := slices.IndexFunc(v.Choices, func(c Choice) bool { return c.Code == code })
		if i < 0 {
			return Answer{}, v.refuse(KeyChooseFromList)
		}
		if _, twice := places[i]; twice {
			return Answer{}, v.refuse(KeyRankTwice, rank+1)
		}
		places[i] = rank + 1
	}
	if len(order) == 0 {
		return Answer{Missing: NotReached}, nil
	}
	return v.complete(order, places)
}

// complete refuses an order that lacks a choice; one with a filter is left to Read.
func (v *Variable) complete(order []string, places map[int]int) (Answer, *FieldError) {
	if len(order) < len(v.Choices) && v.Item.Filter == "" {
		return Answer{}, v.unranked(-1, places)
	}
	return Answer{Choices: order}, nil
}

// unranked is the error of an incomplete order: at choice i, or at the first that
// has no rank.
func (v *Variable) unranked(i int, places map[int]int) *FieldError {
	for first := range v.Choices {
		if _, ok := places[first]; !ok {
			i = first
			break
		}
	}
	return &FieldError{Item: v.ID, Control: RankControl(v.ID, i+1), Key: KeyRankAll}
}

func (ranking) summary(v *Variable) Summariser { return newRankSummary(v) }

func (ranking) required() string { return KeyRankAll }

// show numbers the labels: "1. Art; 2. Maths".
func (ranking) show(v *Variable, a Answer, langs []string) string {
	shown := make([]string, len(a.Choices))
	for i, code := range a.Choices {
		shown[i] = strconv.Itoa(i+1) + ". " + v.labelWith(code, "", langs)
	}
	return strings.Join(shown, separator(langs[0]))
}
