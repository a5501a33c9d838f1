package questionnaire

import (
	"time"

	"soundings/surveys/expression"
)

// ID names a questionnaire, for ever, whatever its wording.
type ID string

// ItemID names an item, a row of a battery, a scale or a variable within its
// questionnaire: ^[a-z][a-z0-9_]{0,31}$, not ending in "_". It is the column
// name of exports, so it is never reused for another question.
type ItemID string

// Wave is one point of data collection.
type Wave string

// The waves. A then-and-now form and a rating are answered once, at WavePost.
const (
	WavePre      Wave = "pre"
	WavePost     Wave = "post"
	WaveFollowUp Wave = "follow_up"
)

// Definition is a questionnaire as its author writes it.
type Definition struct {
	Title     Text      `json:"title,omitempty"`
	Languages []string  `json:"languages,omitempty"` // BCP 47 tags; the first is the source language, the fall-back of all others
	Intro     Text      `json:"intro,omitempty"`
	Readers   Text      `json:"readers,omitempty"` // who reads the answers and how soon, shown before the first item
	Thanks    Text      `json:"thanks,omitempty"`
	Help      Text      `json:"help,omitempty"` // help numbers, shown on the thank-you page
	Parts     []Part    `json:"parts,omitempty"`
	Groups    []Group   `json:"groups,omitempty"` // in the order of their first items
	Scales    []Scale   `json:"scales,omitempty"`
	Measures  []Measure `json:"measures,omitempty"`

	SameCodes bool  `json:"same_codes,omitempty"` // choices of one item may share a code, told apart by their filter (allow_choice_duplicates)
	Sheet     Cells `json:"sheet,omitempty"`      // settings of the spreadsheet it came from that nothing here uses
}

// Cells are what a spreadsheet said, by heading, that the product does not use:
// kept so that an export gives it back.
type Cells map[string]string

// Part is a screenful of items: without JavaScript one page, with it one step.
// In a spreadsheet it is a group with the appearance field-list.
type Part struct {
	ID       ItemID `json:"id"`
	Name     string `json:"name,omitempty"` // in a spreadsheet, where that is not the id
	Title    Text   `json:"title,omitempty"`
	Waves    []Wave `json:"waves,omitempty"`    // asked only at these; empty: at every wave
	Relevant string `json:"relevant,omitempty"` // expression; asked only if it is true
	Auto     bool   `json:"auto,omitempty"`     // made by an import out of rows that no page held together
	Items    []Item `json:"items,omitempty"`
	Sheet    Cells  `json:"sheet,omitempty"`
}

// Group is items under one heading and one condition, on one part or over
// several. It never repeats.
type Group struct {
	ID       ItemID `json:"id"`
	Name     string `json:"name,omitempty"` // in a spreadsheet, where that is not the id
	In       ItemID `json:"in,omitempty"`   // the group that holds it
	Label    Text   `json:"label,omitempty"`
	Relevant string `json:"relevant,omitempty"` // expression
	Sheet    Cells  `json:"sheet,omitempty"`
}

// Kind is what sort of item it is; the list is in kinds.go.
type Kind string

// Item is one question, or one thing shown, whose id never changes. Which of
// the fields a kind uses is said beside them; a field that the kind does not
// use is refused by Check, so that nothing an author wrote is ignored.
type Item struct {
	ID       ItemID   `json:"id"`
	Kind     Kind     `json:"kind"`
	Label    Text     `json:"label,omitempty"`
	Hint     Text     `json:"hint,omitempty"`
	Required bool     `json:"required,omitempty"`
	Waves    []Wave   `json:"waves,omitempty"`    // asked only at these; empty: as its part
	Choices  []Choice `json:"choices,omitempty"`  // single_choice, multiple_choice, rating, then_now, faces, pictures, ranking; scale: words of points and choices with a meaning; scale_0_10: only choices with a meaning
	Rows     []Row    `json:"rows,omitempty"`     // rating, then_now
	Low      Text     `json:"low,omitempty"`      // scale_0_10, scale: what the lowest point means
	High     Text     `json:"high,omitempty"`     // scale_0_10, scale: what the highest point means
	Min      *float64 `json:"min,omitempty"`      // number, scale; inclusive
	Max      *float64 `json:"max,omitempty"`      // number, scale; inclusive
	Whole    bool     `json:"whole,omitempty"`    // number: no fractions
	Unit     Text     `json:"unit,omitempty"`     // number
	Quotable bool     `json:"quotable,omitempty"` // long_text: asks for words that may be quoted
	Consent  ItemID   `json:"consent,omitempty"`  // long_text: the consent item that allows quoting; required if Quotable
	Prompts  []Prompt `json:"prompts,omitempty"`  // linkage_code: the elements of a self-made code, 4 to 8; none if only cards are taken
	Card     bool     `json:"card,omitempty"`     // linkage_code: takes the code of an issued card; with prompts for who has none
	Wording  string   `json:"wording,omitempty"`  // consent: version of the consent wording, stored with the answer's version

	// Where it stands, and what decides about it. Expressions are the ODK XPath
	// subset of package expression, as their author wrote them; ${name} is the
	// Name or the ID of an item.
	Name              string `json:"name,omitempty"`               // in a spreadsheet and in expressions, where that is not the id
	Group             ItemID `json:"group,omitempty"`              // innermost group
	Relevant          string `json:"relevant,omitempty"`           // expression; asked only if it is true
	RequiredIf        string `json:"required_if,omitempty"`        // expression; needs an answer if it is true
	RequiredMessage   Text   `json:"required_message,omitempty"`   // instead of the product's own
	Constraint        string `json:"constraint,omitempty"`         // expression; "." is the answer; not asked of a blank one
	ConstraintMessage Text   `json:"constraint_message,omitempty"` // instead of the product's own
	Calculation       string `json:"calculation,omitempty"`        // expression; its value, which nobody can change
	Default           string `json:"default,omitempty"`            // what stands there at the start: text, a code, codes with blanks between, or an expression
	ReadOnly          string `json:"read_only,omitempty"`          // expression; shown and not to be changed if it is true
	Filter            string `json:"filter,omitempty"`             // expression over Choice.Columns; shows only the choices for which it is true

	// What some kinds use.
	List      string            `json:"list,omitempty"`      // choices: the name of their list in a spreadsheet
	Shuffle   bool              `json:"shuffle,omitempty"`   // single_choice, multiple_choice, ranking: another order for each person, kept with the answer
	Grid      bool              `json:"grid,omitempty"`      // rating: a table, where it fits a screen of 360 pixels
	Step      *float64          `json:"step,omitempty"`      // scale: from one point to the next
	Precision string            `json:"precision,omitempty"` // date: day, month, year
	From      string            `json:"from,omitempty"`      // hidden: link, start, end, today, nothing
	Audio     map[string]string `json:"audio,omitempty"`     // language to id of a recording that reads it aloud
	Picture   string            `json:"picture,omitempty"`   // id of a picture; statement: shown with it
	Alt       Text              `json:"alt,omitempty"`       // what the picture shows
	Breakdown bool              `json:"breakdown,omitempty"` // single_choice, faces, pictures, hidden from the link: results may be broken down by it
	Sensitive bool              `json:"sensitive,omitempty"` // the editor asks for "prefer not to say"
	Library   string            `json:"library,omitempty"`   // id in the library it was taken from
	Locked    bool              `json:"locked,omitempty"`    // its wording may not be changed
	Sheet     Cells             `json:"sheet,omitempty"`
}

// Row is one statement of a battery: an item of its own with shared choices.
type Row struct {
	ID    ItemID `json:"id"`
	Label Text   `json:"label,omitempty"`
}

// Choice is one allowed answer. Its code never changes; its label is per
// language; its score is what a measure counts (absent: not a number).
type Choice struct {
	Code    string   `json:"code"` // 1 to 200 printable characters, kept as written
	Label   Text     `json:"label,omitempty"`
	Score   *float64 `json:"score,omitempty"`
	Meaning Meaning  `json:"meaning,omitempty"`
	Columns Cells    `json:"columns,omitempty"` // for Item.Filter: the further columns of a spreadsheet
	Picture string   `json:"picture,omitempty"` // pictures: id of the picture; Label says what it shows
}

// Meaning marks the choices that are not an ordinary answer.
type Meaning string

const (
	MeaningOther     Meaning = "other"     // "other, please say": asks for words, kept in Answer.Text
	MeaningDeclined  Meaning = "declined"  // "prefer not to say": stored as Missing Declined
	MeaningDontKnow  Meaning = "dont_know" // stored as Missing DontKnow
	MeaningExclusive Meaning = "exclusive" // "none of these": excludes all other choices
)

// Prompt asks for one element of a self-made linkage code.
type Prompt struct {
	ID      ItemID `json:"id"`
	Label   Text   `json:"label,omitempty"`
	Hint    Text   `json:"hint,omitempty"`
	Element string `json:"element"`          // letters, day, month, count: how the answer is normalised and which control asks
	Length  int    `json:"length,omitempty"` // letters: how many, the last ones if negative
}

// Scale is items scored together into one number.
type Scale struct {
	ID          ItemID   `json:"id"`
	Label       Text     `json:"label,omitempty"`
	Items       []ItemID `json:"items,omitempty"` // variables
	Reverse     []ItemID `json:"reverse,omitempty"`
	Min         float64  `json:"min"`          // lowest score of one item
	Max         float64  `json:"max"`          // highest score of one item
	Method      string   `json:"method"`       // mean, sum (the mean of those answered times the number of items)
	MinAnswered int      `json:"min_answered"` // fewer answered items: no score
	Source      string   `json:"source,omitempty"`

	// What published instruments need; all optional.
	Round     bool        `json:"round,omitempty"`     // the sum to a whole number, half up, before what follows
	Multiply  float64     `json:"multiply,omitempty"`  // 0: by 1
	Table     []Lookup    `json:"table,omitempty"`     // raw whole number to score; a raw score that is not there has none
	Of        []ItemID    `json:"of,omitempty"`        // instead of Items: scales of which this is the sum
	Bands     []Band      `json:"bands,omitempty"`     // words for ranges of the score, lowest first
	Flags     []ScoreFlag `json:"flags,omitempty"`     // single answers a person should look at
	Direction string      `json:"direction,omitempty"` // higher, lower: which is better; "": not said
	Licence   string      `json:"licence,omitempty"`   // who allows its use, with address and date
	Library   string      `json:"library,omitempty"`   // id in the library it was taken from
}

// Lookup is one line of a published conversion table.
type Lookup struct {
	Raw   int     `json:"raw"`
	Score float64 `json:"score"`
}

// Band is what a range of scores is called; both ends inclusive. A score between
// two bands is rounded, half up, before it is looked up.
type Band struct {
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Label Text    `json:"label,omitempty"`
}

// ScoreFlag marks a response whose answer to one item reaches a number, as item 9 of the PHQ-9.
type ScoreFlag struct {
	Item    ItemID  `json:"item"`
	AtLeast float64 `json:"at_least"`
	Label   Text    `json:"label,omitempty"`
}

// Measure is what a report shows of a scale or a variable; direction, smallest
// change and top box are fixed here, before data arrive.
type Measure struct {
	ID        ItemID      `json:"id"`
	Label     Text        `json:"label,omitempty"`     // absent: the label of what it is of
	Of        ItemID      `json:"of"`                  // a scale, a variable, or the row of a then-and-now battery
	Before    ItemID      `json:"before,omitempty"`    // of a then-and-now row: the variable that asked the same before
	Type      MeasureType `json:"type"`                // score, binary, nps
	Direction string      `json:"direction,omitempty"` // higher (is better), lower
	MinChange *float64    `json:"min_change,omitempty"`
	Top       []float64   `json:"top,omitempty"`      // the values that count as a good answer, as [4, 5]
	TopText   Text        `json:"top_text,omitempty"` // binary: what those did who gave the answer that is counted, as "answered correctly"; absent: the answer's label
	Headline  bool        `json:"headline,omitempty"`
	Test      Test        `json:"test,omitempty"`   // that leads: t, wilcoxon, sign for a score, mcnemar for binary; "": by what it is of
	Effect    Effect      `json:"effect,omitempty"` // that leads: g_av, d_av, d_z, rank_biserial for a score, difference for binary; "": g_av or difference
}

// Test is the test that leads the result of a measure.
type Test string

// The tests. The last two are for designs in which nobody is linked: they stand in
// for t and for the others.
const (
	TestT           Test = "t"        // paired t test of the mean change
	TestWilcoxon    Test = "wilcoxon" // signed ranks
	TestSign        Test = "sign"
	TestMcNemar     Test = "mcnemar" // exact; of a yes or no
	TestWelch       Test = "welch"
	TestMannWhitney Test = "mann_whitney"
)

// Effect is the effect that leads the result of a measure.
type Effect string

// The effects. The last two are for designs in which nobody is linked.
const (
	EffectGAv          Effect = "g_av"          // mean change by the root of the mean variance, with Hedges's correction
	EffectDAv          Effect = "d_av"          // without it
	EffectDz           Effect = "d_z"           // mean change by the SD of the changes: for planning
	EffectRankBiserial Effect = "rank_biserial" // of the signed ranks
	EffectDifference   Effect = "difference"    // of percentages
	EffectGS           Effect = "g_s"
	EffectSuperiority  Effect = "superiority" // P(post > pre) and half of P(post = pre)
)

// MeasureType says how a measure is worked out.
type MeasureType string

const (
	MeasureScore  MeasureType = "score"
	MeasureBinary MeasureType = "binary" // scores 0 and 1
	MeasureNPS    MeasureType = "nps"    // a 0-10 recommendation, at the last wave only
)

// Version is one frozen wording of a questionnaire.
type Version struct {
	Questionnaire ID         `json:"questionnaire"`
	Number        int        `json:"number"` // from 1
	Definition    Definition `json:"definition"`
	Published     time.Time  `json:"published"`

	By         string            `json:"by,omitempty"`         // name of the account that published it
	Note       string            `json:"note,omitempty"`       // what changed and why
	Comparable []ItemID          `json:"comparable,omitempty"` // changed items and rows that the author said can be compared with the version before
	Replaced   map[ItemID]ItemID `json:"replaced,omitempty"`   // changed ones that cannot: id in the version before to id in this one

	// Logic holds the trees of all expressions, keyed by item, group or part and
	// slot: "age/relevant". A parser that is changed later reads nothing anew of a
	// published version. A version without it is parsed when it is compiled.
	Logic map[string]*expression.Tree `json:"logic,omitempty"`
}
