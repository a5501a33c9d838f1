package outcomes_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// heldResponses is a store that streams what a test holds, and nothing else.
type heldResponses struct {
	surveys.ResponseStore
	responses []surveys.Response
	linkages  []surveys.Linkage
	streams   int
}

func (h *heldResponses) Responses(ctx context.Context, _ surveys.ProgrammeID, _ surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		h.streams++
		for i := range h.responses {
			if err := ctx.Err(); err != nil {
				yield(surveys.Response{}, err)
				return
			}
			if !yield(h.responses[i], nil) {
				return
			}
		}
	}
}

func (h *heldResponses) Linkages(context.Context, surveys.ProgrammeID, surveys.StrandID) iter.Seq2[surveys.Linkage, error] {
	return func(yield func(surveys.Linkage, error) bool) {
		for _, l := range h.linkages {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// builder puts a dataset together.
type builder struct {
	testing.TB
	data surveys.Dataset
	held *heldResponses
}

// newDataset starts a dataset of one strand; each definition is a version.
func newDataset(t testing.TB, design surveys.Design, versions ...questionnaire.Definition) *builder {
	t.Helper()
	b := &builder{t, surveys.Dataset{
		Programme: surveys.Programme{ID: "p", Name: "Programme", Zone: "Europe/London", SmallestGroup: 5},
		Strand:    surveys.Strand{ID: "s", Title: "Strand", Audience: surveys.AudienceParticipant, Design: design, Questionnaire: "q", Block: surveys.BlockProgramme},
		Cohorts:   map[surveys.CohortID]surveys.Cohort{}, Institutions: map[surveys.InstitutionID]surveys.Institution{},
		Readings: map[surveys.ReadingKey]surveys.Reading{},
	}, &heldResponses{}}
	for i, def := range versions {
		v, err := questionnaire.Publish("q", i+1, def, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if b.data.Latest, err = questionnaire.Compile(v); err != nil {
			t.Fatal(err)
		}
		b.data.Instruments = append(b.data.Instruments, b.data.Latest)
	}
	return b
}

// variant adds a questionnaire that cohorts of a phase answer.
func (b *builder) variant(phase string, id questionnaire.ID, def questionnaire.Definition) *questionnaire.Instrument {
	b.Helper()
	v, err := questionnaire.Publish(id, 1, def, time.Unix(0, 0))
	if err != nil {
		b.Fatal(err)
	}
	compiled, err := questionnaire.Compile(v)
	if err != nil {
		b.Fatal(err)
	}
	b.data.Strand.Variants = append(b.data.Strand.Variants, surveys.StrandVariant{Phase: phase, Questionnaire: id})
	b.data.Instruments = append(b.data.Instruments, compiled)
	if b.data.Latest, err = questionnaire.Unite(b.data.Latest, compiled); err != nil {
		b.Fatal(err)
	}
	return compiled
}

func (b *builder) instrument(version int) *questionnaire.Instrument {
	return b.data.Instruments[version-1]
}

// place sets a cohort up, once.
func (b *builder) place(id surveys.CohortID, institution, phase string) {
	if _, ok := b.data.Cohorts[id]; ok {
		return
	}
	c := surveys.Cohort{ID: id, Name: string(id)}
	if institution != "" {
		c.Institution = surveys.InstitutionID(institution + phase)
		b.data.Institutions[c.Institution] = surveys.Institution{ID: c.Institution, Name: institution, Phase: phase}
	}
	b.data.Cohorts[id] = c
	b.data.CohortOrder = append(b.data.CohortOrder, id)
}

// add adds a response, with a linkage code of four letters if there is one.
func (b *builder) add(r surveys.Response, code string) {
	r.Programme, r.Strand, r.Questionnaire, r.Status = "p", "s", cmp.Or(r.Questionnaire, "q"), surveys.StatusSubmitted
	if r.Version == 0 {
		r.Version = 1
	}
	if r.Language == "" {
		r.Language = "en"
	}
	b.held.responses = append(b.held.responses, r)
	if code == "" {
		return
	}
	l := surveys.Linkage{Response: r.ID, Programme: "p", Strand: "s"}
	for i, letter := range strings.Split(code, "") {
		hash, err := pairing.Element(pairing.Key{1}, strconv.Itoa(i), letter)
		if err != nil {
			b.Fatal(err)
		}
		text, err := hash.MarshalText()
		if err != nil {
			b.Fatal(err)
		}
		l.Elements = append(l.Elements, string(text))
	}
	b.held.linkages = append(b.held.linkages, l)
}

func (b *builder) dataset() *surveys.Dataset { return surveys.NewDataset(b.data, b.held) }

// stored puts the responses into a SQLite file, by many writers at once, and
// returns a dataset that reads them from there.
func (b *builder) stored() *surveys.Dataset {
	b.Helper()
	store := storetest.SQLite(b.TB)
	linkages := map[surveys.ResponseID]*surveys.Linkage{}
	for i := range b.held.linkages {
		linkages[b.held.linkages[i].Response] = &b.held.linkages[i]
	}
	var writers errgroup.Group
	writers.SetLimit(64)
	for _, r := range b.held.responses {
		writers.Go(func() error { return store.PutResponse(b.Context(), r, linkages[r.ID]) })
	}
	if err := writers.Wait(); err != nil {
		b.Fatal(err)
	}
	return surveys.NewDataset(b.data, store)
}

// definition is a questionnaire of one part.
func definition(items []questionnaire.Item, scales []questionnaire.Scale, measures ...questionnaire.Measure) questionnaire.Definition {
	for i := range scales {
		scales[i].Label = words(string(scales[i].ID))
	}
	return questionnaire.Definition{
		Title: words("Title"), Languages: []string{"en"}, Scales: scales, Measures: measures,
		Parts: []questionnaire.Part{{ID: "part", Items: items}},
	}
}

func words(text string) questionnaire.Text { return questionnaire.Text{"en": text} }

func ids(list string) []questionnaire.ItemID {
	var all []questionnaire.ItemID
	for _, id := range strings.Fields(list) {
		all = append(all, questionnaire.ItemID(id))
	}
	return all
}

func rows(names ...string) []questionnaire.Row {
	all := make([]questionnaire.Row, len(names))
	for i, name := range names {
		all[i] = questionnaire.Row{ID: questionnaire.ItemID(name), Label: words(name)}
	}
	return all
}

// scored are choices c<low> to c<high> that score their number, and a way out.
func scored(low, high int) []questionnaire.Choice {
	var all []questionnaire.Choice
	for i := low; i <= high; i++ {
		score := float64(i)
		all = append(all, questionnaire.Choice{Code: fmt.Sprintf("c%d", i), Label: words(strconv.Itoa(i)), Score: &score})
	}
	return append(all, questionnaire.Choice{Code: "declined", Label: words("Prefer not to say"), Meaning: questionnaire.MeaningDeclined})
}

func rating(id string, low, high int, names ...string) questionnaire.Item {
	return questionnaire.Item{ID: questionnaire.ItemID(id), Kind: questionnaire.KindRating, Label: words(id), Choices: scored(low, high), Rows: rows(names...)}
}

func yesNo(id string) questionnaire.Item {
	return questionnaire.Item{ID: questionnaire.ItemID(id), Kind: questionnaire.KindSingleChoice, Label: words(id), Choices: scored(0, 1)}
}

func eleven(id string) questionnaire.Item {
	return questionnaire.Item{ID: questionnaire.ItemID(id), Kind: questionnaire.KindScale0To10, Label: words(id), Low: words("low"), High: words("high")}
}

func measureOf(id, of string, kind questionnaire.MeasureType, direction string) questionnaire.Measure {
	return questionnaire.Measure{ID: questionnaire.ItemID(id), Of: questionnaire.ItemID(of), Type: kind, Direction: direction}
}

func top(m questionnaire.Measure) questionnaire.Measure {
	m.Top = []float64{4, 5}
	return m
}
