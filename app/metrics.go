package app

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"
)

// counts is what is counted of requests: by route as it is written in the table,
// never by what was asked for. Its zero value counts nothing.
type counts struct {
	set     *metrics.Set
	running atomic.Int64
}

// takesSeconds are the bounds between which requests' times are counted, in seconds.
var takesSeconds = []float64{0.005, 0.02, 0.1, 0.5, 2, 10, 60}

func (n *counts) start(set *metrics.Set, s *Server) {
	n.set = set
	if set == nil {
		return
	}
	set.NewGauge("soundings_requests_in_flight", func() float64 { return float64(n.running.Load()) })
	set.NewGauge("soundings_live_viewers", func() float64 { return float64(s.live.viewers()) })
}

func (n *counts) begin() { n.running.Add(1) }

// end counts a request that was answered.
func (n *counts) end(c *fiber.Ctx, took time.Duration) {
	n.running.Add(-1)
	if n.set == nil {
		return
	}
	route := c.Route().Path
	n.set.GetOrCreateCounter(fmt.Sprintf("soundings_requests_total{route=%q,method=%q,status=%q}",
		route, c.Method(), strconv.Itoa(c.Response().StatusCode()))).Inc()
	n.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("soundings_request_seconds{for=%q}", whom(route)), takesSeconds).Update(took.Seconds())
}

// whom says for whom a route is: respondents, programs, machines or staff.
func whom(route string) string {
	switch {
	case respondents(route):
		return "respondents"
	case strings.HasPrefix(route, "/api/"):
		return "programs"
	case route == "/healthz", route == "/readyz", route == "/":
		return "others" // "/" is also what no route was found for
	}
	return "staff"
}

// viewers counts who looks at live pages now.
func (l *live) viewers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, b := range l.boards {
		n += len(b.watchers)
	}
	return n
}
