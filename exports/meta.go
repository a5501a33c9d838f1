package exports

import (
	"math"
	"strings"
	"time"

	"soundings/surveys"
)

// metaColumn is a column about the response itself.
type metaColumn struct {
	name, heading string
	width         float64
	kind          string // in the codebook
	note          string
	right         bool
	format        string // of a number
	// text or number gives the cell; codes is the text on the codes sheet, nil if
	// it is the same.
	text, codes func(*row) string
	number      func(*row) (float64, bool)
}

// row is a response with what its rows say beside the answers.
type row struct {
	*surveys.Response
	data   *surveys.Dataset
	zone   *time.Location
	person string // reference of a matched person
	paired string
	notes  []string // on quality
}

func (x *row) institution() surveys.Institution { return x.data.InstitutionOf(x.Cohort) }

func (x *row) phase() string { return x.data.PhaseOf(x.Cohort) }

// metaColumns lists the columns that come before the answers.
// They depend on the design alone, so that they are the same in every export.
func metaColumns(d *surveys.Dataset) []metaColumn {
	columns := []metaColumn{
		{name: "response_id", heading: "Response", width: 34, kind: "Text", note: "The same on every sheet; the page of responses finds it by this",
			text: func(x *row) string { return x.ID.Reference() }},
		{name: "cohort", heading: "Cohort", width: 28, kind: "Text", note: "The codes sheet has its id: two cohorts may have one name",
			text:  func(x *row) string { return x.data.Cohorts[x.Cohort].Name },
			codes: func(x *row) string { return string(x.Cohort) }},
		{name: "institution", heading: "Institution", width: 28, kind: "Text",
			text: func(x *row) string { return x.institution().Name }},
		{name: "phase", heading: "Phase", width: 16, kind: "Text",
			text: func(x *row) string { return x.phase() }},
		{name: "wave", heading: "Before or after", width: 16, kind: "One choice", note: "pre = Before; post = After; follow_up = Follow-up",
			text:  func(x *row) string { return waveName(x.Wave) },
			codes: func(x *row) string { return string(x.Wave) }},
		{name: "language", heading: "Language used", width: 16, kind: "One choice", note: "The codes sheet has the BCP 47 tag",
			text:  func(x *row) string { return languageName(x.Language) },
			codes: func(x *row) string { return x.Language }},
		{name: "mode", heading: "How it was answered", width: 24, kind: "One choice",
			text:  func(x *row) string { return modeName(x.Mode) },
			codes: func(x *row) string { return string(x.Mode) }},
		{name: "version", heading: "Questionnaire version", width: 15, kind: "Number", right: true, format: asPlain,
			number: func(x *row) (float64, bool) { return float64(x.Version), true }},
	}
	if d.Strand.Design == surveys.DesignRating {
		columns = append(columns, workshopColumns()...)
	}
	columns = append(columns, timeColumns(d.Programme.Zone)...)
	if d.Strand.Paired() {
		columns = append(columns, pairColumns()...)
	}
	return append(columns,
		metaColumn{name: "notes", heading: "Notes on quality", width: 24, kind: "Text",
			note: "Something to look at; nothing is left out because of it. The sheet Notes says what each means",
			text: func(x *row) string { return strings.Join(x.notes, "; ") }},
		metaColumn{name: "questionnaire", heading: "Questionnaire", width: 22, kind: "Text",
			note: "Which variant was answered; a question that a variant does not have is blank in its rows",
			text: func(x *row) string { return string(x.Questionnaire) }},
		metaColumn{name: "batch", heading: "Batch or import", width: 28, kind: "Text",
			note: "The batch of paper forms, or the import, that brought it; blank for others. The pages of both find it by this",
			text: func(x *row) string { return x.Batch }})
}

// workshopColumns say what was rated: several raters may rate one workshop.
func workshopColumns() []metaColumn {
	of := func(x *row) surveys.Workshop { return x.data.Workshops[x.Workshop] }
	return []metaColumn{
		{name: "workshop", heading: "Workshop", width: 28, kind: "Text", note: "That was rated; blank if none was named. The codes sheet has its id: two may have one title",
			text:  func(x *row) string { return of(x).Title },
			codes: func(x *row) string { return string(x.Workshop) }},
		{name: "workshop_day", heading: "Day of the workshop", width: 14, kind: "Text", text: func(x *row) string { return of(x).Date }},
		{name: "workshop_attended", heading: "People in the workshop", width: 14, kind: "Number", right: true, format: asPlain,
			note:   "As who led it counted, the same in each of its rows: never add it up over rows. Blank if nobody counted",
			number: func(x *row) (float64, bool) { return float64(of(x).Attended), of(x).Attended > 0 }},
	}
}

func timeColumns(zone string) []metaColumn {
	return []metaColumn{
		{name: "started", heading: "Started (" + zone + ")", width: 20, kind: "Date and time", right: true, format: asTime,
			number: func(x *row) (float64, bool) { return serial(x.Started, x.zone) }},
		{name: "submitted", heading: "Submitted (" + zone + ")", width: 20, kind: "Date and time", right: true, format: asTime,
			number: func(x *row) (float64, bool) { return serial(x.Submitted, x.zone) }},
		{name: "submitted_iso", heading: "Submitted (with time zone)", width: 28, kind: "Text", note: "ISO 8601. Use this one in R, Python or SPSS",
			text: func(x *row) string { return x.Submitted.In(x.zone).Format(time.RFC3339) }},
		{name: "minutes", heading: "Minutes taken", width: 12, kind: "Number", right: true, format: asTenths, note: "Blank for paper and imports",
			number: minutesTaken},
	}
}

func pairColumns() []metaColumn {
	return []metaColumn{
		{name: "person_ref", heading: "Person", width: 12, kind: "Text", note: "Joins the responses of one person; see the sheet Matched pairs. Blank without a pair",
			text: func(x *row) string { return x.person }},
		{name: "paired", heading: "Paired", width: 34, kind: "Text", note: "How the pair was found, or why there is none",
			text: func(x *row) string { return x.paired }},
	}
}

// serial is a time as Excel counts it: days since 30 December 1899 on the clock
// of zone. The zero time has none.
func serial(t time.Time, zone *time.Location) (float64, bool) {
	if t.IsZero() {
		return 0, false
	}
	_, offset := t.In(zone).Zone()
	const days = 25569 // from then to 1 January 1970
	seconds := float64(t.Unix() + int64(offset))
	return days + seconds/86400, true
}

// minutesTaken is how long a person was at the form, to a tenth of a minute.
func minutesTaken(x *row) (float64, bool) {
	if x.Started.IsZero() || x.Mode == surveys.ModePaper || x.Mode == surveys.ModeImport {
		return 0, false
	}
	return math.Round(x.Submitted.Sub(x.Started).Minutes()*10) / 10, true
}
