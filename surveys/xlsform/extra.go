package xlsform

import (
	"encoding/json"

	"soundings/surveys/questionnaire"
)

// extra is what the column soundings says of a row.
type extra map[string]json.RawMessage

func (r *reader) readExtra(row *row)                 {}
func (e extra) id() questionnaire.ItemID             { return "" }
func (e extra) page() extra                          { return nil }
func (e extra) apply(to any, ties map[string]string) {}

var itemTies = map[string]string{}

func (r *reader) readOwnSheets()                           {}
func (r *reader) applyHead()                               {}
func (w *row) battery() bool                               { return false }
func (b *builder) batteryItem(row *row) questionnaire.Item { return questionnaire.Item{} }
