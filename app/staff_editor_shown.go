package app

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
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

// unit is what two people change at once or apart: a field in one language, a
// list with its rows, a condition with its clauses.
type unit struct {
	name  string
	shown []shownControl
	owns  func(name string) bool // of what is posted
}

// units are those of a control.
func (c control) units() []unit {
	switch c.Kind {
	case "shown":
		return nil
	case "sides":
		var all []unit
		for _, side := range c.Sides {
			all = append(all, side.units()...)
		}
		return all
	case "list":
		rows := c.List.Name + "."
		return []unit{{rows, c.shown(), func(name string) bool { return strings.HasPrefix(name, rows) }}}
	case "logic":
		return []unit{{c.Name, c.shown(), func(name string) bool { return name == c.Name || strings.HasPrefix(name, c.Name+".") }}}
	}
	return []unit{{c.Name, c.shown(), func(name string) bool { return name == c.Name || name == c.Name+".shown" }}}
}

func (b *binder) units() []unit {
	var all []unit
	for _, section := range b.sections {
		for _, c := range section.Controls {
			all = append(all, c.units()...)
		}
	}
	return all
}

// mark stands for the values of a unit, in whatever order they are posted. Lines
// that wait to be pasted are none of them.
func mark(values url.Values) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.HasSuffix(name, ".paste") {
			continue
		}
		for _, value := range slices.Sorted(slices.Values(values[name])) {
			sum.Write([]byte(strconv.Quote(name) + strconv.Quote(clean(value))))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:5])
}

func (u unit) mark() string {
	values := url.Values{}
	for _, one := range u.shown {
		values.Add(one.name, one.value)
	}
	return mark(values)
}

// marks are the marks of all units, as the form carries them: what each showed.
func (b *binder) marks() string {
	var all []string
	for _, u := range b.units() {
		all = append(all, u.name+"="+u.mark())
	}
	return strings.Join(all, " ")
}

// touched is what a person changed of the form that they were shown, and whether
// any of it is something else now than they were shown. Of a form without marks
// all counts as changed.
func (b *binder) touched(posted url.Values) (url.Values, bool) {
	was := map[string]string{}
	for _, one := range strings.Fields(posted.Get("marks")) {
		name, mark, _ := strings.Cut(one, "=")
		was[name] = mark
	}
	_, acted, _ := strings.Cut(posted.Get("do"), ":") // "up:choices:0" is about the choices as they were shown
	acted, _, _ = strings.Cut(acted, ":")
	posted, meets := maps.Clone(posted), len(was) == 0
	for _, u := range b.units() {
		mine := url.Values{}
		for name := range posted {
			if u.owns(name) {
				mine[name] = posted[name]
			}
		}
		switch {
		case mark(mine) == was[u.name] && strings.TrimSuffix(u.name, ".") != acted:
			maps.DeleteFunc(posted, func(name string, _ []string) bool { return u.owns(name) })
		case len(mine) > 0 && u.mark() != was[u.name]:
			meets = true
		}
	}
	return posted, meets
}
