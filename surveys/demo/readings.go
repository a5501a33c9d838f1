package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
)

// What data/readings.csv says of an open answer. One that it does not name was
// read and cleared: harmless, and not quoted.
const (
	decisionApproved = "approved"
	decisionUnread   = "unread"
)

// decision is what a person decided about one open answer.
type decision struct {
	form    *form
	at      time.Time
	text    string // as it was written
	reading surveys.Reading
}

// readingBegan is when the evaluator began to read: after the last response.
var readingBegan = time.Date(2024, 9, 2, 8, 0, 0, 0, time.UTC)

// readDecisions returns a decision for every open answer of lines but the unread,
// in the order in which they were sent, a minute apart.
func readDecisions(lines []*filled) ([]decision, error) {
	table, err := readTable("data/readings.csv")
	if err != nil {
		return nil, err
	}
	said := make(map[string]map[string]string, len(table))
	for _, row := range table {
		said[row["response_id"]] = row
	}
	var decisions []decision
	for _, f := range slices.Backward(lines) {
		row := said[string(f.id)]
		if f.text() == "" || row["decision"] == decisionUnread {
			continue
		}
		at := readingBegan.Add(time.Duration(len(decisions)) * time.Minute)
		decisions = append(decisions, decision{f.form, at, f.text(), f.reading(row)})
	}
	return decisions, nil
}

// reading is what row says of the open answer of f; no row clears it. An answer
// that is quoted in other words is not cleared.
func (f *filled) reading(row map[string]string) surveys.Reading {
	r := surveys.Reading{Response: f.id, Variable: f.form.open, Cleared: true}
	if row["decision"] != decisionApproved {
		return r
	}
	r.Status, r.Text, r.Attribution = surveys.QuoteApproved, row["text"], row["attribution"]
	r.Cleared = r.Text == ""
	if r.Cleared {
		r.Text = f.text()
	}
	return r
}

// levels are how closely the quotes of a strand are attributed, where enough people
// share it: by their series, or by the phase of their institution.
var levels = map[surveys.StrandID]surveys.Level{"parents": surveys.LevelCohort, "trainees": surveys.LevelPhase}

// decide keeps one decision at the moment at which it was taken.
func (l *loader) decide(ctx context.Context, d decision) error {
	l.judge(&d)
	err := l.service.At(d.at).Decide(ctx, l.programme[d.form], d.form.strand.ID, d.reading)
	if err != nil {
		return fmt.Errorf("deciding about %s: %w", d.reading.Response, err)
	}
	l.progress()
	return nil
}
