// Package smtp takes letters to a mail server by SMTP (RFC 5321), one connection
// for a batch, and says of each letter what became of it.
//
// The server is reached encrypted unless it is on this machine or the settings say
// otherwise: by STARTTLS, which is then required, or by TLS from the start on port
// 465. A password never travels in clear.
//
// A letter's envelope sender carries its tag where the address for bounces has a
// "*" ("bounces+*@example.org"), and its Message-ID always does, so that a report
// of a mail server names the letter and no address needs to be looked up:
//
//	Message-ID: <letter.k3m9…@feedback.example.org>
//
// The same letter sent again has the same Message-ID.
package smtp
