package questionnaire

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of a Definition: what ParseDefinition
// takes, with what each field means. It says nothing of what only Check can see,
// as that an id is there twice. It is made of the types and the comments of this
// package; a test keeps it so.
func Schema() []byte { return slices.Clone(schema) }
