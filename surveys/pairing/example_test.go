package pairing_test

import (
	"fmt"

	"soundings/surveys/pairing"
)

// One respondent before and after a programme: the second time the day is typed
// otherwise, which is no difference, and the older siblings are miscounted, which
// is one.
func Example() {
	key := pairing.Key{1} // in production from NewKey(rand.Reader)
	code := func(mother, day, town, siblings string) []pairing.ElementHash {
		return []pairing.ElementHash{
			read(key, "mother", pairing.Letters, 2, mother), read(key, "day", pairing.Day, 0, day),
			read(key, "town", pairing.Letters, 1, town), read(key, "siblings", pairing.Count, 0, siblings),
		}
	}
	pre := []pairing.Response{{ID: "r1", Elements: code("SU", "07", "N", "1")}}
	post := []pairing.Response{{ID: "r9", Elements: code("su.", "7th", "n", "two")}}

	result, err := pairing.Match(pre, post, pairing.Policy{AcceptNear: true}, nil)
	fmt.Println(result.Pairs, err)
	// Output: [{r1 r9 near [3]}] <nil>
}

func read(key pairing.Key, name string, kind pairing.ElementKind, n int, raw string) pairing.ElementHash {
	normal, err := pairing.Normalise(kind, n, raw)
	if err != nil {
		panic(err)
	}
	hash, err := pairing.Element(key, name, normal)
	if err != nil {
		panic(err)
	}
	return hash
}
