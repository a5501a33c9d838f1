package surveys

import (
	"context"
	"encoding/json"
	"slices"

	"soundings/surveys/questionnaire"
)

// What is handed over by somebody who is not the safeguarding lead has nothing of what
// waits with the lead, as nothing else has that they can see.

// shutOut gathers what waits with the lead in each strand.
func (h *holdings) shutOut(ctx context.Context) error {
	if h.e.Concerns {
		return nil
	}
	h.shut = map[StrandID]*Dataset{}
	for _, strand := range h.p.Strands {
		d := &Dataset{Programme: h.p, Strand: strand}
		for _, read := range []func(context.Context, *Service) error{d.readReadings, d.readConcerns} {
			if err := read(ctx, h.s); err != nil {
				return err
			}
		}
		h.shut[strand.ID] = d
	}
	return nil
}

// without is r without the answers that wait with the lead.
func (h *holdings) without(ctx context.Context, r Response) (Response, error) {
	d := h.shut[r.Strand]
	if d == nil || !d.Programme.Safeguarding.Appointed() && len(d.Concerns) == 0 {
		return r, nil
	}
	in, err := h.s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return r, err
	}
	return r.without(d.withheldIn(in, &r)), nil
}

// withheldIn are the variables of r that wait with the lead, in words or not.
func (d *Dataset) withheldIn(in *questionnaire.Instrument, r *Response) []questionnaire.ItemID {
	marked := d.watch().marks(in, r)
	var all []questionnaire.ItemID
	for i := range in.Variables() {
		key := ReadingKey{r.ID, in.Variables()[i].ID}
		unseen := d.Concerns[key] == "" && d.Programme.Safeguarding.Appointed() && d.Readings[key].Looked == nil &&
			slices.ContainsFunc(marked, func(m mark) bool { return m.variable == key.Variable })
		if unseen || d.WithLead(key) {
			all = append(all, key.Variable)
		}
	}
	return all
}

// reading is what was decided about an answer, without words of one that waits.
func (h *holdings) reading(strand StrandID, r Record) (json.RawMessage, error) {
	d := h.shut[strand]
	if d == nil {
		return r.Body, nil
	}
	reading, err := decode[Reading](r)
	if err != nil || !d.WithLead(ReadingKey{reading.Response, reading.Variable}) {
		return r.Body, err
	}
	reading = reading.shutOut()
	reading.Looked = nil
	return json.Marshal(reading)
}
