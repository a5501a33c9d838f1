package exports

import (
	"fmt"
	"slices"

	"soundings/surveys"
)

// notes adds the sheet that says how each figure is worked out.
func (b *book) notes(x *responses) error {
	return b.notePage("One table. How the figures are worked out, and what this file leaves out.", b.noteList(x))
}

func (b *book) notePage(lead string, list []note) error {
	p := b.page(sheetNotes, tabRead, []column{{"Note", 8, lookNumber(asPlain)}, {"About", 28, lookStrong}, {"What it means", 104, lookText}})
	p.title("Notes", lead)
	var rows [][]any
	for i, n := range list {
		rows = append(rows, []any{i + 1, n.about, n.text})
	}
	p.repeated(p.table("Notes", rows))
	return p.finish()
}

// note is one row of Notes.
type note struct{ about, text string }

func (b *book) noteList(x *responses) []note {
	list := []note{
		{"What this file is", "The rows of one strand of a programme and the figures worked out from them. Every figure is the one that the screen and the programming interface show."},
		{"Personal data", "It holds rows of people, and words that they wrote. It is for evaluators only. For others, pass on Headlines or Outcomes, not this file."},
	}
	list = append(list, b.designNotes()...)
	list = append(list,
		note{"Rounding", "Figures are shown rounded and worked out before rounding, so that a change can differ by one in the last digit from the figures beside it."},
		note{"Empty figures", "A figure that cannot be worked out is an empty cell, never 0. The column “Why empty” says why."},
		note{"Small groups", fmt.Sprintf("Nothing is hidden in this file, because the rows are in it too. Before you publish: summaries of fewer than %s can show what one of them answered. [c] marks a figure that was hidden all the same.", people(b.report.Smallest))},
		note{"No answer", noAnswerNote},
		note{"Several choices", "One column holds all codes of an answer, and a column a choice holds 1 or 0. Both are blank if the question was not asked or not answered: 0 means that it was answered without this choice."},
		note{"Versions", "A question that kept its variable name over versions has one column. Where a version did not ask it, the cell is [not asked] in words and blank in codes; the Codebook says which did."},
		note{"Order of columns", "Columns stand in the order in which versions of the questionnaire brought them: what the first had, then what each later one added, at the end. So a chart, macro or script that was made for an earlier export finds each column where it was."},

		note{"Notes on quality", "hurried: fewer than two seconds an answer. straight_lined: the same point in five rows or more of one scale. same_code: another response of this wave has the same code. same_device: another came from the same phone through the same link. half_empty: fewer than half of what was asked was answered. code_unknown: it came with the code of a card that was not given out. code_other_cohort: with that of another cohort's card. same_id_other_answers: another form came in under the same number; both are kept. late: it came after its link had closed. A note is something to look at: nothing is left out because of it."},
		note{"Left out", leftOut(x.data.LeftOut)},
		note{"Times", fmt.Sprintf("Dates and times are on the clock of %s. The column submitted_iso holds the same with the offset from UTC.", x.data.Programme.Zone)},
	)
	return append(list, b.textNotes(x)...)
}

// leftOut says which responses are not in the file.
func leftOut(n surveys.LeftOut) string {
	if n.Withdrawn+n.Excluded+n.Deleted+n.Held == 0 {
		return "Nothing that was sent is left out."
	}
	return fmt.Sprintf("Not in this file: %s by those who answered, %s by a person who said why, %s, and %s for a decision because they came late.",
		counted(n.Withdrawn, "response withdrawn", "responses withdrawn"), counted(n.Excluded, "left out", "left out"),
		counted(n.Deleted, "deleted", "deleted"), counted(n.Held, "waits", "wait"))
}

// textNotes tell about words, and what could not be kept of them.
func (b *book) textNotes(x *responses) []note {
	cut, replaced := x.labels.encoder.marked()
	cut += b.cut
	list := []note{
		{"Open answers", fmt.Sprintf("What people wrote is left out until a person has read and cleared it: %s on the sheet %s. %s stands for words nobody has read, %s for words that were read and not cleared.",
			counted(x.withheld, "answer is withheld", "answers are withheld"), sheetLabels, notYetRead, heldBack)},
		{"Text", "Answers are text cells, exactly as written, even where they begin with =, +, - or @. No program takes them for a formula. If you save a sheet as CSV that protection is lost: use the platform's CSV instead."},
		{"Texts that were cut", fmt.Sprintf("A cell holds 32,767 characters. %s: such a cell ends with “%s”.", counted(cut, "text was longer", "texts were longer"), cutMark[1:])},
		{"Characters replaced", fmt.Sprintf("Control characters cannot be in a workbook. %s them; they are replaced by \uFFFD.", counted(replaced, "text had", "texts had"))},
		{"Live figures", "Counts, means, change and shares of everyone on Outcomes are formulas on the table Pairs and carry the value that the platform worked out, so that what you see before and after your program calculates is the same: a check of both. All other cells are plain values, since a workbook of thousands of formulas is slow to open."},
		{"Matched pairs", "One row a person: of each measure, then of each item that was asked both times, before, after and change. Items are as they were answered, nothing is turned round; one whose answers have no numbers has its codes and no change. A measure and an item of one name are the same numbers."},
		{"Item distributions", "Among the people who answered the item both times, as on Outcomes; the sheet Answers has everyone."},
		{"Decisions", "What people decided about pairs, responses, open answers and the set-up. It holds no word of an answer: what was corrected is on the page of the response."},
	}
	if x.options.Contact != "" {
		list = append(list, note{"Contact", x.options.Contact})
	}
	return list
}

// designNotes explain the figures of Outcomes. A publication has neither alphas nor
// who was lost.
func (b *book) designNotes() []note {
	list := b.allDesignNotes()
	if b.public {
		list = slices.DeleteFunc(list, func(n note) bool { return n.about == headAlpha || n.about == headLost })
	}
	return list
}

func (b *book) allDesignNotes() []note {
	if b.ratesOnly() {
		return []note{
			{"Good answers", "The share of answers that the questionnaire's author counted as good before any came in. Its 95% interval is Wilson's."},
			{"Net promoter score", "The share of 9 and 10 minus the share of 0 to 6, from -100 to 100. It is shown from 10 answers on."},
			{headAlpha, alphaNote},
			{"No change", "The rater is not the one who was taught: a rating shows what people thought of it, never a change in anyone."},
		}
	}
	both := "people whose response before could be paired with one after, and who answered this measure in both"
	if b.report.Pairing == nil {
		both = "people who rated this measure both for then and for now"
	}
	lost := "Who is lost may differ from who stayed"
	if !b.public && b.report.Pairing != nil {
		lost += ": see “" + headLost + "”"
	}
	list := []note{
		{b.heads().both, "The " + both + ". Means, change, interval, effect and shares are theirs only."},
		{b.heads().rate, "People with both, as a share of those with the first. " + lost + "."},
		{"Change and 95% CI", "The mean of each person's second score minus the first. The interval is from the t distribution; of percentages it is Newcombe's for pairs."},
		{"Effect size", "Hedges' g: the mean change divided by the average standard deviation of the two sides, corrected for small numbers. Plus means better, also where lower scores are better. Roughly 0.2 is small, 0.5 medium, 0.8 large."},
		{"p value", "Two-sided, from the test that was fixed for the measure before the answers came in, which the column “Test of the p value” names. Of groups it is adjusted for looking at several (Holm). It says nothing about how big or important a change is."},
		{"Effect that leads", "The effect that was fixed for the measure before the answers came in; its sign is that of the change, after minus before. “Effect size” beside the change is always Hedges' g, turned so that plus is better, so that measures can be set side by side in the chart."},
		{"Improved, same, worse", "Any step counts, however small. Where the questionnaire's author set a smallest change that counts, before the answers came in, two further columns count from that."},
		{headGood, "The share, at the end, of answers that the questionnaire's author counted as good before any came in."},
		{headAlpha, alphaNote},
	}
	if b.report.Pairing != nil {
		where := " The column “paired” of the Responses sheets says it for each."
		if b.public {
			where = ""
		}
		list = append(list, note{"Pairing", "By the code that people gave each time, which is stored only as a keyed hash. Exact: all parts agree. Near: one part differs and nobody else is as near. Reviewed: a person decided. Ties are never guessed." + where},
			note{headLost, "Those who stayed minus those who were lost, in standard deviations of the first score. From 0.25 on, either way, the people with both are not like the others."})
	}
	return append(list, note{"No comparison group", "Nobody was asked who did not take part, so that time passing, being asked twice, and wishing to please can be part of any change."})
}

const noAnswerNote = "On the sheet of labels a cell without an answer says why, in brackets: [not asked], [passed over], [declined], [does not know], [withdrawn], and of paper [could not be read] and [two boxes ticked]. On the sheet of codes the same cell is blank: there are no codes such as -99. AVERAGE and COUNT pass over both. The Codebook counts each reason."

const alphaNote = "Cronbach's alpha of a scale, from people who answered all its questions. Below about 0.7 its questions do not hang together well."
