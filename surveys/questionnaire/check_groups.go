package questionnaire

// groupsOf checks the groups, and remembers them: each lies in one that is there,
// and none in itself. Their ids are checked with all others.
func (c *checker) groupsOf() {
	d := c.definition
	c.atMost("groups", "groups", len(d.Groups), maxGroups)
	for i := range d.Groups {
		if _, ok := c.groups[d.Groups[i].ID]; !ok {
			c.groups[d.Groups[i].ID] = &d.Groups[i]
		}
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		where := whereGroup(g)
		c.short(where, "name", g.Name)
		c.cells(where, "sheet", g.Sheet)
		switch _, ok := c.groups[g.In]; {
		case g.In == "":
		case !ok:
			c.fail(where, "lies in group %s, which is not there", quoted(string(g.In)))
		case c.liesInItself(g):
			c.fail(where, "lies in itself")
		}
	}
}

func (c *checker) liesInItself(g *Group) bool {
	around := g
	for range c.definition.Groups {
		around = c.groups[around.In]
		if around == nil {
			return false
		}
		if around.ID == g.ID {
			return true
		}
	}
	return false
}

func whereGroup(g *Group) string { return "group " + quoted(string(g.ID)) }
