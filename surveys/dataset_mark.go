package surveys

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"soundings/surveys/questionnaire"
)

// Mark changes whenever anything does that a report or a file on d is made of: what
// was gathered of the strand, and how many responses there are of which cohort, wave
// and status. A response that is replaced counts in Revised. Equal marks are of equal
// data; a mark tells nothing about them.
func (d *Dataset) Mark(ctx context.Context) (string, error) {
	counts, err := d.counts(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	to := json.NewEncoder(sum)
	for _, part := range append(d.parts(), counts) {
		if err := to.Encode(part); err != nil {
			return "", fmt.Errorf("marking strand %s: %w", d.Strand.ID, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

// parts are the fields of d, each as JSON can write it in one order. A test fails for
// a field that is missing.
func (d *Dataset) parts() []any {
	var versions []string
	for i := range d.Instruments {
		v := d.Instruments[i].Version()
		versions = append(versions, fmt.Sprintf("%s@%d", v.Questionnaire, v.Number))
	}
	var summaries []any // their revisions count up with each change
	for _, one := range d.Summaries {
		summaries = append(summaries, one, one.Revision)
	}
	return []any{
		d.Programme, d.Strand, d.Institutions, d.Cohorts, d.CohortOrder, d.Workshops, versions,
		d.Latest.Version().Questionnaire, d.Decisions, d.Rulings, byKey(d.Readings), d.Themes, byKey(d.Uses), summaries, d.LeftOut, d.Revised, byKey(d.Concerns), d.Watched,
	}
}

// byKey are keys and values of what JSON does not write.
func byKey[T any](of map[ReadingKey]T) []any {
	keys := slices.SortedFunc(maps.Keys(of), func(a, b ReadingKey) int {
		return cmp.Or(cmp.Compare(a.Response, b.Response), cmp.Compare(a.Variable, b.Variable))
	})
	pairs := make([]any, 0, 2*len(keys))
	for _, key := range keys {
		pairs = append(pairs, key, of[key])
	}
	return pairs
}

// strandCount is how many responses of a strand there are of one sort.
type strandCount struct {
	Cohort    CohortID
	Wave      questionnaire.Wave
	Status    Status
	Responses int
}

// counts are those of the strand, in one order.
func (d *Dataset) counts(ctx context.Context) ([]strandCount, error) {
	all, err := d.store.CountResponses(ctx, d.Programme.ID)
	if err != nil {
		return nil, fmt.Errorf("counting the responses of strand %s: %w", d.Strand.ID, err)
	}
	var counts []strandCount
	for key, n := range all {
		if key.Strand == d.Strand.ID {
			counts = append(counts, strandCount{key.Cohort, key.Wave, key.Status, n})
		}
	}
	slices.SortFunc(counts, func(a, b strandCount) int {
		return cmp.Or(cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.Status, b.Status))
	})
	return counts, nil
}

// submitted is how many responses Responses streams, or did when it was asked.
func (d *Dataset) submitted(ctx context.Context) (int, error) {
	counts, err := d.counts(ctx)
	n := 0
	for _, c := range counts {
		if c.Status == StatusSubmitted {
			n += c.Responses
		}
	}
	return n, err
}
