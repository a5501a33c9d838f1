package limesurvey

import (
	"regexp"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// The longest id, and the longest one of a row or an item with choices, whose
// columns add a code to it.
const maxID = 32

// ids gives out ids that are unique whatever columns items make.
type ids struct {
	taken map[string]bool
	last  map[string]int // base to the number that its last id ended in
}

// reserved words cannot name a column in SPSS or R.
var reserved = map[string]bool{}

func init() {
	for word := range strings.FieldsSeq("all and by eq ge gt le lt ne not or to with if else repeat while function for next break in") {
		reserved[word] = true
	}
}

// give makes an id of a name, and keeps free the columns that its item makes
// for codes.
func (n *ids) give(name string, codes ...string) questionnaire.ItemID {
	base := idOf(name)
	for i := n.last[base] + 1; ; i++ {
		id := base
		if i > 1 {
			suffix := "_" + strconv.Itoa(i)
			id = strings.TrimRight(base[:min(len(base), maxID-len(suffix))], "_") + suffix
		}
		if columns := columnsOf(id, codes); !n.anyTaken(columns) {
			for _, column := range columns {
				n.taken[column] = true
			}
			n.last[base] = i
			return questionnaire.ItemID(id)
		}
	}
}

func (n *ids) anyTaken(columns []string) bool {
	for _, column := range columns {
		if n.taken[column] {
			return true
		}
	}
	return false
}

func columnsOf(id string, codes []string) []string {
	columns := []string{id}
	for _, code := range codes {
		columns = append(columns, id+"_"+strings.Trim(notInID.ReplaceAllString(strings.ToLower(code), "_"), "_"))
	}
	return columns
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// idOf is a name in the letters that an id may have.
func idOf(name string) string {
	id := strings.Trim(notInID.ReplaceAllString(strings.ToLower(name), "_"), "_")
	if id == "" || id[0] >= '0' && id[0] <= '9' || reserved[id] {
		id = strings.TrimRight("q_"+id, "_")
	}
	return strings.TrimRight(id[:min(len(id), maxID)], "_")
}

// xmlName are the names that a spreadsheet and an expression can use.
var xmlName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,63}$`)
