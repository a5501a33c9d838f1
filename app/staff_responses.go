package app

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// responsesEach is how many responses a page lists.
const responsesEach = 50

// responseRow is what the list knows of a response: nothing of what was answered.
type responseRow struct {
	ID        surveys.ResponseID
	Cohort    surveys.CohortID
	Wave      questionnaire.Wave
	Language  string
	Mode      surveys.Mode
	Status    surveys.Status
	Submitted time.Time
	Batch     string
	Notes     []string
}

// responseLists keeps the list of the strand that was looked at last, for as long
// as nothing in it has changed: paging and filtering read it again and again.
type responseLists struct {
	mu   sync.Mutex
	mark string // with the strand in it
	rows []responseRow
}

// responsesView is the list of a strand's responses.
type responsesView struct {
	staffPage
	Address string
	Filters []field
	Rows    []responseLine
	Pages   pages
	LeftOut []string
	Begun   int
	Any     bool // something is filtered
}

// responseLine is a row in words.
type responseLine struct {
	Address, Receipt, When, Cohort, Wave, Mode, Language, Status, Batch string
	Notes                                                               []string
}

// Words of what the list shows.
var (
	statusWords = map[surveys.Status]string{
		surveys.StatusInProgress: "Begun, not sent", surveys.StatusSubmitted: "Counts", surveys.StatusWithdrawn: "Withdrawn", surveys.StatusExcluded: "Left out",
		surveys.StatusDeleted: "Deleted", surveys.StatusHeld: "Waits: came late",
	}
	statusOrder = []surveys.Status{
		surveys.StatusSubmitted, surveys.StatusExcluded, surveys.StatusDeleted, surveys.StatusHeld, surveys.StatusWithdrawn, surveys.StatusInProgress,
	}
	modeWords = map[surveys.Mode]string{
		surveys.ModePhone: "Phone", surveys.ModeShared: "Shared tablet", surveys.ModePaper: "Paper", surveys.ModeImport: "Import",
	}
	noteWords = map[string]string{
		surveys.NoteSameID: "Same number, other answers", surveys.NoteHurried: "Hurried", surveys.NoteStraightLined: "Straight-lined",
		surveys.NoteCodeUnknown: "Card not known", surveys.NoteCodeElsewhere: "Another cohort’s card",
		surveys.NoteSameCode: "Same code as another", surveys.NoteSameDevice: "Same phone as another", surveys.NoteHalfEmpty: "Half empty",
	}
)

// noteWord is a note in words; one that is not known here says itself.
func noteWord(note string) string {
	return cmp.Or(noteWords[note], strings.ReplaceAll(note, "_", " "))
}

// responses lists a strand's responses by what they are, never what they say.
func (s *Server) responses(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	data, err := s.surveys.Dataset(c.UserContext(), p.ID, surveys.StrandID(c.Params("strand")))
	if err != nil {
		return err
	}
	rows, err := s.responseRows(c.UserContext(), data)
	if err != nil {
		return err
	}
	page.Title = "Responses: " + data.Strand.Title
	page.Crumbs = append(page.Crumbs, crumb{data.Strand.Title, strandPath(p.ID, data.Strand.ID), false})
	view := responsesView{staffPage: page, Address: strandPath(p.ID, data.Strand.ID) + "/responses", Begun: data.LeftOut.Begun, LeftOut: leftOutLines(data.LeftOut)}
	batches, err := s.batchNames(c.UserContext(), data)
	if err != nil {
		return err
	}
	view.Filters = responseFilters(c, data, rows, batches)
	rows = filteredRows(c, rows)
	for _, value := range c.Queries() {
		view.Any = view.Any || value != ""
	}
	view.Pages = pagesOf(c, len(rows), responsesEach)
	for _, row := range rows[view.Pages.From:view.Pages.To] {
		view.Rows = append(view.Rows, rowLine(view.Address, data, row, batches))
	}
	return s.render(c, fiber.StatusOK, "staff/responses", view)
}

// responseRows are all of a strand, the newest first.
func (s *Server) responseRows(ctx context.Context, data *surveys.Dataset) ([]responseRow, error) {
	mark, err := data.Mark(ctx)
	if err != nil {
		return nil, err
	}
	mark = string(data.Programme.ID) + "/" + string(data.Strand.ID) + "/" + mark
	s.lists.mu.Lock()
	defer s.lists.mu.Unlock()
	if s.lists.mark == mark {
		return s.lists.rows, nil
	}
	rows, err := readResponseRows(ctx, data)
	if err == nil {
		s.lists.mark, s.lists.rows = mark, rows
	}
	return rows, err
}

func readResponseRows(ctx context.Context, data *surveys.Dataset) ([]responseRow, error) {
	notes, err := data.QualityNotes(ctx)
	if err != nil {
		return nil, err
	}
	noted := map[surveys.ResponseID][]string{}
	for r, err := range data.Responses(ctx) {
		if err != nil {
			return nil, err
		}
		if of := notes.Of(&r); len(of) > 0 {
			noted[r.ID] = of
		}
	}
	var rows []responseRow
	for r, err := range data.Heads(ctx) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, responseRow{r.ID, r.Cohort, r.Wave, r.Language, r.Mode, r.Status, cmp.Or(r.Submitted, r.Started), r.Batch, noted[r.ID]})
	}
	slices.SortStableFunc(rows, func(a, b responseRow) int { return b.Submitted.Compare(a.Submitted) })
	return rows, nil
}

// responseFilters are the selects above the list; each offers what there is.
func responseFilters(c *fiber.Ctx, data *surveys.Dataset, rows []responseRow, batches batchNames) []field {
	there := map[string]map[string]bool{}
	for _, row := range rows {
		for name, value := range row.facets() {
			if there[name] == nil {
				there[name] = map[string]bool{}
			}
			there[name][value] = true
		}
		for _, note := range row.Notes {
			there["note"] = setOf(there["note"], note)
		}
	}
	selects := []field{
		{Name: "status", Label: "State", Options: worded(there["status"], statusOrder, func(v surveys.Status) string { return statusWords[v] })},
		{Name: "cohort", Label: "Cohort", Options: worded(there["cohort"], data.CohortOrder, func(v surveys.CohortID) string { return data.Cohorts[v].Name })},
		{Name: "wave", Label: "Wave", Options: worded(there["wave"], data.Strand.Design.Waves(), func(v questionnaire.Wave) string { return waveWord(data.Strand.Design, v) })},
		{Name: "mode", Label: "Came by", Options: worded(there["mode"], slices.Sorted(maps.Keys(modeWords)), func(v surveys.Mode) string { return modeWords[v] })},
		{Name: "note", Label: "Note on quality", Options: worded(there["note"], slices.Sorted(maps.Keys(there["note"])), noteWord)},
		{Name: "batch", Label: "Paper batch or import", Options: worded(there["batch"], slices.Sorted(maps.Keys(there["batch"])), batches.of)},
	}
	var shown []field
	for _, f := range selects {
		if len(f.Options) > 1 || f.Name == "note" && len(f.Options) > 0 {
			f.Form, f.Kind, f.Value = "filter", "select", c.Query(f.Name)
			f.Options = append([]choiceOption{{"", "All", ""}}, f.Options...)
			shown = append(shown, f)
		}
	}
	return append(shown, field{Form: "filter", Kind: "text", Name: "receipt", Label: "Receipt, or reference from a workbook", Value: c.Query("receipt")})
}

func setOf(set map[string]bool, value string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[value] = true
	return set
}

// worded are the options of a select, in order, as far as they are there.
func worded[T ~string](there map[string]bool, order []T, word func(T) string) []choiceOption {
	var options []choiceOption
	for _, value := range order {
		if value != "" && there[string(value)] {
			options = append(options, choiceOption{string(value), word(value), ""})
		}
	}
	return options
}

// batchNames are imports by id: the file and when it was read. A paper batch is
// its own name.
type batchNames map[string]string

func (s *Server) batchNames(ctx context.Context, data *surveys.Dataset) (batchNames, error) {
	jobs, err := s.surveys.Jobs(ctx, data.Programme.ID, data.Strand.ID)
	names := batchNames{}
	for _, j := range jobs {
		names[string(j.ID)] = j.File + ", " + j.Created.In(data.Programme.Location()).Format("2 Jan 2006 15:04")
	}
	return names, err
}

func (n batchNames) of(batch string) string { return cmp.Or(n[batch], batch) }

// facets are what a row can be filtered by, one value each.
func (r responseRow) facets() map[string]string {
	return map[string]string{"status": string(r.Status), "cohort": string(r.Cohort), "wave": string(r.Wave), "mode": string(r.Mode), "batch": r.Batch}
}

// filteredRows are those that the address asks for.
func filteredRows(c *fiber.Ctx, rows []responseRow) []responseRow {
	asked := map[string]string{}
	for _, name := range []string{"status", "cohort", "wave", "mode", "batch"} {
		if value := c.Query(name); value != "" {
			asked[name] = value
		}
	}
	note, receipt := c.Query("note"), c.Query("receipt")
	prefix, isReceipt := surveys.ReceiptPrefix(receipt)
	var chosen []responseRow
	for _, row := range rows {
		facets, fits := row.facets(), true
		for name, value := range asked {
			fits = fits && facets[name] == value
		}
		fits = fits && (note == "" || slices.Contains(row.Notes, note))
		if receipt != "" {
			fits = fits && (isReceipt && strings.HasPrefix(string(row.ID), prefix) || string(row.ID) == receipt || row.ID.Reference() == receipt)
		}
		if fits {
			chosen = append(chosen, row)
		}
	}
	return chosen
}

func rowLine(address string, data *surveys.Dataset, row responseRow, batches batchNames) responseLine {
	line := responseLine{
		Receipt: surveys.ReceiptOf(row.ID), When: row.Submitted.In(data.Programme.Location()).Format("2 Jan 2006 15:04"), Cohort: data.Cohorts[row.Cohort].Name,
		Wave: waveWord(data.Strand.Design, row.Wave), Mode: modeWords[row.Mode], Language: languageName(row.Language),
		Status: statusWords[row.Status], Batch: batches.of(row.Batch),
	}
	if row.Status != surveys.StatusInProgress {
		line.Address = address + "/" + url.PathEscape(string(row.ID))
	}
	for _, note := range row.Notes {
		line.Notes = append(line.Notes, noteWord(note))
	}
	return line
}

// leftOutLines say what no result has.
func leftOutLines(n surveys.LeftOut) []string {
	var lines []string
	for _, one := range []struct {
		n  int
		is string
	}{
		{n.Withdrawn, "withdrawn by those who gave them"}, {n.Excluded, "left out by a person who said why"},
		{n.Deleted, "deleted, and can be taken back for 30 days"}, {n.Held, "came late and wait for a decision"},
	} {
		if one.n > 0 {
			lines = append(lines, counted(one.n, "response")+": "+one.is)
		}
	}
	return lines
}
