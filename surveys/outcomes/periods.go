package outcomes

import (
	"maps"
	"slices"
	"time"
)

// byMonth names by entry the period of its submission in zone. All of a calendar
// month must have one name: it is asked for once for a run of entries in the middle
// of a month, where no change of the clocks can matter.
func (g *gathered) byMonth(zone *time.Location, name func(time.Time) string) []string {
	names := make([]string, len(g.entries))
	var from, to time.Time
	var last string
	for i := range g.entries {
		at := g.entries[i].submitted
		if at.Before(from) || !at.Before(to) {
			local := at.In(zone)
			last = name(local)
			from = time.Date(local.Year(), local.Month(), 2, 0, 0, 0, 0, zone)
			to = time.Date(local.Year(), local.Month(), 28, 0, 0, 0, 0, zone)
		}
		names[i] = last
	}
	return names
}

// languages lists the language of each entry.
func (g *gathered) languages() []string {
	all := make([]string, len(g.entries))
	for i := range g.entries {
		all[i] = g.entries[i].language
	}
	return all
}

// distinct lists the different keys in order.
func distinct(keys []string) []string {
	met, last := map[string]bool{}, ""
	for i, key := range keys {
		if i == 0 || key != last { // neighbours are often alike
			met[key], last = true, key
		}
	}
	return slices.Sorted(maps.Keys(met))
}
