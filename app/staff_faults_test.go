package app_test

import (
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestNothingOpensByAFault lets each call to the store fail in turn while pages are
// asked for by who may see them, by a colleague who may not, and by nobody: an error is
// never access.
func TestNothingOpensByAFault(t *testing.T) {
	t.Parallel()
	faulty := storetest.Faulty(storetest.SQLite(t), 0)
	definition, err := questionnaire.ParseDefinition([]byte(opinions))
	if err != nil {
		t.Fatal(err)
	}
	h := hallIn(t, faulty, func(*hall) questionnaire.Definition { return definition }, app.Config{})
	owner, facilitator := h.ownersDesk(), h.colleague("fay", surveys.RoleFacilitator)
	stranger := &desk{phone: h.phone()}
	refused := 0
	for _, path := range []string{h.programmePath() + "/audit", h.strandPath() + "/answers", "/accounts"} {
		for who, d := range map[string]*desk{"owner": owner, "facilitator": facilitator, "nobody": stranger} {
			for n := 1; faulty.Calls() >= n-1; n++ { // until no call was left that could fail
				h.pass(time.Minute) // nothing is known any more
				faulty.Again(n)
				g := d.open(path)
				if g.status < 300 && who != "owner" {
					t.Fatalf("%s opens %s with call %d failing", who, path, n)
				}
				if g.status == 503 {
					refused++
				}
			}
		}
	}
	if faulty.Again(0); refused < 10 {
		t.Errorf("only %d requests met a fault: the test shows nothing", refused)
	}
}
