package export

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// WriteGrid writes a result for a page that shows it: one JSON object with the columns,
// at most maxRows rows as lists, and whether there were more.
//
//	{"columns": [{"name": "round", "type": "VARCHAR"}], "rows": [["2020-3"]],
//	 "truncated": false, "elapsed_ms": 12}
//
// Values are as in json, but for numbers that JSON or a double cannot hold: these are strings
// of their digits, so that a browser shows what the database holds. elapsed_ms is what
// reading the result took.
func WriteGrid(w io.Writer, rows *sql.Rows, maxRows int) error {
	began := time.Now()
	from, err := newResult(rows)
	if err != nil {
		return fmt.Errorf("write a grid: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	line := []byte(`{"columns":[`)
	for i, c := range from.columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendJSONString(append(line, `{"name":`...), c.name)
		line = appendJSONString(append(line, `,"type":`...), c.declared)
		line = append(line, '}')
	}
	line = append(line, `],"rows":[`...)
	truncated := false
	for n := 0; ; n++ {
		more, err := from.next()
		if err != nil {
			return fmt.Errorf("write a grid: %w", err)
		}
		if !more {
			break
		}
		if n == maxRows {
			truncated = true
			break
		}
		if n > 0 {
			line = append(line, ',')
		}
		line = append(line, "\n["...)
		for i, value := range from.row {
			if i > 0 {
				line = append(line, ',')
			}
			if text := string(appendText(nil, from.columns[i].typ, value)); outgrows(value, text) {
				line = appendJSONString(line, text)
			} else {
				line = appendJSON(line, from.columns[i].typ, value)
			}
		}
		if _, err := out.Write(append(line, ']')); err != nil {
			return fmt.Errorf("write a grid: %w", err)
		}
		line = line[:0]
	}
	line = append(line, "],\"truncated\":"...)
	line = strconv.AppendBool(line, truncated)
	line = append(line, `,"elapsed_ms":`...)
	line = strconv.AppendInt(line, time.Since(began).Milliseconds(), 10)
	if _, err := out.Write(append(line, "}\n"...)); err != nil {
		return fmt.Errorf("write a grid: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write a grid: %w", err)
	}
	return nil
}

// outgrows says whether a number has more digits than any double keeps.
func outgrows(value any, text string) bool {
	switch v := value.(type) {
	case int64:
		return v > 1<<53 || v < -1<<53
	case uint64:
		return v > 1<<53
	case *big.Int, duckdb.Decimal:
		if strings.Contains(text, ".") {
			text = strings.TrimRight(text, "0")
		}
		digits := 0
		for i := range len(text) {
			if text[i] >= '0' && text[i] <= '9' && (digits > 0 || text[i] != '0') {
				digits++
			}
		}
		return digits > 15
	case float64:
		return math.IsNaN(v) || math.IsInf(v, 0)
	}
	return false
}
