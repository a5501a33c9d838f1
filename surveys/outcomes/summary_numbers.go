package outcomes

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// numeral is a number as people write it: 1,500 or 3.5 or 80%, without its sign.
var numeral = regexp.MustCompile(`[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?`)

// NumbersIn lists the numbers in a text as they are written there.
func NumbersIn(text string) []string { return numeral.FindAllString(text, -1) }

// NotIn lists the numbers of text that are neither in r, to no, one or two decimals,
// nor in allowed, each once: what a person wrote who knew more than r shows, or
// mistyped. A percentage has to be one there too. r is a report with a profile; what it
// hides is not in it.
func NotIn(r *Report, text string, allowed ...string) ([]string, error) {
	known := map[string]bool{}
	for _, one := range allowed {
		addNumerals(known, one)
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	addNumbers(known, "", all)
	var strange []string
	for _, n := range NumbersIn(text) {
		if key := numberKey(n); !known[key] {
			known[key] = true
			strange = append(strange, n)
		}
	}
	return strange, nil
}

// addNumbers adds every number in a JSON value, those within texts too; name is that of
// the field it is in, which says what a percentage is.
func addNumbers(known map[string]bool, name string, value any) {
	switch v := value.(type) {
	case float64:
		percent := strings.Contains(name, "pct")
		if strings.HasSuffix(name, "rate") {
			v, percent = 100*v, true
		}
		for decimals := range 3 {
			n := numberKey(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64))
			known[n] = true
			if percent {
				known[n+"%"] = true
			}
		}
	case string:
		addNumerals(known, v)
	case []any:
		for _, one := range v {
			addNumbers(known, name, one)
		}
	case map[string]any:
		for key, one := range v {
			if key == "low" || key == "high" { // limits are of what the field around them is
				key = name
			}
			addNumbers(known, key, one)
		}
	}
}

func addNumerals(known map[string]bool, text string) {
	for _, n := range NumbersIn(text) {
		known[numberKey(n)] = true
	}
}

// numberKey is one spelling of a number: "1500" for 1,500, "3.5" for 3.50.
func numberKey(n string) string {
	if bare, ok := strings.CutSuffix(n, "%"); ok {
		return numberKey(bare) + "%"
	}
	n = strings.ReplaceAll(n, ",", "")
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	if n = strings.TrimLeft(n, "0"); n == "" || n[0] == '.' {
		n = "0" + n
	}
	return n
}
