package surveys_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// caredRoom is a world with mail, a safeguarding lead and a deputy.
type caredRoom struct {
	*postRoom
	lead, deputy context.Context
}

func newCaredRoom(tb testing.TB, store surveys.Store) *caredRoom {
	tb.Helper()
	r := &caredRoom{postRoom: newPostRoom(tb, store)}
	r.colleague(tb, "lead@school.example")
	r.colleague(tb, "deputy@school.example")
	must(tb, r.SetSafeguarding(r.ctx, r.programme.ID, surveys.SafeguardingPlan{Lead: "Lead@school.example", Deputy: "deputy@school.example", Letters: true}))
	r.lead, r.deputy = r.as(tb, "lead@school.example"), r.as(tb, "deputy@school.example")
	return r
}

// says submits a form with an open answer.
func (r *caredRoom) says(tb testing.TB, id surveys.ResponseID, why string) {
	tb.Helper()
	must(tb, second(r.Submit(tb.Context(), r.token(), surveys.Submission{ID: id, Raw: form(questionnaire.Raw{"why": {why}})})))
}

func (r *caredRoom) marks(tb testing.TB) { tb.Helper(); must(tb, second(r.MarkAnswers(tb.Context()))) }

// queue is what waits, most urgent first.
func (r *caredRoom) queue(tb testing.TB) []surveys.ListedConcern {
	tb.Helper()
	all, err := r.Concerns(r.lead, r.programme.ID, false)
	must(tb, err)
	return all
}

func (r *caredRoom) act(tb testing.TB, c surveys.Concern, then surveys.ConcernState) {
	tb.Helper()
	opened, err := r.OpenConcern(r.lead, r.programme.ID, c.ID)
	must(tb, err)
	must(tb, r.ActOnConcern(r.lead, surveys.ConcernAction{Programme: r.programme.ID, ID: c.ID, Revision: opened.Revision, Kind: surveys.StepTalked, Note: "Spoke to the teacher.", Then: then}))
}

const disclosure = "My dad hits me every night and I am scared."

// TestConcernWay takes one disclosure the whole way, on both stores: marked, read,
// kept, reopened, released; and what evaluators see and may do at each.
func TestConcernWay(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newCaredRoom(t, store)
		r.says(t, "response_one", disclosure)
		r.says(t, "response_two", "It was nice.")
		wantHidden(t, r, true) // before anything was marked
		r.marks(t)
		r.marks(t)
		all := r.queue(t)
		if len(all) != 1 || !all[0].Unread() || all[0].Cohort.Name != "Class 6" || all[0].Response != "response_one" {
			t.Fatalf("queue %+v, want the one disclosure, unread", all)
		}
		wantHidden(t, r, true)
		wantError(t, "an evaluator", second(r.OpenConcern(r.ctx, r.programme.ID, all[0].ID)), surveys.KindForbidden, "")
		opened, err := r.OpenConcern(r.lead, r.programme.ID, all[0].ID)
		must(t, err)
		if opened.Text != disclosure || opened.Unread() {
			t.Errorf("opened %+v, want the text, read", opened)
		}
		again, err := r.OpenConcern(r.lead, r.programme.ID, all[0].ID)
		must(t, err)
		if again.Revision != opened.Revision {
			t.Errorf("revision %d as it was opened first, %d later: what is done first would be refused", opened.Revision, again.Revision)
		}
		r.act(t, all[0].Concern, surveys.ConcernKept)
		wantHidden(t, r, true)
		must(t, r.ReopenConcern(r.deputy, r.programme.ID, all[0].ID))
		must(t, r.HandConcern(r.lead, r.programme.ID, all[0].ID))
		r.act(t, all[0].Concern, surveys.ConcernReleased)
		wantHidden(t, r, false)
		must(t, r.Decide(r.ctx, r.programme.ID, "pupils", surveys.Reading{Response: "response_one", Variable: "why", Cleared: true}))
		r.marks(t)
		if left := r.queue(t); len(left) != 0 {
			t.Errorf("%d concerns wait after the release, want none", len(left))
		}
		must(t, r.ReopenConcern(r.lead, r.programme.ID, all[0].ID))
		wantHidden(t, r, true)
		if d, err := r.Dataset(r.ctx, r.programme.ID, "pupils"); err != nil || d.Readings[surveys.ReadingKey{Response: "response_one", Variable: "why"}].Cleared {
			t.Errorf("the answer is cleared though its concern is open again, %v", err)
		}
		wantTrail(t, r, "concern.viewed", 4)
	})
}

// wantHidden checks what evaluators get of the disclosure.
func wantHidden(tb testing.TB, r *caredRoom, want bool) {
	tb.Helper()
	answer, err := r.OpenAnswer(r.ctx, r.programme.ID, "pupils", "response_one", "why")
	must(tb, err)
	stored, err := r.StoredResponse(r.ctx, r.programme.ID, "pupils", "response_one")
	must(tb, err)
	if hidden := answer.Text == "" && len(answer.Signs) == 0; hidden != want || answer.Withheld != want || answer.Waits() != want {
		tb.Errorf("open answer %+v, want hidden %v", answer, want)
	}
	if got := stored.Answers["why"].Missing == questionnaire.Withheld; got != want || strings.Contains(stored.Answers["why"].Text, "dad") == want {
		tb.Errorf("response shows %+v, want withheld %v", stored.Answers["why"], want)
	}
	if !want {
		return
	}
	key := surveys.ReadingKey{Response: "response_one", Variable: "why"}
	for doing, err := range map[string]error{
		"clearing": r.Decide(r.ctx, r.programme.ID, "pupils", surveys.Reading{Response: key.Response, Variable: "why", Revision: answer.Reading.Revision, Cleared: true}),
		"quoting": r.Decide(r.ctx, r.programme.ID, "pupils", surveys.Reading{Response: key.Response, Variable: "why", Revision: answer.Reading.Revision,
			Status: surveys.QuoteApproved, Text: disclosure}),
		"looking": r.LookAtConcern(r.ctx, r.programme.ID, "pupils", key, answer.Reading.Revision, "Nothing."),
		"correcting": second(r.CorrectAnswer(r.ctx, surveys.Correction{Programme: r.programme.ID, Strand: "pupils", Response: key.Response, Revision: stored.Revision, Reason: "A slip."},
			"why", questionnaire.Raw{"why": {"Nothing."}})),
	} {
		wantError(tb, doing+" what waits with the lead", err, surveys.KindInvalid, "concern.with_lead")
	}
}

func wantTrail(tb testing.TB, r *caredRoom, action string, want int) {
	tb.Helper()
	trail, err := r.AuditTrail(r.ctx, r.programme.ID)
	must(tb, err)
	n := 0
	for _, entry := range trail {
		if entry.Action == action {
			n++
		}
		if strings.Contains(entry.What, "dad hits") || strings.Contains(entry.What, "teacher") {
			tb.Errorf("the trail says %q", entry.What)
		}
	}
	if n != want {
		tb.Errorf("%d entries %s, want %d", n, action, want)
	}
}

// TestCorrectingBesideTheWithheld: correcting another item of the same response leaves the withheld
// answer as it is.
func TestCorrectingBesideTheWithheld(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.says(t, "response_one", disclosure)
	shown, err := r.StoredResponse(r.ctx, r.programme.ID, "pupils", "response_one")
	must(t, err)
	corrected, err := r.CorrectAnswer(r.ctx, surveys.Correction{Programme: r.programme.ID, Strand: "pupils", Response: "response_one", Revision: shown.Revision, Reason: "A slip."},
		"stress", questionnaire.Raw{"stress": {"3"}})
	must(t, err)
	if corrected.Answers["why"].Text != "" {
		t.Error("a correction gives the withheld answer away")
	}
	if kept := r.sent(t)[0]; kept.Answers["why"].Text != disclosure {
		t.Errorf("kept %+v, want the answer as it was written", kept.Answers["why"])
	}
	if len(r.queue(t)) != 1 {
		t.Error("a corrected response is not marked at once")
	}
}

// TestReferenceComesIntoTheQueue submits every text of the reference, and of those that
// we made up in other languages: recall is 1 from the form to the lead's queue.
func TestReferenceComesIntoTheQueue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file                         string
		text, needs, language, least int
	}{
		{"concerns/testdata/safeguarding.csv", 2, 3, -1, 90}, {"testdata/concerns_made_up.csv", 2, 1, 0, 90},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(tt.file)
			must(t, err)
			lines, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
			must(t, err)
			r := newCaredRoom(t, storetest.SQLite(t))
			needs := map[surveys.ResponseID]bool{}
			w := r.wordsIn(t, []string{"en", "ar", "bn", "es", "fr", "pl", "ur", "fa", "so", "uk"})
			for i, line := range lines[1:] {
				id := surveys.ResponseID(fmt.Sprintf("response_%04d", i))
				sub := surveys.Submission{ID: id, Raw: questionnaire.Raw{"why": {line[tt.text]}}, Language: "en"}
				if tt.language >= 0 {
					sub.Language = line[tt.language]
				}
				must(t, second(r.Submit(t.Context(), w.Token, sub)))
				needs[id] = line[tt.needs] == "1"
			}
			r.marks(t)
			wantMeasured(t, r.queue(t), needs, tt.least)
		})
	}
}

// wordsIn is a link of a form that asks one open question in many languages.
func (r *caredRoom) wordsIn(tb testing.TB, languages []string) surveys.Link {
	tb.Helper()
	label := questionnaire.Text{}
	for _, one := range languages {
		label[one] = "Why?"
	}
	return r.asks(tb, "words", questionnaire.Definition{Title: label, Languages: languages, Parts: []questionnaire.Part{{ID: "one", Items: []questionnaire.Item{
		{ID: "why", Kind: questionnaire.KindLongText, Label: label},
	}}}})
}

// asks is a link of a new programme that asks d, with the same lead.
func (r *caredRoom) asks(tb testing.TB, id questionnaire.ID, d questionnaire.Definition) surveys.Link {
	tb.Helper()
	must(tb, second(r.Publish(r.ctx, id, d)))
	p := plan()
	p.Strands[0].Questionnaire = id
	p, err := r.CreateProgramme(r.ctx, p)
	must(tb, err)
	r.programme, r.ctx = p, r.as(tb, ownerEmail)
	r.cohort, err = r.CreateCohort(r.ctx, surveys.Cohort{Programme: p.ID, Name: "Class 6"})
	must(tb, err)
	must(tb, r.SetSafeguarding(r.ctx, p.ID, surveys.SafeguardingPlan{Lead: "lead@school.example"}))
	r.lead = r.as(tb, "lead@school.example")
	return r.link(tb, surveys.Link{Wave: questionnaire.WavePre})
}

func wantMeasured(tb testing.TB, queue []surveys.ListedConcern, needs map[surveys.ResponseID]bool, least int) {
	tb.Helper()
	found, total := 0, 0
	for _, c := range queue {
		if needs[c.Response] {
			found++
		}
	}
	for _, is := range needs {
		if is {
			total++
		}
	}
	tb.Logf("%d texts, %d need a look, %d of them in the queue of %d: recall %.3f, precision %.3f",
		len(needs), total, found, len(queue), float64(found)/float64(total), float64(found)/float64(len(queue)))
	if found != total || found*100 < least*len(queue) {
		tb.Errorf("%d of %d are in the queue of %d", found, total, len(queue))
	}
}

// TestLookout changes what is looked out for: added words bring what is there already into
// the queue, removed ones take out what nobody has read, and rules mark choices.
func TestLookout(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.says(t, "response_one", disclosure)
	r.says(t, "response_two", "We met at the old mill again.")
	r.marks(t)
	try, err := r.TryLookout(r.ctx, surveys.Lookout{Programme: r.programme.ID, Words: map[string]concerns.Change{"en": {Add: "old mill"}}}, "the old mill", "en")
	must(t, err)
	if len(try) != 1 || try[0].Words != "old mill" || try[0].Reason != concerns.Added {
		t.Errorf("tried: %+v", try)
	}
	seven := 7.0
	next := surveys.Lookout{Programme: r.programme.ID, Words: map[string]concerns.Change{"en": {Add: "old mill"}}, Rules: []surveys.ConcernRule{
		{Item: "travel", Codes: []string{"foot"}}, {Item: "stress", AtLeast: &seven, Label: "Very stressed"},
	}}
	saved, err := r.SaveLookout(r.ctx, next)
	must(t, err)
	wantError(t, "saved by two", second(r.SaveLookout(r.lead, next)), surveys.KindConflict, "")
	r.marks(t)
	if got := variables(r.queue(t)); got != "stress stress why why" {
		t.Errorf("marked %s, want both stresses and both texts", got)
	}
	data, err := r.Dataset(r.ctx, r.programme.ID, "pupils")
	must(t, err)
	one := r.sent(t)[0]
	if kept := data.WithheldChoices(&one); !slices.Equal(kept, []questionnaire.ItemID{"stress"}) {
		t.Errorf("rows of people withhold %v, want the stress", kept)
	}
	saved.Words, saved.Rules = nil, nil
	must(t, second(r.SaveLookout(r.lead, saved)))
	r.marks(t)
	if got := variables(r.queue(t)); got != "why" {
		t.Errorf("marked %s after all was taken back, want the one text", got)
	}
	for field, bad := range map[string]surveys.Lookout{
		"add-en":    {Words: map[string]concerns.Change{"en": {Add: "fine\n~ mill"}}},
		"remove-en": {Words: map[string]concerns.Change{"en": {Remove: "no such line"}}},
		"rules":     {Rules: []surveys.ConcernRule{{Item: "nothing", Codes: []string{"x"}}}},
	} {
		bad.Programme, bad.Number = r.programme.ID, 2
		wantField(t, field, second(r.SaveLookout(r.ctx, bad)), field)
	}
}

func variables(all []surveys.ListedConcern) string {
	var names []string
	for _, c := range all {
		names = append(names, string(c.Variable))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestNotices: one letter soon to each, at most one an hour, none with a word of what
// was said; a reminder after a working day, and the administrators after another.
func TestNotices(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.clock.pass(4*24*time.Hour + 6*time.Hour) // Friday, 15:00
	tell := func(after time.Duration) string {
		t.Helper()
		r.clock.pass(after)
		r.marks(t)
		must(t, r.SendNotices(t.Context()))
		must(t, second(r.SendAlerts(t.Context())))
		to := r.server.To()
		return fmt.Sprintf("lead %d deputy %d owner %d", to["lead@school.example"], to["deputy@school.example"], to[ownerEmail])
	}
	r.says(t, "response_one", disclosure)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{time.Minute, "lead 1 deputy 1 owner 0"}, {time.Minute, "lead 1 deputy 1 owner 0"},
		{2 * 24 * time.Hour, "lead 1 deputy 1 owner 0"}, // Sunday
		{23 * time.Hour, "lead 1 deputy 1 owner 0"},     // Monday, 14:02
		{time.Hour, "lead 2 deputy 2 owner 0"},
		{24 * time.Hour, "lead 3 deputy 3 owner 1"},
		{48 * time.Hour, "lead 3 deputy 3 owner 1"},
	} {
		if got := tell(step.after); got != step.want {
			t.Errorf("letters after %s: %s, want %s", step.after, got, step.want)
		}
	}
	for i := range 3 {
		r.says(t, surveys.ResponseID(fmt.Sprintf("response_more_%d", i)), disclosure)
		tell(10 * time.Minute)
	}
	if got := tell(time.Hour); got != "lead 5 deputy 5 owner 1" {
		t.Errorf("letters about three within half an hour: %s, want one, and one for the rest", got)
	}
	for _, letter := range r.server.Letters() {
		if strings.Contains(letter.Raw, "hits me") || strings.Contains(letter.Raw, "response_") || !strings.Contains(strings.ReplaceAll(letter.Body, "=\r\n", ""), "/programmes/"+string(r.programme.ID)+"/concerns") {
			t.Errorf("a letter says %s", letter.Raw)
		}
	}
}

func TestAfterWorkingDays(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	must(t, err)
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, london)
		must(t, err)
		return moment
	}
	sundays := surveys.Safeguarding{WorkDays: []time.Weekday{time.Sunday, time.Monday}}
	for _, tt := range []struct {
		name       string
		who        surveys.Safeguarding
		from, want string
		days       int
	}{
		{"within the week", surveys.Safeguarding{}, "2026-03-03 15:00", "2026-03-04 15:00", 1},
		{"over the weekend", surveys.Safeguarding{}, "2026-03-06 15:00", "2026-03-09 15:00", 1},
		{"on a Saturday", surveys.Safeguarding{}, "2026-03-07 15:00", "2026-03-10 00:00", 1},
		{"before holidays", surveys.Safeguarding{Holidays: []string{"2026-12-25", "2026-12-28"}}, "2026-12-24 10:00", "2026-12-29 10:00", 1},
		{"clocks go forward", surveys.Safeguarding{}, "2026-03-27 15:00", "2026-03-30 15:00", 1},
		{"two days", surveys.Safeguarding{}, "2026-03-06 15:00", "2026-03-10 15:00", 2},
		{"other days", sundays, "2026-03-03 15:00", "2026-03-09 00:00", 1},
	} {
		if got := tt.who.AfterWorkingDays(at(tt.from).UTC(), london, tt.days); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestReadingQueue reads what nothing marks, page by page, once.
func TestReadingQueue(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.says(t, "response_one", disclosure)
	for i := range 60 {
		r.says(t, surveys.ResponseID(fmt.Sprintf("response_%04d", i)), "It was nice.")
		r.clock.pass(time.Second)
	}
	seen := map[surveys.ResponseID]int{}
	r.clock.pass(time.Hour)
	for range 5 {
		page, err := r.UnreadAnswers(r.lead, r.programme.ID)
		must(t, err)
		for _, a := range page.Answers {
			seen[a.Response]++
		}
		must(t, r.AnswersRead(r.lead, r.programme.ID, page.UpTo, page.Late))
	}
	late := surveys.Submission{ID: "response_late", Raw: form(nil)}
	must(t, second(r.HandIn(t.Context(), r.token(), late, r.clock.Now().Add(-20*time.Minute))))
	page, err := r.UnreadAnswers(r.lead, r.programme.ID)
	must(t, err)
	for _, a := range page.Answers {
		seen[a.Response]++
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was read %d times, want once", id, n)
		}
	}
	if len(seen) != 61 || seen["response_one"] != 0 || seen["response_late"] != 1 {
		t.Errorf("%d answers were read, want 60 and the one handed over late", len(seen))
	}
	id, err := r.RaiseFromReading(r.lead, r.programme.ID, "pupils", surveys.ReadingKey{Response: "response_0003", Variable: "why"})
	must(t, err)
	if !slices.ContainsFunc(r.queue(t), func(c surveys.ListedConcern) bool { return c.ID == id && c.Raised }) {
		t.Error("what a reader raised is not in the queue")
	}
}
