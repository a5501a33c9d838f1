package outcomes

import "soundings/surveys/questionnaire"

// LaterResult compares the answers of a third wave with earlier ones of the same
// people: a paired result with its own base, beside the main one.
type LaterResult struct {
	From questionnaire.Wave `json:"from"` // pre or post
	To   questionnaire.Wave `json:"to"`   // follow_up
	Result
}

// Contrast is one of the three comparisons where people were asked before, and
// afterwards how it was then and how it is now. They are never mixed: each is
// labelled by what it sets against what.
//
// Source: response shift, Howard (1980), Evaluation Review 4:93: then - pre is how
// far people judge their beginning otherwise afterwards.
type Contrast struct {
	Name  string             `json:"name"` // "post-pre", "post-then", "then-pre"
	Label questionnaire.Text `json:"label"`
	Result
}

// ContrastWords says what a contrast sets against what.
func ContrastWords(name string) string {
	switch name {
	case "post-pre":
		return "measured before and after"
	case "post-then":
		return "rated afterwards from memory"
	case "then-pre":
		return "how far people judge their beginning otherwise afterwards"
	}
	return name
}

// later compares the follow-up with what the same people said before and after. Who
// answered nothing else counts in its base only.
func (p *plan) later(in *questionnaire.Instrument, data *gathered, who *people) []LaterResult {
	if p.compare != prePost || who.later == nil || !askedAt(in, p.variables, questionnaire.WaveFollowUp) {
		return nil
	}
	var results []LaterResult
	for _, from := range []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost} {
		results = append(results, LaterResult{From: from, To: questionnaire.WaveFollowUp, Result: p.figures(p.observeLater(data, who, from))})
	}
	return results
}

// observeLater scores everyone at an earlier wave and at the follow-up.
func (p *plan) observeLater(data *gathered, who *people, from questionnaire.Wave) []Observation {
	var seen []Observation
	for _, one := range who.persons {
		var v Observation
		first := one.pre
		if from == questionnaire.WavePost {
			first = one.post
		}
		if first != nobody {
			v.Pre = p.pre.score(data.answers, data.entries[first].row)
		}
		if last, ok := who.later[one.entry()]; ok {
			v.Post = p.post.score(data.answers, data.entries[last].row)
		}
		seen = append(seen, v)
	}
	for i := range data.entries {
		if e := &data.entries[i]; e.wave == questionnaire.WaveFollowUp && who.belongs[i] == i && !who.repeat[i] {
			seen = append(seen, Observation{Post: p.post.score(data.answers, e.row)})
		}
	}
	return seen
}

// contrasts compares what was asked before with what was rated afterwards from
// memory, three ways; nil where only one of them was.
func (p *plan) contrasts(data *gathered, who *people) []Contrast {
	if p.compare != thenNow || p.before == nil || who.met == nil {
		return nil
	}
	score := func(s source, entry int) Number {
		if entry == nobody {
			return Number{}
		}
		return s.score(data.answers, data.entries[entry].row)
	}
	named := []string{"post-pre", "post-then", "then-pre"}
	seen := make([][]Observation, len(named))
	for _, one := range who.persons {
		pre, then, now := score(*p.before, one.pre), score(p.pre, one.post), score(p.post, one.post)
		for i, o := range []Observation{{Pre: pre, Post: now}, {Pre: then, Post: now}, {Pre: pre, Post: then}} {
			seen[i] = append(seen[i], o)
		}
	}
	all := make([]Contrast, len(named))
	for i, name := range named {
		all[i] = Contrast{Name: name, Label: p.label, Result: p.figures(seen[i])}
	}
	return all
}
