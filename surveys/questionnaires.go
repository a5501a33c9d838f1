package surveys

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// idPattern is what an author may choose as the id of a questionnaire or strand.
var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// ReservedIDs name no questionnaire, since addresses have them: /questionnaires/new
// is a page. schema.json cannot be an id.
var ReservedIDs = []questionnaire.ID{"new", "import"}

// checkNewID refuses what cannot be the id of a questionnaire.
func checkNewID(id questionnaire.ID) error {
	if !idPattern.MatchString(string(id)) {
		return invalid("id", "questionnaire.bad_id", string(id))
	}
	if slices.Contains(ReservedIDs, id) {
		return invalid("id", "questionnaire.reserved_id", string(id))
	}
	return nil
}

// Publish freezes def as the next version of questionnaire id, for programs and
// files; people publish a draft. The account needs to be an owner, or a designer:
// of every programme that uses the questionnaire, whose open links and reports
// the new version changes at once, and of any programme for one that none uses.
//
// What changed is taken to be comparable with the version before, as a program
// cannot be asked; a change that makes answers unreadable (another kind, a choice
// that went) is refused: it needs a new id. KindConflict: someone published at the
// same moment.
func (s *Service) Publish(ctx context.Context, id questionnaire.ID, def questionnaire.Definition) (questionnaire.Version, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return questionnaire.Version{}, err
	}
	if err := checkNewID(id); err != nil {
		return questionnaire.Version{}, err
	}
	if err := def.Check(); err != nil {
		return questionnaire.Version{}, notPublishable(err)
	}
	changes, err := s.changesOf(ctx, Draft{ID: id, Definition: def})
	if err != nil {
		return questionnaire.Version{}, err
	}
	v := questionnaire.Version{Questionnaire: id, Number: changes.Newest + 1, Definition: def}
	for _, q := range changes.Questions {
		if q.Never {
			return v, invalid("definition", "questionnaire.needs_new_id", string(q.ID))
		}
		v.Comparable = append(v.Comparable, q.ID)
	}
	return s.publish(ctx, v)
}

// publish keeps v, whose number is the next one.
func (s *Service) publish(ctx context.Context, v questionnaire.Version) (questionnaire.Version, error) {
	if err := s.refuseRetired(ctx, v.Questionnaire); err != nil {
		return v, err
	}
	frozen, err := questionnaire.Publish(v.Questionnaire, v.Number, v.Definition, s.moment())
	if err != nil {
		return v, notPublishable(err)
	}
	if err := s.keepsCore(ctx, v); err != nil {
		return v, err
	}
	account, _ := AccountFrom(ctx)
	v.Definition, v.Published, v.Logic, v.By = frozen.Definition, frozen.Published, frozen.Logic, account.Name
	if _, err := s.put(ctx, recordVersion, versionID(v.Questionnaire, v.Number), string(v.Questionnaire), "", 0, v); err != nil {
		return v, orConflict(err, "id", "questionnaire.published_meanwhile", string(v.Questionnaire))
	}
	s.cache.latest.drop(v.Questionnaire)
	if v.Number == 1 {
		if err := s.giveHome(ctx, v.Questionnaire); err != nil {
			return v, err
		}
	}
	return v, s.Audit(ctx, "", "questionnaire.published", versionID(v.Questionnaire, v.Number))
}

// QuestionnaireSummary is one published questionnaire as a list shows it: its
// newest version and where it is used.
type QuestionnaireSummary struct {
	ID         questionnaire.ID   `json:"id"`
	Version    int                `json:"version"` // newest
	Title      questionnaire.Text `json:"title"`
	Languages  []string           `json:"languages"`
	Questions  int                `json:"questions"` // items that are answered; a battery counts once
	Published  time.Time          `json:"published"` // the newest version
	Programmes []ProgrammeID      `json:"programmes"`
	Retired    bool               `json:"retired,omitempty"` // takes no new links
}

// Designs reports whether a may look at every questionnaire: owners, and who
// designs in some programme.
func (a Account) Designs() bool {
	if a.ownsDesign() {
		return true
	}
	for programme := range a.Roles {
		if a.May(programme, MayDesign) {
			return true
		}
	}
	return false
}

func requireDesigns(ctx context.Context) error {
	a, ok := AccountFrom(ctx)
	if !ok {
		return &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	if !a.Designs() {
		return &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	return nil
}

// Questionnaires lists what is published, by id, with the account's programmes
// that use it: all for owners, for designers what they may see (home).
func (s *Service) Questionnaires(ctx context.Context) ([]QuestionnaireSummary, error) {
	sight, err := s.sightOf(ctx)
	if err != nil {
		return nil, err
	}
	programmes, err := s.Programmes(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := listRecords[questionnaire.Version](ctx, s.store, recordVersion, "*")
	if err != nil {
		return nil, err
	}
	newest := map[questionnaire.ID]questionnaire.Version{}
	for _, v := range versions {
		if sight.sees(v.Questionnaire) && v.Number > newest[v.Questionnaire].Number {
			newest[v.Questionnaire] = v
		}
	}
	all := make([]QuestionnaireSummary, 0, len(newest))
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		all = append(all, summaryOf(newest[id], programmes))
	}
	return all, s.markRetired(ctx, all)
}

// markRetired says of each questionnaire whether it is retired.
func (s *Service) markRetired(ctx context.Context, all []QuestionnaireSummary) error {
	for r, err := range s.store.Records(ctx, recordRetired, "") {
		if err != nil {
			return fmt.Errorf("listing what is retired: %w", err)
		}
		for i := range all {
			all[i].Retired = all[i].Retired || string(all[i].ID) == r.ID
		}
	}
	return nil
}

func summaryOf(v questionnaire.Version, programmes []Programme) QuestionnaireSummary {
	def := v.Definition
	summary := QuestionnaireSummary{
		ID: v.Questionnaire, Version: v.Number, Title: def.Title, Languages: def.Languages, Published: v.Published, Programmes: []ProgrammeID{},
		Questions: questionsOf(def),
	}
	for _, p := range programmes {
		if p.uses(v.Questionnaire) {
			summary.Programmes = append(summary.Programmes, p.ID)
		}
	}
	return summary
}

// questionsOf counts the items that are answered.
func questionsOf(def questionnaire.Definition) int {
	n := 0
	for _, part := range def.Parts {
		for _, item := range part.Items {
			if item.Kind != questionnaire.KindStatement {
				n++
			}
		}
	}
	return n
}

// Questionnaire returns the newest version of a questionnaire, for owners and for
// designers who may see it. KindNotFound: none is published.
func (s *Service) Questionnaire(ctx context.Context, id questionnaire.ID) (*questionnaire.Instrument, error) {
	if err := s.requireSight(ctx, id); err != nil {
		return nil, err
	}
	instrument, err := s.latest(ctx, id)
	if kindOfNil(err) == KindInvalid {
		return nil, notFound("questionnaire.not_found", string(id))
	}
	return instrument, err
}

// Published reports whether a questionnaire has a version, which anyone may know.
func (s *Service) Published(ctx context.Context, id questionnaire.ID) (bool, error) {
	_, err := s.latest(ctx, id)
	if kindOfNil(err) == KindInvalid {
		return false, nil
	}
	return err == nil, err
}

// uses reports whether some strand of p is answered with questionnaire id.
func (p *Programme) uses(id questionnaire.ID) bool {
	return slices.ContainsFunc(p.Strands, func(strand Strand) bool { return slices.Contains(strand.Questionnaires(), id) })
}

func versionID(id questionnaire.ID, number int) string { return fmt.Sprintf("%s@%06d", id, number) }

// versions lists every version of a questionnaire, oldest first.
func (s *Service) versions(ctx context.Context, id questionnaire.ID) ([]questionnaire.Version, error) {
	return listRecords[questionnaire.Version](ctx, s.store, recordVersion, string(id))
}

// Instrument returns one frozen version, ready for use. KindNotFound.
func (s *Service) Instrument(ctx context.Context, id questionnaire.ID, number int) (*questionnaire.Instrument, error) {
	key := versionID(id, number)
	if found, ok := s.cache.versions.ever(key); ok {
		return found, nil
	}
	v, err := readRecord[questionnaire.Version](ctx, s.store, recordVersion, key)
	if err != nil {
		return nil, err
	}
	compiled, err := questionnaire.Compile(v)
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", key, err)
	}
	s.cache.versions.put(key, compiled, s.now())
	return compiled, nil
}

// latest returns the newest version of a questionnaire. KindInvalid: none is published.
func (s *Service) latest(ctx context.Context, id questionnaire.ID) (*questionnaire.Instrument, error) {
	now := s.cache.now()
	if number, ok := s.cache.latest.get(id, now, freshness); ok {
		return s.Instrument(ctx, id, number)
	}
	count, err := s.store.CountRecords(ctx, recordVersion, string(id), time.Time{})
	if err != nil {
		return nil, err
	}
	if count == 0 {
		return nil, invalid("questionnaire", "questionnaire.not_published", string(id))
	}
	s.cache.latest.put(id, count, now)
	return s.Instrument(ctx, id, count)
}
