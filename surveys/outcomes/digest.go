package outcomes

import (
	"crypto/sha256"
	"encoding/binary"
	"math"

	"soundings/surveys/questionnaire"
)

// leastDigested is the number of answered items from which two responses with
// the same answers are taken for one sent twice; see pairing.Response.
const leastDigested = 5

// digest gathers the choices and numbers of a response, without free texts and
// consent, and without what was passed over.
type digest struct {
	body     []byte
	answered int
}

func (d *digest) reset() { d.body, d.answered = d.body[:0], 0 }

// add takes the answer to one variable, in a form that no other answer has.
func (d *digest) add(v *questionnaire.Variable, a *questionnaire.Answer) {
	if a.Missing == questionnaire.NotAsked || a.Missing == questionnaire.NotReached {
		return
	}
	if a.Missing == questionnaire.Answered {
		d.answered++
	}
	body := append(append(d.body, v.ID...), 0)
	body = append(append(body, a.Missing...), 0)
	body = append(body, a.Choice...)
	for _, c := range a.Choices {
		body = append(append(body, 1), c...)
	}
	if a.Number != nil {
		body = binary.BigEndian.AppendUint64(append(body, 2), math.Float64bits(*a.Number))
	}
	if a.Text != "" && v.Written(*a) == "" { // a date or a time
		body = append(append(body, 4), a.Text...)
	}
	d.body = append(body, 3)
}

// sum returns a hash that is equal for equal answers to any version, or "" if
// fewer than leastDigested items were answered.
func (d *digest) sum() string {
	if d.answered < leastDigested {
		return ""
	}
	sum := sha256.Sum256(d.body)
	return string(sum[:16])
}
