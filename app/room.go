package app

import (
	"encoding/json"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// A room is one tablet, or several, that go round. Its page is a frame that stays:
// it counts, keeps what is sealed, and puts a new document with the questionnaire
// before each person, who leaves nothing behind when that is thrown away.

// roomVisit is a request of a room's tablet.
type roomVisit struct {
	visit
	Room surveys.Room
}

// roomVisit reads the room of a request. An unknown one is counted as an unknown
// link is.
func (s *Server) roomVisit(c *fiber.Ctx) (roomVisit, error) {
	room, inv, err := s.surveys.Room(c.UserContext(), c.Params("room"))
	if err != nil {
		return roomVisit{}, s.missed(c, err)
	}
	v := visit{Invitation: inv, own: s.locales, shared: true}
	v.lang, v.live = chooseLanguage(c, v.languages()), v.Instrument.HasLogic()
	return roomVisit{v, room}, nil
}

func roomPath(r surveys.Room, rest string) string { return "/room/" + r.Token + rest }

// roomPage is the frame.
type roomPage struct {
	sheet
	Heading, Place string
	Plain          string      // the way without JavaScript
	Facts          template.JS // JSON for the script
	Open           bool
}

// roomFacts is what room.js reads.
type roomFacts struct {
	Token     string                       `json:"token"`
	Key       []byte                       `json:"key"`  // public, in base64
	Idle      int                          `json:"idle"` // seconds
	Open      bool                         `json:"open"`
	Lang      string                       `json:"lang"`
	Languages []string                     `json:"languages"`
	Words     map[string]map[string]string `json:"words"` // by language
}

// roomWords are the sentences that room.js says, by the name it has for them.
var roomWords = map[string]string{
	"done": "room.done", "unsent": "room.unsent", "none": "room.none_unsent", "nextPlease": "room.next_please", "go": "room.next", "ready": "room.ready",
	"still": "room.still_there", "stillWhy": "room.still_there_why", "here": "room.here", "seconds": "room.seconds",
	"kept": "room.kept", "ended": "room.ended", "endedUnsent": "room.ended_unsent", "endedNone": "room.ended_none",
	"online": "room.online_only", "lost": "room.unreadable", "form": "room.form",
}

// getRoom answers GET /room/:room: the frame.
func (s *Server) getRoom(c *fiber.Ctx) error {
	v, err := s.roomVisit(c)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(s.roomFacts(v))
	if err != nil {
		return err
	}
	heading := v.in(v.Instrument.Version().Definition.Title)
	page := roomPage{
		sheet: s.sheet(v.visit, s.locales.say(v.lang, "room.title")), Heading: heading, Place: place(v.visit),
		Plain: v.path("?shared&lang=" + v.lang), Facts: template.JS(facts), //nolint:gosec // JSON, which escapes < and >
		Open: v.Room.Open(s.surveys.Now()),
	}
	page.Languages = nil // the questionnaire in the frame has them
	c.Set("Content-Security-Policy", roomPolicy)
	return s.render(c, fiber.StatusOK, "respond/room", page)
}

func (s *Server) roomFacts(v roomVisit) roomFacts {
	facts := roomFacts{
		Token: v.Room.Token, Key: v.Room.Key, Idle: v.Room.Idle, Lang: v.lang, Languages: v.languages(), Words: map[string]map[string]string{},
		Open: v.Room.Open(s.surveys.Now()) && v.Link.State(s.surveys.Now()) == "open",
	}
	for _, lang := range facts.Languages {
		words := map[string]string{"dir": direction(lang)}
		for name, key := range roomWords {
			words[name] = s.locales.say(lang, key, "{0}")
		}
		facts.Words[lang] = words
	}
	return facts
}

// getRoomForm is the document that is put before each person: the landing of the
// link, whose script is told to keep nothing.
func (s *Server) getRoomForm(c *fiber.Ctx) error {
	v, err := s.roomVisit(c)
	if err != nil {
		return err
	}
	page, err := s.landing(v.visit, "")
	if err != nil {
		return err
	}
	page.Submit, page.Start, page.Again = roomPath(v.Room, "/submit"), roomPath(v.Room, ""), roomPath(v.Room, "")
	page.Care.Online = s.locales.say(v.lang, "respond.contact_online")
	page.Scripts = append([]string{roomFormScript}, page.Scripts...)
	page.Scripts[len(page.Scripts)-1] = fullScript // which says what happens
	c.Set("Content-Security-Policy", roomPolicy)
	return s.render(c, fiber.StatusOK, "respond/landing", page)
}

// getRoomState tells a tablet how its room stands.
func (s *Server) getRoomState(c *fiber.Ctx) error {
	state, err := s.surveys.RoomState(c.UserContext(), c.Params("room"))
	if err != nil {
		return s.missed(c, err)
	}
	return c.JSON(state)
}

// postRoomBegun is postBegun for a tablet.
func (s *Server) postRoomBegun(c *fiber.Ctx) error {
	v, err := s.roomVisit(c)
	if err != nil {
		return err
	}
	return s.noteBegun(c, v.Link.Token)
}

// postRoomSubmit takes a whole form from a tablet that has network. No cookie is
// set: the next person is another.
func (s *Server) postRoomSubmit(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.roomVisit)
	if err != nil {
		return err
	}
	sub := readSubmission(sent)
	r, err := s.takeForm(c, v.visit, sub.Raw, func() (surveys.Response, error) {
		return s.surveys.SubmitInRoom(c.UserContext(), v.Room.Token, sub)
	})
	if err != nil {
		return err
	}
	return c.JSON(receipt{surveys.ReceiptOf(r.ID), roomPath(v.Room, "")})
}

// getRoomWorker answers with the worker that opens a room without network.
func (s *Server) getRoomWorker(c *fiber.Ctx) error {
	text, err := staticFiles.ReadFile("static/room_worker.js")
	if err != nil {
		return err
	}
	c.Type("js", "utf-8")
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return sendEncoded(c, text)
}
