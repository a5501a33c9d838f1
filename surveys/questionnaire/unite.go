package questionnaire

import (
	"fmt"
	"slices"
)

// Unite returns one instrument that has what variants of a questionnaire have
// together: all of the first, then the items, rows, scales and measures that only
// others have, by id. It is for reading answers and working out results, not for
// asking: conditions are left out of what is added. Of one instrument it returns
// that. Variants are to agree in what they share; see Disagreements.
func Unite(variants ...*Instrument) (*Instrument, error) {
	if len(variants) == 0 {
		return nil, fmt.Errorf("unite: no questionnaire")
	}
	if len(variants) == 1 {
		return variants[0], nil
	}
	first := variants[0].Version()
	d := first.Definition.Clone()
	for _, other := range variants[1:] {
		d.unite(other.Version().Definition.Clone())
	}
	united, err := Compile(Version{Questionnaire: first.Questionnaire, Number: first.Number, Definition: d, Published: first.Published})
	if err != nil {
		return nil, fmt.Errorf("unite %s: %w", first.Questionnaire, err)
	}
	return united, nil
}

// unite adds what d lacks of other.
func (d *Definition) unite(other Definition) {
	for _, part := range other.Parts {
		d.unitePart(part)
	}
	taken := d.Names()
	for _, scale := range other.Scales {
		if !taken[scale.ID] {
			d.Scales = append(d.Scales, scale)
		}
	}
	for _, measure := range other.Measures { // which may be called as what they are of
		if !slices.ContainsFunc(d.Measures, func(known Measure) bool { return known.ID == measure.ID }) {
			d.Measures = append(d.Measures, measure)
		}
	}
}

// unitePart adds the items of part that d lacks, in a part of their own since they
// are asked at its waves, and the rows that d's batteries lack.
func (d *Definition) unitePart(part Part) {
	taken := d.Names()
	added := Part{ID: FreeID(part.ID, taken), Title: part.Title, Waves: part.Waves}
	for _, item := range part.Items {
		if known := d.item(item.ID); known != nil {
			known.uniteRows(item, taken)
			continue
		}
		if taken[item.ID] || item.Kind == KindLinkageCode {
			continue
		}
		item.Rows = slices.DeleteFunc(item.Rows, func(r Row) bool { return taken[r.ID] })
		added.Items = append(added.Items, unconditional(item))
	}
	if len(added.Items) > 0 {
		d.Parts = append(d.Parts, added)
	}
}

// item returns the item of d with that id, nil if there is none.
func (d *Definition) item(id ItemID) *Item {
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			if d.Parts[i].Items[j].ID == id {
				return &d.Parts[i].Items[j]
			}
		}
	}
	return nil
}

func (it *Item) uniteRows(other Item, taken map[ItemID]bool) {
	for _, row := range other.Rows {
		if it.Kind == other.Kind && !taken[row.ID] {
			it.Rows = append(it.Rows, row)
		}
	}
}

// unconditional is item without what refers to others.
func unconditional(item Item) Item {
	item.Relevant, item.RequiredIf, item.ReadOnly, item.Filter, item.Group, item.Name = "", "", "", "", "", ""
	item.Constraint, item.Calculation, item.Default = "", "", ""
	return item
}
