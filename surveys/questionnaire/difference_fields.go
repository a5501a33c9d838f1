package questionnaire

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// fields are what one thing says, flat: by the path in its JSON and by language.
type fields struct {
	leaves map[leafKey]string
	names  map[leafKey]string  // the field without the keys of elements: "choices.score"
	order  []leafKey           // as the definition has them
	lists  map[string][]string // keys of the elements of a list, in order
	whole  map[string]string   // an element in words, by path
}

type leafKey struct{ path, language string }

// fieldsOf reads a definition, part, group, item, row, scale or measure. What is a
// thing of its own is left out; blank texts, nil and zero are absent.
func fieldsOf(v any) *fields {
	f := &fields{leaves: map[leafKey]string{}, names: map[leafKey]string{}, lists: map[string][]string{}, whole: map[string]string{}}
	f.read(reflect.ValueOf(v), "", "")
	return f
}

// apart are the types that are things of their own.
var apart = []reflect.Type{reflect.TypeFor[[]Part](), reflect.TypeFor[[]Group](), reflect.TypeFor[[]Item](),
	reflect.TypeFor[[]Row](), reflect.TypeFor[[]Scale](), reflect.TypeFor[[]Measure]()}

func (f *fields) read(v reflect.Value, path, name string) {
	switch {
	case slices.Contains(apart, v.Type()):
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			f.put(leafKey{path: path}, name, formatNumber(v.Elem().Float()))
		}
	case v.Kind() == reflect.Map:
		f.readMap(v, path, name)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			field, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			f.read(v.Field(i), joinPath(path, field), joinPath(name, field))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		f.readList(v, path, name)
	case v.Kind() == reflect.Slice:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = wordOf(v.Index(i))
		}
		f.put(leafKey{path: path}, name, strings.Join(words, ", "))
	default:
		if !v.IsZero() {
			f.put(leafKey{path: path}, name, wordOf(v))
		}
	}
}

func (f *fields) put(key leafKey, name, words string) {
	if words != "" {
		f.leaves[key], f.names[key] = words, name
		f.order = append(f.order, key)
	}
}

// readMap reads a text or recordings, by language, or the cells of a spreadsheet.
func (f *fields) readMap(v reflect.Value, path, name string) {
	var tags []string
	for _, key := range v.MapKeys() {
		tags = append(tags, key.String())
	}
	slices.Sort(tags)
	for _, tag := range tags {
		key := leafKey{path: path, language: tag}
		if v.Type() == reflect.TypeFor[Cells]() {
			key = leafKey{path: joinPath(path, tag)}
		}
		f.put(key, name, v.MapIndex(reflect.ValueOf(tag)).String())
	}
}

// readList reads choices, prompts, bands, flags and conversion tables: each
// element under a key that tells it from the others.
func (f *fields) readList(v reflect.Value, path, name string) {
	seen := map[string]int{}
	for i := range v.Len() {
		element := v.Index(i)
		key, label := elementKey(element.Interface(), i)
		if seen[key]++; seen[key] > 1 {
			key += "#" + strconv.Itoa(seen[key])
		}
		under := joinPath(path, key)
		f.lists[path] = append(f.lists[path], key)
		f.whole[under] = label
		f.read(element, under, name)
	}
}

// elementKey is what tells an element from the others of its list, and what it is
// in words.
func elementKey(element any, i int) (key, label string) {
	switch e := element.(type) {
	case Choice:
		return e.Code, anyWords(e.Label, e.Code)
	case Prompt:
		return string(e.ID), anyWords(e.Label, string(e.ID))
	case ScoreFlag:
		return string(e.Item), string(e.Item) + " ≥ " + formatNumber(e.AtLeast)
	case Lookup:
		return strconv.Itoa(e.Raw), strconv.Itoa(e.Raw) + " → " + formatNumber(e.Score)
	case Band:
		return strconv.Itoa(i + 1), formatNumber(e.Min) + "–" + formatNumber(e.Max) + " " + anyWords(e.Label, "")
	}
	return strconv.Itoa(i + 1), strconv.Itoa(i + 1)
}

// anyWords is a text in some language, always the same one.
func anyWords(t Text, otherwise string) string {
	var tags []string
	for tag, words := range t {
		if words != "" {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 {
		return otherwise
	}
	return t[slices.Min(tags)]
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func wordOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return "yes"
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return formatNumber(v.Float())
	default:
		return v.String()
	}
}

// compareFields lists the fields of one thing that are different.
func compareFields(sort Thing, before, after *fields, old, new Definition) []Detail {
	var details []Detail
	add := func(name string, d Detail) {
		d.Touches = touches(sort, name)
		d.Asks = (sort == ThingItem || sort == ThingRow) && asks(name, d, old, new)
		details = append(details, d)
	}
	compareLists(before, after, add)
	for _, key := range unionOf(after.order, before.order) {
		if before.leaves[key] == after.leaves[key] || before.partOfNew(key.path, after) || after.partOfNew(key.path, before) {
			continue
		}
		add(cmp.Or(after.names[key], before.names[key]), Detail{Field: key.path, Language: key.language, Before: before.leaves[key], After: after.leaves[key]})
	}
	return details
}

func unionOf(a, b []leafKey) []leafKey {
	all, there := slices.Clone(a), make(map[leafKey]bool, len(a))
	for _, key := range a {
		there[key] = true
	}
	for _, key := range b {
		if !there[key] {
			all = append(all, key)
		}
	}
	return all
}

// partOfNew reports whether path lies within an element that f has and other
// lacks: the element as a whole is said to be added or removed.
func (f *fields) partOfNew(path string, other *fields) bool {
	for under := range f.whole {
		if _, ok := other.whole[under]; !ok && strings.HasPrefix(path, under+".") {
			return true
		}
	}
	return false
}

// compareLists says which elements were added and removed, and whether the
// common ones are in another order. Lists do not lie within lists, so that the
// path of one is its name.
func compareLists(before, after *fields, add func(name string, d Detail)) {
	for _, path := range listPaths(before, after) {
		was, is := before.lists[path], after.lists[path]
		for _, key := range without(is, was) {
			under := joinPath(path, key)
			add(path, Detail{Field: under, After: after.whole[under]})
		}
		for _, key := range without(was, is) {
			under := joinPath(path, key)
			add(path, Detail{Field: under, Before: before.whole[under]})
		}
		x, y := without(was, without(was, is)), without(is, without(is, was))
		if !slices.Equal(x, y) {
			add(path+".order", Detail{Field: path + ".order", Before: strings.Join(x, ", "), After: strings.Join(y, ", ")})
		}
	}
}

func listPaths(before, after *fields) []string {
	var paths []string
	for _, f := range []*fields{before, after} {
		for path := range f.lists {
			if !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return paths
}

// without are the elements of a that b lacks, in the order of a.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(key string) bool { return slices.Contains(b, key) })
}
