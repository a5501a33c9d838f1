package questionnaire

// statement is words shown between the items. It has no variable.
type statement struct{}

func (statement) check(c *checker, item *Item) {
	c.only(item, []string{fieldPicture, fieldAlt})
	if item.Picture != "" {
		c.media(whereItem(item), "picture", item.Picture)
	}
	if (item.Picture != "") != (len(item.Alt) > 0) {
		c.fail(whereItem(item), "a picture and alt, the words for what it shows, go together")
	}
}

func (statement) variables(*Item, []string) []Variable { return nil }

func (statement) parse(*Variable, Raw) (Answer, *FieldError) {
	return Answer{Missing: NotAsked}, nil
}

func (statement) summary(v *Variable) Summariser { return newWordSummary(v) }

func (statement) required() string { return "" }

func (statement) show(*Variable, Answer, []string) string { return "" }
