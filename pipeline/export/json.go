package export

import (
	"bufio"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"
)

func writeJSON(w *bufio.Writer, from *result, _ Options) error {
	return writeObjects(w, from, "[", "\n", ",\n", "\n]\n", "]\n")
}

func writeNDJSON(w *bufio.Writer, from *result, _ Options) error {
	return writeObjects(w, from, "", "", "\n", "\n", "")
}

// writeObjects writes open, then before the first object first, between objects
// between, and at the end after; or none when there was no object.
func writeObjects(w *bufio.Writer, from *result, open, first, between, after, none string) error {
	keys := make([][]byte, len(from.columns))
	for i, c := range from.columns {
		keys[i] = append(appendJSONString(nil, c.name), ':')
	}
	line := []byte(open)
	lead, end := first, none
	for {
		more, err := from.next()
		if err != nil {
			return err
		}
		if !more {
			_, err := w.Write(append(line, end...))
			return err
		}
		line = append(append(line, lead...), '{')
		for i, value := range from.row {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendJSON(append(line, keys[i]...), from.columns[i].typ, value)
		}
		if _, err := w.Write(append(line, '}')); err != nil {
			return err
		}
		line = line[:0]
		lead, end = between, after
	}
}

// appendJSON appends a value as JSON. Numbers keep all their digits, a number
// that JSON does not have is null, a struct and a map are objects with their keys
// in DuckDB's order, a union is an object with its one tag, and what JSON has no
// form for is a string with its text. A JSON column has been decoded by the
// driver, so its keys come out sorted and its numbers as float64.
func appendJSON(dst []byte, t dataType, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendJSONString(dst, v)
	case float32:
		return appendJSONFloat(dst, float64(v), 32)
	case float64:
		return appendJSONFloat(dst, v, 64)
	case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, *big.Int, duckdb.Decimal:
		return appendText(dst, dataType{}, v)
	case duckdb.Union:
		return append(appendJSON(appendKey(dst, 0, v.Tag), t.part(v.Tag), v.Value), '}')
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, t.element(0), item)
		}
		return append(dst, ']')
	case map[string]any:
		return appendObject(dst, t, v)
	case duckdb.OrderedMap:
		if v.Len() == 0 {
			return append(dst, "{}"...)
		}
		values := v.Values()
		for i, key := range v.Keys() {
			dst = appendKey(dst, i, string(appendText(nil, t.element(0), key)))
			dst = appendJSON(dst, t.element(1), values[i])
		}
		return append(dst, '}')
	}
	return appendJSONString(dst, string(appendText(nil, t, value)))
}

func appendObject(dst []byte, t dataType, object map[string]any) []byte {
	members := t.parts
	if t.name != "STRUCT" {
		members = nil
		for name := range object {
			members = append(members, member{name: name})
		}
		slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	}
	if len(members) == 0 {
		return append(dst, "{}"...)
	}
	for i, m := range members {
		dst = appendJSON(appendKey(dst, i, m.name), m.typ, object[m.name])
	}
	return append(dst, '}')
}

// appendKey appends what stands before the i-th value of an object.
func appendKey(dst []byte, i int, name string) []byte {
	if i == 0 {
		dst = append(dst, '{')
	} else {
		dst = append(dst, ',')
	}
	return append(appendJSONString(dst, name), ':')
}

func appendJSONFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	return appendFloat(dst, f, bits)
}

// appendJSONString escapes only what JSON demands, so that Chinese text, < and &
// stay readable. Bytes that are not UTF-8 become U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
