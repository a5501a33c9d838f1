package app

import (
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// pointsOf are the points of a scale, one under another: those that have a choice
// of their number have its words, the ends those of Low and High.
func (s *Server) pointsOf(v visit, item *questionnaire.Item, name string) []choiceView {
	worded := map[string]choiceView{}
	var apart []choiceView
	for _, choice := range item.Choices {
		view := s.choiceView(v, name, choice)
		if choice.Meaning != "" {
			apart = append(apart, view)
			continue
		}
		worded[choice.Code] = view
	}
	values := pointValues(item)
	points := make([]choiceView, 0, len(values)+len(apart))
	for i, value := range values {
		point := choiceView{Value: value, Number: true}
		switch view, ok := worded[value]; {
		case ok:
			point.Label = view.Label
		case i == 0:
			point.Label = v.words(item.Low)
		case i == len(values)-1:
			point.Label = v.words(item.High)
		}
		points = append(points, point)
	}
	return append(points, apart...)
}

// mostPoints bounds the points of a scale, whatever its definition says.
const mostPoints = 101

// pointValues are the numbers of a scale's points, as they are written.
func pointValues(item *questionnaire.Item) []string {
	from, to, step := 0.0, 10.0, 1.0
	if item.Min != nil {
		from = *item.Min
	}
	if item.Max != nil {
		to = *item.Max
	}
	if item.Step != nil && *item.Step > 0 {
		step = *item.Step
	}
	n := int(min(mostPoints, math.Floor((to-from)/step+1e-9)+1))
	values := make([]string, max(0, n))
	for i := range values {
		point := math.Round((from+float64(i)*step)*1e9) / 1e9 // 0.1+0.2 is 0.3
		values[i] = strconv.FormatFloat(point, 'f', -1, 64)
	}
	return values
}

// piecesOf are the controls of an item that needs several for one answer.
func (s *Server) piecesOf(v visit, item *questionnaire.Item) []fieldView {
	switch item.Kind {
	case questionnaire.KindRanking:
		return s.ranksOf(v, item)
	case questionnaire.KindDate, questionnaire.KindDateTime:
		return s.datePieces(v, item)
	}
	return nil
}

// ranksOf are the lists of a ranking: one a choice, in the order shown, with the
// place that the choice is given. A list's control has the number of its choice in
// the definition, from 1.
func (s *Server) ranksOf(v visit, item *questionnaire.Item) []fieldView {
	shown := v.choices(item)
	ranks := make([]fieldView, 0, len(shown))
	for _, choice := range shown {
		n := slices.IndexFunc(item.Choices, func(c questionnaire.Choice) bool { return c.Code == choice.Code })
		name := questionnaire.RankControl(item.ID, n+1)
		ranks = append(ranks, fieldView{
			Lang: v.lang, Name: name, DOM: controlDOMID(name), Label: v.words(choice.Label), Plain: choice.Code,
			Choices: numbered(1, len(shown)), Place: v.placeOf(item, n),
		})
	}
	return ranks
}

// pieceKeys are the keys of what the pieces of a date are called.
var pieceKeys = map[string]string{
	precisionDay: "respond.day", precisionMonth: "respond.month", precisionYear: "respond.year", pieceTime: "respond.time",
}

// pieceTime is the time of the day in a date with a time.
const pieceTime = "time"

// datePieces are the controls of a date: lists for day and month, the month by
// name, and a line for the year; the time of a date with a time is the browser's
// own control. They are the same with and without JavaScript, on every phone and
// in each direction of writing, which a browser's control for dates is not: it
// speaks the language of the phone, not of the page.
func (s *Server) datePieces(v visit, item *questionnaire.Item) []fieldView {
	pieces := s.inOrder(v.lang, pieceNames(item))
	fields := make([]fieldView, len(pieces))
	for i, piece := range pieces {
		name := questionnaire.PartControl(item.ID, piece)
		fields[i] = fieldView{Lang: v.lang, Kind: piece, Name: name, DOM: controlDOMID(name), Label: textHTML(s.locales.say(v.lang, pieceKeys[piece]))}
		switch piece {
		case precisionDay:
			fields[i].Choices = numbered(1, 31)
		case precisionMonth:
			fields[i].Choices = s.monthChoices(v.lang)
		}
	}
	return fields
}

// pieceNames are the pieces of a date that is as precise as the item asks.
func pieceNames(item *questionnaire.Item) []string {
	switch item.Precision {
	case precisionMonth:
		return []string{precisionMonth, precisionYear}
	case precisionYear:
		return []string{precisionYear}
	}
	if item.Kind == questionnaire.KindDateTime {
		return []string{precisionDay, precisionMonth, precisionYear, pieceTime}
	}
	return []string{precisionDay, precisionMonth, precisionYear}
}

// inOrder are pieces of a date in the order of the language.
func (s *Server) inOrder(lang string, pieces []string) []string {
	order := append(s.locales.dateOrder(lang), pieceTime)
	return slices.DeleteFunc(order, func(piece string) bool { return !slices.Contains(pieces, piece) })
}

// pieceControls names the controls of an item that has several for one answer.
func pieceControls(item *questionnaire.Item) []string {
	var names []string
	switch item.Kind {
	case questionnaire.KindRanking:
		for n := range item.Choices {
			names = append(names, questionnaire.RankControl(item.ID, n+1))
		}
	case questionnaire.KindDate, questionnaire.KindDateTime:
		for _, piece := range pieceNames(item) {
			names = append(names, questionnaire.PartControl(item.ID, piece))
		}
	}
	return names
}

// isoPlaces says which characters of an ISO date, 2026-03-07T09:30, a piece is.
var isoPlaces = map[string][2]int{precisionYear: {0, 4}, precisionMonth: {5, 7}, precisionDay: {8, 10}, pieceTime: {11, 16}}

// fillPieces puts what was given, and what is wrong with it, into the controls of
// an item with several. A ranking may come as codes in their order.
func (s *Server) fillPieces(v visit, field *fieldView, f filled) {
	for i := range field.Pieces {
		piece := &field.Pieces[i]
		piece.Value = strings.Join(f.raw[piece.Name], " ")
		if place, ok := isoPlaces[piece.Kind]; ok && piece.Value == "" && len(field.Value) >= place[1] {
			piece.Value = field.Value[place[0]:place[1]]
			if piece.Kind == precisionDay || piece.Kind == precisionMonth {
				piece.Value = strings.TrimPrefix(piece.Value, "0")
			}
		}
		if rank := slices.Index(f.raw[field.Name], piece.Plain); piece.Kind == "" && piece.Value == "" && rank >= 0 {
			piece.Value = strconv.Itoa(rank + 1)
		}
		if e, ok := f.errs.For(piece.Name); ok {
			field.Error = s.message(v, e)
		}
	}
}

// mediaPath is the address of a recording or a picture, "" if there is none.
func (v visit) mediaPath(id string) string {
	if id == "" {
		return ""
	}
	return v.path("/media/" + id)
}

// Columns are the words over the columns of a grid.
func (i itemView) Columns() []template.HTML {
	if len(i.Fields) == 0 {
		return nil
	}
	columns := make([]template.HTML, len(i.Fields[0].Choices))
	for n, choice := range i.Fields[0].Choices {
		columns[n] = choice.Label
	}
	return columns
}
