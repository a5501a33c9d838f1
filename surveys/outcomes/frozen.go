package outcomes

import (
	"encoding/json"
	"fmt"

	"soundings/surveys"
)

// frozen is a report as it is kept when what it was worked out from is destroyed.
type frozen struct {
	Report *Report                 `json:"report"`
	Places []surveys.InstitutionID `json:"places"` // of Reach
}

// Freeze writes r as it is to be shown from now on. It says who was paired with whom
// in nothing, and of small groups what its profile shows of them: r must have one that
// hides something.
func Freeze(r *Report) ([]byte, error) {
	if r.Profile == surveys.ProfileRows {
		return nil, fmt.Errorf("freezing strand %s: its report hides nothing", r.Strand)
	}
	kept := *r
	kept.Slim()
	return json.Marshal(frozen{&kept, kept.Reach.Places})
}

// thaw returns the report that was kept of a strand in a profile, if there is one.
// KindInvalid with a filter: it was kept of everyone.
func thaw(d *surveys.Dataset, opt Options) (*Report, bool, error) {
	body, at, ok := d.Frozen(opt.Profile)
	if !ok {
		return nil, false, nil
	}
	if !opt.Filter.Empty() {
		return nil, true, &surveys.Error{Kind: surveys.KindInvalid, Key: "report.frozen"}
	}
	var kept frozen
	if err := json.Unmarshal(body, &kept); err != nil {
		return nil, true, fmt.Errorf("reading the report that was kept: %w", err)
	}
	kept.Report.Reach.Places, kept.Report.Frozen = kept.Places, at
	return kept.Report, true, nil
}
