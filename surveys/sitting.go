package surveys

import (
	"context"
	"maps"

	"soundings/surveys/questionnaire"
)

// Sitting is where the one who answers r stands: what decides about the path
// besides the answers. link is what the address said of hidden items; nil once
// that is kept with the response.
func (s *Service) Sitting(inv Invitation, r Response, link map[string]string) questionnaire.Sitting {
	sit := questionnaire.Sitting{Wave: r.Wave, Started: r.Started, Now: s.moment(), Seed: string(r.ID), Link: link, Paper: inv.Paper}
	if inv.Instrument.HasLogic() { // else nobody asks for the zone, which is read from a file
		sit.Zone = inv.Programme.Location()
	}
	return sit
}

// Typed is all that was read of a response, on its path or not: what Walk and
// Read want.
func (r *Response) Typed() questionnaire.Answers {
	if len(r.Aside) == 0 {
		return r.Answers
	}
	typed := maps.Clone(r.Answers)
	if typed == nil {
		typed = questionnaire.Answers{}
	}
	maps.Copy(typed, r.Aside)
	return typed
}

// linkageOnPath is linkageOf if the code is on the path that r's answers lead to;
// what was typed for a code that is not asked is not kept.
func (s *Service) linkageOnPath(ctx context.Context, inv Invitation, sit questionnaire.Sitting, r Response, raw questionnaire.Raw) (*Linkage, questionnaire.FieldErrors, error) {
	if l := inv.linkagePersonal(r.ID); l != nil {
		return l, nil, nil
	}
	if inv.nobody || !asksForCode(inv.Instrument, sit, r.Typed()) {
		return nil, nil, nil
	}
	return s.linkageOf(ctx, inv, r.ID, raw)
}

// asksForCode says whether the linkage code is on the path; it is where nothing
// decides about it.
func asksForCode(in *questionnaire.Instrument, sit questionnaire.Sitting, typed questionnaire.Answers) bool {
	if !in.HasLogic() {
		return true
	}
	item, ok := in.LinkageCode(sit.Wave)
	return ok && in.Walk(sit, typed).Shows(item.ID)
}
