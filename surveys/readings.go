package surveys

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
	"soundings/surveys/redaction"
)

// QuoteStatus is what was decided about quoting an answer.
type QuoteStatus string

const (
	QuoteNew      QuoteStatus = "" // nothing decided
	QuoteApproved QuoteStatus = "approved"
	QuoteRefused  QuoteStatus = "refused"
	QuoteTaken    QuoteStatus = "taken_back" // its writer took the consent back; set by TakeConsentBack alone
)

// Sentiment is how an answer sounds to the person who read it. It is never guessed.
type Sentiment string

const (
	SentimentNone     Sentiment = "" // not judged
	SentimentPositive Sentiment = "positive"
	SentimentMixed    Sentiment = "mixed"
	SentimentNegative Sentiment = "negative"
)

// Sentiments lists what a reader can choose from.
func Sentiments() []Sentiment {
	return []Sentiment{SentimentPositive, SentimentMixed, SentimentNegative}
}

// Reading is what a person decided after reading one open answer. Until it is
// cleared, an answer leaves the product in no sheet and no preview. A quote that
// was approved leaves as it was worded; the answer behind it, which may name what
// the quote leaves out, waits to be cleared like any other.
type Reading struct {
	Response    ResponseID           `json:"response"`
	Variable    questionnaire.ItemID `json:"variable"`
	Cleared     bool                 `json:"cleared"`
	Status      QuoteStatus          `json:"status,omitempty"`
	Text        string               `json:"text,omitempty"`        // the quote: redacted, with replacements in [brackets]
	Attribution string               `json:"attribution,omitempty"` // the role: "Parent"
	Level       Level                `json:"level,omitempty"`       // how much closer than by role it may be attributed
	Themes      []ThemeID            `json:"themes,omitempty"`      // what it is about
	Outcome     questionnaire.ItemID `json:"outcome,omitempty"`     // the measure that it speaks to; "": none
	Sentiment   Sentiment            `json:"sentiment,omitempty"`   // as a person judged it
	Replaced    []redaction.Replaced `json:"replaced,omitempty"`    // what the quote says instead of the answer's words
	Raised      bool                 `json:"raised,omitempty"`      // a reader said that it may be a disclosure
	Looked      *Looked              `json:"looked,omitempty"`      // what was decided about what may be a disclosure
	By          AccountID            `json:"by"`
	At          time.Time            `json:"at"`
	Revision    int64                `json:"-"`
}

// Looked is what a person decided about words that may be a disclosure.
type Looked struct {
	Note string    `json:"note"` // what was decided: shown to who may read the answers, and in no trail
	By   AccountID `json:"by"`
	At   time.Time `json:"at"`
}

func (r *Reading) setRevision(n int64) { r.Revision = n }

// ReadingKey names one open answer.
type ReadingKey struct {
	Response ResponseID
	Variable questionnaire.ItemID
}

// maxQuote is the longest quote, in characters.
const maxQuote = 1000

// strandScope is the scope of what is decided about one strand's responses.
func strandScope(programme ProgrammeID, strand StrandID) string {
	return string(programme) + "/" + string(strand)
}

func readingID(response ResponseID, variable questionnaire.ItemID) string {
	return string(response) + "/" + string(variable)
}

// Consented reports whether a respondent allowed the answer to v to be quoted.
// No answer is no consent.
func Consented(in *questionnaire.Instrument, v *questionnaire.Variable, answers questionnaire.Answers) bool {
	if !v.Item.Quotable || v.Item.Consent == "" {
		return false
	}
	return answers[v.Item.Consent].Choice == questionnaire.ConsentYes
}

// Decide keeps what a person decided about one open answer. What may be a disclosure
// and has not been looked at can neither be cleared nor quoted. KindInvalid: that, or
// a quote without consent, in other words than the answer's, or by whom too few could
// be. KindConflict: someone else decided meanwhile (decision.Revision is the revision
// that was read, 0 for none).
func (s *Service) Decide(ctx context.Context, programme ProgrammeID, strand StrandID, decision Reading) error {
	account, err := require(ctx, programme, MayReadAnswers)
	if err != nil {
		return err
	}
	switch decision.Status {
	case QuoteNew, QuoteApproved, QuoteRefused:
	default:
		return invalid("status", "quote.choose")
	}
	answer, err := s.answerToDecide(ctx, programme, strand, decision.Response, decision.Variable)
	if err != nil {
		return err
	}
	decision.Raised, decision.Looked = answer.Reading.Raised, answer.Reading.Looked
	if err := s.checkReading(ctx, answer, &decision); err != nil {
		return err
	}
	decision.By, decision.At = account.ID, s.moment()
	if err := s.keepDecided(ctx, programme, strand, answer.Reading, decision); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "answer.read", TrailName(decision.Response)+"/"+string(decision.Variable))
}

// keepDecided keeps a reading in place of another. Where files may hold words that are
// not to be shown any more, that is marked first: nobody gets one of them even if the
// rest breaks off.
func (s *Service) keepDecided(ctx context.Context, programme ProgrammeID, strand StrandID, before, now Reading) error {
	if !now.takesFrom(before) {
		return s.keepReading(ctx, programme, strand, now)
	}
	if err := s.takenBack(ctx, programme, strand); err != nil {
		return err
	}
	if err := s.keepReading(ctx, programme, strand, now); err != nil {
		return err
	}
	return errors.Join(s.spoilExports(ctx, programme, strand), s.forgetFrozenQuotes(ctx, programme, strand, now.Response))
}

// takesFrom reports whether something that could be shown before may not be now: the
// answer, the quote, its words, or who is said to have written it.
func (r Reading) takesFrom(before Reading) bool {
	if before.Cleared && !r.Cleared {
		return true
	}
	return before.Status == QuoteApproved &&
		(r.Status != QuoteApproved || r.Text != before.Text || r.Attribution != before.Attribution || r.Level != before.Level)
}

func (s *Service) keepReading(ctx context.Context, programme ProgrammeID, strand StrandID, decision Reading) error {
	id := readingID(decision.Response, decision.Variable)
	_, err := s.put(ctx, recordReading, id, strandScope(programme, strand), "", decision.Revision, decision)
	return orConflict(err, "", "reading.decided_meanwhile")
}

// toDecide is an open answer with all that is asked before something is decided.
type toDecide struct {
	OpenAnswer
	programme  Programme
	strand     Strand
	response   Response
	instrument *questionnaire.Instrument
}

// answerToDecide reads what is needed to decide about one answer in words. KindNotFound.
func (s *Service) answerToDecide(ctx context.Context, programme ProgrammeID, strand StrandID, id ResponseID, variable questionnaire.ItemID) (toDecide, error) {
	d, r, err := s.answered(ctx, programme, strand, id)
	if err != nil {
		return toDecide{}, err
	}
	reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(id, variable))
	if err != nil && KindOf(err) != KindNotFound {
		return toDecide{}, err
	}
	d.Readings = map[ReadingKey]Reading{{id, variable}: reading}
	if err := d.readConcern(ctx, s, id, variable); err != nil {
		return toDecide{}, err
	}
	for _, one := range d.openAnswers(r) {
		if one.Variable == variable {
			return toDecide{one, d.Programme, d.Strand, r, d.Instruments[0]}, nil
		}
	}
	return toDecide{}, notFound("response.unknown")
}

// answered is a small dataset around one response: its programme, cohort and form.
func (s *Service) answered(ctx context.Context, programme ProgrammeID, strand StrandID, id ResponseID) (*Dataset, Response, error) {
	r, err := s.submitted(ctx, programme, strand, id)
	if err != nil {
		return nil, r, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, r, err
	}
	line, _ := p.Strand(strand)
	instrument, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return nil, r, err
	}
	d := &Dataset{Programme: p, Strand: line, Instruments: []*questionnaire.Instrument{instrument}, Cohorts: map[CohortID]Cohort{}, store: s.store}
	cohort, err := readRecord[Cohort](ctx, s.store, recordCohort, string(r.Cohort))
	if err != nil && KindOf(err) != KindNotFound {
		return nil, r, err
	}
	d.Cohorts[r.Cohort] = cohort
	return d, r, nil
}

// checkReading refuses what must not be decided, and tidies the rest.
func (s *Service) checkReading(ctx context.Context, answer toDecide, decision *Reading) error {
	if answer.Withheld && (decision.Cleared || decision.Status == QuoteApproved) {
		return invalid("concern", "concern.with_lead")
	}
	if answer.Flag != nil { // a choice, no words
		return notFound("response.unknown")
	}
	if err := s.checkMarks(ctx, answer, decision); err != nil {
		return err
	}
	if decision.Status != QuoteApproved {
		decision.Text, decision.Attribution, decision.Level, decision.Replaced = "", "", LevelRole, nil
	} else if err := s.checkQuote(ctx, answer, decision); err != nil {
		return err
	}
	if answer.Waits() && (decision.Cleared || decision.Status == QuoteApproved) {
		return invalid("concern", "quote.concern_first")
	}
	return nil
}

// checkMarks refuses themes, outcomes and tones that are not there.
func (s *Service) checkMarks(ctx context.Context, answer toDecide, decision *Reading) error {
	if decision.Sentiment != SentimentNone && !slices.Contains(Sentiments(), decision.Sentiment) {
		return invalid("sentiment", "quote.unknown_sentiment")
	}
	if _, ok := answer.instrument.Measure(decision.Outcome); !ok && decision.Outcome != "" {
		return invalid("outcome", "quote.unknown_outcome")
	}
	if len(decision.Themes) == 0 {
		return nil
	}
	themes, err := listRecords[Theme](ctx, s.store, recordTheme, string(answer.programme.ID))
	if err != nil {
		return err
	}
	byID := themesByID(themes)
	for i, id := range decision.Themes {
		if decision.Themes[i] = TrueTheme(byID, id); decision.Themes[i] == "" {
			return invalid("themes", "quote.unknown_theme")
		}
	}
	slices.Sort(decision.Themes)
	decision.Themes = slices.Compact(decision.Themes)
	return nil
}

// checkQuote refuses a quote that must not be shown as it is.
func (s *Service) checkQuote(ctx context.Context, answer toDecide, decision *Reading) error {
	tidy(&decision.Text, &decision.Attribution)
	if asWritten(decision.Text, answer.Text) {
		decision.Cleared = true
	}
	switch {
	case !plain(decision.Text, "\t\r\n"):
		return invalid("text", "quote.unreadable")
	case !plain(decision.Attribution, ""):
		return invalid("attribution", "quote.unreadable")
	case answer.Reading.Status == QuoteTaken:
		return invalid("text", "quote.consent_withdrawn")
	case !answer.Consented:
		return invalid("text", "quote.no_consent")
	case !answer.Agreed:
		return invalid("text", "quote.not_agreed")
	case decision.Text == "":
		return invalid("text", "quote.needs_words")
	case utf8.RuneCountInString(decision.Text) > maxQuote:
		return invalid("text", "quote.too_long", maxQuote)
	case utf8.RuneCountInString(decision.Attribution) > 80:
		return invalid("attribution", "quote.attribution_too_long")
	}
	replaced, ok := redaction.Compare(answer.Text, decision.Text)
	if !ok {
		return invalid("text", "quote.not_of_answer")
	}
	decision.Replaced = replaced
	decision.Attribution = cmp.Or(decision.Attribution, answer.strand.Role)
	return s.checkAttribution(ctx, answer, decision)
}

// asWritten reports whether a quote is the whole answer, word for word; a form
// sends other line breaks than are kept.
func asWritten(quote, answer string) bool {
	return strings.ReplaceAll(quote, "\r\n", "\n") == strings.TrimSpace(answer)
}
