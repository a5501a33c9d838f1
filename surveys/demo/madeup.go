package demo

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// What the reference data do not hold, as shares of those asked.
const (
	inArabic    = 0.12 // of responses without words, which is one in twelve of all
	leftBlank   = 0.06
	notSaid     = 0.03
	chosenOften = 0.45 // each choice of several
)

// usual are the bounds between which made-up numbers lie.
var usual = map[questionnaire.ItemID]struct{ low, high int }{
	"children":     {1, 4},
	"weeks_taught": {2, 30},
	"class_size":   {22, 31},
}

// drawing draws what is made up about one response. Each thing has a generator
// of its own, so that adding an item leaves the others as they are.
type drawing struct{ seed string }

// drawOf seeds by the numbers and the code of f, as they are after normalising:
// a form that was sent twice gets the same made-up answers twice. A form without
// a code is seeded by its id.
func (a asked) drawOf(f *filled) drawing {
	item, ok := a.instrument.LinkageCode(f.wave)
	if !ok {
		return drawing{string(f.id)}
	}
	seed := []string{string(a.questionnaire), string(f.wave), f.cohort}
	for _, prompt := range item.Prompts {
		typed := f.cells["code_"+string(prompt.ID)]
		// What cannot be read seeds nothing; Submit will say so.
		normal, _ := pairing.Normalise(pairing.ElementKind(prompt.Element), prompt.Length, typed)
		seed = append(seed, normal)
	}
	for i := range a.instrument.Variables() {
		if v := &a.instrument.Variables()[i]; v.Numeric {
			seed = append(seed, f.cells[column(v)])
		}
	}
	return drawing{strings.Join(seed, "\x00")}
}

// of returns the generator of one thing.
func (d drawing) of(thing string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(d.seed + "\x00" + thing)) // a hash takes any bytes
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

// answer makes an answer up; nil is blank, as is all text.
func (d drawing) answer(v *questionnaire.Variable) []string {
	r := d.of(string(v.ID))
	if r.Float64() < leftBlank {
		return nil
	}
	switch v.Kind {
	case questionnaire.KindSingleChoice:
		return one(r, v)
	case questionnaire.KindMultipleChoice:
		return several(r, v)
	case questionnaire.KindNumber:
		return number(r, usual[v.ID].low, usual[v.ID].high)
	}
	return nil
}

// one chooses one choice, the first ones more often; never "other", which asks
// for words.
func one(r *rand.Rand, v *questionnaire.Variable) []string {
	plain := ordinary(v)
	if i := with(v, questionnaire.MeaningDeclined); i >= 0 && r.Float64() < notSaid {
		return []string{v.Choices[i].Code}
	}
	return []string{plain[min(r.IntN(len(plain)), r.IntN(len(plain)))]}
}

// several chooses each choice or not, and "none of these" if it comes to that.
func several(r *rand.Rand, v *questionnaire.Variable) []string {
	chosen := slices.DeleteFunc(ordinary(v), func(string) bool { return r.Float64() >= chosenOften })
	if i := with(v, questionnaire.MeaningExclusive); i >= 0 && len(chosen) == 0 {
		return []string{v.Choices[i].Code}
	}
	return chosen
}

func number(r *rand.Rand, low, high int) []string {
	return []string{strconv.Itoa(low + r.IntN(high-low+1))}
}

// ordinary lists the codes of the choices without a meaning of their own.
func ordinary(v *questionnaire.Variable) []string {
	var codes []string
	for _, choice := range v.Choices {
		if choice.Meaning == "" {
			codes = append(codes, choice.Code)
		}
	}
	return codes
}

func with(v *questionnaire.Variable, meaning questionnaire.Meaning) int {
	return slices.IndexFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Meaning == meaning })
}

// started is when f was begun: two to nine minutes before it was sent.
func (d drawing) started(f *filled) time.Time {
	return f.submitted.Add(-2*time.Minute - time.Duration(d.of("started").IntN(7*60))*time.Second)
}

// language is that of f. Who wrote words wrote them in English.
func language(f *filled) string {
	if f.text() == "" && (drawing{string(f.id)}).of("language").Float64() < inArabic {
		return "ar"
	}
	return "en"
}

// mode is how the form was filled in: pupils share the school's tablets.
func (a asked) mode() surveys.Mode {
	if a.strand.ID == "pupils" {
		return surveys.ModeShared
	}
	return surveys.ModePhone
}
