package questionnaire

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// AnswersLimit is the size of the largest JSON body of answers, in bytes.
const AnswersLimit = 4 << 20

// DecodeAnswers reads the answers of one response from JSON, as a program
// sends them: one object, whose names are those of the controls of a form.
//
//	{"stress": 7, "gender": "f", "subjects": ["maths", "other"], "subjects__other": "Art", "why": null}
//
// A number, a scale or a 0-10 scale is a JSON number, or the code (a string) of a
// choice that means "prefer not to say" or "don't know"; several choices are a
// list of strings, a ranking one in its order; everything else is a string, dates
// in ISO form; null is blank. The elements of a linkage code are no answers and
// are refused here, and so is what is worked out.
//
// Unlike a form it ignores nothing. It returns Problems if the JSON is malformed,
// and otherwise FieldErrors: for names that the version does not have or that are
// not asked at the wave, for values of another type, and all that Read returns.
// Without an error Answers has every variable; what is off the path of these
// answers is in the second result.
func (in *Instrument) DecodeAnswers(sit Sitting, data []byte) (answers, aside Answers, err error) {
	if err := checkJSON(data, AnswersLimit, reflect.TypeFor[map[string]any]()); err != nil {
		return nil, nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		return nil, nil, refuseAt("", "%v", err)
	}
	raw, errs := Raw{}, FieldErrors{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		key := in.decode(sit.Wave, raw, name, values[name])
		if key != "" {
			control := shortControl(name)
			errs = append(errs, FieldError{Item: ItemID(control), Control: control, Key: key})
		}
	}
	if len(errs) > 0 {
		return nil, nil, errs
	}
	answers, aside, errs = in.Read(sit, nil, raw, nil)
	if len(errs) > 0 {
		return nil, nil, errs
	}
	return answers, aside, nil
}

// decode puts one JSON value where a form would have it, or returns a key.
func (in *Instrument) decode(wave Wave, raw Raw, name string, value any) string {
	v, beside := in.byID[ItemID(name)], ""
	if v == nil {
		v, beside = in.besideOf(name)
	}
	switch {
	case v == nil:
		return KeySendKnown
	case in.worksOut(v) && (v.Kind != KindHidden || v.Item.From != FromLink):
		return KeySendAnswer
	case !v.AskedAt(wave):
		return KeySendAsked
	case value == nil:
		return ""
	}
	switch value := value.(type) {
	case string:
		return v.decodeString(raw, name, value, beside)
	case float64:
		if v.takesNumber() && beside == "" {
			raw[name] = []string{formatNumber(value)}
			return ""
		}
	case []any:
		return v.decodeList(raw, name, value, beside)
	}
	return v.wants(beside)
}

// What may be sent beside an answer, by the end of its name.
const (
	besideOther = "__other" // the words of "other"
	besideOrder = "__order" // the order in which choices were shown
)

// besideOf finds the variable that a name stands beside, and how it does.
func (in *Instrument) besideOf(name string) (*Variable, string) {
	for _, beside := range []string{besideOther, besideOrder} {
		id, ok := strings.CutSuffix(name, beside)
		v := in.byID[ItemID(id)]
		if !ok || v == nil {
			continue
		}
		if _, hasOther := v.withMeaning(MeaningOther); beside == besideOther && hasOther || beside == besideOrder && v.Item.Shuffle {
			return v, beside
		}
	}
	return nil, ""
}

// decodeString takes text, the code of a choice, and in place of a number only
// the code of a choice that stands for no answer.
func (v *Variable) decodeString(raw Raw, name, value, beside string) string {
	_, isChoice := v.Choice(value)
	if v.takesList(beside) || beside == "" && v.takesNumber() && !isChoice {
		return v.wants(beside)
	}
	raw[name] = []string{value}
	return ""
}

func (v *Variable) decodeList(raw Raw, name string, values []any, beside string) string {
	if !v.takesList(beside) {
		return v.wants(beside)
	}
	codes := make([]string, len(values))
	for i, value := range values {
		code, ok := value.(string)
		if !ok || code == "" {
			return KeySendList
		}
		codes[i] = code
	}
	raw[name] = codes
	return ""
}

func (v *Variable) takesNumber() bool { return v.Kind == KindNumber || v.IsScale() }

func (v *Variable) takesList(beside string) bool {
	return beside == besideOrder || beside == "" && (v.Kind == KindMultipleChoice || v.Kind == KindRanking)
}

// wants is the key that says what to send for v, or beside it.
func (v *Variable) wants(beside string) string {
	switch {
	case v.takesList(beside):
		return KeySendList
	case beside != "":
		return KeySendString
	case v.takesNumber():
		return KeySendNumber
	default:
		return KeySendString
	}
}

// shortControl is a name fit to be repeated in an error: a name nobody could
// have given an item is cut to something readable.
func shortControl(name string) string {
	const limit = 80
	name = strings.ToValidUTF8(name, "\ufffd")
	if runes := []rune(name); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return name
}
