package xlsform_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

// drawing makes valid definitions of everything that a questionnaire can hold.
type drawing struct {
	*rapid.T
	n         int // ids given out
	languages []string
	earlier   []string // names of short texts that expressions may look at
	consent   q.ItemID
	linked    bool
	scored    []q.ItemID // variables with scores 0 to n
}

func (d *drawing) yes(label string) bool { return rapid.Bool().Draw(d.T, label) }

// rarely is for what makes a definition unusual.
func (d *drawing) rarely(label string) bool { return rapid.IntRange(0, 9).Draw(d.T, label) == 0 }

func (d *drawing) id() q.ItemID {
	d.n++
	stem := rapid.SampledFrom([]string{"item", "q", "a_b", "x9", "meta", "data", "page", "calculate_the_number_of_all"}).Draw(d.T, "stem")
	return q.ItemID(fmt.Sprintf("%s_%d", stem, d.n))
}

// words have what is easily lost on the way through a spreadsheet.
func (d *drawing) words(label string) string {
	return rapid.StringMatching(`[A-Za-z<>&"'=+éß😀ء-ي_x00A-F\n\t ]{0,12}[a-z]`).Draw(d.T, label)
}

func (d *drawing) text(label string) q.Text {
	text := q.Text{d.languages[0]: d.words(label)}
	if d.rarely("pipes") && len(d.earlier) > 0 {
		text[d.languages[0]] += " ${" + rapid.SampledFrom(d.earlier).Draw(d.T, "piped") + "}"
	}
	for _, tag := range d.languages[1:] {
		if d.yes(label + " in " + tag) {
			text[tag] = d.words(label)
		}
	}
	return text
}

func (d *drawing) maybe(label string) q.Text {
	if d.yes("has " + label) {
		return d.text(label)
	}
	return nil
}

func (d *drawing) cells() q.Cells {
	if !d.rarely("cells") {
		return nil
	}
	return q.Cells{rapid.SampledFrom([]string{"note to self", "hxl", "bind::foo", "image", "guidance_hint", "appearance", "intent"}).Draw(d.T, "heading"): strings.TrimSpace(d.words("cell"))}
}

// condition is an expression over earlier answers, "" if there is none.
func (d *drawing) condition() string {
	if len(d.earlier) == 0 || !d.rarely("condition") {
		return ""
	}
	return "${" + rapid.SampledFrom(d.earlier).Draw(d.T, "looked at") + `} != 'x' and string-length("a  b") > 1`
}

func (d *drawing) choices(kind q.Kind, most int, meanings ...q.Meaning) []q.Choice {
	codes := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9_.-]{1,6}`), 2, most, rapid.ID).Draw(d.T, "codes")
	scores := kind != q.KindMultipleChoice && kind != q.KindRanking && d.yes("scored")
	columns := d.rarely("columns")
	var choices []q.Choice
	for i, code := range codes {
		choice := q.Choice{Code: code, Label: d.text("choice")}
		if scores {
			choice.Score = pointer(float64(i))
		}
		if kind == q.KindPictures {
			choice.Picture = strings.Repeat("ab", 32)
		}
		if columns {
			choice.Columns = q.Cells{"region": fmt.Sprint(i % 2), "image": "a.png"}
		}
		choices = append(choices, choice)
	}
	for _, meaning := range meanings {
		code := rapid.SampledFrom([]string{"other", "m-" + string(meaning)}).Draw(d.T, "code")
		if d.yes("has "+string(meaning)) && !slices.ContainsFunc(choices, func(c q.Choice) bool { return c.Code == code }) {
			choice := q.Choice{Code: code, Label: d.text("meaning"), Meaning: meaning}
			if meaning == q.MeaningOther && d.yes("as or_other") {
				choice.Label = q.Text{d.languages[0]: "Other"}
			}
			choices = append(choices, choice)
		}
	}
	return choices
}

func pointer(number float64) *float64 { return &number }

var missing = []q.Meaning{q.MeaningDeclined, q.MeaningDontKnow}

// item is a valid item of a kind.
func (d *drawing) item(kind q.Kind) q.Item {
	item := q.Item{ID: d.id(), Kind: kind, Label: d.text("label"), Hint: d.maybe("hint"), Sheet: d.cells(), Relevant: d.condition(),
		Sensitive: d.rarely("sensitive"), Locked: d.rarely("locked")}
	if d.rarely("named") && kind != q.KindRating && kind != q.KindThenNow && kind != q.KindLinkageCode {
		item.Name = rapid.SampledFrom([]string{"Naïve", "UPPER", "with-dash", "with blank", "other"}).Draw(d.T, "name") + string(item.ID)
	}
	if d.rarely("waves") && kind != q.KindConsent && kind != q.KindLinkageCode {
		item.Waves = []q.Wave{q.WavePost}
	}
	if d.rarely("library") {
		item.Library = "who-5"
	}
	if d.rarely("audio") {
		item.Audio = map[string]string{d.languages[0]: strings.Repeat("0f", 32)}
	}
	if kind != q.KindStatement && kind != q.KindCalculated && kind != q.KindHidden {
		d.ask(&item)
	}
	d.fill(&item)
	return item
}

// ask draws what must be answered and how.
func (d *drawing) ask(item *q.Item) {
	item.Required = d.yes("required")
	if item.Kind == q.KindLinkageCode {
		return
	}
	if d.rarely("required if") {
		item.RequiredIf = d.condition()
	}
	if d.rarely("messages") {
		item.RequiredMessage = d.text("required message")
		item.Constraint, item.ConstraintMessage = ". != 'zz'", d.text("constraint message")
	}
}

func (d *drawing) fill(item *q.Item) {
	kind := item.Kind
	switch kind {
	case q.KindRating, q.KindThenNow:
		item.Choices = d.choices(kind, 4, missing...)
		for range rapid.IntRange(1, 3).Draw(d.T, "rows") {
			d.n++
			item.Rows = append(item.Rows, q.Row{ID: q.ItemID(fmt.Sprintf("row_%d", d.n)), Label: d.text("row")})
		}
	case q.KindFaces, q.KindPictures:
		item.Choices = d.choices(kind, 5, missing...)
	case q.KindSingleChoice:
		item.Choices = d.choices(kind, 6, append(missing, q.MeaningOther)...)
		d.selects(item)
		if item.Choices[0].Score != nil {
			d.scored = append(d.scored, item.ID)
		}
	case q.KindMultipleChoice:
		item.Choices = d.choices(kind, 6, append(missing, q.MeaningExclusive, q.MeaningOther)...)
		d.selects(item)
	case q.KindRanking:
		item.Choices = d.choices(kind, 5)
		d.selects(item)
	case q.KindNumber:
		d.number(item)
	case q.KindScale:
		item.Min, item.Max = pointer(float64(rapid.IntRange(-3, 1).Draw(d.T, "min"))), pointer(float64(rapid.IntRange(2, 7).Draw(d.T, "max")))
		if d.yes("step") {
			item.Step = pointer(0.5)
		}
		item.Low, item.High = d.maybe("low"), d.maybe("high")
	case q.KindScale0To10:
		item.Low, item.High = d.maybe("low"), d.maybe("high")
		if d.yes("declines") {
			item.Choices = []q.Choice{{Code: "na", Label: d.text("declined"), Meaning: q.MeaningDeclined}}
		}
	case q.KindDate:
		item.Precision = rapid.SampledFrom([]string{"", q.PrecisionDay, q.PrecisionMonth, q.PrecisionYear}).Draw(d.T, "precision")
	case q.KindShortText:
		if d.rarely("default") {
			item.Default = rapid.SampledFrom([]string{"plain words", "today()", "concat('a', 'b')"}).Draw(d.T, "default")
		}
		name := item.ReferenceName()
		if strings.Contains(name, " ") || d.yes("by id") {
			name = string(item.ID)
		}
		d.earlier = append(d.earlier, name)
	case q.KindLongText:
		if d.consent != "" && d.yes("quotable") && len(item.Waves) == 0 {
			item.Quotable, item.Consent = true, d.consent
		}
	case q.KindConsent:
		item.Wording = "2026-1"
		d.consent = item.ID
	case q.KindLinkageCode:
		if item.Card = d.yes("card"); item.Card && d.yes("only cards") {
			return
		}
		for i, element := range []string{q.ElementLetters, q.ElementDay, q.ElementMonth, q.ElementCount} {
			prompt := q.Prompt{ID: q.ItemID(fmt.Sprintf("p%d", i)), Label: d.text("prompt"), Hint: d.maybe("prompt hint"), Element: element}
			if element == q.ElementLetters {
				prompt.Length = -2
			}
			item.Prompts = append(item.Prompts, prompt)
		}
	case q.KindCalculated:
		item.Calculation = "1 + 1"
		if condition := d.condition(); condition != "" {
			item.Calculation = condition
		}
	case q.KindHidden:
		item.From = rapid.SampledFrom([]string{q.FromLink, q.FromStart, q.FromEnd, q.FromToday, q.FromNothing}).Draw(d.T, "from")
	}
}

func (d *drawing) selects(item *q.Item) {
	item.Shuffle, item.Breakdown = d.rarely("shuffle"), item.Kind == q.KindSingleChoice && d.rarely("breakdown")
	if d.rarely("list") {
		item.List = rapid.SampledFrom([]string{"yes_no", "colours"}).Draw(d.T, "list")
	}
	if item.Choices[0].Columns != nil {
		item.Filter = "region = '1'"
	}
}

func (d *drawing) number(item *q.Item) {
	item.Whole, item.Unit = d.yes("whole"), d.maybe("unit")
	if d.yes("bounds") {
		item.Min = pointer(float64(rapid.IntRange(-5, 0).Draw(d.T, "min")))
	}
	if d.yes("upper bound") {
		item.Max = pointer(float64(rapid.IntRange(1, 500).Draw(d.T, "max")))
	}
}

// definition draws one to twenty items on parts, in groups that may go over
// several parts, with scales and measures.
func definition(t *rapid.T) q.Definition {
	d := &drawing{T: t, languages: rapid.SampledFrom([][]string{{"en"}, {"en", "ar"}, {"fr", "en", "x-ateso"}, {"ckb"}}).Draw(t, "languages")}
	out := q.Definition{Title: d.text("title"), Languages: d.languages, Intro: d.maybe("intro"), Readers: d.maybe("readers"),
		Thanks: d.maybe("thanks"), Help: d.maybe("help")}
	if d.rarely("settings") {
		out.Sheet = q.Cells{"style": "pages", "sms_keyword": "x", "version": "7"}
	}
	var group q.ItemID
	for range rapid.IntRange(1, 5).Draw(t, "parts") {
		part := q.Part{ID: d.id(), Auto: d.yes("auto")}
		if !part.Auto || d.rarely("auto with title") {
			part.Title, part.Sheet, part.Relevant = d.maybe("part title"), d.cells(), d.condition()
		}
		for range rapid.IntRange(1, 6).Draw(t, "items") {
			switch rapid.IntRange(0, 5).Draw(t, "group") {
			case 0:
				out.Groups = append(out.Groups, q.Group{ID: d.id(), In: group, Label: d.maybe("group label"), Relevant: d.condition(), Sheet: d.cells()})
				group = out.Groups[len(out.Groups)-1].ID
			case 1:
				group = ""
			}
			kind := rapid.SampledFrom(q.Kinds).Draw(t, "kind")
			if kind == q.KindLinkageCode && d.linked {
				kind = q.KindStatement
			}
			d.linked = d.linked || kind == q.KindLinkageCode
			item := d.item(kind)
			item.Group = group
			part.Items = append(part.Items, item)
		}
		out.Parts = append(out.Parts, part)
	}
	d.scales(&out)
	return out
}

func (d *drawing) scales(out *q.Definition) {
	if len(d.scored) == 0 || !d.yes("scale") {
		return
	}
	scale := q.Scale{ID: d.id(), Label: d.text("scale"), Items: d.scored, Reverse: d.scored[:1], Min: 0, Max: 5, Method: q.MethodSum, MinAnswered: 1,
		Source: "Own", Round: d.yes("round"), Bands: []q.Band{{Min: 0, Max: 3, Label: d.text("band")}}}
	out.Scales = append(out.Scales, scale)
	out.Measures = append(out.Measures, q.Measure{ID: "m", Of: scale.ID, Type: q.MeasureScore, Direction: q.DirectionHigher, MinChange: pointer(0.5), Top: []float64{1, 2}, Headline: true})
}
