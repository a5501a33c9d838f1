package surveys

import (
	"context"
	"slices"
	"sync"

	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
)

// watcher marks answers as a programme's Lookout says.
type watcher struct {
	number int
	finder *concerns.Finder
	rules  []ConcernRule
	off    []questionnaire.ItemID
}

// mark is why an answer may be a disclosure: signs in its words, or a rule.
type mark struct {
	variable questionnaire.ItemID
	label    questionnaire.Text
	signs    []concerns.Sign
	rule     questionnaire.Text // nil: words
	aside    bool               // the item left the path afterwards
}

// urgency orders marks: more is sooner. A choice that a rule names comes first.
func (m mark) urgency() int {
	if m.rule != nil {
		return ruleUrgency
	}
	return max(1, concerns.Score(m.signs))
}

// ruleUrgency is above every score of words.
const ruleUrgency = 1000

// find marks the words of a text.
func (w *watcher) find(text, language string) []concerns.Sign { return w.finder.Find(text, language) }

// flags are the choices of r that a scale or a rule names, each once, with the words
// of why.
func (w *watcher) flags(in *questionnaire.Instrument, r *Response) []mark {
	var all []mark
	add := func(item questionnaire.ItemID, label questionnaire.Text) {
		v, known := in.Variable(item)
		if !known || slices.ContainsFunc(all, func(m mark) bool { return m.variable == item }) {
			return
		}
		if label == nil {
			label = questionnaire.Text{}
		}
		all = append(all, mark{variable: item, label: v.Label, rule: label})
	}
	for _, scale := range in.Version().Definition.Scales {
		for _, flag := range scale.Flags {
			if value, has := in.Value(flag.Item, r.Answers[flag.Item]); has && value >= flag.AtLeast && !slices.Contains(w.off, flag.Item) {
				add(flag.Item, flag.Label)
			}
		}
	}
	for _, rule := range w.rules {
		if (rule.Strand == "" || rule.Strand == r.Strand) && rule.marks(in, r) {
			add(rule.Item, labelOfRule(rule))
		}
	}
	return all
}

func labelOfRule(rule ConcernRule) questionnaire.Text {
	if rule.Label == "" {
		return nil
	}
	return questionnaire.Text{"en": rule.Label}
}

// marks reports whether r answers as the rule says.
func (rule ConcernRule) marks(in *questionnaire.Instrument, r *Response) bool {
	a, given := r.Answers[rule.Item]
	if !given || a.Missing != questionnaire.Answered {
		return false
	}
	chosen := append(slices.Clone(a.Choices), a.Choice)
	if slices.ContainsFunc(rule.Codes, func(code string) bool { return slices.Contains(chosen, code) }) {
		return true
	}
	value, has := in.Value(rule.Item, a)
	return rule.AtLeast != nil && has && value >= *rule.AtLeast
}

// marks are all of one response, of words set aside too: they were written.
func (w *watcher) marks(in *questionnaire.Instrument, r *Response) []mark {
	var all []mark
	for i := range in.Variables() {
		v := &in.Variables()[i]
		for _, aside := range []bool{false, true} {
			answers := r.Answers
			if aside {
				answers = r.Aside
			}
			written := v.Written(answers[v.ID])
			if written == "" {
				continue
			}
			if signs := w.find(written, r.Language); len(signs) > 0 {
				all = append(all, mark{variable: v.ID, label: v.Label, signs: signs, aside: aside})
				break
			}
		}
	}
	return append(all, w.flags(in, r)...)
}

// writes reports whether r has words of its respondent.
func writes(in *questionnaire.Instrument, r *Response) bool {
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if v.Written(r.Answers[v.ID]) != "" || v.Written(r.Aside[v.ID]) != "" {
			return true
		}
	}
	return false
}

// watchers keeps the newest watcher of each programme, by number: making one reads
// lists of hundreds of lines.
type watchers struct {
	mu   sync.Mutex
	made map[ProgrammeID]*watcher
}

// watcher is what a programme looks out for now.
func (s *Service) watcher(ctx context.Context, programme ProgrammeID) (*watcher, error) {
	all, err := s.lookouts(ctx, programme)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return &watcher{}, nil
	}
	newest := all[0]
	s.cache.watchers.mu.Lock()
	defer s.cache.watchers.mu.Unlock()
	if made := s.cache.watchers.made[programme]; made != nil && made.number == newest.Number {
		return made, nil
	}
	made := &watcher{newest.Number, finderOf(newest.Words), newest.Rules, newest.Off}
	if s.cache.watchers.made == nil || len(s.cache.watchers.made) >= cacheSize {
		s.cache.watchers.made = map[ProgrammeID]*watcher{}
	}
	s.cache.watchers.made[programme] = made
	return made, nil
}

// finderOf makes the finder of words that were checked when they were saved. A program
// of a later version may have other lists: rather all of them than a line too few.
func finderOf(words map[string]concerns.Change) *concerns.Finder {
	finder, err := concerns.NewFinder(words)
	if err == nil {
		return finder
	}
	added := map[string]concerns.Change{}
	for language, c := range words {
		added[language] = concerns.Change{Add: c.Add}
	}
	if finder, err = concerns.NewFinder(added); err != nil {
		return nil
	}
	return finder
}
