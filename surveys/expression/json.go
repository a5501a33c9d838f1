package expression

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// MarshalJSON writes t as an array: ["num",17], ["str","yes"], ["ref","age"],
// ["column","region"], ["self"], ["node"], ["call","today"], ["neg",t], ["and",t,t].
// A call of regex has its pattern as a tree at its end.
func (t *Tree) MarshalJSON() ([]byte, error) {
	node, err := t.array()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // the page that holds it escapes
	if err := encoder.Encode(node); err != nil {
		return nil, fmt.Errorf("write an expression: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func (t *Tree) array() ([]any, error) {
	node := []any{t.Op}
	switch t.Op {
	case "num":
		return append(node, t.Number), nil
	case "str", "ref", "column":
		return append(node, t.Text), nil
	case "call":
		node = append(node, t.Text)
	}
	for _, arg := range t.Args {
		below, err := arg.array()
		if err != nil {
			return nil, err
		}
		node = append(node, below)
	}
	if t.Op != "call" || t.Text != "regex" || len(t.Args) != 2 {
		return node, nil
	}
	pattern, err := patternTree(t.Args[1].Text)
	if err != nil {
		return nil, fmt.Errorf("write the pattern %.80q: %w", t.Args[1].Text, err)
	}
	return append(node, pattern), nil
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses anything that Parse
// would not have made: unknown operators and functions, missing values.
func (t *Tree) UnmarshalJSON(data []byte) error {
	read, err := readTree(data, 1)
	if err != nil {
		return fmt.Errorf("read an expression: %w", err)
	}
	*t = *read
	return nil
}

func readTree(data []byte, depth int) (*Tree, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return nil, err
	}
	if len(parts) == 0 || depth > MaxDepth {
		return nil, errors.New("an empty node, or one nested too deep")
	}
	t := &Tree{}
	if err := json.Unmarshal(parts[0], &t.Op); err != nil {
		return nil, err
	}
	rest, err := t.readOwn(parts[1:])
	if err != nil {
		return nil, err
	}
	for _, part := range rest {
		arg, err := readTree(part, depth+1)
		if err != nil {
			return nil, err
		}
		t.Args = append(t.Args, arg)
	}
	return t, t.check()
}

// readOwn reads what stands in the node besides its arguments, which it returns.
func (t *Tree) readOwn(parts []json.RawMessage) ([]json.RawMessage, error) {
	var into any = &t.Text
	switch t.Op {
	case "num":
		into = &t.Number
	case "str", "ref", "column", "call":
	default:
		return parts, nil
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("the node %q is empty", t.Op)
	}
	if err := json.Unmarshal(parts[0], into); err != nil {
		return nil, err
	}
	parts = parts[1:]
	if t.Op == "call" && t.Text == "regex" && len(parts) == 3 {
		parts = parts[:2] // the pattern's tree is made anew from its text
	}
	return parts, nil
}

// check tells whether t has the values that its operator needs. A function may
// have any number, since nobody counts them behind "true() or".
func (t *Tree) check() error {
	n := len(t.Args)
	switch t.Op {
	case "num", "str", "ref", "column", "self", "node":
		if n > 0 {
			return fmt.Errorf("the node %q has values", t.Op)
		}
		return nil
	case "neg":
		if n != 1 {
			return errors.New("a minus without its value")
		}
		return nil
	case "call":
		return t.checkFunction()
	}
	operators := slices.Concat(append(slices.Clone(levels), []string{"|"})...)
	if !slices.Contains(operators, t.Op) || n < 2 || n > 2 && !isRun(t.Op) {
		return fmt.Errorf("there is no operator %.20q with %d values", t.Op, n)
	}
	return nil
}

func (t *Tree) checkFunction() error {
	if _, ok := functions[t.Text]; !ok {
		return fmt.Errorf("there is no function %.40q", t.Text)
	}
	if t.Text != "regex" || len(t.Args) != 2 {
		return nil
	}
	pattern, err := compile(t.Args[1].Text)
	if err != nil || t.Args[1].Op != "str" {
		return fmt.Errorf("there is no such pattern: %.80q", t.Args[1].Text)
	}
	t.pattern = pattern
	return nil
}
