package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"image"
	"image/png"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/smtp/smtptest"
)

// estate is an installation with two programmes that have one of everything. The
// people who attack it have roles in the first one only.
type estate struct {
	*mailRoom
	watch        *watchedStore
	log          *safeLog
	text         string // before every name
	own, foreign *territory
	others       map[string]string // ids of what belongs to another account
}

// territory is one programme: a word that stands in its texts and nowhere else, and
// the id of one of each thing, by the parameter of the route that takes it.
type territory struct {
	mark   string
	strand surveys.StrandID
	views  questionnaire.ID
	link   surveys.Link
	cards  string // secret of the address on cards
	room   string // secret of a room
	ids    map[string]string
}

// watchedStore counts what is written, and knows every kind of record there is.
type watchedStore struct {
	surveys.Store
	mu     sync.Mutex
	kinds  map[surveys.RecordKind]bool
	writes map[string]int // by kind of record, "response"
}

func (w *watchedStore) note(kind surveys.RecordKind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kinds[kind] = true
	w.writes[string(kind)]++
}

func (w *watchedStore) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	w.note(r.Kind)
	return w.Store.PutRecord(ctx, r)
}

func (w *watchedStore) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	w.note(kind)
	return w.Store.DeleteRecord(ctx, kind, id)
}

func (w *watchedStore) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	w.note("response")
	return w.Store.PutResponse(ctx, r, l)
}

func (w *watchedStore) DeleteResponse(ctx context.Context, id surveys.ResponseID) error {
	w.note("response")
	return w.Store.DeleteResponse(ctx, id)
}

// written is how often each kind was written so far.
func (w *watchedStore) written() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.writes)
}

// holding are all records and responses that have a word anywhere, as text.
func (w *watchedStore) holding(tb testing.TB, words ...string) []string {
	tb.Helper()
	var all []string
	about := func(text string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	}
	for kind := range w.kinds {
		for r, err := range w.Records(tb.Context(), kind, "*") {
			if err != nil {
				tb.Fatal(err)
			}
			if text := strings.Join([]string{string(r.Kind), r.ID, r.Scope, r.Key, string(r.Body)}, " "); about(text) {
				all = append(all, text)
			}
		}
	}
	slices.Sort(all)
	return all
}

// newEstate makes both programmes, through the product where that is no longer.
func newEstate(tb testing.TB) *estate { tb.Helper(); return newEstateWith(tb, app.Config{}, "") }

// newEstateWith makes an estate in whose texts all stands a text of one's own before
// each name.
func newEstateWith(tb testing.TB, config app.Config, text string) *estate {
	tb.Helper()
	return newEstateOn(tb, sqliteOf(tb), config, text)
}

func newEstateOn(tb testing.TB, store surveys.Store, config app.Config, text string) *estate {
	tb.Helper()
	definition := estateDefinition(tb, text)
	e := &estate{text: text, others: map[string]string{}, log: &safeLog{}}
	e.watch = &watchedStore{Store: store, kinds: map[surveys.RecordKind]bool{}, writes: map[string]int{}}
	e.mailRoom = &mailRoom{hall: hallIn(tb, e.watch, func(*hall) questionnaire.Definition { return definition }, config), mail: smtptest.New(tb)}
	e.service = e.withMail(tb, e.service)
	var err error
	if e.server, err = app.New(e.service, config, slog.New(slog.NewTextHandler(e.log, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		tb.Fatal(err)
	}
	d := e.ownersDesk()
	e.own = e.furnish(d, definition, &territory{mark: "Ownmark", strand: "pupils", views: "own_views"})
	e.foreign = e.furnish(d, definition, &territory{mark: "Foreignmark", strand: "carers", views: "foreign_views"})
	e.link = e.own.link
	return e
}

// furnish makes a programme with one of everything.
func (e *estate) furnish(d *desk, definition questionnaire.Definition, t *territory) *territory {
	e.tb.Helper()
	picture := must[surveys.Medium](e.tb)(e.service.AddMedium(e.owner, dot(e.tb)))
	t.ids = map[string]string{":strand": string(t.strand), "/programmes/:programme/paper/:batch/media/:medium": picture.ID}
	definition.Title = questionnaire.Text{"en": e.text + t.mark + " views", "ar": e.text + t.mark}
	definition.Parts = slices.Clone(definition.Parts)
	definition.Parts[0].Items = slices.Clone(definition.Parts[0].Items)
	definition.Parts[0].Items[0].Picture, definition.Parts[0].Items[0].Alt = picture.ID, definition.Title
	must[questionnaire.Version](e.tb)(e.service.Publish(e.owner, t.views, definition))
	e.plan(t)
	e.collect(d, t)
	e.work(d, t)
	return t
}

func must[T any](tb testing.TB) func(T, error) T {
	tb.Helper()
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

func (e *estate) noErr(err error) {
	e.tb.Helper()
	if err != nil {
		e.tb.Fatal(err)
	}
}

// plan makes the programme, its cohort, its links.
func (e *estate) plan(t *territory) {
	e.tb.Helper()
	p := must[surveys.Programme](e.tb)(e.service.CreateProgramme(e.owner, surveys.Programme{
		Name: e.text + t.mark + " programme", Zone: "Europe/London", SmallestGroup: 5,
		Strands: []surveys.Strand{
			{ID: t.strand, Title: e.text + t.mark + " people", Audience: surveys.AudienceParticipant, Design: surveys.DesignPrePost, Questionnaire: t.views, Block: surveys.BlockCohort, Role: "Pupil"},
			{ID: t.strand + "_raters", Title: e.text + t.mark + " raters", Audience: surveys.AudienceTeacher, Design: surveys.DesignRating, Questionnaire: t.views, Role: "Teacher"},
		},
	}))
	e.owner = surveys.WithAccount(e.tb.Context(), e.ownerNow())
	if err := e.service.Grant(e.owner, "owner@example.org", p.ID, surveys.Roles()); err != nil {
		e.tb.Fatal(err)
	}
	e.owner = surveys.WithAccount(e.tb.Context(), e.ownerNow())
	i := must[surveys.Institution](e.tb)(e.service.CreateInstitution(e.owner, surveys.Institution{Programme: p.ID, Name: e.text + t.mark + " school"}))
	c := must[surveys.Cohort](e.tb)(e.service.CreateCohort(e.owner, surveys.Cohort{Programme: p.ID, Name: e.text + t.mark + " class", Institution: i.ID}))
	t.link = must[surveys.Link](e.tb)(e.service.CreateLink(e.owner, surveys.Link{
		Programme: p.ID, Strand: t.strand, Cohort: c.ID, Wave: questionnaire.WavePre, Opens: e.now(), Closes: e.now().Add(24 * time.Hour),
	}))
	w := must[surveys.Workshop](e.tb)(e.service.CreateWorkshop(e.owner, surveys.Workshop{Programme: p.ID, Cohort: c.ID, Title: e.text + t.mark + " workshop", Date: "2026-03-03"}))
	maps.Copy(t.ids, map[string]string{":programme": string(p.ID), ":cohort": string(c.ID), ":link": string(t.link.ID), ":workshop": string(w.ID), "institution": string(i.ID)})
}

// collect takes an answer in, and makes what answers come by.
func (e *estate) collect(d *desk, t *territory) {
	e.tb.Helper()
	id := surveys.ResponseID(strings.ToLower(t.mark) + "0123456789abcdef")
	must[surveys.Response](e.tb)(e.service.Submit(e.tb.Context(), t.link.Token, surveys.Submission{ID: id, Raw: questionnaire.Raw(everythingRaw(e.text + t.mark))}))
	programme := surveys.ProgrammeID(t.ids[":programme"])
	room := must[surveys.Room](e.tb)(e.service.StartRoom(e.owner, surveys.Room{Programme: programme, Link: t.link.ID}))
	cards := must[surveys.PrintedCards](e.tb)(e.service.PrintCards(e.owner, surveys.CardSheet{Programme: programme, Strand: t.strand, Cohort: t.link.Cohort, Count: 2}))
	batch := must[surveys.Batch](e.tb)(e.service.CreateBatch(e.owner, surveys.Batch{
		Programme: programme, Number: strings.ToUpper(t.mark[:3]) + "-0001", Strand: t.strand, Cohort: t.link.Cohort, Wave: questionnaire.WavePre, Declared: 3,
	}))
	must[[]surveys.ContactOutcome](e.tb)(e.service.AddContacts(e.owner, surveys.ContactsImport{
		Programme: programme, Strand: t.strand, Cohort: t.link.Cohort, Agreed: true, Rows: []surveys.ContactRow{{Number: 1, Address: t.mark + "@school.example"}},
	}))
	contacts := must[[]surveys.ContactLine](e.tb)(e.service.Contacts(e.owner, programme))
	mailing := must[surveys.Mailing](e.tb)(e.service.SaveMailing(e.owner, surveys.Mailing{
		Programme: programme, Strand: t.strand, Wave: questionnaire.WavePre, At: map[surveys.Step]time.Time{surveys.StepInvitation: e.now().Add(time.Hour)},
	}))
	must[string](e.tb)(e.service.Invite(e.owner, surveys.StaffInvitation{Name: e.text[:min(40, len(e.text))] + t.mark, Email: t.mark + "@partner.example", Programme: programme, Roles: surveys.Roles()}))
	invited := must[[]surveys.StaffInvitation](e.tb)(e.service.Invitations(e.owner, programme))
	e.noErr(e.service.SetHelp(e.owner, programme, surveys.Help{Contact: true}))
	e.noErr(e.service.SetSafeguarding(e.owner, programme, surveys.SafeguardingPlan{Lead: "owner@example.org"}))
	e.pass(5 * time.Second) // a link is known for some seconds as it was
	e.noErr(e.service.Approach(e.tb.Context(), t.link.Token, "network", "form of "+t.mark, "en", surveys.ApproachWords{Name: e.text + t.mark, Reach: e.text + t.mark}))
	approaches := must[[]surveys.ApproachLine](e.tb)(e.service.Approaches(e.owner, programme))
	raw := everythingRaw(e.text + t.mark)
	raw.Set("liked", "My dad hits me at home. "+t.mark)
	must[surveys.Response](e.tb)(e.service.Submit(e.tb.Context(), t.link.Token, surveys.Submission{ID: "concern" + id, Raw: questionnaire.Raw(raw)}))
	e.marks()
	concerns := must[[]surveys.ListedConcern](e.tb)(e.service.Concerns(e.owner, programme, false))
	if len(concerns) == 0 {
		e.tb.Fatal("there is no concern")
	}
	theme := must[surveys.Theme](e.tb)(e.service.CreateTheme(e.owner, surveys.Theme{Programme: programme, Name: e.text[:min(40, len(e.text))] + t.mark + " theme"}))
	t.cards, t.room = cards.Token, room.Token
	maps.Copy(t.ids, map[string]string{
		":response": string(id), "/programmes/:programme/rooms/:room": string(room.ID), ":run": string(cards.Sheet.ID), ":batch": batch.Number,
		":approach": string(approaches[0].ID), ":concern": concerns[0].ID, ":contact": string(contacts[0].ID), ":mailing": string(mailing.ID), ":invitation": invited[0].ID, "theme": string(theme.ID),
	})
}

// work makes what people leave behind who work on a programme: uploads, jobs, files.
func (e *estate) work(d *desk, t *territory) {
	e.tb.Helper()
	at := "/programmes/" + t.ids[":programme"]
	old := at + "/strands/" + string(t.strand) + "/old-data"
	last := func(g page) string {
		e.tb.Helper()
		to, _, _ := strings.Cut(g.wants(e.tb, 303).header.Get("Location"), "?")
		return to[strings.LastIndex(to, "/")+1:]
	}
	upload := last(d.sendsFile(old, "file", "old.csv", e.oldData(t.mark)))
	form := columnsForm("@respondent", "@wave", "town")
	form.Set("value-2-0", "pre")
	form.Set("cohort", t.ids[":cohort"])
	d.sends(old+"/"+upload, form).wants(e.tb, 303)
	t.ids[":import"] = last(d.sends(old+"/"+upload+"/import", url.Values{"policy": {"skip"}}))
	e.works()
	t.ids[":upload"] = last(d.sendsFile(old, "file", "old.csv", e.oldData(t.mark+"2")))
	d.sends(old+"/"+t.ids[":upload"], form).wants(e.tb, 303)
	t.ids["/programmes/:programme/institutions/import/:preview"] = last(d.sendsFile(at+"/institutions/import", "file", "s.csv", "School name\n"+quotedCell(e.text+t.mark+" import")+"\n"))
	ask := exportAsks("analysis.xlsx", "")
	ask.Set("strand", string(t.strand))
	t.ids[":export"] = last(d.sends(at+"/exports", ask))
	e.makes()
}

// oldData is a file of old answers.
func (e *estate) oldData(who string) string {
	return "who,when,town\n" + who + ",pre," + quotedCell(e.text+who) + "\n"
}

func quotedCell(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// estateDefinition is everything.json with cards, a group, a scale and a measure, and
// with a text before each of its own.
func estateDefinition(tb testing.TB, text string) questionnaire.Definition {
	tb.Helper()
	raw, err := os.ReadFile("testdata/respond/everything.json")
	if err != nil {
		tb.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		tb.Fatal(err)
	}
	words := map[string]any{"en": "Mood", "ar": "مزاج"}
	tree["groups"] = []any{map[string]any{"id": "g", "label": words}}
	tree["scales"] = []any{map[string]any{"id": "mood", "label": words, "items": []any{"listen", "safe"}, "min": 1, "max": 5, "method": "mean", "min_answered": 1}}
	tree["measures"] = []any{map[string]any{"id": "m_mood", "of": "mood", "type": "score", "direction": "higher", "headline": true}}
	for _, part := range tree["parts"].([]any) {
		for _, item := range part.(map[string]any)["items"].([]any) {
			switch item := item.(map[string]any); item["id"] {
			case "code":
				item["card"] = true
			case "town", "liked", "quote":
				item["group"] = "g"
			}
		}
	}
	prefixTexts(tree, text)
	if raw, err = json.Marshal(tree); err != nil {
		tb.Fatal(err)
	}
	return must[questionnaire.Definition](tb)(questionnaire.ParseDefinition(raw))
}

// prefixTexts writes before every text, in every language.
func prefixTexts(tree any, text string) {
	switch node := tree.(type) {
	case []any:
		for _, child := range node {
			prefixTexts(child, text)
		}
	case map[string]any:
		for name, child := range node {
			if words, ok := child.(string); ok && (name == "en" || name == "ar") {
				node[name] = text + words
			}
			prefixTexts(child, text)
		}
	}
}

// designs makes what designers leave behind: a draft, what was read of files, a saved
// question, a test link. It returns the pages of these.
func (e *estate) designs(d *desk) []string {
	e.tb.Helper()
	if _, err := e.service.StartDraft(e.owner, "views"); err != nil {
		e.tb.Fatal(err)
	}
	d.sends(draftOfViews, url.Values{"do": {"save_item:town"}}).wants(e.tb, 303)
	to := func(g page) string { return g.wants(e.tb, 303).header.Get("Location") }
	raw, err := os.ReadFile("testdata/hostile.json")
	if err != nil {
		e.tb.Fatal(err)
	}
	written := must[[]byte](e.tb)(json.Marshal(e.text + "words"))
	return []string{
		to(d.uploads("/questionnaires/import", "d.json", bytes.ReplaceAll(raw, []byte(`"HOSTILE"`), written))),
		to(d.uploads("/questionnaires/import", "x.xlsx", formWorkbookOf(e.tb, e.text))),
		to(d.uploads(languagesPage+"/sheets", "x.xlsx", []byte(d.open(languagesPage+"/sheet.xlsx?language=ar").wants(e.tb, 200).body))),
		to(d.sends("/questionnaires/views/trials", url.Values{"version": {"0"}, "wave": {"pre"}, "programme": {""}})),
		draftOfViews + "/groups/g", draftOfViews + "/scales/mood", draftOfViews + "/measures/m_mood", draftOfViews + "/items/life", draftOfViews + "/parts/about",
	}
}

// everythingRaw answers the form of everything.json, with a word of one's own.
func everythingRaw(word string) url.Values {
	form := url.Values{}
	for _, part := range everything {
		maps.Copy(form, part)
	}
	form.Set("town", word)
	form.Set("liked", word+" liked it")
	form.Set("quote", "yes")
	return form
}

// dot is a picture of one point, in one of many colours.
func dot(tb testing.TB) []byte {
	tb.Helper()
	picture := image.NewGray(image.Rect(0, 0, 4, 4))
	_, _ = rand.Read(picture.Pix)
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
