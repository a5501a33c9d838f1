package app

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// pairSide is one of two responses beside each other. It shows when, where and how
// somebody answered; never what, nor the code.
type pairSide struct {
	ID, Ref              string // Ref: enough of the id to tell responses apart
	Wave                 string
	When, Where, How     string
	Lang                 string
	wave                 questionnaire.Wave
	cohort               surveys.CohortID
	Address, WaveInWords string
}

// pairCard is a possible pair to decide about.
type pairCard struct {
	At            int // place in the list shown, counted from 1
	Pre, Post     pairSide
	Agrees, Other []string // prompts of the code
	Alone         string   // how many others each could be
	Chance        string
	Reason        string
}

// pairRow is a pair, or a response without one.
type pairRow struct {
	Pre, Post pairSide
	Differs   []string
	Why       string
}

// sharedGroup is responses of one wave that may be, or were taken for, one person.
type sharedGroup struct {
	Title string
	Pairs []sharedPair
}

type sharedPair struct {
	Pre, Post pairSide
	Set       bool // Post is set aside as a repeat of Pre
}

// rulingRow is one line of the log.
type rulingRow struct {
	When, Who, What, Reason, State string
	Pre, Post                      pairSide
	Number                         int
	Undo                           string // words of the button; "" for none
}

// partnerView is a response and whom it may be joined to.
type partnerView struct {
	One          pairSide
	Back         string
	Others, Same []partnerRow
}

type partnerRow struct {
	Side          pairSide
	Pre, Post     string // ids in the order a decision has them
	Agrees, Other []string
	Earlier       bool // Side answered before the one chosen: at its wave
}

// pairWords puts a desk into words.
type pairWords struct {
	data    *surveys.Dataset
	desk    *outcomes.Desk
	prompts []string
	logs    map[string][]surveys.PairRuling // by the two responses
	broken  map[pairing.Decision]bool       // decisions that cannot be followed
}

func newPairWords(data *surveys.Dataset, desk *outcomes.Desk) *pairWords {
	w := &pairWords{data, desk, promptsOf(data), map[string][]surveys.PairRuling{}, map[pairing.Decision]bool{}}
	for _, r := range data.Rulings {
		w.logs[r.About()] = append(w.logs[r.About()], r)
	}
	for _, d := range desk.Unapplied {
		w.broken[d] = true
	}
	return w
}

// promptsOf are the labels of the elements of a code, from the newest form that
// asks for one.
func promptsOf(data *surveys.Dataset) []string {
	for _, i := range data.NewestFirst() {
		for _, wave := range data.Strand.Design.Waves() {
			item, ok := data.Instruments[i].LinkageCode(wave)
			if !ok {
				continue
			}
			var labels []string
			for _, p := range item.Prompts {
				labels = append(labels, p.Label.In(sourceLanguage, slices.Sorted(maps.Keys(p.Label))...))
			}
			return labels
		}
	}
	return nil
}

// prompt names an element of a code.
func (w *pairWords) prompt(i int) string {
	if i < len(w.prompts) && w.prompts[i] != "" {
		return w.prompts[i]
	}
	return fmt.Sprintf("Element %d of the code", i+1)
}

func (w *pairWords) named(elements []int) []string {
	var names []string
	for _, i := range elements {
		names = append(names, w.prompt(i))
	}
	return names
}

// agreeing names the elements that are not among those that differ.
func (w *pairWords) agreeing(differs []int, agree int) []string {
	if len(differs) == 0 && agree == 1 { // an issued code is one whole
		return []string{"The code of a card, or of a personal link"}
	}
	var names []string
	for i := range len(differs) + agree {
		if !slices.Contains(differs, i) {
			names = append(names, w.prompt(i))
		}
	}
	return names
}

var pairModeWords = map[surveys.Mode]string{
	surveys.ModePhone: "own phone", surveys.ModeShared: "shared tablet", surveys.ModePaper: "paper", surveys.ModeImport: "imported",
}

// side describes a response; one that is gone has only its reference.
func (w *pairWords) side(id string) pairSide {
	r, ok := w.desk.Responses[id]
	side := pairSide{ID: id, Ref: id[:min(len(id), 8)], Wave: "Gone"}
	if !ok {
		side.Where = "deleted, withdrawn, left out or moved to another strand"
		return side
	}
	side.wave, side.cohort = r.Wave, r.Cohort
	side.Wave, side.When, side.Where = waveWords[r.Wave], w.when(r.Submitted), w.data.Cohorts[r.Cohort].Name
	side.How, side.Lang = pairModeWords[r.Mode], languageName(r.Language)
	side.Address = strandPath(w.data.Programme.ID, w.data.Strand.ID) + "/pairing?show=unmatched&with=" + id
	return side
}

// in reports whether a response is of the cohort asked for; "" is every cohort.
func (w *pairWords) in(cohort, id string) bool {
	return cohort == "" || string(w.desk.Responses[id].Cohort) == cohort
}

// cards are the possible pairs, those of people known before last.
func (w *pairWords) cards(cohort string) []pairCard {
	var cards []pairCard
	for _, c := range slices.Concat(w.desk.Result.Candidates, w.desk.Later.Candidates) {
		if !w.in(cohort, c.Pre) && !w.in(cohort, c.Post) {
			continue
		}
		card := pairCard{At: len(cards) + 1, Pre: w.side(c.Pre), Post: w.side(c.Post), Other: w.named(c.Differs), Chance: chanceWords(c.Chance)}
		card.Agrees = w.agreeing(c.Differs, max(w.desk.Responses[c.Pre].Elements-len(c.Differs), 0))
		card.Alone = "One of the two could be somebody else too."
		if c.Alone {
			card.Alone = "Nobody else left is as near to either."
		}
		cards = append(cards, card)
	}
	return w.onPages(cards)
}

// onPages counts the cards of each page from 1: the address after a decision names
// the place on the page.
func (w *pairWords) onPages(cards []pairCard) []pairCard {
	for i := range cards {
		cards[i].At = i%pairingPage + 1
	}
	return cards
}

// chanceWords says how telling it is that two codes agree as far as they do.
func chanceWords(chance float64) string {
	switch {
	case chance <= 0:
		return ""
	case chance > 0.2:
		return "Many people agree on this much by chance."
	}
	n := 1 / chance
	digits := math.Pow(10, max(math.Floor(math.Log10(n))-1, 0))
	return message.NewPrinter(language.English).Sprintf("Two unrelated people agree on this much about once in %d.", int(math.Round(n/digits)*digits))
}

// pairs are those of a kind, then those with a follow-up response.
func (w *pairWords) pairs(kind pairing.Kind, cohort string) []pairRow {
	var rows []pairRow
	add := func(pre, post string, differs []int) {
		if w.in(cohort, pre) || w.in(cohort, post) {
			rows = append(rows, pairRow{Pre: w.side(pre), Post: w.side(post), Differs: w.named(differs)})
		}
	}
	for _, p := range w.desk.Result.Pairs {
		if p.Kind == kind {
			add(p.Pre, p.Post, p.Differs)
		}
	}
	for _, l := range w.desk.Later.Links {
		if l.Kind == kind {
			earlier := l.Pre
			if earlier == "" {
				earlier = l.Post
			}
			add(earlier, l.FollowUp, l.Differs)
		}
	}
	return rows
}

// reasonsUnmatched say why a response has no pair.
var reasonsUnmatched = map[pairing.Reason]string{
	pairing.ReasonUndecided: "Nobody has decided about it.",
	pairing.ReasonNoCode:    "No code was given.",
	pairing.ReasonTooLong:   "The code has more elements than can be compared.",
	pairing.ReasonShared:    "Another response of its wave has the same code.",
	pairing.ReasonTie:       "Several could be its partner, or its partner could be several: see To decide.",
	pairing.ReasonReview:    "Its likeliest partner waits for a decision: see To decide.",
	pairing.ReasonAlone:     "Nobody left in its block has a code like it.",
}

func (w *pairWords) unmatched(cohort string) []pairRow {
	var rows []pairRow
	for _, u := range slices.Concat(w.desk.Result.PreOnly, w.desk.Result.PostOnly, w.desk.Later.Only) {
		if w.in(cohort, u.ID) {
			rows = append(rows, pairRow{Pre: w.side(u.ID), Why: reasonsUnmatched[u.Reason]})
		}
	}
	return rows
}

// twice are the responses set aside, then those of one wave with one code.
func (w *pairWords) twice(cohort string) []sharedGroup {
	var groups []sharedGroup
	for _, r := range slices.Concat(w.desk.Result.Repeats, w.desk.Later.Repeats) {
		if w.in(cohort, r.ID) || w.in(cohort, r.Of) {
			groups = append(groups, sharedGroup{"Sent again", []sharedPair{{w.side(r.Of), w.side(r.ID), true}}})
		}
	}
	for _, ids := range w.desk.Shared {
		if !slices.ContainsFunc(ids, func(id string) bool { return w.in(cohort, id) }) {
			continue
		}
		group := sharedGroup{Title: "One code, different answers"}
		for _, id := range ids[1:] {
			group.Pairs = append(group.Pairs, sharedPair{w.side(ids[0]), w.side(id), false})
		}
		groups = append(groups, group)
	}
	return groups
}

// rulings is the log, newest first.
func (w *pairWords) rulings() []rulingRow {
	var rows []rulingRow
	for i := len(w.data.Rulings) - 1; i >= 0; i-- {
		rows = append(rows, w.ruling(w.data.Rulings[i]))
	}
	return rows
}

// ruling is one line of the log, with what it says now.
func (w *pairWords) ruling(r surveys.PairRuling) rulingRow {
	row := rulingRow{
		When: w.when(r.At), Who: r.Name, Reason: r.Reason, Pre: w.side(r.Pre), Post: w.side(r.Post), Number: r.Number,
		What: w.verdict(r),
	}
	if row.Who == "" {
		row.Who = "not kept then"
	}
	log := w.logs[r.About()]
	place := slices.IndexFunc(log, func(x surveys.PairRuling) bool { return x.Number == r.Number })
	standing := surveys.StandingRuling(log)
	switch {
	case place == standing && w.broken[r.Decision]:
		row.State = "no longer applies: a response is gone or moved, or another decision contradicts it"
	case place == standing:
		row.State = "counts"
	case r.Undoes > 0 && place == len(log)-1:
		row.State = "done"
	default:
		row.State = "replaced or taken back"
	}
	switch {
	case place == standing:
		row.Undo = "Undo"
	case place == len(log)-1:
		row.Undo = "Undo this undoing"
	}
	return row
}

// verdict is what a ruling said.
func (w *pairWords) verdict(r surveys.PairRuling) string {
	pre, post := w.desk.Responses[r.Pre], w.desk.Responses[r.Post]
	one := pre.Wave == post.Wave && pre.Wave != ""
	var text string
	switch {
	case r.Lifted:
		text = "nothing decided"
	case r.Accepted && one:
		text = "the same person, answered twice: the first counts"
	case r.Accepted:
		text = "the same person"
	case one:
		text = "two people, both count"
	default:
		text = "different people"
	}
	if r.Undoes > 0 {
		return "Took a decision back: " + text + " again"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// alike are the rows of a list of whom a response may be joined to.
func (w *pairWords) alike(id string, list []outcomes.Alike) []partnerRow {
	one := w.side(id)
	var rows []partnerRow
	for _, a := range list {
		row := partnerRow{Side: w.side(a.ID), Pre: id, Post: a.ID, Other: w.named(a.Differs), Agrees: w.agreeing(a.Differs, a.Near)}
		waves := surveys.DesignPrePostFollowUp.Waves()
		if slices.Index(waves, row.Side.wave) < slices.Index(waves, one.wave) {
			row.Pre, row.Post = a.ID, id
		}
		rows = append(rows, row)
	}
	return rows
}
