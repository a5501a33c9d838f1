// Package bounces reads what mail servers say of letters that they could not
// deliver: delivery status notifications (RFC 3464), one message or a mailbox file
// of several.
//
// Of each it takes the letter's tag, by the address that the notification was sent
// to ("bounces+k3m9…@…") or the Message-ID of the letter returned with it, and of
// each recipient the action and the status. It trusts nothing: parts within parts,
// lengths and numbers of recipients have limits, and what is no notification is no
// report.
//
//	Final-Recipient: rfc822; teacher@school.example
//	Action: failed
//	Status: 5.1.1
//
// becomes Report{Tags: ["k3m9…"], Recipients: [{Action: "failed", Status: "5.1.1"}]}.
package bounces
