package exports

import (
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// reliability adds the appendix of scales: how well the items of each hang together,
// over everyone, at each wave. Without a scale it says so in its one row.
func (b *book) reliability() error {
	p := b.page(sheetReliability, tabRead, []column{
		{"Scale", 34, lookStrong}, {"When", 12, lookText}, {"Item", 54, lookText}, {"People who answered every item", 16, lookNumber(asCount)},
		{headAlpha, 10, lookNumber(asHundreds)}, {"Alpha 95% CI from", 12, lookNumber(asHundreds)}, {"Alpha 95% CI to", 12, lookNumber(asHundreds)},
		{"Item and rest", 12, lookNumber(asHundreds)}, {"Alpha without it", 12, lookNumber(asHundreds)}, {"Why empty", 44, lookText},
	})
	p.title("Reliability", "One table. For each scale a row of the whole, then one for each of its items, turned so that more is more of the scale. "+alphaNote,
		"“Item and rest” is the correlation of an item with the sum of the others: below about 0.3 it measures something else. “Alpha without it” above the scale's alpha says the same.")
	var rows [][]any
	for i := range b.report.Reliable {
		rows = append(rows, b.scaleRows(&b.report.Reliable[i])...)
	}
	if len(rows) == 0 {
		rows = [][]any{{"No scale", nil, nil, nil, nil, nil, nil, nil, nil, "The questionnaire has no scale of several items"}}
	}
	p.repeated(p.table("Reliability", rows))
	return p.finish()
}

// scaleRows are the rows of one scale at one wave.
func (b *book) scaleRows(s *outcomes.ScaleReliability) [][]any {
	scale, when, w := wording(s.Label, b.options.Language), occasionName(s.Wave), &why{}
	rows := [][]any{{scale, when, strong("The whole scale"), s.NComplete, w.take("alpha", s.Alpha), w.take("CI", s.CI.Low), w.take("CI", s.CI.High), nil, nil, w.String()}}
	for i, id := range s.Items {
		w := &why{}
		rows = append(rows, []any{scale, when, b.itemName(id), s.NComplete, nil, nil, nil,
			w.take("item and rest", s.ItemRestR[i]), w.take("alpha without it", s.IfDropped[i]), w.String()})
	}
	return rows
}

// itemName is the question of a variable in words.
func (b *book) itemName(id questionnaire.ItemID) string {
	if v, ok := b.data.Latest.Variable(id); ok {
		return wording(v.Label, b.options.Language)
	}
	return string(id)
}

// occasionName is a wave or a moment in words.
func occasionName(when string) string {
	switch questionnaire.Moment(when) {
	case questionnaire.MomentThen:
		return "Then, from memory"
	case questionnaire.MomentNow:
		return "Now"
	}
	return waveName(questionnaire.Wave(when))
}
