// Package export writes the result of a DuckDB query for people and programs.
//
//	table   aligned columns for a terminal; numbers are grouped for the eye
//	csv     RFC 4180 with LF line ends; NULL is an empty field, an empty text is ""
//	json    one array of objects, one object a line, keys in column order
//	ndjson  the same objects without the array
//	arrow   an Arrow IPC stream in record batches of 8192 rows
//	parquet a Parquet file of the same types
//
// Every format but table and parquet streams: a row is written before the next one
// is read.
// An output that an error cut short is never closed, so a json array without its
// bracket, or an arrow stream without its end mark, is not a whole result.
//
// A value has one text in every format:
//
//	DECIMAL              all digits of its scale: 280000000000.0000 (table: 280,000,000,000)
//	FLOAT, DOUBLE        the shortest digits that read back the same; nan, inf, -inf
//	DATE                 2021-01-01
//	TIMESTAMP            2021-01-01T10:00:00.5, and with Z for TIMESTAMPTZ
//	TIME, TIMETZ         10:00:00.5, 10:00:00.5+08:00
//	INTERVAL             1 year 2 months 3 days 04:00:05.5, as DuckDB prints it
//	BLOB, GEOMETRY       lower-case hexadecimal digits
//	LIST, STRUCT, MAP    JSON text
package export

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Formats lists the names a user may ask for, in help order.
var Formats = []string{"table", "csv", "json", "ndjson", "arrow", "parquet"}

// ErrFormat is returned for a name that is not in Formats.
var ErrFormat = errors.New("unknown format")

// Options say how a result is shown. The zero value is good for every format.
type Options struct {
	// Width is the number of terminal columns a table may take; 0 is no limit.
	Width int
	// MaxRows cuts a table after so many rows, and the table says how many it
	// leaves out; 0 shows all. The other formats always write every row.
	MaxRows int
	// Lang is the language of a table's last lines: "zh", else English.
	Lang string
}

// An encoder reads a result to its end and writes it. Its caller flushes w.
type encoder func(w *bufio.Writer, from *result, opt Options) error

// The order is that of Formats.
var encoders = []struct {
	format string
	encode encoder
}{
	{"table", writeTable},
	{"csv", writeCSV},
	{"json", writeJSON},
	{"ndjson", writeNDJSON},
	{"arrow", writeArrow},
	{"parquet", writeParquet},
}

// Write streams rows in the named format. The rows must come from the duckdb
// driver; they are read to the end and remain the caller's to close. Columns that
// share a name are told apart as name, name_2, name_3. After an error w may hold
// part of the result.
func Write(w io.Writer, format string, rows *sql.Rows, opt Options) error {
	for _, e := range encoders {
		if e.format != format {
			continue
		}
		from, err := newResult(rows)
		if err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
		out := bufio.NewWriterSize(w, 1<<16)
		if err := e.encode(out, from, opt); err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
		return nil
	}
	return fmt.Errorf("%w %q, choose one of %s", ErrFormat, format, strings.Join(Formats, ", "))
}

// A column of a result. Names are unique within it.
type column struct {
	name     string
	typ      dataType
	declared string // the type as DuckDB writes it
}

// A result is a cursor over rows with the types of its columns.
type result struct {
	columns []column
	// row holds the values after next has returned true, nil for NULL.
	row     []any
	rows    *sql.Rows
	targets []any
}

func newResult(rows *sql.Rows) (*result, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	r := &result{
		columns: make([]column, len(types)),
		row:     make([]any, len(types)),
		rows:    rows,
		targets: make([]any, len(types)),
	}
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name()
	}
	for i, name := range uniqueNames(names) {
		typ, err := parseType(types[i].DatabaseTypeName())
		if err != nil {
			return nil, fmt.Errorf("read column %q: %w", name, err)
		}
		r.columns[i] = column{name, typ, types[i].DatabaseTypeName()}
		r.targets[i] = &r.row[i]
	}
	return r, nil
}

// next reads one row. It returns false without an error after the last one.
func (r *result) next() (bool, error) {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return false, fmt.Errorf("read rows: %w", err)
		}
		return false, nil
	}
	if err := r.rows.Scan(r.targets...); err != nil {
		return false, fmt.Errorf("read row: %w", err)
	}
	return true, nil
}

// uniqueNames gives the second and later bearers of a name the first of the
// suffixes _2, _3, … that no other column has.
func uniqueNames(names []string) []string {
	taken := map[string]bool{}
	unique := slices.Clone(names)
	for i, name := range names {
		if slices.Index(names, name) == i {
			taken[name] = true
		}
	}
	for i, name := range names {
		for n := 2; slices.Index(names, name) < i && unique[i] == name; n++ {
			if numbered := name + "_" + strconv.Itoa(n); !taken[numbered] {
				unique[i], taken[numbered] = numbered, true
			}
		}
	}
	return unique
}
