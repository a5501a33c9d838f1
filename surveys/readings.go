package surveys

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// QuoteStatus is what was decided about quoting an answer.
type QuoteStatus string

const (
	QuoteNew      QuoteStatus = "" // nothing decided
	QuoteApproved QuoteStatus = "approved"
	QuoteRefused  QuoteStatus = "refused"
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
	By          AccountID            `json:"by"`
	At          time.Time            `json:"at"`
	Revision    int64                `json:"-"`
}

func (r *Reading) setRevision(n int64) { r.Revision = n }

// ReadingKey names one open answer.
type ReadingKey struct {
	Response ResponseID
	Variable questionnaire.ItemID
}

// OpenAnswer is one open answer with what is needed to decide about it.
type OpenAnswer struct {
	ReadingKey
	Label     questionnaire.Text
	Cohort    CohortID
	Wave      questionnaire.Wave
	Submitted time.Time
	Text      string
	Consented bool // its writer allowed it to be quoted
	Reading   Reading
}

// maxQuote is the longest quote, in characters.
const maxQuote = 1000

// strandScope is the scope of what is decided about one strand's responses.
func strandScope(programme ProgrammeID, strand StrandID) string {
	return string(programme) + "/" + string(strand)
}

// OpenAnswers lists the open answers of a strand by time of submission, read or not.
func (s *Service) OpenAnswers(ctx context.Context, programme ProgrammeID, strand StrandID) ([]OpenAnswer, error) {
	data, err := s.Dataset(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	var open []OpenAnswer
	for r, err := range data.Responses(ctx) {
		if err != nil {
			return nil, err
		}
		open = append(open, data.openAnswers(r)...)
	}
	return open, nil
}

// OpenAnswer returns one open answer of a strand, for who has just decided about
// it: it reads one response. KindNotFound.
func (s *Service) OpenAnswer(ctx context.Context, programme ProgrammeID, strand StrandID, response ResponseID, variable questionnaire.ItemID) (OpenAnswer, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return OpenAnswer{}, err
	}
	r, err := s.submitted(ctx, programme, strand, response)
	if err != nil {
		return OpenAnswer{}, err
	}
	instrument, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return OpenAnswer{}, err
	}
	v, ok := instrument.Variable(variable)
	if !ok || v.Written(r.Answers[variable]) == "" {
		return OpenAnswer{}, notFound("response.unknown")
	}
	reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(response, variable))
	if err != nil && KindOf(err) != KindNotFound {
		return OpenAnswer{}, err
	}
	return openAnswerOf(instrument, v, r, reading), nil
}

func readingID(response ResponseID, variable questionnaire.ItemID) string {
	return string(response) + "/" + string(variable)
}

func openAnswerOf(instrument *questionnaire.Instrument, v *questionnaire.Variable, r Response, reading Reading) OpenAnswer {
	return OpenAnswer{
		ReadingKey: ReadingKey{r.ID, v.ID}, Label: v.Label, Cohort: r.Cohort, Wave: r.Wave, Submitted: r.Submitted,
		Text: v.Written(r.Answers[v.ID]), Consented: Consented(instrument, v, r.Answers), Reading: reading,
	}
}

// openAnswers picks the open answers of one response.
func (d *Dataset) openAnswers(r Response) []OpenAnswer {
	instrument := d.Instrument(&r)
	var open []OpenAnswer
	for i := range instrument.Variables() {
		v := &instrument.Variables()[i]
		if v.Written(r.Answers[v.ID]) == "" {
			continue
		}
		open = append(open, openAnswerOf(instrument, v, r, d.Readings[ReadingKey{r.ID, v.ID}]))
	}
	return open
}

// Consented reports whether a respondent allowed the answer to v to be quoted.
// No answer is no consent.
func Consented(in *questionnaire.Instrument, v *questionnaire.Variable, answers questionnaire.Answers) bool {
	if !v.Item.Quotable || v.Item.Consent == "" {
		return false
	}
	return answers[v.Item.Consent].Choice == questionnaire.ConsentYes
}

// Decide keeps what a person decided about one open answer. KindInvalid: a quote
// without consent, without words or too long. KindConflict: someone else decided
// meanwhile (decision.Revision is the revision that was read, 0 for none).
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
	if err := s.checkReading(ctx, programme, strand, &decision); err != nil {
		return err
	}
	decision.By, decision.At = account.ID, s.moment()
	id := readingID(decision.Response, decision.Variable)
	if _, err := s.put(ctx, recordReading, id, strandScope(programme, strand), "", decision.Revision, decision); err != nil {
		return orConflict(err, "", "reading.decided_meanwhile")
	}
	return s.Audit(ctx, programme, "answer.read", TrailName(decision.Response)+"/"+string(decision.Variable))
}

func (s *Service) checkReading(ctx context.Context, programme ProgrammeID, strand StrandID, decision *Reading) error {
	r, err := s.submitted(ctx, programme, strand, decision.Response)
	if err != nil {
		return err
	}
	instrument, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	v, ok := instrument.Variable(decision.Variable)
	if !ok || v.Written(r.Answers[v.ID]) == "" {
		return notFound("response.unknown")
	}
	if decision.Status != QuoteApproved {
		decision.Text, decision.Attribution = "", ""
		return nil
	}
	tidy(&decision.Text, &decision.Attribution)
	if asWritten(decision.Text, r.Answers[v.ID].Text) {
		decision.Cleared = true
	}
	switch {
	case !plain(decision.Text, "\t\r\n"):
		return invalid("text", "quote.unreadable")
	case !plain(decision.Attribution, ""):
		return invalid("attribution", "quote.unreadable")
	case !Consented(instrument, v, r.Answers):
		return invalid("text", "quote.no_consent")
	case decision.Text == "":
		return invalid("text", "quote.needs_words")
	case utf8.RuneCountInString(decision.Text) > maxQuote:
		return invalid("text", "quote.too_long", maxQuote)
	case utf8.RuneCountInString(decision.Attribution) > 80:
		return invalid("attribution", "quote.attribution_too_long")
	}
	return nil
}

// asWritten reports whether a quote is the whole answer, word for word; a form
// sends other line breaks than are kept.
func asWritten(quote, answer string) bool {
	return strings.ReplaceAll(quote, "\r\n", "\n") == strings.TrimSpace(answer)
}

// Quote is an approved passage, with where it comes from.
type Quote struct {
	Response    ResponseID
	Variable    questionnaire.ItemID
	Text        string
	Attribution string
	Approved    time.Time
}

// Quotes lists the approved quotes of the dataset, oldest decision first. Consent
// is asked for again by the caller, which has the response.
func (d *Dataset) Quotes() []Quote {
	var quotes []Quote
	for _, r := range d.Readings {
		if r.Status == QuoteApproved {
			quotes = append(quotes, Quote{r.Response, r.Variable, r.Text, r.Attribution, r.At})
		}
	}
	slices.SortFunc(quotes, func(a, b Quote) int {
		if c := a.Approved.Compare(b.Approved); c != 0 {
			return c
		}
		return strings.Compare(string(a.Response)+string(a.Variable), string(b.Response)+string(b.Variable))
	})
	return quotes
}
