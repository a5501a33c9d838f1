package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	q "soundings/surveys/questionnaire"
)

const schemaFile = "schema.json"

// needed are the fields without which nothing can be made of an object; Check
// wants more of some kinds.
var needed = map[string][]string{
	"Definition": {"title", "languages", "parts"}, "Part": {"id", "items"}, "Group": {"id"}, "Item": {"id", "kind"},
	"Row": {"id", "label"}, "Choice": {"code", "label"}, "Prompt": {"id", "label", "element"}, "Scale": {"id", "label"},
	"Lookup": {"raw", "score"}, "Band": {"min", "max", "label"}, "ScoreFlag": {"item", "at_least"}, "Measure": {"id", "of", "type"},
}

// namedTypes are the types that are a text with rules of its own.
func namedTypes() map[reflect.Type]map[string]any {
	return map[reflect.Type]map[string]any{
		reflect.TypeFor[q.ItemID]():      {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"},
		reflect.TypeFor[q.Wave]():        {"type": "string", "enum": []q.Wave{q.WavePre, q.WavePost, q.WaveFollowUp}},
		reflect.TypeFor[q.Kind]():        {"type": "string", "enum": q.Kinds},
		reflect.TypeFor[q.Meaning]():     {"type": "string", "enum": []q.Meaning{q.MeaningOther, q.MeaningDeclined, q.MeaningDontKnow, q.MeaningExclusive}},
		reflect.TypeFor[q.MeasureType](): {"type": "string", "enum": []q.MeasureType{q.MeasureScore, q.MeasureBinary, q.MeasureNPS}},
	}
}

// TestSchema holds schema.json to the types and their comments; -update
// rewrites it.
func TestSchema(t *testing.T) {
	b := schemaBuilder{comments: comments(t), named: namedTypes(), defs: map[string]any{}}
	root := b.object(reflect.TypeFor[q.Definition]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Soundings questionnaire"
	root["$defs"] = b.defs
	want, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(q.Schema())); diff != "" {
		t.Errorf("schema.json is not what the types say; run go test ./surveys/questionnaire -run TestSchema -update (-types +schema)\n%s", diff)
	}
}

// schemaBuilder makes a schema of Go types by their JSON tags.
type schemaBuilder struct {
	comments map[string]string // "Item" and "Item.Label" to what they mean
	named    map[reflect.Type]map[string]any
	defs     map[string]any
}

func (b *schemaBuilder) object(typ reflect.Type) map[string]any {
	properties := map[string]any{}
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := b.value(field.Type)
		if comment := b.comments[typ.Name()+"."+field.Name]; comment != "" {
			property["description"] = comment
		}
		properties[name] = property
	}
	object := map[string]any{"type": "object", "properties": properties, "additionalProperties": false, "description": b.comments[typ.Name()]}
	if list := needed[typ.Name()]; list != nil {
		object["required"] = list
	}
	return object
}

// value is the schema of one field. A struct or a named text has one definition
// that all its uses point to.
func (b *schemaBuilder) value(typ reflect.Type) map[string]any {
	if rules, ok := b.named[typ]; ok {
		return b.define(typ, func() map[string]any {
			rules["description"] = b.comments[typ.Name()]
			return rules
		})
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return b.value(typ.Elem())
	case reflect.Struct:
		return b.define(typ, func() map[string]any { return b.object(typ) })
	case reflect.Slice:
		return map[string]any{"type": "array", "items": b.value(typ.Elem())}
	case reflect.Map:
		values := map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}}
		if typ.Name() == "" {
			return values
		}
		return b.define(typ, func() map[string]any {
			values["description"] = b.comments[typ.Name()]
			return values
		})
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.String:
		return map[string]any{"type": "string"}
	default:
		panic("a definition has a field of type " + typ.String() + ", of which the schema knows nothing")
	}
}

func (b *schemaBuilder) define(typ reflect.Type, made func() map[string]any) map[string]any {
	if _, ok := b.defs[typ.Name()]; !ok {
		b.defs[typ.Name()] = nil // a type may hold itself
		b.defs[typ.Name()] = made()
	}
	return map[string]any{"$ref": "#/$defs/" + typ.Name()}
}

// comments reads what the package's source says of its types and their fields.
func comments(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, path := range files(t, "*.go") {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if general, ok := decl.(*ast.GenDecl); ok {
				commentsOf(said, general)
			}
		}
	}
	return said
}

func commentsOf(said map[string]string, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		typ, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		said[typ.Name.Name] = oneLine(decl.Doc.Text())
		object, ok := typ.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range object.Fields.List {
			for _, name := range field.Names {
				said[typ.Name.Name+"."+name.Name] = oneLine(field.Comment.Text())
			}
		}
	}
}

func oneLine(comment string) string { return strings.Join(strings.Fields(comment), " ") }

// TestSchema_Agrees checks definitions by the schema: those that ParseDefinition
// reads, the demonstration's among them, are valid.
func TestSchema_Agrees(t *testing.T) {
	t.Parallel()
	compiled := compileSchema(t)
	paths := append(files(t, "testdata/definitions/*.json"), files(t, "../demo/data/questionnaires/*.json")...)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := q.ParseDefinition(data); err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(instance(t, data)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
		})
	}
}

// TestSchema_Refuses has what ParseDefinition refuses refused by the schema too.
func TestSchema_Refuses(t *testing.T) {
	t.Parallel()
	compiled := compileSchema(t)
	for _, tc := range []struct{ name, data string }{
		{"unknown_field", `{"title":{"en":"x"},"languages":["en"],"parts":[],"colour":"red"}`},
		{"unknown_field_of_item", `{"title":{"en":"x"},"languages":["en"],"parts":[{"id":"p","items":[{"id":"a","kind":"number","size":3}]}]}`},
		{"null", `{"title":{"en":"x"},"languages":["en"],"parts":[],"intro":null}`},
		{"text_for_number", `{"title":{"en":"x"},"languages":["en"],"parts":[{"id":"p","items":[{"id":"a","kind":"number","min":"3"}]}]}`},
		{"list_for_text", `{"title":["x"],"languages":["en"],"parts":[]}`},
		{"fraction_for_whole", `{"title":{"en":"x"},"languages":["en"],"parts":[],"scales":[{"id":"s","label":{"en":"x"},"min_answered":1.5}]}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := q.ParseDefinition([]byte(tc.data)); err == nil {
				t.Error("ParseDefinition takes it")
			}
			if err := compiled.Validate(instance(t, []byte(tc.data))); err == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaFile, instance(t, q.Schema())); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func instance(t *testing.T, data []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
