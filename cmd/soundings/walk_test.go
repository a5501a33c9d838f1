package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// walkDefinition asks one thing and who it is.
const walkDefinition = `{"title": {"en": "Your views"}, "languages": ["en"], "parts": [{"id": "one", "items": [
  {"id": "code", "kind": "linkage_code", "label": {"en": "Your code"}, "prompts": [
    {"id": "mother", "label": {"en": "Mother"}, "element": "letters", "length": 2},
    {"id": "day", "label": {"en": "Day"}, "element": "day"},
    {"id": "town", "label": {"en": "Town"}, "element": "letters", "length": 1},
    {"id": "older", "label": {"en": "Older"}, "element": "count"}]},
  {"id": "confident", "kind": "scale_0_10", "label": {"en": "How confident are you?"}, "low": {"en": "Not"}, "high": {"en": "Very"}},
  {"id": "words", "kind": "long_text", "label": {"en": "In your own words"}}]}],
  "measures": [{"id": "confident", "of": "confident", "type": "score", "direction": "higher", "label": {"en": "Confidence"}}]}`

// What is typed in the walk and must be found in no log.
const (
	walkMother = "Xanthippe"
	walkWords  = "zebra-crossing-confession"
	walkEmail  = "walker@example.org"
	walkSecret = "correct horse battery staple"
)

// TestWalk follows one answer from a phone's post to a workbook's cell, over
// both stores, and then reads the log for what was typed.
func TestWalk(t *testing.T) {
	for name, open := range map[string]func(testing.TB) surveys.Store{"sqlite": storetest.SQLite, "mongodb": storetest.Mongo} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			w := newWalk(t, open(t), &log)
			w.answer(t, questionnaire.WavePre, "4")
			w.answer(t, questionnaire.WavePost, "7")
			cells := w.codesSheet(t)
			wantCell(t, cells, "confident", []string{"4", "7"})
			for _, secret := range []string{walkMother, walkWords, walkEmail, walkSecret, w.tokens[questionnaire.WavePre]} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("the log holds %q", secret)
				}
			}
		})
	}
}

// walk is a running application with one programme.
type walk struct {
	server    *app.Server
	programme surveys.ProgrammeID
	tokens    map[questionnaire.Wave]string
}

func newWalk(t *testing.T, store surveys.Store, log io.Writer) walk {
	t.Helper()
	service := surveys.NewService(store, time.Now, rand.Reader)
	server, err := app.New(service, app.Config{}, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	must(t, err)
	id, tokens := setUpProgramme(t, service)
	return walk{server, id, tokens}
}

// setUpProgramme makes an account, a questionnaire, a programme with one cohort
// and its links before and after; it returns their tokens.
func setUpProgramme(t *testing.T, service *surveys.Service) (surveys.ProgrammeID, map[questionnaire.Wave]string) {
	t.Helper()
	ctx := signedIn(t, service)
	def, err := questionnaire.ParseDefinition([]byte(walkDefinition))
	must(t, err)
	_, err = service.Publish(ctx, "views", def)
	must(t, err)
	p, err := service.CreateProgramme(ctx, surveys.Programme{Name: "Walk", Zone: "Europe/London", SmallestGroup: 1, Strands: []surveys.Strand{{
		ID: "parents", Title: "Parents", Audience: surveys.AudienceParticipant, Design: surveys.DesignPrePost,
		Questionnaire: "views", Block: surveys.BlockCohort, Role: "Parent"}}})
	must(t, err)
	account, _ := surveys.AccountFrom(ctx)
	account.Roles = map[surveys.ProgrammeID][]surveys.Role{p.ID: surveys.Roles()}
	ctx = surveys.WithAccount(ctx, account)
	cohort, err := service.CreateCohort(ctx, surveys.Cohort{Programme: p.ID, Name: "Series 1"})
	must(t, err)
	tokens := map[questionnaire.Wave]string{}
	for _, wave := range surveys.DesignPrePost.Waves() {
		link, err := service.CreateLink(ctx, surveys.Link{Programme: p.ID, Strand: "parents", Cohort: cohort.ID, Wave: wave})
		must(t, err)
		tokens[wave] = link.Token
	}
	return p.ID, tokens
}

func signedIn(t *testing.T, service *surveys.Service) context.Context {
	t.Helper()
	secret, err := service.SetUpSecret(t.Context())
	must(t, err)
	account, err := service.SetUp(t.Context(), secret, "Walker", walkEmail, walkSecret)
	must(t, err)
	return surveys.WithAccount(t.Context(), account)
}

// answer posts one form as a phone does.
func (w walk) answer(t *testing.T, wave questionnaire.Wave, value string) {
	t.Helper()
	id, err := surveys.NewID(rand.Reader)
	must(t, err)
	form := filledForm(id, value)
	request := httptest.NewRequest(http.MethodPost, "/s/"+w.tokens[wave]+"/submit", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response := w.do(t, request)
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("submitting %s: status %d: %s", wave, response.StatusCode, body)
	}
}

// filledForm is what a phone posts.
func filledForm(id, value string) url.Values {
	return url.Values{"_id": {id}, "_lang": {"en"}, "confident": {value}, "words": {walkWords},
		"code__mother": {walkMother}, "code__day": {"7"}, "code__town": {"Leeds"}, "code__older": {"2"}}
}

func (w walk) do(t *testing.T, request *http.Request) *http.Response {
	t.Helper()
	response, err := w.server.Fiber().Test(request, -1)
	must(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// codesSheet signs in as a person does, downloads the workbook and reads the
// sheet of codes.
func (w walk) codesSheet(t *testing.T) [][]string {
	t.Helper()
	form := url.Values{"email": {walkEmail}, "password": {walkSecret}}
	request := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	signIn := w.do(t, request)
	request = httptest.NewRequest(http.MethodGet, "/programmes/"+string(w.programme)+"/strands/parents/workbook.xlsx", nil)
	for _, cookie := range signIn.Cookies() {
		request.AddCookie(cookie)
	}
	response := w.do(t, request)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("workbook: status %d", response.StatusCode)
	}
	book, err := excelize.OpenReader(response.Body)
	must(t, err)
	rows, err := book.GetRows("Responses (codes)", excelize.Options{RawCellValue: true})
	must(t, err)
	return rows
}

// wantCell checks a column of the sheet, whatever the order of its rows.
func wantCell(t *testing.T, rows [][]string, column string, want []string) {
	t.Helper()
	at := slices.Index(rows[0], column)
	if at < 0 {
		t.Fatalf("no column %q among %v", column, rows[0])
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[at])
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("column %q = %v, want %v", column, got, want)
	}
}

// ownerOf is a context of somebody who may do everything in a programme.
func ownerOf(programme surveys.ProgrammeID, t *testing.T) context.Context {
	return surveys.WithAccount(t.Context(), surveys.Account{ID: "owner", Name: "Walker", Owner: true, Roles: map[surveys.ProgrammeID][]surveys.Role{programme: surveys.Roles()}})
}
