package surveys

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"soundings/surveys/olddata"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// oldRows reads the rows of one file, in their order.
type oldRows struct {
	service *Service
	home    oldDataHome
	job     Job
	reader  *olddata.Reader
	key     pairing.Key
	coded   bool // columns hold elements of the linkage code
	forms   map[*questionnaire.Instrument]*olddata.Form
	invited map[invitedTo]Invitation
	seed    maphash.Seed
	times   map[uint64]int32   // how often a row without a name was met
	first   map[ResponseID]met // the row in which a response was met first
}

// met is where a response was met; its digest is not known of rows passed over.
type met struct {
	row    int
	digest string
}

type invitedTo struct {
	cohort CohortID
	wave   questionnaire.Wave
}

// newOldRows prepares reading the file of a job.
func (s *Service) newOldRows(ctx context.Context, home oldDataHome, j Job) (*oldRows, error) {
	key, err := s.pairingKey(ctx, home.programme.ID)
	if err != nil {
		return nil, err
	}
	var cohorts []string
	for id := range home.cohorts {
		cohorts = append(cohorts, string(id))
	}
	coded := slices.ContainsFunc(j.Mapping.Columns, func(c olddata.Column) bool { _, ok := c.Target.Prompt(); return ok })
	return &oldRows{
		service: s, home: home, job: j, key: key, coded: coded,
		reader: olddata.NewReader(j.Mapping, home.programme.Location(), cohorts, olddata.NewForm(home.united, j.Mapping.Values)),
		forms:  map[*questionnaire.Instrument]*olddata.Form{}, invited: map[invitedTo]Invitation{},
		seed: maphash.MakeSeed(), times: map[uint64]int32{}, first: map[ResponseID]met{},
	}, nil
}

// readRow is a row as it was read: responses ready to be kept, or what is wrong.
type readRow struct {
	number   int
	ready    []oldResponse
	problems []CellProblem
	blank    bool
}

// oldResponse is one response of a row.
type oldResponse struct {
	prepared
	form  *questionnaire.Instrument
	head  olddata.Head
	row   sheets.Row
	again met // the row that gave the same response before, if one did
}

// read reads a row. A row of which anything is wrong gives no response.
func (o *oldRows) read(ctx context.Context, row sheets.Row) (readRow, error) {
	read := readRow{number: row.Number}
	heads, wrong := o.reader.Heads(row)
	for _, e := range wrong {
		read.blank = read.blank || e.Key == "old_data.blank_row"
		read.refuse(e)
	}
	for _, head := range heads {
		id, err := o.idOf(&head)
		if err != nil {
			return read, err
		}
		r, wrong, err := o.prepare(ctx, row, head, id)
		if err != nil {
			return read, err
		}
		for _, e := range wrong {
			read.refuse(e)
		}
		r.again = o.first[id]
		if r.again.row == 0 {
			o.first[id] = met{row.Number, r.response.Digest}
		}
		read.ready = append(read.ready, r)
	}
	if len(read.problems) > 0 {
		for _, r := range read.ready {
			if r.again.row == 0 {
				delete(o.first, r.response.ID)
			}
		}
		read.ready = nil
	}
	return read, nil
}

// refuse takes note of what is wrong with a cell, once: a cell of a wide table may
// belong to several responses.
func (r *readRow) refuse(e olddata.CellError) {
	if slices.ContainsFunc(r.problems, func(p CellProblem) bool { return p.Column == e.Column && p.Key == e.Key }) {
		return
	}
	r.problems = append(r.problems, CellProblem{e.Row, e.Column, e.Key, e.Args})
}

// pass takes note of a row that was done before the work was broken off.
func (o *oldRows) pass(row sheets.Row) error {
	heads, _ := o.reader.Heads(row)
	for _, head := range heads {
		id, err := o.idOf(&head)
		if err != nil {
			return err
		}
		if o.first[id].row == 0 {
			o.first[id] = met{row: row.Number}
		}
	}
	return nil
}

// idOf is the id of a response, by which it is known when the file comes again: a
// keyed hash of the name that the file gives the row, or of what the row says and
// how often it said so before; with cohort and wave.
func (o *oldRows) idOf(head *olddata.Head) (ResponseID, error) {
	text := strings.Join([]string{string(o.home.strand.ID), head.Cohort, string(head.Wave), head.Row}, "\x00")
	if !head.Named {
		sum := maphash.String(o.seed, text)
		times := o.times[sum]
		o.times[sum]++
		text = fmt.Sprintf("%s\x00%d", text, times)
		head.Row = fmt.Sprintf("%s\x00%d", head.Row, times)
	}
	hash, err := pairing.Element(o.key, "old data: row", text)
	return ResponseID(hex.EncodeToString(hash[:])), err
}

// invitation is what a link for this cohort and wave would lead to.
func (o *oldRows) invitation(ctx context.Context, to invitedTo) (Invitation, error) {
	if inv, ok := o.invited[to]; ok {
		return inv, nil
	}
	c := o.home.cohorts[to.cohort]
	place := o.home.institutions[c.Institution]
	form, err := o.service.latest(ctx, o.home.strand.QuestionnaireFor(cmp.Or(c.Phase, place.Phase)))
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{
		Link:      Link{Programme: o.home.programme.ID, Strand: o.home.strand.ID, Cohort: to.cohort, Wave: to.wave},
		Programme: o.home.programme, Strand: o.home.strand, Cohort: c, Institution: place.Name, Instrument: form,
	}
	o.invited[to] = inv
	return inv, nil
}

func (o *oldRows) form(in *questionnaire.Instrument) *olddata.Form {
	form, ok := o.forms[in]
	if !ok {
		form = olddata.NewForm(in, o.job.Mapping.Values)
		o.forms[in] = form
	}
	return form
}

// prepare gives the answers of one response the meaning that its questionnaire
// gives them.
func (o *oldRows) prepare(ctx context.Context, row sheets.Row, head olddata.Head, id ResponseID) (oldResponse, []olddata.CellError, error) {
	inv, err := o.invitation(ctx, invitedTo{CohortID(head.Cohort), head.Wave})
	if err != nil {
		return oldResponse{}, nil, err
	}
	return o.prepareAs(ctx, row, head, id, inv)
}

// prepareAs is prepare with an instrument that may be older.
func (o *oldRows) prepareAs(ctx context.Context, row sheets.Row, head olddata.Head, id ResponseID, inv Invitation) (oldResponse, []olddata.CellError, error) {
	raw, places, wrong := o.reader.Answers(row, head, o.form(inv.Instrument))
	r := oldResponse{form: inv.Instrument, head: head, row: row}
	now := o.service.moment()
	if r.at = wholeMilliseconds(head.Submitted); r.at.After(now) || r.at.Year() < 1990 {
		wrong = append(wrong, olddata.CellError{Row: row.Number, Column: o.submittedColumn(head.Wave), Key: "import.submitted"})
	}
	then := o.service.At(r.at)
	r.response = then.newResponse(inv, id, head.Language, ModeImport)
	r.response.Batch = string(o.job.ID)
	sit := then.Sitting(inv, r.response, nil)
	answers, aside, errs := inv.Instrument.Read(sit, nil, raw, nil)
	if o.job.Mapping.Blanks {
		errs = withoutBlanks(inv.Instrument, errs, raw, answers)
	}
	r.response.Answers, r.response.Aside = answers, aside
	linkage, codeErrs, err := o.linkageOf(ctx, inv, sit, r.response, raw, head)
	if err != nil {
		return r, nil, err
	}
	for _, e := range append(errs, codeErrs...) {
		wrong = append(wrong, olddata.CellError{Row: row.Number, Column: columnOf(places, e), Key: e.Key, Args: plainArgs(e.Args)})
	}
	r.linkage = linkage
	r.response.noteCode(linkage)
	r.response.Digest = digestOf(inv.Instrument, r.response, linkage)
	r.response.Status, r.response.Submitted, r.response.Coded = StatusSubmitted, r.at, linkage.given()
	return r, wrong, nil
}

func (o *oldRows) submittedColumn(wave questionnaire.Wave) int {
	for i, c := range o.job.Mapping.Columns {
		if c.Target == olddata.TargetSubmitted && (c.Wave == "" || c.Wave == wave) {
			return i + 1
		}
	}
	return 0
}

// withoutBlanks takes out the errors of what is needed and blank: what was asked
// on paper years ago need not have been needed then. It was not reached.
func withoutBlanks(in *questionnaire.Instrument, errs questionnaire.FieldErrors, raw questionnaire.Raw, answers questionnaire.Answers) questionnaire.FieldErrors {
	return slices.DeleteFunc(errs, func(e questionnaire.FieldError) bool {
		v, ok := in.Variable(e.Item)
		if !ok || given(raw, string(v.ID)) {
			return false
		}
		answers[v.ID] = questionnaire.Answer{Missing: questionnaire.NotReached}
		return true
	})
}

// given says whether anything was sent for a variable or beside it.
func given(raw questionnaire.Raw, variable string) bool {
	for control, values := range raw {
		if (control == variable || strings.HasPrefix(control, variable+"__") && !strings.HasSuffix(control, "__order")) && len(values) > 0 {
			return true
		}
	}
	return false
}

// columnOf is the column that an error is about: that of its control, or of
// another control of its variable; 0 if there is none.
func columnOf(places map[string]int, e questionnaire.FieldError) int {
	if at := places[e.Control]; at > 0 {
		return at
	}
	at := places[string(e.Item)]
	for control, column := range places {
		if strings.HasPrefix(control, string(e.Item)+"__") && (at == 0 || column < at) {
			at = column
		}
	}
	return at
}

// plainArgs makes words of the arguments of a sentence, so that they can be kept.
func plainArgs(args []any) []any {
	plain := make([]any, len(args))
	for i, arg := range args {
		if text, ok := arg.(questionnaire.Text); ok {
			arg = text.In("en", sortedTags(text)...)
		}
		plain[i] = arg
	}
	return plain
}

func sortedTags(text questionnaire.Text) []string {
	tags := make([]string, 0, len(text))
	for tag := range text {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

// linkageOf is what pairs a response: its linkage code if the file has columns of
// it, else one element of what names the person; a row of a wide table is one
// person. The name itself goes no further than this function.
func (o *oldRows) linkageOf(ctx context.Context, inv Invitation, sit questionnaire.Sitting, r Response, raw questionnaire.Raw, head olddata.Head) (*Linkage, questionnaire.FieldErrors, error) {
	if o.coded {
		if item, ok := inv.Instrument.LinkageCode(head.Wave); ok && o.job.Mapping.Blanks && blankCode(item, raw) {
			return nil, nil, nil
		}
		return o.service.linkageOnPath(ctx, inv, sit, r, withCardAnyway(inv, raw))
	}
	name := strings.ToLower(strings.Join(strings.Fields(head.Respondent), " "))
	switch {
	case !inv.Strand.Paired():
		return nil, nil, nil
	case name == "" && o.job.Mapping.Wide():
		name = "row\x00" + head.Row
	case name == "":
		return nil, nil, nil
	}
	hash, err := pairing.Element(o.key, "old data: respondent", name)
	if err != nil {
		return nil, nil, err
	}
	text, err := hash.MarshalText()
	return &Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{string(text)}}, nil, err
}

// fate is what becomes of a response.
type fate uint8

const (
	fateNew fate = iota
	fateSame
	fateConflict
)

// fateOf compares a response with the one that is there under its id. One that its
// respondent withdrew is not brought back, and one that people corrected stays as
// they left it.
func (o *oldRows) fateOf(ctx context.Context, r oldResponse, before Response) (fate, error) {
	if before.Status == StatusWithdrawn || sameAsBefore(before, r.response) {
		return fateSame, nil
	}
	if before.Version == r.response.Version && before.Questionnaire == r.response.Questionnaire {
		return fateConflict, nil
	}
	older, err := o.service.Instrument(ctx, before.Questionnaire, before.Version) // a newer one may read the same row otherwise
	if err != nil {
		return fateConflict, err
	}
	inv, err := o.invitation(ctx, invitedTo{CohortID(r.head.Cohort), r.head.Wave})
	if err != nil {
		return fateConflict, err
	}
	inv.Instrument = older
	then, _, err := o.prepareAs(ctx, r.row, r.head, r.response.ID, inv)
	if err == nil && sameAsBefore(before, then.response) {
		return fateSame, nil
	}
	return fateConflict, err
}

func sameAsBefore(before, r Response) bool {
	return before.Digest == r.Digest && (sameForm(before, r) || len(before.History) > 0)
}

// settle says what becomes of a response, and with store keeps a new one.
func (o *oldRows) settle(ctx context.Context, r oldResponse, store bool) (fate, error) {
	before, err := o.service.store.Response(ctx, r.response.ID)
	if kindOfNil(err) == KindNotFound && store {
		if err = o.service.store.PutResponse(ctx, r.response, r.linkage); kindOfNil(err) == KindConflict {
			before, err = o.service.store.Response(ctx, r.response.ID)
		} else if err == nil {
			return fateNew, nil
		}
	}
	switch {
	case kindOfNil(err) == KindNotFound:
		return fateNew, nil
	case err != nil:
		return fateNew, fmt.Errorf("looking a response of an import up: %w", err)
	}
	what, err := o.fateOf(ctx, r, before)
	if what == fateSame && store && r.again.row == 0 && before.Batch == string(o.job.ID) {
		what = fateNew // this job kept it, and was broken off before it said so
	}
	return what, err
}

// settled is a batch of rows and what became of them.
type settled struct {
	JobCounts
	rows     int
	last     int // row of the sheet
	problems []CellProblem
}

// batch is rows being gathered.
type batch struct {
	rows []readRow
	last int
}

// settleBatch settles the rows of a batch, many at once; those whose response a row
// before gave too follow one after another.
func (o *oldRows) settleBatch(ctx context.Context, b batch, store bool) (settled, error) {
	done := settled{rows: len(b.rows), last: b.last}
	var ready []oldResponse
	for _, row := range b.rows {
		done.problems = append(done.problems, row.problems...)
		if row.blank {
			done.Blank++
		} else if len(row.problems) > 0 {
			done.Wrong++
		}
		ready = append(ready, row.ready...)
	}
	fates := make([]fate, len(ready))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(importsAtOnce)
	for i, r := range ready {
		if r.again.row > 0 {
			continue
		}
		group.Go(func() (err error) {
			fates[i], err = o.settle(groupCtx, r, store)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return done, err
	}
	for i, r := range ready {
		if r.again.row > 0 {
			var err error
			if fates[i], err = o.settleAgain(ctx, r, store); err != nil {
				return done, err
			}
		}
		done.count(r, fates[i])
	}
	return done, nil
}

// settleAgain settles a response that an earlier row gave too: it is compared with
// what that row said, or with what was kept of it.
func (o *oldRows) settleAgain(ctx context.Context, r oldResponse, store bool) (fate, error) {
	switch {
	case store:
		return o.settle(ctx, r, true)
	case r.again.digest == r.response.Digest:
		return fateSame, nil
	}
	return fateConflict, nil
}

func (d *settled) count(r oldResponse, what fate) {
	d.Aside += len(r.response.Aside)
	switch what {
	case fateNew:
		d.New++
		if r.linkage.given() {
			d.Coded++
		}
	case fateSame:
		d.Same++
	case fateConflict:
		d.Conflicts++
		problem := CellProblem{Row: r.row.Number, Key: "old_data.changed"}
		if r.again.row > 0 {
			problem.Key, problem.Args = "old_data.row_twice", []any{r.again.row}
		}
		d.problems = append(d.problems, problem)
	}
}

// passRows reads the file of a job from where it stands to its end.
func (s *Service) passRows(ctx context.Context, j Job) error {
	if j.State == JobChecking && j.Row > 0 { // what was met before is not known here
		return s.enter(ctx, j.ID, JobChecking)
	}
	home, err := s.homeOf(ctx, j.Programme, j.Strand)
	if err != nil {
		return err
	}
	u, err := s.uploadOf(ctx, j.Programme, j.Strand, j.Upload)
	if err != nil {
		return err
	}
	table, err := s.tableOf(ctx, u)
	if err != nil {
		return err
	}
	rows, err := s.newOldRows(ctx, home, j)
	if err != nil {
		return err
	}
	return rows.through(ctx, table)
}

// through goes through the rows of a table.
func (o *oldRows) through(ctx context.Context, table *sheets.Table) error {
	from, gathered := o.job.Row, batch{}
	for row, err := range table.Rows() {
		switch {
		case err != nil:
			return err
		case row.Number <= o.job.Mapping.HeadRow:
			continue
		case row.Number <= from:
			if err := o.pass(row); err != nil {
				return err
			}
			continue
		}
		read, err := o.read(ctx, row)
		if err != nil {
			return err
		}
		gathered.rows, gathered.last = append(gathered.rows, read), row.Number
		if len(gathered.rows) == batchRows {
			if err := o.advance(ctx, gathered); err != nil {
				return err
			}
			gathered = batch{}
		}
	}
	if err := o.advance(ctx, gathered); err != nil {
		return err
	}
	return o.finish(ctx)
}

// advance settles a batch and keeps how far the job is.
func (o *oldRows) advance(ctx context.Context, b batch) error {
	if len(b.rows) == 0 {
		return nil
	}
	s := o.service
	if mine, err := s.hold(ctx, jobLease(o.job.ID)); err != nil || !mine {
		return cmp.Or(err, errNotMine)
	}
	done, err := o.settleBatch(ctx, b, o.job.State == JobStoring)
	if err != nil {
		return err
	}
	if err := s.keepProblems(ctx, o.job, b.rows[0].number, done.problems); err != nil {
		return err
	}
	state := o.job.State
	err = s.changeJob(ctx, o.job.ID, func(j *Job) {
		// Where two instances are at it for a moment, who is behind counts nothing again.
		if j.Row < b.rows[0].number && j.State == state {
			j.Row, j.Done = done.last, j.Done+done.rows
			j.add(done)
		}
		o.job = *j
	})
	if err == nil && o.job.State != state {
		err = errNotMine // the other has ended this pass
	}
	return err
}

func (j *Job) add(d settled) {
	j.New += d.New
	j.Same += d.Same
	j.Conflicts += d.Conflicts
	j.Blank += d.Blank
	j.Wrong += d.Wrong
	j.Problems += len(d.problems)
	j.Aside += d.Aside
	j.Coded += d.Coded
}

// faulty says whether any row is wrong; blank ones are not.
func (j Job) faulty() bool { return j.Wrong+j.Conflicts > 0 }

// finish ends a pass: a file that was looked through is kept if nothing is wrong, or
// refused. One of which all was kept is thrown away; while rows are wrong, it may be
// that its columns are to be put right.
func (o *oldRows) finish(ctx context.Context) error {
	s, j := o.service, o.job
	switch {
	case j.Kind == JobCheck:
		return s.end(ctx, j, JobDone, "")
	case j.State == JobChecking && j.faulty():
		return s.end(ctx, j, JobRefused, "old_data.refused")
	case j.State == JobChecking:
		return s.enter(ctx, j.ID, JobStoring)
	case j.Policy == PolicyAll && j.faulty(): // a cohort was renamed or a version published since
		return s.changeJob(ctx, j.ID, func(j *Job) { j.State, j.Import, j.Row, j.Done, j.Of = JobRemoving, j.ID, 0, 0, j.New })
	}
	if u, err := s.uploadOf(ctx, j.Programme, j.Strand, j.Upload); err == nil && !j.faulty() {
		if err := s.removeUpload(ctx, u); err != nil {
			return err
		}
	}
	return s.end(ctx, j, JobDone, "old_data.imported")
}

// passRemoval removes what an import created. Readings of what was written go with
// the responses; what pairs people said they are falls away by itself.
func (s *Service) passRemoval(ctx context.Context, j Job) error {
	remove, kept, err := s.createdBy(ctx, j)
	if err != nil {
		return err
	}
	if err := s.revised(ctx, Response{Programme: j.Programme, Strand: j.Strand}); err != nil { // as of a correction: before and after
		return err
	}
	if err := s.removeReadings(ctx, j, remove); err != nil {
		return err
	}
	if j.Row == 0 { // how many there are is kept before the first goes, so that what is left tells how many went
		j.Row, j.Of = 1, len(remove)+kept
		if err := s.changeJob(ctx, j.ID, func(now *Job) { now.Row, now.Of = j.Row, j.Of }); err != nil {
			return err
		}
	}
	for from := 0; from <= len(remove); from += batchRows {
		if mine, err := s.hold(ctx, jobLease(j.ID)); err != nil || !mine {
			return cmp.Or(err, errNotMine)
		}
		to := min(from+batchRows, len(remove))
		if err := s.removeResponses(ctx, remove[from:to]); err != nil {
			return err
		}
		err := s.changeJob(ctx, j.ID, func(now *Job) {
			now.Kept = kept
			now.Removed = j.Of - kept - (len(remove) - to)
			now.Done = now.Removed
			j = *now
		})
		if err != nil {
			return err
		}
	}
	if err := s.revised(ctx, Response{Programme: j.Programme, Strand: j.Strand}); err != nil {
		return err
	}
	if j.Kind == JobImport {
		return s.end(ctx, j, JobRefused, "old_data.refused")
	}
	if err := s.changeJob(ctx, j.Import, func(now *Job) { now.State, now.Removed, now.Kept = JobUndone, j.Removed, kept }); err != nil {
		return err
	}
	return s.end(ctx, j, JobDone, "old_data.undone")
}

// createdBy lists the responses that an import created and that are to be removed,
// and counts those changed since that are to stay. What its respondent withdrew
// always stays: there is no answer in it, and it keeps the same row, imported once
// more, from bringing the answers back.
func (s *Service) createdBy(ctx context.Context, j Job) (remove []ResponseID, kept int, err error) {
	for r, err := range s.store.ResponseHeads(ctx, j.Programme, j.Strand) {
		switch {
		case err != nil:
			return nil, 0, fmt.Errorf("listing what an import created: %w", err)
		case r.Batch != string(j.Import) || r.Mode != ModeImport:
		case j.KeepChanged && changedSince(r), r.Status == StatusWithdrawn:
			kept++
		default:
			remove = append(remove, r.ID)
		}
	}
	return remove, kept, nil
}

func (s *Service) removeResponses(ctx context.Context, ids []ResponseID) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(importsAtOnce)
	for _, id := range ids {
		group.Go(func() error { return s.store.DeleteResponse(ctx, id) })
	}
	return group.Wait()
}

// removeReadings removes what was decided about the words in these responses.
func (s *Service) removeReadings(ctx context.Context, j Job, ids []ResponseID) error {
	gone := make(map[ResponseID]bool, len(ids))
	for _, id := range ids {
		gone[id] = true
	}
	var remove []string
	for r, err := range s.store.Records(ctx, recordReading, strandScope(j.Programme, j.Strand)) {
		if err != nil {
			return fmt.Errorf("listing readings: %w", err)
		}
		if response, _, _ := strings.Cut(r.ID, "/"); gone[ResponseID(response)] {
			remove = append(remove, r.ID)
		}
	}
	for _, id := range remove {
		if err := s.store.DeleteRecord(ctx, recordReading, id); err != nil {
			return fmt.Errorf("removing a reading: %w", err)
		}
	}
	return nil
}

// Took is how long a job has taken, or takes so far.
func (j Job) Took() time.Duration { return j.Changed.Sub(j.Created) }
