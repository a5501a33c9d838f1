package bounces

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
)

// Limits of what is read.
const (
	MaxBytes      = 8 << 20 // of a file
	maxMessage    = 1 << 20 // of one message: the rest is not needed
	maxMessages   = 2000
	maxDepth      = 5
	maxRecipients = 100
	maxTags       = 20
)

// Report is what one notification says.
type Report struct {
	Tags       []string // of letters that it may be about, the likeliest first
	Recipients []Recipient
}

// Recipient is what became of one letter for one address.
type Recipient struct {
	Address string // lower case; "" if it is not said
	Action  string // failed, delayed, delivered, relayed, expanded
	Status  string // "5.1.1"; "" if it is not said
}

// Failed reports whether nothing will ever be delivered to r: a delay is none,
// nor is a mailbox that is full today (RFC 3463, X.2.2).
func (r Recipient) Failed() bool {
	return r.Action == "failed" && (r.Status == "" || strings.HasPrefix(r.Status, "5.")) && r.Status != "5.2.2"
}

// ErrNone says that there is no notification in a file.
var ErrNone = errors.New("no delivery status notification")

// Read returns the reports in a file: one message, or a mailbox of several. ErrNone
// if there is none; what is no notification among others is passed over.
func Read(r io.Reader) ([]Report, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes))
	if err != nil {
		return nil, err
	}
	var reports []Report
	for _, message := range messages(raw) {
		if report, ok := read(message); ok {
			reports = append(reports, report)
		}
	}
	if len(reports) == 0 {
		return nil, ErrNone
	}
	return reports, nil
}

// messages parts a mailbox file at its "From " lines; anything else is one message.
func messages(raw []byte) [][]byte {
	raw = bytes.TrimLeft(raw, "\r\n \t\ufeff")
	if !bytes.HasPrefix(raw, []byte("From ")) {
		return [][]byte{raw}
	}
	var all [][]byte
	for _, piece := range bytes.Split(append([]byte("\n"), raw...), []byte("\nFrom ")) {
		_, message, found := bytes.Cut(piece, []byte("\n"))
		if found && len(all) < maxMessages {
			all = append(all, message)
		}
	}
	return all
}

// read takes the report out of one message.
func read(raw []byte) (Report, bool) {
	if len(raw) > maxMessage {
		raw = raw[:maxMessage]
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Report{}, false
	}
	var report Report
	for _, name := range []string{"To", "X-Original-To", "Delivered-To", "X-Failed-Recipients"} {
		for _, value := range message.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			report.addTags(tagInAddress, value)
		}
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		report.addTags(tagInMessageID, message.Header.Get(name))
	}
	report.part(textproto.MIMEHeader(message.Header), message.Body, 0)
	return report, len(report.Recipients) > 0
}

// What a tag looks like: that of the envelope sender, and that of the Message-ID.
var (
	tagInAddress   = regexp.MustCompile(`[+=.-]([2-9a-hjkmnp-z]{16})@`)
	tagInMessageID = regexp.MustCompile(`letter\.([2-9a-hjkmnp-z]{16})@`)
)

func (r *Report) addTags(pattern *regexp.Regexp, text string) {
	for _, found := range pattern.FindAllStringSubmatch(strings.ToLower(text), maxTags) {
		if len(r.Tags) < maxTags && !slices.Contains(r.Tags, found[1]) {
			r.Tags = append(r.Tags, found[1])
		}
	}
}

// part reads one part of a message and those within it.
func (r *Report) part(header textproto.MIMEHeader, body io.Reader, depth int) {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || depth > maxDepth {
		return
	}
	body = decoded(header.Get("Content-Transfer-Encoding"), body)
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		parts := multipart.NewReader(body, params["boundary"])
		for {
			one, err := parts.NextRawPart()
			if err != nil {
				return
			}
			r.part(one.Header, one, depth+1)
		}
	case kind == "message/delivery-status", kind == "message/global-delivery-status":
		r.status(body)
	case kind == "message/rfc822", kind == "message/global", kind == "text/rfc822-headers", kind == "message/global-headers":
		r.returned(body)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// status reads the groups of fields: the first is about the message, each other
// about a recipient.
func (r *Report) status(body io.Reader) {
	lines := textproto.NewReader(bufio.NewReader(body))
	for len(r.Recipients) < maxRecipients {
		fields, err := lines.ReadMIMEHeader()
		if action := firstWord(fields.Get("Action")); action != "" {
			r.Recipients = append(r.Recipients, Recipient{addressIn(fields), action, firstWord(fields.Get("Status"))})
		}
		if err != nil {
			return
		}
	}
}

func firstWord(value string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(value)), " ")
	return word
}

// addressIn is the address that the letter was sent to, else where it ended.
func addressIn(fields textproto.MIMEHeader) string {
	for _, name := range []string{"Original-Recipient", "Final-Recipient"} {
		_, address, found := strings.Cut(fields.Get(name), ";")
		if found && strings.Contains(address, "@") {
			return strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>"))
		}
	}
	return ""
}

// returned reads the headers of the letter that came back.
func (r *Report) returned(body io.Reader) {
	fields, _ := textproto.NewReader(bufio.NewReader(body)).ReadMIMEHeader() // what was read before an error counts
	r.addTags(tagInMessageID, fields.Get("Message-Id"))
	r.addTags(tagInAddress, fields.Get("Return-Path"))
}
