package limesurvey

// CountsOf is what a file holds, whether or not it can be used.
func CountsOf(data []byte) (Counts, []string, error) {
	doc, err := readDocument(data)
	if err != nil {
		return Counts{}, nil, err
	}
	s, err := readSurvey(doc)
	if err != nil {
		return Counts{}, nil, err
	}
	return s.counts(0), s.languages, nil
}

// Translate puts an equation into an expression beside a survey of five questions.
func Translate(equation string) (string, error) {
	c := newConverter(&survey{settings: record{cells: map[string]string{"sid": "1"}}, languages: []string{"en"}})
	for i, q := range []*question{
		{code: "gender", letter: "L", other: true, answers: []*answer{{code: "M"}, {code: "F"}}},
		{code: "age", letter: "N"},
		{code: "likes", letter: "M", other: true, subs: []*question{{code: "tea"}, {code: "milk"}}},
		{code: "happy", letter: "A", subs: []*question{{code: "home"}, {code: "school"}}},
		{code: "why", letter: "T"},
	} {
		q.group, q.id = "2", digits(i+3)
		c.plan(q)
	}
	return translate(equation, true, c.resolve)
}

// Plain is the text of an HTML fragment.
func Plain(fragment string) (string, bool) { return plain(fragment) }
