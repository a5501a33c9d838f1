package questionnaire

import (
	"encoding/json"
	"reflect"
)

// DefinitionLimit is the size of the largest definition read, in bytes.
const DefinitionLimit = 4 << 20

// ParseDefinition reads a definition from JSON, which must be exactly one
// object of the shape of Definition. It returns Problems, the first it met,
// with the path to it: a field that does not exist, is there twice, is null or
// has another type; text that is not valid UTF-8; anything after the object;
// more than DefinitionLimit bytes.
//
// It checks the form only. Whether the definition can be used, Check says.
// json.Marshal writes a definition that passes Check back so that it reads as
// the same, but for lists and texts that are there and empty: they are absent.
func ParseDefinition(data []byte) (Definition, error) {
	var d Definition
	if err := checkJSON(data, DefinitionLimit, reflect.TypeFor[Definition]()); err != nil {
		return Definition{}, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return Definition{}, refuseAt("", "%v", err)
	}
	return d, nil
}
