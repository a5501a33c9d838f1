package redaction_test

import (
	"encoding/csv"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"soundings/surveys/redaction"
)

// known is what the reference programme has names for.
var known = redaction.Known{
	Institutions: []string{"Aldermoor Primary", "Brookfield Primary", "Canal Street Primary", "Dunmore Academy", "Elmhurst Primary", "Fairlea Primary",
		"Gorsey Bank Primary", "Finance", "Adult social care", "Institution 31", "Planning"},
	Cohorts: []string{"Series 4", "Autumn evenings"},
	People:  []string{"Jo Smith"},
}

// covered reports whether every byte of part, wherever it stands in text, is proposed.
func covered(text, part string, proposals []redaction.Proposal) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], part)
		if i < 0 {
			return at > 0
		}
		from, to := at+i, at+i+len(part)
		for _, p := range proposals {
			if p.From <= from && from < p.To {
				from = p.To
			}
		}
		if from < to {
			return false
		}
		at = to
	}
}

func lines(tb testing.TB, name string) []string {
	tb.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// TestReference: at least 0.95 of the strings that must not appear in a quote are
// proposed, with the programme's names and without.
func TestReference(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/identifying_text.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() // it was only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, known := range map[string]redaction.Known{"with known names": known, "without": {}} {
		all, found := 0, 0
		for _, row := range rows[1:] {
			proposals := redaction.Propose(row[2], known)
			for part := range strings.SplitSeq(row[3], " | ") {
				all++
				if covered(row[2], part, proposals) {
					found++
					continue
				}
				t.Logf("%s: %q of %q is not proposed: %+v", name, part, row[2], proposals)
			}
		}
		t.Logf("%s: %d of %d strings", name, found, all)
		if float64(found) < 0.95*float64(all) {
			t.Errorf("%s: %d of %d strings are proposed, want 0.95", name, found, all)
		}
	}
}

var marked = regexp.MustCompile(`\{([^}]*)\}`)

func TestFurther(t *testing.T) {
	t.Parallel()
	for _, line := range lines(t, "further.txt") {
		text := marked.ReplaceAllString(line, "$1")
		proposals := redaction.Propose(text, known)
		for _, part := range marked.FindAllStringSubmatch(line, -1) {
			if !covered(text, strings.TrimPrefix(part[1], "the "), proposals) {
				t.Errorf("%q of %q is not proposed: %+v", part[1], text, proposals)
			}
		}
	}
}

// TestHarmless: of what tells nothing, little is marked.
func TestHarmless(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]float64{"harmless.txt": 0.02, "plain.txt": 0.1} {
		all := lines(t, name)
		n := 0
		for _, text := range all {
			if proposals := redaction.Propose(text, known); len(proposals) > 0 {
				n++
				t.Logf("%s: %q: %q", name, text, text[proposals[0].From:proposals[0].To])
			}
		}
		t.Logf("%s: %d of %d are marked", name, n, len(all))
		if float64(n) > most*float64(len(all)) {
			t.Errorf("%s: %d of %d are marked, want at most %.0f%%", name, n, len(all), 100*most)
		}
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Mr Pritchard was brilliant with our Idris at Elmhurst.": "[name] was brilliant with our [name] at [school].",
		"Mail a.b@example.org or ring 07700 900751.":             "Mail [e-mail address] or ring [telephone number].",
		"We live on Flat 3, Mill Court and walk.":                "We live on [address] and walk.",
		"[Mr Pritchard] was kind.":                               "[Mr Pritchard] was kind.",
		"Nothing here.":                                          "Nothing here.",
		"My son Tomasz is a different boy at Aldermoor Primary.": "My son [name] is a different boy at [school].",
	} {
		if got := redaction.Apply(text, redaction.Propose(text, known)); got != want {
			t.Errorf("Apply(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestProposeOnce: what was replaced is not proposed again, nor is anything new.
func TestProposeOnce(t *testing.T) {
	t.Parallel()
	pieces := []string{"Mr", "Pritchard", "Amelia-Rose", "Elmhurst", "Primary", "07700", "900751", "12/03/2016", ".", ",", "the", "our", "I", "was", "St", "Mary's", "é", "\xff", "[name]", "[", "]",
		"www.x.org", "@jo", "Flat 3", "Mill Court", "LS1 4AP", "son", "aged 7", "only", "deputy head", "Jo Smith", "😊", "\n", "Series 4", "may", "March 2019"}
	proposer := redaction.NewProposer(known)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		wantProposals(t, proposer, text)
		after := redaction.Apply(text, proposer.Propose(text))
		for range 3 { // words that a replacement has moved together
			more := proposer.Propose(after)
			if len(more) == 0 {
				return
			}
			next := redaction.Apply(after, more)
			if next == after {
				t.Fatalf("%q is proposed again: %+v", after, more)
			}
			after = next
		}
		if more := proposer.Propose(after); len(more) > 0 {
			t.Fatalf("of %q, which is redacted, is proposed %+v", after, more)
		}
	})
}

func wantProposals(tb rapid.TB, p *redaction.Proposer, text string) {
	before := 0
	for _, one := range p.Propose(text) {
		if one.From < before || one.To <= one.From || one.To > len(text) || one.Replacement == "" {
			tb.Fatalf("proposal %+v of %q after byte %d", one, text, before)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[one.From:one.To]) {
			tb.Fatalf("proposal %+v of %q cuts a character", one, text)
		}
		before = one.To
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	answer := "Mr Pritchard was brilliant with our Idris. I did not hit anyone, and it's better now."
	for _, tt := range []struct {
		quote string
		ok    bool
		want  []redaction.Replaced
	}{
		{"[The trainer] was brilliant with our [child].", true, []redaction.Replaced{{"Mr Pritchard", "[The trainer]"}, {"Idris. I did not hit anyone, and it's better now", "[child]"}}},
		{"[The trainer] was brilliant with our [child]. … it’s better now", true, []redaction.Replaced{{"Mr Pritchard", "[The trainer]"}, {"", "[child]"}, {"Idris. I did not hit anyone, and", "…"}}},
		{"was brilliant", true, nil},
		{"WAS BRILLIANT, with our Idris", true, nil},
		{"was ... brilliant", true, []redaction.Replaced{{"", "…"}}},
		{"I did hit anyone", false, nil},
		{"I did … hit anyone", true, []redaction.Replaced{{"not", "…"}}},
		{"better now it's", false, nil},
		{"was brilliant [name", false, nil},
		{"[all of it]", false, nil},
		{"", false, nil},
		{"it is better now", false, nil},
		{"now. [And] was", false, nil},
	} {
		got, ok := redaction.Compare(answer, tt.quote)
		if ok != tt.ok || len(got) != len(tt.want) {
			t.Errorf("Compare(%q) = %+v, %v; want %+v, %v", tt.quote, got, ok, tt.want, tt.ok)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("Compare(%q)[%d] = %+v, want %+v", tt.quote, i, got[i], tt.want[i])
			}
		}
	}
}

// TestCompareApplied: what was replaced as proposed is still made of the answer.
func TestCompareApplied(t *testing.T) {
	t.Parallel()
	for _, line := range append(lines(t, "further.txt"), lines(t, "harmless.txt")...) {
		text := marked.ReplaceAllString(line, "$1")
		quote := redaction.Apply(text, redaction.Propose(text, known))
		if _, ok := redaction.Compare(text, quote); !ok && strings.Trim(marked.ReplaceAllString(quote, ""), " .,") != "" && !strings.HasPrefix(quote, "[") {
			t.Errorf("%q is not made of %q", quote, text)
		}
	}
}

func FuzzPropose(f *testing.F) {
	f.Add("Mr Pritchard was brilliant with our Amelia-Rose, [name] é \xff")
	f.Add("@the organisers: ring 07700 900751 on 12/03/2016 at LS1 4AP")
	p := redaction.NewProposer(known)
	f.Fuzz(func(t *testing.T, text string) { wantProposals(t, p, text) })
}

func FuzzCompare(f *testing.F) {
	f.Add("Mr Pritchard was brilliant", "[He] was … brilliant")
	f.Fuzz(func(t *testing.T, answer, quote string) {
		for _, r := range must(redaction.Compare(answer, quote)) {
			if r.Became == "" || !strings.Contains(answer, r.Was) {
				t.Errorf("Compare(%q, %q) has %+v", answer, quote, r)
			}
		}
	})
}

func must(all []redaction.Replaced, _ bool) []redaction.Replaced { return all }

func BenchmarkPropose(b *testing.B) {
	p := redaction.NewProposer(known)
	all := lines(b, "harmless.txt")
	for i := 0; b.Loop(); i++ {
		p.Propose(all[i%len(all)])
	}
}
