package surveys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
)

// Lookout is what a programme looks out for beside the built-in word lists and what the
// scales of its questionnaires flag. Each change is a version of its own, kept for
// good; the one with the highest number counts.
type Lookout struct {
	Programme ProgrammeID                `json:"programme"`
	Number    int                        `json:"number"` // 0: nothing was ever changed
	Words     map[string]concerns.Change `json:"words,omitempty"`
	Rules     []ConcernRule              `json:"rules,omitempty"`
	Off       []questionnaire.ItemID     `json:"off,omitempty"` // items whose flags, as scales say, do not count here
	By        AccountID                  `json:"by,omitempty"`
	Name      string                     `json:"name,omitempty"` // of the account, as it was then
	At        time.Time                  `json:"at,omitzero"`
}

// ConcernRule marks answers to an item: some of its choices, or a value from somewhere
// on.
type ConcernRule struct {
	Strand  StrandID             `json:"strand,omitempty"` // "": in every strand that asks it
	Item    questionnaire.ItemID `json:"item"`
	Codes   []string             `json:"codes,omitempty"`    // any of these was chosen
	AtLeast *float64             `json:"at_least,omitempty"` // or the score, or the number, is this or more
	Label   string               `json:"label,omitempty" validate:"max=200,line"`
}

// The limits of what a programme may look out for.
const (
	maxLookoutWords = 20_000 // bytes of one language's changes
	maxLookoutRules = 100
)

// Lookout returns what a programme looks out for, and every version of it, newest first.
func (s *Service) Lookout(ctx context.Context, programme ProgrammeID) (Lookout, []Lookout, error) {
	if _, err := require(ctx, programme, MaySetLookout); err != nil {
		return Lookout{}, nil, err
	}
	all, err := s.lookouts(ctx, programme)
	if err != nil || len(all) == 0 {
		return Lookout{Programme: programme}, nil, err
	}
	return all[0], all, nil
}

func (s *Service) lookouts(ctx context.Context, programme ProgrammeID) ([]Lookout, error) {
	all, err := listRecords[Lookout](ctx, s.store, recordLookout, string(programme))
	slices.SortFunc(all, func(a, b Lookout) int { return b.Number - a.Number })
	return all, err
}

// SaveLookout makes next the newest version; next.Number is the one it was made of.
// What is there already is looked through again, in the background. KindInvalid with
// Field "add-en", "remove-en" or "rules": a line that is none. KindConflict: somebody
// else changed it meanwhile.
func (s *Service) SaveLookout(ctx context.Context, next Lookout) (Lookout, error) {
	account, err := require(ctx, next.Programme, MaySetLookout)
	if err != nil {
		return next, err
	}
	if err := s.checkLookout(ctx, &next); err != nil {
		return next, err
	}
	next.Number++
	next.By, next.Name, next.At = account.ID, account.Name, s.moment()
	id := fmt.Sprintf("%s/%d", next.Programme, next.Number)
	if _, err := s.put(ctx, recordLookout, id, string(next.Programme), "", 0, next); err != nil {
		return next, orConflict(err, "", "record.changed_meanwhile")
	}
	s.wakeMarks()
	return next, s.Audit(ctx, next.Programme, "lookout.changed", fmt.Sprintf("version %d", next.Number))
}

// checkLookout tidies w and refuses what cannot be looked for.
func (s *Service) checkLookout(ctx context.Context, w *Lookout) error {
	words := map[string]concerns.Change{}
	for language, c := range w.Words {
		tidy(&c.Add, &c.Remove)
		if len(c.Add)+len(c.Remove) > maxLookoutWords || !plain(c.Add, "\t\r\n") || !plain(c.Remove, "\t\r\n") {
			return invalid("add-"+language, "lookout.long", maxLookoutWords)
		}
		if c != (concerns.Change{}) {
			words[language] = c
		}
	}
	w.Words = words
	if err := w.badLine(); err != nil {
		return err
	}
	if len(w.Rules) > maxLookoutRules {
		return invalid("rules", "lookout.many_rules", maxLookoutRules)
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(w.Programme))
	if err != nil {
		return err
	}
	for i := range w.Rules {
		if err := s.checkRule(ctx, p, &w.Rules[i]); err != nil {
			return err
		}
	}
	return nil
}

// badLine is the refusal of the first line of the words that cannot be read.
func (w *Lookout) badLine() error {
	for _, language := range slices.Sorted(maps.Keys(w.Words)) {
		_, err := concerns.NewFinder(map[string]concerns.Change{language: w.Words[language]})
		var line *concerns.LineError
		if errors.As(err, &line) {
			field := map[bool]string{false: "add-", true: "remove-"}[line.Removing] + line.Language
			return invalid(field, "lookout.bad_line", line.Line, line.Problem)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkRule refuses a rule about an item that nobody is asked, or that says nothing.
func (s *Service) checkRule(ctx context.Context, p Programme, rule *ConcernRule) error {
	tidy(&rule.Label)
	if err := check(*rule); err != nil {
		return err
	}
	if len(rule.Codes) == 0 && rule.AtLeast == nil {
		return invalid("rules", "lookout.empty_rule", string(rule.Item))
	}
	for _, strand := range p.Strands {
		if rule.Strand != "" && rule.Strand != strand.ID {
			continue
		}
		d := &Dataset{Programme: p, Strand: strand}
		if err := d.readInstruments(ctx, s); err != nil {
			if kindOfNil(err) == KindInvalid { // not published yet
				continue
			}
			return err
		}
		for _, in := range d.Instruments {
			if v, ok := in.Variable(rule.Item); ok && !v.Open {
				return knownCodes(v, *rule)
			}
		}
	}
	return invalid("rules", "lookout.no_item", string(rule.Item))
}

func knownCodes(v *questionnaire.Variable, rule ConcernRule) error {
	for _, code := range rule.Codes {
		if !slices.ContainsFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Code == code }) {
			return invalid("rules", "lookout.no_code", code, string(rule.Item))
		}
	}
	return nil
}

// FoundWords are words of a text that would be marked, and why.
type FoundWords struct {
	Words  string
	Reason concerns.Reason
	Weight int
}

// TryLookout marks a text as w would, saved or not, in any language.
func (s *Service) TryLookout(ctx context.Context, w Lookout, text, language string) ([]FoundWords, error) {
	if _, err := require(ctx, w.Programme, MaySetLookout); err != nil {
		return nil, err
	}
	if err := w.badLine(); err != nil {
		return nil, err
	}
	finder, err := concerns.NewFinder(w.Words)
	if err != nil {
		return nil, err
	}
	if len(text) > maxLookoutWords {
		return nil, invalid("try", "lookout.long", maxLookoutWords)
	}
	text = strings.ToValidUTF8(text, "")
	var found []FoundWords
	for _, sign := range finder.Find(text, language) {
		found = append(found, FoundWords{text[sign.From:sign.To], sign.Reason, sign.Weight})
	}
	return found, nil
}

// LookoutEffect is what the newest version did with what was there.
type LookoutEffect struct {
	Responses int  // looked through by it
	New, Gone int  // concerns that came into the queue, and that left it
	Done      bool // all that was there was looked through
}

// LookoutEffect counts it over a programme's strands.
func (s *Service) LookoutEffect(ctx context.Context, programme ProgrammeID) (LookoutEffect, error) {
	newest, _, err := s.Lookout(ctx, programme)
	if err != nil {
		return LookoutEffect{}, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return LookoutEffect{}, err
	}
	all, err := listRecords[markedUpTo](ctx, s.store, recordMarked, string(programme))
	effect, done := LookoutEffect{}, 0
	for _, m := range all {
		if m.Watch != newest.Number {
			continue
		}
		effect.Responses, effect.New, effect.Gone = effect.Responses+m.Responses, effect.New+m.New, effect.Gone+m.Gone
		if !m.Done.IsZero() {
			done++
		}
	}
	effect.Done = done == len(p.Strands)
	return effect, err
}

// LookoutItem is an item that a rule can be about, and what a scale says of it.
type LookoutItem struct {
	Item    questionnaire.ItemID
	Label   questionnaire.Text
	Choices []questionnaire.Choice
	Flag    questionnaire.Text // why a scale flags it; nil: none does
	AtLeast float64            // from which value on
}

// LookoutItems lists the items of a programme's questionnaires that are answered by a
// choice or a number, each once.
func (s *Service) LookoutItems(ctx context.Context, programme ProgrammeID) ([]LookoutItem, error) {
	if _, err := require(ctx, programme, MaySetLookout); err != nil {
		return nil, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, err
	}
	var all []LookoutItem
	for _, strand := range p.Strands {
		d := &Dataset{Programme: p, Strand: strand}
		if err := d.readInstruments(ctx, s); err != nil {
			if kindOfNil(err) == KindInvalid { // not published yet
				continue
			}
			return nil, err
		}
		for i := len(d.Instruments) - 1; i >= 0; i-- { // the newest wording
			all = addItems(all, d.Instruments[i])
		}
	}
	return all, nil
}

func addItems(all []LookoutItem, in *questionnaire.Instrument) []LookoutItem {
	for i := range in.Variables() {
		v := &in.Variables()[i]
		known := slices.ContainsFunc(all, func(one LookoutItem) bool { return one.Item == v.ID })
		if known || v.Open || len(v.Choices) == 0 && !v.IsScale() && v.Kind != questionnaire.KindNumber {
			continue
		}
		one := LookoutItem{Item: v.ID, Label: v.Label, Choices: v.Choices}
		for _, scale := range in.Version().Definition.Scales {
			for _, flag := range scale.Flags {
				if flag.Item != v.ID {
					continue
				}
				if one.Flag, one.AtLeast = flag.Label, flag.AtLeast; one.Flag == nil {
					one.Flag = questionnaire.Text{}
				}
			}
		}
		all = append(all, one)
	}
	return all
}
