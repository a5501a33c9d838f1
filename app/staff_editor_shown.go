package app

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// What a form shows, as a browser would post it: what two people's edits are
// compared by.

// hash stands for all that the form shows. Two people who were shown the same
// may both save; who was shown something that has changed since may not.
func (b *binder) hash() string {
	sum := sha256.New()
	for _, pair := range b.shown() {
		sum.Write([]byte(strconv.Quote(pair.name) + strconv.Quote(pair.value)))
	}
	return hex.EncodeToString(sum.Sum(nil)[:10])
}

// shownControl is one value as a browser would post it.
type shownControl struct{ name, value, label string }

// FormName and FormValue are for templates.
func (s shownControl) FormName() string  { return s.name }
func (s shownControl) FormValue() string { return s.value }

// shown lists what a browser would post of the form as it stands.
func (b *binder) shown() []shownControl {
	var all []shownControl
	for _, section := range b.sections {
		for _, c := range section.Controls {
			all = append(all, c.shown()...)
		}
	}
	return all
}

func (c control) shown() []shownControl {
	switch c.Kind {
	case "shown":
		return nil
	case "sides":
		var all []shownControl
		for _, side := range c.Sides {
			all = append(all, shownControl{side.Name, side.Value, c.Label + " (" + languageName(side.Lang) + ")"})
		}
		return all
	case "check":
		all := []shownControl{{c.Name + ".shown", "1", ""}}
		if c.Value != "" {
			all = append(all, shownControl{c.Name, c.Value, c.Label})
		}
		return all
	case "boxes":
		all := []shownControl{{c.Name + ".shown", "1", ""}}
		for _, v := range c.Values {
			all = append(all, shownControl{c.Name, v, c.Label})
		}
		return all
	case "list":
		return c.List.shown()
	case "logic":
		return append([]shownControl{{c.Name, c.Value, c.Label}}, c.Logic.shown()...)
	}
	return []shownControl{{c.Name, c.Value, c.Label}}
}

func (l *controlList) shown() []shownControl {
	all := []shownControl{{l.Name + ".count", strconv.Itoa(len(l.Rows)), ""}}
	for _, row := range l.Rows {
		all = append(all, shownControl{l.Name + "." + strconv.Itoa(row.Index) + ".was", row.Was, ""})
		for _, c := range row.Controls {
			all = append(all, c.shown()...)
		}
	}
	return all
}
