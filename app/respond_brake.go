package app

import (
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

const (
	submitWindow  = 15 * time.Minute // that Config.SubmitsPerNetwork is for
	networksKnown = 4096             // about 100 bytes each
)

// brake slows down who sends more forms than a school can: a bucket of tokens
// for each network, full at first and filled evenly. It counts in this process
// only and forgets at its end. That is enough: it is a brake and not a lock, n
// instances let n times as many through, and a form sent costs one durable write
// where counting in the store would add two.
type brake struct {
	most    float64 // tokens in a full bucket; 0: no brake
	mu      sync.Mutex
	buckets map[string]bucket // by network mark
}

type bucket struct {
	tokens float64
	at     time.Time // when they were counted
}

// take takes a token of a network at a moment; false: there is none.
func (b *brake) take(network string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	one, known := b.buckets[network]
	if !known {
		b.makeRoom(now)
		one = bucket{b.most, now}
	}
	one = one.filled(b.most, now)
	ok := one.tokens >= 1
	if ok {
		one.tokens--
	}
	b.buckets[network] = one
	return ok
}

// filled is the bucket as it is now.
func (one bucket) filled(most float64, now time.Time) bucket {
	passed := max(0, now.Sub(one.at).Seconds())
	return bucket{min(most, one.tokens+passed*most/submitWindow.Seconds()), now}
}

// makeRoom forgets the networks whose buckets are full again, which changes
// nothing; if there are none, any one.
func (b *brake) makeRoom(now time.Time) {
	if b.buckets == nil {
		b.buckets = make(map[string]bucket)
	}
	if len(b.buckets) < networksKnown {
		return
	}
	for network, one := range b.buckets {
		if one.filled(b.most, now).tokens >= b.most {
			delete(b.buckets, network)
		}
	}
	for network := range b.buckets {
		if len(b.buckets) < networksKnown {
			return
		}
		delete(b.buckets, network)
	}
}

// mayStart counts the beginning of a response, which leaves a record behind.
func (s *Server) mayStart(c *fiber.Ctx) error {
	network, err := s.network(c)
	if err != nil {
		return err
	}
	return s.surveys.Started(c.UserContext(), network)
}

// maySubmit refuses a form of a network that sends too many.
func (s *Server) maySubmit(c *fiber.Ctx) error {
	if s.brake.most == 0 {
		return nil
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	if s.brake.take(network, s.surveys.Now()) {
		return nil
	}
	return &surveys.Error{Kind: surveys.KindThrottled, Key: "account.too_many_tries", Args: []any{int(submitWindow.Minutes())}}
}
