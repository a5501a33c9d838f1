package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"soundings/surveys"
)

// classSize is how many pupils were in a workshop, about.
const classSize = 28

// themes are those of the workshops, in the order a school has them.
var themes = []string{"Names for feelings", "Asking for help", "Getting on with others", "When a friend is sad", "Staying calm", "Saying no"}

// leaders lead them in turn.
var leaders = []string{"Ana", "Bilal", "Cerys"}

// postersIn are the languages of schools whose posters are in another than that
// of the questionnaire.
var postersIn = map[string]string{"Canal Street Primary": "ar", "Fairlea Primary": "pl"}

// setUpWorkshops gives a cohort its workshops, two days apart, where its teachers
// rate them: one for each class. Of every fourth nobody counted the pupils.
func (l *loader) setUpWorkshops(ctx context.Context, h *history, p surveys.Programme, c surveys.Cohort) error {
	if c.Expected["teachers"] == 0 {
		return nil
	}
	first, err := time.Parse(time.DateOnly, c.Starts)
	if err != nil {
		return fmt.Errorf("reading the first day of %s: %w", c.Name, err)
	}
	classes := max(1, c.Expected["pupils"]/classSize)
	for i := range classes {
		w := surveys.Workshop{
			Programme: p.ID, Cohort: c.ID, Title: themes[i%len(themes)], Date: first.AddDate(0, 0, 7+2*i).Format(time.DateOnly),
			LedBy: leaders[i%len(leaders)], Attended: c.Expected["pupils"] / classes,
		}
		if i%4 == 3 {
			w.Attended = 0
		}
		if _, err := h.next().CreateWorkshop(ctx, w); err != nil {
			return fmt.Errorf("workshop %s: %w", w.Title, err)
		}
	}
	return nil
}

// findWorkshops remembers the links of a programme's workshops, by the name of
// their cohort.
func (l *loader) findWorkshops(ctx context.Context, p surveys.Programme, cohorts map[surveys.CohortID]string) error {
	links, err := l.service.Links(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, link := range links {
		if link.Workshop != "" {
			name := cohorts[link.Cohort]
			l.workshops[name] = append(l.workshops[name], link.Token)
		}
	}
	return nil
}

// rated is the link of the workshop that f rates; "" if it rates none.
func (l *loader) rated(f *filled) string {
	tokens := l.workshops[f.cohort]
	if f.form.strand.Design != surveys.DesignRating || len(tokens) == 0 {
		return ""
	}
	sum := fnv.New32a()
	sum.Write([]byte(f.id)) // a hash takes any bytes
	return tokens[int(sum.Sum32()%uint32(len(tokens)))]
}
