package xlsform

import (
	"encoding/json"
	"fmt"
	"slices"

	"soundings/surveys/questionnaire"
)

// complete fills in the column soundings: it reads the workbook as Read would,
// and says beside each row what that does not give.
func (w *writer) complete() error {
	w.sayIDs()
	w.sayLanguages()
	r, err := w.readBack()
	if err != nil {
		return err
	}
	w.sayRows(r)
	if r, err = w.readBack(); err != nil {
		return err
	}
	w.sayPages(r)
	if r, err = w.readBack(); err != nil {
		return err
	}
	derived, actual := r.definition, *w.d
	derived.Parts, actual.Parts = nil, nil
	for field, value := range difference(&derived, &actual) {
		w.sayHead(field, value)
	}
	return nil
}

func (w *writer) sayHead(field string, value json.RawMessage) {
	if w.head == nil {
		w.head = extra{}
	}
	w.head[field] = value
}

// readBack reads the workbook as it is. What Read would refuse is an error.
func (w *writer) readBack() (*reader, error) {
	book := w.book()
	for i := range book.Sheets {
		for j := range book.Sheets[i].Rows {
			cells := book.Sheets[i].Rows[j].Cells
			for k := range cells {
				cells[k].Text = cellText(cells[k].Text)
			}
		}
	}
	r := newReader(book)
	r.read()
	if len(r.refused) > 0 {
		return nil, fmt.Errorf("write as XLSForm: %w", &Refusal{Notices: sorted(r.refused)})
	}
	r.build()
	return r, nil
}

// sayIDs says the ids that names do not give. Those said take ids away from
// others, so it is tried until all are right.
func (w *writer) sayIDs() {
	for again := true; again; {
		again = false
		ids := newAllotment()
		for i := range w.d.Scales {
			ids.taken[w.d.Scales[i].ID] = true
		}
		for _, line := range w.lines {
			if line.extra.id() != "" {
				ids.taken[line.id] = true
			}
		}
		for _, line := range w.lines {
			if !w.takesID(line) || line.extra.id() != "" {
				continue
			}
			if ids.give(line.name) != line.id {
				line.say(extraID, mustJSON(line.id))
				again = true
			}
		}
	}
}

// takesID says whether a row is given an id when it is read.
func (w *writer) takesID(line *outLine) bool {
	return line.name != "" && line.extra["element"] == nil && line.extra[extraOf] == nil
}

func (l *outLine) say(field string, value json.RawMessage) {
	if l.extra == nil {
		l.extra = extra{}
	}
	l.extra[field] = value
}

// sayLanguages says what the words of headings mean where reading them gives
// other languages.
func (w *writer) sayLanguages() {
	r, err := w.readBack()
	if err != nil {
		return // complete reports it
	}
	wanted := map[string]string{}
	wrong := !slices.Equal(r.tongues.list(), w.tags())
	for tag, word := range w.words {
		wanted[word] = tag
		wrong = wrong || r.tongues.tags[word] != tag
	}
	if wrong {
		w.sayHead(extraTags, mustJSON(wanted))
	}
}

// sayRows says what rows do not give of their item, part or group.
func (w *writer) sayRows(r *reader) {
	items := map[questionnaire.ItemID]*questionnaire.Item{}
	parts := map[questionnaire.ItemID]*questionnaire.Part{}
	groups := map[questionnaire.ItemID]*questionnaire.Group{}
	for i := range r.definition.Parts {
		part := &r.definition.Parts[i]
		parts[part.ID] = part
		for j := range part.Items {
			items[part.Items[j].ID] = &part.Items[j]
		}
	}
	for i := range r.definition.Groups {
		groups[r.definition.Groups[i].ID] = &r.definition.Groups[i]
	}
	for _, line := range w.lines {
		var found extra
		switch {
		case line.item != nil && items[line.id] != nil:
			found = difference(items[line.id], line.item)
		case line.part != nil && parts[line.id] != nil:
			derived, actual := *parts[line.id], *line.part
			derived.Items, actual.Items = nil, nil
			found = difference(&derived, &actual)
		case line.group != nil && groups[line.id] != nil:
			found = difference(groups[line.id], line.group)
		}
		for field, value := range found {
			line.say(field, value)
		}
	}
}

// sayPages says where parts begin that no group makes, if reading the rows gives
// others.
func (w *writer) sayPages(r *reader) {
	if samePages(r.definition.Parts, w.d.Parts) {
		return
	}
	begins := map[questionnaire.ItemID]*questionnaire.Part{}
	for i := range w.d.Parts {
		if part := &w.d.Parts[i]; part.Auto && len(part.Items) > 0 {
			begins[part.Items[0].ID] = part
		}
	}
	for _, line := range w.lines {
		if part := begins[line.id]; part != nil && line.item != nil {
			actual := *part
			actual.Items = nil
			line.say(extraPage, mustJSON(difference(&questionnaire.Part{Auto: true}, &actual)))
		}
	}
}

// samePages says whether parts are the same but for what is in their items.
func samePages(a, b []questionnaire.Part) bool {
	return slices.EqualFunc(a, b, func(a, b questionnaire.Part) bool {
		sameItems := slices.EqualFunc(a.Items, b.Items, func(a, b questionnaire.Item) bool { return a.ID == b.ID })
		a.Items, b.Items = nil, nil
		return sameItems && len(difference(&a, &b)) == 0
	})
}
