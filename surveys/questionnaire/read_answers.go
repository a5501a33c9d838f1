package questionnaire

import (
	"maps"
	"slices"
	"strings"
)

// Read gives meaning to the posted controls of parts (none given: of all parts):
// the way of ParseAnswers through relevance, required-if, constraint, choice
// filter and calculation. before is everything read so far, answers and aside
// together (nil: nothing).
//
// Answers is the whole state after that: before, changed by these parts, on the
// path as it is now; all calculated and hidden values; NotAsked for what is off
// the path. Aside has what was typed and is off the path: given back in before it
// is an answer again when its item is on the path again. The errors are those of
// these parts, in the order of the form; what has an error is in neither result.
func (in *Instrument) Read(sit Sitting, parts []ItemID, raw Raw, before Answers) (answers, aside Answers, errs FieldErrors) {
	if in.logic == nil && !sit.Paper {
		answers, aside, errs = in.ParseAnswers(sit.Wave, parts, raw)
		return in.over(sit.Wave, before, answers, aside, errs)
	}
	r := reading{in: in, typed: Answers{}, posted: map[ItemID]bool{}, failed: map[ItemID]*FieldError{}, paper: sit.Paper}
	for id, a := range before {
		if a.Missing != NotAsked {
			r.typed[id] = a
		}
	}
	for _, v := range in.variablesOf(parts) {
		r.posted[v.ID] = true
		r.parse(v, raw)
	}
	r.path = in.Walk(sit, r.typed)
	r.answers, r.aside = make(Answers, len(in.variables)), Answers{}
	for i := range in.variables {
		r.place(&in.variables[i])
	}
	return r.answers, r.aside, r.errs
}

// over adds what was read before and is not read anew, where no logic decides.
func (in *Instrument) over(wave Wave, before, answers, aside Answers, errs FieldErrors) (Answers, Answers, FieldErrors) {
	for id, a := range before {
		_, again := answers[id]
		v := in.byID[id]
		switch {
		case v == nil || again || slices.ContainsFunc(errs, func(e FieldError) bool { return e.Item == id }):
		case v.AskedAt(wave):
			answers[id] = a
		default:
			answers[id] = Answer{Missing: NotAsked}
			if !a.isBlank() {
				aside[id] = a
			}
		}
	}
	return answers, aside, errs
}

// isBlank says whether a holds neither a value nor a refusal.
func (a Answer) isBlank() bool { return a.Missing == NotReached || a.Missing == NotAsked }

// Given are those of the answers that somebody gave: no blank ones, and nothing
// that is worked out.
func (in *Instrument) Given(answers Answers) Answers {
	given := make(Answers, len(answers))
	for id, a := range answers {
		if v := in.byID[id]; v != nil && !a.isBlank() && !in.worksOut(v) {
			given[id] = a
		}
	}
	return given
}

// reading is one Read under way.
type reading struct {
	in     *Instrument
	path   *Path
	typed  Answers // all that could be read, on the path or not
	posted map[ItemID]bool
	failed map[ItemID]*FieldError
	paper  bool

	answers, aside Answers
	errs           FieldErrors
}

// parse reads one variable that was posted. What is worked out is not read; what
// may never be changed has its default, whatever was sent.
func (r *reading) parse(v *Variable, raw Raw) {
	if rules := r.in.logic.of(v.Item.ID); rules.calculation != nil || rules.fixed || v.Kind == KindCalculated {
		return
	}
	read := v.behaviour.parse
	if r.paper {
		read = (*Variable).onPaper
	}
	answer, err := read(v, raw)
	switch {
	case err != nil:
		r.failed[v.ID] = err
		delete(r.typed, v.ID)
	case v.Kind == KindHidden && answer.Missing != Answered:
		// No page sends hidden items; what was kept at the start stays.
	default:
		r.typed[v.ID] = v.withOrder(answer, raw)
	}
}

// place puts a variable among the answers, aside, or among the errors.
func (r *reading) place(v *Variable) {
	typed, known := r.typed[v.ID]
	item := v.Item.ID
	switch {
	case !r.path.Shows(item):
		r.answers[v.ID] = Answer{Missing: NotAsked}
		if kept := r.offPath(v, typed); (known || kept.Text != "") && !kept.isBlank() {
			r.aside[v.ID] = kept
		}
	case r.in.worksOut(v):
		r.answers[v.ID] = r.path.Value(v.ID)
	case !r.posted[v.ID] && known:
		r.answers[v.ID] = typed
	case r.posted[v.ID]:
		r.check(v)
	}
}

// offPath is what is kept aside of a variable: what was typed, and what the link
// said, which is known only at the start. What is worked out is worked out again.
func (r *reading) offPath(v *Variable, typed Answer) Answer {
	switch {
	case v.Kind == KindHidden && v.Item.From == FromLink:
		return r.path.sit.linkValue(v.Item, typed)
	case r.in.worksOut(v):
		return Answer{Missing: NotAsked}
	default:
		return typed
	}
}

// worksOut says whether nobody is asked for v.
func (in *Instrument) worksOut(v *Variable) bool {
	rules := in.logic.of(v.Item.ID)
	return v.Kind == KindCalculated || v.Kind == KindHidden || rules.calculation != nil || rules.fixed
}

// check takes or refuses what was posted for a variable on the path.
func (r *reading) check(v *Variable) {
	if err := r.failed[v.ID]; err != nil {
		r.errs = append(r.errs, *err)
		return
	}
	answer := r.typed[v.ID]
	if err := r.wrong(v, answer); err != nil {
		r.errs = append(r.errs, *err)
		return
	}
	r.answers[v.ID] = answer
}

// wrong says what is wrong with an answer that could be read, or nil.
func (r *reading) wrong(v *Variable, answer Answer) *FieldError {
	rules := r.in.logic.of(v.Item.ID)
	switch {
	case answer.Missing == NotReached:
		if !r.paper && r.path.Required(v.Item.ID) {
			return v.needed(r.path)
		}
		return nil
	case answer.Missing != Answered:
		return nil
	}
	if err := r.offered(v, answer, rules); err != nil {
		return err
	}
	if rules.constraint != nil && !r.path.fits(v, rules.constraint, answer) {
		if len(v.Item.ConstraintMessage) > 0 {
			return v.refuse(KeySaid, r.path.said(v.Item.ConstraintMessage))
		}
		return v.refuse(KeyConstraint)
	}
	return nil
}

// offered refuses a choice that the filter hides, and a ranking that lacks one
// that it shows.
func (r *reading) offered(v *Variable, answer Answer, rules *rules) *FieldError {
	if rules.filter == nil {
		return nil
	}
	shown := codesIn(r.path.filtered(v.Item))
	chosen := answer.Choices
	if answer.Choice != "" {
		chosen = []string{answer.Choice}
	}
	for _, code := range chosen {
		if !slices.Contains(shown, code) {
			return v.refuse(KeyChooseFromList)
		}
	}
	if v.Kind == KindRanking && len(chosen) < len(shown) {
		return v.refuse(KeyRankAll)
	}
	return nil
}

// needed is the error of a required item left blank, in its author's words if
// there are any.
func (v *Variable) needed(p *Path) *FieldError {
	switch message := v.Item.RequiredMessage; {
	case len(message) > 0 && p != nil:
		return v.refuse(KeySaid, p.said(message))
	case len(message) > 0:
		return v.refuse(KeySaid, maps.Clone(message))
	default:
		return v.refuse(v.behaviour.required())
	}
}

// withOrder adds the order in which a shuffled item was shown, if what was sent
// is one: some of its codes, each once.
func (v *Variable) withOrder(answer Answer, raw Raw) Answer {
	if !v.Item.Shuffle {
		return answer
	}
	order := raw.given(OrderControl(v.ID))
	if len(order) == 1 && !v.has(order[0]) {
		order = strings.Fields(order[0])
	}
	for i, code := range order {
		if !v.has(code) || slices.Contains(order[:i], code) {
			return answer
		}
	}
	answer.Order = order
	return answer
}

func (v *Variable) has(code string) bool {
	_, ok := v.Choice(code)
	return ok
}
