package exports

import (
	"cmp"
	"slices"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// Rows and columns stand in the order in which the questionnaire's versions brought
// them: what the first version had, in its order, then what each later one added.
// So a column that was there in one quarter is at the same place in the next,
// whatever was put between two questions since, and whatever data there is.

// formsInOrder lists the places in Dataset.Instruments by publication.
func formsInOrder(d *surveys.Dataset) []int {
	order := make([]int, len(d.Instruments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return d.Instruments[a].Version().Published.Compare(d.Instruments[b].Version().Published)
	})
	return order
}

// ranks numbers what each form lists, in the order in which it first came.
func ranks(d *surveys.Dataset, list func(*questionnaire.Instrument) []questionnaire.ItemID) map[questionnaire.ItemID]int {
	rank := map[questionnaire.ItemID]int{}
	for _, n := range formsInOrder(d) {
		for _, id := range list(d.Instruments[n]) {
			if _, known := rank[id]; !known {
				rank[id] = len(rank)
			}
		}
	}
	return rank
}

func measureIDs(in *questionnaire.Instrument) (ids []questionnaire.ItemID) {
	for _, m := range in.Version().Definition.Measures {
		ids = append(ids, m.ID)
	}
	return ids
}

func variableIDs(in *questionnaire.Instrument) (ids []questionnaire.ItemID) {
	for i := range in.Variables() {
		ids = append(ids, in.Variables()[i].ID)
	}
	return ids
}

// measures lists the places in the report's measures in the order in which they came.
func (b *book) measures() []int {
	rank := ranks(b.data, measureIDs)
	order := make([]int, len(b.report.Measures))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(rank[b.report.Measures[i].ID], rank[b.report.Measures[j].ID])
	})
	return order
}

// once reports whether m is measured at one wave only.
func once(m *outcomes.MeasureResult) bool { return m.Wave != "" }
