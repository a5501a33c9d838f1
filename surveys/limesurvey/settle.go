package limesurvey

import (
	"errors"
	"strings"

	"soundings/surveys/questionnaire"
)

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
