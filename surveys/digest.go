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
func digestOf(answers questionnaire.Answers, linkage *Linkage) string {
	body := make([]byte, 0, 1024)
	for _, variable := range slices.Sorted(maps.Keys(answers)) {
		a := answers[variable]
		body = appendParts(body, string(variable), string(a.Missing), a.Choice, a.Text)
		body = appendParts(body, a.Choices...)
		if a.Number != nil {
			body = binary.BigEndian.AppendUint64(append(body, 1), math.Float64bits(*a.Number))
		} else {
			body = append(body, 0)
		}
	}
	if linkage != nil {
		body = appendParts(body, linkage.Elements...)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
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
