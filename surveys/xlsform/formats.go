package xlsform

import (
	"encoding/xml"
	"math"
	"strconv"
	"time"

	"soundings/surveys/sheets"
)

// styles reads how the numbers of cells are meant, by the number of their style.
func (p *pack) styles(part string) error {
	custom := map[string]sheets.Format{}
	inCells := false
	return p.each(part, func(_ *xml.Decoder, tag xml.StartElement) error {
		switch tag.Name.Local {
		case "numFmt":
			custom[attr(tag, "numFmtId")] = sheets.FormatOf(attr(tag, "formatCode"))
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs", "tableStyles":
			inCells = false
		case "xf":
			if !inCells {
				return nil
			}
			id := attr(tag, "numFmtId")
			kind, ok := custom[id]
			if !ok {
				kind = sheets.BuiltInFormat(id)
			}
			p.formats = append(p.formats, kind)
		}
		if len(p.formats) > maxStyles || len(custom) > maxStyles {
			return tooLarge("it has more formats than can be read")
		}
		return nil
	})
}

// numberText is the text of a number in a cell with this style.
func (p *pack) numberText(style, raw string) string {
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return cellText(raw)
	}
	kind := sheets.FormatNumber
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(p.formats) {
		kind = p.formats[n]
	}
	switch {
	case kind == sheets.FormatTruth && (number == 0 || number == 1):
		return booleanText(strconv.Itoa(int(number)))
	case kind == sheets.FormatTime && number >= 0 && number < 1e6, kind == sheets.FormatDate && number >= 0 && number < 1:
		return clockText(number)
	case kind == sheets.FormatDate && number >= 1 && number < 2_958_466: // 31 December 9999
		return p.dayText(number)
	default:
		return plainNumber(number)
	}
}

// plainNumber writes 5.0 as 5 and 0.1 as 0.1, and never 1e+06.
func plainNumber(number float64) string {
	if math.Abs(number) >= 1e21 {
		return strconv.FormatFloat(number, 'g', -1, 64)
	}
	if number == 0 {
		return "0"
	}
	return strconv.FormatFloat(number, 'f', -1, 64)
}

// dayText is a day and time counted in days. The calendar of 1900 counts a
// 29 February that there never was, so that days before it are one more.
func (p *pack) dayText(days float64) string {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case p.since04:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		days++
	}
	whole := math.Floor(days)
	seconds := math.Round((days - whole) * 86_400)
	return start.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second).Format(time.DateTime)
}

func clockText(days float64) string {
	if days >= 1 {
		days -= math.Floor(days)
	}
	seconds := time.Duration(math.Round(days*86_400)) * time.Second
	return time.Time{}.Add(seconds).Format(time.TimeOnly)
}

// isoText writes the ISO dates of strict workbooks like all others.
func isoText(raw string) string {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, raw); err == nil {
			return t.Format(time.DateTime)
		}
	}
	if t, err := time.Parse("15:04:05.999", raw); err == nil {
		return t.Format(time.TimeOnly)
	}
	return cellText(raw)
}
