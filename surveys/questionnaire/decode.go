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
// A number or a 0-10 scale is a JSON number, or the code (a string) of a choice
// that means "prefer not to say" or "don't know"; several choices are a list
// of strings; everything else is a string; null is blank. The elements of a
// linkage code are no answers and are refused here.
//
// Unlike ParseAnswers it ignores nothing. It returns Problems if the JSON is
// malformed, and otherwise FieldErrors: for names that the version does not
// have or that are not asked at wave, for values of another type, and all that
// ParseAnswers returns. Without an error Answers has every variable.
func (in *Instrument) DecodeAnswers(wave Wave, data []byte) (Answers, error) {
	if err := checkJSON(data, AnswersLimit, reflect.TypeFor[map[string]any]()); err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		return nil, refuseAt("", "%v", err)
	}
	raw, errs := Raw{}, FieldErrors{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		key := in.decode(wave, raw, name, values[name])
		if key != "" {
			control := shortControl(name)
			errs = append(errs, FieldError{Item: ItemID(control), Control: control, Key: key})
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	answers, _, errs := in.ParseAnswers(wave, nil, raw)
	if len(errs) > 0 {
		return nil, errs
	}
	return answers, nil
}

// decode puts one JSON value where a form would have it, or returns a key.
func (in *Instrument) decode(wave Wave, raw Raw, name string, value any) string {
	v, isOther := in.byID[ItemID(name)], false
	if v == nil {
		v, isOther = in.otherOf(name)
	}
	switch {
	case v == nil:
		return KeySendKnown
	case !v.AskedAt(wave):
		return KeySendAsked
	case value == nil:
		return ""
	}
	switch value := value.(type) {
	case string:
		return v.decodeString(raw, name, value, isOther)
	case float64:
		if v.takesNumber() && !isOther {
			raw[name] = []string{formatNumber(value)}
			return ""
		}
	case []any:
		return v.decodeList(raw, name, value, isOther)
	}
	return v.wants(isOther)
}

func (in *Instrument) otherOf(name string) (*Variable, bool) {
	id, ok := strings.CutSuffix(name, "__other")
	v := in.byID[ItemID(id)]
	if !ok || v == nil {
		return nil, false
	}
	if _, ok := v.withMeaning(MeaningOther); !ok {
		return nil, false
	}
	return v, true
}

// decodeString takes text, the code of a choice, and in place of a number only
// the code of a choice that stands for no answer.
func (v *Variable) decodeString(raw Raw, name, value string, isOther bool) string {
	_, isChoice := v.Choice(value)
	if !isOther && (v.Kind == KindMultipleChoice || v.takesNumber() && !isChoice) {
		return v.wants(false)
	}
	raw[name] = []string{value}
	return ""
}

func (v *Variable) decodeList(raw Raw, name string, values []any, isOther bool) string {
	if v.Kind != KindMultipleChoice || isOther {
		return v.wants(isOther)
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

func (v *Variable) takesNumber() bool { return v.Kind == KindNumber || v.Kind == KindScale0To10 }

// wants is the key that says what to send for v.
func (v *Variable) wants(isOther bool) string {
	switch {
	case isOther:
		return KeySendString
	case v.takesNumber():
		return KeySendNumber
	case v.Kind == KindMultipleChoice:
		return KeySendList
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
