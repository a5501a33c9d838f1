package questionnaire

import (
	"maps"
	"slices"
	"strings"
)

// What is different where the answers were written on paper: nobody could be
// asked again while they wrote. Nothing is required, "other" may be ticked without
// words, and an answer that is there may be unusable.

// MarkControl names the control that says why an answer on paper is unusable:
// Illegible or Ambiguous. It is read only where Sitting.Paper is set.
func MarkControl(variable ItemID) string { return string(variable) + "__mark" }

// onPaper reads a variable as it was keyed in from paper.
func (v *Variable) onPaper(raw Raw) (Answer, *FieldError) {
	switch mark := Missing(strings.Join(raw.given(MarkControl(v.ID)), " ")); mark {
	case "":
	case Illegible, Ambiguous:
		return Answer{Missing: mark}, nil
	default:
		return Answer{}, v.refuse(KeyChooseFromList)
	}
	answer, err := v.behaviour.parse(v, raw)
	if err == nil || err.Key != KeySayOther {
		return answer, err
	}
	worded := maps.Clone(raw)
	worded[OtherControl(v.ID)] = []string{"-"}
	answer, err = v.behaviour.parse(v, worded)
	answer.Text = ""
	return answer, err
}

// Controls names every control that v is read from.
func (v *Variable) Controls() []string {
	names := []string{string(v.ID), OtherControl(v.ID), OrderControl(v.ID), MarkControl(v.ID)}
	switch v.Kind {
	case KindRanking:
		for i := range v.Choices {
			names = append(names, RankControl(v.ID, i+1))
		}
	case KindDate, KindDateTime:
		for _, part := range []string{yearControl, monthControl, dayControl, clockControl} {
			names = append(names, PartControl(v.ID, part))
		}
	}
	return names
}

// WrittenAt lists the variables that a person writes an answer to on a form of
// this wave, in the order of the form: what is worked out is none.
func (in *Instrument) WrittenAt(wave Wave) []*Variable {
	var written []*Variable
	for i := range in.variables {
		if v := &in.variables[i]; v.AskedAt(wave) && !in.worksOut(v) {
			written = append(written, v)
		}
	}
	return written
}

// Agrees reports whether two readings of one written answer come to the same:
// words are compared without regard to capitals and blanks.
func (a Answer) Agrees(b Answer) bool {
	if a.isBlank() && b.isBlank() {
		return true
	}
	sameNumber := a.Number == nil && b.Number == nil || a.Number != nil && b.Number != nil && *a.Number == *b.Number
	return a.Missing == b.Missing && a.Choice == b.Choice && slices.Equal(a.Choices, b.Choices) && sameNumber && plainWords(a.Text) == plainWords(b.Text)
}

func plainWords(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }
