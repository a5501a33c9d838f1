package browsertest_test

import (
	"encoding/json"
	"testing"
	"time"
)

// versionsOfAForm: the second has a question that depends on an answer given to
// the first, and another needs an answer now.
var versionsOfAForm = [2]string{
	`{"title": {"en": "Twice"}, "languages": ["en"], "parts": [{"id": "one", "items": [
		{"id": "name", "kind": "short_text", "label": {"en": "Name"}},
		{"id": "pets", "kind": "single_choice", "label": {"en": "Have you pets?"}, "choices": [{"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}}]}]},
		{"id": "two", "items": [{"id": "town", "kind": "short_text", "label": {"en": "Town"}}]}]}`,
	`{"title": {"en": "Twice"}, "languages": ["en"], "parts": [{"id": "one", "items": [
		{"id": "name", "kind": "short_text", "label": {"en": "Name"}},
		{"id": "pets", "kind": "single_choice", "label": {"en": "Have you pets?"}, "choices": [{"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}}]},
		{"id": "pet", "kind": "short_text", "label": {"en": "What is it called?"}, "relevant": "${pets} = 'yes'"}]},
		{"id": "two", "items": [{"id": "town", "kind": "short_text", "label": {"en": "Town"}, "required": true}]}]}`,
}

// TestAnswersOutliveANewVersion publishes a questionnaire anew while two phones
// answer it: one sends what it was shown, the other comes back to what is asked
// now, with what it had answered.
func TestAnswersOutliveANewVersion(t *testing.T) {
	t.Parallel()
	c := api(t)
	publish := func(n int) {
		t.Helper()
		c.post(t, "/questionnaires/twice/versions", json.RawMessage(versionsOfAForm[n]))
	}
	publish(0)
	programme := c.post(t, "/programmes", map[string]any{
		"name": "Twice", "zone": "Europe/London", "smallest_group": 1,
		"strands": []strand{{"people", "People", "participant", "pre_post", "twice", "cohort", "Person"}},
	})["id"].(string)
	l := c.newLink(t, programme, "people", "pre", time.Time{})
	stays, back := startForm(t, l, ""), startForm(t, l, "")
	for _, p := range []*tab{stays, back} {
		p.writeIn("name", "Amina")
		p.choose("pets", "yes")
	}
	publish(1)
	stays.finish() // without the town that the version after needs
	stays.send()
	l.wantSubmitted(t, 1)
	for range 10 { // links believe what they know for three seconds
		time.Sleep(time.Second)
		back.reload()
		if eval[bool](back, `Boolean(document.querySelector('[name="pet"]'))`) {
			break
		}
	}
	back.until(`document.getElementById("answers").checkVisibility()`)
	back.wantValue("name", "Amina")
	back.wantItems("name pets pet")
	back.writeIn("pet", "Rex")
	back.next()
	back.writeIn("town", "York")
	back.finish()
	back.send()
	l.wantSubmitted(t, 2)
}
