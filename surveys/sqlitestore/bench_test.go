package sqlitestore_test

import (
	"testing"

	"soundings/surveys/storetest"
)

// BenchmarkStore has these budgets, on two cores that nothing else uses: 2,500
// durable submissions a second from one writer, 10,000 from 64; CPU per
// submission at 100,000 stored within 1.2 of that at 1,000; 100,000 responses of
// 30 answers streamed within 2 s. The disk's sync decides the first figure, so
// compare only runs on one machine.
func BenchmarkStore(b *testing.B) { storetest.BenchmarkStore(b, storetest.SQLite) }
