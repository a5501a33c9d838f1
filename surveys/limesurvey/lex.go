package limesurvey

import (
	"regexp"
	"strings"
)

type tokenKind uint8

const (
	tokenNone tokenKind = iota
	tokenSign
	tokenNumber
	tokenString
	tokenName
)

type token struct {
	kind tokenKind
	text string
}

var (
	numberPattern = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?`)
	// A name may begin with digits: 282267X2473X22833SH101 names survey, group,
	// question and subquestion.
	namePattern = regexp.MustCompile(`^(?:[0-9]+X[0-9]+X[0-9]+)?[A-Za-z_0-9][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|^[0-9]+X[0-9]+X[0-9]+(?:\.[A-Za-z_][A-Za-z0-9_]*)*`)
	sgqaPattern = regexp.MustCompile(`^[0-9]+X[0-9]+X[0-9]+`)
	signPattern = regexp.MustCompile(`^(?:===?|!==?|<=|>=|&&|\|\||[-+*/!<>(),])`)
)

// signs are the operators of LimeSurvey and ours.
var signs = map[string]string{
	"==": "=", "===": "=", "!==": "!=", "&&": "and", "||": "or", "/": "div",
	"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "and", "or": "or",
}

// lex cuts an equation into tokens.
func lex(equation string) ([]token, error) {
	var tokens []token
	for rest := strings.TrimSpace(equation); rest != ""; rest = strings.TrimLeft(rest, " \t\r\n\u00a0") {
		next, length, err := nextToken(rest)
		if err != nil {
			return nil, err
		}
		tokens, rest = append(tokens, next), rest[length:]
	}
	return tokens, nil
}

func nextToken(rest string) (token, int, error) {
	switch {
	case rest[0] == '"' || rest[0] == '\'':
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return token{}, 0, untranslated("a quotation mark is not closed")
		}
		return token{tokenString, rest[1 : end+1]}, end + 2, nil
	case sgqaPattern.MatchString(rest):
		text := namePattern.FindString(rest)
		return token{tokenName, text}, len(text), nil
	case numberPattern.MatchString(rest):
		text := numberPattern.FindString(rest)
		return token{tokenNumber, text}, len(text), nil
	}
	if text := signPattern.FindString(rest); text != "" {
		return token{tokenSign, ours(text)}, len(text), nil
	}
	if text := namePattern.FindString(rest); text != "" {
		if sign := ours(strings.ToLower(text)); binding[sign] > 0 {
			return token{tokenSign, sign}, len(text), nil
		}
		return token{tokenName, text}, len(text), nil
	}
	return token{}, 0, untranslated("%q is not understood", firstRune(rest))
}

func ours(sign string) string {
	if other, ok := signs[sign]; ok {
		return other
	}
	return sign
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}
