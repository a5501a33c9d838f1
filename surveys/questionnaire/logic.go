package questionnaire

import "soundings/surveys/expression"

// HasLogic says whether anything of the questionnaire depends on answers, on the
// clock or on the link: expressions, piping, defaults, calculated and hidden
// items. Without, ParseAnswers says all that Read does, and a page needs no
// script for it. A shuffled order is no logic.
func (in *Instrument) HasLogic() bool { return false }

// PageLogic is what the browser walks, in one language: embedded in a page as
// JSON. References in trees and pipes are ids of variables, or OtherControl for
// the words of "other".
type PageLogic struct {
	Items  map[ItemID]*ItemLogic       `json:"items,omitempty"`
	Groups map[ItemID]GroupLogic       `json:"groups,omitempty"`
	Parts  map[ItemID]*expression.Tree `json:"parts,omitempty"` // relevant
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
	Constraint  *expression.Tree    `json:"constraint,omitempty"`  // of each variable of the item that is not blank
	WrongSay    string              `json:"wrong_say,omitempty"`   // constraint_message; absent: the product's own words
	Calculation *expression.Tree    `json:"calculation,omitempty"` // its value
	Number      bool                `json:"number,omitempty"`      // the calculation is a number whatever it is worked out of
	ReadOnly    *expression.Tree    `json:"read_only,omitempty"`
	Default     *expression.Tree    `json:"default,omitempty"` // only one that is an expression
	Filter      *expression.Tree    `json:"filter,omitempty"`
	Columns     []map[string]string `json:"columns,omitempty"` // with Filter: of each choice in the definition's order what Filter looks at
	Hidden      string              `json:"hidden,omitempty"`  // hidden: link, start, end, today
	Link        string              `json:"link,omitempty"`    // hidden from the link: the name in the address where it is not the id
}

// Logic returns what the browser needs to walk the same path as Walk. The words
// of messages are in lang, or in the source language; a ${variable} in them is
// replaced by its answer in words.
func (in *Instrument) Logic(lang string) PageLogic { return PageLogic{} }
