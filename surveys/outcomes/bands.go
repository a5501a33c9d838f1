package outcomes

import (
	"slices"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Bands says how many of the matched were in which band of a scale before and
// after.
type Bands struct {
	N          int         `json:"n"` // matched people whose scores lie in a band both times
	Suppressed bool        `json:"suppressed,omitempty"`
	Bands      []BandCount `json:"bands"`  // lowest first
	Better     int         `json:"better"` // moved to a better band
	Same       int         `json:"same"`
	Worse      int         `json:"worse"`
}

// BandCount is one band.
type BandCount struct {
	Label  questionnaire.Text `json:"label"`
	Min    float64            `json:"min"`
	Max    float64            `json:"max"`
	Before int                `json:"before"`
	After  int                `json:"after"`
}

// ScaleNote says how a scale is scored and who allows its use.
type ScaleNote struct {
	Scale       questionnaire.ItemID   `json:"scale"`
	Label       questionnaire.Text     `json:"label"`
	Items       []questionnaire.ItemID `json:"items"`
	Reverse     []questionnaire.ItemID `json:"reverse,omitempty"`
	Method      string                 `json:"method"` // mean, sum
	MinAnswered int                    `json:"min_answered"`
	Multiply    float64                `json:"multiply,omitempty"`
	Table       bool                   `json:"table,omitempty"` // the raw score is looked up in a published table
	Min         float64                `json:"min"`             // possible scores
	Max         float64                `json:"max"`
	Direction   string                 `json:"direction,omitempty"`
	Source      string                 `json:"source,omitempty"`
	Licence     string                 `json:"licence,omitempty"`
	Prorated    *int                   `json:"prorated,omitempty"` // scores in which left-out items count as the mean of the others; in no profile
	Flags       []FlagCount            `json:"flags,omitempty"`    // in no profile: for evaluators only
}

// FlagCount is how many responses have an answer that a person should look at.
type FlagCount struct {
	Item    questionnaire.ItemID `json:"item"`
	AtLeast float64              `json:"at_least"`
	Label   questionnaire.Text   `json:"label,omitempty"`
	N       int                  `json:"n"` // responses of all waves, repeats set aside
}

// bandsOf counts the matched by band; nil for what is no scale with bands.
func (p *plan) bandsOf(seen []Observation, r *MeasureResult) *Bands {
	if r.Paired == nil || p.scale == nil || len(p.scale.Bands) == 0 {
		return nil
	}
	b := &Bands{Bands: make([]BandCount, len(p.scale.Bands))}
	for i, band := range p.scale.Bands {
		b.Bands[i] = BandCount{Label: band.Label, Min: band.Min, Max: band.Max}
	}
	for _, o := range seen {
		before, after := p.bandOf(o.Pre), p.bandOf(o.Post)
		if before < 0 || after < 0 {
			continue
		}
		b.N++
		b.Bands[before].Before++
		b.Bands[after].After++
		switch gain := p.params.sign() * float64(after-before); {
		case gain > 0:
			b.Better++
		case gain < 0:
			b.Worse++
		default:
			b.Same++
		}
	}
	return b
}

// bandOf is the place of a score's band, -1 if it has none.
func (p *plan) bandOf(score Number) int {
	if !score.OK {
		return -1
	}
	band, ok := p.scale.Band(score.V)
	if !ok {
		return -1
	}
	return slices.IndexFunc(p.scale.Bands, func(one questionnaire.Band) bool { return one.Min == band.Min && one.Max == band.Max })
}

// scaleNotes says of each scale how it is scored, and counts what a person should
// look at.
func scaleNotes(d *surveys.Dataset, data *gathered, who *people) []ScaleNote {
	scales := d.Latest.Version().Definition.Scales
	notes := make([]ScaleNote, len(scales))
	for i := range scales {
		s := &scales[i]
		low, high := s.Range(d.Latest.Scale)
		notes[i] = ScaleNote{
			Scale: s.ID, Label: s.Label, Items: s.Variables(d.Latest.Scale), Reverse: s.Reverse, Method: s.Method, MinAnswered: s.MinAnswered,
			Multiply: s.Multiply, Table: len(s.Table) > 0, Min: low, Max: high, Direction: s.Direction, Source: s.Source, Licence: s.Licence,
		}
		prorated := 0
		source := scaleOf(d.Latest, s, data.answers)
		for entry := range data.entries {
			if who.repeat[entry] {
				continue
			}
			if _, filled := ScoreScale(source.items(data.answers, data.entries[entry].row), *source.spec); filled {
				prorated++
			}
		}
		notes[i].Prorated = &prorated
		for _, flag := range s.Flags {
			notes[i].Flags = append(notes[i].Flags, FlagCount{Item: flag.Item, AtLeast: flag.AtLeast, Label: flag.Label, N: flagged(data, who, flag)})
		}
	}
	return notes
}

// flagged counts the responses whose answer to an item reaches a number.
func flagged(data *gathered, who *people, flag questionnaire.ScoreFlag) int {
	column, ok := data.answers.index[flag.Item]
	if !ok {
		return 0
	}
	n := 0
	for i := range data.entries {
		if v := data.answers.value(data.entries[i].row, column); !who.repeat[i] && v.OK && v.V >= flag.AtLeast {
			n++
		}
	}
	return n
}
