package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
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

// Check runs checks over the built tables, up to workers at once, and returns
// those that found rows, in the order of the checks.
func Check(ctx context.Context, db *sql.DB, checks []Model, workers int) ([]Failure, error) {
	found := make([]Failure, len(checks))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, workers))
	for i, c := range checks {
		group.Go(func() (err error) {
			if found[i], err = checkOne(ctx, db, c); err != nil {
				return fmt.Errorf("run check %s: %w", c.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(f Failure) bool { return f.Count == 0 }), nil
}

func checkOne(ctx context.Context, db *sql.DB, c Model) (Failure, error) {
	defer watched(ctx, c)()
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
