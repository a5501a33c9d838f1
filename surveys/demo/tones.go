package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// tone is what a reader of the demonstration says of a sentence: how it sounds, what
// it is about, and to which outcomes it speaks, the first that a form has.
type tone struct {
	sentence, theme string
	sounds          surveys.Sentiment
	outcomes        []questionnaire.ItemID
}

// makeThemes gives a programme the themes that its answers are about.
func (l *loader) makeThemes(ctx context.Context, h *history, id surveys.ProgrammeID) error {
	if l.tones == nil {
		table, err := readTable("data/tones.csv")
		if err != nil {
			return err
		}
		for _, row := range table {
			one := tone{sentence: row["sentence"], theme: row["theme"], sounds: surveys.Sentiment(row["tone"])}
			for _, outcome := range strings.Fields(row["outcomes"]) {
				one.outcomes = append(one.outcomes, questionnaire.ItemID(outcome))
			}
			l.tones = append(l.tones, one)
		}
		l.themes = map[surveys.ProgrammeID]map[string]surveys.ThemeID{}
	}
	l.themes[id] = map[string]surveys.ThemeID{}
	for _, one := range l.tones {
		if _, made := l.themes[id][one.theme]; made {
			continue
		}
		theme, err := h.next().CreateTheme(ctx, surveys.Theme{Programme: id, Name: one.theme})
		if err != nil {
			return fmt.Errorf("theme %s: %w", one.theme, err)
		}
		l.themes[id][one.theme] = theme.ID
	}
	return nil
}

// judge adds how an answer sounds, its themes and its outcome, by its sentences, and
// how closely its quote is attributed.
func (l *loader) judge(d *decision) {
	for _, one := range l.tones {
		if !strings.Contains(d.text, one.sentence) {
			continue
		}
		if id := l.themes[l.programme[d.form]][one.theme]; !slices.Contains(d.reading.Themes, id) {
			d.reading.Themes = append(d.reading.Themes, id)
		}
		d.reading.Sentiment = together(d.reading.Sentiment, one.sounds)
		for _, outcome := range one.outcomes {
			if _, has := l.asked[d.form].instrument.Measure(outcome); has && d.reading.Outcome == "" {
				d.reading.Outcome = outcome
			}
		}
	}
	if d.reading.Status == surveys.QuoteApproved {
		d.reading.Level = levels[d.form.strand.ID]
	}
}

// together is how an answer sounds of which a part sounds like each.
func together(a, b surveys.Sentiment) surveys.Sentiment {
	if a == surveys.SentimentNone || a == b {
		return b
	}
	return surveys.SentimentMixed
}
