package surveys_test

import (
	"testing"
	"time"

	"soundings/surveys"
)

// TestAdministratorsByGroup: they are warned before something is destroyed, and a
// programme that has one is nobody's to take; those who sign in no more are not warned.
func TestAdministratorsByGroup(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 0)
	out := newOutsideWorld(t, e.world)
	out.groups(t, "heads", surveys.RoleAdministrator)
	out.signedIn2(t, ada("heads"))
	e.colleague(t, "gone@example.org", surveys.RoleAdministrator)
	gone := e.as(t, "gone@example.org")
	left, _ := surveys.AccountFrom(gone)
	must(t, e.SetInactive(e.ctx, left.ID, true))
	e.clock.pass(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC).Sub(e.clock.Now()))
	must(t, e.Retain(t.Context()))
	for _, who := range []struct {
		name string
		ctx  func() ([]surveys.Alert, error)
		want int
	}{
		{"by hand", func() ([]surveys.Alert, error) { return e.Alerts(e.ctx) }, 1},
		{"by group", func() ([]surveys.Alert, error) { return e.Alerts(e.as(t, "ada@example.org")) }, 1},
		{"who signs in no more", func() ([]surveys.Alert, error) { return e.Alerts(gone) }, 0},
	} {
		if alerts, err := who.ctx(); err != nil || len(alerts) != who.want {
			t.Errorf("an administrator %s gets %d warnings, %v, want %d", who.name, len(alerts), err, who.want)
		}
	}
	must(t, e.Grant(e.as(t, "ada@example.org"), ownerEmail, e.programme.ID, nil))
	if orphans, err := e.Orphans(e.ctx); err != nil || len(orphans) != 0 {
		t.Errorf("%d programmes are nobody's, %v, though one administers it by group", len(orphans), err)
	}
}
