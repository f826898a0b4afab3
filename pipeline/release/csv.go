package release

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// dangerous is how a text begins that a spreadsheet would run, behind any spaces
// and marks that it passes over; and one that begins with the apostrophe, so that
// the guard can be told from a text's own.
const dangerous = `^(?:[\s\pZ\pC]*[=+\-@＝＋－＠]|[\t\r\n'])`

var dangerousText = regexp.MustCompile(dangerous)

// Guard puts an apostrophe before a text that a spreadsheet would run as a formula,
// or that begins with an apostrophe. Numbers and dates are never guarded: -5 stays -5.
func Guard(text string) string {
	if dangerousText.MatchString(text) {
		return "'" + text
	}
	return text
}

// Unguard undoes Guard: a text loses the apostrophe it begins with.
func Unguard(text string) string { return strings.TrimPrefix(text, "'") }

// guarded is Guard in SQL. What begins with a letter, a digit or a Chinese
// character, as nearly everything does, never meets the pattern.
func guarded(text string) string {
	return fmt.Sprintf(`case when %[1]s between '0' and ':' or %[1]s between 'A' and '~' or %[1]s between '一' and '龥' then %[1]s
		when regexp_matches(%[1]s, %[2]s) then '''' || %[1]s else %[1]s end`, text, engine.Literal(dangerous))
}

// textOf is a column's value as a text: a list as JSON, a time by ISO 8601.
func textOf(c catalog.Column) string {
	name := engine.Quote(c.Name)
	switch {
	case strings.HasSuffix(c.Type, "[]"):
		return "to_json(" + name + ")::varchar"
	case c.Type == "TIMESTAMP":
		return "strftime(" + name + ", '%Y-%m-%dT%H:%M:%S')"
	case c.Type == "VARCHAR":
		return name
	}
	return name + "::varchar"
}

// csvColumn is a column as the CSV files have it.
func csvColumn(c catalog.Column) string {
	value := textOf(c)
	if c.Type == "VARCHAR" {
		value = guarded(value)
	} else if value == engine.Quote(c.Name)+"::varchar" {
		value = engine.Quote(c.Name) // DuckDB writes it in the same way, faster
	}
	return value + " as " + engine.Quote(c.Name)
}

// writeCSV writes csv/ and, from its files, csv-excel/: what Excel can open. The largest
// comes first, so that it is packed while the others are written.
func (w *writer) writeCSV() error {
	for _, folder := range []string{"csv", "csv-excel"} {
		if err := os.Mkdir(filepath.Join(w.dir, folder), 0o755); err != nil {
			return err
		}
	}
	tables := slices.Clone(w.tables)
	slices.SortStableFunc(tables, func(a, b table) int { return cmp.Compare(b.rows, a.rows) })
	for _, t := range tables {
		columns := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = csvColumn(c)
		}
		file := filepath.Join(w.dir, filepath.FromSlash(t.csv()))
		if err := w.exec(`copy (select %s from %s) to %s (format csv, header true)`,
			strings.Join(columns, ", "), engine.Quote(t.Name), engine.Literal(file)); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		w.packer.add(t.csv())
		if !t.fitsExcel() {
			continue
		}
		if err := prefixed(filepath.Join(w.dir, filepath.FromSlash(t.excel())), file, "\xef\xbb\xbf"); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		w.packer.add(t.excel())
	}
	return nil
}

// prefixed copies a file behind a few bytes.
func prefixed(to, from, prefix string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := out.Close(); err == nil {
			err = closeErr
		}
	}()
	if _, err := io.WriteString(out, prefix); err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}
