package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/storetest"
)

const (
	apiEmail    = "owner@example.org"
	apiPassword = "a password nobody logs"
)

// keptLog is a log that a test reads.
type keptLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *keptLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *keptLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// apiClient is a program that uses the API of a new installation with the token
// of its owner.
type apiClient struct {
	tb      testing.TB
	service *surveys.Service
	server  *app.Server
	store   surveys.Store
	log     *keptLog
	owner   context.Context
	token   string
	doc     *openapi3.T
}

func newAPIClient(tb testing.TB) *apiClient {
	tb.Helper()
	a := &apiClient{tb: tb, store: storetest.SQLite(tb), log: &keptLog{}, doc: description(tb)}
	a.service = surveys.NewService(a.store, time.Now, rand.Reader)
	secret, err := a.service.SetUpSecret(tb.Context())
	a.must(err)
	account, err := a.service.SetUp(tb.Context(), secret, "Olu Owner", apiEmail, apiPassword)
	a.must(err)
	a.owner = surveys.WithAccount(tb.Context(), account)
	a.token, err = a.service.CreateAPIToken(a.owner, fullWish("tests"))
	a.must(err)
	debug := slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a.server, err = app.New(a.service, app.Config{BaseURL: "https://feedback.example.org"}, debug)
	a.must(err)
	return a
}

func (a *apiClient) must(err error) {
	a.tb.Helper()
	if err != nil {
		a.tb.Fatal(err)
	}
}

// with is the same client with another token.
func (a *apiClient) with(token string) *apiClient {
	other := *a
	other.token = token
	return &other
}

// reply is what the API answered, as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// problem is what the API says is wrong.
type problem struct {
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Key       string `json:"key"`
	Field     string `json:"field"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Control string `json:"control"`
		Message string `json:"message"`
	} `json:"errors"`
}

// call sends one request and checks the answer against the description.
func (a *apiClient) call(method, path, body string) reply {
	a.tb.Helper()
	return a.send(method, path, body, "application/json")
}

func (a *apiClient) send(method, path, body, contentType string) reply {
	a.tb.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if a.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.token)
	}
	response, err := a.server.Fiber().Test(request, -1)
	a.must(err)
	defer func() { a.must(response.Body.Close()) }()
	raw, err := io.ReadAll(response.Body)
	a.must(err)
	r := reply{response.StatusCode, response.Header, raw}
	a.wantDescribed(method, path, r)
	return r
}

// want calls and checks the status; with 2xx it reads the answer into result.
func (a *apiClient) want(status int, method, path, body string, result any) {
	a.tb.Helper()
	r := a.call(method, path, body)
	if r.status != status {
		a.tb.Fatalf("%s %s = %d %s, want %d", method, path, r.status, shortened(r.body), status)
	}
	if result != nil {
		a.must(json.Unmarshal(r.body, result))
	}
}

func shortened(body []byte) string { return string(body[:min(len(body), 600)]) }

// refused calls and checks that the answer is a problem with that status and key.
func (a *apiClient) refused(status int, key, method, path, body string) problem {
	a.tb.Helper()
	return a.wantProblem(a.call(method, path, body), status, key)
}

func (a *apiClient) wantProblem(r reply, status int, key string) problem {
	a.tb.Helper()
	var p problem
	if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
		a.tb.Fatalf("answer = %d %s %s, want a problem", r.status, kind, shortened(r.body))
	}
	a.must(json.Unmarshal(r.body, &p))
	if r.status != status || p.Status != status || p.Key != key {
		a.tb.Fatalf("problem = %d %s, want %d %s", r.status, shortened(r.body), status, key)
	}
	if p.RequestID == "" || p.Detail == "" || p.Detail == p.Key || strings.Contains(p.Detail, "{0}") {
		a.tb.Errorf("problem = %s, want a request id and a sentence", shortened(r.body))
	}
	return p
}

// description is the OpenAPI document, read from the source.
func description(tb testing.TB) *openapi3.T {
	tb.Helper()
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		tb.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		tb.Fatalf("openapi.json: %v", err)
	}
	return doc
}

var pathParameter = regexp.MustCompile(`\\\{[a-z]+\\\}`)

// operation finds what the document says of a request.
func operation(doc *openapi3.T, method, path string) *openapi3.Operation {
	path, _, _ = strings.Cut(path, "?")
	for template, item := range doc.Paths.Map() {
		form := "^" + pathParameter.ReplaceAllString(regexp.QuoteMeta(template), "[^/]+") + "$"
		if regexp.MustCompile(form).MatchString(path) {
			return item.GetOperation(method)
		}
	}
	return nil
}

// wantDescribed checks an answer against the schema that the document gives it.
func (a *apiClient) wantDescribed(method, path string, r reply) {
	a.tb.Helper()
	op := operation(a.doc, method, path)
	if op == nil {
		if r.status != http.StatusNotFound {
			a.tb.Errorf("%s %s = %d is not in openapi.json", method, path, r.status)
		}
		return
	}
	described := op.Responses.Status(r.status)
	if described == nil {
		described = op.Responses.Default()
	}
	kind := r.header.Get("Content-Type")
	media := described.Value.Content.Get(kind)
	if media == nil {
		a.tb.Errorf("%s %s = %d %s, which openapi.json does not name", method, path, r.status, kind)
		return
	}
	if !strings.Contains(kind, "json") {
		return
	}
	var value any
	a.must(json.Unmarshal(r.body, &value))
	if err := media.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()); err != nil {
		a.tb.Errorf("%s %s = %d is not as described: %v\n%s", method, path, r.status, err, shortened(r.body))
	}
}
