package app

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// exportsView asks for a file and lists those there are.
type exportsView struct {
	staffPage
	Strands []crumb
	Ask     *exportForm // nil: no strand can be exported
	Rows    []exportRow
	Address string
}

// exportForm asks for a file of one strand.
type exportForm struct {
	*form
	Strand string // its title
	What   []field
	Filter filterView
}

// exportRow is one export as staff see it; it is sent anew as it gets on.
type exportRow struct {
	Address, File string // of its page; of the file, if it is there
	Name          string // of the format
	Of            string // strand, profile, filter
	State, Words  string
	Ended         bool
	Why           string // it failed, or its file is gone
	Percent       int
	Done, Count   int // responses
	Size          string
	Asked, Made   string
	Expires       string
	CSRF          string
	Go            bool // the page waits for the file: it is fetched when it is there
}

func exportsPath(p surveys.ProgrammeID) string { return programmePath(p) + "/exports" }

// exportList shows what can be asked for and what was.
func (s *Server) exportList(c *fiber.Ctx) error {
	view, err := s.exportsView(c, surveys.StrandID(c.Query("strand")), resultFilter(c))
	if err != nil {
		return err
	}
	for _, name := range []string{"format", "profile"} {
		if value := c.Query(name); view.Ask != nil && view.Ask.offers(name, value) {
			view.Ask.put(name, value)
		}
	}
	return s.render(c, fiber.StatusOK, "staff/exports", view)
}

func (s *Server) exportsView(c *fiber.Ctx, strand surveys.StrandID, f surveys.Filter) (exportsView, error) {
	page, p, err := s.programmePage(c, "Exports")
	if err != nil {
		return exportsView{}, err
	}
	view := exportsView{staffPage: page, Address: exportsPath(p.ID)}
	all, err := s.surveys.Exports(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	words := s.exportWords(p, page.CSRF)
	for _, e := range all {
		view.Rows = append(view.Rows, words.row(c.UserContext(), e))
		if !e.Ended() { // without script the page stands still, or what is typed would be lost
			view.Events, view.Refresh = view.Address+"/events", "900"
		}
	}
	if _, ok := p.Strand(strand); !ok && len(p.Strands) > 0 {
		strand = p.Strands[0].ID
	}
	for _, one := range p.Strands {
		view.Strands = append(view.Strands, crumb{one.Title, exportsPath(p.ID) + "?strand=" + url.QueryEscape(string(one.ID)), one.ID == strand})
	}
	view.Ask, err = s.exportForm(c, page, p, strand, f)
	return view, err
}

// exportForm offers what the account may ask for; nil if nobody can have answered.
func (s *Server) exportForm(c *fiber.Ctx, page staffPage, p surveys.Programme, strand surveys.StrandID, f surveys.Filter) (*exportForm, error) {
	data, err := s.surveys.FilterChoices(c.UserContext(), p.ID, strand)
	if notPublished(err) || len(p.Strands) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	kept := url.Values{"strand": {string(strand)}}
	ask := &exportForm{Strand: data.Strand.Title, Filter: exportFilter(data, f, exportsPath(p.ID), kept)}
	what := []field{formatField(page.Can), profileField(page.Can, p)}
	if languages := exportLanguages(data); len(languages) > 2 {
		what = append(what, field{Name: "words", Label: "Language of questions and choices", Kind: "select", Options: languages})
	}
	ask.form = newForm(page, "export", exportsPath(p.ID), "Make the file", fieldset{Fields: what})
	ask.What = ask.Sets[0].Fields
	return ask, nil
}

// exportFilter shows a filter that may be refused: its days as they were typed, the
// rest as far as it is known.
func exportFilter(d *surveys.Dataset, f surveys.Filter, address string, kept url.Values) filterView {
	from, to := f.From, f.To
	if f.From, f.To = "", ""; d.CheckFilter(f) != nil {
		f = surveys.Filter{}
	}
	if known := (surveys.Filter{From: from, To: to}); d.CheckFilter(known) == nil {
		f.From, f.To = from, to
	}
	view := filterViewOf(d, f, address, kept)
	view.From, view.To = from, to
	return view
}

func formatField(may can) field {
	options := []choiceOption{}
	for _, format := range exports.Formats() {
		if may.Answers || !format.Rows {
			options = append(options, choiceOption{format.ID, format.Name + " (" + format.Ending + ")", format.About})
		}
	}
	return field{Name: "format", Label: "Which file", Kind: "radios", Options: options, Value: options[0].Value}
}

func profileField(may can, p surveys.Programme) field {
	options := []choiceOption{{string(surveys.ProfilePublished), "For everyone", "Figures of fewer than " + strconv.Itoa(surveys.ProfilePublished.Smallest(p)) + " people are hidden, and counts are rounded to 5. What earlier files told is borne in mind."}}
	f := field{Name: "profile", Label: "For whom", Kind: "radios", Value: string(surveys.ProfilePublished)}
	if may.Answers {
		f.Hint = "A file with rows of people hides nothing, whatever is chosen here: it is for evaluators only."
		options = append(options, choiceOption{string(surveys.ProfileInternal), "Within the council", "Figures of fewer than " + strconv.Itoa(surveys.ProfileInternal.Smallest(p)) + " people are hidden."})
	}
	f.Options = options
	return f
}

func exportLanguages(d *surveys.Dataset) []choiceOption {
	options := []choiceOption{{"", "As the questionnaire was written", ""}}
	for _, tag := range d.Latest.Version().Definition.Languages {
		options = append(options, choiceOption{tag, languageName(tag), ""})
	}
	return options
}

// askExport asks for a file and leads to its page.
func (s *Server) askExport(c *fiber.Ctx) error {
	strand, filter := surveys.StrandID(typed(c, "strand")), typedFilter(c)
	asked := surveys.Export{
		Programme: programmeID(c), Strand: strand, Format: typed(c, "format"), Profile: surveys.Profile(typed(c, "profile")),
		Language: typed(c, "words"), Filter: filter,
	}
	if format, ok := exports.FormatOf(asked.Format); ok && format.Rows {
		asked.Profile = surveys.ProfileRows
	}
	e, err := s.surveys.AskExport(c.UserContext(), asked)
	if err == nil {
		return sees(c, exportPath(e)+"?wait=1")
	}
	view, viewErr := s.exportsView(c, strand, filter)
	if viewErr != nil || view.Ask == nil {
		return cmp.Or(viewErr, err)
	}
	view.Ask.fill(c)
	view.Ask.What = view.Ask.Sets[0].Fields
	status, err := s.refuse(view.Ask.form, err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/exports", view)
}

func exportPath(e surveys.Export) string { return exportsPath(e.Programme) + "/" + string(e.ID) }

// exportWords puts exports of a programme into words; what a strand's filters are
// called is read once.
type exportWords struct {
	server    *Server
	programme surveys.Programme
	csrf      string
	choices   map[surveys.StrandID]*surveys.Dataset
}

func (s *Server) exportWords(p surveys.Programme, csrf string) *exportWords {
	return &exportWords{s, p, csrf, map[surveys.StrandID]*surveys.Dataset{}}
}

func (w *exportWords) row(ctx context.Context, e surveys.Export) exportRow {
	row := exportRow{
		Address: exportPath(e), Name: e.Format, Of: w.of(ctx, e), State: string(e.State), Words: exportStates[e.State], Ended: e.Ended(),
		Done: e.Done, Count: e.Of, Asked: inZone(w.programme, e.Created) + " by " + e.By, CSRF: w.csrf,
	}
	if format, ok := formatOf(e.Format); ok {
		row.Name = format.Name
	}
	if e.Of > 0 {
		row.Percent = 100 * min(e.Done, e.Of) / e.Of
	}
	if !e.Made.IsZero() {
		row.Size, row.Made, row.Expires = sizeWords(e.Size), inZone(w.programme, e.Made), inZone(w.programme, e.Expires)
	}
	switch {
	case e.State == surveys.ExportDone && w.server.surveys.Now().Before(e.Expires):
		row.File = row.Address + "/file"
	case e.State == surveys.ExportDone: // the chore comes later
		row.State, row.Words = string(surveys.ExportExpired), exportStates[surveys.ExportExpired]
	case e.State == surveys.ExportFailed:
		row.Why = w.server.staffSentence(e.Key, e.Args...)
	case e.State == surveys.ExportStale:
		row.Why = w.server.staffSentence("export.stale")
	}
	return row
}

var exportStates = map[surveys.ExportState]string{
	surveys.ExportWaiting: "waits to begin", surveys.ExportWorking: "being made", surveys.ExportDone: "ready", surveys.ExportFailed: "could not be made",
	surveys.ExportCancelled: "cancelled", surveys.ExportExpired: "removed: two days old", surveys.ExportStale: "removed: out of date",
}

var profileWords = map[surveys.Profile]string{
	surveys.ProfileRows: "every row, for evaluators", surveys.ProfileInternal: "within the council", surveys.ProfilePublished: "for everyone",
}

// of says of whom a file is and for whom.
func (w *exportWords) of(ctx context.Context, e surveys.Export) string {
	if e.Whole() {
		return "all strands"
	}
	title := string(e.Strand)
	if strand, ok := w.programme.Strand(e.Strand); ok {
		title = strand.Title
	}
	words := title + ", " + profileWords[e.Profile]
	if e.Language != "" {
		words += ", in " + languageName(e.Language)
	}
	if e.Filter.Empty() {
		return words
	}
	data, ok := w.choices[e.Strand]
	if !ok {
		data, _ = w.server.surveys.FilterChoices(ctx, w.programme.ID, e.Strand) // without it the filter is not spelt out
		w.choices[e.Strand] = data
	}
	if data == nil {
		return words + ", some of them"
	}
	return words + ". " + outcomes.FilterSentence(outcomes.FilterParts(data, e.Filter, languageName))
}

// sizeWords is a number of bytes in words.
func sizeWords(bytes int64) string {
	if bytes < 1_000_000 {
		return strconv.FormatInt(max(1, (bytes+500)/1000), 10) + " kB"
	}
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}

// exportView shows how one export gets on.
type exportView struct {
	staffPage
	Row    exportRow
	About  string
	Sum    string // SHA-256
	Back   string
	Repeat string // address that asks for the same
}

func (s *Server) exportPage(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Export")
	if err != nil {
		return err
	}
	e, err := s.surveys.Export(c.UserContext(), p.ID, surveys.ExportID(c.Params("export")))
	if err != nil {
		return err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Exports", exportsPath(p.ID), false})
	view := exportView{staffPage: page, Row: s.exportWords(p, page.CSRF).row(c.UserContext(), e), Sum: e.Sum, Back: exportsPath(p.ID), Repeat: repeatPath(e)}
	view.Title = view.Row.Name
	if format, ok := formatOf(e.Format); ok {
		view.About = format.About
	}
	waits := c.Query("wait") != ""
	switch {
	case !e.Ended():
		view.Events, view.Refresh = view.Row.Address+"/events", "2"
	case waits && view.Row.File != "":
		view.Refresh, view.Row.Go = "0;url="+view.Row.File, true
	}
	return s.render(c, fiber.StatusOK, "staff/export", view)
}

// repeatPath is the page that asks for the same file once more, or for any of the same
// people where e has no format.
func repeatPath(e surveys.Export) string {
	values := filterValues(e.Filter)
	values.Set("strand", string(e.Strand))
	if e.Format != "" {
		values.Set("format", e.Format)
	}
	if e.Profile != surveys.ProfileRows {
		values.Set("profile", string(e.Profile))
	}
	return withQuery(exportsPath(e.Programme), values)
}

// cancelExport stops an export, or throws its file away.
func (s *Server) cancelExport(c *fiber.Ctx) error {
	e, err := s.surveys.CancelExport(c.UserContext(), programmeID(c), surveys.ExportID(c.Params("export")))
	if err != nil {
		return err
	}
	return sees(c, exportPath(e))
}

// sendExport sends the file of an export.
func (s *Server) sendExport(c *fiber.Ctx) error {
	return s.sendExportFile(c, surveys.ExportID(c.Params("export")))
}

func (s *Server) sendExportFile(c *fiber.Ctx, id surveys.ExportID) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	file, err := s.surveys.ExportFile(c.UserContext(), p.ID, id)
	if err != nil {
		return err
	}
	format, ok := formatOf(file.Format)
	if !ok {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "export.format"}
	}
	c.Attachment(exportName(p, file.Export, format))
	c.Set(fiber.HeaderContentType, format.Type)
	// What is left of the file is read after the handler has returned and its deadline
	// is over, as fast as the reader takes it: who takes nothing is cut off, see patient.
	ctx, cancel := context.WithTimeout(context.Background(), downloadTime)
	return c.SendStream(&leavingFile{file.Reader(ctx), cancel}, int(file.Size))
}

// exportName is the name of a file: what, of whom, for whom, as of when.
func exportName(p surveys.Programme, e surveys.Export, format exports.Format) string {
	name := fileName(p.Name) + "-" + string(e.Strand) + "-" + format.ID[:max(0, len(format.ID)-len(format.Ending)-1)]
	if e.Profile != surveys.ProfileRows {
		name += "-" + string(e.Profile)
	}
	if !e.Filter.Empty() {
		name += "-some"
	}
	return name + "-" + e.Made.In(p.Location()).Format(time.DateOnly) + "." + format.Ending
}

// leavingFile is a file on its way; the server closes it in the end.
type leavingFile struct {
	io.Reader
	cancel context.CancelFunc
}

// Close ends the reading.
func (f *leavingFile) Close() error {
	f.cancel()
	return nil
}

// openExports is the list of a programme's exports as a part of the page, and whether
// all of them have ended.
func (s *Server) openExports(ctx context.Context, p surveys.Programme, csrf string) (newest map[string]string, ended bool, err error) {
	all, err := s.surveys.Exports(ctx, p.ID)
	if err != nil {
		return nil, false, err
	}
	words, busy := s.exportWords(p, csrf), false
	var rows []exportRow
	for _, e := range all {
		rows = append(rows, words.row(ctx, e))
		busy = busy || !e.Ended()
	}
	html, err := s.views.fragment("staff/exports", "exportrows", exportsView{Rows: rows})
	return map[string]string{"files": string(html)}, !busy, err
}
