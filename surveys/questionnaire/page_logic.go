package questionnaire

import (
	"slices"
	"strings"

	"soundings/surveys/expression"
)

// PageLogic is what the browser walks, in one language: embedded in a page as
// JSON. References in trees and in words are ids of variables, or OtherControl for
// the words of "other"; a name that leads to nothing with an answer is the id of
// its item. As on the server, what cannot be worked out hides and refuses nothing,
// and nothing is required of an item whose filter leaves no choice.
type PageLogic struct {
	Items  map[ItemID]*ItemLogic       `json:"items,omitempty"`
	Groups map[ItemID]GroupLogic       `json:"groups,omitempty"` // that have a condition, or lie in one that has
	Parts  map[ItemID]*expression.Tree `json:"parts,omitempty"`  // relevant
	Ends   map[ItemID]string           `json:"ends,omitempty"`   // what is put after the answer of a month or a year before an expression sees it: "-01", "-01-01"
}

// GroupLogic is a group's condition and the group it lies in.
type GroupLogic struct {
	In       ItemID           `json:"in,omitempty"`
	Relevant *expression.Tree `json:"relevant,omitempty"`
}

// ItemLogic is the logic of one item; items without any are left out.
type ItemLogic struct {
	Group       ItemID              `json:"group,omitempty"` // innermost, if that or one around it has a condition
	Relevant    *expression.Tree    `json:"relevant,omitempty"`
	Required    *expression.Tree    `json:"required,omitempty"`    // required_if; an item that is always required says so in the page
	NeedSay     string              `json:"need_say,omitempty"`    // required_message
	Constraint  *expression.Tree    `json:"constraint,omitempty"`  // of each variable of the item that is not blank; "." is its answer
	WrongSay    string              `json:"wrong_say,omitempty"`   // constraint_message; absent: the product's own words
	Calculation *expression.Tree    `json:"calculation,omitempty"` // its value; "." is what it was before
	Number      bool                `json:"number,omitempty"`      // the calculation is a number whatever the answers are
	ReadOnly    *expression.Tree    `json:"read_only,omitempty"`
	Default     *expression.Tree    `json:"default,omitempty"` // only one that is an expression
	Filter      *expression.Tree    `json:"filter,omitempty"`
	Columns     []map[string]string `json:"columns,omitempty"`  // with Filter: of each choice in the definition's order what Filter looks at; null: always shown
	Hidden      string              `json:"hidden,omitempty"`   // hidden: link, start, end, today
	Link        string              `json:"link,omitempty"`     // hidden from the link: the name in the address where it is not the id
	Fallback    string              `json:"fallback,omitempty"` // hidden from the link: its default
}

// Logic returns what the browser needs to walk the same path as Walk. The words
// of messages are in lang, or in the source language; a ${variable} in them is
// replaced by its answer in words.
func (in *Instrument) Logic(lang string) PageLogic {
	page := PageLogic{Items: map[ItemID]*ItemLogic{}, Groups: map[ItemID]GroupLogic{}, Ends: map[ItemID]string{}}
	if in.logic == nil {
		return page
	}
	page.Parts = in.logic.parts
	for i := range in.version.Definition.Groups {
		g := &in.version.Definition.Groups[i]
		if in.conditional(g.ID) {
			page.Groups[g.ID] = GroupLogic{In: in.conditionalGroup(g.In), Relevant: in.logic.groups[g.ID]}
		}
	}
	in.version.Definition.eachItem(func(item *Item) {
		if logic := in.itemLogic(item, lang); logic != nil {
			page.Items[item.ID] = logic
		}
		if end := restOfDate(item.Precision); end != "" {
			page.Ends[item.ID] = end
		}
	})
	return page
}

// conditional says whether a group or one around it has a condition.
func (in *Instrument) conditional(group ItemID) bool {
	for range in.version.Definition.Groups {
		if in.logic.groups[group] != nil {
			return true
		}
		group = in.groups[group]
	}
	return false
}

func (in *Instrument) conditionalGroup(group ItemID) ItemID {
	if in.conditional(group) {
		return group
	}
	return ""
}

// itemLogic is the logic of one item, nil if it has none.
func (in *Instrument) itemLogic(item *Item, lang string) *ItemLogic {
	r := in.logic.of(item.ID)
	l := &ItemLogic{
		Group: in.conditionalGroup(item.Group), Relevant: r.relevant, Required: r.required, Constraint: r.constraint,
		Calculation: r.calculation, Number: r.number, ReadOnly: r.readOnly, Default: r.fallback, Filter: r.filter,
		NeedSay: in.message(item.RequiredMessage, lang), WrongSay: in.message(item.ConstraintMessage, lang),
	}
	if item.Kind == KindHidden {
		in.hiddenLogic(l, item)
	}
	if r.filter != nil {
		l.Columns = columnsFor(r.filter, item.Choices)
	}
	none := l.Group == "" && l.Relevant == nil && l.Required == nil && l.Constraint == nil && l.Calculation == nil && l.ReadOnly == nil &&
		l.Default == nil && l.Filter == nil && l.NeedSay == "" && l.WrongSay == "" && l.Hidden == ""
	if none {
		return nil
	}
	return l
}

func (in *Instrument) hiddenLogic(l *ItemLogic, item *Item) {
	l.Hidden = item.From
	if name := item.ReferenceName(); item.From == FromLink && name != string(item.ID) {
		l.Link = name
	}
	if item.From == FromLink {
		l.Fallback = item.Default
	}
}

// columnsFor are what a filter looks at of each choice.
func columnsFor(filter *expression.Tree, choices []Choice) []map[string]string {
	names := filter.Columns()
	columns := make([]map[string]string, len(choices))
	for i := range choices {
		if choices[i].always() {
			continue
		}
		columns[i] = map[string]string{}
		for _, name := range names {
			if value := choices[i].column(name); value != "" {
				columns[i][name] = value
			}
		}
	}
	return columns
}

// message is an author's words with the names in them turned into variables.
func (in *Instrument) message(t Text, lang string) string {
	return in.Renamed(t.In(lang, in.version.Definition.Languages...))
}

// Renamed returns words in which each ${name} is the variable, or OtherControl of
// it, that the name leads to: what the browser looks up.
func (in *Instrument) Renamed(words string) string {
	if in.logic == nil || !strings.Contains(words, "${") {
		return words
	}
	return pipePattern.ReplaceAllStringFunc(words, func(found string) string {
		name := pipePattern.FindStringSubmatch(found)[1]
		return "${" + in.logic.names[name].name + "}"
	})
}

// Calls tells whether an expression calls one of some functions, so that a page
// brings no more than its own need.
func (in *Instrument) Calls(functions ...string) bool {
	return slices.ContainsFunc(in.logic.trees(), func(t *expression.Tree) bool { return calls(t, functions...) })
}

// trees lists all trees, in no order.
func (l *logic) trees() []*expression.Tree {
	var all []*expression.Tree
	for _, tree := range l.groups {
		all = append(all, tree)
	}
	for _, tree := range l.parts {
		all = append(all, tree)
	}
	for _, r := range l.rules {
		all = append(all, r.relevant, r.required, r.constraint, r.calculation, r.fallback, r.readOnly, r.filter)
	}
	return slices.DeleteFunc(all, func(tree *expression.Tree) bool { return tree == nil })
}
