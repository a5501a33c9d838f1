package xlsform

import (
	"slices"
	"strconv"

	"soundings/surveys/questionnaire"
)

// How an item is written in a spreadsheet, as far as its kind decides.

// typeOf is the type of an item, without the name of a list.
func typeOf(item *questionnaire.Item) string {
	switch item.Kind {
	case questionnaire.KindSingleChoice, questionnaire.KindFaces, questionnaire.KindPictures:
		return typeSelectOne
	case questionnaire.KindMultipleChoice:
		return typeSelectMultiple
	case questionnaire.KindRanking:
		return typeRank
	case questionnaire.KindScale, questionnaire.KindScale0To10:
		return typeRange
	case questionnaire.KindNumber:
		if item.Whole {
			return "integer"
		}
		return "decimal"
	case questionnaire.KindDate:
		return "date"
	case questionnaire.KindTime:
		return "time"
	case questionnaire.KindDateTime:
		return "dateTime"
	case questionnaire.KindAcknowledge, questionnaire.KindConsent:
		return "acknowledge"
	case questionnaire.KindStatement:
		return "note"
	case questionnaire.KindCalculated:
		return "calculate"
	case questionnaire.KindHidden:
		return typeOfHidden(item)
	case questionnaire.KindRating, questionnaire.KindThenNow, questionnaire.KindLinkageCode:
		return "begin_group"
	default:
		return "text"
	}
}

func typeOfHidden(item *questionnaire.Item) string {
	if slices.Contains([]string{questionnaire.FromStart, questionnaire.FromEnd, questionnaire.FromToday}, item.From) {
		return item.From
	}
	return "hidden"
}

// appearanceOf is the appearance that the kind of an item asks for, "" for none.
func appearanceOf(item *questionnaire.Item) string {
	switch {
	case item.Kind == questionnaire.KindLongText:
		return "multiline"
	case item.Kind == questionnaire.KindDate && item.Precision == questionnaire.PrecisionMonth:
		return "month-year"
	case item.Kind == questionnaire.KindDate && item.Precision == questionnaire.PrecisionYear:
		return "year"
	case item.Kind == questionnaire.KindRating && item.Grid:
		return "table-list"
	default:
		return ""
	}
}

// parametersOf are the parameters that an item asks for, "" for none.
func parametersOf(item *questionnaire.Item) string {
	switch {
	case item.Kind == questionnaire.KindScale0To10:
		return "start=0 end=10 step=1"
	case item.Kind == questionnaire.KindScale && item.Min != nil && item.Max != nil:
		step := 1.0
		if item.Step != nil {
			step = *item.Step
		}
		return "start=" + plainNumber(*item.Min) + " end=" + plainNumber(*item.Max) + " step=" + plainNumber(step)
	case item.Shuffle:
		return "randomize=true"
	default:
		return ""
	}
}

// number reads a number that a cell holds.
func number(cell string) (float64, bool) {
	value, err := strconv.ParseFloat(cell, 64)
	return value, err == nil && value-value == 0
}
