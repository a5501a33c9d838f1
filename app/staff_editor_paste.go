package app

import (
	"strings"

	"soundings/surveys/questionnaire"
)

// pastedLine is one line of a pasted range: its words per language and, for a
// choice, its score.
type pastedLine struct {
	words questionnaire.Text
	score *float64
}

// pastedLines reads what was copied from a spreadsheet: a line for each row,
// tabs between its columns. Columns are the languages in their order; with
// scored, a column of numbers in every line is the score, wherever it stands.
// Lines and columns without words are left out.
func pastedLines(text string, languages []string, scored bool) []pastedLine {
	var table [][]string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		for i := range cells {
			cells[i] = unquoted(strings.TrimSpace(cells[i]))
		}
		table = append(table, cells)
	}
	score := -1
	if scored {
		score = scoreColumn(table)
	}
	var lines []pastedLine
	for _, cells := range table {
		if line := lineOf(cells, languages, score); len(line.words) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// unquoted takes off the quotes that a spreadsheet puts around a cell.
func unquoted(cell string) string {
	if len(cell) > 1 && cell[0] == '"' && cell[len(cell)-1] == '"' {
		return strings.ReplaceAll(cell[1:len(cell)-1], `""`, `"`)
	}
	return cell
}

// scoreColumn is the last column that is a number in every line of several
// columns; -1 if there is none.
func scoreColumn(table [][]string) int {
	found := -1
	for column := range columnsOf(table) {
		numbers := true
		for _, cells := range table {
			if column >= len(cells) || len(cells) < 2 {
				numbers = false
				break
			}
			number, err := numberOf(cells[column])
			numbers = numbers && err == nil && number != nil
		}
		if numbers {
			found = column
		}
	}
	return found
}

func columnsOf(table [][]string) int {
	n := 0
	for _, cells := range table {
		n = max(n, len(cells))
	}
	return n
}

func lineOf(cells, languages []string, score int) pastedLine {
	line := pastedLine{words: questionnaire.Text{}}
	next := 0
	for column, cell := range cells {
		if column == score {
			line.score, _ = numberOf(cell)
			continue
		}
		if next < len(languages) && cell != "" {
			line.words[languages[next]] = clean(cell)
		}
		next++
	}
	return line
}
