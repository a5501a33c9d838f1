package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"soundings/surveys"
)

// shape reads a JSON body beside the type it is meant for and refuses what
// encoding/json lets pass: a field written in other letters or there twice. It
// names the place of each mistake in full, as "responses[3].submitted", and never
// what was sent there. Mistakes of syntax are left to the decoder that comes after.
type shape struct {
	*json.Decoder
	depth int
}

// maxDepth is how deep a body may be nested; a bulk post needs 5 levels.
const maxDepth = 20

// errSyntax ends the reading of what is no JSON.
var errSyntax = errors.New("no JSON")

// checkShape tells where body is not of the shape of typ.
func checkShape(body []byte, typ reflect.Type) error {
	s := &shape{Decoder: json.NewDecoder(bytes.NewReader(body))}
	s.UseNumber()
	if err := s.value("", typ); !errors.Is(err, errSyntax) {
		return err
	}
	return nil
}

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

// value reads one value; typ nil is anything.
func (s *shape) value(path string, typ reflect.Type) error {
	token, err := s.Token()
	if err != nil {
		return errSyntax
	}
	if token == nil {
		return nil // null is as if it were left out
	}
	if typ == rawType {
		typ = nil
	}
	if typ != nil {
		if err := checkToken(path, token, typ); err != nil {
			return err
		}
	}
	if s.depth++; s.depth > maxDepth {
		return wrongShape(path, "api.too_deep", maxDepth)
	}
	defer func() { s.depth-- }()
	switch token {
	case json.Delim('{'):
		return s.object(path, typ)
	case json.Delim('['):
		return s.list(path, typ)
	}
	return nil
}

func (s *shape) object(path string, typ reflect.Type) error {
	seen := map[string]bool{}
	for s.More() {
		token, err := s.Token()
		if err != nil {
			return errSyntax
		}
		name, _ := token.(string)
		field := strings.TrimPrefix(path+"."+surveys.Shorten(name), ".")
		if seen[name] {
			return wrongShape(field, "api.field_twice", field)
		}
		seen[name] = true
		inner, ok := fieldOf(typ, name)
		if !ok {
			return wrongShape(field, "api.unknown_field", field)
		}
		if err := s.value(field, inner); err != nil {
			return err
		}
	}
	return s.end()
}

// end reads the end of an object or list.
func (s *shape) end() error {
	if _, err := s.Token(); err != nil {
		return errSyntax
	}
	return nil
}

func (s *shape) list(path string, typ reflect.Type) error {
	var inner reflect.Type
	if typ != nil {
		inner = typ.Elem()
	}
	for i := 0; s.More(); i++ {
		if err := s.value(path+"["+strconv.Itoa(i)+"]", inner); err != nil {
			return err
		}
	}
	return s.end()
}

// fieldOf is the type of a field of a struct or of a map's values; nil is anything.
func fieldOf(typ reflect.Type, name string) (reflect.Type, bool) {
	switch {
	case typ == nil:
		return nil, true
	case typ.Kind() == reflect.Map:
		return typ.Elem(), true
	}
	for i := range typ.NumField() {
		if tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ","); tag == name {
			return typ.Field(i).Type, true
		}
	}
	return nil, false
}

// checkToken compares the beginning of a value with the type it is meant for.
func checkToken(path string, token json.Token, typ reflect.Type) error {
	want, got := kindOfType(typ), kindOfToken(token)
	if text, ok := token.(string); ok && typ == timeType {
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			return wrongShape(path, "api.wrong_time", bodyPlace(path))
		}
		return nil
	}
	if number, ok := token.(json.Number); ok && want == "whole number" {
		if _, err := number.Int64(); err != nil {
			return wrongShape(path, "api.wrong_type", bodyPlace(path), want, "number")
		}
		return nil
	}
	if want != got {
		return wrongShape(path, "api.wrong_type", bodyPlace(path), want, got)
	}
	return nil
}

// kindOfType names a type as a writer of JSON knows it.
func kindOfType(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "list"
	case reflect.Int:
		return "whole number"
	}
	if typ == timeType {
		return "date and time"
	}
	return "object"
}

func kindOfToken(token json.Token) string {
	switch token.(type) {
	case string:
		return "string"
	case bool:
		return "true or false"
	case json.Number:
		return "number"
	}
	if token == json.Delim('[') {
		return "list"
	}
	return "object"
}

// bodyPlace names the whole body where there is no path.
func bodyPlace(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

func wrongShape(path, key string, args ...any) error {
	return &surveys.Error{Kind: surveys.KindInvalid, Key: key, Field: bodyPlace(path), Args: args}
}
