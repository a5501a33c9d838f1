package storetest

import "strings"

// naughty are texts that storage has been known to change, refuse or run.
var naughty = []string{
	"0", "-1", "null", "undefined", "NaN", "true", " ", "\t\n\v\f\r", "line\nbreak\r\n",
	`"`, `'`, "`", `\`, `\\`, `\"`, `\n`, `\u0000`, `{"$gt":""}`, `[]`, `}`, `","choice":"x`,
	"$", "$where", "$ne", "a.b.c", "..", "x$", "programme/Name.$set", "%s %d %00 %2F", "?", ":id", "@p1",
	"'; DROP TABLE responses; --", `" OR ""="`, "1;SELECT 1", "<script>alert(1)</script>", "=1+1", "../../etc/passwd",
	"Zoë", "Zoe\u0308", "İstanbul ı", "ﬀ", "Ω≈ç√", "社會科學院", "田中さん", "المدرسة", "\u202eright to left\u202c", "שלום",
	"👩🏽‍🏫", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇺🇳", "\u200b", "\ufeff", "\u2028\u2029", "\ufffd", "\u0001\u001f\u007f", "Z̮̞̠͙͔͇̬̕ͅalgo",
	strings.Repeat("é", 5000),
}
