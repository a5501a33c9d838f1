package exports

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// Publication writes the workbook that may leave: figures of groups and approved
// quotes, and no row of anybody. r must have been built with a profile, which has
// taken out whatever few people are behind; the workbook prints r and works nothing
// out from the responses, so that what is hidden is not in the file at all.
//
// Its sheets, in order: Cover, Contents, Headlines, Reach, Outcomes, Item
// distributions, Breakdowns, Quotes, Notes. No figure is a blank cell: [c] is hidden
// to protect a small group, [x] cannot be worked out, [z] does not apply.
func Publication(ctx context.Context, w io.Writer, d *surveys.Dataset, r *outcomes.Report, opt Options) error {
	if r.Profile == surveys.ProfileRows {
		return fmt.Errorf("publication of strand %s: its report hides nothing", d.Strand.ID)
	}
	b := newBook(d, r).with(opt)
	defer func() { _ = b.file.Close() }() // temporary files of excelize; it makes none here
	b.public = true
	if err := b.published(ctx, w); err != nil {
		return fmt.Errorf("publication of strand %s: %w", d.Strand.ID, err)
	}
	return nil
}

func (b *book) published(ctx context.Context, w io.Writer) error {
	if err := b.publicCover(); err != nil {
		return err
	}
	if err := b.publicContents(); err != nil {
		return err
	}
	if err := b.summaries(nil); err != nil {
		return err
	}
	if err := b.items(); err != nil {
		return err
	}
	if err := b.breakdowns(b.table); err != nil {
		return err
	}
	if err := b.publicQuotes(ctx); err != nil {
		return err
	}
	if err := b.publicNotes(); err != nil {
		return err
	}
	if err := b.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	if b.styles.err != nil {
		return b.styles.err
	}
	return b.write(ctx, w)
}

// publicCover adds the first sheet.
func (b *book) publicCover() error {
	p := b.page(sheetCover, tabRead, []column{{"About this workbook", 30, lookStrong}, {"Details", 100, lookText}})
	p.title(b.report.Programme+": results", b.report.Title)
	var rows [][]any
	for _, detail := range b.publicDetails() {
		if detail.text != "" {
			rows = append(rows, []any{detail.about, detail.text})
		}
	}
	p.table("Details", rows)
	p.keep(b.onOnePage(sheetCover))
	return p.finish()
}

func (b *book) publicDetails() []note {
	return append(b.aboutStrand(), []note{
		{"Answers from", b.months()},
		{"Who is in it", b.filterWords()},
		{"Protecting people", b.profileWords()},
		{"Signs in cells", "[c] is hidden to protect a small group, [x] cannot be worked out, [z] does not apply. The column “Why empty” says more; it is blank where every figure of its row is shown."},
		{"Made", b.exported()},
		{"Contents", "The sheet Contents lists the sheets and leads to each."},
		{"Contact", b.options.Contact},
	}...)
}

// months is when the answers came in, by month: a day could be one person's.
func (b *book) months() string {
	month := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		if b.report.Profile != surveys.ProfilePublished { // which holds months, not times
			t = t.In(b.zone())
		}
		return t.Format("January 2006")
	}
	first, last := month(b.report.First), month(b.report.Last)
	if first == last {
		return first
	}
	return first + " to " + last
}

// publicContents adds the sheet that leads to all others.
func (b *book) publicContents() error {
	p := b.page(sheetContents, tabRead, []column{{"Sheet", 26, lookText}, {"What is on it", 100, lookText}})
	p.title("Contents", "One table. Each name leads to its sheet.")
	var rows [][]any
	for _, sheet := range []note{
		{sheetCover, "What this workbook is, and how people are protected in it"},
		{sheetHeadlines, b.headlinesAbout()},
		{sheetReach, "Who took part"},
		{sheetOutcomes, upperFirst(b.outcomesAbout()) + ": every measure over everyone, with charts"},
		{sheetItems, "Each item of a measure as shares of answers"},
		{sheetBreakdowns, "The same measures by group"},
		{sheetQuotes, "What people wrote, where they agreed to be quoted and a person approved it"},
		{sheetNotes, "How each figure is worked out, and what the signs mean"},
	} {
		rows = append(rows, []any{link{sheet.about, sheet.about, "A1"}, sheet.text})
	}
	p.table("Contents", rows)
	p.keep(b.onOnePage(sheetContents))
	return p.finish()
}

// quotesHead is the row of the heading of Quotes, below the sentences of balance.
const quotesHead = 16

// publicQuotes adds the sheet of approved quotes.
func (b *book) publicQuotes(ctx context.Context) error {
	sheet, err := QuotesOf(ctx, Material{Data: b.data, Report: b.report, Options: b.options})
	if err != nil {
		return err
	}
	p := b.page(sheetQuotes, tabQuotes, []column{
		{"Quote", 9, lookNumber(asPlain)}, {"What they wrote", 74, lookWords}, {"Who", 36, lookText},
		{"Themes", 30, lookText}, {"Outcome", 30, lookText}, {"How it sounds", 14, lookText},
	})
	p.title(sheetQuotes, append([]string{"One table. Only the words of people who agreed to be quoted, read and approved by a person. [Brackets] stand for what was replaced. A blank cell means that nothing was said about it."}, sheet.Balance...)...)
	p.from(quotesHead)
	var rows [][]any
	for i, one := range sheet.Rows {
		rows = append(rows, []any{i + 1, one.Text, one.Attribution(), strings.Join(one.Themes, ", "), one.Outcome, upperFirst(string(one.Sentiment))})
	}
	if len(rows) == 0 {
		rows = [][]any{{mark(outcomes.NotApplicable), "There is no quote that may be shown here.", "", "", "", ""}}
	}
	p.repeated(p.table("Quotes", rows))
	return p.finish()
}

// publicNotes adds the sheet that says how each figure is worked out.
func (b *book) publicNotes() error {
	return b.notePage("One table. How the figures are worked out, and what the signs mean.", b.publicNoteList())
}

func (b *book) publicNoteList() []note {
	list := []note{
		{"What this file is", "Figures of one strand of a programme, as its screen and programming interface show them. It holds no row of any person."},
		{"[c]", "Hidden to protect people. " + b.profileWords()},
		{"[x]", "Cannot be worked out. The column “Why empty” of the row says why."},
		{"[z]", "Does not apply: the figure has no meaning for this row."},
	}
	list = append(list, b.designNotes()...)
	list = append(list, note{"Rounding", b.roundingWords()})
	if b.options.Contact != "" {
		list = append(list, note{"Contact", b.options.Contact})
	}
	return list
}

func (b *book) roundingWords() string {
	words := "Figures are shown rounded and worked out before rounding, so that a change can differ by one in the last digit from the figures beside it."
	if b.report.Profile == surveys.ProfilePublished {
		words += " Counts of people are rounded to the nearest 5: they need not add up, and a percentage need not be that of the counts beside it."
	}
	return words
}

// profileWords say what is hidden of small groups.
func (b *book) profileWords() string {
	words := fmt.Sprintf("figures of fewer than %s are hidden, and of others as many as would give one of these away", people(b.report.Profile.Smallest(b.data.Programme)))
	if b.report.Profile == surveys.ProfilePublished {
		words += "; counts of people are rounded to the nearest 5"
	}
	return upperFirst(words) + "."
}

// shorthand is what stands in a cell without a figure.
func (p *page) shorthand(reason outcomes.Reason) any {
	if !p.book.public {
		return nil
	}
	switch reason {
	case outcomes.Suppressed:
		return "[c]"
	case outcomes.NotApplicable, "":
		return "[z]"
	}
	return "[x]"
}
