package surveys

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// The things beside records that retention destroys, as they stand in its counts.
const (
	kindLinkage    RecordKind = "linkage"
	kindInProgress RecordKind = "response_in_progress" // never sent
	kindText       RecordKind = "open_answer"          // responses in which somebody wrote something
	kindResponse   RecordKind = "response"
)

// RetentionCount is how much there is of one kind in one strand.
type RetentionCount struct {
	Kind   RecordKind `json:"kind"`
	Strand StrandID   `json:"strand,omitempty"` // "": of no strand
	N      int        `json:"n"`
}

// tally counts what of some kinds there is.
type tally map[RetentionCount]int

func (t tally) add(kind RecordKind, all []found) {
	for _, one := range all {
		t[RetentionCount{Kind: kind, Strand: one.Strand}]++
	}
}

// counts are those of t in the order of the table of kinds, then of strands.
func (t tally) counts(p *Programme) []RetentionCount {
	var all []RetentionCount
	for key, n := range t {
		key.N = n
		all = append(all, key)
	}
	place := func(c RetentionCount) int {
		i := slices.IndexFunc(endings, func(e ending) bool { return e.kind == c.Kind })
		j := slices.IndexFunc(p.Strands, func(s Strand) bool { return s.ID == c.Strand })
		return (i+len(endings))*(len(p.Strands)+2) + j // what is no record comes first
	}
	slices.SortFunc(all, func(a, b RetentionCount) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return slices.Compare([]string{string(a.Kind), string(a.Strand)}, []string{string(b.Kind), string(b.Strand)})
	})
	return all
}

// material lists what a step destroys: each kind with what there is of it, in the order
// in which it may go. Every step destroys what those before it do, too: what came since.
func (s *Service) material(p *Programme, step RetentionStep) iter.Seq2[RecordKind, finder] {
	return func(yield func(RecordKind, finder) bool) {
		for _, one := range step.upTo() {
			for _, extra := range beside[one] {
				if !yield(extra.kind, extra.find) {
					return
				}
			}
			for _, e := range endings {
				if e.step == one && !yield(e.kind, e.find) {
					return
				}
			}
		}
	}
}

// beside are the things that are no records. Linkages go before anything is known of
// them otherwise, responses after all that lies under them.
var beside = map[RetentionStep][]ending{
	StepLinkages: {{kind: kindLinkage, step: StepLinkages, find: linkagesIn}, {kind: kindInProgress, step: StepLinkages, find: inProgressIn}},
	StepTexts:    {{kind: kindText, step: StepTexts, find: textsIn}},
}

// theResponses are the responses themselves, which go when all else of the step has gone.
var theResponses = ending{kind: kindResponse, step: StepAnswers, find: responsesIn}

func linkagesIn(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	for _, strand := range p.Strands {
		for l, err := range s.store.Linkages(ctx, p.ID, strand.ID) {
			if err != nil {
				return nil, fmt.Errorf("listing linkages: %w", err)
			}
			all = append(all, found{strand.ID, string(l.Response)})
		}
	}
	return all, nil
}

func inProgressIn(ctx context.Context, s *Service, p *Programme) ([]found, error) {
	return s.responsesOf(ctx, p, func(r *Response) bool { return r.Status == StatusInProgress })
}

func responsesIn(ctx context.Context, s *Service, p *Programme) ([]found, error) {
	return s.responsesOf(ctx, p, nil)
}

// eachEnding calls do with all that a step destroys.
func (s *Service) eachEnding(ctx context.Context, p *Programme, step RetentionStep, do func(RecordKind, []found) error) error {
	visit := func(kind RecordKind, find finder) error {
		all, err := find(ctx, s, p)
		if err != nil {
			return err
		}
		return do(kind, all)
	}
	for kind, find := range s.material(p, step) {
		if err := visit(kind, find); err != nil {
			return err
		}
	}
	if slices.Contains(step.upTo(), theResponses.step) {
		return visit(theResponses.kind, theResponses.find)
	}
	return nil
}

// countEnding counts what a step would destroy now.
func (s *Service) countEnding(ctx context.Context, p *Programme, step RetentionStep) ([]RetentionCount, error) {
	n := tally{}
	err := s.eachEnding(ctx, p, step, func(kind RecordKind, all []found) error {
		n.add(kind, all)
		return nil
	})
	return n.counts(p), err
}

// countKept counts what a step leaves.
func (s *Service) countKept(ctx context.Context, p *Programme, step RetentionStep) ([]RetentionCount, error) {
	n, gone := tally{}, step.upTo()
	for _, e := range endings {
		if e.find == nil || slices.Contains(gone, e.step) {
			continue
		}
		all, err := e.find(ctx, s, p)
		if err != nil {
			return nil, err
		}
		n.add(e.kind, all)
	}
	if !slices.Contains(gone, StepAnswers) {
		all, err := responsesIn(ctx, s, p)
		if err != nil {
			return nil, err
		}
		n.add(kindResponse, all)
	}
	return n.counts(p), nil
}

// DryRun is what a step would do, if it were done now.
type DryRun struct {
	Step RetentionStep
	Goes []RetentionCount
	Stay []RetentionCount
}

// RetentionDryRun counts what a step would destroy now, and what it would leave,
// without changing anything. What the real one destroys is counted the same way.
func (s *Service) RetentionDryRun(ctx context.Context, id ProgrammeID, step RetentionStep) (DryRun, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return DryRun{}, err
	}
	if !step.known() {
		return DryRun{}, notFound("page.not_found")
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return DryRun{}, err
	}
	dry := DryRun{Step: step}
	if dry.Goes, err = s.countEnding(ctx, &p, step); err != nil {
		return dry, err
	}
	dry.Stay, err = s.countKept(ctx, &p, step)
	return dry, err
}

func (step RetentionStep) known() bool {
	return slices.Contains(append(RetentionSteps(), StepProgramme), step)
}
