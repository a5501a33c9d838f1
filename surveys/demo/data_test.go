package demo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// The data are those of the reference programme; TestReference compares them
// where it is at hand. The sums are of the unpacked files.
func TestDataAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	want := map[string]struct {
		lines int
		sum   string
	}{
		"parenting":        {102, "0b1f6397ab0cc784ba090eaa64bdffe008e1752efe692bb5363b18cd2a442a36"},
		"pupil_workshop":   {1625, "0b32064f5b613b052e7cd2fdfd56b6e7350dc383e0329de2119104c6af4026e9"},
		"staff_training":   {787, "c1a02fe5d1f1b3c4edd4b033923c3070a07afd97af0f5c89d60a83d1fb06737a"},
		"teacher_feedback": {63, "79c89a0345a08272b0eec26f56624c704d5dcea6df1d1d941572399888a942b0"},
		"trainee_day":      {1500, "af39379ac7cfa364593134bced93f5fa5ddf7aca1d3420e91fa8ca71242bf8db"},
	}
	for name, w := range want {
		sum := sha256.Sum256(readPlain(t, filepath.Join("data", name+".csv.gz")))
		if got := hex.EncodeToString(sum[:]); got != w.sum {
			t.Errorf("%s: SHA-256 %s, want %s", name, got, w.sum)
		}
		if n := len(dataRows(t, name)); n != w.lines {
			t.Errorf("%s: %d responses, want %d", name, n, w.lines)
		}
	}
}

func TestDefinitionsCanBePublished(t *testing.T) {
	t.Parallel()
	seen := map[questionnaire.Kind]bool{}
	for _, name := range append([]string{"womens_workshop"}, surveyNames...) {
		d := definition(t, name)
		if err := d.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if missing := d.Untranslated("ar"); len(missing) > 0 {
			t.Errorf("%s: not in Arabic: %v", name, missing)
		}
		for _, part := range d.Parts {
			for _, item := range part.Items {
				seen[item.Kind] = true
			}
			if n := questions(part); n > 6 {
				t.Errorf("%s: part %s has %d questions, want at most 6", name, part.ID, n)
			}
		}
	}
	for _, kind := range questionnaire.Kinds {
		if !seen[kind] && kind != questionnaire.KindDateTime { // nobody is asked for one: it comes from spreadsheets

			t.Errorf("no questionnaire has an item of kind %s", kind)
		}
	}
}

func definition(t *testing.T, name string) questionnaire.Definition {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("data", "questionnaires", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := questionnaire.ParseDefinition(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// questions counts what a part asks: a row of a battery is a question.
func questions(part questionnaire.Part) int {
	n := 0
	for _, item := range part.Items {
		if item.Kind != questionnaire.KindStatement {
			n += max(1, len(item.Rows))
		}
	}
	return n
}

// What was stored is what the data say: every number, every word, every time.
func TestEveryAnswerArrives(t *testing.T) {
	l := demonstration(t)
	for _, name := range surveyNames {
		d := l.dataset(t, name)
		rows := map[surveys.ResponseID]map[string]string{}
		for _, row := range dataRows(t, name) {
			rows[surveys.ResponseID(row["response_id"])] = row
		}
		for r, err := range d.Responses(l.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			row := rows[r.ID]
			delete(rows, r.ID)
			if got := r.Submitted.Format("2006-01-02T15:04:05"); got != row["submitted_at"] {
				t.Errorf("%s was submitted at %s, want %s", r.ID, got, row["submitted_at"])
			}
			sameAnswers(t, d, &r, row)
		}
		if len(rows) > 0 {
			t.Errorf("%s: %d responses are missing", name, len(rows))
		}
	}
}

func sameAnswers(t *testing.T, d *surveys.Dataset, r *surveys.Response, row map[string]string) {
	t.Helper()
	for i := range d.Latest.Variables() {
		v := &d.Latest.Variables()[i]
		column := string(v.ID)
		if v.Moment != "" {
			column = string(v.Moment) + "_" + string(v.Row)
		}
		want, held := row[column]
		if !held {
			continue
		}
		if got := asInData(v, r.Answers[v.ID]); got != want {
			t.Errorf("%s of %s is %q, want %q", v.ID, r.ID, got, want)
		}
	}
}

// asInData writes an answer as the data do.
func asInData(v *questionnaire.Variable, a questionnaire.Answer) string {
	value, ok := v.Value(a)
	switch {
	case v.Kind == questionnaire.KindConsent:
		return map[string]string{"": "", questionnaire.ConsentYes: "1", questionnaire.ConsentNo: "0"}[a.Choice]
	case ok:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case v.ID == "role" && a.Choice != "":
		return map[string]string{"class_teacher": "class teacher", "head_teacher": "head teacher", "senco": "SENCO", "teaching_assistant": "teaching assistant"}[a.Choice]
	case a.Choice != "":
		return v.Show(a, "en")
	}
	return a.Text
}

// What the data do not hold is made up, and alive: not blank, and never words.
func TestMadeUpAnswers(t *testing.T) {
	l := demonstration(t)
	arabic, all := 0, 0
	for _, name := range surveyNames {
		d := l.dataset(t, name)
		given := map[questionnaire.ItemID]int{}
		for r, err := range d.Responses(l.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			all++
			if r.Language == "ar" {
				arabic++
			}
			if sitting := r.Submitted.Sub(r.Started); sitting < 2*time.Minute || sitting > 9*time.Minute {
				t.Errorf("%s took %v, want 2 to 9 minutes", r.ID, sitting)
			}
			for id, a := range r.Answers {
				if a.Missing == questionnaire.Answered {
					given[id]++
				}
			}
		}
		checkAlive(t, d, given)
	}
	if share := float64(arabic) / float64(all); share < 0.07 || share > 0.09 {
		t.Errorf("%.3f of the responses are in Arabic, want about 0.08", share)
	}
}

func checkAlive(t *testing.T, d *surveys.Dataset, given map[questionnaire.ItemID]int) {
	t.Helper()
	for _, v := range d.Latest.Variables() {
		if open := v.Kind == questionnaire.KindShortText; open != (given[v.ID] == 0) {
			t.Errorf("%s of %s has %d answers", v.ID, d.Strand.ID, given[v.ID])
		}
	}
}
