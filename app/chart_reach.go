package app

import (
	"fmt"
	"html/template"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// reachChart draws people by quarter, each bar from where the one before ended, up
// to the target. Its numbers are those of the table by quarter.
type reachChart struct {
	Title string
	Bars  []reachBar
	Note  string
}

// reachBar is one quarter.
type reachBar struct {
	Label  string
	SVG    template.HTML // "": hidden, few people
	Number reachNumber
}

// reachChartOf is empty with fewer than two quarters. Where a quarter is hidden the
// bars begin at nothing, since a sum would give it away.
func reachChartOf(s *outcomes.StrandReached, profile surveys.Profile, links reachLinks) reachChart {
	var rows []outcomes.ReachRow
	hidden, most := false, s.Target
	for _, row := range s.Reach.Rows {
		if row.By == "quarter" && (row.Suppressed || row.AtMost > 0) {
			rows = append(rows, row)
			hidden = hidden || row.Suppressed
		}
	}
	if len(rows) < 2 || s.Hidden() {
		return reachChart{}
	}
	if hidden {
		most = 0 // no target is drawn
	}
	sum := 0
	for _, row := range rows {
		if sum += row.AtMost; hidden {
			sum = row.AtMost
		}
		most = max(most, sum)
	}
	chart := reachChart{Title: upperFirst(s.People) + " by quarter of their first answer"}
	before := 0
	for _, row := range rows {
		bar := reachBar{Label: outcomes.QuarterWords(row.Name)}
		if !row.Suppressed {
			bar.SVG = quarterBar(bar.Label, s, before, row.AtMost, most, hidden, profile)
			bar.Number = links.to(row.AtMost, string(outcomes.CountedAtMost), s.Strand, row, bar.Label+", at most")
		}
		if chart.Bars = append(chart.Bars, bar); !hidden {
			before += row.AtMost
		}
	}
	if chart.Note = "As many as there can be: who answered before and after without a pair counts twice."; !s.Paired() {
		chart.Note = ""
	}
	if hidden {
		chart.Note = joinSentences(chart.Note, "Each bar starts at zero, since a running total would give away what is hidden.")
	} else if s.Target > 0 {
		chart.Note = joinSentences(chart.Note, fmt.Sprintf("The line is the target of %s.", whole(s.Target)))
	}
	return chart
}

func joinSentences(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// quarterBar draws n people behind those before it, on a scale of most.
func quarterBar(label string, s *outcomes.StrandReached, before, n, most int, hidden bool, profile surveys.Profile) template.HTML {
	about := ""
	if profile == surveys.ProfilePublished {
		about = "about "
	}
	words := fmt.Sprintf("%s: %s%s %s", label, about, whole(n), s.People)
	if !hidden {
		words += fmt.Sprintf(", %s so far", whole(before+n))
	}
	if s.Target > 0 && !hidden {
		words += fmt.Sprintf(", target %s", whole(s.Target))
	}
	const room = 96 // per cent of the width that the scale takes
	at := func(people int) string { return short(room * float64(people) / float64(max(1, most))) }
	target := ""
	if s.Target > 0 && !hidden {
		target = fmt.Sprintf(`<line class="mid" x1="%[1]s%%" x2="%[1]s%%" y1="-3" y2="25"/>`, at(s.Target))
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // the words are escaped
		`<svg class="bar" height="%[1]d" role="img" aria-label="%[2]s"><rect class="k2" x="0" width="%[3]s%%" height="%[1]d"/><rect class="k6" x="%[3]s%%" width="%[4]s%%" height="%[1]d"/>%[5]s</svg>`,
		barHeight, template.HTMLEscapeString(words), at(before), at(n), target))
}
