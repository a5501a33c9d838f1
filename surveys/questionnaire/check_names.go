package questionnaire

import (
	"regexp"
	"slices"
	"strings"
)

var (
	idPattern    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	mediaPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// reserved words cannot name a column: the first line in SPSS (Command Syntax
// Reference, "Variable Names"), the second in R (?Reserved).
var reserved = []string{
	"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
	"if", "else", "repeat", "while", "function", "for", "next", "break", "in",
}

// pattern checks an id by itself.
func (c *checker) pattern(where string, id ItemID) {
	text := string(id)
	switch {
	case !idPattern.MatchString(text):
		c.fail(where, "the id must be 1 to 32 small letters a to z, digits and _, and begin with a letter")
	case strings.HasSuffix(text, "_"), strings.Contains(text, "__"):
		c.fail(where, "the id must not end in _ or have two of them together")
	case slices.Contains(reserved, text):
		c.fail(where, "the id is a reserved word of SPSS or R and cannot name a column")
	}
}

// ids checks the ids of parts, groups, items, rows, scales and variables, which
// share one name space. Columns take names that are free: see nameColumns.
func (c *checker) ids() {
	n := &owners{checker: c, owner: map[ItemID]string{}}
	d := c.definition
	for i := range d.Parts {
		part := &d.Parts[i]
		n.add("part", part.ID)
		for j := range part.Items {
			item := &part.Items[j]
			n.add("item", item.ID)
			for _, row := range item.Rows {
				n.add(whereItem(item)+" row", row.ID)
			}
		}
	}
	for i := range d.Groups {
		n.add("group", d.Groups[i].ID)
	}
	for i := range d.Scales {
		n.add("scale", d.Scales[i].ID)
	}
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			n.moments(&d.Parts[i], &d.Parts[i].Items[j])
		}
	}
}

// owners is what has been named so far, and by what.
type owners struct {
	*checker
	owner map[ItemID]string
}

// add checks an id and that nothing else has it.
func (n *owners) add(what string, id ItemID) {
	where := what + " " + quoted(string(id))
	n.pattern(where, id)
	if owner, ok := n.owner[id]; ok {
		n.fail(where, "the id is already that of %s", owner)
		return
	}
	n.owner[id] = where
}

// moments checks the variables of a then-and-now battery.
func (n *owners) moments(part *Part, item *Item) {
	variables, err := item.variables(part, nil)
	if err != nil {
		return // eachItem reports the unknown kind
	}
	for i := range variables {
		v := &variables[i]
		if v.Moment != "" {
			n.moment(item, v)
		}
	}
}

// moment checks a variable whose id is longer than that of its row.
func (n *owners) moment(item *Item, v *Variable) {
	if owner, ok := n.owner[v.ID]; ok {
		n.fail(whereItem(item), "its variable %s has the id of %s", quoted(string(v.ID)), owner)
	}
	if idPattern.MatchString(string(v.Row)) && !idPattern.MatchString(string(v.ID)) {
		n.fail(whereItem(item), "row %s has too long an id: with _%s it must be at most 32 characters", quoted(string(v.Row)), v.Moment)
	}
}
