package questionnaire

import "slices"

// Media lists the ids of the pictures and recordings that d names, each once, in
// the order of the form.
func (d Definition) Media() []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			add(item.Picture)
			for _, language := range d.Languages {
				add(item.Audio[language])
			}
			for _, choice := range item.Choices {
				add(choice.Picture)
			}
		}
	}
	return ids
}

// NamesMedium reports whether d names a picture or recording.
func (d Definition) NamesMedium(id string) bool { return slices.Contains(d.Media(), id) }
