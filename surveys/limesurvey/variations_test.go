package limesurvey_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"testing"

	"soundings/surveys/limesurvey"
)

var typeCell = regexp.MustCompile(`<type><!\[CDATA\[.\]\]></type>`)

// TestRead_Variations gives half of the questions of every survey of the
// collection another type, so that conditions, texts and defaults meet questions
// they were not written for: what is made of it still passes its check.
func TestRead_Variations(t *testing.T) {
	const letters = "LOMPFHABCE5YGSTUNDXQKR!*1:"
	eachSurvey(t, func(t *testing.T, _ facts, data []byte) {
		for seed := range uint64(2) {
			draw := rand.New(rand.NewPCG(seed, 0))
			varied := typeCell.ReplaceAllFunc(data, func(cell []byte) []byte {
				if draw.IntN(2) == 0 {
					return cell
				}
				return []byte("<type><![CDATA[" + string(letters[draw.IntN(len(letters))]) + "]]></type>")
			})
			_, err := limesurvey.Read(varied)
			var refusal *limesurvey.Refusal
			if errors.As(err, &refusal) && refusal.Notices[0].Code != limesurvey.NoQuestions {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	})
}
