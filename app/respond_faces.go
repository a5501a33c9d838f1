package app

import "fmt"

// drawFaces gives the ordinary choices a face each, from the saddest to the
// happiest, whatever their number. Shape carries the meaning, never colour.
func drawFaces(choices []choiceView) {
	n := 0
	for _, choice := range choices {
		if !choice.Apart {
			n++
		}
	}
	place := 0
	for i := range choices {
		if !choices[i].Apart {
			choices[i].Face = face(place, n)
			place++
		}
	}
}

// face draws face i of n in a box of 64 by 64: a mouth bent by its place
// between sad and happy. From five faces on, the saddest has brows and the
// happiest an open mouth, so that neighbours differ by more than a curve.
func face(i, n int) string {
	bend := 2*float64(i)/float64(max(n-1, 1)) - 1 // -1 to 1
	switch {
	case n >= 5 && i == 0:
		return "M17 50c4-14 26-14 30 0M14 19l10-5M50 19l-10-5"
	case n >= 5 && i == n-1:
		return "M15 36h34c-2 18-32 18-34 0z"
	}
	// The middle of the mouth stays at 42 of 64 however it is bent.
	return fmt.Sprintf("M20 %.0fq12 %.0f 24 0", 42-5*bend, 12*bend)
}
