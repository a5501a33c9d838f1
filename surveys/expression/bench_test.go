package expression_test

import (
	"testing"

	"soundings/surveys/expression"
)

// usual is as long as conditions of real forms are: nine in ten are shorter.
const usual = "(${consent} = 'yes' and ${age} >= 16 and ${age} < 25) or (selected(${topics}, 'maths') and not(${left} = 'yes')) or ${a} != ''"

// BenchmarkParse: budget 50 µs, so that a form of 300 conditions is read in 15 ms.
func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := expression.Parse(usual, expression.SlotRelevant); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEval: budget 5 µs, so that a form of 300 conditions costs a submission 1.5 ms.
func BenchmarkEval(b *testing.B) {
	tree, err := expression.Parse(usual, expression.SlotRelevant)
	if err != nil {
		b.Fatal(err)
	}
	env := &expression.Env{Answer: func(string) string { return "17" }}
	for b.Loop() {
		if _, err := tree.Eval(env); err != nil {
			b.Fatal(err)
		}
	}
}
