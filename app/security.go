package app

import (
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

//go:embed static
var staticFiles embed.FS

// inlined are the static files that stand inside pages; the content security
// policy allows them by hash and nothing else inline.
var inlined = map[string]string{} // filled by init below: name to hash

// policy is the content security policy of every page; roomPolicy is that of a
// room's, which has a frame and scripts of its own.
var policy, roomPolicy string

// roomFormScript stands before the scripts of a questionnaire in a room's frame.
const roomFormScript = "room_form.js"

func init() {
	var styles, scripts, ofRooms []string
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(fmt.Errorf("reading static files: %w", err))
	}
	names := []string{fullScript}
	for _, entry := range entries {
		apart := strings.HasPrefix(entry.Name(), "editor.") || strings.HasPrefix(entry.Name(), "paper.") || strings.HasPrefix(entry.Name(), "cards.")
		if !apart && !slices.Contains(loadedScripts, entry.Name()) { // never inside a page
			names = append(names, entry.Name())
		}
	}
	for _, name := range names {
		text, err := inlineText(name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256([]byte(text))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		inlined[name] = hash
		switch {
		case strings.HasPrefix(name, "room"):
			ofRooms = append(ofRooms, hash)
		case path.Ext(name) == ".css":
			styles = append(styles, hash)
		case path.Ext(name) == ".js":
			scripts = append(scripts, hash)
		}
	}
	policy = "default-src 'none'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
		"frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'; " +
		"style-src 'self' " + strings.Join(styles, " ") + "; script-src 'self' " + strings.Join(scripts, " ")
	// A hash of a style among those of scripts allows nothing more: nobody has its text.
	extra := " " + strings.Join(ofRooms, " ")
	roomPolicy = "frame-src 'self'; " + strings.Replace(policy, "; script-src", extra+"; script-src", 1) + extra
}

// loadedScripts stand in no page: respondents' pages load them.
var loadedScripts = []string{laterScript, closedScript, workerScript}

// inline returns a static file for a place inside a page.
func inline(name string) (any, error) {
	text, err := inlineText(name)
	if err != nil {
		return nil, err
	}
	if path.Ext(name) == ".css" {
		return template.CSS(text), nil //nolint:gosec // our own file
	}
	return template.JS(text), nil //nolint:gosec // our own file
}

// The respondent's script in two sizes, from one file: lines marked "more" are in
// the full one only, lines marked "less" in the other only.
const (
	plainScript  = "respond.js"
	fullScript   = "respond_full.js"  // for forms with logic, or with kinds that need more than most
	laterScript  = "respond_later.js" // what pages load after they have loaded
	closedScript = "respond_closed.js"
	workerScript = "sw.js"
	markMore     = "/*more*/"
	markLess     = "/*less*/"
)

// inlineText is a static file as it stands inside pages: without indentation and
// without the comments that fill a line, which are for readers of the file.
func inlineText(name string) (string, error) {
	file, dropped, kept := name, markMore, markLess
	if name == fullScript {
		file, dropped, kept = plainScript, markLess, markMore
	}
	raw, err := staticFiles.ReadFile("static/" + file)
	if err != nil {
		return "", fmt.Errorf("inlining %s: %w", name, err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, dropped) {
			continue
		}
		line = strings.TrimSpace(strings.TrimPrefix(line, kept))
		if line == "" || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/") && strings.Count(line, "*/") == 1 {
			continue
		}
		text.WriteString(line + "\n")
	}
	if strings.HasPrefix(name, "respond") || strings.HasPrefix(name, "room") || name == workerScript {
		return squeeze(name, text.String())
	}
	return text.String(), nil
}

// securityHeaders go with every answer.
func (s *Server) securityHeaders(c *fiber.Ctx) error {
	s.setSecurityHeaders(c)
	return c.Next()
}

// setSecurityHeaders is also for answers that come past the middleware: a body
// too large is refused before it.
func (s *Server) setSecurityHeaders(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer") // a link's token is in the address
	c.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("X-Robots-Tag", "noindex, nofollow")
	c.Set(fiber.HeaderCacheControl, "no-store")
	if s.encrypted(c) {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// encrypted reports whether the browser speaks HTTPS: with us, with a trusted
// proxy, or as the address says that people reach us by, trusted proxy or not.
func (s *Server) encrypted(c *fiber.Ctx) bool {
	return c.Protocol() == "https" || strings.HasPrefix(s.config.BaseURL, "https://")
}

// The names of cookies. All hold random secrets and nothing about a person.
const (
	signInCookie   = "soundings"
	pendingCookie  = "soundings_pending" // a sign-in that waits for its second factor
	deviceCookie   = "soundings_device"  // a browser that has signed in before
	responseCookie = "soundings_response"
)

// signInPath is where the cookies of signing in go, and the pages that need them.
const signInPath = "/sign-in"

// cookieName is a cookie's name as the browser keeps it. Where it speaks HTTPS a
// prefix has it refuse a cookie of that name that came by HTTP and, for the sign-in,
// one that another host of the same domain set: else who holds such a host could
// sign people in as somebody else.
func cookieName(name string, encrypted bool) string {
	switch {
	case !encrypted:
		return name
	case name == signInCookie, name == elsewhereCookie:
		return "__Host-" + name // of all paths, and of this host alone
	}
	return "__Secure-" + name
}

// cookie is the value of a cookie of ours, "" if the browser sent none.
func (s *Server) cookie(c *fiber.Ctx, name string) string {
	return c.Cookies(cookieName(name, s.encrypted(c)))
}

// signInOf is the secret in a header of which nothing else is known yet.
func signInOf(header *fasthttp.RequestHeader) string {
	if secret := header.Cookie(cookieName(signInCookie, true)); len(secret) > 0 {
		return string(secret)
	}
	return string(header.Cookie(signInCookie))
}

// setCookie sets a cookie that scripts cannot read; ends zero lasts as long as
// the browser is open. It is read by cookie.
func (s *Server) setCookie(c *fiber.Ctx, name, value, path string, ends time.Time) {
	c.Cookie(&fiber.Cookie{
		Name: cookieName(name, s.encrypted(c)), Value: value, Path: path, Expires: ends,
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: s.encrypted(c),
	})
}

// signInKey holds the SignIn of a request.
const signInKey = "sign_in"

// guard lets through who may use a route, and puts the account into the context.
func (s *Server) guard(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := s.refuseOtherSites(c, r); err != nil {
			return err
		}
		var err error
		switch r.access {
		case public:
			return c.Next()
		case bearer, bearerOwner, bearerDesigner, bearerFor:
			err = s.identifyToken(c)
		default:
			err = s.identifyCookie(c, r)
		}
		if err != nil {
			return err
		}
		if held, err := s.heldBack(c, r); held || err != nil {
			return err
		}
		if err := allowed(c, r); err != nil {
			return err
		}
		return c.Next()
	}
}

// identifyCookie finds the account signed in; a change needs its CSRF token.
func (s *Server) identifyCookie(c *fiber.Ctx, r route) error {
	account, signIn, err := s.surveys.SignedIn(c.UserContext(), s.cookie(c, signInCookie))
	if err != nil {
		return err
	}
	if r.method != fiber.MethodGet && !sameSecret(typed(c, "csrf"), signIn.CSRF) {
		return &surveys.Error{Kind: surveys.KindForbidden, Key: "page.stale_form"}
	}
	c.Locals(signInKey, signIn)
	c.SetUserContext(surveys.WithAccount(c.UserContext(), account))
	secret, err := s.surveys.Renew(c.UserContext(), account, signIn)
	if secret != "" {
		s.setSignIn(c, secret)
	}
	return err
}

func (s *Server) identifyToken(c *fiber.Ctx) error {
	token, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !ok {
		return &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "api_token.missing"}
	}
	account, err := s.surveys.AccountOfToken(c.UserContext(), strings.TrimSpace(token))
	if err == nil {
		c.SetUserContext(surveys.WithAccount(c.UserContext(), account))
	}
	return err
}

// allowed checks the route's column of the table. A programme in which the
// account has no role does not exist for it.
func allowed(c *fiber.Ctx, r route) error {
	account, _ := surveys.AccountFrom(c.UserContext())
	switch r.access {
	case owner, bearerOwner:
		if !account.Owns() {
			return &surveys.Error{Kind: surveys.KindForbidden, Key: "account.not_allowed"}
		}
	case designer, bearerDesigner:
		if !account.Designs() {
			return &surveys.Error{Kind: surveys.KindForbidden, Key: "account.not_allowed"}
		}
	case programme, bearerFor:
		id := surveys.ProgrammeID(c.Params("programme"))
		if len(account.Roles[id]) == 0 {
			return &surveys.Error{Kind: surveys.KindNotFound, Key: "programme.not_found"}
		}
		if !account.May(id, r.needs) {
			return &surveys.Error{Kind: surveys.KindForbidden, Key: "account.not_allowed"}
		}
	}
	return nil
}

func sameSecret(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// network stands for the address a request comes from: a hash under a key of
// the day, for counting tries and for nothing else.
func (s *Server) network(c *fiber.Ctx) (string, error) {
	return s.surveys.NetworkMark(c.UserContext(), networkOf(s.address(c)))
}

// networkOf is what one household or school has: an address of IPv4, the first
// 64 bits of IPv6, since each device there has as many addresses as it likes.
func networkOf(address string) string {
	one, err := netip.ParseAddr(address)
	if err != nil || one.Is4() {
		return address
	}
	return netip.PrefixFrom(one, 64).Masked().String()
}

// address is where a request comes from. Trusted proxies name who asked them at
// the end of X-Forwarded-For; what stands before that was sent by whoever asks,
// who would have a new address for each guess.
func (s *Server) address(c *fiber.Ctx) string {
	from := c.Context().RemoteIP().String()
	if !c.IsProxyTrusted() {
		return from
	}
	var named []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		named = append(named, strings.Split(string(line), ",")...)
	}
	for _, name := range slices.Backward(named) {
		address, err := netip.ParseAddr(strings.TrimSpace(name))
		if err != nil {
			break
		}
		from = address.Unmap().WithZone("").String()
		if !s.trusted(address.Unmap()) {
			break
		}
	}
	return from
}

// trusted reports whether address is that of a trusted proxy.
func (s *Server) trusted(address netip.Addr) bool {
	return slices.ContainsFunc(s.config.TrustedProxies, func(proxy string) bool {
		if one, err := netip.ParseAddr(proxy); err == nil {
			return one.Unmap() == address
		}
		within, err := netip.ParsePrefix(proxy)
		return err == nil && within.Contains(address)
	})
}
