package export

import (
	"bufio"
	"bytes"
)

// writeCSV tells NULL from an empty text by the quotes, which encoding/csv
// cannot do. DuckDB reads the difference back with allow_quoted_nulls = false.
func writeCSV(w *bufio.Writer, from *result, _ Options) error {
	var line, text []byte
	for i, c := range from.columns {
		line = appendField(line, i, []byte(c.name), false)
	}
	for {
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
		more, err := from.next()
		if !more {
			return err
		}
		line = line[:0]
		for i, value := range from.row {
			text = appendText(text[:0], from.columns[i].typ, value)
			line = appendField(line, i, text, value == nil)
		}
	}
}

// appendField appends the i-th field of a line, in quotes where it needs them.
func appendField(line []byte, i int, text []byte, null bool) []byte {
	if i > 0 {
		line = append(line, ',')
	}
	if null {
		return line
	}
	plain := len(text) > 0 && !bytes.ContainsAny(text, ",\"\r\n") &&
		text[0] != ' ' && text[len(text)-1] != ' '
	if plain {
		return append(line, text...)
	}
	line = append(line, '"')
	for _, b := range text {
		if b == '"' {
			line = append(line, '"')
		}
		line = append(line, b)
	}
	return append(line, '"')
}
