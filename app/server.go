package app

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// Config is what the application needs to know; package cmd reads it.
type Config struct {
	BaseURL           string   // as people reach it, "https://feedback.example.org"; "" takes the request's host
	TrustedProxies    []string // addresses whose X-Forwarded-* headers are believed
	SubmitsPerNetwork int      // whole forms that one network may send in a quarter of an hour; 0: no limit
	Connections       int      // open at once; 0: no limit that is met. What comes then is refused with 503
	Demo              bool     // a banner on every page says so
	Version           string
	Metrics           *metrics.Set  // what requests are counted in; nil: nothing is counted
	Drain             time.Duration // how long it says that it is not ready before it ends, so that a proxy goes elsewhere
}

// Limits of what one request may be.
const (
	maxBody        = 12 << 20 // bytes, of the API: a bulk post of some thousand responses
	maxUpload      = 11 << 20 // bytes, of a file from who is signed in; a workbook of 10 MB in its form
	maxPageBody    = 1 << 20  // bytes, of everything else: anyone may send it, and it is read before it is looked at
	requestTime    = 30 * time.Second
	respondTime    = 20 * time.Second // a respondent waits no longer: the page that says so can send the same again
	downloadTime   = 6 * time.Hour    // twenty megabytes at one kilobyte a second
	exportTime     = 10 * time.Minute // a workbook of 100,000 responses takes seconds; a slow reader more
	lookTime       = 2 * time.Second  // to see who sends a large file
	readTime       = 60 * time.Second // a slow phone sends a small form in this
	idleTime       = 120 * time.Second
	shutdownPeriod = 10 * time.Second
)

// Server answers requests.
type Server struct {
	surveys    *surveys.Service
	config     Config
	log        *slog.Logger
	views      *views
	locales    *locales
	pages      pageCache
	brake      brake
	begunBrake brake
	reports    reports
	desks      desks
	lists      responseLists
	live       live
	files      turns
	counts     counts
	ending     atomic.Bool           // it will end soon: a proxy should ask another instance
	doors      atomic.Pointer[doors] // nil: it does not serve yet
	stop       chan struct{}         // closed when the server is to end; live pages listen
	fiber      *fiber.App
}

// New returns a server over service. It fails if a template or a locale is broken.
func New(service *surveys.Service, config Config, log *slog.Logger) (*Server, error) {
	s := &Server{surveys: service.WithFiles(Files()), config: config, log: log, stop: make(chan struct{}), files: make(turns, filesAtOnce)}
	s.reports.turn, s.reports.patience = make(turns, reportsAtOnce), reportPatience
	var err error
	if s.locales, err = loadLocales(); err != nil {
		return nil, err
	}
	if s.views, err = parseViews(s.locales); err != nil {
		return nil, err
	}
	s.counts.start(config.Metrics, s)
	s.brake.most = float64(config.SubmitsPerNetwork)
	s.begunBrake.most = s.brake.most
	s.fiber = fiber.New(fiber.Config{
		AppName:                 "Soundings",
		CaseSensitive:           true, // /API/… would be answered as a page and served as the API
		Immutable:               true, // values outlive the request: without it they change under us
		DisableStartupMessage:   true,
		BodyLimit:               maxBody,
		ReadTimeout:             readTime,
		IdleTimeout:             idleTime,
		ErrorHandler:            s.answerUnread, // of the server; observe answers for the handlers
		EnableTrustedProxyCheck: true,
		TrustedProxies:          config.TrustedProxies,
		Concurrency:             cmp.Or(config.Connections, fiber.DefaultConcurrency),
		StreamRequestBody:       false,
		ServerHeader:            "",
	})
	s.fiber.Server().HeaderReceived = s.bodyLimit
	s.fiber.Use(s.observe, s.securityHeaders)
	for _, r := range routes() {
		s.fiber.Add(r.method, r.path, s.guard(r), s.handler(r))
		if r.method == fiber.MethodGet && !r.slow {
			s.fiber.Add(fiber.MethodHead, r.path, s.guard(r), s.handler(r))
		}
	}
	s.fiber.Use(func(*fiber.Ctx) error { return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"} })
	return s, nil
}

// bodyLimit is how much of a request may be read into memory, by its address;
// a large file is only taken from who is signed in.
func (s *Server) bodyLimit(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if ambiguous(header) {
		return refuseAmbiguous(header)
	}
	address := header.RequestURI()
	limit := maxPageBody
	switch {
	case bytes.HasPrefix(address, []byte("/api/")):
		limit = maxBody
	case takesFile(string(address)) && s.knows(header):
		limit = maxUpload
	case s.uploadsOldData(header):
		limit = surveys.UploadLimit + maxPageBody // it goes to a file on disk, not into memory
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: limit}
}

// takesFile says whether a page's address takes a file: a questionnaire, a
// translator's sheet, a picture or a recording.
func takesFile(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return path == importPath || strings.HasPrefix(path, "/questionnaires/") &&
		(strings.HasSuffix(path, "/draft/languages/sheets") || strings.HasSuffix(path, "/media"))
}

// knows says whether a request, of which only the header has been read, is of
// somebody signed in.
func (s *Server) knows(header *fasthttp.RequestHeader) bool {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	_, _, err := s.surveys.SignedIn(ctx, signInOf(header))
	return err == nil
}

// Limits of what is read of a request that is too large, and thrown away.
const (
	discardTime = 20 * time.Second
	discardIdle = time.Second // nothing more comes
)

// answerUnread answers a request that could not be read. What is too large is
// read to its end first, without being kept: a browser that is cut off while it
// sends shows its own page instead of ours, and the script believes there is no
// signal.
func (s *Server) answerUnread(c *fiber.Ctx, err error) error {
	var refused *fiber.Error
	if string(c.Request().Header.Protocol()) == ambiguousProtocol {
		return s.answerError(c, fiber.ErrBadRequest)
	}
	if errors.As(err, &refused) && refused.Code == fiber.StatusRequestEntityTooLarge {
		discard(c.Context().Conn())
	}
	return s.answerError(c, err)
}

func discard(conn net.Conn) {
	ends := time.Now().Add(discardTime)
	piece := make([]byte, 16<<10)
	for left := 2 * maxBody; left > 0 && time.Now().Before(ends); {
		if conn.SetReadDeadline(time.Now().Add(discardIdle)) != nil {
			return
		}
		n, err := conn.Read(piece)
		if err != nil {
			return
		}
		left -= n
	}
}

// Fiber is the application for tests: s.Fiber().Test(request, -1).
func (s *Server) Fiber() *fiber.App { return s.fiber }

// handler gives a route's handler its deadline.
func (s *Server) handler(r route) fiber.Handler {
	limit := requestTime
	switch {
	case r.slow:
		limit = exportTime
	case respondents(r.path):
		limit = respondTime
	}
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), limit)
		defer cancel()
		c.SetUserContext(ctx)
		return r.handle(s, c)
	}
}

// observe gives each request an id and one line in the log: route, status and
// time, never an address, a token or what was sent.
func (s *Server) observe(c *fiber.Ctx) error {
	start := time.Now()
	s.counts.begin()
	defer func() { s.counts.end(c, time.Since(start)) }()
	c.Locals(requestIDKey, newRequestID())
	if s.ending.Load() {
		c.Context().SetConnectionClose()
	}
	err := survive(c)
	if err != nil {
		// Fiber calls the error handler after the middleware; the log wants its status.
		if answerErr := s.answerError(c, err); answerErr != nil {
			return answerErr
		}
	}
	s.log.LogAttrs(c.UserContext(), slog.LevelInfo, "request",
		slog.String("request_id", requestID(c)),
		slog.String("method", c.Method()),
		slog.String("route", c.Route().Path),
		slog.Int("status", c.Response().StatusCode()),
		slog.Int64("duration_ms", time.Since(start).Milliseconds()))
	return nil
}

// survive runs what comes next and turns a panic into an error: otherwise one
// mistake would end the program, and every phone's request with it.
func survive(c *fiber.Ctx) (err error) {
	defer func() {
		said := recover()
		if said == nil {
			return
		}
		err = surveys.PanicError(said)
	}()
	return c.Next()
}

const requestIDKey = "request_id"

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}
