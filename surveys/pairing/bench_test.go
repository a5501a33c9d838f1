package pairing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"soundings/surveys/pairing"
)

// crowd makes n people who answer twice, with codes as common as children's in one
// block: a fifth give one element differently the second time.
func crowd(n int) (pre, post []pairing.Response) {
	rng := rand.New(rand.NewPCG(1, 2))
	code := func() []pairing.ElementHash {
		elements := make([]pairing.ElementHash, 5)
		for k, values := range []int{22, 31, 22, 5, 20} {
			elements[k] = pairing.ElementHash{1, byte(k), byte(rng.IntN(values))}
		}
		return elements
	}
	for i := range n {
		first := code()
		second := append([]pairing.ElementHash{}, first...)
		if rng.IntN(5) == 0 {
			k := rng.IntN(5)
			second[k] = code()[k]
		}
		pre = append(pre, pairing.Response{ID: fmt.Sprintf("a%06d", i), Elements: first, Digest: fmt.Sprint(i)})
		post = append(post, pairing.Response{ID: fmt.Sprintf("x%06d", i), Elements: second, Digest: fmt.Sprint(i)})
	}
	return pre, post
}

// Budget: 10 ms for 1,000 + 1,000 responses in one block, 100 ms for five times and
// 3 s for a hundred times as many on two cores (measured on cores shared with other
// builds: 3 to 9 ms, 23 to 40 ms and 1.3 to 4 s); never quadratic.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1_000, 5_000, 50_000, 100_000} {
		b.Run(fmt.Sprintf("%d+%d", n, n), func(b *testing.B) {
			pre, post := crowd(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pairing.Match(pre, post, near, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNormalise(b *testing.B) {
	for b.Loop() {
		if _, err := pairing.Normalise(pairing.Day, 0, " 07th."); err != nil {
			b.Fatal(err)
		}
	}
}
