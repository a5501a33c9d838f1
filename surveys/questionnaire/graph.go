package questionnaire

import (
	"slices"
	"strings"
)

// What must not go round in a circle: whether a thing is shown, what it is, and
// whether it is asked for. A group's condition counts for what lies in it.
var circular = []string{placeRelevant, placeCalculation, placeRequired, placeReadOnly}

// graph says what each item, group and part looks at.
type graph map[ItemID][]ItemID

// graph makes the graph of the expressions that could be read.
func (c *checker) graph() graph {
	g := graph{}
	for _, p := range c.trees {
		if !slices.Contains(circular, p.place) {
			continue
		}
		for _, name := range p.tree.References() {
			if r := c.names[name]; r.wrong(name) == "" {
				g[p.owner] = append(g[p.owner], r.item.ID)
			}
		}
	}
	d := c.definition
	for i := range d.Groups {
		g.add(d.Groups[i].ID, d.Groups[i].In)
	}
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			g.add(item.ID, item.Group)
			g.add(item.ID, d.Parts[i].ID)
		}
	}
	return g
}

func (g graph) add(from, to ItemID) {
	if to != "" {
		g[from] = append(g[from], to)
	}
}

// circles reports every circle once, at the first of its members in the order of
// the definition.
func (c *checker) circles() {
	search := circleSearch{graph: c.graph(), state: map[ItemID]int{}}
	for _, p := range c.trees {
		search.visit(p.owner)
	}
	for _, circle := range search.found {
		var names []string
		for _, id := range circle {
			names = append(names, string(id))
		}
		c.fail(c.whereOwner(circle), "goes round in a circle: %s", strings.Join(append(names, names[0]), " looks at "))
	}
}

// whereOwner is where the first expression of a circle stands.
func (c *checker) whereOwner(circle []ItemID) string {
	for _, p := range c.trees {
		if p.owner == circle[0] && slices.Contains(circular, p.place) {
			return p.where
		}
	}
	return "item " + quoted(string(circle[0]))
}

// circleSearch walks a graph depth first.
type circleSearch struct {
	graph graph
	state map[ItemID]int // 1 on the way, 2 done
	way   []ItemID
	found [][]ItemID
}

func (s *circleSearch) visit(id ItemID) {
	switch s.state[id] {
	case 2:
		return
	case 1:
		s.found = append(s.found, slices.Clone(s.way[slices.Index(s.way, id):]))
		return
	}
	s.state[id] = 1
	s.way = append(s.way, id)
	for _, next := range s.graph[id] {
		s.visit(next)
	}
	s.way = s.way[:len(s.way)-1]
	s.state[id] = 2
}
