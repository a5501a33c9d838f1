package app

import (
	"testing"

	"github.com/dop251/goja"
)

// As it stands in pages, squeezed, the evaluator still works.
func TestLogicSqueezed(t *testing.T) {
	t.Parallel()
	script, err := inlineText("respond_logic.js")
	if err != nil {
		t.Fatal(err)
	}
	engine := goja.New()
	if err := engine.Set("window", engine.GlobalObject()); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.RunString(script); err != nil {
		t.Fatalf("the squeezed script: %v", err)
	}
	got, err := engine.RunString(`SoundingsLogic.text(
		["call","concat",["call","format-date",["str","2026-03-07 09:30"],["str","%e %b %Y %H:%M"]],["str"," "],["neg",["num",-1.5]],["call","regex",["self"],["str","a b"],["&","a b"]]],
		{answer: function () { return ''; }, self: 'a b'})`)
	if want := "7 Mar 2026 09:30 1.5true"; err != nil || got.String() != want {
		t.Errorf("it makes %v, %v, want %q", got, err, want)
	}
}
