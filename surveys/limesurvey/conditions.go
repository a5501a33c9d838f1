package limesurvey

import (
	"cmp"
	"slices"
	"strings"
)

// conditions puts the rows of the old conditions table into an expression:
// scenarios are alternatives; within one, what concerns different questions
// must all hold, and "equals" of one question several times means any of them.
// It is only asked where a question has no equation: LimeSurvey itself writes
// the table into equations since version 1.92.
func (c *converter) conditions(q *question) string {
	rows := c.survey.conditions[q.id]
	if len(rows) == 0 || q.relevance != "" && q.relevance != "1" {
		return ""
	}
	equation, err := equationOf(rows)
	if err == nil {
		equation, err = translate(equation, true, c.resolve)
	}
	if err != nil {
		c.note(RelevanceDropped, "conditions", q, "The conditions of the question were left out, so it is always asked: %s.", reason(err))
		return ""
	}
	return equation
}

// equationOf writes the rows as LimeSurvey writes their equation.
func equationOf(rows []record) (string, error) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b record) int {
		return cmp.Or(cmp.Compare(number(a.get("scenario")), number(b.get("scenario"))), cmp.Compare(a.get("cqid"), b.get("cqid")), cmp.Compare(a.get("method"), b.get("method")))
	})
	var out strings.Builder
	for i, row := range rows {
		one, err := comparisonOf(row)
		if err != nil {
			return "", err
		}
		out.WriteString(between(rows, i))
		out.WriteString(one)
	}
	return "((" + out.String() + "))", nil
}

// between is what stands before the i-th row.
func between(rows []record, i int) string {
	if i == 0 {
		return ""
	}
	before, row := rows[i-1], rows[i]
	switch {
	case before.get("scenario") != row.get("scenario"):
		return ")) or (("
	case before.get("cqid") == row.get("cqid") && before.get("method") == "==" && row.get("method") == "==":
		return " or "
	default:
		return ") and ("
	}
}

// comparisonOf writes one row. A field with + before it is a box of a multiple
// choice; without, the value is the box.
func comparisonOf(row record) (string, error) {
	field, method, value := row.get("cfieldname"), row.get("method"), row.cells["value"]
	if method == "" {
		method = "=="
	}
	if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">="}, method) {
		return "", untranslated("a condition compares by %q", method)
	}
	if strings.ContainsAny(value, `"{}@`) || field == "" || strings.HasPrefix(field, "{") {
		return "", untranslated("a condition compares with something other than a value")
	}
	field = strings.TrimPrefix(field, "+")
	return field + " " + method + ` "` + strings.TrimSpace(value) + `"`, nil
}
