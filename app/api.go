package app

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

//go:embed openapi.json
var openAPI []byte

// maxAPIBody is the largest body that is read as JSON, in bytes.
const maxAPIBody = 8 << 20

// apiDescription serves the OpenAPI document.
func (s *Server) apiDescription(c *fiber.Ctx) error {
	c.Type("json")
	return c.Send(openAPI)
}

// readJSON reads the body as exactly one T: no unknown field, none twice, nothing
// behind it.
func readJSON[T any](c *fiber.Ctx) (T, error) {
	var v T
	body, err := jsonBody(c)
	if err != nil {
		return v, err
	}
	if err := checkShape(body, reflect.TypeFor[T]()); err != nil {
		return v, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(&v); err != nil {
		return v, explainJSON(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return v, refuseBody("api.trailing")
	}
	return v, nil
}

// jsonBody is the body of a request that sends JSON.
func jsonBody(c *fiber.Ctx) ([]byte, error) {
	body := c.Body()
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	switch {
	case strings.TrimSpace(strings.ToLower(kind)) != fiber.MIMEApplicationJSON:
		return nil, refuseBody("api.content_type")
	case len(body) > maxAPIBody:
		return nil, fiber.ErrRequestEntityTooLarge
	case !utf8.Valid(body):
		return nil, refuseBody("api.utf8")
	}
	return body, nil
}

func refuseBody(key string, args ...any) error {
	return &surveys.Error{Kind: surveys.KindInvalid, Key: key, Args: args, Field: "body"}
}

// explainJSON says where a body is no JSON. Its shape was checked before.
func explainJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return refuseBody("api.syntax", int(syntax.Offset))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refuseBody("api.empty")
	}
	return fmt.Errorf("reading a body: %w", err)
}

// programmeInput is what a client may say of a programme.
type programmeInput struct {
	Name          string           `json:"name"`
	Purpose       string           `json:"purpose"`
	Funder        string           `json:"funder"`
	From          string           `json:"from"`
	To            string           `json:"to"`
	Zone          string           `json:"zone"`
	SmallestGroup int              `json:"smallest_group"`
	Targets       surveys.Targets  `json:"targets"`
	Strands       []surveys.Strand `json:"strands"`
}

// defaultSmallest is the smallest group shown where nothing else is asked for.
const defaultSmallest = 5

func (s *Server) apiCreateProgramme(c *fiber.Ctx) error {
	in, err := readJSON[programmeInput](c)
	if err != nil {
		return err
	}
	if in.SmallestGroup == 0 {
		in.SmallestGroup = defaultSmallest
	}
	made, err := s.surveys.CreateProgramme(c.UserContext(), surveys.Programme{
		Name: in.Name, Purpose: in.Purpose, Funder: in.Funder, From: in.From, To: in.To, Zone: in.Zone,
		SmallestGroup: in.SmallestGroup, Targets: in.Targets, Strands: in.Strands,
	})
	return created(c, made, err)
}

func (s *Server) apiProgrammes(c *fiber.Ctx) error {
	all, err := s.surveys.Programmes(c.UserContext())
	return list(c, "programmes", all, err)
}

func (s *Server) apiProgramme(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	return c.JSON(p)
}

// institutionInput is what a client may say of an institution.
type institutionInput struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Phase    string `json:"phase"`
	Area     string `json:"area"`
	Language string `json:"language"`
}

func (s *Server) apiCreateInstitution(c *fiber.Ctx) error {
	in, err := readJSON[institutionInput](c)
	if err != nil {
		return err
	}
	made, err := s.surveys.CreateInstitution(c.UserContext(), surveys.Institution{
		Programme: programmeID(c), Name: in.Name, Kind: in.Kind, Phase: in.Phase, Area: in.Area, Language: in.Language,
	})
	return created(c, made, err)
}

func (s *Server) apiInstitutions(c *fiber.Ctx) error {
	all, err := s.surveys.Institutions(c.UserContext(), programmeID(c))
	return list(c, "institutions", all, err)
}

// cohortInput is what a client may say of a cohort.
type cohortInput struct {
	Institution surveys.InstitutionID    `json:"institution"`
	Name        string                   `json:"name"`
	Phase       string                   `json:"phase"`
	Starts      string                   `json:"starts"`
	Ends        string                   `json:"ends"`
	Expected    map[surveys.StrandID]int `json:"expected"`
}

func (s *Server) apiCreateCohort(c *fiber.Ctx) error {
	in, err := readJSON[cohortInput](c)
	if err != nil {
		return err
	}
	made, err := s.surveys.CreateCohort(c.UserContext(), surveys.Cohort{
		Programme: programmeID(c), Institution: in.Institution, Name: in.Name, Phase: in.Phase, Starts: in.Starts, Ends: in.Ends, Expected: in.Expected,
	})
	return created(c, made, err)
}

func (s *Server) apiCohorts(c *fiber.Ctx) error {
	all, err := s.surveys.Cohorts(c.UserContext(), programmeID(c))
	return list(c, "cohorts", all, err)
}

func (s *Server) apiPublish(c *fiber.Ctx) error {
	body, err := jsonBody(c)
	if err != nil {
		return err
	}
	def, err := questionnaire.ParseDefinition(body)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "questionnaire.invalid", Args: []any{err.Error()}, Field: "definition", Err: err}
	}
	v, err := s.surveys.Publish(c.UserContext(), questionnaire.ID(c.Params("questionnaire")), def)
	return created(c, v, err)
}

func (s *Server) apiQuestionnaires(c *fiber.Ctx) error {
	all, err := s.surveys.Questionnaires(c.UserContext())
	return list(c, "questionnaires", all, err)
}

// apiQuestionnaire answers with the newest version.
func (s *Server) apiQuestionnaire(c *fiber.Ctx) error {
	instrument, err := s.surveys.Questionnaire(c.UserContext(), questionnaire.ID(c.Params("questionnaire")))
	if err != nil {
		return err
	}
	return c.JSON(instrument.Version())
}

func (s *Server) apiProgress(c *fiber.Ctx) error {
	rows, err := s.surveys.Progress(c.UserContext(), programmeID(c))
	return list(c, "progress", rows, err)
}

func programmeID(c *fiber.Ctx) surveys.ProgrammeID { return surveys.ProgrammeID(c.Params("programme")) }

// created answers 201 with what was made.
func created[T any](c *fiber.Ctx, made T, err error) error {
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(made)
}

// list answers with an object holding one list, never null.
func list[T any](c *fiber.Ctx, name string, all []T, err error) error {
	if err != nil {
		return fmt.Errorf("listing %s: %w", name, err)
	}
	if all == nil {
		all = []T{}
	}
	return c.JSON(map[string][]T{name: all})
}
