package questionnaire

import (
	"regexp"
	"strings"
)

// target is what ${name} leads to.
type target struct {
	name     string // what trees are renamed to: the variable, OtherControl of it, or an item without a variable
	item     *Item
	variable ItemID   // "" for an item that is always blank
	places   []string // of all that have this name: more than one is ambiguous
	cause    string   // why it cannot be looked at
}

// references says what each name leads to. A name is that of a spreadsheet or an
// id; where an id is also the name of another item, the name counts.
func (d *Definition) references() map[string]target {
	all := map[string]target{}
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			for name, r := range item.references(d.Languages) {
				if first, ok := all[name]; ok {
					r = first
				}
				r.places = append(r.places, whereItem(item))
				all[name] = r
			}
		}
	}
	d.eachItem(func(item *Item) { d.secondNames(item, all) })
	return all
}

// eachItem calls visit with every item, in the order of the form.
func (d *Definition) eachItem(visit func(*Item)) {
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			visit(&d.Parts[i].Items[j])
		}
	}
}

// references are the names of one item and of its rows.
func (it *Item) references(languages []string) map[string]target {
	name := it.ReferenceName()
	own := target{name: string(it.ID), item: it}
	behaviour, err := behaviourOf(it.Kind)
	switch {
	case err != nil:
		return nil // eachItem reports the unknown kind
	case it.Kind == KindLinkageCode:
		own.cause = "is a linkage code, which no expression may look at"
		return map[string]target{name: own}
	case len(it.Rows) == 0:
		if len(behaviour.variables(it, languages)) > 0 {
			own.variable = it.ID
		}
		return map[string]target{name: own}
	}
	own.cause = "is a battery: name one of its rows"
	all := map[string]target{name: own}
	for _, v := range behaviour.variables(it, languages) {
		all[string(v.ID)] = target{name: string(v.ID), item: it, variable: v.ID}
		if v.Moment != "" {
			all[string(v.Row)] = target{name: string(v.Row), item: it, cause: "is asked twice: name " + string(v.Row) + "_then or " + string(v.Row) + "_now"}
		}
	}
	return all
}

// secondNames adds what an item is also called where nothing else is: its id,
// and <name>_other for the words of its "other" choice, as spreadsheets do.
func (d *Definition) secondNames(item *Item, all map[string]target) {
	first, ok := all[item.ReferenceName()]
	if ok && first.item == item && len(first.places) == 1 {
		addIfFree(all, string(item.ID), first)
	} else if own, ok := item.references(d.Languages)[item.ReferenceName()]; ok {
		own.places = []string{whereItem(item)}
		addIfFree(all, string(item.ID), own)
	}
	for _, choice := range item.Choices {
		if choice.Meaning == MeaningOther {
			words := target{name: OtherControl(item.ID), item: item, variable: item.ID, places: []string{whereItem(item)}}
			addIfFree(all, item.ReferenceName()+"_other", words)
			addIfFree(all, OtherControl(item.ID), words)
		}
	}
}

func addIfFree(all map[string]target, name string, r target) {
	if _, taken := all[name]; !taken {
		all[name] = r
	}
}

// wrong says why a name cannot be looked at, "" if it can.
func (r target) wrong(name string) string {
	switch {
	case r.item == nil:
		return "there is no item called " + quoted(name)
	case len(r.places) > 1:
		return quoted(name) + " is the name of " + strings.Join(r.places, " and of ") + ": say which by its id"
	case r.cause != "":
		return quoted(name) + " " + r.cause
	default:
		return ""
	}
}

// pipePattern finds ${name} in words.
var pipePattern = regexp.MustCompile(`\$\{\s*([^{}]*?)\s*\}`)

// piped lists the names that words look at.
func piped(words string) []string {
	if !strings.Contains(words, "${") {
		return nil
	}
	var names []string
	for _, found := range pipePattern.FindAllStringSubmatch(words, -1) {
		names = append(names, found[1])
	}
	return names
}
