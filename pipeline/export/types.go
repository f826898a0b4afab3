package export

import (
	"fmt"
	"strconv"
	"strings"
)

// A dataType is a DuckDB type as the driver names it:
//
//	type   = word | "DECIMAL(" width "," scale ")" | nested | type "[" [ size ] "]"
//	nested = "STRUCT(" fields ")" | "UNION(" fields ")" | "MAP(" type ", " type ")"
//	fields = `"` name `" ` type { ", " fields }
//
// A quote within a field's name is doubled. The driver hides two things: an
// ENUM's words, and that a text inside a list or struct is JSON.
type dataType struct {
	// name is the word before any bracket. LIST stands for lists and arrays.
	name string
	// width and scale are those of a DECIMAL.
	width, scale int32
	// parts are the members of a STRUCT or UNION, the element of a LIST, or the
	// key and the value of a MAP.
	parts []member
}

type member struct {
	name string
	typ  dataType
}

func (t dataType) isNumber() bool {
	switch t.name {
	case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL":
		return true
	}
	return t.isBigInteger()
}

// isBigInteger reports whether a column of this type may hold counts or sums of
// any size: what DuckDB gives for count(*) and sum(n).
func (t dataType) isBigInteger() bool {
	switch t.name {
	case "BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM":
		return true
	}
	return false
}

// part returns the type of a named member, or the zero type, which leaves the
// form of a value to the Go type that the driver gave it.
func (t dataType) part(name string) dataType {
	for _, m := range t.parts {
		if m.name == name {
			return m.typ
		}
	}
	return dataType{}
}

// element returns the type of the i-th part, or the zero type.
func (t dataType) element(i int) dataType {
	if i < len(t.parts) {
		return t.parts[i].typ
	}
	return dataType{}
}

func parseType(text string) (dataType, error) {
	t, rest, err := cutType(text)
	if err == nil && rest != "" {
		err = fmt.Errorf("%q follows the type", rest)
	}
	if err != nil {
		return dataType{}, fmt.Errorf("parse type %q: %w", text, err)
	}
	return t, nil
}

// cutType reads one type from the front of text.
func cutType(text string) (t dataType, rest string, err error) {
	end := strings.IndexAny(text, `([,)`)
	if end < 0 {
		end = len(text)
	}
	t.name, rest = text[:end], text[end:]
	if inner, ok := strings.CutPrefix(rest, "("); ok {
		switch t.name {
		case "DECIMAL":
			rest, err = t.cutDecimal(inner)
		case "STRUCT", "UNION":
			rest, err = t.cutParts(inner, true)
		case "MAP":
			rest, err = t.cutParts(inner, false)
		default:
			err = fmt.Errorf("%s takes no brackets", t.name)
		}
	}
	for err == nil && strings.HasPrefix(rest, "[") {
		_, after, ok := strings.Cut(rest, "]")
		if !ok {
			return t, rest, fmt.Errorf("%q has no ]", rest)
		}
		t, rest = dataType{name: "LIST", parts: []member{{typ: t}}}, after
	}
	return t, rest, err
}

func (t *dataType) cutDecimal(text string) (rest string, err error) {
	inner, rest, _ := strings.Cut(text, ")")
	width, scale, _ := strings.Cut(inner, ",")
	w, err := strconv.ParseInt(width, 10, 32)
	if err != nil {
		return rest, err
	}
	s, err := strconv.ParseInt(scale, 10, 32)
	t.width, t.scale = int32(w), int32(s)
	return rest, err
}

func (t *dataType) cutParts(text string, named bool) (rest string, err error) {
	for {
		var m member
		if named {
			if m.name, text, err = cutName(text); err != nil {
				return text, err
			}
		}
		if m.typ, text, err = cutType(text); err != nil {
			return text, err
		}
		t.parts = append(t.parts, m)
		if rest, ok := strings.CutPrefix(text, ")"); ok {
			return rest, nil
		}
		next, ok := strings.CutPrefix(text, ", ")
		if !ok {
			return text, fmt.Errorf("%s has no closing bracket", t.name)
		}
		text = next
	}
}

// cutName reads a quoted name and the space after it.
func cutName(text string) (name, rest string, err error) {
	for i := 1; i < len(text) && text[0] == '"'; i++ {
		switch {
		case text[i] != '"':
		case strings.HasPrefix(text[i:], `""`):
			i++
		case strings.HasPrefix(text[i:], `" `):
			return strings.ReplaceAll(text[1:i], `""`, `"`), text[i+2:], nil
		}
	}
	return "", text, fmt.Errorf("%q starts with no quoted name", text)
}
