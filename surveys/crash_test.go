package surveys_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// crashTask is what a child of TestKilledAtAnything works at; this test program is
// started as its own child.
const crashTask = "SOUNDINGS_TEST_CRASH"

func TestMain(m *testing.M) {
	if task := os.Getenv(crashTask); task != "" {
		if err := workUntilKilled(task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// crashPlace is all that a child needs to know.
type crashPlace struct {
	Path      string
	Run       int
	Account   surveys.Account
	Programme surveys.ProgrammeID
	Cohort    surveys.CohortID
	Token     string
	Batch     string // of forms on paper
}

// crashRun is how far the clocks of two children are apart: what one held, it has lost.
const crashRun = 10 * time.Minute

// crashed is one child: everything that the product does at once, each thing told once
// it is acknowledged.
type crashed struct {
	*surveys.Service
	crashPlace
	ctx  context.Context
	say  sync.Mutex
	sent chan surveys.ResponseID // may be taken back
}

func workUntilKilled(task string) error {
	c := &crashed{sent: make(chan surveys.ResponseID, 100)}
	if err := json.Unmarshal([]byte(task), &c.crashPlace); err != nil {
		return err
	}
	store, err := sqlitestore.Open(context.Background(), c.Path)
	if err != nil {
		return err
	}
	began := time.Now()
	now := func() time.Time { return origin.Add(time.Duration(c.Run)*crashRun + time.Since(began)) }
	c.Service = surveys.NewService(store, now, rand.Reader).WithFiles(&scribe{large: 1 << 20})
	c.ctx = surveys.WithAccount(context.Background(), c.Account)
	go c.Work(context.Background(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	failed := make(chan error)
	for _, does := range []func(n int) error{c.submit, c.submit, c.submit, c.submit, c.pages, c.pages, c.takeBack, c.takeBack, c.takeBack, c.key, c.bring, c.export} {
		go func() {
			for n := 0; ; n++ {
				if err := does(n); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// tell says what is acknowledged, or about to be asked for.
func (c *crashed) tell(what string, id any) {
	c.say.Lock()
	defer c.say.Unlock()
	fmt.Println(what, id)
}

func (c *crashed) submit(int) error {
	id, err := surveys.NewID(rand.Reader)
	if err != nil {
		return err
	}
	r, err := c.Submit(c.ctx, c.Token, surveys.Submission{ID: surveys.ResponseID(id), Raw: form(nil)})
	return c.thanked(r, err)
}

func (c *crashed) thanked(r surveys.Response, err error) error {
	if err != nil {
		return err
	}
	c.tell("sent", r.ID)
	select {
	case c.sent <- r.ID:
	default:
	}
	return nil
}

func (c *crashed) pages(int) error {
	r, err := c.Start(c.ctx, c.Token, "en", surveys.ModePhone, nil)
	for part := 0; err == nil && part < 3; part++ {
		_, err = c.SavePart(c.ctx, c.Token, r.ID, part, form(nil))
	}
	if err != nil {
		return err
	}
	r, err = c.Finish(c.ctx, c.Token, r.ID)
	return c.thanked(r, err)
}

// takeBack takes answers back: as who wrote them, as staff, for a while and for good.
func (c *crashed) takeBack(int) error {
	id, n := <-c.sent, mathrand.IntN(3)
	c.tell("going", id)
	if n == 0 {
		if _, err := c.Withdraw(c.ctx, "network", surveys.ReceiptOf(id)); err != nil {
			return fmt.Errorf("withdrawing: %w", err)
		}
		c.tell("withdrawn", id)
		return nil
	}
	r, err := c.StoredResponse(c.ctx, c.crashPlace.Programme, "pupils", id)
	if err != nil {
		return err
	}
	correction := surveys.Correction{Programme: c.crashPlace.Programme, Strand: "pupils", Response: id, Revision: r.Revision, Reason: "asked for"}
	if n == 1 {
		if _, err := c.ExcludeResponse(c.ctx, correction); err != nil {
			return err
		}
		c.tell("excluded", id)
		return nil
	}
	if _, err := c.DeleteResponse(c.ctx, correction); err != nil {
		return err
	}
	c.tell("deleted", id)
	return nil
}

// key keys forms on paper.
func (c *crashed) key(n int) error {
	e := entry(1+(c.Run*40+n%40)%surveys.MostForms, nil)
	f, err := c.KeyForm(c.ctx, c.crashPlace.Programme, c.crashPlace.Batch, e)
	if err != nil {
		return err
	}
	c.tell("keyed", f.Response)
	return nil
}

// bring imports a file of old answers, or undoes that.
func (c *crashed) bring(n int) error {
	jobs, err := c.Jobs(c.ctx, c.crashPlace.Programme, "pupils")
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if !j.Ended() { // one at a time
			return wait()
		}
	}
	if n%2 == 1 && len(jobs) > 0 && jobs[0].Kind == surveys.JobImport && jobs[0].State == surveys.JobDone {
		_, err := c.UndoImport(c.ctx, c.crashPlace.Programme, "pupils", jobs[0].ID, false)
		return err
	}
	csv := "id,wave,stress\n"
	for i := range 150 {
		csv += fmt.Sprintf("r%d_%d_%d,pre,%d\n", c.Run, n, i, i%11)
	}
	u, err := c.KeepUpload(c.ctx, c.crashPlace.Programme, "pupils", "old.csv", strings.NewReader(csv), int64(len(csv)))
	if err != nil {
		return err
	}
	m := u.Mapping
	m.Cohort, m.Submitted = string(c.crashPlace.Cohort), "2025-06-30"
	if u, err = c.SetMapping(c.ctx, c.crashPlace.Programme, "pupils", u.ID, m); err != nil {
		return err
	}
	_, err = c.StartImport(c.ctx, c.crashPlace.Programme, "pupils", u.ID, surveys.PolicySkip)
	return err
}

func wait() error { time.Sleep(5 * time.Millisecond); return nil }

// export asks for files, which the chores make.
func (c *crashed) export(int) error {
	e, err := c.AskExport(c.ctx, surveys.Export{Programme: c.crashPlace.Programme, Strand: "pupils", Format: "rows"})
	if err != nil && surveys.KindOf(err) != surveys.KindThrottled && surveys.KindOf(err) != surveys.KindConflict {
		return err
	}
	if err == nil {
		c.tell("asked", e.ID)
	}
	return wait()
}

// TestKilledAtAnything kills a child with SIGKILL, again and again on one file, while it
// takes answers in one post and page by page, takes them back, keys paper, imports, undoes,
// and makes files. Whatever was acknowledged is there once and as it was said, nothing is
// there by halves, and what was under way is brought to its end.
func TestKilledAtAnything(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out killing a child 20 times")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "soundings.db")
	p := newPrintShop(t, storetest.OpenSQLite(t, path))
	p.scribe.large = 1 << 20
	account := p.account
	account.Roles = map[surveys.ProgrammeID][]surveys.Role{p.programme.ID: surveys.Roles()}
	place := crashPlace{path, 0, account, p.programme.ID, p.cohort.ID, p.token(), p.batch(t).Number}
	said := map[string]map[surveys.ResponseID]bool{}
	for place.Run = 1; place.Run <= crashKills(); place.Run++ {
		killedAtAnything(t, place, said)
	}
	p.clock.pass(time.Duration(place.Run+1) * crashRun)
	p.settle(t)
	must(t, p.store.(*sqlitestore.Store).Sound(t.Context()))
	storetest.WantSound(t, p.store, p.programme.ID, "pupils")
	p.wantAsSaid(t, said)
	counts := ""
	for what, ids := range said {
		counts += fmt.Sprintf(" %d %s,", len(ids), what)
	}
	t.Logf("%d kills:%s %d kept at the end", place.Run-1, strings.TrimSuffix(counts, ","), len(p.sent(t)))
}

// crashKills is how often the child is killed: SOUNDINGS_TEST_KILLS, or 20.
func crashKills() int {
	n := 0
	if _, err := fmt.Sscan(os.Getenv("SOUNDINGS_TEST_KILLS"), &n); err != nil {
		n = 20
	}
	return n
}

// killedAtAnything lets a child work for a random while and notes what it said.
func killedAtAnything(t *testing.T, place crashPlace, said map[string]map[surveys.ResponseID]bool) {
	t.Helper()
	task, err := json.Marshal(place)
	must(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashTask+"="+string(task))
	for _, line := range storetest.Killed(t, child, 400*time.Millisecond) {
		what, id, _ := strings.Cut(line, " ")
		if said[what] == nil {
			said[what] = map[surveys.ResponseID]bool{}
		}
		said[what][surveys.ResponseID(id)] = true
	}
}

// settle does what the killed left to be done.
func (p *printShop) settle(t *testing.T) {
	t.Helper()
	for range 3 {
		must(t, p.WorkJobs(t.Context()))
		must(t, p.WorkExports(t.Context()))
	}
	jobs, err := p.Jobs(p.ctx, p.programme.ID, "pupils")
	must(t, err)
	kept := map[surveys.JobID]int{}
	for _, r := range p.sent(t) {
		kept[surveys.JobID(r.Batch)]++
	}
	for _, j := range jobs {
		want := j.New
		if j.State == surveys.JobUndone {
			want = 0
		}
		if !j.Ended() || j.State == surveys.JobFailed || j.Kind == surveys.JobImport && kept[j.ID] != want {
			t.Errorf("job %s (%s) is %s (%s) and left %d responses, want %d", j.ID, j.Kind, j.State, j.Key, kept[j.ID], want)
		}
	}
	exports, err := p.Exports(p.ctx, p.programme.ID)
	must(t, err)
	for _, e := range exports {
		if !e.Ended() {
			t.Errorf("export %s is %s after all was done", e.ID, e.State)
		}
		if e.State == surveys.ExportDone {
			if _, err := p.ExportFile(p.ctx, p.programme.ID, e.ID); err == nil && int64(len(p.file(t, e.ID))) != e.Size {
				t.Errorf("the file of export %s is not whole", e.ID)
			}
		}
	}
}

// wantAsSaid finds everything that was acknowledged as it was said.
func (p *printShop) wantAsSaid(t *testing.T, said map[string]map[surveys.ResponseID]bool) {
	t.Helper()
	linked := map[surveys.ResponseID]bool{}
	for _, l := range p.linkages(t) {
		linked[l.Response] = true
	}
	want := func(what string, ids map[surveys.ResponseID]bool, status func(surveys.Response) bool) {
		wrong := 0
		for id := range ids {
			r, err := p.store.Response(t.Context(), id)
			if err != nil || !status(r) {
				wrong++
			}
		}
		if wrong > 0 || len(ids) == 0 {
			t.Errorf("of %d that were %s %d are not so", len(ids), what, wrong)
		}
	}
	whole := func(r surveys.Response) bool {
		return r.Status == surveys.StatusSubmitted && len(r.Answers) == 8 && linked[r.ID] && len(r.Notes) == 0
	}
	want("sent", said["sent"], func(r surveys.Response) bool { return said["going"][r.ID] || whole(r) })
	want("keyed", said["keyed"], func(r surveys.Response) bool { return r.Status == surveys.StatusSubmitted && linked[r.ID] })
	want("withdrawn", said["withdrawn"], func(r surveys.Response) bool {
		return r.Status == surveys.StatusWithdrawn && len(r.Answers) == 0 && !linked[r.ID]
	})
	want("excluded", said["excluded"], func(r surveys.Response) bool { return r.Status == surveys.StatusExcluded })
	want("deleted", said["deleted"], func(r surveys.Response) bool { return r.Status == surveys.StatusDeleted })
	for _, r := range p.sent(t) {
		if len(r.Answers) == 0 || r.Submitted.IsZero() || r.Digest == "" || r.Mode == surveys.ModePhone && r.Coded && len(r.Answers) != 8 {
			t.Errorf("half a response: %+v", r)
		}
	}
}
