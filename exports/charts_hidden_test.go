package exports_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
)

// TestChartsLeaveOutWhatIsHidden: the publication of a rating draws each share that it
// shows, also those after a measure whose share is hidden, and none that it hides.
func TestChartsLeaveOutWhatIsHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what loads the demonstration")
	}
	r := newReference(t)
	at := slices.IndexFunc(r.programmes, func(p surveys.Programme) bool {
		return slices.ContainsFunc(p.Strands, func(s surveys.Strand) bool { return s.ID == "teachers" })
	})
	file, _, err := r.publish(r.at(r.programmes[at].ID, "teachers", 0), surveys.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	shown, first := goodAnswers(t, open(t, file))
	if !slices.Contains(shown[:len(shown)-2], "[c]") {
		t.Fatalf("good answers are %q: no share is hidden before one that is shown", shown)
	}
	drawn := chartOfGoodAnswers(t, unzip(t, file))
	for i, share := range shown {
		if drawn[first+i] != strings.HasSuffix(share, "%") {
			t.Errorf("row %d: %q, drawn: %t", first+i, share, drawn[first+i])
		}
	}
}

// goodAnswers are the cells of that column of Outcomes, and the row of the first.
func goodAnswers(t *testing.T, f *excelize.File) (cells []string, first int) {
	t.Helper()
	for _, column := range must(f.GetCols("Outcomes")) {
		if head := slices.Index(column, "Good answers"); head >= 0 {
			return column[head+1:], head + 2
		}
	}
	t.Fatal("there is no column of good answers")
	return nil, 0
}

// chartOfGoodAnswers are the rows that the chart draws.
func chartOfGoodAnswers(t *testing.T, files map[string]string) map[int]bool {
	t.Helper()
	values, span := regexp.MustCompile(`<val><numRef><f>([^<]*)</f>`), regexp.MustCompile(`\$(\d+):\$[A-Z]+\$(\d+)`)
	rows := map[int]bool{}
	for name, content := range files {
		if !strings.HasPrefix(name, "xl/charts/chart") || !strings.Contains(content, "Share of good answers") {
			continue
		}
		for _, run := range span.FindAllStringSubmatch(values.FindStringSubmatch(content)[1], -1) {
			for row := must(strconv.Atoi(run[1])); row <= must(strconv.Atoi(run[2])); row++ {
				rows[row] = true
			}
		}
	}
	return rows
}
