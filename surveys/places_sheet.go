package surveys

import (
	"cmp"
	"slices"
	"strings"
)

// PlaceRow is one row of a sheet of institutions: one institution and one cohort
// at it. Neither has an id yet.
type PlaceRow struct {
	Row         int
	Institution Institution
	Cohort      Cohort // without a name: the institution's only one, or a new one called like it
}

// PlacesSheet is what a sheet of institutions holds.
type PlacesSheet struct {
	Columns []SheetColumn
	Rows    []PlaceRow // those without an error
	Read    int        // rows with something in them, below the headings
	Errors  []SheetError
}

// MaxPlaces is how many rows of institutions are read at once.
const MaxPlaces = 5000

// placeHeadings are the headings that each field is known by, as plainHeading
// writes them. Expected numbers are by strand: see expectedHeading.
var placeHeadings = map[string][]string{
	"name": {
		"name", "institution", "institution name", "name of institution", "name of the institution", "school", "school name", "name of school",
		"name of the school", "organisation", "organization", "organisation name", "setting", "nursery", "college", "department", "site", "place",
	},
	"kind":     {"kind", "type", "kind of institution", "institution type", "type of institution", "school type", "sort", "category"},
	"phase":    {"phase", "stage", "key stage", "level", "education phase", "phase of education"},
	"area":     {"area", "region", "borough", "district", "locality", "town", "ward", "local authority", "county", "city"},
	"language": {"language", "lang", "language of posters", "poster language", "posters language", "language of the posters", "language for posters", "language poster"},
	"cohort":   {"cohort", "cohort name", "name of cohort", "group", "class", "year group", "year", "series", "training group"},
	"starts":   {"starts", "start", "start date", "starting date", "first day", "from", "begins", "begin"},
	"ends":     {"ends", "end", "end date", "last day", "to", "until", "finish", "finishes"},
}

// countWords say in a heading that a number of people follows.
var countWords = []string{"expected", "expect", "number", "numbers", "no", "of", "how", "many", "count", "people", "total", "attending", "n"}

// placeField is the field that a heading stands for; "" for none.
func (p *Programme) placeField(heading string) string {
	for field, names := range placeHeadings {
		if slices.Contains(names, heading) {
			return field
		}
	}
	return p.expectedHeading(heading)
}

// expectedHeading knows "Pupils", "expected pupils", "Number of pupils" for the
// strand of that id, title or word for its people; "Expected" and "People" where
// the programme has one strand.
func (p *Programme) expectedHeading(heading string) string {
	words := strings.Fields(heading)
	rest := strings.Join(slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(countWords, word) }), " ")
	if len(words) == 0 {
		return ""
	}
	if rest == "" && len(p.Strands) == 1 {
		return expectedField(p.Strands[0].ID)
	}
	for _, strand := range p.Strands {
		for _, name := range []string{string(strand.ID), strand.Title, strand.People} {
			if name = plainHeading(name); name != "" && (name == rest || name == heading) {
				return expectedField(strand.ID)
			}
		}
	}
	return ""
}

func expectedField(id StrandID) string { return "expected[" + string(id) + "]" }

// ReadPlaces gives the rows of a sheet of institutions their meaning in p. It
// looks at the sheet alone; what is there already, Service.PlanPlaces knows.
func ReadPlaces(p Programme, lines []SheetLine) PlacesSheet {
	var sheet PlacesSheet
	at, columns, wrong := headings(lines, p.placeField)
	sheet.Columns, sheet.Errors = columns, wrong
	switch {
	case !slices.ContainsFunc(columns, func(c SheetColumn) bool { return c.Field == "name" }):
		sheet.Errors = append(sheet.Errors, SheetError{Key: "places.no_name_column"})
		return sheet
	case len(lines)-at-1 > MaxPlaces:
		sheet.Errors = append(sheet.Errors, SheetError{Key: "sheet.too_many_rows", Args: []any{MaxPlaces}})
		return sheet
	}
	reader := placesReader{programme: p, sheet: &sheet, rows: map[string]int{}, institutions: map[string]PlaceRow{}}
	for _, line := range lines[at+1:] {
		if line.blank() {
			continue
		}
		sheet.Read++
		reader.read(line)
	}
	return sheet
}

// placesReader reads row after row.
type placesReader struct {
	programme    Programme
	sheet        *PlacesSheet
	rows         map[string]int      // by institution and cohort: where it stands
	institutions map[string]PlaceRow // by name: the first row of each
	line         SheetLine
	wrong        []SheetError
}

func (r *placesReader) refuse(column, key string, args ...any) {
	r.wrong = append(r.wrong, SheetError{r.line.Number, column, key, args})
}

// read takes one row, or says all that is wrong with it.
func (r *placesReader) read(line SheetLine) {
	r.line, r.wrong = line, nil
	row := PlaceRow{Row: line.Number, Cohort: Cohort{Programme: r.programme.ID, Expected: map[StrandID]int{}}}
	row.Institution.Programme = r.programme.ID
	for i, column := range r.sheet.Columns {
		if text := line.cell(i); text != "" && column.Field != "" {
			r.take(&row, column, text)
		}
	}
	r.check(&row)
	r.compare(&row)
	if len(r.wrong) > 0 {
		r.sheet.Errors = append(r.sheet.Errors, r.wrong...)
		return
	}
	r.sheet.Rows = append(r.sheet.Rows, row)
}

// take puts one cell into the row.
func (r *placesReader) take(row *PlaceRow, column SheetColumn, text string) {
	ok := true
	switch column.Field {
	case "name":
		row.Institution.Name = text
	case "kind":
		row.Institution.Kind = text
	case "phase":
		row.Institution.Phase = text
	case "area":
		row.Institution.Area = text
	case "cohort":
		row.Cohort.Name = text
	case "language":
		if row.Institution.Language, ok = sheetLanguage(text); !ok {
			r.refuse(column.Heading, "places.language", Shorten(text))
		}
	case "starts", "ends":
		day := &row.Cohort.Starts
		if column.Field == "ends" {
			day = &row.Cohort.Ends
		}
		if *day, ok = sheetDate(text); !ok {
			r.refuse(column.Heading, "places.date", Shorten(text))
		}
	default:
		id := StrandID(strings.TrimSuffix(strings.TrimPrefix(column.Field, "expected["), "]"))
		if row.Cohort.Expected[id], ok = sheetCount(text); !ok {
			r.refuse(column.Heading, "places.number", Shorten(text))
		}
	}
}

// check says what the rules of an institution and a cohort refuse.
func (r *placesReader) check(row *PlaceRow) {
	wrong, err := broken(row.Institution)
	if err != nil {
		r.refuse("", "places.unreadable")
	}
	cohort := row.Cohort
	cohort.Name = cmp.Or(cohort.Name, row.Institution.Name, "?")
	inCohort, err := broken(cohort)
	if err != nil {
		r.refuse("", "places.unreadable")
	}
	for _, one := range inCohort {
		if one.Control == "name" {
			one.Control = "cohort"
		}
		wrong = append(wrong, one)
	}
	for _, one := range wrong {
		r.refuse(r.headingOf(one.Control), one.Key, one.Args...)
	}
	if cohort.Starts != "" && cohort.Ends != "" && cohort.Ends < cohort.Starts {
		r.refuse(r.headingOf("ends"), "cohort.ends_before_start")
	}
}

// headingOf is the heading over a field; its name where the sheet has none.
func (r *placesReader) headingOf(field string) string {
	for _, column := range r.sheet.Columns {
		if column.Field == field {
			return column.Heading
		}
	}
	return field
}

// compare looks at the rows before: the same institution and cohort may be there
// once, and an institution is the same in all of its rows.
func (r *placesReader) compare(row *PlaceRow) {
	name := nameKey(row.Institution.Name)
	if name == "" {
		return
	}
	key := name + "\x00" + nameKey(row.Cohort.Name)
	if before, twice := r.rows[key]; twice {
		r.refuse(r.headingOf("name"), "places.twice", before)
		return
	}
	r.rows[key] = row.Row
	first, known := r.institutions[name]
	if !known {
		r.institutions[name] = *row
		return
	}
	for _, part := range placeParts(&row.Institution, &first.Institution) {
		if *part.mine != "" && *part.there != "" && *part.mine != *part.there {
			r.refuse(r.headingOf(part.field), "places.differs", first.Row, *part.there)
		}
	}
}

// nameKey is a name as it is compared: without regard to case.
func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// part is one text of an institution beside that of another.
type part struct {
	field       string
	mine, there *string
}

// placeParts are the texts of an institution besides its name.
func placeParts(mine, there *Institution) []part {
	return []part{
		{"kind", &mine.Kind, &there.Kind}, {"phase", &mine.Phase, &there.Phase},
		{"area", &mine.Area, &there.Area}, {"language", &mine.Language, &there.Language},
	}
}
