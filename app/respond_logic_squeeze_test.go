package app

import (
	"slices"
	"testing"

	"github.com/dop251/goja"
)

// squeezedLogic runs the browser's evaluator as it stands in pages.
func squeezedLogic(t *testing.T, names ...string) *goja.Runtime {
	t.Helper()
	engine := goja.New()
	if err := engine.Set("window", engine.GlobalObject()); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		script, err := inlineText(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := engine.RunString(script); err != nil {
			t.Fatalf("%s, squeezed: %v", name, err)
		}
	}
	return engine
}

func TestLogicSqueezed(t *testing.T) {
	t.Parallel()
	engine := squeezedLogic(t, "respond_logic.js", "respond_logic_more.js")
	got, err := engine.RunString(`SoundingsLogic.text(
		["call","concat",["call","format-date",["str","2026-03-07 09:30"],["str","%e %b %Y %H:%M"]],["str"," "],["neg",["num",-1.5]],["call","regex",["self"],["str","a b"],["&","a b"]]],
		{answer: function () { return ''; }, self: 'a b'})`)
	if want := "7 Mar 2026 09:30 1.5true"; err != nil || got.String() != want {
		t.Errorf("it makes %v, %v, want %q", got, err, want)
	}
}

// TestMoreFunctions: a page brings the second file for just the functions that
// are in it.
func TestMoreFunctions(t *testing.T) {
	t.Parallel()
	const listed = `var names; SoundingsLogic.more(function (functions) { names = Object.keys(functions); }); names`
	list := func(files ...string) []string {
		value, err := squeezedLogic(t, files...).RunString(listed)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, name := range value.Export().([]any) {
			names = append(names, name.(string))
		}
		return names
	}
	few := list("respond_logic.js")
	more := slices.DeleteFunc(list("respond_logic.js", "respond_logic_more.js"), func(name string) bool { return slices.Contains(few, name) })
	slices.Sort(more)
	if !slices.Equal(more, moreFunctions) {
		t.Errorf("respond_logic_more.js has %q, want %q", more, moreFunctions)
	}
}
