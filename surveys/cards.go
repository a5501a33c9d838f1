package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// Issued codes. A run of cards is printed for one cohort of a strand. Its codes are
// drawn at that moment, shown once on the page that is printed, and kept only as
// keyed hashes, under the key that hides the linkages: equal hashes are how a
// response finds its card, and a card its cohort. All cards of a cohort × strand
// carry one address, behind which stands the code as a fragment, which browsers
// keep to themselves.

// CardSheetID names a print run.
type CardSheetID string

// CardSheet is one print run of cards.
type CardSheet struct {
	ID        CardSheetID `json:"id"`
	Number    int         `json:"number"` // from 1 in its programme; printed on each card
	Programme ProgrammeID `json:"programme"`
	Strand    StrandID    `json:"strand" validate:"required"`
	Cohort    CohortID    `json:"cohort" validate:"required"`
	Count     int         `json:"count" validate:"min=1,max=500"` // cards
	By        string      `json:"by"`                             // name of the account
	Created   time.Time   `json:"created"`
	Voided    time.Time   `json:"voided,omitzero"` // from then on its codes are not known
	Revision  int64       `json:"revision"`
}

// PrintedCards is a run as it is printed, once.
type PrintedCards struct {
	Sheet CardSheet
	Token string         // of the address that all cards of the cohort and strand carry
	Codes []pairing.Code // Sheet.Count of them, kept nowhere
}

// CardRun is a print run with what became of it.
type CardRun struct {
	CardSheet
	Used int // cards whose code came with a response, sent or in progress
}

// issuedCard is a card as it is stored, under the hash of its code.
type issuedCard struct {
	Sheet  CardSheetID `json:"sheet"`
	Strand StrandID    `json:"strand"`
	Cohort CohortID    `json:"cohort"`
}

// cardSet is the address of the cards of one cohort × strand.
type cardSet struct {
	Token     string      `json:"token"`
	Programme ProgrammeID `json:"programme"`
	Strand    StrandID    `json:"strand"`
	Cohort    CohortID    `json:"cohort"`
}

// cardElement is the name under which the code of a card is hashed.
const cardElement = "card"

// cardsAtOnce is how many cards are on their way to the store together.
const cardsAtOnce = 64

func (c *CardSheet) setRevision(n int64) { c.Revision = n }

// PrintCards draws the codes of order.Count cards for a cohort and returns them
// once. Doing it again makes other cards. If it fails nothing was printed: what
// was stored until then are codes that nobody has.
//
// KindInvalid: the strand's design pairs nobody, its questionnaire takes no cards,
// or the count is out of bounds.
func (s *Service) PrintCards(ctx context.Context, order CardSheet) (PrintedCards, error) {
	account, err := require(ctx, order.Programme, MayRunLinks)
	if err != nil {
		return PrintedCards{}, err
	}
	if err := s.checkCards(ctx, order); err != nil {
		return PrintedCards{}, err
	}
	printed := PrintedCards{Sheet: order}
	if printed.Token, err = s.cardToken(ctx, order); err != nil {
		return printed, err
	}
	id, err := s.newID()
	if err != nil {
		return printed, err
	}
	printed.Sheet.ID, printed.Sheet.By, printed.Sheet.Created = CardSheetID(id), account.Name, s.moment()
	printed.Sheet.Voided, printed.Sheet.Revision = time.Time{}, 0
	if printed.Codes, err = s.drawCards(ctx, printed.Sheet); err != nil {
		return PrintedCards{}, err
	}
	if printed.Sheet, err = s.numberSheet(ctx, printed.Sheet); err != nil {
		return PrintedCards{}, err
	}
	return printed, s.Audit(ctx, order.Programme, "cards.printed", fmt.Sprintf("run %d: %d", printed.Sheet.Number, order.Count))
}

// checkCards refuses cards that nobody could use.
func (s *Service) checkCards(ctx context.Context, order CardSheet) error {
	if err := check(order); err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(order.Programme))
	if err == nil {
		err = refuseNew(p)
	}
	if err != nil {
		return err
	}
	strand, ok := p.Strand(order.Strand)
	if !ok {
		return invalid("strand", "strand.unknown", string(order.Strand))
	}
	if !strand.Paired() {
		return invalid("strand", "cards.not_paired")
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(order.Cohort))
	if kindOfNil(err) == KindNotFound || err == nil && c.Programme != order.Programme {
		return invalid("cohort", "cohort.unknown", string(order.Cohort))
	}
	if err != nil {
		return err
	}
	phase, err := s.phaseOf(ctx, c)
	if err != nil {
		return err
	}
	form, err := s.latest(ctx, strand.QuestionnaireFor(phase))
	if err != nil {
		return err
	}
	if item, ok := form.LinkageCode(questionnaire.WavePre); !ok || !item.Card {
		return invalid("strand", "cards.not_taken")
	}
	return nil
}

// CardLanguages lists the languages in which people of a strand may be given cards:
// those of its questionnaires whose newest version takes them, none if none does.
func (s *Service) CardLanguages(ctx context.Context, strand Strand) ([]string, error) {
	if !strand.Paired() {
		return nil, nil
	}
	var tags []string
	for _, id := range strand.Questionnaires() {
		form, err := s.latest(ctx, id)
		if kindOfNil(err) == KindInvalid { // nothing published yet
			continue
		}
		if err != nil {
			return nil, err
		}
		if item, ok := form.LinkageCode(questionnaire.WavePre); !ok || !item.Card {
			continue
		}
		for _, tag := range form.Version().Definition.Languages {
			if !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
	}
	return tags, nil
}

// cardToken is the token of the cards of a cohort × strand: the first run draws it.
func (s *Service) cardToken(ctx context.Context, order CardSheet) (string, error) {
	id := string(order.Cohort) + "/" + string(order.Strand)
	for range tries {
		set, err := readRecord[cardSet](ctx, s.store, recordCardSet, id)
		if kindOfNil(err) != KindNotFound {
			return set.Token, err
		}
		token, err := NewToken(s.random)
		if err != nil {
			return "", err
		}
		_, err = s.put(ctx, recordCardSet, id, string(order.Programme), token, 0, cardSet{token, order.Programme, order.Strand, order.Cohort})
		if kindOfNil(err) != KindConflict {
			return token, err
		}
	}
	return "", &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// drawCards draws and stores the codes of a run. A code that was issued before in
// this programme is refused by the store, and another is drawn.
func (s *Service) drawCards(ctx context.Context, sheet CardSheet) ([]pairing.Code, error) {
	key, err := s.pairingKey(ctx, sheet.Programme)
	if err != nil {
		return nil, err
	}
	codes := make([]pairing.Code, sheet.Count)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cardsAtOnce)
	for i := range codes {
		group.Go(func() (err error) {
			codes[i], err = s.drawCard(ctx, key, sheet)
			return err
		})
	}
	return codes, group.Wait()
}

func (s *Service) drawCard(ctx context.Context, key pairing.Key, sheet CardSheet) (pairing.Code, error) {
	for range tries {
		code, err := pairing.NewCode(s.random, pairing.DefaultCode)
		if err != nil {
			return "", err
		}
		hash, err := cardHash(key, string(code))
		if err != nil {
			return "", err
		}
		_, err = s.put(ctx, recordCard, cardID(sheet.Programme, hash), string(sheet.Programme), "", 0, issuedCard{sheet.ID, sheet.Strand, sheet.Cohort})
		if kindOfNil(err) != KindConflict {
			return code, err
		}
	}
	return "", &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// cardHash is the one element of a linkage by card, as text; "" for a blank code.
func cardHash(key pairing.Key, code string) (string, error) {
	hash, err := pairing.Element(key, cardElement, code)
	if err != nil {
		return "", err
	}
	text, err := hash.MarshalText()
	return string(text), err
}

// cardID is the id of a card's record: the programme keeps equal keys apart, if
// ever two programmes had one.
func cardID(p ProgrammeID, hash string) string { return string(p) + "/" + hash }

// numberSheet stores a run under the next number of its programme.
func (s *Service) numberSheet(ctx context.Context, sheet CardSheet) (CardSheet, error) {
	n, err := s.store.CountRecords(ctx, recordCardSheet, string(sheet.Programme), time.Time{})
	if err != nil {
		return sheet, err
	}
	for range tries {
		n++
		sheet.Number = n
		key := fmt.Sprintf("%s/%d", sheet.Programme, n)
		sheet.Revision, err = s.put(ctx, recordCardSheet, string(sheet.ID), string(sheet.Programme), key, 0, sheet)
		if kindOfNil(err) != KindConflict {
			return sheet, err
		}
	}
	return sheet, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// CardRuns lists a programme's print runs, oldest first, with how many cards of
// each were used.
func (s *Service) CardRuns(ctx context.Context, programme ProgrammeID) ([]CardRun, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return nil, err
	}
	sheets, err := listRecords[CardSheet](ctx, s.store, recordCardSheet, string(programme))
	if err != nil {
		return nil, err
	}
	runs := make([]CardRun, len(sheets))
	place, strands := map[CardSheetID]int{}, map[StrandID]bool{}
	for i, sheet := range sheets {
		runs[i].CardSheet, place[sheet.ID], strands[sheet.Strand] = sheet, i, true
	}
	issued, err := s.issuedCards(ctx, programme)
	if err != nil {
		return nil, err
	}
	for strand := range strands {
		for l, err := range s.store.Linkages(ctx, programme, strand) {
			if err != nil {
				return nil, fmt.Errorf("counting used cards: %w", err)
			}
			if sheet, ok := issued[l.card()]; ok {
				delete(issued, l.card()) // before and after is one card
				if i, ok := place[sheet]; ok {
					runs[i].Used++
				}
			}
		}
	}
	return runs, nil
}

// card is the hash of the card's code in l, "" if it is of a self-made code.
func (l Linkage) card() string {
	if len(l.Elements) != 1 {
		return ""
	}
	return l.Elements[0]
}

// issuedCards are the runs of all cards of a programme, by hash.
func (s *Service) issuedCards(ctx context.Context, programme ProgrammeID) (map[string]CardSheetID, error) {
	issued := map[string]CardSheetID{}
	prefix := len(cardID(programme, ""))
	for r, err := range s.store.Records(ctx, recordCard, string(programme)) {
		if err != nil {
			return nil, fmt.Errorf("listing cards: %w", err)
		}
		card, err := decode[issuedCard](r)
		if err != nil {
			return nil, err
		}
		issued[r.ID[prefix:]] = card.Sheet
	}
	return issued, nil
}

// VoidCards makes the codes of a run unknown from now on; responses that came with
// one keep it and stay paired.
func (s *Service) VoidCards(ctx context.Context, programme ProgrammeID, id CardSheetID) error {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return err
	}
	now := s.moment()
	sheet, err := change(ctx, s, recordCardSheet, string(id), func(c *CardSheet) error {
		if c.Programme != programme {
			return notFound("cards.no_run")
		}
		if c.Voided.IsZero() {
			c.Voided = now
		}
		return nil
	})
	if err != nil {
		return orNotFound(err, "cards.no_run")
	}
	return s.Audit(ctx, programme, "cards.voided", fmt.Sprintf("run %d", sheet.Number))
}
