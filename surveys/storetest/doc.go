// Package storetest is the contract of surveys.Store as tests, which every
// store runs, with what tests of other packages need of a store: new empty
// ones, one that fails on purpose, and benchmarks.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, storetest.SQLite)
//	}
//
// # MongoDB
//
// Mongo and MongoURI use the server that SOUNDINGS_TEST_MONGODB_URI names. If it
// is not set they build and start the stand-in in folder ferretdb (a module of
// its own, so that the product does not depend on it). They make databases named
// soundings_test_<16 hexadecimal digits> and drop only those. With -short they
// skip the test.
package storetest
