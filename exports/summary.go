package exports

import (
	"context"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// SummaryDraft is the page that sums up a report, before it is laid out: what the
// report says, what people changed in it, and the quotes that there are to choose.
type SummaryDraft struct {
	Material Material
	Proposed []outcomes.Paragraph
	Edits    surveys.Summary
	Quotes   []QuoteRow // all that the profile allows
	Balance  []string   // how quotes and answers sound; stands beside any quote
}

// DraftSummary gathers the page of m, whose report has a profile. Errors are those
// of the dataset.
func DraftSummary(ctx context.Context, m Material) (SummaryDraft, error) {
	m.Options.Language = m.Options.language(m.Data)
	sheet, err := QuotesOf(ctx, m)
	if err != nil {
		return SummaryDraft{}, err
	}
	r := m.Report
	words := outcomes.SummaryWords{Language: m.Options.Language, Zone: m.Data.Programme.Location()}
	if !r.Filter.Empty() {
		words.Only = outcomes.FilterSentence(outcomes.FilterParts(m.Data, r.Filter, languageName)) + "."
	}
	return SummaryDraft{
		Material: m, Proposed: outcomes.Summary(r, words), Edits: m.Data.SummaryOf(r.Profile, r.Filter),
		Quotes: sheet.Rows, Balance: sheet.Balance,
	}, nil
}

// SummaryFixed reports whether a paragraph stands as it is: the caveat of the design
// is beside every result.
func SummaryFixed(id string) bool { return id == "limits:caveat" }

// Text is what a paragraph says in the end: somebody's own words, or what is proposed.
func (d *SummaryDraft) Text(p outcomes.Paragraph) string {
	if edit, ok := d.Edits.Edits[p.ID]; ok && !SummaryFixed(p.ID) {
		return strings.TrimSpace(edit.Text)
	}
	return p.Text
}

// Moved reports whether another sentence is proposed now than when somebody changed
// it: figures have moved, and the words may not fit them any more.
func (d *SummaryDraft) Moved(p outcomes.Paragraph) bool {
	edit, ok := d.Edits.Edits[p.ID]
	return ok && edit.Proposed != p.Text
}

// Chosen lists the quotes of the page: those that somebody chose, in that order, or
// the proposed ones.
func (d *SummaryDraft) Chosen() []QuoteRow {
	if !d.Edits.Chosen {
		return proposedQuotes(d.Quotes)
	}
	var rows []QuoteRow
	for _, key := range d.Edits.Quotes {
		for _, row := range d.Quotes {
			if surveys.SummaryQuote(row.Text) == key {
				rows = append(rows, row)
				break
			}
		}
	}
	return rows
}

// How many quotes a page has, and how long one may be to be proposed.
const (
	quotesOnPage = 3
	quoteLength  = 240 // bytes
)

// proposedQuotes takes the first of each tone, so that what is critical has its
// place, and fills up in the order of the list.
func proposedQuotes(all []QuoteRow) []QuoteRow {
	short := slices.DeleteFunc(slices.Clone(all), func(r QuoteRow) bool { return len(r.Text) > quoteLength })
	taken := map[int]bool{}
	for _, tone := range []surveys.Sentiment{surveys.SentimentPositive, surveys.SentimentMixed, surveys.SentimentNegative} {
		if i := slices.IndexFunc(short, func(r QuoteRow) bool { return r.Sentiment == tone }); i >= 0 {
			taken[i] = true
		}
	}
	for i := range short {
		if len(taken) < quotesOnPage {
			taken[i] = true
		}
	}
	var rows []QuoteRow
	for i, row := range short {
		if taken[i] {
			rows = append(rows, row)
		}
	}
	return rows
}

// summaryPage is the page laid out: what the HTML and the Word file print alike.
type summaryPage struct {
	Title, Subtitle string
	MadeUp          bool
	Lead            []string
	Sections        []summarySection
	Chart           *summaryChart
	Quotes          []summaryQuote
	Balance         string
	Method          []string
}

type summarySection struct {
	Part       outcomes.Part
	Title      string
	Paragraphs []string
}

type summaryQuote struct{ Text, Who string }

// Change reports whether the section is the one that the chart belongs to.
func (s summarySection) Change() bool { return s.Part == outcomes.PartChange }

// page lays the draft out.
func (d *SummaryDraft) page() summaryPage {
	r := d.Material.Report
	page := summaryPage{Title: r.Programme, Subtitle: r.Title, MadeUp: r.Demo, Chart: chartOf(r, d.Material.Options.Language)}
	for _, part := range outcomes.Parts() {
		texts := d.texts(part)
		switch part {
		case outcomes.PartLead:
			page.Lead = texts
		case outcomes.PartMethod:
			page.Method = texts
		default:
			if len(texts) > 0 {
				page.Sections = append(page.Sections, summarySection{part, outcomes.PartTitle(part, r.Design), texts})
			}
		}
	}
	for _, row := range d.Chosen() {
		page.Quotes = append(page.Quotes, summaryQuote{row.Text, row.Attribution()})
	}
	if len(page.Quotes) > 0 {
		page.Balance = strings.Join(d.Balance, " ")
	}
	return page
}

func (d *SummaryDraft) texts(part outcomes.Part) []string {
	var texts []string
	for _, p := range d.Proposed {
		if text := d.Text(p); p.Part == part && text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// summaryFormats are the formats of the page.
func summaryFormats() []Format {
	return []Format{
		{"summary.docx", "One-page summary for Word", "What changed and for whom in plain sentences, with a chart and approved quotes, to be edited further.", "docx", docxType, false, writeSummaryDocx},
		{"summary.html", "One-page summary to print", "The same page as a file for a browser: print it, or save it as PDF.", "html", "text/html; charset=utf-8", false, writeSummaryHTML},
	}
}

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
