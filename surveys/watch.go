package surveys

import "time"

// Watch is told what a service does, by numbers and names of our own: for metrics.
// It gets nothing that anybody typed. A function that is nil is not called; those
// that are set are called by several goroutines at once and return at once.
type Watch struct {
	Kept  func(mode Mode, repeat bool)                       // a submission is on disk, or was already
	Chore func(name string, took time.Duration, failed bool) // a chore was done once
}

// WithWatch returns the same service telling w.
func (s *Service) WithWatch(w Watch) *Service {
	watched := *s
	watched.watch = w
	return &watched
}

func (s *Service) tellKept(r Response, repeat bool) {
	if s.watch.Kept != nil {
		s.watch.Kept(r.Mode, repeat)
	}
}

func (s *Service) tellChore(name string, began time.Time, err error) {
	if s.watch.Chore != nil {
		s.watch.Chore(name, s.now().Sub(began), err != nil)
	}
}
