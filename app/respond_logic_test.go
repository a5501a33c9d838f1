package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dop251/goja"

	"soundings/surveys/expression"
)

// browserLogic is static/respond_logic.js with all its functions in a JavaScript
// engine: the browser's evaluator of the trees that package expression makes.
type browserLogic struct {
	engine *goja.Runtime
	object *goja.Object
}

func newBrowserLogic(tb testing.TB) *browserLogic {
	tb.Helper()
	engine := goja.New()
	if err := engine.Set("window", engine.GlobalObject()); err != nil {
		tb.Fatal(err)
	}
	for _, name := range []string{"respond_logic.js", "respond_logic_more.js"} {
		script, err := os.ReadFile(filepath.Join("static", name))
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := engine.RunScript(name, string(script)); err != nil {
			tb.Fatal(err)
		}
	}
	return &browserLogic{engine: engine, object: engine.Get("SoundingsLogic").ToObject(engine)}
}

// call runs truth, text, number or value over the JSON of tree, as a page does.
func (b *browserLogic) call(cast string, tree *expression.Tree, env *expression.Env) (any, error) {
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("write the tree: %w", err)
	}
	node, err := b.engine.RunString("(" + string(data) + ")")
	if err != nil {
		return nil, fmt.Errorf("read the tree %s: %w", data, err)
	}
	function, ok := goja.AssertFunction(b.object.Get(cast))
	if !ok {
		return nil, errors.New("SoundingsLogic has no " + cast)
	}
	result, err := function(goja.Undefined(), node, b.env(env))
	if err != nil {
		return nil, err
	}
	return result.Export(), nil
}

func (b *browserLogic) env(env *expression.Env) goja.Value {
	object := b.engine.NewObject()
	set := func(name string, value any) {
		if err := object.Set(name, value); err != nil {
			panic(err)
		}
	}
	set("answer", env.Answer)
	set("self", env.Self)
	set("now", env.Now.UnixMilli())
	if env.Column != nil {
		set("column", env.Column)
	}
	if env.Label != nil {
		set("label", env.Label)
	}
	if env.Draw != nil {
		set("draw", env.Draw)
	}
	if env.Zone != nil {
		set("zone", func(ms float64) int {
			_, seconds := time.UnixMilli(int64(ms)).In(env.Zone).Zone()
			return seconds * 1000
		})
	}
	return object
}

// asFloat takes a number out of JavaScript or out of a case, where NaN is a text.
func asFloat(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	case string:
		var f float64
		_, err := fmt.Sscan(n, &f)
		return f, err == nil
	}
	return 0, false
}

func sameNumber(x, y float64) bool {
	return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(y))
}

// sharedCase is one of reference/xlsform/expressions.json.
type sharedCase struct {
	ID         string            `json:"id"`
	Expr       string            `json:"expr"`
	Self       string            `json:"self"`
	Answers    map[string]string `json:"answers"`
	ResultType string            `json:"result_type"`
	Expect     any               `json:"expect"`
	AsText     any               `json:"expect_as_text"`     // the text rule of a bare reference
	WholeMatch any               `json:"expect_whole_match"` // regex of the whole text
}

func (c sharedCase) accepts(got any) bool {
	for _, want := range []any{c.Expect, c.AsText, c.WholeMatch} {
		if want == nil {
			continue
		}
		if got == want || want == "Invalid Date" && got == "" { // an invalid date has no text here
			return true
		}
		x, ok := asFloat(got)
		y, fine := asFloat(want)
		if c.ResultType == "number" && ok && fine && sameNumber(x, y) {
			return true
		}
	}
	return false
}

func TestBrowserLogicSharedCases(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../../shared/reference/xlsform/expressions.json"))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("reference/xlsform is absent: the shared cases are not run")
	}
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Items []sharedCase }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/Phoenix")
	if err != nil {
		t.Fatal(err)
	}
	browser, run := newBrowserLogic(t), 0
	for _, c := range file.Items {
		if c.ResultType == "error" {
			continue // refused before there is a tree
		}
		run++
		tree, err := expression.Parse(c.Expr, expression.SlotCalculation)
		if err != nil {
			t.Fatalf("%s: Parse(%q) = %v", c.ID, c.Expr, err)
		}
		cast := map[string]string{"boolean": "truth", "number": "number", "string": "text"}[c.ResultType]
		got, err := browser.call(cast, tree, &expression.Env{
			Answer: func(name string) string { return c.Answers[name] },
			Self:   c.Self, Zone: zone, Now: time.Date(2026, 1, 15, 10, 30, 0, 0, zone),
		})
		if err != nil || !c.accepts(got) {
			t.Errorf("%s: %s(%q) with %q and . = %q = %#v, %v, want %#v", c.ID, cast, c.Expr, c.Answers, c.Self, got, err, c.Expect)
		}
	}
	if run < 1000 {
		t.Errorf("ran %d cases, want more than 1000", run)
	}
}
