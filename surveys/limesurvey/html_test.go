package limesurvey_test

import (
	"testing"

	"soundings/surveys/limesurvey"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, html, want string
		media            bool
	}{
		{"text", "How are you?", "How are you?", false},
		{"entities", "Tom &amp; J&eacute;r&ocirc;me &lt;3", "Tom & Jérôme <3", false},
		{"paragraphs", "<p>One</p>\n<p>\n\tTwo&nbsp; three</p>\n", "One\nTwo three", false},
		{"break", "One<br />two<BR>three", "One\ntwo\nthree", false},
		{"inline", "Do <b>not</b> <em>worry</em>.", "Do not worry.", false},
		{"list", "<ul><li>tea</li><li>milk</li></ul>", "• tea\n• milk", false},
		{"table", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2", false},
		{"style_and_script", "<style>p{color:red}</style>Hi<script>alert(1)</script>", "Hi", true},
		{"picture", `<img src="x.png" onerror="alert(1)">Look`, "Look", true},
		{"less_than", "if 3 < 4 and 5 > 4", "if 3 < 4 and 5 > 4", false},
		{"unclosed", "<p>One <b>two", "One two", false},
		{"nothing", "<p>&nbsp;</p>", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, media := limesurvey.Plain(tc.html); got != tc.want || media != tc.media {
				t.Errorf("Plain(%q) = %q, %v; want %q, %v", tc.html, got, media, tc.want, tc.media)
			}
		})
	}
}
