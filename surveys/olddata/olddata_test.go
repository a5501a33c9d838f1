package olddata_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

var bothWaves = []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}

func form(tb testing.TB, values bool) *olddata.Form {
	tb.Helper()
	data, err := os.ReadFile("testdata/views.json")
	if err != nil {
		tb.Fatal(err)
	}
	d, err := questionnaire.ParseDefinition(data)
	if err != nil {
		tb.Fatal(err)
	}
	in, err := questionnaire.Compile(questionnaire.Version{Questionnaire: "views", Number: 1, Definition: d})
	if err != nil {
		tb.Fatal(err)
	}
	return olddata.NewForm(in, values)
}

func profile(tb testing.TB, csv string) (olddata.Profile, *sheets.Table) {
	tb.Helper()
	table, err := sheets.Open(strings.NewReader(csv), int64(len(csv)), "old.csv")
	if err != nil {
		tb.Fatal(err)
	}
	p, err := olddata.ProfileOf(table)
	if err != nil {
		tb.Fatal(err)
	}
	return p, table
}

var places = []olddata.Place{{ID: "c1", Name: "Class 6", Institution: "Garn School"}, {ID: "c2", Name: "Class 7", Institution: "Hill School"}}

// told are the responses that a table gives when it is read as suggested, as text:
// "pre c1 en 2024-03-07: calm=4".
func told(tb testing.TB, csv string, edit func(*olddata.Mapping)) (lines, wrong []string) {
	tb.Helper()
	p, table := profile(tb, csv)
	f := form(tb, false)
	m := olddata.Suggest(p, f, bothWaves, places)
	if m.Submitted == "" && !m.Has(olddata.TargetSubmitted) {
		m.Submitted = "2024-06-30"
	}
	if m.Cohort == "" && !m.Has(olddata.TargetCohort) {
		m.Cohort = "c1"
	}
	if edit != nil {
		edit(&m)
	}
	for _, problem := range m.Check(f, bothWaves) {
		wrong = append(wrong, sheets.ColumnName(problem.Column)+problem.Field+" "+problem.Key)
	}
	r := olddata.NewReader(m, time.UTC, []string{"c1", "c2"}, f)
	for row, err := range table.Rows() {
		if err != nil {
			tb.Fatal(err)
		}
		if row.Number <= m.HeadRow {
			continue
		}
		heads, errs := r.Heads(row)
		for _, head := range heads {
			raw, _, more := r.Answers(row, head, f)
			errs = append(errs, more...)
			lines = append(lines, line(head, raw))
		}
		for _, e := range errs {
			wrong = append(wrong, sheets.Place(e.Row, e.Column)+" "+e.Key)
		}
	}
	return lines, wrong
}

func line(h olddata.Head, raw questionnaire.Raw) string {
	text := string(h.Wave) + " " + h.Cohort + " " + h.Language + " " + h.Submitted.Format(time.DateOnly)
	if h.Respondent != "" {
		text += " " + h.Respondent
	}
	text += ":"
	for _, control := range sortedKeys(raw) {
		text += " " + control + "=" + strings.Join(raw[control], "+")
	}
	return text
}

func sortedKeys(raw questionnaire.Raw) []string {
	var keys []string
	for _, id := range []string{"own_code__mother", "own_code__day", "stress", "travel", "travel__other", "subjects", "sleep", "born", "calm_then", "calm_now", "places__1", "places__2", "places__3", "may_quote", "why", "before", "changed"} {
		if len(raw[id]) > 0 {
			keys = append(keys, id)
		}
	}
	return keys
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, csv string
		edit      func(*olddata.Mapping)
		want      []string
		wantWrong []string
	}{
		{name: "long, codes", csv: "respondent,wave,class,date,stress,travel,subjects\np1,pre,Class 6,2024-03-07,7,bus,maths art\np1,post,Class 6,2024-06-07,3,foot,none\n",
			want: []string{"pre c1  2024-03-07 p1: stress=7 travel=bus subjects=art+maths", "post c1  2024-06-07 p1: stress=3 travel=foot subjects=none"}},
		{name: "long, labels in two languages and any letters", csv: "person;Before or after;institution;Submitted;How stressed are you?;How do you come to school?;Which do you like?\na;Before;garn school;31.12.2023;7;by BUS;Maths; Art\nb;AFTER;Hill School;1.2.2024;3,0;بالحافلة;فن\n",
			want: []string{"pre c1  2023-12-31 a: stress=7 travel=bus subjects=maths", "post c2  2024-02-01 b: stress=3,0 travel=bus subjects=art"}},
		{name: "several in one quoted cell", csv: "wave,id,stress,Which do you like?\npre,1,7,\"Maths; Art\"\npre,2,6,\"art, maths\"\npre,3,5,\"Maths\nArt\"\npre,4,5,None of these\n",
			want: []string{"pre c1  2024-06-30 1: stress=7 subjects=art+maths", "pre c1  2024-06-30 2: stress=6 subjects=art+maths", "pre c1  2024-06-30 3: stress=5 subjects=art+maths", "pre c1  2024-06-30 4: stress=5 subjects=none"}},
		{name: "a column a choice", csv: "wave,stress,subjects_maths,Which do you like? - Art,Which do you like? [None of these]\npre,7,1,yes,\npre,6,x,no,0\npost,5,0,0,1\npost,5,maybe,0,1\n",
			want:      []string{"pre c1  2024-06-30: stress=7 subjects=art+maths", "pre c1  2024-06-30: stress=6 subjects=maths", "post c1  2024-06-30: stress=5 subjects=none", "post c1  2024-06-30: stress=5 subjects=none"},
			wantWrong: []string{"row 5, column C old_data.yes_or_no"}},
		{name: "wide", csv: "id,pre_stress,post stress,travel (before),Q2. How do you come to school? (after)\n1,7,3,bus,foot\n2,6,,By bus,\n",
			want: []string{"pre c1  2024-06-30 1: stress=7 travel=bus", "post c1  2024-06-30 1: stress=3 travel=foot", "pre c1  2024-06-30 2: stress=6 travel=bus"}},
		{name: "wide, a day for each wave", csv: "id,date before,date after,pre_stress,post_stress\n1,2024-01-15,2024-03-04,7,3\n",
			want: []string{"pre c1  2024-01-15 1: stress=7", "post c1  2024-03-04 1: stress=3"}},
		{name: "wide, with what is asked once", csv: "id,pre_stress,post_stress,What do you hope for?,sleep\n1,7,3,Rest,8\n",
			want: []string{"pre c1  2024-06-30 1: stress=7 sleep=8 before=Rest", "post c1  2024-06-30 1: stress=3 sleep=8"}},
		{name: "headings cut off, with numbers and other order", csv: "wave,\"Q1. How stressed are you, on the whole?\",3) Hours of sleep\npre,7,8.5\n",
			want: []string{"pre c1  2024-06-30: stress=7 sleep=8.5"}},
		{name: "then and now", csv: "wave,Feeling calm (then),Feeling calm - now\npost,Never,Often\n",
			want: []string{"post c1  2024-06-30: calm_then=1 calm_now=3"}},
		{name: "scores and codes", csv: "wave,stress,calm_now,places\npost,1,2 = Sometimes,1. Park; 2. Home; 3. School\npost,1,3 (Often),\"school, home, park\"\n",
			want: []string{"post c1  2024-06-30: stress=1 calm_now=2 places__1=2 places__2=1 places__3=3", "post c1  2024-06-30: stress=1 calm_now=3 places__1=2 places__2=3 places__3=1"}},
		{name: "other", csv: "wave,travel,travel__other\npre,other,by boat\npre,Another way,\npre,Another way: on a horse,\n",
			want: []string{"pre c1  2024-06-30: travel=other travel__other=by boat", "pre c1  2024-06-30: travel=other travel__other=[no words in the file]", "pre c1  2024-06-30: travel=other travel__other=on a horse"}},
		{name: "days", csv: "wave,date,stress,born\npre,13/02/2024,1,1/2/2010\npre,2024-02-14T08:30:00Z,2,28/2/2010\npre,7 March 2024,3,2010-03-01\npre,soon,4,\n",
			want:      []string{"pre c1  2024-02-13: stress=1 born=2010-02-01", "pre c1  2024-02-14: stress=2 born=2010-02-28", "pre c1  2024-03-07: stress=3 born=2010-03-01"},
			wantWrong: []string{"row 5, column B old_data.unknown_day"}},
		{name: "American days", csv: "wave,timestamp,stress\npre,02/13/2024 4:05:06 PM,1\npre,1/2/2024,2\n",
			want: []string{"pre c1  2024-02-13: stress=1", "pre c1  2024-01-02: stress=2"}},
		{name: "linkage code", csv: "wave,mother,day,stress\npre,Xan,17,4\n",
			want: []string{"pre c1  2024-06-30: own_code__mother=Xan own_code__day=17 stress=4"}},
		{name: "missing markers and blank rows", csv: "wave,stress,travel,why\npre,7,-99,N/A\npre,NA,na,\n",
			want:      []string{"pre c1  2024-06-30: stress=7"},
			wantWrong: []string{"row 3 old_data.blank_row"}},
		{name: "a title above the headings", csv: "Answers of 2024\n\nwave,stress,travel\npre,7,bus\n",
			want: []string{"pre c1  2024-06-30: stress=7 travel=bus"}},
		{name: "what is unknown", csv: "wave,class,stress,travel,lang\nlater,Class 6,7,bus,\npre,Class 9,7,bus,\npre,Class 6,7,rocket,\npre,Class 6,7,bus,Klingon\n",
			edit: func(m *olddata.Mapping) { m.Columns[0].Target = olddata.TargetWave; m.Waves["pre"] = "pre" },
			want: []string{"pre c1  2024-06-30: stress=7"},
			wantWrong: []string{"row 2, column A old_data.unknown_row_wave", "row 3, column B old_data.unknown_cohort", "row 4, column D old_data.unknown_choice",
				"row 5, column E old_data.unknown_language"}},
		{name: "nothing that is known", csv: "x,y\n1,2\n", wantWrong: []string{"columns old_data.no_answers", "wave old_data.wave", "row 2 old_data.blank_row"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, wrong := told(t, tt.csv, tt.edit)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("responses: %s", diff)
			}
			if diff := cmp.Diff(tt.wantWrong, wrong); diff != "" {
				t.Errorf("wrong: %s", diff)
			}
		})
	}
}
