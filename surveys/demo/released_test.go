package demo_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	_ "modernc.org/sqlite"

	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// released is a store that an earlier Soundings has written; see testdata/released/README.md.
type released struct {
	file     string
	schema   int
	password string // of the account in it; all of it is made up
	token    string // of its API
	surveys  []string
	figures  int // of the reference, in those surveys
	link     string
}

var releasedStores = []released{
	{"sqlite1.sql.zst", 1, "dch2ahmgpp-9m7p958ccx", "snd_ad33dae1b96c4381ae970f4558c19d21", []string{"parenting", "staff_training", "teacher_feedback"}, 512, "797zths435"},
	{"sqlite2.sql.zst", 2, "wrc3qsskxx-uxt4ndr6qw", "snd_9b6afb96e46885ca291808871fa8dcf3", []string{"parenting", "staff_training", "teacher_feedback"}, 512, "n7pmjpsqh7"},
	{"sqlite3.sql.zst", 3, "t9p7jd94k2-7qccgt8aaz", "snd_4d28652046af2691474dba5e393f9801", []string{"parenting", "staff_training", "teacher_feedback"}, 512, "d6vyesb6hy"},
	{"mongodb1.jsonl.zst", 1, "dch2ahmgpp-9m7p958ccx", "snd_ad33dae1b96c4381ae970f4558c19d21", []string{"parenting", "teacher_feedback"}, 184, "797zths435"},
	{"mongodb2.jsonl.zst", 2, "t9p7jd94k2-7qccgt8aaz", "snd_4d28652046af2691474dba5e393f9801", []string{"parenting", "teacher_feedback"}, 184, "d6vyesb6hy"},
}

// TestReleasedStores opens a store of each released version: everything in it can be
// read, its figures are those of the reference, and what is new works on it.
func TestReleasedStores(t *testing.T) {
	for _, r := range releasedStores {
		t.Run(r.file, func(t *testing.T) {
			store := r.open(t)
			l := loaded{store: store, service: surveys.NewService(store, time.Now, rand.Reader), strands: map[string]surveys.ProgrammeID{}}
			l.ctx = signIn(t, l.service, demo.Result{Email: demo.Email, Password: r.password})
			r.wantEverythingRead(t, &l)
			r.wantFigures(t, &l)
			r.wantNew(t, &l)
		})
	}
}

// TestEverySchemaIsReleased: who adds a migration adds a store of the version before
// it, as testdata/released/README.md says.
func TestEverySchemaIsReleased(t *testing.T) {
	kept := map[string]int{}
	for _, r := range releasedStores {
		kind := strings.TrimRight(strings.Split(r.file, ".")[0], "0123456789")
		kept[kind] = max(kept[kind], r.schema)
	}
	for kind, open := range map[string]func(testing.TB) surveys.Store{"sqlite": storetest.SQLite, "mongodb": storetest.Mongo} {
		schema, err := open(t).Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if kept[kind] < schema.Version-1 {
			t.Errorf("%s has schema %d, and the newest store kept is of %d: keep one of %d", kind, schema.Version, kept[kind], schema.Version-1)
		}
	}
}

// open fills a new store as the earlier program left it, and opens it with this one.
func (r released) open(t *testing.T) surveys.Store {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "released", r.file))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	lines, err := zstd.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	if strings.HasPrefix(r.file, "mongodb") {
		uri := storetest.MongoURI(t)
		fillMongo(t, uri, lines)
		return storetest.OpenMongo(t, uri)
	}
	path := filepath.Join(t.TempDir(), "released.db")
	fillSQLite(t, path, lines)
	if at, steps, err := sqlitestore.Pending(t.Context(), path); at != r.schema || len(steps) == 0 || err != nil {
		t.Errorf("schema %d with the steps %q to come, %v", at, steps, err)
	}
	store := storetest.OpenSQLite(t, path)
	if from, to := store.(*sqlitestore.Store).Migrated(); from != r.schema || to <= from {
		t.Errorf("migrated from %d to %d", from, to)
	}
	return store
}

func fillSQLite(t *testing.T, path string, dump io.Reader) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text, err := io.ReadAll(dump)
	if err == nil {
		_, err = db.ExecContext(t.Context(), string(text))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// dumped is one line of a dump of MongoDB: a document, or an index.
type dumped struct {
	Collection string
	Document   json.RawMessage
	Index      string
	Keys       json.RawMessage
	Unique     bool
}

func fillMongo(t *testing.T, uri string, dump io.Reader) {
	t.Helper()
	where, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(context.Background())
	database := client.Database(strings.Trim(where.Path, "/"))
	documents := map[string][]any{}
	lines := bufio.NewScanner(dump)
	for lines.Buffer(nil, 1<<24); lines.Scan(); {
		var one dumped
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		var parsed bson.D
		if one.Index == "" {
			err = bson.UnmarshalExtJSON(one.Document, true, &parsed)
			documents[one.Collection] = append(documents[one.Collection], parsed)
		} else if err = bson.UnmarshalExtJSON(one.Keys, false, &parsed); err == nil {
			how := options.Index().SetName(one.Index).SetUnique(one.Unique)
			_, err = database.Collection(one.Collection).Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: parsed, Options: how})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, all := range documents {
		if _, err := database.Collection(name).InsertMany(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
}

// wantEverythingRead reads all that there is, by the store and by what pages ask.
func (r released) wantEverythingRead(t *testing.T, l *loaded) {
	t.Helper()
	programmes, err := l.service.Programmes(l.ctx)
	if err != nil || len(programmes) < 3 {
		t.Fatalf("%d programmes, %v", len(programmes), err)
	}
	audits := 0
	for _, p := range programmes {
		cohorts, err := l.service.Cohorts(l.ctx, p.ID)
		want(t, err, len(cohorts) > 0, "cohorts of "+p.Name)
		links, err := l.service.Links(l.ctx, p.ID)
		want(t, err, len(links) > 0, "links of "+p.Name)
		_, err = l.service.Institutions(l.ctx, p.ID)
		want(t, err, true, "institutions of "+p.Name)
		trail, err := l.service.AuditTrail(l.ctx, p.ID)
		want(t, err, len(trail) > 0, "trail of "+p.Name)
		audits += len(trail)
		_, err = l.service.Board(l.ctx, p.ID)
		want(t, err, true, "board of "+p.Name)
		for _, s := range p.Strands {
			l.strands[string(s.Questionnaire)] = p.ID
			_, err := l.service.AnswerDesk(l.ctx, p.ID, s.ID)
			want(t, err, true, "answers of "+s.Title)
		}
	}
	want(t, nil, audits > 20, "a trail")
	account, err := l.service.AccountOfToken(l.ctx, r.token)
	want(t, err, account.Email == demo.Email, "the account of the old token")
	rulings, err := l.service.PairRulings(l.ctx, l.strands["staff_training"], "staff")
	want(t, err, len(rulings) == 1 && !rulings[0].Accepted && rulings[0].About() == "r_3etdwf5m+r_gzrvq7un", "the ruling about a pair, in its old shape or the new")
	if d, err := l.service.Draft(l.ctx, "parenting"); err != nil && surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("draft %v: %v", d.ID, err)
	}
}

func want(t *testing.T, err error, ok bool, what string) {
	t.Helper()
	if err != nil || !ok {
		t.Errorf("%s: %v, as it should be: %v", what, err, ok)
	}
}

// wantFigures builds the reports on the true pairs: each figure is that of the reference.
func (r released) wantFigures(t *testing.T, l *loaded) {
	t.Helper()
	people := map[surveys.ResponseID]string{}
	for _, row := range testTable(t, "people") {
		people[surveys.ResponseID(row["response_id"])] = row["person"]
	}
	checked := 0
	for _, name := range r.surveys {
		report := build(t, l.dataset(t, name), people)
		for _, row := range testTable(t, "outcomes") {
			if row["survey"] != name {
				continue
			}
			got, err := figure(report, row)
			reference, parseErr := strconv.ParseFloat(row["value"], 64)
			if err != nil || parseErr != nil || !same(got, reference) {
				t.Errorf("%v = %v, %v, want %v", where(row), got, err, row["value"])
				continue
			}
			checked++
		}
	}
	if checked != r.figures {
		t.Errorf("%d figures agree, want %d", checked, r.figures)
	}
}

// wantNew does on the old store what the program that wrote it could not.
func (r released) wantNew(t *testing.T, l *loaded) {
	t.Helper()
	tallies, err := l.store.Tallies(t.Context(), l.strands["parenting"])
	want(t, err, len(tallies) > 0 && !tallies[0].Last.IsZero(), "tallies")
	sent, err := l.service.Submit(t.Context(), r.link, surveys.Submission{ID: "response_of_a_new_program", Raw: questionnaire.Raw{}, Started: time.Now()})
	if kind := surveys.KindOf(err); err != nil && kind != surveys.KindInvalid {
		t.Errorf("answering an old link gave %v, %v", sent.ID, err)
	}
	var file bytes.Buffer
	made, err := surveys.WriteBackup(t.Context(), l.store, &file, surveys.BackupHow{Moment: time.Now(), ID: "b", WithKeys: true})
	want(t, err, made.Responses() > 160, "a backup")
	moved := storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), moved, &file, surveys.RestoreHow{Moment: time.Now()})
	want(t, err, true, "the restore of it")
	l.service = surveys.NewService(moved, time.Now, rand.Reader)
	r.wantFigures(t, l)
}
