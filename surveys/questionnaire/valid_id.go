package questionnaire

import (
	"slices"
	"strings"
)

// ValidID says whether id may name an item, a row, a part, a group or a scale:
// what Check asks of it by itself.
func ValidID(id ItemID) bool {
	text := string(id)
	return idPattern.MatchString(text) && !strings.HasSuffix(text, "_") && !strings.Contains(text, "__") && !slices.Contains(reserved, text)
}
