package exports_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/olddata"
	"soundings/surveys/outcomes"
	"soundings/surveys/storetest"
)

// TestWorkbookComesBack: what a workbook or a file of separated values holds of a strand is imported into an
// empty programme, and gives the same figures. What it does not hold, the codes of
// who has no pair, does not come back.
func TestWorkbookComesBack(t *testing.T) {
	service := surveys.NewService(storetest.SQLite(t), time.Now, rand.Reader)
	loaded := must(demo.Load(t.Context(), service, nil))
	account, _, err := service.SignedIn(t.Context(), must(service.SignIn(t.Context(), loaded.Email, loaded.Password, surveys.Visitor{})).Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("example", func(t *testing.T) {
		for _, p := range loaded.Programmes {
			if _, ok := p.Strand("parents"); ok {
				readExample(t, service, surveys.WithAccount(t.Context(), account), p.ID)
			}
		}
	})
	for _, sheet := range []string{"Responses (codes)", "Responses (labels)", "codes.csv", "labels.csv"} {
		for _, p := range loaded.Programmes {
			for _, strand := range p.Strands {
				if strand.ID == "pupils" || strand.ID == "staff" || testing.Short() && strand.ID == "trainees" { // thousands: the others have all shapes
					continue
				}
				t.Run(sheet+"/"+string(strand.ID), func(t *testing.T) {
					r := &returning{service: service, ctx: surveys.WithAccount(t.Context(), account), t: t, from: p, strand: strand}
					r.copyPlaces()
					before, data := r.report(p.ID)
					r.imports(sheet, data, before)
					after, _ := r.report(r.to.ID)
					if diff := cmp.Diff(figures(before), figures(after)); diff != "" {
						t.Error(diff)
					}
				})
			}
		}
	}
}

// readExample looks through the made-up file of the documentation: a wide table with
// a title, labels and codes, and two rows that are wrong.
func readExample(t *testing.T, service *surveys.Service, ctx context.Context, p surveys.ProgrammeID) {
	file := must(os.ReadFile("../surveys/testdata/old_parents.csv"))
	u := must(service.KeepUpload(ctx, p, "parents", "old_parents.csv", bytes.NewReader(file), int64(len(file))))
	cohorts := must(service.Cohorts(ctx, p))
	u.Mapping.Cohorts = map[string]string{"series a": string(cohorts[0].ID), "series b": string(cohorts[1].ID)}
	u = must(service.SetMapping(ctx, p, "parents", u.ID, u.Mapping))
	if err := service.WorkJobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	checked := must(service.Job(ctx, p, "parents", u.Check))
	if checked.New != 5 || checked.Coded != 5 || checked.Wrong != 2 || checked.Aside != 0 {
		t.Errorf("%+v %+v", checked.JobCounts, must(service.Problems(ctx, p, "parents", u.Check)))
	}
}

// returning is one strand on its way out and in again.
type returning struct {
	service  *surveys.Service
	ctx      context.Context
	t        *testing.T
	from, to surveys.Programme
	strand   surveys.Strand
	cohorts  map[string]string // ids there, by id and name here
}

// copyPlaces makes an empty programme with the same cohorts.
func (r *returning) copyPlaces() {
	to := r.from
	to.Strands, to.Name, to.Demo = []surveys.Strand{r.strand}, "Again "+r.t.Name(), false
	r.to = must(r.service.CreateProgramme(r.ctx, to))
	account, _ := surveys.AccountFrom(r.ctx)
	for _, a := range must(r.service.Accounts(r.ctx)) {
		if a.ID == account.ID {
			r.ctx = surveys.WithAccount(r.ctx, a)
		}
	}
	places := map[surveys.InstitutionID]surveys.InstitutionID{}
	for _, i := range must(r.service.Institutions(r.ctx, r.from.ID)) {
		was := i.ID
		i.Programme = r.to.ID
		places[was] = must(r.service.CreateInstitution(r.ctx, i)).ID
	}
	r.cohorts = map[string]string{}
	for _, c := range must(r.service.Cohorts(r.ctx, r.from.ID)) {
		was := c.ID
		c.Programme, c.Institution, c.Expected = r.to.ID, places[c.Institution], nil
		id := string(must(r.service.CreateCohort(r.ctx, c)).ID)
		r.cohorts[olddata.Normal(string(was))], r.cohorts[olddata.Normal(c.Name)] = id, id
	}
}

func (r *returning) report(id surveys.ProgrammeID) (*outcomes.Report, *surveys.Dataset) {
	data := must(r.service.Dataset(r.ctx, id, r.strand.ID))
	return must(outcomes.Build(r.ctx, data, outcomes.Options{})), data
}

// imports takes a sheet of the workbook, or a file of that format, in, as it is suggested but for the cohorts.
func (r *returning) imports(sheet string, data *surveys.Dataset, report *outcomes.Report) {
	r.t.Helper()
	format, ok := exports.FormatOf(sheet)
	if !ok {
		format, _ = exports.FormatOf("analysis.xlsx")
	}
	var file bytes.Buffer
	if err := format.Write(r.ctx, &file, exports.Material{Data: data, Report: report}); err != nil {
		r.t.Fatal(err)
	}
	u := must(r.service.KeepUpload(r.ctx, r.to.ID, r.strand.ID, "rows."+format.Ending, bytes.NewReader(file.Bytes()), int64(file.Len())))
	if !ok && u.Sheet != sheet {
		u = must(r.service.ChooseSheet(r.ctx, r.to.ID, r.strand.ID, u.ID, sheet))
	}
	u.Mapping.Cohorts = r.cohorts
	must(r.service.SetMapping(r.ctx, r.to.ID, r.strand.ID, u.ID, u.Mapping))
	j := must(r.service.StartImport(r.ctx, r.to.ID, r.strand.ID, u.ID, surveys.PolicyAll))
	if err := r.service.WorkJobs(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	if j = must(r.service.Job(r.ctx, r.to.ID, r.strand.ID, j.ID)); j.State != surveys.JobDone {
		problems := must(r.service.Problems(r.ctx, r.to.ID, r.strand.ID, j.ID))
		r.t.Fatalf("%+v: %+v", j.JobCounts, problems[:min(len(problems), 10)])
	}
}

// figures are those of a report that come back: every measure's results, but for
// what counts people without a pair. One who sent twice is one before and two after:
// the workbook does not say by which code they were known.
func figures(r *outcomes.Report) []string {
	var lines []string
	for _, m := range r.Measures {
		var result map[string]map[string]any
		if err := json.Unmarshal(must(json.Marshal(m.Result)), &result); err != nil {
			panic(err)
		}
		for _, name := range []string{"attrition", "unpaired_all", "n_pre", "n_post", "n_pre_only", "n_post_only", "all_pre_pct", "all_post_pct", "all_pre", "all_post"} {
			for _, kind := range []string{"paired", "binary"} {
				delete(result[kind], name)
			}
		}
		lines = append(lines, fmt.Sprintf("%s %v", m.ID, rounded(result)))
	}
	return lines
}

// rounded is a figure to nine digits: sums in another order differ behind them.
func rounded(v any) any {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'g', 9, 64)
	case map[string]map[string]any:
		for _, inner := range v {
			rounded(inner)
		}
	case map[string]any:
		for name, inner := range v {
			v[name] = rounded(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = rounded(inner)
		}
	}
	return v
}
