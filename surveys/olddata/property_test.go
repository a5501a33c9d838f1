package olddata_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// drawn is one response as its respondent sent it.
type drawn struct {
	person string
	wave   questionnaire.Wave
	day    time.Time
	raw    questionnaire.Raw
}

var (
	travelWords = map[string][]string{"bus": {"bus", "BUS", "By bus", " by  Bus ", "بالحافلة"}, "foot": {"foot", "On foot"}, "no_say": {"no_say", "prefer NOT to say"}, "other": {"other", "Another way"}}
	subject     = map[string][]string{"maths": {"maths", "Maths", "MATHS"}, "art": {"art", "Art", "فن"}}
	calmWords   = map[string][]string{"1": {"1", "Never", "never", "1 = Never"}, "2": {"2", "Sometimes"}, "3": {"3", "OFTEN", "3 (Often)"}}
	texts       = []string{"Because of the garden.", "a, b; c", "two\nlines", "“quoted” \"twice\"", "=1+1", "لأن", "0"}
)

// drawResponse draws a response that the questionnaire takes.
func drawResponse(t *rapid.T, person string, wave questionnaire.Wave) drawn {
	pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	raw := questionnaire.Raw{"stress": {fmt.Sprint(rapid.IntRange(0, 10).Draw(t, "stress"))}}
	set := func(control string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			raw[control] = values
		}
	}
	set("travel", pick("travel", "", "bus", "foot", "no_say", "other"))
	if slices.Equal(raw["travel"], []string{"other"}) {
		set("travel__other", pick("other", texts...))
		raw["travel__other"][0] = strings.ReplaceAll(raw["travel__other"][0], "\n", " ")
	}
	set("subjects", rapid.SampledFrom([][]string{{}, {"maths"}, {"art"}, {"art", "maths"}, {"none"}}).Draw(t, "subjects")...)
	set("sleep", pick("sleep", "", "0", "8.5", "24"))
	set("born", pick("born", "", "2010-02-01", "2009-12-31"))
	set("why", pick("why", append(texts, "")...))
	if wave == questionnaire.WavePost {
		set("calm_then", pick("then", "", "1", "2", "3"))
		set("calm_now", pick("now", "", "1", "2", "3"))
	}
	for i, place := range rapid.Permutation([]string{"1", "2", "3"}).Draw(t, "places") {
		set(questionnaire.RankControl("places", i+1), place)
	}
	return drawn{person, wave, time.Date(2024, 1+time.Month(rapid.IntRange(0, 11).Draw(t, "month")), rapid.IntRange(13, 28).Draw(t, "day"), 12, 0, 0, 0, time.UTC), raw}
}

// shape is how a table is laid out.
type shape struct {
	wide, ticks, ranks, labels bool
	days                       string // layout
	comma                      rune
	sign                       string // between several choices
}

func drawShape(t *rapid.T) shape {
	yes := func(label string) bool { return rapid.Bool().Draw(t, label) }
	return shape{yes("wide"), yes("ticks"), yes("ranks"), yes("labels"), rapid.SampledFrom([]string{time.DateOnly, "2/1/2006", "02.01.2006", "January 2, 2006"}).Draw(t, "days"),
		rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "comma"), rapid.SampledFrom([]string{";", "; ", ", ", "\n", "|"}).Draw(t, "sign")}
}

// cells are those of one response, by heading.
func (s shape) cells(t *rapid.T, d drawn) ([]string, map[string]string) {
	one := func(words map[string][]string, code string) string {
		if all := words[code]; s.labels && len(all) > 0 {
			return rapid.SampledFrom(all).Draw(t, "word")
		}
		return code
	}
	first := func(control string) string {
		if len(d.raw[control]) == 0 {
			return ""
		}
		return d.raw[control][0]
	}
	heads, cells := []string{}, map[string]string{}
	put := func(head, cell string) { heads, cells[head] = append(heads, head), cell }
	put("submitted", d.day.Format(s.days))
	put("stress", first("stress"))
	put("How do you come to school?", one(travelWords, first("travel")))
	put("travel__other", first("travel__other"))
	put("sleep", first("sleep"))
	put("why", first("why"))
	put("calm_then", one(calmWords, first("calm_then")))
	put("calm_now", one(calmWords, first("calm_now")))
	put("Day of birth", "")
	if day, err := time.Parse(time.DateOnly, first("born")); err == nil {
		cells["Day of birth"] = day.Format(s.days)
	}
	s.putSubjects(d, put, one)
	s.putPlaces(d, put)
	return heads, cells
}

func (s shape) putSubjects(d drawn, put func(string, string), one func(map[string][]string, string) string) {
	chosen := d.raw["subjects"]
	if !s.ticks {
		var words []string
		for _, code := range chosen {
			words = append(words, one(subject, code))
		}
		put("subjects", strings.Join(words, s.sign))
		return
	}
	for _, code := range []string{"maths", "art", "none"} {
		cell := ""
		if len(chosen) > 0 {
			cell = map[bool]string{true: "1", false: "0"}[slices.Contains(chosen, code)]
		}
		put("subjects_"+code, cell)
	}
}

func (s shape) putPlaces(d drawn, put func(string, string)) {
	codes := []string{"home", "park", "school"}
	order := make([]string, 3)
	for i, code := range codes {
		place := d.raw[questionnaire.RankControl("places", i+1)][0]
		order[place[0]-'1'] = code
		if s.ranks {
			put("places_"+code, place)
		}
	}
	if !s.ranks {
		put("places", strings.Join(order, s.sign))
	}
}

// table lays responses out.
func (s shape) table(t *rapid.T, all []drawn) string {
	var out strings.Builder
	w := csv.NewWriter(&out)
	w.Comma = s.comma
	var rows [][]string
	var head []string
	at := map[string]int{} // by person
	for _, d := range all {
		heads, cells := s.cells(t, d)
		prefix := ""
		if s.wide {
			prefix = string(d.wave) + "_"
		}
		row := []string{d.person, string(d.wave)}
		if s.wide {
			row = []string{d.person}
		}
		place, known := at[d.person]
		if !s.wide || !known {
			rows = append(rows, row)
			place = len(rows) - 1
			at[d.person] = place
		}
		for _, name := range heads {
			column := slices.Index(head, prefix+name)
			if column < 0 {
				head = append(head, prefix+name)
				column = len(head) - 1
			}
			column += len(row)
			for len(rows[place]) <= column {
				rows[place] = append(rows[place], "")
			}
			rows[place][column] = cells[name]
		}
	}
	about := []string{"respondent", "wave"}
	if s.wide {
		about = about[:1]
	}
	_ = w.Write(append(about, head...))
	_ = w.WriteAll(rows)
	return out.String()
}

// TestAnyShape: whatever the shape of a table, the answers read of it are those
// that were sent.
func TestAnyShape(t *testing.T) {
	t.Parallel()
	f := form(t, false)
	rapid.Check(t, func(t *rapid.T) {
		var all []drawn
		for i := range rapid.IntRange(1, 4).Draw(t, "people") {
			for _, wave := range bothWaves {
				all = append(all, drawResponse(t, fmt.Sprintf("p%d", i), wave))
			}
		}
		text := drawShape(t).table(t, all)
		table, err := sheets.Open(strings.NewReader(text), int64(len(text)), "old.csv")
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		p, err := olddata.ProfileOf(table)
		if err != nil {
			t.Fatal(err)
		}
		m := olddata.Suggest(p, f, bothWaves, nil)
		m.Cohort, m.Missing = "c1", nil
		if wrong := m.Check(f, bothWaves); len(wrong) > 0 {
			t.Fatalf("%+v in\n%s", wrong, text)
		}
		got := readBack(t, f, m, table, text)
		for _, d := range all {
			key := d.person + " " + string(d.wave)
			if diff := cmp.Diff(meant(t, f, d.wave, d.raw), got[key].answers); diff != "" || !got[key].day.Equal(d.day) {
				t.Fatalf("%s on %s, read as %s: %s\n%s", key, d.day, got[key].day, diff, text)
			}
		}
		if len(got) != len(all) {
			t.Fatalf("%d responses, want %d, of\n%s", len(got), len(all), text)
		}
	})
}

type readAnswers struct {
	answers questionnaire.Answers
	day     time.Time
}

func readBack(t *rapid.T, f *olddata.Form, m olddata.Mapping, table *sheets.Table, text string) map[string]readAnswers {
	got := map[string]readAnswers{}
	r := olddata.NewReader(m, time.UTC, []string{"c1"}, f)
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number <= m.HeadRow {
			continue
		}
		heads, wrong := r.Heads(row)
		for _, head := range heads {
			raw, _, more := r.Answers(row, head, f)
			wrong = append(wrong, more...)
			got[head.Respondent+" "+string(head.Wave)] = readAnswers{meant(t, f, head.Wave, raw), head.Submitted}
		}
		if len(wrong) > 0 {
			t.Fatalf("%+v in\n%s", wrong, text)
		}
	}
	return got
}

// meant is what the questionnaire makes of controls.
func meant(t *rapid.T, f *olddata.Form, wave questionnaire.Wave, raw questionnaire.Raw) questionnaire.Answers {
	answers, _, errs := f.Instrument.Read(questionnaire.Sitting{Wave: wave}, nil, raw, nil)
	if len(errs) > 0 {
		t.Fatalf("%v: %+v", raw, errs)
	}
	return answers
}

// FuzzRows: no table breaks the reader, and what it yields is within the mapping.
func FuzzRows(f *testing.F) {
	f.Add("respondent,wave,date,stress,travel,subjects\np1,pre,2024-03-07,7,bus,\"maths; art\"\n")
	f.Add("id;pre_stress;post_stress;travel (before)\n1;7;3;By bus\n")
	f.Add("wave,places,calm_now,born\npost,1. Park; 2. Home,3 (Often),31/12/2010\n")
	f.Add("wave,travel,subjects_maths,subjects\npre,Another way: ,x,,,;;,\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := sheets.Open(strings.NewReader(text), int64(len(text)), "x.csv")
		if err != nil {
			return
		}
		p, err := olddata.ProfileOf(table)
		if err != nil {
			return
		}
		form := form(t, len(text)%2 == 0)
		m := olddata.Suggest(p, form, bothWaves, places)
		for _, problem := range m.Check(form, bothWaves) {
			if problem.Key == "old_data.unknown_target" || problem.Key == "old_data.column_twice" {
				t.Fatalf("the suggestion has %+v", problem)
			}
		}
		r := olddata.NewReader(m, time.UTC, []string{"c1", "c2"}, form)
		for row, err := range table.Rows() {
			if err != nil {
				return
			}
			heads, _ := r.Heads(row)
			for _, head := range heads {
				raw, at, _ := r.Answers(row, head, form)
				for control, column := range at {
					if column < 0 || column > len(m.Columns) {
						t.Fatalf("%s of %v is from column %d", control, raw, column)
					}
				}
			}
		}
	})
}
