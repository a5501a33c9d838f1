package surveys

import "soundings/surveys/questionnaire"

// BatchFigures is how far a batch has come and how well it was keyed.
type BatchFigures struct {
	Keyed     int                // forms keyed once or twice
	Verified  int                // keyed twice, nothing left to settle
	Waiting   int                // keyed twice, differences to settle
	Alone     int                // keyed twice by one and the same person
	Compared  int                // answers compared: those of one form, for each form keyed twice
	Different int                // of them
	Items     []ItemDisagreement // those that differed on some form, in form order
	Unkeyed   []int              // numbers up to the highest keyed or declared that are not there
}

// ItemDisagreement is on how many forms the passes differed in one item.
type ItemDisagreement struct {
	Item             questionnaire.ItemID
	Forms, Different int
}

// Rate is Different of Forms, 0 to 1.
func (d ItemDisagreement) Rate() float64 { return rate(d.Different, d.Forms) }

// Rate is Different of Compared, 0 to 1.
func (f BatchFigures) Rate() float64 { return rate(f.Different, f.Compared) }

func rate(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// FiguresOf counts the forms of a batch, which in asks at the batch's wave.
func FiguresOf(b Batch, in *questionnaire.Instrument, forms []PaperForm) BatchFigures {
	figures := BatchFigures{Keyed: len(forms)}
	different, twice := map[questionnaire.ItemID]int{}, 0
	for _, f := range forms {
		if f.Second == nil {
			continue
		}
		twice++
		if f.Waits() {
			figures.Waiting++
		} else {
			figures.Verified++
		}
		if f.Second.By == f.First.By {
			figures.Alone++
		}
		for _, id := range f.Different {
			different[id]++
			figures.Different++
		}
	}
	compared := comparedAt(in, b.Wave)
	figures.Compared = twice * len(compared)
	for _, id := range compared {
		if different[id] > 0 {
			figures.Items = append(figures.Items, ItemDisagreement{id, twice, different[id]})
		}
	}
	figures.Unkeyed = unkeyed(b, forms)
	return figures
}

// comparedAt lists what two passes are compared in.
func comparedAt(in *questionnaire.Instrument, wave questionnaire.Wave) []questionnaire.ItemID {
	var ids []questionnaire.ItemID
	for _, v := range in.WrittenAt(wave) {
		ids = append(ids, v.ID)
	}
	if item, ok := in.LinkageCode(wave); ok {
		ids = append(ids, item.ID)
	}
	return ids
}

// unkeyed lists the numbers that are missing among forms, which are by number.
func unkeyed(b Batch, forms []PaperForm) []int {
	there, last := map[int]bool{}, b.Declared
	for _, f := range forms {
		there[f.Number], last = true, max(last, f.Number)
	}
	var missing []int
	for n := 1; n <= last; n++ {
		if !there[n] {
			missing = append(missing, n)
		}
	}
	return missing
}
