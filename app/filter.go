package app

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// A filter stands in an address as cohort=…&phase=…&from=2026-01-01&answer.sex=f:
// pages, forms and the API have the same names, each as often as there are values.

// answerPrefix begins the names of a filter's answers.
const answerPrefix = "answer."

// resultFilter is the filter of a request's address.
func resultFilter(c *fiber.Ctx) surveys.Filter {
	return filterOf(valuesOf(c.Request().URI().QueryArgs()))
}

// typedFilter is the filter of a posted form.
func typedFilter(c *fiber.Ctx) surveys.Filter { return filterOf(valuesOf(c.Request().PostArgs())) }

func valuesOf(args *fasthttp.Args) url.Values {
	values := url.Values{}
	args.VisitAll(func(name, value []byte) { values.Add(string(name), string(value)) })
	return values
}

// filterOf is the filter that named values say, in its normal form. Names it does
// not know are another's.
func filterOf(values url.Values) surveys.Filter {
	f := surveys.Filter{
		Cohorts: listOf[surveys.CohortID](values, "cohort"), Institutions: listOf[surveys.InstitutionID](values, "institution"),
		Phases: listOf[string](values, "phase"), Areas: listOf[string](values, "area"), Languages: listOf[string](values, "language"),
		From: strings.TrimSpace(values.Get("from")), To: strings.TrimSpace(values.Get("to")),
		Answers: map[questionnaire.ItemID][]string{},
	}
	for name, codes := range values {
		if item, ok := strings.CutPrefix(name, answerPrefix); ok {
			f.Answers[questionnaire.ItemID(item)] = codes
		}
	}
	return f.Normal()
}

func listOf[T ~string](values url.Values, name string) []T {
	var list []T
	for _, value := range values[name] {
		list = append(list, T(value))
	}
	return list
}

// filterValues is f as an address has it.
func filterValues(f surveys.Filter) url.Values {
	values := url.Values{}
	addAll(values, "cohort", f.Cohorts)
	addAll(values, "institution", f.Institutions)
	addAll(values, "phase", f.Phases)
	addAll(values, "area", f.Areas)
	addAll(values, "language", f.Languages)
	for item, codes := range f.Answers {
		addAll(values, answerPrefix+string(item), codes)
	}
	if f.From != "" {
		values.Set("from", f.From)
	}
	if f.To != "" {
		values.Set("to", f.To)
	}
	return values
}

func addAll[T ~string](values url.Values, name string, list []T) {
	for _, one := range list {
		values.Add(name, string(one))
	}
}

// filterView is the filter of a page: what may be chosen, what is, in words.
type filterView struct {
	Sentence string // "" if everybody is in the figures
	Chips    []chip
	Controls []field  // one for each way of choosing, to add to what is chosen
	Hidden   []hidden // what is chosen, so that a form adds to it
	From, To string   // days
	Clear    string   // address without a filter
}

// chip is one thing that is chosen, with the address of the page without it.
type chip struct{ Label, Without string }

// hidden is one value that a form carries along.
type hidden struct{ Name, Value string }

// filterView shows the filter f of the page at address; kept is what else stands in
// the page's address.
func filterViewOf(d *surveys.Dataset, f surveys.Filter, address string, kept url.Values) filterView {
	parts := outcomes.FilterParts(d, f, languageName)
	view := filterView{Sentence: outcomes.FilterSentence(parts), From: f.From, To: f.To, Clear: withQuery(address, kept), Controls: filterControls(d, f)}
	all := filterValues(f)
	for name, values := range kept {
		all[name] = append(all[name], values...)
	}
	for _, part := range parts {
		view.Chips = append(view.Chips, chip{chipLabel(part), withQuery(address, without(all, part))})
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if name == "from" || name == "to" {
			continue
		}
		for _, value := range all[name] {
			view.Hidden = append(view.Hidden, hidden{name, value})
		}
	}
	return view
}

// chipLabel names what is chosen and by what.
func chipLabel(part outcomes.FilterPart) string {
	if part.By == "period" {
		return part.Label
	}
	return cmp.Or(part.About, reachKinds[part.By]) + ": " + part.Label
}

// without is values less one part of the filter.
func without(values url.Values, part outcomes.FilterPart) url.Values {
	left := url.Values{}
	name := part.By
	if part.By == "answer" {
		name = answerPrefix + string(part.Item)
	}
	for key, list := range values {
		for _, value := range list {
			gone := key == name && value == part.Value || part.By == "period" && (key == "from" || key == "to")
			if !gone {
				left.Add(key, value)
			}
		}
	}
	return left
}

func withQuery(address string, values url.Values) string {
	if len(values) == 0 {
		return address
	}
	return address + "?" + values.Encode()
}

// filterControls are lists of what may be chosen; one with nothing to choose
// between is left out.
func filterControls(d *surveys.Dataset, f surveys.Filter) []field {
	var phases, areas []string
	cohorts, institutions := []choiceOption{}, []choiceOption{}
	used := map[surveys.InstitutionID]bool{}
	for _, id := range d.CohortOrder {
		phases, areas = append(phases, d.PhaseOf(id)), append(areas, d.InstitutionOf(id).Area)
		cohorts = append(cohorts, choiceOption{string(id), d.Cohorts[id].Name, d.InstitutionOf(id).Name})
		if i := d.InstitutionOf(id); i.ID != "" && !used[i.ID] {
			used[i.ID] = true
			institutions = append(institutions, choiceOption{string(i.ID), i.Name, ""})
		}
	}
	byLabel := func(a, b choiceOption) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) }
	slices.SortStableFunc(institutions, byLabel)
	controls := []field{
		filterControl("phase", "Phase", plainOptions(phases), f.Phases),
		filterControl("area", "Area", plainOptions(areas), f.Areas),
		filterControl("institution", "Institution", institutions, f.Institutions),
		filterControl("cohort", "Cohort", cohorts, f.Cohorts),
		filterControl("language", "Language", languagesAsked(d), f.Languages),
	}
	controls = append(controls, answerControls(d, f)...)
	return slices.DeleteFunc(controls, func(c field) bool { return len(c.Options) < 2 })
}

// answerControls are the items by whose answers results may be narrowed.
func answerControls(d *surveys.Dataset, f surveys.Filter) []field {
	var controls []field
	for _, v := range d.Latest.Variables() {
		if v.Item == nil || !v.Item.Breakdown {
			continue
		}
		var options []choiceOption
		for _, choice := range v.Choices {
			options = append(options, choiceOption{choice.Code, labelOf(choice.Label), ""})
		}
		controls = append(controls, filterControl(answerPrefix+string(v.ID), labelOf(v.Label), options, f.Answers[v.ID]))
	}
	return controls
}

// filterControl is a list to add to what is chosen, without what is chosen already.
func filterControl[T ~string](name, label string, options []choiceOption, chosen []T) field {
	left := []choiceOption{{"", "Any", ""}}
	if len(chosen) > 0 {
		left[0].Label = "Add another"
	}
	for _, option := range options {
		if !slices.Contains(chosen, T(option.Value)) {
			left = append(left, option)
		}
	}
	if len(options) < 2 {
		left = nil
	}
	return field{Form: "filter", Kind: "select", Name: name, Label: label, Options: left}
}

// plainOptions are values that are their own names, each once, in order.
func plainOptions(values []string) []choiceOption {
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	var options []choiceOption
	for _, value := range values {
		if value != "" {
			options = append(options, choiceOption{value, value, ""})
		}
	}
	return options
}

// languagesAsked are the languages that the strand's questionnaires have.
func languagesAsked(d *surveys.Dataset) []choiceOption {
	var options []choiceOption
	seen := map[string]bool{}
	for _, form := range d.Instruments {
		for _, tag := range form.Version().Definition.Languages {
			if !seen[tag] {
				seen[tag] = true
				options = append(options, choiceOption{tag, languageName(tag), ""})
			}
		}
	}
	return options
}
