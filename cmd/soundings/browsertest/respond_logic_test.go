package browsertest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"
)

// TestLogicZones: the browser knows the summer times that the server knows, so
// that a date in an expression is the same day on both. The other tests of
// respond_logic.js run in an engine without zones.
func TestLogicZones(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../../../app/static/respond_logic.js")
	if err != nil {
		t.Fatal(err)
	}
	p := newTab(t, phone)
	p.visit(product.respondent)
	eval[bool](p, "("+`() => { `+string(script)+` })(), true`)
	for _, name := range []string{"Europe/London", "America/St_Johns", "Asia/Kathmandu", "Africa/Lagos", "America/Phoenix"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		var moments, want []int64
		for at := time.Date(1935, 1, 1, 0, 30, 15, 0, time.UTC); at.Year() < 2037; at = at.Add(29*24*time.Hour + 7*time.Hour) {
			_, seconds := at.In(zone).Zone()
			moments, want = append(moments, at.UnixMilli()), append(want, int64(seconds)*1000)
		}
		list, err := json.Marshal(moments)
		if err != nil {
			t.Fatal(err)
		}
		got := eval[[]int64](p, fmt.Sprintf("%s.map(SoundingsLogic.zone(%q, 0))", list, name))
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s at %s is %d ms ahead in the browser, %d on the server", name, time.UnixMilli(moments[i]).UTC(), got[i], want[i])
			}
		}
	}
}
