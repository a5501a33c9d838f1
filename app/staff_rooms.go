package app

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// roomsView starts shared tablets and lists those there are.
type roomsView struct {
	staffPage
	Start  *form // nil: there is no open link
	Rooms  []roomRow
	Cohort string // where to make links
	Secure bool
}

// roomRow is one room as staff see it.
type roomRow struct {
	Address      string // of its staff page
	Of           string // cohort, strand, wave
	Opened, Ends string
	Until        string // when its key is destroyed
	By           string
	Open         bool
	Received     int
	Idle         int
	Link, Host   string // for the tablet: whole, and without the scheme
	Code         string
	QR           template.HTML
	CloseTo      string
}

// rooms lists a programme's rooms, the newest first, and offers to start one.
func (s *Server) rooms(c *fiber.Ctx) error {
	view, err := s.roomsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/rooms", view)
}

func (s *Server) roomsView(c *fiber.Ctx) (roomsView, error) {
	page, p, err := s.programmePage(c, "Shared tablets")
	if err != nil {
		return roomsView{}, err
	}
	view := roomsView{staffPage: page, Cohort: programmePath(p.ID) + "/cohorts", Secure: s.sealsOn(c)}
	names, options, err := s.linkNames(c, p)
	if err != nil {
		return view, err
	}
	if len(options) > 0 {
		view.Start = roomForm(page, p, options, c.Query("link"))
	}
	rooms, err := s.surveys.Rooms(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	for _, r := range slices.Backward(rooms) {
		row, err := s.roomRow(c, p, r, names[r.Link])
		if err != nil {
			return view, err
		}
		view.Rooms = append(view.Rooms, row)
	}
	return view, nil
}

// sealsOn reports whether browsers seal answers at the address that is asked for:
// they keep that for HTTPS and for this machine.
func (s *Server) sealsOn(c *fiber.Ctx) bool {
	base := s.base(c)
	host := strings.TrimPrefix(base, "http://")
	return s.encrypted(c) || strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.0.0.1")
}

func roomForm(page staffPage, p surveys.Programme, links []choiceOption, chosen string) *form {
	return newForm(page, "room", programmePath(p.ID)+"/rooms", "Start a tablet", fieldset{Fields: []field{
		{Name: "link", Label: "What is answered on it", Kind: "select", Options: links, Value: chosen},
		{Name: "ends", Label: "Last day it may be used", Kind: "date", Hint: "Blank: today. At most a week."},
		{Name: "idle", Label: "Seconds without a touch until it asks “Are you still there?”", Kind: "number", Value: "90", Hint: "5 to 300. Nobody there: 20 seconds later the answers on the screen are thrown away."},
	}})
}

// linkNames puts a programme's links into words, by id, and those that are open
// into a list to choose from.
func (s *Server) linkNames(c *fiber.Ctx, p surveys.Programme) (map[surveys.LinkID]string, []choiceOption, error) {
	links, err := s.surveys.Links(c.UserContext(), p.ID)
	if err != nil {
		return nil, nil, err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return nil, nil, err
	}
	cohortNames := map[surveys.CohortID]string{}
	for _, cohort := range cohorts {
		cohortNames[cohort.ID] = cohort.Name
	}
	surveys.SortLinks(links)
	names := map[surveys.LinkID]string{}
	var open []choiceOption
	for _, l := range links {
		strand, _ := p.Strand(l.Strand)
		names[l.ID] = cohortNames[l.Cohort] + " · " + strand.Title + ", " + strings.ToLower(waveWord(strand.Design, l.Wave))
		if l.State(s.surveys.Now()) == "open" {
			open = append(open, choiceOption{string(l.ID), names[l.ID], ""})
		}
	}
	return names, open, nil
}

func (s *Server) roomRow(c *fiber.Ctx, p surveys.Programme, r surveys.Room, of string) (roomRow, error) {
	n, err := s.surveys.RoomReceived(c.UserContext(), r)
	if err != nil {
		return roomRow{}, err
	}
	zone := p.Location()
	row := roomRow{
		Address: programmePath(p.ID) + "/rooms/" + string(r.ID), Of: of, By: r.By, Open: r.Open(s.surveys.Now()), Received: n, Idle: r.Idle,
		Opened: r.Opened.In(zone).Format("2006-01-02 15:04"), Ends: r.Ends.In(zone).Format("2006-01-02 15:04"), Until: r.Until.In(zone).Format(time.DateOnly),
		Link: s.base(c) + "/room/" + r.Token, Code: halves(r.Token),
	}
	row.CloseTo = row.Address + "/close"
	_, row.Host, _ = strings.Cut(s.base(c), "://")
	return row, nil
}

// startRoom opens a room.
func (s *Server) startRoom(c *fiber.Ctx) error {
	view, err := s.roomsView(c)
	if err != nil {
		return err
	}
	if view.Start == nil { // its last link closed meanwhile
		return sees(c, programmePath(programmeID(c))+"/rooms")
	}
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	view.Start.fill(c)
	wanted := surveys.Room{Programme: p.ID, Link: surveys.LinkID(typed(c, "link")), Idle: wholeNumber(c, view.Start, "idle")}
	if day := typed(c, "ends"); day != "" {
		wanted.Ends, err = time.ParseInLocation(time.DateOnly, day, p.Location())
		if err != nil {
			view.Start.blame("ends", "Enter the last day as a date such as 2026-03-31")
		}
		wanted.Ends = wanted.Ends.AddDate(0, 0, 1)
	}
	if view.Start.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/rooms", view)
	}
	r, refusal := s.surveys.StartRoom(c.UserContext(), wanted)
	if refusal == nil {
		return sees(c, programmePath(p.ID)+"/rooms/"+string(r.ID))
	}
	status, err := s.refuse(view.Start, refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/rooms", view)
}

// roomView is one room: what the tablet scans, and what came from it.
type roomView struct {
	staffPage
	Room   roomRow
	Late   string // where late answers are decided about
	Live   string // the live view of the link that is answered
	Secure bool
}

// staffRoom shows one room.
func (s *Server) staffRoom(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Shared tablet")
	if err != nil {
		return err
	}
	rooms, err := s.surveys.Rooms(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rooms, func(r surveys.Room) bool { return string(r.ID) == c.Params("room") })
	if i < 0 {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "room.not_found"}
	}
	names, _, err := s.linkNames(c, p)
	if err != nil {
		return err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Shared tablets", programmePath(p.ID) + "/rooms", false})
	view := roomView{staffPage: page, Late: programmePath(p.ID) + "/held", Live: programmePath(p.ID) + "/links/" + string(rooms[i].Link) + "/live", Secure: s.sealsOn(c)}
	if view.Room, err = s.roomRow(c, p, rooms[i], names[rooms[i].Link]); err != nil {
		return err
	}
	if view.Room.QR, err = qrSVG(view.Room.Link); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/room", view)
}

// closeRoom ends a room.
func (s *Server) closeRoom(c *fiber.Ctx) error {
	r, err := s.surveys.CloseRoom(c.UserContext(), programmeID(c), surveys.RoomID(c.Params("room")))
	if err != nil {
		return err
	}
	return sees(c, programmePath(r.Programme)+"/rooms/"+string(r.ID))
}
