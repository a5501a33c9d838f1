package exports

import (
	"fmt"
	"strings"
	"time"

	"soundings/surveys"
)

// cover adds the first sheet: what the file is, and where things are.
func (b *book) cover(x *responses) error {
	p := b.page(sheetCover, tabRead, []column{{"About this workbook", 30, lookStrong}, {"Details", 100, lookText}})
	p.title(b.report.Programme+": evaluation workbook", b.report.Title+b.period(b.zone()))
	var rows [][]any
	for _, detail := range b.details(x) {
		if detail.text != "" {
			rows = append(rows, []any{detail.about, detail.text})
		}
	}
	for _, sheet := range b.contents(x) {
		rows = append(rows, []any{"Sheet: " + sheet.about, link{sheet.text, sheet.about, "A1"}})
	}
	p.table("Details", rows)
	p.keep(b.onOnePage(sheetCover))
	return p.finish()
}

// period is when the answers came in.
func (b *book) period(zone *time.Location) string {
	first, last := day(b.report.First, zone), day(b.report.Last, zone)
	switch {
	case first == "":
		return ""
	case first == last:
		return ", " + first
	}
	return ", " + first + " to " + last
}

// details are the rows about the file.
func (b *book) details(x *responses) []note {
	r := b.report
	return append(b.aboutStrand(), []note{
		{"Responses", b.responseCounts()},
		{"Rows", b.rowCounts(x)},
		{"Pairs", b.pairCounts()},
		{"Questionnaire versions", b.versions(x)},
		{"Who is in it", b.filterWords()},
		{"Small groups", "Nothing is hidden: the rows are in the file too. It has no profile for publication."},
		{"Exported", b.exported()},
		{"Open answers", fmt.Sprintf("%s; %s not yet read by anyone and left out until then. %s approved as quotes.",
			counted(r.OpenAnswer.All, "open answer", "open answers"), grouped(r.OpenAnswer.Unread), grouped(r.OpenAnswer.Approved))},
		{"Blank cells", "Among the codes: not answered or not asked; the sheet of labels says which in the same cell. A figure that cannot be worked out is blank too, and its row says why."},
		{"Personal data", "Rows of people: for evaluators only. Store it and share it as personal data, and delete it when the programme's retention ends."},
		{"Contact", x.options.Contact},
	}...)
}

// aboutStrand are the rows that every Cover begins with.
func (b *book) aboutStrand() []note {
	r, programme := b.report, &b.data.Programme
	return []note{
		{"Programme", programme.Name},
		{"Purpose", programme.Purpose},
		{"Funder", fundedBy(programme)},
		{"Strand", r.Title},
		{"Design", designName(r.Design) + "."},
	}
}

func fundedBy(p *surveys.Programme) string {
	return strings.TrimSpace(p.Funder + " " + fundedPeriod(p.From, p.To))
}

func fundedPeriod(from, to string) string {
	if from == "" && to == "" {
		return ""
	}
	return "(" + strings.TrimSpace(from+" to "+to) + ")"
}

// responseCounts says how many came in at each wave.
func (b *book) responseCounts() string {
	total, parts := 0, []string{}
	for _, wave := range b.report.Responses {
		total += wave.Submitted
		part := grouped(wave.Submitted) + " " + lowerFirst(waveName(wave.Wave))
		if wave.Repeats > 0 {
			part += fmt.Sprintf(" (%s sent again and not counted in results)", grouped(wave.Repeats))
		}
		parts = append(parts, part)
	}
	text := counted(total, "submitted response", "submitted responses")
	if len(parts) > 1 {
		text += ": " + strings.Join(parts, ", ")
	}
	return fmt.Sprintf("%s, from %s in %s.", text, b.peopleCount(), counted(b.report.Reach.Cohorts, "cohort", b.report.Groups))
}

// peopleCount is how many took part, between two bounds if it is not known.
func (b *book) peopleCount() string {
	if reach := b.report.Reach; reach.PeopleAtMost > reach.People {
		return fmt.Sprintf("between %s and %s", grouped(reach.People), people(reach.PeopleAtMost))
	}
	if b.workshops() != nil {
		return counted(b.report.Reach.People, "rater", "raters")
	}
	return people(b.report.Reach.People)
}

// rowCounts states that no response was lost on the way.
func (b *book) rowCounts(x *responses) string {
	stored := 0
	for _, wave := range b.report.Responses {
		stored += wave.Submitted
	}
	text := fmt.Sprintf("%s stored as submitted; %s", counted(stored, "response", "responses"), counted(x.labels.rows(), "row", "rows"))
	text += fmt.Sprintf(" in %s and %s in %s.", sheetLabels, grouped(x.codes.rows()), sheetCodes)
	if further := x.labels.names()[1:]; len(further) > 0 {
		text += fmt.Sprintf(" A sheet holds %s rows, so they go on in %s, and likewise for the codes.", grouped(x.labels.limit-1), strings.Join(further, ", "))
	}
	for _, g := range []*grid{x.pairs.grid, x.decisions.grid} {
		if g != nil && len(g.sheets) > 1 {
			text += fmt.Sprintf(" %s goes on in %s.", g.name, strings.Join(g.names()[1:], ", "))
		}
	}
	if stored != x.total {
		text += " Responses came in, or were withdrawn, between the figures and the rows: export again to have both of one moment."
	}
	return text
}

func (b *book) pairCounts() string {
	s := b.report.Pairing
	if s == nil {
		return ""
	}
	text := fmt.Sprintf("%s matched of %s before and %s after", grouped(s.Matched), grouped(s.Pre), grouped(s.Post))
	if ways := some(amount{s.Exact, "exact"}, amount{s.Near, "near"}, amount{s.Reviewed, "reviewed"}); ways != "" {
		text += ": " + ways
	}
	text += "."
	if s.ForReview > 0 {
		text += " " + counted(s.ForReview, "more candidate waits", "more candidates wait") + " for review."
	}
	return text
}

// versions says which versions are pooled.
func (b *book) versions(x *responses) string {
	if len(b.report.Versions) == 0 && len(b.report.Variants) == 0 {
		return "No answers yet."
	}
	if forms := b.report.Variants; len(forms) > 0 {
		return "Variants and their versions: " + wordList(forms) + " together; a question that one of them did not ask is blank in its rows."
	}
	text := "Version " + numberList(b.report.Versions) + "."
	if len(b.report.Versions) > 1 {
		text = "Versions " + numberList(b.report.Versions) + " together; a question that a version did not ask is blank in its rows."
	}
	return text + " Latest: version " + fmt.Sprint(x.data.Latest.Version().Number) + "."
}

func (b *book) exported() string {
	if b.report.Made.IsZero() {
		return ""
	}
	made := b.report.Made.In(b.zone())
	text := made.Format("2 January 2006 at 15:04") + ", " + made.Format("MST") + " (" + b.data.Programme.Zone + ")"
	if b.options.By != "" {
		text += ", by " + b.options.By
	}
	return text + "."
}

// outcomesAbout says what the sheet Outcomes compares.
func (b *book) outcomesAbout() string { return strings.TrimPrefix(b.heads().title, "Outcomes: ") }

// sides are the two times of the design, after a comma; nothing if there is one.
func (b *book) sides() string {
	switch {
	case b.ratesOnly():
		return ""
	case b.report.Design == surveys.DesignThenNow, b.report.Design == surveys.DesignRating:
		return ", then and now"
	}
	return ", before and after"
}

// headlinesAbout says what is on Headlines, which has a chart where something moved.
func (b *book) headlinesAbout() string {
	if b.ratesOnly() {
		return "What people reported, in sentences you can paste"
	}
	return "What people reported, in sentences you can paste, with a chart where the figures are shown"
}

// contents says what is on each sheet.
func (b *book) contents(x *responses) []note {
	list := []note{
		{sheetHeadlines, b.headlinesAbout()},
		{sheetReach, "Who took part: by cohort, institution, phase, month and language"},
		{sheetOutcomes, upperFirst(b.outcomesAbout()) + ": every measure over everyone, with charts"},
	}
	list = append(list, note{sheetAnswers, "Every question: who answered what" + b.sides()},
		note{sheetItems, "Each item of a measure" + b.sides() + ", as shares of answers"})
	if b.data.Strand.Paired() {
		list = append(list, note{sheetUnmatched, "Who has no pair and why, and whether those who left were like those who stayed"})
	}
	list = append(list, note{sheetBreakdowns, "The measures of Outcomes by group"})
	for _, name := range x.decisions.grid.names() {
		list = append(list, note{name, "What people decided about pairs, responses, quotes and the set-up: who, when and why"})
	}
	list = append(list, note{sheetReliability, "How well the items of each scale hang together"})
	if b.data.Strand.Paired() {
		list = append(list, note{sheetSensitivity, "How far each result depends on who was paired, who left and who had room to move"})
	}
	list = append(list,
		note{sheetComparisons, "The follow-up, and then-and-now beside a measurement before"},
		note{sheetBands, "How many people were in which band of a scale"},
		note{sheetScales, "How each scale is worked out, where it comes from and who allows its use"})
	if x.pairs.grid != nil {
		for _, name := range x.pairs.grid.names() {
			list = append(list, note{name, "One row a person with both: the data behind Outcomes"})
		}
	}
	list = append(list, note{sheetQuotes, "What people wrote, where they agreed to be quoted and a person approved it"})
	for _, name := range x.labels.names() {
		list = append(list, note{name, "Every response, in words"})
	}
	for _, name := range x.codes.names() {
		list = append(list, note{name, "Every response, in numbers, with variable names for SPSS, R, Stata or Python"})
	}
	return append(list,
		note{sheetCodebook, "Every column: its question, its codes, who was asked, how many answered"},
		note{sheetNotes, "How each figure is worked out"})
}
