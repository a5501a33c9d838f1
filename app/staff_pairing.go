package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
)

// desksKept bounds the pairing desks in memory, of some 2 MB with 10,000 responses;
// a full cache is emptied.
const desksKept = 8

// desks keeps the desk of each strand for as long as nothing it is made of has
// changed, as reports does. Another instance finds the same from the same data.
type desks struct {
	mu   sync.Mutex
	kept map[string]*keptDesk
}

type keptDesk struct {
	mu   sync.Mutex
	mark string
	desk *outcomes.Desk
}

func (d *desks) of(key string) *keptDesk {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok := d.kept[key]; ok {
		return k
	}
	if d.kept == nil || len(d.kept) >= desksKept {
		d.kept = map[string]*keptDesk{}
	}
	k := &keptDesk{}
	d.kept[key] = k
	return k
}

// desk returns a strand's data and who met whom in it.
func (s *Server) desk(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (*surveys.Dataset, *outcomes.Desk, error) {
	data, err := s.surveys.Dataset(ctx, programme, strand)
	if err != nil {
		return nil, nil, err
	}
	if !data.Strand.Paired() {
		return nil, nil, &surveys.Error{Kind: surveys.KindNotFound, Key: "strand.not_found"}
	}
	mark, err := data.Mark(ctx)
	if err != nil {
		return nil, nil, err
	}
	kept := s.desks.of(string(programme) + "/" + string(strand))
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.mark == mark {
		return data, kept.desk, nil
	}
	desk, err := outcomes.DeskOf(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	kept.mark, kept.desk = mark, desk
	return data, desk, nil
}

// pairingPage is how many pairs, or responses, a page of the desk shows.
const pairingPage = 25

// pairingView is a page of the pairing desk.
type pairingView struct {
	staffPage
	Strand    surveys.Strand
	Address   string // of this list, for forms: with its filters and page
	Base      string // of the desk
	Show      string
	Lists     []crumb
	About     string // what the list shown is
	Tiles     []tile
	Effects   []effectRow
	Last      *rulingRow // the newest line of the log, to undo
	Cohorts   []choiceOption
	Cohort    string
	Empty     string
	Cards     []pairCard
	Rows      []pairRow
	Groups    []sharedGroup
	Rulings   []rulingRow
	Partner   *partnerView
	Pages     pages
	Broken    int  // decisions that cannot be followed any more
	Review    bool // near codes wait for a person
	Problem   string
	Submitted pairingForm // what was typed, if it was refused
}

// pairForm is one thing of the desk with what its form needs.
type pairForm struct {
	Address, CSRF, Do string
	One               any
}

// For hands one thing to a part of the page that has a form.
func (v pairingView) For(one any, do string) pairForm {
	return pairForm{v.Address, v.CSRF, do, one}
}

// effectRow is what one policy does to the headline.
type effectRow struct {
	Label   string
	Matched int
	Figures []outcomes.EffectFigure
	AsSet   bool // what the outcomes page reports now
}

// pairingLists are the tabs of the desk.
var pairingLists = []struct{ value, label, about string }{
	{"decide", "To decide", "Two responses that may be of the same person, and that the rules do not pair: codes that several people share, codes a little apart that are not rare enough, and near codes if they are to wait."},
	{"exact", "Exact", "Pairs with the same code at both waves that nobody else in their block has."},
	{"near", "Near", "Pairs made by the rules whose codes differ a little: each was the only candidate of the other, or far likelier than any other."},
	{"reviewed", "By a person", "Pairs that a person made or accepted."},
	{"unmatched", "Unmatched", "Responses without a pair, and why. Choose one to find its partner by hand."},
	{"twice", "Answered twice", "Responses set aside as sent again, and different responses of one wave with the same code."},
	{"log", "Decisions", "All decisions, newest first. Nothing is deleted: undoing is a decision too."},
}

// pairingDesk shows the desk.
func (s *Server) pairingDesk(c *fiber.Ctx) error {
	return s.showPairing(c, fiber.StatusOK, "", pairingForm{})
}

func (s *Server) showPairing(c *fiber.Ctx, status int, problem string, submitted pairingForm) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	data, desk, err := s.desk(c.UserContext(), p.ID, surveys.StrandID(c.Params("strand")))
	if err != nil {
		return err
	}
	page.Title = "Pairing: " + data.Strand.Title
	page.Crumbs = append(page.Crumbs, crumb{data.Strand.Title, strandPath(p.ID, data.Strand.ID), false})
	words := newPairWords(data, desk)
	view := pairingView{
		staffPage: page, Strand: data.Strand, Base: strandPath(p.ID, data.Strand.ID) + "/pairing", Show: pairingShown(c),
		Cohort: c.Query("cohort"), Cohorts: cohortOptions(data), Review: data.Strand.ReviewNear, Problem: problem, Submitted: submitted,
		Broken: len(desk.Unapplied), Tiles: pairingTiles(desk), Effects: effectRows(desk, data.Strand),
	}
	if n := len(data.Rulings); n > 0 {
		last := words.ruling(data.Rulings[n-1])
		view.Last = &last
	}
	if err := view.fill(c, words); err != nil {
		return err
	}
	view.Address = pairingAddress(view.Base, view.Show, view.Cohort, view.Pages.From/pairingPage+1)
	return s.render(c, status, "staff/pairing", view)
}

// pairingShown reads ?show=; anything unknown is what there is to decide.
func pairingShown(c *fiber.Ctx) string {
	for _, l := range pairingLists {
		if l.value == c.Query("show") {
			return l.value
		}
	}
	return pairingLists[0].value
}

func pairingAddress(base, show, cohort string, page int) string {
	query := url.Values{"show": {show}}
	if cohort != "" {
		query.Set("cohort", cohort)
	}
	if page > 1 {
		query.Set("page", fmt.Sprint(page))
	}
	return base + "?" + query.Encode()
}

// fill makes the list that is asked for.
func (v *pairingView) fill(c *fiber.Ctx, w *pairWords) error {
	if with := c.Query("with"); with != "" {
		return v.fillPartner(c, w, with)
	}
	for _, l := range pairingLists {
		v.Lists = append(v.Lists, crumb{l.label, pairingAddress(v.Base, l.value, v.Cohort, 1), l.value == v.Show})
		if l.value == v.Show {
			v.About = l.about
		}
	}
	switch v.Show {
	case "decide":
		v.Cards = pageOf(c, v, w.cards(v.Cohort))
		v.keepReason()
		v.Empty = "There is nothing to decide."
	case "exact", "near", "reviewed":
		v.Rows = pageOf(c, v, w.pairs(pairing.Kind(v.Show), v.Cohort))
		v.Empty = "There are no such pairs."
	case "unmatched":
		v.Rows = pageOf(c, v, w.unmatched(v.Cohort))
		v.Empty = "Everybody has a pair."
	case "twice":
		v.Groups = pageOf(c, v, w.twice(v.Cohort))
		v.Empty = "Nobody answered twice, and no two responses of a wave have the same code."
	case "log":
		v.Rulings = pageOf(c, v, w.rulings())
		v.Empty = "Nobody has decided anything yet."
	}
	return nil
}

// keepReason leaves a reason that was typed in its card.
func (v *pairingView) keepReason() {
	for i := range v.Cards {
		if v.Cards[i].Pre.ID == v.Submitted.Pre && v.Cards[i].Post.ID == v.Submitted.Post {
			v.Cards[i].Reason = v.Submitted.Reason
		}
	}
}

// pageOf cuts the page asked for out of a list.
func pageOf[T any](c *fiber.Ctx, v *pairingView, all []T) []T {
	v.Pages = pagesOf(c, len(all), pairingPage)
	here := v.Pages.From/pairingPage + 1
	if v.Pages.Earlier != "" {
		v.Pages.Earlier = pairingAddress(v.Base, v.Show, v.Cohort, here-1)
	}
	if v.Pages.Later != "" {
		v.Pages.Later = pairingAddress(v.Base, v.Show, v.Cohort, here+1)
	}
	return all[v.Pages.From:v.Pages.To]
}

func cohortOptions(data *surveys.Dataset) []choiceOption {
	options := []choiceOption{{"", "All cohorts", ""}}
	for _, id := range data.CohortOrder {
		options = append(options, choiceOption{string(id), data.Cohorts[id].Name, ""})
	}
	return options
}

func pairingTiles(desk *outcomes.Desk) []tile {
	p := desk.Summary
	tiles := []tile{
		{"Before", fmt.Sprint(p.Pre), "people"}, {"After", fmt.Sprint(p.Post), "people"},
		{"Matched pairs", fmt.Sprint(p.Matched), fmt.Sprintf("%d exact, %d near, %d by a person", p.Exact, p.Near, p.Reviewed)},
		{"Unmatched", fmt.Sprint(p.PreOnly + p.PostOnly), fmt.Sprintf("%d before only, %d after only", p.PreOnly, p.PostOnly)},
		{"Answered twice", fmt.Sprint(p.Repeats), "set aside"},
		{"To decide", fmt.Sprint(p.ForReview + len(desk.Later.Candidates)), "possible pairs"},
	}
	if f := p.FollowUp; f != nil {
		tiles = append(tiles, tile{"Follow-up", fmt.Sprint(f.Responses), fmt.Sprintf("%d of people known, %d of a pair", f.Matched, f.AllThree)})
	}
	return tiles
}

// effectWords name the policies in the order a person adds to them.
var effectWords = map[outcomes.Pairs]string{
	outcomes.PairsExact:    "Exact codes only",
	outcomes.PairsNear:     "With near codes",
	outcomes.PairsReviewed: "With near codes and what people decided",
	outcomes.PairsHeld:     "Exact codes and what people decided; near codes wait",
}

func effectRows(desk *outcomes.Desk, strand surveys.Strand) []effectRow {
	set := outcomes.PairsReviewed
	if strand.ReviewNear {
		set = outcomes.PairsHeld
	}
	var rows []effectRow
	for _, e := range desk.Effects {
		rows = append(rows, effectRow{effectWords[e.Pairs], e.Matched, e.Figures, e.Pairs == set})
	}
	return rows
}

// fillPartner lists whom a response may be joined to by hand.
func (v *pairingView) fillPartner(c *fiber.Ctx, w *pairWords, id string) error {
	if _, ok := w.desk.Responses[id]; !ok {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "response.unknown"}
	}
	others, same, err := w.desk.Alike(c.UserContext(), w.data, id)
	if err != nil {
		return err
	}
	v.Show = "unmatched"
	v.Partner = &partnerView{One: w.side(id), Back: pairingAddress(v.Base, "unmatched", v.Cohort, 1)}
	v.Partner.Others = w.alike(id, others[:min(len(others), pairingPage)])
	v.Partner.Same = w.alike(id, same[:min(len(same), pairingPage)])
	return nil
}

// pairingForm is what a form of the desk sends.
type pairingForm struct {
	Do, Pre, Post, Reason string
	Number                int
}

// decidePairing keeps what a person said on the desk.
func (s *Server) decidePairing(c *fiber.Ctx) error {
	f := pairingForm{Do: typed(c, "do"), Pre: typed(c, "pre"), Post: typed(c, "post"), Reason: typed(c, "reason"), Number: -1}
	if _, err := fmt.Sscan(typed(c, "number"), &f.Number); err != nil {
		f.Number = -1
	}
	err := s.keepPairing(c, f)
	if err == nil {
		base := strandPath(programmeID(c), surveys.StrandID(c.Params("strand"))) + "/pairing"
		return sees(c, pairingAddress(base, pairingShown(c), c.Query("cohort"), c.QueryInt("page", 1))+"#"+landing(typed(c, "at")))
	}
	var e *surveys.Error
	if !errors.As(err, &e) || e.Kind != surveys.KindInvalid && e.Kind != surveys.KindConflict && e.Kind != surveys.KindNotFound {
		return err
	}
	return s.showPairing(c, fiber.StatusUnprocessableEntity, s.locales.say(sourceLanguage, e.Key, e.Args...), f)
}

// landing is the place on the page to come back to: that of the card decided about,
// where the next one now is.
func landing(at string) string {
	if len(at) > 0 && len(at) < 8 && !slices.ContainsFunc([]byte(at), func(b byte) bool { return b < '0' || b > '9' }) {
		return "pair-" + at
	}
	return "list"
}

func (s *Server) keepPairing(c *fiber.Ctx, f pairingForm) error {
	ctx, programme, strand := c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand"))
	decision := pairing.Decision{Pre: f.Pre, Post: f.Post}
	switch f.Do {
	case "accept", "twice":
		decision.Accepted = true
		return s.surveys.RulePair(ctx, programme, strand, decision, f.Reason)
	case "refuse", "split":
		return s.surveys.RulePair(ctx, programme, strand, decision, f.Reason)
	case "undo":
		return s.surveys.UndoRuling(ctx, programme, strand, f.Pre, f.Post, f.Number, f.Reason)
	case "accept_near", "review_near":
		return s.surveys.SetReviewNear(ctx, programme, strand, f.Do == "review_near")
	}
	return &surveys.Error{Kind: surveys.KindInvalid, Key: "pair.choose"}
}

// when is a time of the desk, in the programme's zone.
func (w *pairWords) when(t time.Time) string {
	return t.In(w.data.Programme.Location()).Format("2006-01-02 15:04")
}
