package questionnaire

import (
	"reflect"
	"slices"

	"soundings/surveys/expression"
)

// Renamed returns d with items and rows called by other ids, and with all that
// refers to them following: scales, measures, flags, consents, expressions, and
// ${…} in texts. ids goes from the id before to the one now. A name that a
// spreadsheet gave stays, and so does what refers to it.
func (d Definition) Renamed(ids map[ItemID]ItemID) Definition {
	r := renamer{}
	for from, to := range ids {
		r[from] = to
	}
	d = d.Clone()
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			r.addMoments(&d.Parts[i].Items[j], ids)
		}
	}
	for i := range d.Parts {
		part := &d.Parts[i]
		part.Relevant = r.expression(part.Relevant)
		for j := range part.Items {
			r.item(&part.Items[j])
		}
	}
	d.Groups = slices.Clone(d.Groups)
	for i := range d.Groups {
		d.Groups[i].Relevant = r.expression(d.Groups[i].Relevant)
	}
	for i := range d.Scales {
		r.scale(&d.Scales[i])
	}
	for i := range d.Measures {
		d.Measures[i].Of = r.id(d.Measures[i].Of)
		d.Measures[i].Before = r.id(d.Measures[i].Before)
	}
	r.texts(reflect.ValueOf(&d).Elem())
	return d
}

// renamer goes from an id to the one it becomes; variables are in it.
type renamer map[ItemID]ItemID

// addMoments adds the two variables of each row of a then-and-now battery.
func (r renamer) addMoments(item *Item, ids map[ItemID]ItemID) {
	if item.Kind != KindThenNow {
		return
	}
	for _, row := range item.Rows {
		if to, ok := ids[row.ID]; ok {
			r[MomentID(row.ID, MomentThen)], r[MomentID(row.ID, MomentNow)] = MomentID(to, MomentThen), MomentID(to, MomentNow)
		}
	}
}

func (r renamer) id(id ItemID) ItemID {
	if to, ok := r[id]; ok {
		return to
	}
	return id
}

func (r renamer) all(ids []ItemID) []ItemID {
	ids = slices.Clone(ids)
	for i := range ids {
		ids[i] = r.id(ids[i])
	}
	return ids
}

func (r renamer) expression(source string) string {
	if source == "" {
		return ""
	}
	return expression.RenameSource(source, func(name string) string { return string(r.id(ItemID(name))) })
}

func (r renamer) item(item *Item) {
	item.ID, item.Consent = r.id(item.ID), r.id(item.Consent)
	for i := range item.Rows {
		item.Rows[i].ID = r.id(item.Rows[i].ID)
	}
	for _, source := range []*string{&item.Relevant, &item.RequiredIf, &item.Constraint, &item.Calculation, &item.ReadOnly, &item.Filter} {
		*source = r.expression(*source)
	}
	if expression.Dynamic(item.Default) {
		item.Default = r.expression(item.Default)
	}
}

func (r renamer) scale(scale *Scale) {
	scale.Items, scale.Reverse = r.all(scale.Items), r.all(scale.Reverse)
	scale.Flags = slices.Clone(scale.Flags)
	for i := range scale.Flags {
		scale.Flags[i].Item = r.id(scale.Flags[i].Item)
	}
}

// texts renames the references in every text of v, which can be set.
func (r renamer) texts(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[Text]():
		r.text(v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			r.texts(v.Field(i))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			r.texts(v.Index(i))
		}
	}
}

// text sets a renamed copy where a text has references.
func (r renamer) text(v reflect.Value) {
	before, _ := v.Interface().(Text)
	var after Text
	for tag, words := range before {
		renamed := reference.ReplaceAllStringFunc(words, func(found string) string {
			name := reference.FindStringSubmatch(found)[1]
			if to, ok := r[ItemID(name)]; ok {
				return "${" + string(to) + "}"
			}
			return found
		})
		if renamed == words {
			continue
		}
		if after == nil {
			after = Text{}
			for tag, words := range before {
				after[tag] = words
			}
		}
		after[tag] = renamed
	}
	if after != nil {
		v.Set(reflect.ValueOf(after))
	}
}
