package surveys_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestFigureData: who may not read answers gets figures in the published profile.
func TestFigureData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for role, want := range map[surveys.Role]surveys.Profile{
		surveys.RoleAdministrator: surveys.ProfilePublished, surveys.RoleEvaluator: surveys.ProfileInternal,
		surveys.RoleFacilitator: "", surveys.RoleDesigner: "", surveys.RoleSafeguarding: "",
	} {
		ctx := w.holding(t, role)
		data, profile, err := w.FigureData(ctx, w.programme.ID, "pupils")
		if want == "" {
			wantError(t, string(role), err, surveys.KindForbidden, "account.not_allowed")
			continue
		}
		if err != nil || profile != want || data.Strand.ID != "pupils" {
			t.Errorf("%s: profile %q, %v, want %q", role, profile, err, want)
		}
	}
}

// reachPlan is one to set.
func reachPlan(p surveys.Programme) surveys.ReachPlan {
	plan := surveys.ReachPlanOf(p)
	plan.Targets = surveys.Targets{People: 850, Institutions: 7}
	plan.Strands["pupils"] = surveys.StrandReach{Target: 800, People: "pupils", Places: "schools", Groups: "classes"}
	return plan
}

// TestSetReachPlan goes by both stores: what is set is there, in a copy too, and a
// form that was opened before another's change is refused.
func TestSetReachPlan(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldIn(t, open(t))
			stale := reachPlan(w.programme)
			stale.Targets.People = 1
			plan := reachPlan(w.programme)
			set, err := w.SetReachPlan(w.ctx, w.programme.ID, plan)
			must(t, err)
			got := surveys.ReachPlanOf(set)
			plan.Revision = set.Revision
			if diff := cmp.Diff(plan, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			_, err = w.SetReachPlan(w.ctx, w.programme.ID, stale)
			wantError(t, "a form opened before", err, surveys.KindInvalid, "reach.changed")
			plan.Targets.People = -1
			if _, err = w.SetReachPlan(w.ctx, w.programme.ID, plan); surveys.KindOf(err) != surveys.KindInvalid {
				t.Errorf("a target below 0: %v, want it refused", err)
			}
			copied, err := w.CopyProgramme(w.ctx, w.programme.ID, surveys.ProgrammeCopy{Key: "0123456789", Name: "Next year"})
			must(t, err)
			if diff := cmp.Diff(got.Strands, surveys.ReachPlanOf(copied).Strands); diff != "" {
				t.Errorf("the copy (-source +copy):\n%s", diff)
			}
		})
	}
}

// TestSetReachPlanFaults lets each store call fail in turn and does it again.
func TestSetReachPlanFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		p, err := w.Programme(w.ctx, w.programme.ID)
		must(t, err)
		plan := reachPlan(p)
		plan.Targets.People = 1000 + n
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		_, err = service.SetReachPlan(w.ctx, w.programme.ID, plan)
		if failed = faulty.Calls() >= n; failed {
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("with call %d failing: %v, want that of the store", n, err)
			}
			_, err = service.SetReachPlan(w.ctx, w.programme.ID, plan)
		}
		must(t, err)
		if p, err = w.Programme(w.ctx, w.programme.ID); err != nil || p.Targets.People != 1000+n {
			t.Errorf("after call %d failed and all was done again: target %d, %v, want %d", n, p.Targets.People, err, 1000+n)
		}
	}
}
