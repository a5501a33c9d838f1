package exports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"soundings/surveys"
)

// decision is one line of the sheet Decisions: what a person decided, never what a
// respondent wrote, and no code.
type decision struct {
	at              time.Time
	by, about, what string
	response, other string // references
	question        string
	reason          string
}

// decisions gathers what people decided while the responses are read.
type decisions struct {
	data *surveys.Dataset
	list []decision
	grid *grid
}

// correct keeps the corrections of one response.
func (x *decisions) correct(r *surveys.Response) {
	for _, c := range r.History {
		x.list = append(x.list, decision{
			at: c.At, by: strings.Clone(c.Name), about: "Response", what: x.correction(&c), response: r.ID.Reference(),
			question: strings.Clone(string(c.Item)), reason: strings.Clone(c.Reason),
		})
	}
}

// correction is a correction in words. An answer is not told, neither the old nor the
// new one.
func (x *decisions) correction(c *surveys.Change) string {
	switch c.Action {
	case surveys.ActionMoved:
		return fmt.Sprintf("Moved from %s, %s, to %s, %s", x.data.Cohorts[c.Was.Cohort].Name, lowerFirst(waveName(c.Was.Wave)),
			x.data.Cohorts[c.Is.Cohort].Name, lowerFirst(waveName(c.Is.Wave)))
	case surveys.ActionCorrected:
		return "Answer corrected"
	case surveys.ActionExcluded:
		return "Left out of all results"
	case surveys.ActionDeleted:
		return "Deleted"
	case surveys.ActionTakenIn:
		return "Late answers taken in"
	case surveys.ActionVerified:
		return "Settled after a second pass over the paper form"
	case surveys.ActionUndone:
		return fmt.Sprintf("Change %d taken back", c.Undoes)
	}
	return string(c.Action)
}

// gather adds what was decided outside the responses themselves.
func (x *decisions) gather(ctx context.Context, keeps func(surveys.ResponseID) bool) error {
	log, err := x.data.Log(ctx)
	if err != nil {
		return err
	}
	for _, ruling := range x.data.Rulings {
		if keeps(surveys.ResponseID(ruling.Pre)) || keeps(surveys.ResponseID(ruling.Post)) {
			x.list = append(x.list, ruled(ruling))
		}
	}
	for _, reading := range x.data.Readings {
		if keeps(reading.Response) {
			x.list = append(x.list, read(reading, log.Names))
		}
	}
	for i := range log.Aside {
		x.correct(&log.Aside[i])
	}
	for _, entry := range log.SetUp {
		x.list = append(x.list, decision{at: entry.At, by: entry.Name, about: "Set-up", what: setUpWords(entry)})
	}
	slices.SortStableFunc(x.list, func(a, b decision) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.about, b.about), cmp.Compare(a.response, b.response), cmp.Compare(a.question, b.question))
	})
	return nil
}

// setUpWords are a change of the set-up in words.
func setUpWords(entry surveys.AuditEntry) string {
	words := upperFirst(strings.NewReplacer(".", " ", "_", " ").Replace(entry.Action))
	about := entry.What
	if id, number, ok := strings.Cut(about, "@"); ok {
		about = id + " version " + strings.TrimLeft(number, "0")
	}
	if about != "" {
		words += ": " + about
	}
	return words
}

// ruled is a ruling about two responses.
func ruled(r surveys.PairRuling) decision {
	what := "Not the same person"
	switch {
	case r.Lifted:
		what = "Earlier decision taken back"
	case r.Accepted:
		what = "The same person"
	}
	return decision{
		at: r.At, by: r.Name, about: "Pair", what: what, reason: r.Reason,
		response: surveys.ResponseID(r.Pre).Reference(), other: surveys.ResponseID(r.Post).Reference(),
	}
}

// read is what a reader decided about an open answer.
func read(r surveys.Reading, names map[surveys.AccountID]string) decision {
	what := "Held back"
	switch {
	case r.Status == surveys.QuoteApproved:
		what = "Approved as a quote"
	case r.Status == surveys.QuoteRefused:
		what = "Refused as a quote"
	case r.Cleared:
		what = "Cleared"
	}
	if r.Cleared && r.Status != surveys.QuoteNew {
		what += ", answer cleared"
	}
	return decision{at: r.At, by: cmp.Or(names[r.By], string(r.By)), about: "Open answer", what: what, response: r.Response.Reference(), question: string(r.Variable)}
}

// decisionColumns are the headings; they never change.
func decisionColumns() []column {
	text := func(head string, width float64) column { return column{head: head, width: width} }
	return []column{
		text("decided_at", 20), text("decided_by", 26), text("about", 16), text("decision", 48),
		text("response", 34), text("other_response", 34), text("question", 28), text("reason", 60),
	}
}

// write makes the sheet's rows.
func (x *decisions) write(b *book, opt Options) (err error) {
	if x.grid, err = newGrid(sheetDecisions, "Decisions", decisionColumns(), opt); err != nil {
		return err
	}
	when, text := b.styles.id(look{format: asTime, size: dataSize, indent: 1}), b.styles.id(lookData)
	for _, one := range x.list {
		if err := x.grid.begin(); err != nil {
			return err
		}
		if at, ok := serial(one.at, b.zone()); ok {
			x.grid.encoder.number(0, when, at)
		}
		for i, words := range []string{one.by, one.about, one.what, one.response, one.other, one.question, one.reason} {
			x.grid.encoder.text(i+1, text, words)
		}
		if err := x.grid.end(); err != nil {
			return err
		}
	}
	return x.grid.seal()
}

func (x *decisions) close() {
	if x != nil && x.grid != nil {
		x.grid.close()
	}
}
