package demo

import (
	"context"
	"sync"
)

// atOnce is how many send at a time: stores group what is written together.
const atOnce = 64

// each calls do for every one of things, atOnce at a time, and returns the first
// error; it begins nothing more after one.
func each[T any](ctx context.Context, things []T, do func(context.Context, T) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan T)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for thing := range queue {
				if ctx.Err() != nil {
					continue
				}
				if err := do(ctx, thing); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, thing := range things {
		select {
		case queue <- thing:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(queue)
	workers.Wait()
	return context.Cause(ctx)
}

// meter returns a function that counts one more thing done and tells report.
func meter(report func(done, total int), total int) func() {
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		if report != nil {
			report(done, total)
		}
	}
}
