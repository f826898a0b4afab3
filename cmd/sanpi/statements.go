package main

import "strings"

// countStatements returns how many statements an SQL text holds, parted by ";".
// What stands in quotes or comments parts nothing, and comments alone are no
// statement. DuckDB's own parser would count, but reports SELECTs only.
func countStatements(text string) int {
	count, begun := 0, false
	for text != "" {
		token := sqlToken(text)
		switch {
		case token == ";":
			begun = false
		case strings.HasPrefix(token, "--"), strings.HasPrefix(token, "/*"), strings.TrimSpace(token) == "":
		case !begun:
			begun = true
			count++
		}
		text = text[len(token):]
	}
	return count
}

// sqlToken returns what a text begins with: a comment or a quoted text, whole, or
// one byte. What is not closed reaches to the end.
func sqlToken(text string) string {
	closed := func(opening, closing string) string {
		if end := strings.Index(text[len(opening):], closing); end >= 0 {
			return text[:len(opening)+end+len(closing)]
		}
		return text
	}
	switch {
	case strings.HasPrefix(text, "--"):
		return closed("--", "\n")
	case strings.HasPrefix(text, "/*"):
		return closed("/*", "*/")
	case text[0] == '\'', text[0] == '"':
		// A doubled quote is two texts side by side, which counts the same.
		return closed(text[:1], text[:1])
	case strings.HasPrefix(text, `e'`), strings.HasPrefix(text, `E'`):
		return escaped(text)
	case text[0] == '$':
		if end := strings.IndexByte(text[1:], '$'); end >= 0 && !strings.ContainsAny(text[1:1+end], " \t\n;'\"") {
			tag := text[:end+2]
			return closed(tag, tag)
		}
	}
	return text[:1]
}

// escaped returns the text e'…' in which a backslash hides a quote.
func escaped(text string) string {
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\'':
			return text[:i+1]
		}
	}
	return text
}
