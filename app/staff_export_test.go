package app

import "html/template"

// What the tests of charts and live pages look at.
var (
	Diverging = diverging
	Stacked   = stacked
	Reach     = reach
	QR        = qrSVG
	Palette   = palette
	IDOf      = idOf
)

// Part is one piece of a stacked bar.
type Part = part

// Interval draws a change on an axis from low to high.
func Interval(title string, axisLow, axisHigh, change, low, high float64, better string) template.HTML {
	return interval(title, span{axisLow, axisHigh}, change, low, high, better)
}

// Watched is how many programmes have a poller.
func (s *Server) Watched() int {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	return len(s.live.boards)
}
