package questionnaire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep JSON may be nested; a definition needs 9 levels.
const maxDepth = 20

// checkJSON reads data as one JSON value of the shape of typ and refuses what
// encoding/json lets pass: a field that typ does not have or that is written
// in other letters, a key that is there twice, null, half a surrogate pair,
// and anything after the value. It returns Problems with one Problem, whose
// Where is a path such as "parts[0].items[2].min".
func checkJSON(data []byte, limit int, typ reflect.Type) error {
	switch {
	case len(data) > limit:
		return Problems{{"JSON", fmt.Sprintf("has %d bytes, may have at most %d", len(data), limit)}}
	case !utf8.Valid(data):
		return Problems{{"JSON", "is not valid UTF-8"}}
	case halfSurrogate(data):
		return Problems{{"JSON", `has half a surrogate pair, as \ud83d without its other half`}}
	}
	s := &strict{dec: json.NewDecoder(bytes.NewReader(data))}
	s.dec.UseNumber()
	if err := s.value("", typ, 0); err != nil {
		return err
	}
	if _, err := s.dec.Token(); !errors.Is(err, io.EOF) {
		return Problems{{"JSON", "has something after its end"}}
	}
	return nil
}

// strict reads JSON token by token beside the type it is meant for.
type strict struct{ dec *json.Decoder }

func (s *strict) value(path string, typ reflect.Type, depth int) error {
	if depth > maxDepth {
		return refuseAt(path, "is nested deeper than %d levels", maxDepth)
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	token, err := s.token(path)
	if err != nil {
		return err
	}
	if typ.Kind() == reflect.Interface {
		return s.anything(path, typ, token, depth)
	}
	if got, want := tokenName(token), typeName(typ); got != want {
		return refuseAt(path, "is %s, must be %s", got, want)
	}
	switch typ.Kind() {
	case reflect.Struct, reflect.Map:
		return s.object(path, typ, depth)
	case reflect.Slice:
		return s.list(path, typ.Elem(), depth)
	default:
		return checkNumber(path, token, typ)
	}
}

// anything reads a value whose type is decided later; only its form is checked.
func (s *strict) anything(path string, typ reflect.Type, token json.Token, depth int) error {
	switch token {
	case json.Delim('{'):
		return s.object(path, reflect.MapOf(reflect.TypeFor[string](), typ), depth)
	case json.Delim('['):
		return s.list(path, typ, depth)
	default:
		return checkNumber(path, token, typ)
	}
}

func (s *strict) object(path string, typ reflect.Type, depth int) error {
	seen := map[string]bool{}
	for s.dec.More() {
		token, err := s.token(path)
		if err != nil {
			return err
		}
		key, _ := token.(string)
		field := strings.TrimPrefix(path+"."+shortKey(key), ".")
		if seen[key] {
			return refuseAt(field, "is there twice")
		}
		seen[key] = true
		elem, ok := fieldType(typ, key)
		if !ok {
			return refuseAt(field, "is not a field of a definition")
		}
		if err := s.value(field, elem, depth+1); err != nil {
			return err
		}
	}
	_, err := s.token(path)
	return err
}

func (s *strict) list(path string, elem reflect.Type, depth int) error {
	for i := 0; s.dec.More(); i++ {
		if err := s.value(path+"["+strconv.Itoa(i)+"]", elem, depth+1); err != nil {
			return err
		}
	}
	_, err := s.token(path)
	return err
}

func (s *strict) token(path string) (json.Token, error) {
	token, err := s.dec.Token()
	if err != nil {
		return nil, refuseAt(path, "is not valid JSON at byte %d: %v", s.dec.InputOffset(), err)
	}
	return token, nil
}

// fieldType is the type of a field of a struct, or of any key of a map.
func fieldType(typ reflect.Type, key string) (reflect.Type, bool) {
	if typ.Kind() == reflect.Map {
		return typ.Elem(), true
	}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if name == key {
			return typ.Field(i).Type, true
		}
	}
	return nil, false
}

func checkNumber(path string, token json.Token, typ reflect.Type) error {
	literal, ok := token.(json.Number)
	if !ok {
		return nil
	}
	if _, err := literal.Int64(); typ.Kind() == reflect.Int && err != nil {
		return refuseAt(path, "is not a whole number")
	}
	if _, err := literal.Float64(); err != nil {
		return refuseAt(path, "is too large a number")
	}
	return nil
}

func tokenName(token json.Token) string {
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "a string"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	default:
		return "null"
	}
}

func typeName(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	default:
		return "a number"
	}
}

func refuseAt(path, cause string, args ...any) error {
	if path == "" {
		path = "JSON"
	}
	return Problems{{Where: path, Cause: fmt.Sprintf(cause, args...)}}
}

// shortKey keeps a path readable whatever is sent as a key.
func shortKey(key string) string {
	if idPattern.MatchString(key) {
		return key
	}
	return quoted(key)
}

// halfSurrogate says whether an escape \ud800 to \udfff in JSON text lacks its
// other half; encoding/json would put U+FFFD in its place without an error.
func halfSurrogate(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		switch unit := escaped(data[i:]); {
		case unit >= 0xd800 && unit < 0xdc00 && i+6 <= len(data):
			if low := escaped(data[i+6:]); low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 11
		case unit >= 0xdc00 && unit <= 0xdfff:
			return true
		default:
			i++
		}
	}
	return false
}

// escaped is the UTF-16 unit of an escape such as \u0041 at the start of data,
// or 0.
func escaped(data []byte) uint64 {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0
	}
	unit, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return unit
}
