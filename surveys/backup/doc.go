// Package backup is the format of backup files: what is written, in which order,
// and how a reader knows that it is whole and unaltered. It knows no store and no
// record; package surveys says what goes into it.
//
// # The format, version 1
//
// A file is JSON lines, compressed with zstd, and encrypted with age where
// recipients are given. Standard tools read it:
//
//	age -d -i identity.txt FILE | zstd -dc | head -1
//
// The first line is the header, the last the trailer. Between them each line is an
// object of one member: its name is the section, its value a document.
//
//	{"soundings":"backup","format":1,"contents":"data","product":"v1.2.0","store":"sqlite","schema":4,"documents":1,"moment":"2026-11-27T03:00:00.000Z","id":"9c41…"}
//	{"responses":{"id":"0012…","programme":"7f3a…",…,"revision":1}}
//	{"linkages":{"response":"0012…",…}}
//	{"records/programme":{"id":"7f3a…",…,"body":{…}}}
//	{"gone":{"section":"responses","id":"0013…"}}
//	{"trailer":{"sections":[{"name":"linkages","lines":1,"sha256":"…","held":1,"sum":"…"},…],"still":true,"bytes":1234,"sha256":"…"}}
//
// A document that comes again in a section replaces the one before, and "gone" takes
// one away: that happens only where the store could not hold still while it was read
// (still is false).
//
// The trailer has for each section how many lines there are, the SHA-256 of their
// documents in the order of the file, each with a line feed, how many documents are
// held in the end, and the sum modulo 2^256, least byte first, of the SHA-256 of
// each, which needs no order: a restored store is compared by it. The last two
// members are the length and the SHA-256 of every line before the trailer.
//
// A reader refuses a file without a trailer (it was cut off), one whose hashes
// differ (it was altered), and a format it does not know. The hashes tell accidents.
// Who can write where backups lie can also write one that is whole: keep them where
// only those may write who may write to the store.
package backup
