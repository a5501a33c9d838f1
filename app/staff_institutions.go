package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/sheets"
)

// ofPlaces marks the previews of sheets of institutions.
const ofPlaces = "places"

// institutionsView lists a programme's institutions and reads sheets of them.
type institutionsView struct {
	staffPage
	Rows    []institutionRow
	Columns []string // titles of the strands
	Upload  *form
	Blank   string // address of a sheet to fill in
}

// institutionRow is one institution with its cohorts.
type institutionRow struct {
	Name     string
	About    string // kind, phase and area
	Language ownName
	Cohorts  []crumb
	Expected []int // by strand, over its cohorts
}

func institutionsPath(id surveys.ProgrammeID) string { return programmePath(id) + "/institutions" }

func (s *Server) institutionsView(c *fiber.Ctx) (institutionsView, error) {
	page, p, err := s.programmePage(c, "Institutions")
	if err != nil {
		return institutionsView{}, err
	}
	institutions, err := s.surveys.Institutions(c.UserContext(), p.ID)
	if err != nil {
		return institutionsView{}, err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return institutionsView{}, err
	}
	view := institutionsView{staffPage: page, Blank: institutionsPath(p.ID) + "/blank.xlsx"}
	for _, strand := range p.Strands {
		view.Columns = append(view.Columns, strand.Title)
	}
	for _, i := range institutions {
		view.Rows = append(view.Rows, institutionRowOf(p, i, cohorts))
	}
	view.Upload = newForm(page, "sheet", institutionsPath(p.ID)+"/import", "Read it", fieldset{Fields: []field{
		{Name: "file", Label: "The spreadsheet", Hint: "An Excel workbook (.xlsx) or a CSV file. A row is one cohort at one institution.", Kind: "file", Required: true},
	}})
	return view, nil
}

func institutionRowOf(p surveys.Programme, i surveys.Institution, cohorts []surveys.Cohort) institutionRow {
	row := institutionRow{Name: i.Name, About: together(i.Kind, i.Phase, i.Area), Expected: make([]int, len(p.Strands))}
	if i.Language != "" {
		row.Language = ownName{i.Language, languageName(i.Language), direction(i.Language)}
	}
	for _, cohort := range cohorts {
		if cohort.Institution != i.ID {
			continue
		}
		row.Cohorts = append(row.Cohorts, crumb{cohort.Name, cohortPath(p.ID, cohort.ID), false})
		for n, strand := range p.Strands {
			row.Expected[n] += cohort.Expected[strand.ID]
		}
	}
	return row
}

// together lists the texts that are there with commas.
func together(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), ", ")
}

// institutions lists them.
func (s *Server) institutions(c *fiber.Ctx) error {
	view, err := s.institutionsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/institutions", view)
}

// blankPlaces sends a sheet with the headings that are known, to fill in.
func (s *Server) blankPlaces(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	table := exports.Table{Title: "Institutions", Columns: []exports.TableColumn{
		{Heading: "Name", Width: 32}, {Heading: "Kind", Width: 16}, {Heading: "Phase", Width: 16}, {Heading: "Area", Width: 16},
		{Heading: "Language of posters", Width: 20}, {Heading: "Cohort", Width: 24}, {Heading: "Starts", Width: 12}, {Heading: "Ends", Width: 12},
	}}
	for _, strand := range p.Strands {
		table.Columns = append(table.Columns, exports.TableColumn{Heading: "Expected " + strings.ToLower(strand.Title), Width: 18})
	}
	return s.sendTable(c, table, fileName(p.Name)+"-institutions", "xlsx")
}

// readPlaces reads the sheet that was sent and goes on to what it would do.
func (s *Server) readPlaces(c *fiber.Ctx) error {
	view, err := s.institutionsView(c)
	if err != nil {
		return err
	}
	lines, err := sentLines(c, "file", surveys.MaxPlaces+100)
	if err == nil {
		var body []byte
		if body, err = json.Marshal(lines); err != nil {
			return fmt.Errorf("encoding a sheet of institutions: %w", err)
		}
		var id string
		if id, err = s.surveys.KeepPreviewIn(c.UserContext(), programmeID(c), surveys.MayManage, ofPlaces, body); err == nil {
			return sees(c, institutionsPath(programmeID(c))+"/import/"+id)
		}
	}
	status, err := s.refuse(view.Upload, err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/institutions", view)
}

// sentLines reads the spreadsheet in a control, at most that many rows.
func sentLines(c *fiber.Ctx, name string, most int) ([]surveys.SheetLine, error) {
	data, err := sentFile(c, name)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, &surveys.Error{Kind: surveys.KindInvalid, Key: "sheet.choose_file", Field: name}
	}
	table, err := sheets.Open(bytes.NewReader(data), int64(len(data)), "")
	if err != nil {
		return nil, surveys.FromSheet(err, name)
	}
	var lines []surveys.SheetLine
	for row, err := range table.Rows() {
		if err != nil {
			return nil, surveys.FromSheet(err, name)
		}
		if lines = append(lines, surveys.SheetLine{Number: row.Number, Cells: row.Cells}); len(lines) > most {
			return nil, &surveys.Error{Kind: surveys.KindInvalid, Key: "sheet.too_many_rows", Args: []any{most}, Field: name}
		}
	}
	return lines, nil
}

// placesView shows what a sheet would do.
type placesView struct {
	staffPage
	Columns []placeColumn
	Plan    []placeRow
	Wrong   []sheetErrorRow
	Read    int

	New, Changed, Same int // rows
	Action             string
	Back               string
}

// placeColumn is one column of the sheet and what it was taken for.
type placeColumn struct{ Heading, For string }

// placeRow is one row of the sheet.
type placeRow struct {
	Row                 int
	Institution, Cohort string
	Is                  string // of the mark: "new", "changed", "same"
	Words               string
	What                []string // what it says, or what would be different
}

// sheetErrorRow is one mistake: where, and how to mend it.
type sheetErrorRow struct {
	Row            int
	Column, Mended string
}

var standingWords = map[surveys.Standing]string{surveys.PlaceNew: "New", surveys.PlaceChanged: "Changed", surveys.PlaceSame: "As it is"}

// placesPreview shows what the sheet would make and change.
func (s *Server) placesPreview(c *fiber.Ctx) error {
	lines, err := s.placesLines(c)
	if err != nil {
		return err
	}
	plan, err := s.surveys.PlanPlaces(c.UserContext(), programmeID(c), lines)
	if err != nil {
		return err
	}
	return s.showPlaces(c, fiber.StatusOK, plan)
}

func (s *Server) showPlaces(c *fiber.Ctx, status int, plan surveys.PlacesPlan) error {
	page, p, err := s.programmePage(c, "What the sheet would do")
	if err != nil {
		return err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Institutions", institutionsPath(p.ID), false})
	counts := plan.Counts()
	view := placesView{
		staffPage: page, Read: plan.Read, New: counts[surveys.PlaceNew], Changed: counts[surveys.PlaceChanged], Same: counts[surveys.PlaceSame], Back: institutionsPath(p.ID),
		Action: institutionsPath(p.ID) + "/import/" + c.Params("preview"),
	}
	for _, column := range plan.Columns {
		if column.Heading != "" || column.Field != "" {
			view.Columns = append(view.Columns, placeColumn{column.Heading, placeFieldWords(p, column.Field)})
		}
	}
	for _, one := range plan.Plans {
		view.Plan = append(view.Plan, placeRowOf(p, one))
	}
	for _, e := range plan.Errors {
		view.Wrong = append(view.Wrong, sheetErrorRow{e.Row, e.Column, s.sheetSentence(e)})
	}
	return s.render(c, status, "staff/institutions_import", view)
}

// sheetSentence says what is wrong with a cell and how to mend it.
func (s *Server) sheetSentence(e surveys.SheetError) string {
	if rule, ok := ruleOf(e.Key, e.Args); ok {
		return ruleSentence(rule, "“"+e.Column+"”") + "."
	}
	return s.staffSentence(e.Key, e.Args...)
}

// placeFieldWords says what a column is taken for.
func placeFieldWords(p surveys.Programme, field string) string {
	words := map[string]string{
		"": "not used", "name": "name", "kind": "kind", "phase": "phase", "area": "area", "language": "language of posters",
		"cohort": "cohort", "starts": "first day", "ends": "last day",
	}
	if known, ok := words[field]; ok {
		return known
	}
	for _, strand := range p.Strands {
		if field == expectedControl(strand.ID) {
			return "expected: " + strand.Title
		}
	}
	return field
}

func placeRowOf(p surveys.Programme, one surveys.PlacePlan) placeRow {
	row := placeRow{Row: one.Row, Institution: one.Institution.Name, Cohort: one.Cohort.Name, Is: string(one.Is()), Words: standingWords[one.Is()]}
	for _, change := range one.Changes {
		before := change.Before
		if before == "" {
			before = "nothing"
		}
		row.What = append(row.What, placeFieldWords(p, change.Field)+": "+before+" → "+change.After)
	}
	if one.Is() != surveys.PlaceNew {
		return row
	}
	if one.InstitutionIs != surveys.PlaceNew {
		row.Words = "New cohort"
	}
	if about := together(one.Institution.Kind, one.Institution.Phase, one.Institution.Area); about != "" {
		row.What = append(row.What, about)
	}
	if one.Institution.Language != "" {
		row.What = append(row.What, "posters: "+languageName(one.Institution.Language))
	}
	if days := period(one.Cohort.Starts, one.Cohort.Ends); days != "" {
		row.What = append(row.What, days)
	}
	for _, strand := range p.Strands {
		if n := one.Cohort.Expected[strand.ID]; n > 0 {
			row.What = append(row.What, fmt.Sprintf("%s: %d", strand.Title, n))
		}
	}
	return row
}

// placesLines are the rows of the sheet that was read.
func (s *Server) placesLines(c *fiber.Ctx) ([]surveys.SheetLine, error) {
	body, err := s.surveys.PreviewIn(c.UserContext(), programmeID(c), surveys.MayManage, ofPlaces, c.Params("preview"))
	if err != nil {
		return nil, err
	}
	var lines []surveys.SheetLine
	if err := json.Unmarshal(body, &lines); err != nil {
		return nil, fmt.Errorf("decoding a sheet of institutions: %w", err)
	}
	return lines, nil
}

// keepPlaces makes and changes what the sheet says.
func (s *Server) keepPlaces(c *fiber.Ctx) error {
	lines, err := s.placesLines(c)
	if err != nil {
		return err
	}
	plan, err := s.surveys.ImportPlaces(c.UserContext(), programmeID(c), lines, typed(c, "do") == "good")
	if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
		return s.showPlaces(c, fiber.StatusUnprocessableEntity, plan)
	}
	if err != nil {
		return err
	}
	if err := s.surveys.DropPreviewIn(c.UserContext(), programmeID(c), surveys.MayManage, ofPlaces, c.Params("preview")); err != nil {
		return err
	}
	return sees(c, institutionsPath(programmeID(c)))
}
