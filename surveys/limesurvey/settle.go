package limesurvey

import (
	"errors"
	"regexp"
	"strings"

	"soundings/surveys/questionnaire"
)

var reference = regexp.MustCompile(`\$\{([a-z0-9_]+)\}`)

// unquote takes out of texts what they quote of questions that were left out
// after all, as computed ones whose equation is beyond us.
func (c *converter) unquote() {
	made := map[string]bool{}
	for i := range c.d.Parts {
		for j := range c.d.Parts[i].Items {
			item := &c.d.Parts[i].Items[j]
			made[string(item.ID)] = true
			for _, row := range item.Rows {
				made[string(row.ID)] = true
			}
		}
	}
	for _, w := range c.d.Wordings() {
		lost := ""
		for tag, words := range w.Text {
			w.Text[tag] = reference.ReplaceAllStringFunc(words, func(found string) string {
				if made[found[2:len(found)-1]] {
					return found
				}
				lost = found
				return "…"
			})
		}
		if lost != "" {
			c.note(TextEquation, "questions", nil, "%s quotes the answer to %s, which was left out; “…” stands in its place.", w.Where, lost[2:len(lost)-1])
		}
	}
}

// settle takes out the expressions that the check of definitions refuses, such
// as two questions that wait for each other: better asked always than a survey
// refused for one condition. Whatever else is wrong, Read reports.
func (c *converter) settle() {
	const rounds = 5 // one condition may hide another
	for range rounds {
		var problems questionnaire.Problems
		if err := c.d.Check(); !errors.As(err, &problems) {
			return
		}
		changed := false
		for _, p := range problems {
			changed = c.takeOut(p) || changed
		}
		if !changed {
			return
		}
	}
}

// takeOut removes the expressions of whatever a problem is about.
func (c *converter) takeOut(p questionnaire.Problem) bool {
	for i := range c.d.Parts {
		part := &c.d.Parts[i]
		if isAbout(p, "part", part.ID) && cut(&part.Relevant) {
			c.refused("groups", part.Title, p)
			return true
		}
		for j := range part.Items {
			item := &part.Items[j]
			if isAbout(p, "item", item.ID) && anyTrue(cut(&item.Relevant), cut(&item.Constraint), cut(&item.Default)) {
				c.refused("questions", item.Label, p)
				return true
			}
		}
	}
	for i := range c.d.Groups {
		if group := &c.d.Groups[i]; isAbout(p, "group", group.ID) && cut(&group.Relevant) {
			c.refused("questions", group.Label, p)
			return true
		}
	}
	return false
}

func (c *converter) refused(table string, label questionnaire.Text, p questionnaire.Problem) {
	c.note(RelevanceDropped, table, nil, "The condition or rule of %s was left out: %s.", shown(label[c.d.Languages[0]]), p.Cause)
}

func isAbout(p questionnaire.Problem, what string, id questionnaire.ItemID) bool {
	rest, ok := strings.CutPrefix(p.Where, what+` "`+string(id)+`"`)
	return ok && !strings.HasPrefix(rest, " choice") && !strings.HasPrefix(rest, " row") && !strings.HasPrefix(rest, " label")
}

func cut(expression *string) bool {
	had := *expression != ""
	*expression = ""
	return had
}

func anyTrue(all ...bool) bool {
	for _, one := range all {
		if one {
			return true
		}
	}
	return false
}
