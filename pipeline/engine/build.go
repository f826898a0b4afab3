package engine

import (
	"context"
	"database/sql"
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
	if _, err := db.ExecContext(ctx, "create table "+Quote(m.Name)+" as\n"+m.SQL); err != nil {
		return fmt.Errorf("build model %s: %w", m.Name, err)
	}
	return verify(ctx, db, m)
}

// verify compares a built model with its header.
func verify(ctx context.Context, db *sql.DB, m Model) error {
	if err := verifyColumns(ctx, db, m); err != nil {
		return err
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
	rows, err := db.QueryContext(ctx,
		`select column_name, data_type from duckdb_columns() where database_name = current_database() and table_name = ? order by column_index`, m.Name)
	if err != nil {
		return fmt.Errorf("describe model %s: %w", m.Name, err)
	}
	defer rows.Close()
	i := 0
	for ; rows.Next(); i++ {
		var name, typ string
		if err := rows.Scan(&name, &typ); err != nil {
			return fmt.Errorf("describe model %s: %w", m.Name, err)
		}
		if i >= len(m.Columns) {
			return fmt.Errorf("%s: the query returns %s %s, which the header does not list: %w", m.File, name, typ, ErrContract)
		}
		if c := m.Columns[i]; c.Name != name || c.Type != typ {
			return fmt.Errorf("%s: column %d is %s %s, the header says %s %s: %w", m.File, i+1, name, typ, c.Name, c.Type, ErrContract)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("describe model %s: %w", m.Name, err)
	}
	if i < len(m.Columns) {
		return fmt.Errorf("%s: the header lists %s, which the query does not return: %w", m.File, m.Columns[i].Name, ErrContract)
	}
	return nil
}

func verifyGrain(ctx context.Context, db *sql.DB, m Model) error {
	var keys, nulls []string
	for _, k := range m.Grain {
		keys = append(keys, Quote(k.Name))
		if !k.Nullable {
			nulls = append(nulls, Quote(k.Name)+" is null")
		}
	}
	list := strings.Join(keys, ", ")
	query := fmt.Sprintf(`select any_value(key), count(*) from (select {%s}::varchar as key, %s from %s) group by %s having count(*) > 1 limit 1`,
		structOf(keys), list, Quote(m.Name), list)
	var key string
	var n int64
	switch err := db.QueryRowContext(ctx, query).Scan(&key, &n); err {
	case nil:
		return fmt.Errorf("%s: the grain is not unique: %d rows for %s: %w", m.File, n, key, ErrContract)
	case sql.ErrNoRows:
	default:
		return fmt.Errorf("check the grain of %s: %w", m.Name, err)
	}
	if len(nulls) == 0 {
		return nil
	}
	query = fmt.Sprintf(`select {%s}::varchar from %s where %s limit 1`, structOf(keys), Quote(m.Name), strings.Join(nulls, " or "))
	switch err := db.QueryRowContext(ctx, query).Scan(&key); err {
	case nil:
		return fmt.Errorf("%s: the grain has a NULL: %s: %w", m.File, key, ErrContract)
	case sql.ErrNoRows:
		return nil
	default:
		return fmt.Errorf("check the grain of %s: %w", m.Name, err)
	}
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
	switch err := db.QueryRowContext(ctx, query).Scan(&key); err {
	case nil:
		return fmt.Errorf("%s: (%s) = %s is not in %s: %w", m.File, strings.Join(r.Columns, ", "), key, r.Table, ErrContract)
	case sql.ErrNoRows:
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
