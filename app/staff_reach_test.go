package app_test

import (
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/outcomes"
	"soundings/surveys/storetest"
)

// showcase is the demonstration, with the desk of who runs it.
func showcase(t *testing.T) (*hall, *desk, []surveys.Programme) {
	t.Helper()
	h := &hall{tb: t, store: storetest.SQLite(t)}
	h.service = surveys.NewService(h.store, time.Now, rand.Reader)
	result, err := demo.Load(t.Context(), h.service, nil)
	if err != nil {
		t.Fatal(err)
	}
	if h.server, err = app.New(h.service, app.Config{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return h, h.signIn(result.Email, result.Password), result.Programmes
}

var (
	behindNumber = regexp.MustCompile(`<a href="(/programmes/[0-9a-f]+/reach/rows\?[^"]*)"[^>]*>([\d,]+)</a>`)
	totalOfRows  = regexp.MustCompile(`<span class="total">(\d+)</span>(?: in (\d+) row)?`)
)

// TestReachNumbersLeadToTheirRows walks the numbers of the pages: each leads to a
// list whose total is the number, and that has as many rows as it says.
func TestReachNumbersLeadToTheirRows(t *testing.T) {
	t.Parallel()
	h, d, programmes := showcase(t)
	walked := 0
	for _, p := range programmes {
		at := "/programmes/" + string(p.ID) + "/reach"
		page := d.open(at)
		page.wants(t, 200, "In words", "How this is counted")
		checkHTML(t, page)
		seen := map[string]bool{}
		for i, link := range behindNumber.FindAllStringSubmatch(page.body, -1) {
			// Programmes of many places have hundreds; some of them do.
			if address := html.UnescapeString(link[1]); !seen[address] && (len(page.body) < 30_000 || i%9 == 0) {
				seen[address] = true
				d.leadsTo(address, link[2])
				walked++
			}
		}
	}
	if walked < 80 {
		t.Errorf("%d numbers have rows behind them, want 80 at least", walked)
	}
	t.Run("published", func(t *testing.T) { reachForPublication(t, h, d, programmes) })
	t.Run("words", func(t *testing.T) { reachInWords(t, d, programmes) })
	t.Run("filter", func(t *testing.T) { reachNarrowed(t, d, programmes) })
}

// leadsTo opens the rows behind a number and counts them.
func (d *desk) leadsTo(address, number string) {
	d.h.tb.Helper()
	want, err := strconv.Atoi(strings.ReplaceAll(number, ",", ""))
	if err != nil {
		d.h.tb.Fatal(err)
	}
	first := d.open(address)
	found := totalOfRows.FindStringSubmatch(first.body)
	if first.status != 200 || found == nil || found[1] != strconv.Itoa(want) {
		d.h.tb.Errorf("%s: %d, total %v, want %d", address, first.status, found, want)
		return
	}
	rows := want
	if found[2] != "" {
		rows, _ = strconv.Atoi(found[2]) // digits
	}
	listed := strings.Count(first.body, `<tr><th scope="row">`)
	if rows > 50 {
		last := d.open(fmt.Sprintf("%s&page=%d", address, (rows+49)/50))
		listed = (rows-1)/50*50 + strings.Count(last.body, `<tr><th scope="row">`)
	}
	if listed != rows {
		d.h.tb.Errorf("%s: %d rows listed, want %d", address, listed, rows)
	}
}

// reachForPublication: who may read figures alone sees rounded numbers, and no
// list of people.
func reachForPublication(t *testing.T, h *hall, d *desk, programmes []surveys.Programme) {
	p := programmeNamed(t, programmes, "Feelings")
	admin := h.member(d, p.ID, surveys.RoleAdministrator)
	at := "/programmes/" + string(p.ID) + "/reach"
	page := admin.open(at)
	page.wants(t, 200, "as it may be published", "about", "Targets and words").lacks(t, "of=people", "of=at_most", "of=matched", "of=present", `name="from"`, ">837<", ">716<", ">906<", ">63<")
	for _, of := range []string{"people", "at_most", "matched", "pre", "post"} {
		admin.open(at+"/rows?of="+of+"&strand=pupils").wants(t, 403)
		admin.open(at+"/rows?of="+of).wants(t, 403)
	}
	admin.open(at+"/rows?of=present&strand=teachers").wants(t, 404)
	admin.open(at+"/rows?of=cohorts&strand=pupils").wants(t, 200, "Aldermoor Primary").lacks(t, "Answers received")
	d.open(at+"/rows?of=cohorts&strand=pupils").wants(t, 200, "Answers received")
	for i, link := range behindNumber.FindAllStringSubmatch(page.body, -1) {
		if i%9 > 0 {
			continue
		}
		admin.leadsTo(html.UnescapeString(link[1]), link[2])
	}
	for _, line := range reachTable(t, admin.open(at+".csv").body) {
		if n, err := strconv.Atoi(line["Number"]); err == nil && (strings.Contains(line["Measure"], "nswered") || strings.Contains(line["Measure"], "Matched") || strings.Contains(line["Measure"], "Present")) && n%5 != 0 {
			t.Errorf("%v is not rounded", line)
		}
	}
	admin.open(at+".xlsx").wants(t, 200) // which tells the same
	releases, err := h.service.Releases(surveys.WithAccount(t.Context(), h.accountNamed(d, "admin")), p.ID, "pupils")
	if err != nil || len(releases) != 1 {
		t.Errorf("%d releases remembered, %v, want one for two files that tell the same", len(releases), err)
	}
	facilitator := h.member(d, p.ID, surveys.RoleFacilitator)
	facilitator.open(at).wants(t, 403)
}

// member makes an account with one role in a programme, and signs it in.
func (h *hall) member(owner *desk, id surveys.ProgrammeID, role surveys.Role) *desk {
	h.tb.Helper()
	ctx := surveys.WithAccount(h.tb.Context(), h.accountNamed(owner, ""))
	name := map[surveys.Role]string{surveys.RoleAdministrator: "admin"}[role]
	if name == "" {
		name = string(role)
	}
	email, password := name+"@example.org", name+" has a long password"
	if _, err := h.service.CreateAccount(ctx, surveys.Account{Name: name, Email: email}, password); err != nil {
		h.tb.Fatal(err)
	}
	if err := h.service.Grant(ctx, email, id, []surveys.Role{role}); err != nil {
		h.tb.Fatal(err)
	}
	return h.signIn(email, password)
}

// accountNamed is the account of a name, that of the owner for "".
func (h *hall) accountNamed(owner *desk, name string) surveys.Account {
	h.tb.Helper()
	account, _, err := h.service.SignedIn(h.tb.Context(), owner.cookies["soundings"].Value)
	if err != nil || name == "" {
		return account
	}
	all, err := h.service.Accounts(surveys.WithAccount(h.tb.Context(), account))
	if err != nil {
		h.tb.Fatal(err)
	}
	for _, one := range all {
		if one.Name == name {
			return one
		}
	}
	h.tb.Fatalf("no account %q", name)
	return account
}

func programmeNamed(t *testing.T, programmes []surveys.Programme, name string) surveys.Programme {
	t.Helper()
	for _, p := range programmes {
		if strings.HasPrefix(p.Name, name) {
			return p
		}
	}
	t.Fatalf("no programme %q", name)
	return surveys.Programme{}
}

// reachTable reads a tidy table.
func reachTable(t *testing.T, body string) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("the table has %d lines: %v", len(lines), err)
	}
	var table []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			row[head] = line[i]
		}
		table = append(table, row)
	}
	return table
}

// reachInWords: the sentences, the table and the targets of the demonstration.
func reachInWords(t *testing.T, d *desk, programmes []surveys.Programme) {
	for name, sentences := range map[string][]string{
		"Stronger": {"parents in 4 series answered", "57 were expected", "of the target of 60"},
		"Feelings": {"pupils in 7 schools answered", "63 teachers in 7 schools answered", "63 teachers rated 26 of 29 workshops", "of the target of 850"},
		"Trainee":  {"1,500 trainee teachers in 51 institutions answered", "94% of the target of 1,600"},
		"Domestic": {"council staff in 8 directorates answered"},
	} {
		at := "/programmes/" + string(programmeNamed(t, programmes, name).ID) + "/reach"
		d.open(at).wants(t, 200, sentences...)
		if sheet := d.open(at + ".xlsx"); sheet.status != 200 || !strings.HasPrefix(sheet.body, "PK") {
			t.Errorf("%s: %d, no workbook", name, sheet.status)
		}
	}
	staff := "/programmes/" + string(programmeNamed(t, programmes, "Domestic").ID) + "/reach"
	revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(d.open(staff + "/targets").body)
	form := url.Values{"revision": {revision[1]}, "targets.people": {"many"}, "strands[0].groups": {"directorates"}}
	d.sends(staff+"/targets", form).wants(t, 422, "Enter a whole number").has(t, `value="many"`)
	form.Set("targets.people", "")
	form.Set("strands[0].people", "members of staff")
	stale := url.Values{}
	for key, values := range form {
		stale[key] = values
	}
	d.sends(staff+"/targets", form).wants(t, 303, staff)
	d.open(staff).wants(t, 200, "members of staff in 8 directorates", "no target set", "Set a target")
	stale.Set("strands[0].groups", "teams")
	d.sends(staff+"/targets", stale).wants(t, 422, "Open the targets again").has(t, `value="teams"`)
}

// reachNarrowed: a period leaves the people of whole months, and its numbers lead to
// its rows.
func reachNarrowed(t *testing.T, d *desk, programmes []surveys.Programme) {
	at := "/programmes/" + string(programmeNamed(t, programmes, "Trainee").ID) + "/reach"
	page := d.open(at + "?from=2024-02-01&to=2024-03-15&phase=Primary")
	page.wants(t, 200, "Show all").lacks(t, ">1,500<")
	links := behindNumber.FindAllStringSubmatch(page.body, -1)
	for i := 0; i < len(links); i += 5 {
		d.leadsTo(html.UnescapeString(links[i][1]), links[i][2])
	}
	d.open(at+"/rows?of=nothing&strand=trainees").wants(t, 404)
	d.open(at+"/rows?of=people&by=audience&name=nobody").wants(t, 404)
	d.open(at+"/rows?of=cohorts").wants(t, 404)
}

// TestReachOfNobody: a programme without an answer says so.
func TestReachOfNobody(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	page := h.ownersDesk().open(h.programmePath() + "/reach")
	checkHTML(t, page.wants(t, 200, "There is nothing to tell yet", "no target set"))
}

// TestAPIReach asks for the reach by program.
func TestAPIReach(t *testing.T) {
	t.Parallel()
	a := newAPIClient(t)
	p := a.setUp()
	a.want(200, "POST", p.responses("pre"), bulk("pre", 2, 4, 6, 8, 3, 5, 7), nil)
	var reach outcomes.ProgrammeReach
	a.want(200, "GET", "/api/v1/programmes/"+p.programme+"/reach", "", &reach)
	if reach.People != 7 || reach.PeopleAtMost != 7 || len(reach.Strands) != 1 || reach.Profile != surveys.ProfileInternal {
		raw, _ := json.Marshal(reach) // for the message
		t.Errorf("reach = %s, want 7 people of one strand", raw)
	}
}

// TestReachAfterAPublication: who may only read figures still has the page when few
// people have answered since a file was published.
func TestReachAfterAPublication(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	for i := range 12 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "It helped.")
	}
	d := h.colleague("administrator", surveys.RoleAdministrator)
	at := h.programmePath() + "/reach"
	d.open(at).wants(t, 200)
	d.open(at+".csv").wants(t, 200)
	h.answers("response99", "2", "1", "yes", "It helped.")
	checkHTML(t, d.open(at).wants(t, 200, "since a file was published").lacks(t, "13 ", ">10<", ">15<"))
	d.open(at+".csv").wants(t, 409)
}
