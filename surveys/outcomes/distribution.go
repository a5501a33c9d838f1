package outcomes

import "soundings/surveys/questionnaire"

// occasion is one time a variable was answered.
type occasion struct {
	when     string
	variable questionnaire.ItemID
	entry    func(person) int
}

func entryBefore(p person) int { return p.pre }
func entryAfter(p person) int  { return p.post }

// distributions counts the choices of the variables of the measure that have any.
// Each is counted among the people who answered it on all its occasions, so that
// the bars of before and after stand for the same people.
func (p *plan) distributions(data *gathered, who *people) []Distribution {
	var all []Distribution
	for _, occasions := range p.occasions() {
		all = append(all, spread(data, p.among(data, who), occasions)...)
	}
	return all
}

// among lists the people that count: all, or those whose response was at the
// only wave.
func (p *plan) among(data *gathered, who *people) []person {
	if p.compare != once {
		return who.persons
	}
	var there []person
	for i := range data.entries {
		if data.entries[i].wave == p.wave && !who.repeat[i] {
			there = append(there, person{nobody, i})
		}
	}
	return there
}

// occasions lists what is counted together.
func (p *plan) occasions() [][]occasion {
	if p.compare == thenNow {
		return [][]occasion{{
			{string(questionnaire.MomentThen), p.variables[0], entryAfter},
			{string(questionnaire.MomentNow), p.variables[1], entryAfter},
		}}
	}
	var all [][]occasion
	for _, v := range p.variables {
		if p.compare == once {
			all = append(all, []occasion{{string(p.wave), v, entryAfter}})
			continue
		}
		if p.compare == apart {
			all = append(all, []occasion{{string(questionnaire.WavePre), v, entryBefore}}, []occasion{{string(questionnaire.WavePost), v, entryAfter}})
			continue
		}
		all = append(all, []occasion{
			{string(questionnaire.WavePre), v, entryBefore},
			{string(questionnaire.WavePost), v, entryAfter},
		})
	}
	return all
}

// spread counts the levels chosen on each of the occasions.
func spread(data *gathered, among []person, occasions []occasion) []Distribution {
	t := data.answers
	counts := make([][]int, len(occasions))
	for i, o := range occasions {
		counts[i] = make([]int, len(t.columns[t.index[o.variable]].levels))
	}
	n, cells := 0, make([]uint32, len(occasions))
	for _, one := range among {
		if !t.levelsOf(data, one, occasions, cells) {
			continue
		}
		n++
		for i, l := range cells {
			counts[i][l]++
		}
	}
	var all []Distribution
	for i, o := range occasions {
		c := &t.columns[t.index[o.variable]]
		if bars := c.bars(counts[i]); len(bars) > 0 {
			all = append(all, Distribution{Variable: o.variable, Label: c.variable.Label, When: o.when, N: n, Choices: bars})
		}
	}
	return all
}

// levelsOf fills cells with what a person chose on each occasion; false if
// nothing was on one of them.
func (t *answerTable) levelsOf(data *gathered, one person, occasions []occasion, cells []uint32) bool {
	for i, o := range occasions {
		entry := o.entry(one)
		if entry == nobody {
			return false
		}
		cells[i] = t.cells[data.entries[entry].row*len(t.columns)+t.index[o.variable]]
		if cells[i] == 0 {
			return false
		}
	}
	return true
}

// bars turns the counts of levels into those of choices: the ordinary ones of the
// newest version in its order, whoever chose them, then those that only older
// versions have. A number has none, but for the points of a scale.
func (c *column) bars(counts []int) []ChoiceCount {
	if c.variable.IsScale() {
		return c.pointBars(counts)
	}
	var bars []ChoiceCount
	index := map[string]int{}
	for i := range c.variable.Choices {
		choice := &c.variable.Choices[i]
		if choice.Meaning.Missing() == questionnaire.Answered {
			index[choice.Code] = len(bars)
			bars = append(bars, ChoiceCount{Code: choice.Code, Label: choice.Label, Score: choice.Score})
		}
	}
	for l, n := range counts {
		code := c.levels[l].code
		if n == 0 || code == "" {
			continue
		}
		if _, ok := index[code]; !ok {
			index[code] = len(bars)
			bars = append(bars, ChoiceCount{Code: code, Label: questionnaire.Text{}, Score: c.levels[l].value.pointer()})
		}
		bars[index[code]].N += n
	}
	return bars
}

// pointer returns the number, nil if there is none.
func (n Number) pointer() *float64 {
	if !n.OK {
		return nil
	}
	return &n.V
}

// pointBars returns the bars of a scale, one a point, labelled by its words or its
// digits. A point that only older versions have gets no bar.
func (c *column) pointBars(counts []int) []ChoiceCount {
	points := c.variable.Points()
	bars := make([]ChoiceCount, len(points))
	index := make(map[float64]int, len(points))
	for i, point := range points {
		bars[i] = ChoiceCount{Code: point.Code, Label: point.Label, Score: point.Score}
		index[*point.Score] = i
	}
	for l, n := range counts {
		if i, ok := index[c.levels[l].value.V]; ok && c.levels[l].value.OK {
			bars[i].N += n
		}
	}
	return bars
}
