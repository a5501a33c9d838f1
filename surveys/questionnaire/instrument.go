package questionnaire

import (
	"fmt"
	"slices"
)

// Instrument is a Version made ready for use: its variables worked out and
// everything found by id without a search. It never changes, so that one may
// be kept and used by any number of goroutines; what its methods return is
// shared and must not be changed.
type Instrument struct {
	version   Version
	variables []Variable
	parts     map[ItemID]partIndex
	items     map[ItemID]*Item
	homes     map[ItemID]*Part  // of items
	groups    map[ItemID]ItemID // the group that a group lies in
	byID      map[ItemID]*Variable
	scales    map[ItemID]*Scale
	measures  map[ItemID]*Measure
	logic     *logic // nil: nothing depends on answers, clock or link
}

// partIndex says where the variables of a part are: [from, to).
type partIndex struct {
	part     *Part
	from, to int
}

// Compile makes an Instrument of a deep copy of v.
//
// It refuses only what it cannot work with: an unknown kind of item, an id used
// twice, and an expression that cannot be read or looks at what is not there. It
// does not call Definition.Check, whose rules may have become stricter since v
// was published; Publish does.
func Compile(v Version) (*Instrument, error) { return compile(v, false) }

// Sketch makes an Instrument of a definition that is still being written, for
// looking at: expressions that cannot be used are left out, so that what they
// decide about is shown. It refuses an unknown kind of item and an id used twice.
func Sketch(def Definition) (*Instrument, error) {
	return compile(Version{Questionnaire: "sketch", Number: 1, Definition: def}, true)
}

func compile(v Version, lenient bool) (*Instrument, error) {
	v.Definition = v.Definition.Clone()
	in := &Instrument{
		version: v, parts: map[ItemID]partIndex{}, items: map[ItemID]*Item{}, homes: map[ItemID]*Part{}, groups: map[ItemID]ItemID{},
		byID: map[ItemID]*Variable{}, scales: map[ItemID]*Scale{}, measures: map[ItemID]*Measure{},
	}
	for i := range v.Definition.Parts {
		if err := in.addPart(&v.Definition.Parts[i]); err != nil {
			return nil, fmt.Errorf("compile %s version %d: %w", v.Questionnaire, v.Number, err)
		}
	}
	if err := in.index(); err != nil {
		return nil, fmt.Errorf("compile %s version %d: %w", v.Questionnaire, v.Number, err)
	}
	if err := in.compileLogic(lenient); err != nil {
		return nil, fmt.Errorf("compile %s version %d: %w", v.Questionnaire, v.Number, err)
	}
	return in, nil
}

// index makes variables, scales, measures and groups known by id.
func (in *Instrument) index() error {
	d := &in.version.Definition
	for i := range in.variables {
		variable := &in.variables[i]
		if _, ok := in.byID[variable.ID]; ok {
			return fmt.Errorf("variable %q twice", variable.ID)
		}
		in.byID[variable.ID] = variable
	}
	for i := range d.Scales {
		in.scales[d.Scales[i].ID] = &d.Scales[i]
	}
	for i := range d.Measures {
		in.measures[d.Measures[i].ID] = &d.Measures[i]
	}
	for i := range d.Groups {
		in.groups[d.Groups[i].ID] = d.Groups[i].In
	}
	in.nameColumns()
	return nil
}

func (in *Instrument) addPart(part *Part) error {
	if _, ok := in.parts[part.ID]; ok {
		return fmt.Errorf("part %q twice", part.ID)
	}
	from := len(in.variables)
	for i := range part.Items {
		item := &part.Items[i]
		if _, ok := in.items[item.ID]; ok {
			return fmt.Errorf("item %q twice", item.ID)
		}
		in.items[item.ID], in.homes[item.ID] = item, part
		variables, err := item.variables(part, in.version.Definition.Languages)
		if err != nil {
			return fmt.Errorf("item %q: %w", item.ID, err)
		}
		in.variables = append(in.variables, variables...)
	}
	in.parts[part.ID] = partIndex{part: part, from: from, to: len(in.variables)}
	return nil
}

// variables are the variables of an item of part, complete.
func (it *Item) variables(part *Part, languages []string) ([]Variable, error) {
	behaviour, err := behaviourOf(it.Kind)
	if err != nil {
		return nil, err
	}
	variables := behaviour.variables(it, languages)
	for i := range variables {
		v := &variables[i]
		v.Item, v.Kind, v.Part, v.Waves = it, it.Kind, part.ID, part.wavesOf(it)
		v.behaviour, v.languages, v.codes = behaviour, languages, codesOf(v.Choices)
	}
	return variables, nil
}

// Version returns the version that was compiled.
func (in *Instrument) Version() *Version { return &in.version }

// Variables lists all variables in the order of the form, which is the order
// of every export.
func (in *Instrument) Variables() []Variable { return in.variables }

// Variable returns the variable with this id.
func (in *Instrument) Variable(id ItemID) (*Variable, bool) {
	v, ok := in.byID[id]
	return v, ok
}

// Item returns the item with this id; rows and variables are not items.
func (in *Instrument) Item(id ItemID) (*Item, bool) {
	item, ok := in.items[id]
	return item, ok
}

// Part returns the part with this id.
func (in *Instrument) Part(id ItemID) (*Part, bool) {
	index, ok := in.parts[id]
	return index.part, ok
}

// Scale returns the scale with this id.
func (in *Instrument) Scale(id ItemID) (*Scale, bool) {
	scale, ok := in.scales[id]
	return scale, ok
}

// Measure returns the measure with this id.
func (in *Instrument) Measure(id ItemID) (*Measure, bool) {
	measure, ok := in.measures[id]
	return measure, ok
}

// PartsAt lists the parts of which something is asked or shown at wave.
func (in *Instrument) PartsAt(wave Wave) []*Part {
	var parts []*Part
	for i := range in.version.Definition.Parts {
		part := &in.version.Definition.Parts[i]
		if len(part.ItemsAt(wave)) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// LinkageCode returns the item that asks for a linkage code at wave.
func (in *Instrument) LinkageCode(wave Wave) (*Item, bool) {
	for _, part := range in.PartsAt(wave) {
		for _, item := range part.ItemsAt(wave) {
			if item.Kind == KindLinkageCode {
				return item, true
			}
		}
	}
	return nil, false
}

// Value is Variable.Value by id; a variable that does not exist has no value.
// Where many answers are read, look the variable up once.
func (in *Instrument) Value(variable ItemID, a Answer) (float64, bool) {
	v, ok := in.byID[variable]
	if !ok {
		return 0, false
	}
	return v.Value(a)
}

// Show is Variable.Show by id; a variable that does not exist shows "".
func (in *Instrument) Show(variable ItemID, a Answer, lang string) string {
	v, ok := in.byID[variable]
	if !ok {
		return ""
	}
	return v.Show(a, lang)
}

// Raw returns the controls of a form that is opened again with answers in it.
func (in *Instrument) Raw(answers Answers) Raw {
	raw := Raw{}
	for i := range in.variables {
		answer, ok := answers[in.variables[i].ID]
		if !ok {
			continue
		}
		for control, values := range in.variables[i].Raw(answer) {
			raw[control] = values
		}
	}
	return raw
}

// ItemsAt lists the items of the part that are asked or shown at wave.
func (p *Part) ItemsAt(wave Wave) []*Item {
	var items []*Item
	for i := range p.Items {
		if at(p.Waves, wave) && at(p.Items[i].Waves, wave) {
			items = append(items, &p.Items[i])
		}
	}
	return items
}

func at(waves []Wave, wave Wave) bool { return len(waves) == 0 || slices.Contains(waves, wave) }

// wavesOf are the waves at which both the part and the item are asked; nil
// means every wave.
func (p *Part) wavesOf(item *Item) []Wave {
	if len(p.Waves) == 0 || len(item.Waves) == 0 {
		return append(slices.Clone(p.Waves), item.Waves...)
	}
	waves := []Wave{}
	for _, wave := range item.Waves {
		if slices.Contains(p.Waves, wave) {
			waves = append(waves, wave)
		}
	}
	return waves
}
