package browsertest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// client asks the API. It sets up what the tests answer: a programme of their
// own, with a cohort and a link for each test.
type client struct {
	token     string
	programme string
}

// strand is one questionnaire of the demonstration, asked in the tests' programme.
type strand struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	Audience      string `json:"audience"`
	Design        string `json:"design"`
	Questionnaire string `json:"questionnaire"`
	Block         string `json:"block,omitempty"`
	Role          string `json:"role"`
}

// strands ask every questionnaire of the demonstration, which together have
// every kind of item.
var strands = []strand{
	{"parents", "Parents", "participant", "pre_post", "parenting", "cohort", "Parent"},
	{"pupils", "Pupils", "participant", "pre_post", "pupil_workshop", "cohort", "Pupil"},
	{"teachers", "Teachers", "teacher", "rating", "teacher_feedback", "", "Class teacher"},
	{"trainees", "Trainees", "trainee", "then_now", "trainee_day", "", "Trainee"},
	{"staff", "Council staff", "participant", "pre_post", "staff_training", "programme", "Council staff"},
}

// link is one link handed out for a test.
type link struct {
	Path           string // "/s/…"
	ID             string
	programme      string
	cohort, strand string
	wave           string
}

var (
	clientOnce sync.Once
	clientMade client
)

// api makes the client once, with a token that a page of the program gave out.
func api(t *testing.T) client {
	t.Helper()
	clientOnce.Do(func() {
		p := signedIn(t, desk)
		clientMade.token = createToken(p)
		clientMade.programme = clientMade.post(t, "/programmes", map[string]any{
			"name": "Answers of the browser's tests", "zone": "Europe/London", "strands": strands, "smallest_group": 1,
		})["id"].(string)
	})
	if clientMade.programme == "" {
		t.Fatal("the tests' programme could not be made")
	}
	return clientMade
}

// newLink makes a cohort and its link, open unless closes says otherwise.
func newLink(t *testing.T, strand, wave string) link {
	t.Helper()
	return newLinkUntil(t, strand, wave, time.Time{})
}

func newLinkUntil(t *testing.T, strand, wave string, closes time.Time) link {
	t.Helper()
	c := api(t)
	return c.newLink(t, c.programme, strand, wave, closes)
}

func (c client) newLink(t *testing.T, programme, strand, wave string, closes time.Time) link {
	t.Helper()
	cohort := c.post(t, "/programmes/"+programme+"/cohorts", map[string]any{"name": t.Name()})["id"].(string)
	asked := map[string]any{"strand": strand, "cohort": cohort, "wave": wave}
	if !closes.IsZero() {
		asked["closes"] = closes.UTC().Truncate(time.Millisecond)
	}
	made := c.post(t, "/programmes/"+programme+"/links", asked)
	return link{Path: "/s/" + made["token"].(string), ID: made["id"].(string), programme: programme, cohort: cohort, strand: strand, wave: wave}
}

// reading is the page of the open answers of who came by a link.
func (l link) reading() string {
	return "/programmes/" + l.programme + "/strands/" + l.strand + "/answers?cohort=" + l.cohort
}

// submitted counts the responses sent through a link.
func (l link) submitted(t *testing.T) int {
	t.Helper()
	c := api(t)
	rows, _ := c.ask(t, http.MethodGet, "/programmes/"+l.programme+"/progress", nil)["progress"].([]any)
	for _, row := range rows {
		r := row.(map[string]any)
		if r["cohort"] == l.cohort && r["strand"] == l.strand && r["wave"] == l.wave {
			n, _ := r["submitted"].(float64)
			return int(n)
		}
	}
	return 0
}

func (l link) wantSubmitted(t *testing.T, want int) {
	t.Helper()
	if got := l.submitted(t); got != want {
		t.Errorf("%d responses were stored, want %d", got, want)
	}
}

func (c client) post(t *testing.T, path string, body any) map[string]any {
	t.Helper()
	return c.ask(t, http.MethodPost, path, body)
}

func (c client) ask(t *testing.T, method, path string, body any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, product.base+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: status %d %v: %s", method, path, response.StatusCode, err, strings.TrimSpace(string(text)))
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}
