package surveys

import (
	"errors"

	"soundings/surveys/sheets"
)

// FromSheet makes what package sheets refuses an error of KindInvalid at a field
// of a form; any other error it returns as it is.
func FromSheet(err error, field string) error {
	var refused *sheets.Error
	if !errors.As(err, &refused) {
		return err
	}
	return &Error{Kind: KindInvalid, Key: refused.Key, Args: refused.Args, Field: field, Err: err}
}
