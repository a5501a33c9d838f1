package surveys

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"math"
	"slices"

	"soundings/surveys/questionnaire"
)

// digestOf tells one body from another: answers and linkage code. It is the
// first 16 bytes of SHA-256 over every part with its length before it, in the
// order of the variables' names, so that no two bodies are written alike. It is
// worked out for each submission; through JSON it took a tenth of the whole time.
//
// Where logic decides, it is over what was typed, on the path or not: what is
// worked out may depend on the moment, and the same body sent again must be known
// again.
func digestOf(in *questionnaire.Instrument, r Response, linkage *Linkage) string {
	answers := r.Answers
	if in.HasLogic() {
		answers = in.Given(r.Typed())
	}
	body := make([]byte, 0, 1024)
	for _, variable := range slices.Sorted(maps.Keys(answers)) {
		body = appendAnswer(body, variable, answers[variable])
	}
	if linkage != nil {
		body = appendParts(body, linkage.Elements...)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}

// What follows an answer's parts: whether a number does, and an order.
const (
	withNumber = 1
	withOrder  = 2
)

func appendAnswer(body []byte, variable questionnaire.ItemID, a questionnaire.Answer) []byte {
	body = appendParts(body, string(variable), string(a.Missing), a.Choice, a.Text)
	body = appendParts(body, a.Choices...)
	follows := byte(0)
	if a.Number != nil {
		follows |= withNumber
	}
	if len(a.Order) > 0 {
		follows |= withOrder
	}
	body = append(body, follows)
	if a.Number != nil {
		body = binary.BigEndian.AppendUint64(body, math.Float64bits(*a.Number))
	}
	if len(a.Order) > 0 {
		body = appendParts(body, a.Order...)
	}
	return body
}

// appendParts writes how many parts there are, then each with its length.
func appendParts(body []byte, parts ...string) []byte {
	body = binary.AppendUvarint(body, uint64(len(parts)))
	for _, part := range parts {
		body = binary.AppendUvarint(body, uint64(len(part)))
		body = append(body, part...)
	}
	return body
}
