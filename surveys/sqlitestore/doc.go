// Package sqlitestore keeps everything in one SQLite file: the store that needs
// nothing installed. It follows the rules of surveys.Store.
//
// # What is stored
//
//	records    one row a record; body is its JSON
//	           programme | 7f3a… | "" | NULL | 1767225600000 | 1 | {"name":"Wild Walks"}
//	responses  one row a response; answers and aside are JSON objects by variable
//	           {"mood":{"number":7},"why":{"missing":"declined"}}
//	linkages   one row a linkage; elements are a JSON array of hexadecimal hashes
//	           ["9c41…","","07de…"]
//
// Times are milliseconds since 1970 in UTC. The tables, and each index with the
// query it serves, are in schema.go.
//
// # Durability
//
// The file is in WAL mode with synchronous=FULL, which every connection checks
// when it is opened: a write is on disk before its method returns. One writer
// takes what waits, runs it in one transaction and syncs once for all; a
// conflict of one caller leaves the others alone (writer.go). Readers have
// connections of their own, which cannot write.
//
// A caller whose context ends while its write waits in a group gets the
// context's error and does not learn whether the write was kept: it reads, or
// repeats the write, since every write under an id and a revision takes effect
// at most once.
//
// # Example
//
//	store, err := sqlitestore.Open(ctx, "/var/lib/soundings/soundings.db")
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	revision, err := store.PutRecord(ctx, record)
package sqlitestore
