package demo_test

import (
	"cmp"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The rule by which data/readings.csv was made. Of the open answers of a strand:
//
//   - what a safeguarding lead should see, what only looks like it, and what
//     could tell who somebody is, stays unread;
//   - so do the newest tenth of the others: nobody has come to them yet;
//   - of the rest, those whose writers consented are approved as quotes if none
//     of their sentences is in another quote, in the order of a hash of their
//     ids, up to 22 of them; not those that begin like a formula;
//   - up to three that could tell who somebody is, of writers who consented, are
//     approved after what tells it was replaced in [brackets];
//   - all others are cleared and not named in the file.
const (
	maxWhole    = 22
	maxRedacted = 3
	newestShare = 10 // one in so many
)

var openItem = map[string]string{
	"parenting": "what_changed", "pupil_workshop": "best_thing", "staff_training": "comment",
	"teacher_feedback": "comment", "trainee_day": "do_differently",
}

// redactions turn the planted texts that a person could redact into quotes.
var redactions = []struct {
	pattern *regexp.Regexp
	quote   string
}{
	{regexp.MustCompile(`^\w+ \S+ was brilliant with our \S+\.$`), "[The trainer] was brilliant with our [child]."},
	{regexp.MustCompile(`^My son \S+ is a different boy at .+\.$`), "My son [name] is a different boy at [his school]."},
	{regexp.MustCompile(`^Thanks to .+ at .+ my daughter talks to me again\.$`), "Thanks to [a teacher] at [her school] my daughter talks to me again."},
}

// openAnswer is one open answer that may be quoted or not.
type openAnswer struct {
	id, variable, text, role string
	consented                bool
}

func chooseReadings(t *testing.T) [][]string {
	lines := [][]string{{"response_id", "variable", "decision", "text", "attribution"}}
	for _, name := range surveyNames {
		lines = append(lines, choose(t, openAnswers(t, name))...)
	}
	return lines
}

// openAnswers lists those of a questionnaire, oldest first.
func openAnswers(t *testing.T, name string) []openAnswer {
	role := map[string]string{
		"parenting": "Parent", "pupil_workshop": "Pupil", "staff_training": "Council staff", "trainee_day": "Trainee teacher",
	}[name]
	var open []openAnswer
	for _, row := range dataRows(t, name) {
		if row[openItem[name]] == "" {
			continue
		}
		a := openAnswer{row["response_id"], openItem[name], row[openItem[name]], role, row["consent_quote"] == "1"}
		if role == "" {
			a.role = strings.ToUpper(row["role"][:1]) + row["role"][1:]
		}
		open = append(open, a)
	}
	return open
}

func choose(t *testing.T, open []openAnswer) [][]string {
	var lines [][]string
	unsafe, byID := identifying(t)
	held := heldBack(t)
	var harmless []openAnswer
	redacted := 0
	for _, a := range open {
		_, tells := containsAny(a.text, unsafe)
		quote := redact(a.text)
		switch {
		case byID[a.id] != nil && a.consented && quote != "" && redacted < maxRedacted:
			redacted++
			lines = append(lines, a.line("approved", quote))
		case tells, byID[a.id] != nil, held[a.id]:
			lines = append(lines, a.line("unread", ""))
		default:
			harmless = append(harmless, a)
		}
	}
	newest := len(harmless) - len(harmless)/newestShare
	for _, a := range harmless[newest:] {
		lines = append(lines, a.line("unread", ""))
	}
	lines = append(lines, varied(harmless[:newest])...)
	slices.SortFunc(lines, func(a, b []string) int { return cmp.Or(cmp.Compare(a[2], b[2]), cmp.Compare(a[0], b[0])) })
	return lines
}

// varied approves answers that share no sentence.
func varied(harmless []openAnswer) [][]string {
	var lines [][]string
	slices.SortFunc(harmless, func(a, b openAnswer) int { return cmp.Compare(hash(a.id), hash(b.id)) })
	used := map[string]bool{}
	for _, a := range harmless {
		sentences := strings.SplitAfter(strings.ReplaceAll(a.text, "😊 ", "😊. "), ". ")
		said := func(s string) bool { return used[strings.TrimRight(s, ". ")] }
		if len(lines) == maxWhole || !a.consented || strings.ContainsAny(a.text[:1], "=+-@") || slices.ContainsFunc(sentences, said) {
			continue
		}
		for _, s := range sentences {
			used[strings.TrimRight(s, ". ")] = true
		}
		lines = append(lines, a.line("approved", ""))
	}
	return lines
}

func (a openAnswer) line(decision, quote string) []string {
	if decision != "approved" {
		return []string{a.id, a.variable, decision, "", ""}
	}
	return []string{a.id, a.variable, decision, quote, a.role}
}

func redact(text string) string {
	for _, r := range redactions {
		if r.pattern.MatchString(text) {
			return r.quote
		}
	}
	return ""
}

func hash(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()
}
