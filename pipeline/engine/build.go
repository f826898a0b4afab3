package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Build turns models into tables of db, each as soon as what it needs is there,
// on up to workers connections at once, and holds each to its contract.
func Build(ctx context.Context, db *sql.DB, models []Model, workers int) error {
	ordered, err := Order(models)
	if err != nil {
		return err
	}
	built := map[string]chan struct{}{}
	for _, m := range ordered {
		built[m.Name] = make(chan struct{})
	}
	group, ctx := errgroup.WithContext(ctx)
	// In this order a waiting model only waits for models started before it, so
	// the limit cannot lock the group up.
	group.SetLimit(max(1, workers))
	for _, m := range ordered {
		group.Go(func() error {
			for _, need := range m.Needs {
				if done, isModel := built[need]; isModel {
					select {
					case <-done:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			if err := buildOne(ctx, db, m); err != nil {
				return err
			}
			close(built[m.Name])
			return nil
		})
	}
	return group.Wait()
}

func buildOne(ctx context.Context, db *sql.DB, m Model) error {
	defer watched(ctx, m)()
	kind := "table"
	if m.View {
		kind = "view"
	}
	if _, err := db.ExecContext(ctx, "create "+kind+" "+Quote(m.Name)+" as\n"+m.SQL); err != nil {
		return fmt.Errorf("build model %s: %w", m.Name, err)
	}
	return verify(ctx, db, m)
}

// verify compares a built model with its header.
func verify(ctx context.Context, db *sql.DB, m Model) error {
	if err := verifyColumns(ctx, db, m); err != nil {
		return err
	}
	if m.View {
		return nil
	}
	if err := verifyGrain(ctx, db, m); err != nil {
		return err
	}
	for _, r := range m.Refs {
		if err := verifyRef(ctx, db, m, r); err != nil {
			return err
		}
	}
	return nil
}

func verifyColumns(ctx context.Context, db *sql.DB, m Model) error {
	return VerifyColumns(ctx, db, m.Name, m.File, m.Line, m.Columns)
}

// VerifyColumns compares the columns of a relation and their types with what the
// file declares, the list of which begins at a line.
func VerifyColumns(ctx context.Context, db *sql.DB, relation, file string, line int, columns []Column) error {
	rows, err := db.QueryContext(ctx, "from "+Quote(relation)+" limit 0")
	if err != nil {
		return fmt.Errorf("describe %s: %w", relation, err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("describe %s: %w", relation, err)
	}
	for i, t := range types {
		if i >= len(columns) {
			return fmt.Errorf("%s:%d: %s has a column %s %s, which is not declared; add a line for it: %w", file, line, relation, t.Name(), t.DatabaseTypeName(), ErrContract)
		}
		if c := columns[i]; c.Name != t.Name() || c.Type != t.DatabaseTypeName() {
			return fmt.Errorf("%s:%d: column %d of %s is %s %s, and is declared as %s %s: %w",
				file, c.Line, i+1, relation, t.Name(), t.DatabaseTypeName(), c.Name, c.Type, ErrContract)
		}
	}
	if len(types) < len(columns) {
		c := columns[len(types)]
		return fmt.Errorf("%s:%d: %s is declared, and %s has no such column: %w", file, c.Line, c.Name, relation, ErrContract)
	}
	return rows.Err()
}

// verifyGrain looks for a key that stands twice, or that lacks a part it must
// have; NULLs in nullable parts are equal to each other.
func verifyGrain(ctx context.Context, db *sql.DB, m Model) error {
	var keys []string
	nulls := "false"
	for _, k := range m.Grain {
		keys = append(keys, Quote(k.Name))
		if !k.Nullable {
			nulls += " or " + Quote(k.Name) + " is null"
		}
	}
	list := strings.Join(keys, ", ")
	query := fmt.Sprintf(`select {%s}::varchar, count(*) from %s group by %s having count(*) > 1 or (%s) limit 1`,
		structOf(keys), Quote(m.Name), list, nulls)
	var key string
	var n int64
	switch err := db.QueryRowContext(ctx, query).Scan(&key, &n); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("check the grain of %s: %w", m.Name, err)
	case n > 1:
		return fmt.Errorf("%s: the grain is not unique: %d rows for %s: %w", m.File, n, key, ErrContract)
	}
	return fmt.Errorf("%s: the grain has a NULL: %s: %w", m.File, key, ErrContract)
}

// structOf writes the fields of a struct literal of the columns.
func structOf(keys []string) string {
	fields := make([]string, len(keys))
	for i, k := range keys {
		fields[i] = k + ": " + k
	}
	return strings.Join(fields, ", ")
}

// verifyRef looks for rows whose key, wholly known, is in no row of the table
// they refer to.
func verifyRef(ctx context.Context, db *sql.DB, m Model, r Ref) error {
	var on, known, keys []string
	for i, c := range r.Columns {
		on = append(on, fmt.Sprintf("r.%s = m.%s", Quote(r.Keys[i]), Quote(c)))
		known = append(known, fmt.Sprintf("m.%s is not null", Quote(c)))
		keys = append(keys, "m."+Quote(c))
	}
	query := fmt.Sprintf(`select row(%s)::varchar from %s as m where %s and not exists (select 1 from %s as r where %s) limit 1`,
		strings.Join(keys, ", "), Quote(m.Name), strings.Join(known, " and "), Quote(r.Table), strings.Join(on, " and "))
	var key string
	switch err := db.QueryRowContext(ctx, query).Scan(&key); {
	case err == nil:
		return fmt.Errorf("%s: (%s) = %s is not in %s: %w", m.File, strings.Join(r.Columns, ", "), key, r.Table, ErrContract)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	default:
		return fmt.Errorf("check the refs of %s: %w", m.Name, err)
	}
}

// Quote writes a name as an SQL identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal writes a text as an SQL string.
func Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
