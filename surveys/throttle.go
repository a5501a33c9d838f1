package surveys

import (
	"context"
	"time"
)

// throttle counts a try of what and fails with KindThrottled after most tries
// within the window. Each try is a record of its own, so that any number of
// instances count together, and is kept before the others are counted, so that no
// number of tries at once gets past. A try that is turned away is not kept: what
// is counted stays few however many come. It returns the id of the try.
func (s *Service) throttle(ctx context.Context, what string, most int) (string, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	since := s.moment().Add(-throttleWindow)
	if _, err := s.put(ctx, recordThrottle, id, what, "", 0, struct{}{}); err != nil {
		return "", err
	}
	if _, err := s.store.DeleteRecordsBefore(ctx, recordThrottle, since); err != nil {
		return "", err
	}
	tries, err := s.tries(ctx, what, most)
	if err != nil {
		return "", err
	}
	if tries > most {
		if err := s.store.DeleteRecord(ctx, recordThrottle, id); err != nil {
			return "", err
		}
		return "", tooManyTries()
	}
	return id, nil
}

// mayTry is KindThrottled if as many of what were counted as may be. It counts
// nothing: throttle does, once a try has missed.
func (s *Service) mayTry(ctx context.Context, what string, most int) error {
	n, err := s.tries(ctx, what, most-1)
	if err != nil {
		return err
	}
	if n >= most {
		return tooManyTries()
	}
	return nil
}

// tries counts what was tried within the window. Where that is more than enough, tries
// of a time that is still to come do not count: the clock was set back, and whoever
// tried then would be shut out until it has caught up.
func (s *Service) tries(ctx context.Context, what string, enough int) (int, error) {
	n, err := s.store.CountRecords(ctx, recordThrottle, what, s.moment().Add(-throttleWindow))
	if err != nil || n <= enough {
		return n, err
	}
	ahead, err := s.store.CountRecords(ctx, recordThrottle, what, s.moment().Add(throttleWindow))
	return n - ahead, err
}

func tooManyTries() error {
	return &Error{Kind: KindThrottled, Key: "account.too_many_tries", Args: []any{int(throttleWindow.Minutes())}}
}

// guessesPerNetwork is how many unknown link tokens one network address may try
// in the window: a class of forty that all mistype one three times.
const guessesPerNetwork = 120

// MissedLink counts an unknown link token; KindThrottled once there were too many.
func (s *Service) MissedLink(ctx context.Context, network string) error {
	_, err := s.throttle(ctx, "link from "+network, guessesPerNetwork)
	return err
}

// startsPerNetwork is how many responses one network address may begin in the
// window: a school of six hundred, each of whom begins once.
const startsPerNetwork = 600

// Started counts a response that is about to begin on the server, where it stays
// whether or not it is ever sent; KindThrottled once there were too many.
func (s *Service) Started(ctx context.Context, network string) error {
	_, err := s.throttle(ctx, "start from "+network, startsPerNetwork)
	return err
}

// NetworkMark stands for a network address in the throttle: its hash under a key
// that is drawn anew each day and then deleted, so that no mark can be traced
// back, nor compared with another day's.
func (s *Service) NetworkMark(ctx context.Context, address string) (string, error) {
	day := s.moment().Format(time.DateOnly)
	key, ok := s.cache.dayKeys.ever(day)
	if !ok {
		var err error
		if key, err = s.dayKey(ctx, day); err != nil {
			return "", err
		}
		s.cache.dayKeys.putOnly(day, key, s.now())
	}
	return hashSecret(key + "\x00" + address), nil
}

// dayKey draws the key of the day, or reads the one that another instance drew.
func (s *Service) dayKey(ctx context.Context, day string) (string, error) {
	key, err := s.newID()
	if err != nil {
		return "", err
	}
	_, err = s.put(ctx, recordDayKey, day, "", "", 0, key)
	if kindOfNil(err) == KindConflict {
		return readRecord[string](ctx, s.store, recordDayKey, day)
	}
	if err != nil {
		return "", err
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordDayKey, s.moment().Truncate(24*time.Hour))
	return key, err
}
