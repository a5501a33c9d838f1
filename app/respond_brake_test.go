package app

import (
	"strconv"
	"testing"
	"time"
)

// submits is how many forms a network may send in these tests.
const submits = 1200

func TestBrake(t *testing.T) {
	t.Parallel()
	b := brake{most: submits}
	now := time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)
	for i := range submits {
		if !b.take("school", now) {
			t.Fatalf("form %d is refused", i+1)
		}
	}
	if b.take("school", now) {
		t.Error("one form more is taken")
	}
	if !b.take("another", now) {
		t.Error("another network pays for it")
	}
	now = now.Add(submitWindow / submits)
	if !b.take("school", now) || b.take("school", now) {
		t.Error("the bucket is not filled by one in its time")
	}
	if now = now.Add(time.Hour); !b.take("school", now.Add(-2*time.Hour)) && !b.take("school", now) {
		t.Error("a clock that goes back holds the school up")
	}
}

func TestBrakeIsBounded(t *testing.T) {
	t.Parallel()
	b := brake{most: submits}
	now := time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)
	for i := range 2 * networksKnown {
		if !b.take(strconv.Itoa(i), now) {
			t.Fatalf("network %d is refused", i)
		}
	}
	if n := len(b.buckets); n > networksKnown {
		t.Errorf("%d networks are known, want at most %d", n, networksKnown)
	}
}
