package exports_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/disclosure"
	"soundings/surveys/outcomes"
	"soundings/surveys/sheets"
	"soundings/surveys/storetest"
)

// upTo is a store as it was at a time: without the responses that came later.
type upTo struct {
	surveys.Store
	end time.Time
}

func (s upTo) Responses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		for r, err := range s.Store.Responses(ctx, programme, strand) {
			if err == nil && r.Submitted.After(s.end) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// reference is the demonstration, which holds the five surveys of the reference
// programme.
type reference struct {
	testing.TB
	ctx        context.Context
	store      surveys.Store
	programmes []surveys.Programme
}

func newReference(tb testing.TB) *reference {
	tb.Helper()
	store := storetest.SQLite(tb)
	service := surveys.NewService(store, time.Now, rand.Reader)
	loaded := must(demo.Load(tb.Context(), service, nil))
	secret := must(service.SignIn(tb.Context(), loaded.Email, loaded.Password, surveys.Visitor{})).Secret
	account, _, err := service.SignedIn(tb.Context(), secret)
	if err != nil {
		tb.Fatal(err)
	}
	return &reference{tb, surveys.WithAccount(tb.Context(), account), store, loaded.Programmes}
}

// at is the data of a strand without its last responses.
func (r *reference) at(programme surveys.ProgrammeID, strand surveys.StrandID, without int) *surveys.Dataset {
	r.Helper()
	var times []time.Time
	for one, err := range r.store.Responses(r.ctx, programme, strand) {
		if err != nil {
			r.Fatal(err)
		}
		times = append(times, one.Submitted)
	}
	slices.SortFunc(times, time.Time.Compare)
	service := surveys.NewService(upTo{r.store, times[len(times)-1-without]}, time.Now, rand.Reader)
	return must(service.Dataset(r.ctx, programme, strand))
}

// publish writes the publication of a strand, and returns what it tells.
func (r *reference) publish(d *surveys.Dataset, f surveys.Filter, earlier ...surveys.Release) ([]byte, surveys.Release, error) {
	r.Helper()
	report, err := outcomes.Build(r.ctx, d, outcomes.Options{Profile: surveys.ProfilePublished, Made: origin, Filter: f, Earlier: earlier})
	if err != nil {
		return nil, surveys.Release{}, err
	}
	var file bytes.Buffer
	if err := exports.Publication(r.ctx, &file, d, report, exports.Options{}); err != nil {
		r.Fatal(err)
	}
	release := *report.Release
	release.At, release.Format = origin, "publication.xlsx"
	return file.Bytes(), release, nil
}

// auditCase is the files of one strand that were published one after the other.
type auditCase struct {
	Files  []string                     `json:"files"`            // paths, oldest first
	Filter *filterOfFile                `json:"filter,omitempty"` // of the last
	Places map[string]map[string]string `json:"places"`           // by name of a cohort: its "Institution", "Phase", "Area"
}

// filterOfFile says which group of everyone a filtered file is of.
type filterOfFile struct {
	By    string `json:"by"`
	Group string `json:"group"`
}

// placesIn names where the cohorts are, as a reader may know it.
func placesIn(d *surveys.Dataset) map[string]map[string]string {
	count := map[string]int{}
	for _, id := range d.CohortOrder {
		count[d.Cohorts[id].Name]++
	}
	places := map[string]map[string]string{}
	for _, id := range d.CohortOrder {
		institution := d.InstitutionOf(id)
		name := d.Cohorts[id].Name
		if count[name] > 1 && institution.Name != "" {
			name = institution.Name + ", " + name
		}
		places[name] = map[string]string{"Institution": institution.Name, "Phase": d.PhaseOf(id), "Area": institution.Area}
	}
	return places
}

// TestPublishedFilesGiveNothingAway publishes the five surveys of the reference
// programme, again when more people have answered, and for one institution, and has
// two readers derive from the finished files every count, margin and percentage that
// they imply: nothing hidden can be worked out. A file that differs by three answers
// from the one before is not made.
func TestPublishedFilesGiveNothingAway(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what is long and of one goroutine")
	}
	r := newReference(t)
	folder := t.TempDir()
	for _, p := range r.programmes {
		for _, s := range p.Strands {
			c := r.audited(p.ID, s.ID, folder)
			t.Run(string(s.ID), func(t *testing.T) {
				auditFiles(t, c)
				auditWithPython(t, c, filepath.Join(folder, string(s.ID)+".json"))
			})
		}
	}
}

// audited publishes a strand: without its last 60 responses, with all of them, and
// its largest institution.
func (r *reference) audited(programme surveys.ProgrammeID, strand surveys.StrandID, folder string) auditCase {
	r.Helper()
	const later, few = 60, 3
	now := r.at(programme, strand, 0)
	c := auditCase{Places: placesIn(now)}
	keep := func(file []byte, name string) {
		path := filepath.Join(folder, string(strand)+name+".xlsx")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			r.Fatal(err)
		}
		c.Files = append(c.Files, path)
	}
	file, first, err := r.publish(r.at(programme, strand, later), surveys.Filter{})
	if err != nil {
		r.Fatal(err)
	}
	keep(file, "-first")
	if _, _, err := r.publish(r.at(programme, strand, later-few), surveys.Filter{}, first); surveys.KindOf(err) != surveys.KindConflict {
		r.Errorf("%s: with %d answers more: error = %v, want KindConflict", strand, few, err)
	}
	file, second, err := r.publish(now, surveys.Filter{}, first)
	if err != nil {
		r.Fatal(err)
	}
	keep(file, "-second")
	var largest surveys.Institution
	people := 0
	for _, cell := range second.Cells {
		for _, one := range now.Institutions {
			if cell.Key == "institution/"+one.Name && cell.People > people {
				largest, people = one, cell.People
			}
		}
	}
	if people == 0 {
		return c
	}
	file, _, err = r.publish(now, surveys.Filter{Institutions: []surveys.InstitutionID{largest.ID}}, first, second)
	if err != nil {
		r.Fatal(err)
	}
	keep(file, "-institution")
	c.Filter = &filterOfFile{"Institution", largest.Name}
	return c
}

// mostTogether is the number of cohorts from which on the files of a strand are
// looked at one by one, and as one list of groups: together they are a program of
// thousands of sums.
const mostTogether = 40

// auditFiles derives with the reader of spreadsheets that people upload.
func auditFiles(t *testing.T, c auditCase) {
	t.Helper()
	if len(c.Places) > mostTogether {
		for _, path := range c.Files {
			auditFiles(t, auditCase{Files: []string{path}, Places: nil})
		}
		return
	}
	a := &auditor{TB: t, places: c.Places, shows: map[string]bool{}}
	for i, path := range c.Files {
		a.file = fmt.Sprintf("%d:", i+1)
		a.filtered = c.Filter != nil && i == len(c.Files)-1
		a.read(path)
	}
	a.across(c)
	found, err := a.table.Audit()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		// A group that both files show is of the same people, or of ten more: that
		// nobody came may be seen, that few did may not. What the first file showed
		// and the second hides, since few came, is known from the first.
		if before, ok := strings.CutPrefix(f.Name, "2:"); ok && a.shows["1:"+before] {
			continue
		}
		// A group hidden for another's sake may be known to be large.
		if f.Low >= 10 {
			continue
		}
		if came := strings.HasPrefix(f.Name, "came:"); !came && f.GivenAway() || came && f.GivenAway() && f.Low > 0 {
			t.Errorf("given away: %v", f)
		}
	}
	if a.hidden < 20 || a.shown < 100 {
		t.Errorf("%d counts are hidden and %d shown: this tests nothing", a.hidden, a.shown)
	}
}

// auditor puts what files show into one table.
type auditor struct {
	testing.TB
	table         disclosure.Table
	places        map[string]map[string]string
	file          string // "1:" before the names of its cells
	filtered      bool
	names         []string // of the cells of all files
	hidden, shown int
	came          int // counts of people who came between two files
	shows         map[string]bool
}

// sheetRow is one row of a sheet by heading.
type sheetRow map[string]string

// read derives the cells and sums of one file.
func (a *auditor) read(path string) {
	a.Helper()
	file := must(os.Open(path))
	defer func() { _ = file.Close() }()
	size := must(file.Stat()).Size()
	book := must(sheets.Open(file, size, path))
	a.reach(a.rows(book, "Reach", "Breakdown"))
	everyone := a.rows(book, "Outcomes", "Measure")
	for _, row := range everyone {
		row["By"], row["Group"] = "Everyone", "Everyone"
	}
	a.measures(append(everyone, a.rows(book, "Breakdowns", "Measure")...))
	a.items(a.rows(book, "Item distributions", "Item and when"))
}

// rows are those below the row whose first cell is first.
func (a *auditor) rows(book *sheets.Table, sheet, first string) []sheetRow {
	a.Helper()
	if err := book.Choose(sheet); err != nil {
		a.Fatal(err)
	}
	var heads []string
	var rows []sheetRow
	for r, err := range book.Rows() {
		switch {
		case err != nil:
			a.Fatal(err)
		case heads != nil:
			row := sheetRow{}
			for i, cell := range r.Cells {
				row[heads[i]] = cell
			}
			rows = append(rows, row)
		case len(r.Cells) > 0 && r.Cells[0] == first:
			heads = r.Cells
		}
	}
	if heads == nil {
		a.Fatalf("%s has no row that begins with %q", sheet, first)
	}
	return rows
}

// cell adds a count as it stands in a cell; a sign or nothing adds none unless it
// says that the count is hidden.
func (a *auditor) cell(name, text string) (n int, there bool) {
	a.Helper()
	switch v, err := strconv.ParseFloat(text, 64); {
	case text == "[c]":
		a.hide(name)
		return 0, true
	case err == nil:
		return a.show(name, v), true
	}
	return 0, false
}

func (a *auditor) hide(name string) {
	a.table.Hide(a.file+name, 0, disclosure.Unknown)
	a.names = append(a.names, a.file+name)
	a.hidden++
}

// show adds a count, which has to be rounded.
func (a *auditor) show(name string, v float64) int {
	a.Helper()
	n := int(math.Round(v))
	if math.Abs(v-float64(n)) > 1e-6 || n%5 != 0 {
		a.Errorf("%s%s = %v is not to the nearest 5", a.file, name, v)
	}
	if n > 0 && n < 10 {
		a.Errorf("%s%s = %v is of fewer than 10", a.file, name, v)
	}
	a.table.ShowRounded(a.file+name, n, 5)
	a.shows[a.file+name] = true
	a.names = append(a.names, a.file+name)
	a.shown++
	return n
}

// reach adds the counts of the table of reach.
func (a *auditor) reach(rows []sheetRow) {
	a.Helper()
	for _, head := range []string{"Answered before", "Answered after", "Matched", "Responses", "Present in them"} {
		groups := map[string][]string{}
		for _, row := range rows {
			if _, ok := a.cell("reach/"+head+"/"+row["Breakdown"]+"/"+row["Group"], row[head]); ok {
				groups[row["Breakdown"]] = append(groups[row["Breakdown"]], row["Group"])
			}
		}
		a.sums("reach/"+head, "Everyone/All responses", groups)
	}
}

// sums adds, of one kind of count, those over the groups of each division, and over
// the cohorts of each place.
func (a *auditor) sums(kind, everyone string, groups map[string][]string) {
	cell := func(by, group string) string { return a.file + kind + "/" + by + "/" + group }
	for by, names := range groups {
		if by == "Everyone" || len(names) == 0 {
			continue
		}
		var parts []string
		for _, name := range names {
			parts = append(parts, cell(by, name))
		}
		if by == "Institution" || by == "Phase" || by == "Area" {
			if !a.everywhere(by) {
				continue
			}
		}
		a.table.Sum(a.file+kind+"/"+everyone, parts...)
	}
	for _, by := range []string{"Institution", "Phase", "Area"} {
		for _, name := range groups[by] {
			var parts []string
			for _, cohort := range groups["Cohort"] {
				if a.places[cohort][by] == name {
					parts = append(parts, cell("Cohort", cohort))
				}
			}
			if len(parts) > 0 {
				a.table.Sum(cell(by, name), parts...)
			}
		}
	}
}

// everywhere reports whether each cohort has a place of that kind.
func (a *auditor) everywhere(by string) bool {
	for _, place := range a.places {
		if place[by] == "" {
			return false
		}
	}
	return true
}

// The headings of counts, and of shares of the base, in the sheets of measures.
var (
	headsOfCounts = []string{"Answered before", "Answered after", "Matched", "Rated then", "Rated now", "Rated both", "Answers"}
	headsOfBase   = []string{"Matched", "Rated both", "Answers"}
	headsOfShares = []string{"Improved", "The same", "Got worse", "Good answers", "Promoters", "Passives", "Detractors"}
)

// measures adds the counts of the measures, and those that the shares of each row
// stand for.
func (a *auditor) measures(rows []sheetRow) {
	a.Helper()
	groups := map[string]map[string][]string{} // by kind of count, by division
	add := func(kind string, row sheetRow) {
		if groups[kind] == nil {
			groups[kind] = map[string][]string{}
		}
		groups[kind][row["By"]] = append(groups[kind][row["By"]], row["Group"])
	}
	for _, row := range rows {
		where := "/" + row["By"] + "/" + row["Group"]
		for _, head := range headsOfCounts {
			if _, ok := a.cell(row["Measure"]+"/"+head+where, row[head]); ok {
				add(row["Measure"]+"/"+head, row)
			}
		}
		for _, part := range a.shares(row, where) {
			add(row["Measure"]+"/"+part, row)
		}
	}
	for kind, divisions := range groups {
		a.sums(kind, "Everyone/Everyone", divisions)
	}
}

// shares adds the counts that the shares of a row stand for, and lists which.
func (a *auditor) shares(row sheetRow, where string) (parts []string) {
	a.Helper()
	of := slices.IndexFunc(headsOfBase, func(head string) bool { return row[head] != "" && row[head] != "[z]" })
	if of < 0 {
		return nil
	}
	base := row["Measure"] + "/" + headsOfBase[of] + where
	people, _ := strconv.ParseFloat(row[headsOfBase[of]], 64)
	shares := map[string]string{}
	for _, head := range headsOfShares {
		shares[head] = row[head]
	}
	if strings.HasPrefix(row["Figures are"], "%") {
		for _, head := range []string{"Mean before", "Mean after", "Then (from memory)", "Now"} {
			if v, err := strconv.ParseFloat(row[head], 64); err == nil {
				shares["% "+head] = fmt.Sprint(v / 100)
			} else if row[head] == "[c]" {
				shares["% "+head] = "[c]"
			}
		}
	}
	for head, text := range shares {
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			text = fmt.Sprint(v * people)
		}
		if _, ok := a.cell(row["Measure"]+"/"+head+where, text); !ok {
			continue
		}
		parts = append(parts, head)
	}
	for _, whole := range [][]string{{"Improved", "The same", "Got worse"}, {"Promoters", "Passives", "Detractors"}} {
		var cells []string
		for _, head := range whole {
			if slices.Contains(parts, head) {
				cells = append(cells, a.file+row["Measure"]+"/"+head+where)
			}
		}
		if len(cells) == len(whole) {
			a.table.Sum(a.file+base, cells...)
		}
	}
	return parts
}

// items adds the bars of the distributions.
func (a *auditor) items(rows []sheetRow) {
	a.Helper()
	for _, row := range rows {
		whole := "item/" + row["Item and when"]
		people, _ := a.cell(whole, row["People"])
		if row["People"] == "[c]" {
			continue
		}
		var bars []string
		for i := 1; row[fmt.Sprintf("Answer %d", i)] != ""; i++ {
			text := row[fmt.Sprintf("Share of answer %d", i)]
			if v, err := strconv.ParseFloat(text, 64); err == nil {
				text = fmt.Sprint(v * float64(people))
			}
			bar := fmt.Sprintf("%s/%d", whole, i)
			if _, ok := a.cell(bar, text); ok {
				bars = append(bars, a.file+bar)
			}
		}
		a.table.Sum(a.file+whole, bars...)
	}
}

// across says what the same count of two files has to do with each other: nobody
// went, some came; and that those of the filter are a group of the file before.
func (a *auditor) across(c auditCase) {
	last := len(c.Files)
	if c.Filter != nil {
		a.filter(last, c.Filter)
		last--
	}
	if last < 2 {
		return
	}
	for _, name := range slices.Clone(a.names) {
		if before, ok := strings.CutPrefix(name, "1:"); ok && !strings.HasPrefix(before, "item/") && slices.Contains(a.names, "2:"+before) && isBase(before) {
			a.table.Hide("came:"+before, 0, disclosure.Unknown)
			a.came++
			a.table.Sum("2:"+before, name, "came:"+before)
		}
	}
}

// isBase reports whether a count only grows as people answer.
func isBase(name string) bool {
	return slices.ContainsFunc(headsOfCounts, func(head string) bool { return strings.Contains(name, "/"+head+"/") }) || strings.HasPrefix(name, "reach/")
}

// filter says whom a filtered file is of.
func (a *auditor) filter(number int, f *filterOfFile) {
	for _, name := range slices.Clone(a.names) {
		own, ok := strings.CutPrefix(name, fmt.Sprintf("%d:", number))
		if !ok {
			continue
		}
		for _, everyone := range []string{"/Everyone/Everyone", "/Everyone/All responses"} {
			kind, ok := strings.CutSuffix(own, everyone)
			group := fmt.Sprintf("%d:%s/%s/%s", number-1, kind, f.By, f.Group)
			if ok && slices.Contains(a.names, group) {
				a.table.Sum(name, group)
			}
		}
	}
}

// auditWithPython derives with openpyxl, and finds the bounds by the integer
// programming of the reference's own check.
func auditWithPython(t *testing.T, c auditCase, path string) {
	t.Helper()
	python := "/usr/bin/python3"
	if len(c.Places) > mostTogether {
		t.Skip("another reader does not check the largest survey")
	}
	if err := exec.Command(python, "-c", "import openpyxl, scipy.optimize; scipy.optimize.milp").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("openpyxl and scipy of 1.9 or later are not installed for /usr/bin/python3")
		}
		t.Skip("openpyxl and scipy of 1.9 or later are not installed for /usr/bin/python3 (apt-get install python3-openpyxl python3-scipy): a second reader has not checked what the files give away")
	}
	if err := os.WriteFile(path, must(json.Marshal(c)), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), python, "testdata/audit_workbook.py", path).CombinedOutput()
	if err != nil {
		t.Errorf("%s (%v)", said, err)
	}
	t.Logf("%s", said)
}
