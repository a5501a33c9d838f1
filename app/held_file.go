package app

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// maxHeldFile is the longest file of late answers, in bytes: a form and its frame.
const maxHeldFile = maxForm + 4<<10

// heldFile is what respond_later.js saves of answers that could not be delivered:
//
//	{"soundings": 1, "address": "/s/k3m9wq2x7p/submit", "form": "_id=…&calm=4", "sent": 1772874000000}
//
// sent is when Send was pressed, in milliseconds since 1970 by the phone's clock.
type heldFile struct {
	Soundings int    `json:"soundings"`
	Address   string `json:"address"`
	Form      string `json:"form"`
	Sent      int64  `json:"sent"`
}

// heldAnswers is what such a file says.
type heldAnswers struct {
	token string // of the link, as the phone had it
	sub   surveys.Submission
	sent  time.Time
}

// readHeldFile reads a file of late answers. KindInvalid at "file" for any other.
func readHeldFile(raw []byte) (heldAnswers, error) {
	none := &surveys.Error{Kind: surveys.KindInvalid, Key: "held.no_file", Field: "file"}
	var file heldFile
	if len(raw) > maxHeldFile || json.Unmarshal(raw, &file) != nil || file.Soundings != 1 || file.Form == "" {
		return heldAnswers{}, none
	}
	token, found := strings.CutPrefix(file.Address, "/s/")
	token, _, whole := strings.Cut(token, "/")
	if !found || !whole || token == "" {
		return heldAnswers{}, none
	}
	var sent fasthttp.Args
	sent.Parse(file.Form)
	return heldAnswers{token, readSubmission(&sent), time.UnixMilli(file.Sent)}, nil
}
