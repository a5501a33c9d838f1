package app_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/app"
)

var update = flag.Bool("update", false, "rewrite the golden files of charts")

func likert(n ...int) []app.Part {
	labels := []string{"Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"}
	parts := make([]app.Part, len(n))
	for i, colour := range app.Palette(len(n)) {
		parts[i] = app.Part{Class: colour, Label: labels[i], N: n[i]}
	}
	return parts
}

// TestCharts compares every kind of chart with its golden file, one shape a line.
func TestCharts(t *testing.T) {
	t.Parallel()
	before, after := likert(7, 16, 17, 19, 5), likert(1, 5, 9, 25, 10)
	charts := map[string]string{
		"diverging_before":  string(app.Diverging("I feel calm, before", before, app.Reach(before, after))),
		"diverging_after":   string(app.Diverging("I feel calm, after", after, app.Reach(before, after))),
		"diverging_two":     string(app.Diverging("True?", []app.Part{{Class: "k1", Label: "No", N: 1}, {Class: "k5", Label: "Yes", N: 3}}, 75)),
		"stacked":           string(app.Stacked("Mood", []app.Part{{Class: "k0", Label: "Worse", N: 3}, {Class: "k3", Label: "Same", N: 0}, {Class: "k6", Label: `Better & "best"`, N: 9}})),
		"stacked_nobody":    string(app.Stacked("Mood", likert(0, 0, 0))),
		"interval_better":   string(app.Interval("Year 5: change 0.4", -0.5, 1, 0.4, 0.1, 0.7, "better")),
		"interval_one_spot": string(app.Interval("Year 5: change 0", 0, 0, 0, 0, 0, "same")),
	}
	for name, chart := range charts {
		t.Run(name, func(t *testing.T) {
			got := strings.ReplaceAll(chart, "><", ">\n<") + "\n"
			file := "testdata/charts/" + name + ".svg"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("chart =\n%s\nwant\n%s", got, want)
			}
		})
	}
}

var rectangle = regexp.MustCompile(`<rect class="k\d" x="([-\d.]+)%" width="([\d.]+)%"`)

// TestBarsStayInside draws any answers: the picture is well-formed, its pieces
// touch, none leaves the picture, and the words hold every count.
func TestBarsStayInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.SliceOfN(rapid.IntRange(0, 500), 1, 5).Draw(r, "counts")
		parts := likert(n...)
		chart := string(app.Diverging("<Title> & more", parts, app.Reach(parts)))
		wellFormed(r, chart)
		end := math.NaN()
		for _, found := range rectangle.FindAllStringSubmatch(chart, -1) {
			x, _ := strconv.ParseFloat(found[1], 64)
			width, _ := strconv.ParseFloat(found[2], 64)
			if x < -0.2 || x+width > 100.3 || !math.IsNaN(end) && math.Abs(x-end) > 0.21 {
				r.Fatalf("piece from %v to %v after one that ends at %v: %s", x, x+width, end, chart)
			}
			end = x + width
		}
		if strings.Contains(chart, "NaN") || strings.Contains(chart, "Inf") {
			r.Fatalf("chart = %s", chart)
		}
	})
}

func wellFormed(tb rapid.TB, text string) {
	tb.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatalf("not well-formed: %v in %s", err, text)
		}
	}
}

// TestQR looks for the quiet zone and the three finder patterns.
func TestQR(t *testing.T) {
	t.Parallel()
	svg, err := app.QR("https://feedback.example.org/s/ntax8w22ks?<>")
	if err != nil {
		t.Fatal(err)
	}
	text := string(svg)
	wellFormed(t, text)
	size, err := strconv.Atoi(between(text, `viewBox="0 0 `, " ", 1))
	if err != nil || (size-8-17)%4 != 0 {
		t.Errorf("size = %d modules with the quiet zone, want 17+4n and 8 more (%v)", size, err)
	}
	far := strconv.Itoa(size - 4 - 7)
	for _, finder := range []string{"M4 4h7v1h-7z", "M" + far + " 4h7v1h-7z", "M4 " + far + "h7v1h-7z"} {
		if !strings.Contains(text, finder) {
			t.Errorf("no finder pattern %s", finder)
		}
	}
	for _, outside := range []string{"M0 ", "M3 ", " 3h", " 0h1v1"} {
		if strings.Contains(between(text, `fill="#000" d="`, `"`, 1), outside) {
			t.Errorf("a dark module %q is in the quiet zone", outside)
		}
	}
}
