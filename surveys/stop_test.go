package surveys_test

import (
	"context"
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestLeaseGivenUpAtStop: an instance that is told to end in the middle of a file gives
// its leases up, and another makes the file without any time going by.
func TestLeaseGivenUpAtStop(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"rows", "figures"} {
		store := storetest.SQLite(t)
		p := newPrintShop(t, store)
		asked := p.rows()
		if asked.Format = format; format == "figures" {
			asked.Profile = surveys.ProfileInternal
		}
		e := p.ask(t, asked)
		ending, stop := context.WithCancel(t.Context())
		p.scribe.during = func(ctx context.Context, _ surveys.Making) error {
			stop()
			<-ctx.Done()
			return ctx.Err()
		}
		if err := p.WorkExports(ending); err == nil {
			t.Fatalf("%s: the file was made although the instance was told to end", format)
		}
		p.scribe.during = nil
		must(t, p.on(store).WorkExports(t.Context()))
		if got := p.export(t, e.ID); got.State != surveys.ExportDone {
			t.Errorf("%s: the other instance leaves the export %s, want done", format, got.State)
		}
	}
}
