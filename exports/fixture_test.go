package exports_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// origin is when the first response came in; nothing here asks the clock.
var origin = time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC) // an hour before British Summer Time

// world is a small programme in a real store.
type world struct {
	tb        testing.TB
	ctx       context.Context
	store     surveys.Store
	service   *surveys.Service
	programme surveys.Programme
	cohorts   []surveys.Cohort
	links     map[string]surveys.Link // by "cohort wave"
}

// strand is the only strand of a world.
const strand surveys.StrandID = "people"

func newWorld(tb testing.TB, design surveys.Design, definition string) *world {
	tb.Helper()
	return newWorldIn(tb, storetest.SQLite(tb), design, must(os.ReadFile("testdata/"+definition)))
}

func newWorldIn(tb testing.TB, store surveys.Store, design surveys.Design, definition []byte) *world {
	tb.Helper()
	w := &world{tb: tb, store: store, links: map[string]surveys.Link{}}
	clock := origin.AddDate(0, 0, -30)
	now := func() time.Time { clock = clock.Add(time.Second); return clock }
	w.service = surveys.NewService(store, now, rand.NewChaCha8([32]byte{1}))
	owner := must(w.service.SetUp(tb.Context(), must(w.service.SetUpSecret(tb.Context())), "A. Evaluator", "a@example.org", "correct horse battery"))
	w.ctx = surveys.WithAccount(tb.Context(), owner)
	w.publish("form", definition)
	w.programme = must(w.service.CreateProgramme(w.ctx, surveys.Programme{
		Name: "Walking & talking", Zone: "Europe/London", SmallestGroup: 5, Demo: true, Targets: surveys.Targets{People: 10},
		Strands: []surveys.Strand{{ID: strand, Title: "People", Audience: surveys.AudienceParticipant, Design: design,
			Questionnaire: "form", Block: block(design), Role: "Participant"}},
	}))
	owner.Roles = map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: surveys.Roles()}
	w.ctx = surveys.WithAccount(tb.Context(), owner)
	place := must(w.service.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Hill Centre", Phase: "Adults"}))
	for _, name := range []string{"Spring", "=Autumn"} {
		w.addCohort(name, place.ID, design)
	}
	w.service = w.service.At(origin.AddDate(1, 0, 0))
	return w
}

func block(design surveys.Design) surveys.Block {
	if design == surveys.DesignPrePost || design == surveys.DesignPrePostFollowUp {
		return surveys.BlockCohort
	}
	return ""
}

func (w *world) addCohort(name string, place surveys.InstitutionID, design surveys.Design) {
	cohort := must(w.service.CreateCohort(w.ctx, surveys.Cohort{
		Programme: w.programme.ID, Institution: place, Name: name, Expected: map[surveys.StrandID]int{strand: 12},
	}))
	w.cohorts = append(w.cohorts, cohort)
	for _, wave := range design.Waves() {
		w.links[fmt.Sprint(len(w.cohorts)-1, " ", wave)] = must(w.service.CreateLink(w.ctx, surveys.Link{
			Programme: w.programme.ID, Strand: strand, Cohort: cohort.ID, Wave: wave,
		}))
	}
}

func (w *world) publish(id questionnaire.ID, definition []byte) {
	w.tb.Helper()
	must(w.service.Publish(w.ctx, id, must(questionnaire.ParseDefinition(definition))))
}

// add sends one response n days after the origin.
func (w *world) add(id string, cohort int, wave questionnaire.Wave, days int, code, answers string) {
	w.tb.Helper()
	submitted := origin.Add(time.Duration(days) * 24 * time.Hour)
	in := surveys.IncomingResponse{
		ID: surveys.ResponseID(id), Mode: surveys.ModePhone, Submitted: submitted, Started: submitted.Add(-5 * time.Minute),
		Answers: json.RawMessage(answers),
	}
	if code != "" {
		in.Code = map[string]string{"m2": code[:2], "dd": code[2:4], "s2": code[4:6], "mm": code[6:]}
	}
	link := w.links[fmt.Sprint(cohort, " ", wave)]
	must(w.service.Import(w.ctx, w.programme.ID, link.ID, []surveys.IncomingResponse{in}))
}

// put keeps a response as it is, whatever a form would say.
func (w *world) put(id string, answers questionnaire.Answers) {
	w.tb.Helper()
	err := w.store.PutResponse(w.ctx, surveys.Response{
		ID: surveys.ResponseID(id), Programme: w.programme.ID, Strand: strand, Cohort: w.cohorts[0].ID, Wave: questionnaire.WavePost,
		Questionnaire: "form", Version: 1, Language: "en", Mode: surveys.ModePaper, Status: surveys.StatusSubmitted,
		Started: origin, Submitted: origin.AddDate(0, 0, 60), Digest: id, Answers: answers,
	}, nil)
	if err != nil {
		w.tb.Fatal(err)
	}
}

func (w *world) decide(response, variable, text string) {
	w.tb.Helper()
	reading := surveys.Reading{Response: surveys.ResponseID(response), Variable: questionnaire.ItemID(variable), Cleared: true}
	if text != "" {
		reading.Status, reading.Text, reading.Attribution = surveys.QuoteApproved, text, "Participant"
	}
	if err := w.service.Decide(w.ctx, w.programme.ID, strand, reading); err != nil {
		w.tb.Fatal(err)
	}
}

func (w *world) dataset() (*surveys.Dataset, *outcomes.Report) {
	w.tb.Helper()
	data := must(w.service.Dataset(w.ctx, w.programme.ID, strand))
	return data, must(outcomes.Build(w.ctx, data, outcomes.Options{Made: origin.AddDate(0, 3, 0)}))
}

func (w *world) workbook(opt exports.Options) []byte {
	w.tb.Helper()
	var file bytes.Buffer
	data, report := w.dataset()
	if err := exports.Workbook(w.ctx, &file, data, report, opt); err != nil {
		w.tb.Fatal(err)
	}
	return file.Bytes()
}

// publication is the workbook that hides small groups as the profile says.
func (w *world) publication(profile surveys.Profile) []byte {
	w.tb.Helper()
	data := must(w.service.Dataset(w.ctx, w.programme.ID, strand))
	report := must(outcomes.Build(w.ctx, data, outcomes.Options{Made: origin.AddDate(0, 3, 0), Profile: profile}))
	var file bytes.Buffer
	if err := exports.Publication(w.ctx, &file, data, report, exports.Options{By: "A. Evaluator", Contact: "evaluation@example.org"}); err != nil {
		w.tb.Fatal(err)
	}
	return file.Bytes()
}

// open reads a workbook as excelize does.
func open(tb testing.TB, file []byte) *excelize.File {
	tb.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = f.Close() })
	return f
}

// must returns the value of a call that a fixture cannot do without.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// manyPairs is a world with figures to show: thirty people answer before and after in
// two cohorts, a few only once.
func manyPairs(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignPrePost, "wellbeing-1.json")
	for i := range 36 {
		code := fmt.Sprintf("%c%c%02d%c%c%02d", 'A'+i%26, 'B'+i*7%24, 1+i%28, 'C'+i*5%22, 'D'+i*3%20, 1+i%12)
		w.add(fmt.Sprintf("%026d", 100+i), i%2, "pre", i%20, code, fmt.Sprintf(`{"heard":"friend","w1":"%d","w2":"%d","stress":%d,"visits":"%s"}`, 1+i%3, 1+i*2%3, 4+i%6, []string{"yes", "no"}[i%2]))
		if i%9 != 0 {
			w.add(fmt.Sprintf("%026d", 200+i), i%2, "post", 60+i%20, code, fmt.Sprintf(`{"w1":"%d","w2":"%d","stress":%d,"visits":"%s","helped":["talk"],"recommend":%d}`,
				1+(i+1)%3, 1+i%3, 2+i*3%6, []string{"yes", "yes", "no"}[i%3], 6+i%5))
		}
	}
	return w
}
