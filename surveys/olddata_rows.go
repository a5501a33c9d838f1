package surveys

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

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
