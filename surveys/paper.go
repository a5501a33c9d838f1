package surveys

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// BatchID names a batch. It is random: the ids of its responses are worked out
// from it, and an id is what leads to a response.
type BatchID string

// Batch is forms on paper that are printed and keyed in together: one cohort, one
// strand, one wave, one version, one language.
type Batch struct {
	ID            BatchID            `json:"id"`
	Programme     ProgrammeID        `json:"programme"`
	Number        string             `json:"number"` // "P-0012", on every page; unique within the programme
	Strand        StrandID           `json:"strand" validate:"required"`
	Cohort        CohortID           `json:"cohort" validate:"required"`
	Wave          questionnaire.Wave `json:"wave" validate:"required"`
	Questionnaire questionnaire.ID   `json:"questionnaire"`
	Version       int                `json:"version" validate:"min=0"`                     // 0 when it is made: the newest
	Language      string             `json:"language"`                                     // BCP 47; "" when it is made: the version's first
	Declared      int                `json:"declared,omitempty" validate:"min=0,max=9999"` // forms on the pile; 0: not said
	Twice         bool               `json:"twice,omitempty"`                              // every form is to be keyed a second time
	By            string             `json:"by"`                                           // name of the account that made it
	Created       time.Time          `json:"created"`
	Revision      int64              `json:"revision"`
}

func (b *Batch) setRevision(n int64) { b.Revision = n }

// MostForms is the highest number of a form in a batch.
const MostForms = 9999

// batchPattern is what people may choose as the number of a batch.
var batchPattern = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,19}$`)

// CreateBatch makes a batch of paper forms. Without a number it gets the next
// free one. KindConflict: the number is taken.
func (s *Service) CreateBatch(ctx context.Context, b Batch) (Batch, error) {
	account, err := require(ctx, b.Programme, MayEnterPaper)
	if err != nil {
		return b, err
	}
	b.Number = strings.ToUpper(strings.TrimSpace(b.Number))
	if b, err = s.checkBatch(ctx, b); err != nil {
		return b, err
	}
	id, err := s.newID()
	if err != nil {
		return b, err
	}
	b.ID, b.By, b.Created = BatchID(id), account.Name, s.moment()
	if b, err = s.numberBatch(ctx, b); err != nil {
		return b, err
	}
	return b, s.Audit(ctx, b.Programme, "paper.batch_made", b.Number)
}

// checkBatch refuses a batch of what the programme does not have, and settles its
// version and language.
func (s *Service) checkBatch(ctx context.Context, b Batch) (Batch, error) {
	if err := check(b); err != nil {
		return b, err
	}
	if b.Number != "" && !batchPattern.MatchString(b.Number) {
		return b, invalid("number", "paper.bad_number")
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(b.Programme))
	if err == nil {
		err = refuseNew(p)
	}
	if err != nil {
		return b, err
	}
	strand, ok := p.Strand(b.Strand)
	if !ok {
		return b, invalid("strand", "strand.unknown", string(b.Strand))
	}
	if !slices.Contains(strand.Design.Waves(), b.Wave) {
		return b, invalid("wave", "link.wave_not_in_design", string(b.Wave))
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(b.Cohort))
	if kindOfNil(err) == KindNotFound || err == nil && c.Programme != b.Programme {
		return b, invalid("cohort", "cohort.unknown", string(b.Cohort))
	}
	if err != nil {
		return b, err
	}
	phase, err := s.phaseOf(ctx, c)
	if err != nil {
		return b, err
	}
	b.Questionnaire = strand.QuestionnaireFor(phase)
	return s.settleVersion(ctx, b)
}

// settleVersion gives b the newest version unless it names one, and the version's
// first language unless it names one of the others.
func (s *Service) settleVersion(ctx context.Context, b Batch) (Batch, error) {
	newest, err := s.latest(ctx, b.Questionnaire)
	if err != nil {
		return b, err
	}
	asked := newest
	if b.Version != 0 {
		asked, err = s.Instrument(ctx, b.Questionnaire, b.Version)
		if kindOfNil(err) == KindNotFound {
			return b, invalid("version", "paper.no_version", newest.Version().Number)
		}
		if err != nil {
			return b, err
		}
	}
	version := asked.Version()
	b.Version, b.Language = version.Number, cmp.Or(b.Language, version.Definition.Languages[0])
	if !slices.Contains(version.Definition.Languages, b.Language) {
		return b, invalid("language", "paper.no_language", version.Number)
	}
	return b, nil
}

// numberBatch stores b under its number, or under the next one that is free.
func (s *Service) numberBatch(ctx context.Context, b Batch) (Batch, error) {
	given := b.Number != ""
	for range tries {
		if !given {
			all, err := listRecords[Batch](ctx, s.store, recordBatch, string(b.Programme))
			if err != nil {
				return b, err
			}
			b.Number = nextNumber(all)
		}
		revision, err := s.put(ctx, recordBatch, string(b.ID), string(b.Programme), batchKey(b.Programme, b.Number), 0, b)
		if err == nil {
			b.Revision = revision
			return b, nil
		}
		if given || kindOfNil(err) != KindConflict {
			return b, orConflict(err, "number", "paper.number_taken", b.Number)
		}
	}
	return b, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

func batchKey(programme ProgrammeID, number string) string { return string(programme) + "/" + number }

// nextNumber follows the highest number of the form P-0012.
func nextNumber(all []Batch) string {
	highest := 0
	for _, b := range all {
		var n int
		if _, err := fmt.Sscanf(b.Number, "P-%d", &n); err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("P-%04d", highest+1)
}

// Batches lists a programme's batches, newest first.
func (s *Service) Batches(ctx context.Context, programme ProgrammeID) ([]Batch, error) {
	if _, err := require(ctx, programme, MayEnterPaper); err != nil {
		return nil, err
	}
	all, err := listRecords[Batch](ctx, s.store, recordBatch, string(programme))
	slices.Reverse(all)
	return all, err
}

// Batch returns the batch with that number. KindNotFound.
func (s *Service) Batch(ctx context.Context, programme ProgrammeID, number string) (Batch, error) {
	if _, err := require(ctx, programme, MayEnterPaper); err != nil {
		return Batch{}, err
	}
	r, err := s.store.RecordByKey(ctx, recordBatch, batchKey(programme, strings.ToUpper(number)))
	if err != nil {
		return Batch{}, orNotFound(err, "paper.no_batch")
	}
	return decode[Batch](r)
}

// SetBatch changes how many forms lie on the pile and whether each is to be keyed
// a second time.
func (s *Service) SetBatch(ctx context.Context, programme ProgrammeID, number string, declared int, twice bool) (Batch, error) {
	b, err := s.Batch(ctx, programme, number)
	if err != nil {
		return b, err
	}
	b.Declared, b.Twice = declared, twice
	if err := check(b); err != nil {
		return b, err
	}
	b, err = change(ctx, s, recordBatch, string(b.ID), func(b *Batch) error {
		b.Declared, b.Twice = declared, twice
		return nil
	})
	if err != nil {
		return b, err
	}
	return b, s.Audit(ctx, programme, "paper.batch_changed", b.Number)
}

// BatchInvitation is what a batch asks, as a link's invitation is what the link
// asks: for printing it and keying it in. It has no link.
func (s *Service) BatchInvitation(ctx context.Context, programme ProgrammeID, number string) (Batch, Invitation, error) {
	b, err := s.Batch(ctx, programme, number)
	if err != nil {
		return b, Invitation{}, err
	}
	inv, err := s.batchInvitation(ctx, b)
	return b, inv, err
}

func (s *Service) batchInvitation(ctx context.Context, b Batch) (inv Invitation, err error) {
	inv.Paper = true
	inv.Link = Link{Programme: b.Programme, Strand: b.Strand, Cohort: b.Cohort, Wave: b.Wave}
	if inv.Programme, err = readRecord[Programme](ctx, s.store, recordProgramme, string(b.Programme)); err != nil {
		return inv, err
	}
	if inv.Cohort, err = readRecord[Cohort](ctx, s.store, recordCohort, string(b.Cohort)); err != nil {
		return inv, err
	}
	if inv.Cohort.Institution != "" {
		i, err := readRecord[Institution](ctx, s.store, recordInstitution, string(inv.Cohort.Institution))
		if err != nil {
			return inv, err
		}
		inv.Institution = i.Name
	}
	inv.Strand, _ = inv.Programme.Strand(b.Strand)
	inv.Instrument, err = s.Instrument(ctx, b.Questionnaire, b.Version)
	return inv, err
}

// BatchMedium returns a picture that the questionnaire of a batch names.
func (s *Service) BatchMedium(ctx context.Context, programme ProgrammeID, number, id string) (Medium, error) {
	_, inv, err := s.BatchInvitation(ctx, programme, number)
	if err != nil {
		return Medium{}, err
	}
	if !inv.Instrument.Version().Definition.NamesMedium(id) {
		return Medium{}, notFound("medium.not_found")
	}
	return s.medium(ctx, id)
}

// responseID is the id of the response on form n. Since it is worked out, two
// people who key one form cannot store it twice.
func (b Batch) responseID(n int) ResponseID {
	sum := sha256.Sum256(fmt.Appendf(nil, "paper\x00%s\x00%d", b.ID, n))
	return ResponseID(hex.EncodeToString(sum[:idBytes]))
}

// PaperLanguages lists the languages that the programme's questionnaires have in
// their newest versions, each once.
func (s *Service) PaperLanguages(ctx context.Context, programme ProgrammeID) ([]string, error) {
	if _, err := require(ctx, programme, MayEnterPaper); err != nil {
		return nil, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, err
	}
	var languages []string
	for _, strand := range p.Strands {
		for _, id := range strand.Questionnaires() {
			newest, err := s.latest(ctx, id)
			if kindOfNil(err) == KindInvalid { // not published yet
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, tag := range newest.Version().Definition.Languages {
				if !slices.Contains(languages, tag) {
					languages = append(languages, tag)
				}
			}
		}
	}
	return languages, nil
}
