package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"soundings/surveys"
)

// benchAnswers is how many items the responses of the benchmarks have.
const benchAnswers = 30

// BenchmarkStore measures a store: durable submissions from 1, 16 and 64
// respondents at once, their cost as the store grows, counts and the stream.
func BenchmarkStore(b *testing.B, open func(testing.TB) surveys.Store) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("PutResponse/writers=%d", writers), func(b *testing.B) {
			BenchmarkPutResponse(b, open(b), 0, writers)
		})
	}
	for _, stored := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("Growth/stored=%d", stored), func(b *testing.B) {
			store := open(b)
			Fill(b, store, stored)
			BenchmarkPutResponse(b, store, stored, 16)
		})
	}
	b.Run("Read/stored=100000", func(b *testing.B) {
		store := open(b)
		Fill(b, store, 100_000)
		b.Run("Responses", func(b *testing.B) { BenchmarkResponses(b, store, 100_000) })
		b.Run("CountResponses", func(b *testing.B) { benchmarkCount(b, store) })
	})
}

// BenchmarkPutResponse stores b.N responses with linkages, the first one being
// number from, and reports how many were durable per second.
func BenchmarkPutResponse(b *testing.B, store surveys.Store, from, writers int) {
	b.ReportAllocs()
	b.ResetTimer()
	submit(b, store, from, b.N, writers)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "durable/s")
}

// Fill stores n example responses of 30 answers with linkages.
func Fill(tb testing.TB, store surveys.Store, n int) {
	tb.Helper()
	submit(tb, store, 0, n, 64)
}

// submit stores n responses from that many goroutines.
func submit(tb testing.TB, store surveys.Store, from, n, writers int) {
	tb.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				r := ExampleResponse(from+k, benchAnswers)
				l := &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: exampleElements}
				if err := store.PutResponse(context.Background(), r, l); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// exampleElements have the shape of four keyed hashes.
var exampleElements = []string{
	"5f1d7a84db00d2fce00b31a7fc73224f", "9e107d9d372bb6826bd81d3542a419d6",
	"e4d909c290d0fb1ca068ffaddf22cbd0", "0cc175b9c0f1b6a831c399e269772661",
}

// BenchmarkResponses streams the responses of Fill.
func BenchmarkResponses(b *testing.B, store surveys.Store, want int) {
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range store.Responses(b.Context(), programme, strand) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != want {
			b.Fatalf("streamed %d responses, want %d", n, want)
		}
	}
	b.ReportMetric(float64(want)*float64(b.N)/b.Elapsed().Seconds(), "responses/s")
}

func benchmarkCount(b *testing.B, store surveys.Store) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.CountResponses(b.Context(), programme); err != nil {
			b.Fatal(err)
		}
	}
}
