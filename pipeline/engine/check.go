package engine

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Failure is what one check found: its rows, up to RowsShown of them as text.
type Failure struct {
	Check   string
	Summary string
	Blocks  bool
	Columns []string
	Rows    [][]string
	Count   int // rows found in all
}

// RowsShown is how many rows of a failed check are kept for the message.
const RowsShown = 10

// Check runs checks over the built tables and returns those that found rows.
func Check(ctx context.Context, db *sql.DB, checks []Model) ([]Failure, error) {
	var failures []Failure
	for _, c := range checks {
		f, err := checkOne(ctx, db, c)
		if err != nil {
			return nil, fmt.Errorf("run check %s: %w", c.Name, err)
		}
		if f.Count > 0 {
			failures = append(failures, f)
		}
	}
	return failures, nil
}

func checkOne(ctx context.Context, db *sql.DB, c Model) (Failure, error) {
	f := Failure{Check: c.Name, Summary: c.Summary, Blocks: c.Blocks}
	rows, err := db.QueryContext(ctx, "select columns(*)::varchar from (\n"+c.SQL+"\n)")
	if err != nil {
		return f, err
	}
	defer rows.Close()
	if f.Columns, err = rows.Columns(); err != nil {
		return f, err
	}
	cells := make([]sql.NullString, len(f.Columns))
	targets := make([]any, len(cells))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return f, err
		}
		if f.Count++; f.Count > RowsShown {
			continue
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = "NULL"
			if c.Valid {
				row[i] = c.String
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f, rows.Err()
}

// String tells a person which rows failed.
func (f Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "check %s found %d: %s", f.Check, f.Count, f.Summary)
	for _, row := range f.Rows {
		b.WriteString("\n   ")
		for i, cell := range row {
			fmt.Fprintf(&b, " %s=%s", f.Columns[i], cell)
		}
	}
	if f.Count > len(f.Rows) {
		fmt.Fprintf(&b, "\n    … and %d more", f.Count-len(f.Rows))
	}
	return b.String()
}
