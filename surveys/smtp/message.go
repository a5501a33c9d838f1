package smtp

import (
	"fmt"
	"strings"

	mailer "github.com/wneessen/go-mail"

	"soundings/surveys"
)

// message is a letter with its headers.
func (p *Post) message(l surveys.Letter) (*mailer.Msg, error) {
	m := mailer.NewMsg(mailer.WithNoDefaultUserAgent())
	if err := m.FromFormat(p.config.From.Name, p.config.From.Address); err != nil {
		return nil, fmt.Errorf("the sender's address: %w", err)
	}
	if err := m.EnvelopeFrom(strings.ReplaceAll(p.config.Bounces, "*", l.Tag)); err != nil {
		return nil, fmt.Errorf("the address for bounces: %w", err)
	}
	if err := m.AddToFormat(l.Name, l.To); err != nil {
		return nil, fmt.Errorf("the address of a letter: %w", err)
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(l.Written)
	m.SetMessageIDWithValue(fmt.Sprintf("letter.%s@%s", l.Tag, p.config.Host))
	m.SetGenHeader(mailer.HeaderContentLang, l.Language)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from machines
	m.SetGenHeader(mailer.HeaderXAutoResponseSuppress, "All")
	if l.Unsubscribe != "" {
		m.SetListUnsubscribe(l.Unsubscribe)
		if strings.HasPrefix(l.Unsubscribe, "https://") { // RFC 8058 wants it so
			m.SetListUnsubscribePost()
		}
	}
	m.SetBodyString(mailer.TypeTextPlain, l.Text)
	m.AddAlternativeString(mailer.TypeTextHTML, l.HTML)
	return m, nil
}
