package exports

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// rText is a text in R, with what is not ASCII as escapes, so that it is read alike
// under every locale.
func rText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, replacement) {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n' || r == '\r' || r == '\t' || r == 0:
			b.WriteByte(' ')
		case r < ' ' || r == 0x7f:
			b.WriteString(`\uFFFD`)
		case r < 0x80:
			b.WriteRune(r)
		case utf16.IsSurrogate(r):
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// rNumber is a number in R, in full precision.
func rNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// rList is c("a", "b").
func rList(texts []string) string {
	for i := range texts {
		texts[i] = rText(texts[i])
	}
	return "c(" + strings.Join(texts, ", ") + ")"
}

// writeR writes the data with a script that reads them into R.
func writeR(ctx context.Context, w io.Writer, m Material) error {
	s := separated{codes: true, reasons: true, seen: true}
	return s.archive(ctx, w, m, func(x *responses, a *archive) error {
		script := rScript{x: x, report: m.Report}
		if err := a.file("soundings.R", []byte(script.write())); err != nil {
			return err
		}
		return a.file("README.txt", []byte(windowsLines(s.readMe(x)+rReadMe)))
	})
}

const rReadMe = "\nsoundings.R reads these files into R and checks figures of the report. Set the working directory to this folder, then source(\"soundings.R\").\n"

// rScript is the script being written.
type rScript struct {
	strings.Builder
	x      *responses
	report *outcomes.Report
}

const rHead = `# Reads the files beside it into R, version 3.5 or later, without further packages.
# Set the working directory to this folder, then: source("soundings.R")
#
#   responses   one row a response. A question with codes is a number, or a text; its
#               words are in attr(x, "labels"), and labelled() makes a factor of it.
#               attr(x, "label") is the question. NA is no answer.
#   missing     the same rows: why an answer is missing; NA where it is not.
#   pairs       one row a person: before, after and change of every measure.
#   codebook    every column: question, codes and meanings, who answered.

read_table <- function(file) {
  read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE,
           fileEncoding = "UTF-8", encoding = "UTF-8")
}

# labelled makes a factor of a column with codes: its levels are the words. A scale
# of which only some points have words stays as it is.
labelled <- function(x) {
  labels <- attr(x, "labels")
  if (is.null(labels) || !all(is.na(x) | x %in% labels)) return(x)
  factor(x, levels = unname(labels), labels = make.unique(names(labels)))
}

set_label <- function(data, name, label) {
  attr(data[[name]], "label") <- label
  data
}

set_labels <- function(data, name, values, words) {
  attr(data[[name]], "labels") <- setNames(values, words)
  data
}

responses <- read_table("responses_codes.csv")
missing <- read_table("missing_reasons.csv")
codebook <- read_table("codebook.csv")
stopifnot(identical(responses$response_id, missing$response_id))
`

func (r *rScript) write() string {
	r.WriteString(rHead)
	codes := r.x.codes
	r.types("responses", codes)
	labels := r.x.labelColumns()
	for i, c := range codes.columns {
		if labels[i].head != c.head {
			fmt.Fprintf(r, "responses <- set_label(responses, %s, %s)\n", rText(c.head), rText(labels[i].head))
		}
	}
	first := len(codes.columns) - len(r.x.slots)
	for i, s := range r.x.slots {
		r.values(codes, first+i, s)
	}
	if r.x.pairs.grid != nil {
		r.WriteString("\npairs <- read_table(\"matched_pairs.csv\")\n")
		r.types("pairs", r.x.pairs.grid)
		r.checks()
	}
	return r.String()
}

// types makes numbers, days and times of the columns that hold nothing else.
func (r *rScript) types(data string, g *grid) {
	var numbers, days, times []string
	for i, c := range g.columns {
		switch seen := seenIn(g).columns[i]; {
		case seen.moment() && seen.layout == time.DateOnly:
			days = append(days, c.head)
		case seen.moment():
			times = append(times, c.head)
		case seen.numeric(c.look.right):
			numbers = append(numbers, c.head)
		}
	}
	for _, one := range []struct {
		columns []string
		as      string
	}{{numbers, "as.numeric"}, {days, "as.Date"}, {times, `as.POSIXct, tz = ` + rText(r.x.data.Programme.Zone)}} {
		if len(one.columns) > 0 {
			fmt.Fprintf(r, "\nof <- %s\n%[2]s[of] <- lapply(%[2]s[of], %[3]s)\n", rList(one.columns), data, one.as)
		}
	}
	r.WriteString("\n")
}

// values writes what the codes of a column mean.
func (r *rScript) values(g *grid, i int, s slot) {
	numeric := seenIn(g).columns[i].numeric(g.columns[i].look.right)
	var values, words []string
	if s.further != own && numeric && s.column().Holds == questionnaire.HoldsTick {
		values, words = []string{"0", "1"}, []string{"Not ticked", "Ticked"}
	}
	if s.further == own {
		for _, one := range valueLabels(s.variable, r.x.options.Language) {
			switch {
			case numeric && one.code.IsNumber:
				values, words = append(values, rNumber(one.code.Number)), append(words, one.label)
			case !numeric:
				values, words = append(values, rText(one.code.Text)), append(words, one.label)
			}
		}
	}
	if len(values) > 0 {
		fmt.Fprintf(r, "responses <- set_labels(responses, %s, c(%s), %s)\n", rText(g.columns[i].head), strings.Join(values, ", "), rList(words))
	}
}

// checksInScript is how many measures the script works out again.
const checksInScript = 2

// checks works figures of the report out from the pairs, and stops where they differ.
func (r *rScript) checks() {
	done := 0
	for _, m := range judged(r.report) {
		if done == checksInScript || m.Paired == nil || !m.Paired.Diff.Mean.OK() {
			continue
		}
		column := string(m.ID) + "_change"
		found := false
		for _, c := range r.x.pairs.grid.columns {
			found = found || c.head == column
		}
		if !found {
			continue
		}
		done++
		mean, _ := m.Paired.Diff.Mean.Float()
		sign := ""
		if m.Direction == questionnaire.DirectionLower {
			sign = "-"
		}
		fmt.Fprintf(r, "\n# %s: the report's mean change and how many improved.\n", cleanHead(wording(m.Label, r.x.options.Language)))
		fmt.Fprintf(r, "change <- pairs[[%s]]\nchange <- change[!is.na(change)]\n", rText(column))
		fmt.Fprintf(r, "stopifnot(length(change) == %d,\n          all.equal(mean(change), %s, tolerance = 1e-9),\n          sum(%schange > 0) == %d)\n", m.Paired.NMatched, rNumber(mean), sign, m.Paired.Change.ImprovedN)
	}
	if done > 0 {
		r.WriteString("message(\"The figures of the report came out again.\")\n")
	}
}

// rFormats is the format of R.
func rFormats() []Format {
	return []Format{{"r.zip", "R", "Responses and matched pairs with a script that reads them into R: labels, why answers are missing, and a check of figures of the report.", "zip", "application/zip", true, writeR}}
}
