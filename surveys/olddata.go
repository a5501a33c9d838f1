package surveys

import (
	"context"
	"slices"

	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
)

// oldDataHome is where old answers go: a strand with its cohorts and what they
// answer now.
type oldDataHome struct {
	programme    Programme
	strand       Strand
	cohorts      map[CohortID]Cohort
	institutions map[InstitutionID]Institution
	places       []olddata.Place
	united       *questionnaire.Instrument // of all questionnaires of the strand
}

// oldDataHome gathers it for the strand's evaluators.
func (s *Service) oldDataHome(ctx context.Context, programme ProgrammeID, strand StrandID) (oldDataHome, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return oldDataHome{}, err
	}
	return s.homeOf(ctx, programme, strand)
}

func (s *Service) homeOf(ctx context.Context, programme ProgrammeID, strand StrandID) (oldDataHome, error) {
	home := oldDataHome{cohorts: map[CohortID]Cohort{}, institutions: map[InstitutionID]Institution{}}
	var err error
	if home.programme, err = readRecord[Programme](ctx, s.store, recordProgramme, string(programme)); err != nil {
		return home, err
	}
	line, ok := home.programme.Strand(strand)
	if !ok {
		return home, notFound("strand.not_found")
	}
	home.strand = line
	if err := s.readPlaces(ctx, &home); err != nil {
		return home, err
	}
	var forms []*questionnaire.Instrument
	for _, id := range line.Questionnaires() {
		form, err := s.latest(ctx, id)
		if err != nil {
			return home, err
		}
		forms = append(forms, form)
	}
	home.united, err = questionnaire.Unite(forms...)
	return home, err
}

func (s *Service) readPlaces(ctx context.Context, home *oldDataHome) error {
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(home.programme.ID))
	if err != nil {
		return err
	}
	for _, i := range institutions {
		home.institutions[i.ID] = i
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(home.programme.ID))
	for _, c := range cohorts {
		home.cohorts[c.ID] = c
		home.places = append(home.places, olddata.Place{ID: string(c.ID), Name: c.Name, Institution: home.institutions[c.Institution].Name})
	}
	return err
}

// OldDataForm is what a mapping can choose from.
type OldDataForm struct {
	Strand Strand
	Form   *olddata.Form
	Places []olddata.Place
	Waves  []questionnaire.Wave
}

// OldDataForm returns what the columns of a file of old answers can be.
func (s *Service) OldDataForm(ctx context.Context, programme ProgrammeID, strand StrandID) (OldDataForm, error) {
	home, err := s.oldDataHome(ctx, programme, strand)
	if err != nil {
		return OldDataForm{}, err
	}
	return OldDataForm{home.strand, olddata.NewForm(home.united, false), home.places, home.strand.Design.Waves()}, nil
}

// SetMapping keeps what the columns of an upload are, remembers it for the next
// file with the same headings, and has the whole file looked through by a job.
// KindInvalid with Fields: controls "column[3]" (from 1), "wave", "cohort",
// "submitted", "columns".
func (s *Service) SetMapping(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID, m olddata.Mapping) (Upload, error) {
	home, err := s.oldDataHome(ctx, programme, strand)
	if err != nil {
		return Upload{}, err
	}
	u, err := s.uploadOf(ctx, programme, strand, id)
	if err != nil {
		return u, err
	}
	m.HeadRow = u.Profile.HeadRow
	if len(m.Columns) != len(u.Profile.Columns) {
		return u, invalid("columns", "old_data.no_answers")
	}
	if err := refuseMapping(home, m); err != nil {
		return u, err
	}
	u.Mapping = m
	if err := s.rememberMapping(ctx, u); err != nil {
		return u, err
	}
	check, err := s.startJob(ctx, Job{Kind: JobCheck, Programme: programme, Strand: strand, Upload: id, File: u.Name, Mapping: m, Of: u.Profile.Rows})
	if err != nil {
		return u, err
	}
	return change(ctx, s, recordUpload, string(id), func(now *Upload) error {
		now.Mapping, now.Check = m, check.ID
		return nil
	})
}

func refuseMapping(home oldDataHome, m olddata.Mapping) error {
	var wrong questionnaire.FieldErrors
	for _, problem := range m.Check(olddata.NewForm(home.united, m.Values), home.strand.Design.Waves()) {
		control := problem.Field
		if problem.Column > 0 {
			control = columnControl(problem.Column)
		}
		wrong = append(wrong, questionnaire.FieldError{Control: control, Key: problem.Key, Args: problem.Args})
	}
	if _, known := home.cohorts[CohortID(m.Cohort)]; m.Cohort != "" && !known {
		wrong = append(wrong, questionnaire.FieldError{Control: "cohort", Key: "cohort.unknown", Args: []any{m.Cohort}})
	}
	return refuseFields(wrong)
}

func columnControl(n int) string { return "column[" + itoa(n) + "]" }

// rememberMapping keeps a mapping under the headings of its file.
func (s *Service) rememberMapping(ctx context.Context, u Upload) error {
	id := u.mappingID()
	for range tries {
		before, err := s.store.Record(ctx, recordMapping, id)
		if err != nil && KindOf(err) != KindNotFound {
			return err
		}
		_, err = s.put(ctx, recordMapping, id, strandScope(u.Programme, u.Strand), "", before.Revision, u.Mapping)
		if kindOfNil(err) != KindConflict {
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// PreviewRow is a row of an upload as it will be read.
type PreviewRow struct {
	Number    int
	Responses []PreviewResponse
	Problems  []CellProblem
}

// PreviewResponse is one response that a row will give.
type PreviewResponse struct {
	Response Response
	Form     *questionnaire.Instrument
	Paired   bool // something pairs it with another wave
}

// PreviewUpload reads the first rows of an upload as they will be read; nothing is
// kept.
func (s *Service) PreviewUpload(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID) ([]PreviewRow, error) {
	home, err := s.oldDataHome(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	u, err := s.uploadOf(ctx, programme, strand, id)
	if err != nil {
		return nil, err
	}
	in, err := s.newOldRows(ctx, home, Job{Mapping: u.Mapping})
	if err != nil {
		return nil, err
	}
	var rows []PreviewRow
	for _, row := range u.Profile.FirstRows() {
		read, err := in.read(ctx, row)
		if err != nil {
			return nil, err
		}
		shown := PreviewRow{Number: row.Number, Problems: read.problems}
		for _, r := range read.ready {
			shown.Responses = append(shown.Responses, PreviewResponse{r.response, r.form, r.linkage.given()})
		}
		rows = append(rows, shown)
	}
	return rows, nil
}

// StartImport imports an upload by a job: policy PolicyAll keeps all responses or
// none if any row is wrong, PolicySkip leaves wrong rows out and reports them.
// KindConflict: an import of this strand is under way.
func (s *Service) StartImport(ctx context.Context, programme ProgrammeID, strand StrandID, id UploadID, policy Policy) (Job, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return Job{}, err
	}
	u, err := s.uploadOf(ctx, programme, strand, id)
	if err == nil {
		err = s.refuseNewIn(ctx, programme)
	}
	if err != nil {
		return Job{}, err
	}
	if policy != PolicyAll && policy != PolicySkip {
		return Job{}, invalid("policy", "old_data.policy")
	}
	if u.Check == "" {
		return Job{}, invalid("", "old_data.map_first")
	}
	if err := s.refuseUnderWay(ctx, programme, strand); err != nil {
		return Job{}, err
	}
	if err := s.Audit(ctx, programme, "old_data.import_started", string(id)); err != nil {
		return Job{}, err
	}
	return s.startJob(ctx, Job{Kind: JobImport, Programme: programme, Strand: strand, Upload: id, File: u.Name, Mapping: u.Mapping, Of: u.Profile.Rows, Policy: policy})
}

// refuseUnderWay is KindConflict while an import or its undoing goes on. Two that
// start in the same moment both run; that harms nothing, since what one has kept
// the other finds.
func (s *Service) refuseUnderWay(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	jobs, err := listRecords[Job](ctx, s.store, recordJob, strandScope(programme, strand))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(jobs, func(j Job) bool { return j.Kind != JobCheck && !j.Ended() }) {
		return &Error{Kind: KindConflict, Key: "old_data.under_way"}
	}
	return nil
}

// Changed counts the responses of an import, and those that people have corrected,
// moved or excluded since, or their respondents withdrawn.
func (s *Service) Changed(ctx context.Context, programme ProgrammeID, strand StrandID, id JobID) (all, changed int, err error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return 0, 0, err
	}
	for r, err := range s.store.ResponseHeads(ctx, programme, strand) {
		if err != nil {
			return 0, 0, err
		}
		if r.Batch == string(id) && r.Mode == ModeImport {
			all++
			if changedSince(r) {
				changed++
			}
		}
	}
	return all, changed, nil
}

// changedSince says whether a response is no longer as it was imported.
func changedSince(r Response) bool { return r.Revision > 1 || r.Status != StatusSubmitted }

// UndoImport removes what an import created by a job: all of it, or with
// keepChanged all but what was changed since. KindConflict: an import of this strand
// is under way, or this one was undone.
func (s *Service) UndoImport(ctx context.Context, programme ProgrammeID, strand StrandID, id JobID, keepChanged bool) (Job, error) {
	imported, err := s.Job(ctx, programme, strand, id)
	if err != nil {
		return Job{}, err
	}
	if imported.Kind != JobImport || imported.State != JobDone {
		return Job{}, &Error{Kind: KindConflict, Key: "old_data.not_imported"}
	}
	if err := s.refuseUnderWay(ctx, programme, strand); err != nil {
		return Job{}, err
	}
	if err := s.Audit(ctx, programme, "old_data.undo_started", string(id)); err != nil {
		return Job{}, err
	}
	return s.startJob(ctx, Job{Kind: JobUndo, Programme: programme, Strand: strand, Import: id, File: imported.File, KeepChanged: keepChanged, Of: imported.New})
}
