// Package mongostore keeps everything in one MongoDB database. It follows the
// rules of surveys.Store with single-document writes only: no transactions, no
// partial and no TTL indexes. Bson tags are nowhere else in the product.
//
// # What is stored
//
// Collection records, one document a record; "unique" holds the key, or for a
// record without one its id, so that one plain unique index serves both:
//
//	{_id: "link/7f3a…", kind: "link", scope: "p1", unique: "key/h3k9…", at: ISODate(…), revision: 1, body: "{…}"}
//
// Collection responses; answers by variable, as surveys names them:
//
//	{_id: "9c41…", programme: "p1", strand: "pupils", cohort: "c1", wave: "pre", …,
//	 answers: {mood: {number: 7}, why: {missing: "declined"}}, aside: {}, revision: 1}
//
// Collection linkages, apart from the responses:
//
//	{_id: "9c41…", programme: "p1", strand: "pupils", elements: ["07de…", ""]}
//
// The indexes, each with the query it serves, are in schema.go; Open makes them.
//
// # Durability and order
//
// Writes wait for a majority (write concern majority, journaled as the server's
// default has it) and reads see only what a majority has, so nothing that was
// thanked for is rolled back. A linkage is written before its response: a crash
// between them leaves a linkage of nothing, which the repeated submission uses.
// Two different first submissions under one id within the same moment can leave
// the winner with the linkage of the other; the id is drawn at random by the
// phone, so it takes one phone sending two forms at once.
//
// A caller whose context ends while a write is on its way does not learn
// whether it was kept: it reads, or repeats the write, since every write under
// an id and a revision takes effect at most once.
//
// # Sharding
//
// One unsharded database serves millions of responses. To spread them:
//
//	sh.shardCollection("soundings.responses", {_id: "hashed"})
//	sh.shardCollection("soundings.linkages", {_id: "hashed"})
//
// Ids are random, so writes spread evenly, and an id stays unique since equal
// ids meet on one shard. records must stay unsharded: its second unique index
// could not be kept.
//
// # Example
//
//	store, err := mongostore.Open(ctx, "mongodb://db.example.org/soundings")
//	if err != nil {
//		return err
//	}
//	defer store.Close()
package mongostore
