package site

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

//go:embed queries/*.sql
var queries embed.FS

// num is a number that may not be known.
type num struct {
	v     float64
	known bool
}

// Scan implements sql.Scanner.
func (n *num) Scan(value any) error {
	var v sql.NullFloat64
	if err := v.Scan(value); err != nil {
		return err
	}
	*n = num{v.Float64, v.Valid}
	return nil
}

// nullText scans a text that may be NULL, or several parted by U+001F.
type nullText struct{ target any }

// Scan implements sql.Scanner.
func (t nullText) Scan(value any) error {
	text := ""
	if value != nil {
		text = fmt.Sprint(value)
	}
	switch target := t.target.(type) {
	case *string:
		*target = text
	case *[]string:
		*target = nil
		if text != "" {
			*target = strings.Split(text, "\x1f")
		}
	}
	return nil
}

// read runs queries/<name>.sql and scans each row into a T: column area_id into the
// field AreaID. A column without a field, and a field without a column, is an error,
// so that a query and its type cannot drift apart.
func read[T any](ctx context.Context, db *sql.DB, name string, args ...any) ([]T, error) {
	statement, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return nil, fmt.Errorf("read the site's %s: %w", name, err)
	}
	rows, err := db.QueryContext(ctx, string(statement), args...)
	if err != nil {
		return nil, fmt.Errorf("read the site's %s: %w; run sanpi run again if another version of sanpi made the warehouse", name, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read the site's %s: %w", name, err)
	}
	fields, err := fieldsOf(reflect.TypeFor[T](), columns)
	if err != nil {
		return nil, fmt.Errorf("read the site's %s: %w", name, err)
	}
	var all []T
	for rows.Next() {
		var row T
		if err := rows.Scan(targets(reflect.ValueOf(&row).Elem(), fields)...); err != nil {
			return nil, fmt.Errorf("read the site's %s: %w", name, err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the site's %s: %w", name, err)
	}
	return all, nil
}

// fieldsOf finds the field of each column.
func fieldsOf(t reflect.Type, columns []string) ([]int, error) {
	if len(columns) != t.NumField() {
		return nil, fmt.Errorf("%d columns for the %d fields of %s", len(columns), t.NumField(), t.Name())
	}
	byColumn := map[string]int{}
	for i := range t.NumField() {
		byColumn[columnOf(t.Field(i).Name)] = i
	}
	var fields []int
	for _, c := range columns {
		i, ok := byColumn[c]
		if !ok {
			return nil, fmt.Errorf("%s has no field for the column %s", t.Name(), c)
		}
		fields = append(fields, i)
	}
	return fields, nil
}

// columnOf writes a field's name as a column's: nameEN is name_en.
func columnOf(field string) string {
	var b strings.Builder
	runes := []rune(field)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(runes[i-1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func targets(row reflect.Value, fields []int) []any {
	var all []any
	for _, i := range fields {
		target := row.Field(i).Addr().Interface()
		switch target.(type) {
		case *string, *[]string:
			target = nullText{target}
		}
		all = append(all, target)
	}
	return all
}
