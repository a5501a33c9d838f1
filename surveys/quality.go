package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// Quality notes say what makes a response look careless or sent twice. They are
// for a person to look at: nothing is ever left out by a note.
const (
	// NoteSameID: another form came in under the same id; both are kept.
	NoteSameID = "same_id_other_answers"
	// NoteHurried: fewer than two seconds an item, the cut-off of Huang, Curran,
	// Keeney, Poposki & DeShon (2012), Detecting and deterring insufficient effort
	// responding to surveys, Journal of Business and Psychology 27(1).
	NoteHurried = "hurried"
	// NoteStraightLined: the same point for every row of a grid, or of a run of
	// questions with the same choices, of five rows or more: the long-string index
	// (Meade & Craig 2012, Identifying careless responses in survey data,
	// Psychological Methods 17(3)) at its largest.
	NoteStraightLined = "straight_lined"
	// NoteSameCode: another response of this wave, in the block within which the
	// strand pairs, has the same linkage code.
	NoteSameCode = "same_code"
	// NoteSameDevice: another response came from the same phone through the same link.
	NoteSameDevice = "same_device"
	// NoteCodeUnknown: its respondent went on with the code of a card that was not
	// given out in this programme, or was made void.
	NoteCodeUnknown = "code_unknown"
	// NoteCodeElsewhere: the same with the code of a card that was given out for
	// another cohort or strand.
	NoteCodeElsewhere = "code_other_cohort"
	// NoteHalfEmpty: fewer than half of the items that were asked were answered.
	NoteHalfEmpty = "half_empty"
)

// Thresholds of the notes.
const (
	hurriedPerItem  = 2 * time.Second
	hurriedItems    = 5 // of fewer answers the time says little
	straightRows    = 5 // rows of one scale
	halfEmptyItems  = 4 // of fewer asked items the half says little
	halfEmptyFactor = 2
)

// QualityNotes lists every note in the order in which pages and exports show them.
func QualityNotes() []string {
	return []string{NoteSameID, NoteHurried, NoteStraightLined, NoteSameCode, NoteSameDevice, NoteHalfEmpty, NoteCodeUnknown, NoteCodeElsewhere}
}

// Notes works the notes of a strand's responses out. It is made by
// Dataset.QualityNotes and is for one goroutine.
type Notes struct {
	data    *Dataset
	devices map[string]int // a phone draws its tag for one link, which is of one wave
	codes   map[codeAt]int
	codeOf  map[ResponseID]string
	grids   map[int][][]questionnaire.ItemID // by place in Instruments
}

// codeAt is one linkage code at one wave, within what is paired.
type codeAt struct {
	code, block string
	wave        questionnaire.Wave
}

// QualityNotes reads the responses once and returns what tells the notes of each.
func (d *Dataset) QualityNotes(ctx context.Context) (*Notes, error) {
	n := &Notes{
		data: d, devices: map[string]int{}, codes: map[codeAt]int{}, codeOf: map[ResponseID]string{}, grids: map[int][][]questionnaire.ItemID{},
	}
	for l, err := range d.store.Linkages(ctx, d.Programme.ID, d.Strand.ID) {
		if err != nil {
			return nil, fmt.Errorf("reading linkages: %w", err)
		}
		if l.given() {
			n.codeOf[l.Response] = strings.Join(l.Elements, " ")
		}
	}
	for r, err := range d.Heads(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading heads of responses: %w", err)
		}
		if r.Status != StatusSubmitted {
			continue
		}
		if r.Device != "" {
			n.devices[r.Device]++
		}
		if code, ok := n.codeAt(&r); ok {
			n.codes[code]++
		}
	}
	return n, nil
}

func (n *Notes) codeAt(r *Response) (codeAt, bool) {
	code, ok := n.codeOf[r.ID]
	return codeAt{code, n.data.Block(r.Cohort), r.Wave}, ok
}

// Of lists the notes of one response, in the order of QualityNotes, then those it
// was stored with that are none of these.
func (n *Notes) Of(r *Response) []string {
	var notes []string
	add := func(note string, applies bool) {
		if applies {
			notes = append(notes, note)
		}
	}
	asked, answered := n.answered(r)
	code, coded := n.codeAt(r)
	add(NoteSameID, slices.Contains(r.Notes, NoteSameID))
	add(NoteHurried, hurried(r, answered))
	add(NoteStraightLined, n.straightLined(r))
	add(NoteSameCode, coded && n.codes[code] > 1)
	add(NoteSameDevice, r.Device != "" && n.devices[r.Device] > 1)
	add(NoteHalfEmpty, asked >= halfEmptyItems && answered*halfEmptyFactor < asked)
	for _, note := range r.Notes {
		add(note, note != NoteSameID)
	}
	return notes
}

// answered counts the variables that r was asked and those it answered; a refusal
// is an answer.
func (n *Notes) answered(r *Response) (asked, answered int) {
	in := n.data.Instrument(r)
	if in == nil {
		return 0, 0
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if v.Kind == questionnaire.KindCalculated || v.Kind == questionnaire.KindHidden || !v.AskedAt(r.Wave) {
			continue
		}
		switch r.Answers[v.ID].Missing {
		case questionnaire.NotAsked:
			continue
		case questionnaire.NotReached:
		default:
			if _, there := r.Answers[v.ID]; there {
				answered++
			}
		}
		asked++
	}
	return asked, answered
}

// hurried says whether r was filled in faster than anybody reads. Of paper and
// imports nobody knows the time.
func hurried(r *Response, answered int) bool {
	if r.Mode != ModePhone && r.Mode != ModeShared || answered < hurriedItems {
		return false
	}
	took := r.Submitted.Sub(r.Started)
	return took > 0 && took < time.Duration(answered)*hurriedPerItem
}

// straightLined says whether r has one and the same choice in all of a grid.
func (n *Notes) straightLined(r *Response) bool {
	form := n.data.IndexOf(r)
	if form < 0 {
		return false
	}
	grids, known := n.grids[form]
	if !known {
		grids = gridsOf(n.data.Instruments[form])
		n.grids[form] = grids
	}
	return slices.ContainsFunc(grids, func(rows []questionnaire.ItemID) bool {
		first, all := "", 0
		for _, row := range rows {
			a, given := r.Answers[row]
			switch {
			case !given || a.Choice == "":
				continue
			case all == 0:
				first = a.Choice
			case a.Choice != first:
				return false
			}
			all++
		}
		return all >= straightRows
	})
}

// gridsOf lists the runs of at least straightRows variables, one after the other,
// that take one of the same choices.
func gridsOf(in *questionnaire.Instrument) [][]questionnaire.ItemID {
	var grids [][]questionnaire.ItemID
	var run []questionnaire.ItemID
	var before *questionnaire.Variable
	end := func() {
		if len(run) >= straightRows {
			grids = append(grids, run)
		}
		run = nil
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if before == nil || !sameChoices(before, v) {
			end()
		}
		before = nil
		if v.Kind == questionnaire.KindRating || v.Kind == questionnaire.KindSingleChoice || v.Kind == questionnaire.KindThenNow {
			run, before = append(run, v.ID), v
		}
	}
	end()
	return grids
}

func sameChoices(a, b *questionnaire.Variable) bool {
	return a.Kind == b.Kind && slices.EqualFunc(a.Choices, b.Choices, func(x, y questionnaire.Choice) bool { return x.Code == y.Code })
}
