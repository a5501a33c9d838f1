package questionnaire

import "fmt"

// The kinds of item.
const (
	KindRating         Kind = "rating"          // a battery: rows that share choices
	KindThenNow        Kind = "then_now"        // a battery asked twice a row: how it was then, how it is now
	KindScale0To10     Kind = "scale_0_10"      // a whole number from 0 to 10
	KindFaces          Kind = "faces"           // one choice, shown as faces
	KindSingleChoice   Kind = "single_choice"   // one choice
	KindMultipleChoice Kind = "multiple_choice" // any number of choices
	KindNumber         Kind = "number"
	KindShortText      Kind = "short_text"   // one line
	KindLongText       Kind = "long_text"    // several lines
	KindStatement      Kind = "statement"    // shown, not answered
	KindConsent        Kind = "consent"      // yes or no
	KindLinkageCode    Kind = "linkage_code" // the elements of a self-made code, never an answer
	KindScale          Kind = "scale"        // points from Min to Max by Step, worded, one under another
	KindPictures       Kind = "pictures"     // one choice, shown as pictures
	KindRanking        Kind = "ranking"      // choices put into an order
	KindDate           Kind = "date"         // a day, a month or a year
	KindTime           Kind = "time"         // of the day
	KindDateTime       Kind = "date_time"
	KindAcknowledge    Kind = "acknowledge" // a box to tick; its value is OK
	KindCalculated     Kind = "calculated"  // worked out by Calculation, never shown
	KindHidden         Kind = "hidden"      // taken from the link's address or from the clock, never shown
)

// Kinds lists every kind of item, in the order of the documentation.
var Kinds = []Kind{
	KindRating, KindThenNow, KindScale0To10, KindFaces, KindSingleChoice, KindMultipleChoice,
	KindScale, KindPictures, KindRanking, KindNumber, KindDate, KindTime, KindDateTime, KindShortText, KindLongText,
	KindStatement, KindConsent, KindAcknowledge, KindLinkageCode, KindCalculated, KindHidden,
}

// behaviour is what one kind of item owns. Each kind implements it in a file
// of its own.
type behaviour interface {
	// check reports what is wrong with the definition of an item.
	check(c *checker, item *Item)
	// variables are the variables of an item; ID, Row, Moment, Label, Choices,
	// Open and Numeric are the kind's to fill in, and Compile adds the rest.
	variables(item *Item, languages []string) []Variable
	// parse reads one variable. Blank is an Answer that was NotReached, whether
	// or not the item is required.
	parse(v *Variable, raw Raw) (Answer, *FieldError)
	// required is the key of what a person is told who left a required item blank.
	required() string
	// show gives the words of a value in the first of langs that has any. It is
	// called only with answers that have a value.
	show(v *Variable, a Answer, langs []string) string
	// summary begins what the answers to a variable come to.
	summary(v *Variable) Summariser
}

// behaviourOf is the one switch that knows every kind.
func behaviourOf(kind Kind) (behaviour, error) {
	switch kind {
	case KindRating:
		return rating{}, nil
	case KindThenNow:
		return thenNow{}, nil
	case KindScale0To10:
		return scale0To10{}, nil
	case KindFaces:
		return faces{}, nil
	case KindSingleChoice:
		return singleChoice{}, nil
	case KindMultipleChoice:
		return multipleChoice{}, nil
	case KindNumber:
		return number{}, nil
	case KindShortText:
		return shortText{}, nil
	case KindLongText:
		return longText{}, nil
	case KindStatement:
		return statement{}, nil
	case KindConsent:
		return consent{}, nil
	case KindLinkageCode:
		return linkageCode{}, nil
	case KindScale:
		return scale{}, nil
	case KindPictures:
		return pictures{}, nil
	case KindRanking:
		return ranking{}, nil
	case KindDate:
		return date{}, nil
	case KindTime:
		return clock{}, nil
	case KindDateTime:
		return dateTime{}, nil
	case KindAcknowledge:
		return acknowledge{}, nil
	case KindCalculated:
		return calculated{}, nil
	case KindHidden:
		return hidden{}, nil
	default:
		return nil, fmt.Errorf("unknown kind %q", string(kind))
	}
}
