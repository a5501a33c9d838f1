package app

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// ambiguousProtocol marks a request that was refused because of its header.
const ambiguousProtocol = "ambiguous"

// ambiguous reports whether a proxy before us could read another end of this request
// than we do: what we took for the next request would be the rest of its body, written
// by somebody else (request smuggling). fasthttp lets such headers pass.
//
// Source: RFC 9112, 6.1 and 6.3: such a request ought to be refused and the connection
// closed.
func ambiguous(header *fasthttp.RequestHeader) bool {
	lengths, encodings := 0, 0
	for line := range bytes.SplitSeq(header.RawHeaders(), []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			continue
		}
		name, value, named := bytes.Cut(line, []byte(":"))
		if !named || len(bytes.TrimSpace(name)) != len(name) || bytes.ContainsAny(line, "\r\x00") {
			return true // a folded line, a space before the colon, a line within the line
		}
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte(fiber.HeaderContentLength)):
			lengths++
			if !isLength(value) {
				return true
			}
		case bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding)):
			encodings++
			if !bytes.EqualFold(value, []byte("chunked")) || !header.IsHTTP11() {
				return true
			}
		}
	}
	return lengths+encodings > 1
}

// isLength reports whether value is a length that nobody reads in another way.
func isLength(value []byte) bool {
	const mostDigits = 15
	for _, digit := range value {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return len(value) > 0 && len(value) <= mostDigits
}

// refuseAmbiguous has fasthttp refuse the request without reading on: it takes the body
// for too large, and closes the connection after the answer.
func refuseAmbiguous(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	header.SetProtocol(ambiguousProtocol)
	header.SetContentLength(2)
	header.SetConnectionClose()
	return fasthttp.RequestConfig{MaxRequestBodySize: 1}
}
