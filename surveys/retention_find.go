package surveys

import (
	"context"
	"fmt"
	"strings"
)

// found is one record of a programme that retention destroys.
type found struct {
	Strand StrandID // "": of no strand
	ID     string
}

// finder lists the records of one kind that belong to a programme.
type finder func(ctx context.Context, s *Service, p *Programme) ([]found, error)

// inScope lists the records of a kind and scope.
func (s *Service) inScope(ctx context.Context, kind RecordKind, scope string, strand StrandID) ([]found, error) {
	var all []found
	for r, err := range s.store.Records(ctx, kind, scope) {
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", kind, err)
		}
		all = append(all, found{strand, r.ID})
	}
	return all, nil
}

// inProgramme finds records whose scope is the programme.
func inProgramme(kind RecordKind) finder {
	return func(ctx context.Context, s *Service, p *Programme) ([]found, error) {
		return s.inScope(ctx, kind, string(p.ID), "")
	}
}

// inStrands finds records whose scope is a strand of the programme.
func inStrands(kind RecordKind) finder {
	return func(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
		for _, strand := range p.Strands {
			more, err := s.inScope(ctx, kind, strandScope(p.ID, strand.ID), strand.ID)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return all, nil
	}
}

// under finds records whose scope is the id of one that parents finds.
func under(kind RecordKind, parents finder) finder {
	return func(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
		above, err := parents(ctx, s, p)
		if err != nil {
			return nil, err
		}
		for _, parent := range above {
			more, err := s.inScope(ctx, kind, parent.ID, parent.Strand)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return all, nil
	}
}

// sameID finds records that have the id of one that others finds.
func sameID(kind RecordKind, others finder) finder {
	return func(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
		there, err := others(ctx, s, p)
		if err != nil {
			return nil, err
		}
		for _, other := range there {
			_, err := s.store.Record(ctx, kind, other.ID)
			if kindOfNil(err) == KindNotFound {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", kind, err)
			}
			all = append(all, other)
		}
		return all, nil
	}
}

// piecesOfExports finds the files of exports.
func piecesOfExports(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	exports, err := listRecords[Export](ctx, s.store, recordExport, string(p.ID))
	if err != nil {
		return nil, err
	}
	for _, e := range exports {
		if e.Attempt == "" {
			continue
		}
		more, err := s.inScope(ctx, recordExportPiece, e.Attempt, e.Strand)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// responsesOf lists the responses of a programme that keep says, whatever their status.
func (s *Service) responsesOf(ctx context.Context, p *Programme, keep func(*Response) bool) (all []found, err error) {
	for _, strand := range p.Strands {
		for r, err := range s.store.ResponseHeads(ctx, p.ID, strand.ID) {
			if err != nil {
				return nil, fmt.Errorf("listing responses: %w", err)
			}
			if keep == nil || keep(&r) {
				all = append(all, found{strand.ID, string(r.ID)})
			}
		}
	}
	return all, nil
}

// keyingsOfResponses finds what was keyed of forms on paper in a second pass.
func keyingsOfResponses(ctx context.Context, s *Service, p *Programme) ([]found, error) {
	return under(recordKeying, func(ctx context.Context, s *Service, p *Programme) ([]found, error) {
		return s.responsesOf(ctx, p, func(r *Response) bool { return r.Mode == ModePaper })
	})(ctx, s, p)
}

// doomedInProgramme finds that responses are to be destroyed.
func doomedInProgramme(ctx context.Context, s *Service, p *Programme) ([]found, error) {
	return sameID(recordDoomed, func(ctx context.Context, s *Service, p *Programme) ([]found, error) {
		return s.responsesOf(ctx, p, func(r *Response) bool { return r.Status == StatusDeleted || r.Batch != "" })
	})(ctx, s, p)
}

// begunInProgramme finds that somebody began to answer: their scope says more than the
// programme, and they are a day old at most.
func begunInProgramme(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	for r, err := range s.store.Records(ctx, recordBegun, "*") {
		if err != nil {
			return nil, fmt.Errorf("listing who began: %w", err)
		}
		if strings.HasPrefix(r.Scope, string(p.ID)+"/") {
			all = append(all, found{"", r.ID})
		}
	}
	return all, nil
}

// alertsOfProgramme finds letters to staff about the programme.
func alertsOfProgramme(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	for _, scope := range []string{alertsWaiting, alertsDone} {
		for r, err := range s.store.Records(ctx, recordAlert, scope) {
			if err != nil {
				return nil, fmt.Errorf("listing alerts: %w", err)
			}
			a, err := decode[alertRecord](r)
			if err != nil {
				return nil, err
			}
			if a.Programme == p.ID {
				all = append(all, found{"", r.ID})
			}
		}
	}
	return all, nil
}
