package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Declared is the name of the check that Verify makes.
const Declared = "values_are_declared"

// Verify compares the rows of a relation with the declarations of its columns, in one
// pass: what is required is there, words are of their set, numbers between their bounds,
// and no number is infinite. It returns a blocking failure for each column that breaks
// its declaration, with rows as the key tells them apart. file is where the columns are
// declared.
func Verify(ctx context.Context, db *sql.DB, relation, file string, key []string, columns []Column) ([]Failure, error) {
	var rules []rule
	for _, c := range columns {
		rules = append(rules, c.rules()...)
	}
	if len(rules) == 0 {
		return nil, nil
	}
	switch broken, err := anyBroken(ctx, db, relation, rules); {
	case err != nil:
		return nil, fmt.Errorf("check the values of %s: %w", relation, err)
	case !broken:
		return nil, nil
	}
	counts := make([]int, len(rules))
	targets := make([]any, len(rules))
	var list []string
	for i, r := range rules {
		list = append(list, "count(*) filter (where "+r.broken+")")
		targets[i] = &counts[i]
	}
	query := "select " + strings.Join(list, ",\n") + "\nfrom " + Quote(relation)
	if err := db.QueryRowContext(ctx, query).Scan(targets...); err != nil {
		return nil, fmt.Errorf("check the values of %s: %w", relation, err)
	}
	var failures []Failure
	for i, r := range rules {
		if counts[i] == 0 {
			continue
		}
		f, err := r.rows(ctx, db, relation, key)
		if err != nil {
			return nil, fmt.Errorf("check the values of %s: %w", relation, err)
		}
		f.Check, f.Blocks, f.Count = Declared, true, counts[i]
		f.Summary = fmt.Sprintf("%s.%s %s (%s:%d)", relation, r.column.Name, r.says, file, r.column.Line)
		failures = append(failures, f)
	}
	return failures, nil
}

// anyBroken reports whether a row breaks any of the rules, which takes half the time
// that counting takes.
func anyBroken(ctx context.Context, db *sql.DB, relation string, rules []rule) (bool, error) {
	conditions := make([]string, len(rules))
	for i, r := range rules {
		conditions[i] = "(" + r.broken + ")"
	}
	var found int
	err := db.QueryRowContext(ctx, "select 1 from "+Quote(relation)+" where "+strings.Join(conditions, " or ")+" limit 1").Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rule is one thing that a declaration says of each value: the condition under which a
// row breaks it, and the rule in words.
type rule struct {
	column Column
	broken string
	says   string
}

func (c Column) rules() []rule {
	name := Quote(c.Name)
	var rules []rule
	add := func(broken, says string) { rules = append(rules, rule{c, broken, says}) }
	if c.Required {
		add(name+" is null", "is never NULL")
	}
	if c.Allowed != nil {
		words := make([]string, len(c.Allowed))
		for i, word := range c.Allowed {
			words[i] = Literal(word)
		}
		set := strings.Join(words, ", ")
		if c.isList() {
			add("not list_has_all(["+set+"], "+name+")", "holds only "+strings.Join(c.Allowed, ", "))
		} else {
			add(name+" not in ("+set+")", "is one of "+strings.Join(c.Allowed, ", "))
		}
	}
	if c.Low != "" {
		add(name+" < "+c.bound(c.Low), "is at least "+c.Low)
	}
	if c.High != "" {
		add(name+" > "+c.bound(c.High), "is at most "+c.High)
	}
	if c.Type == "DOUBLE" {
		add("not isfinite("+name+")", "is a finite number")
	}
	return rules
}

// bound writes a bound in SQL. Valid has seen that it is a number or a day.
func (c Column) bound(text string) string {
	if c.Type == "DATE" {
		return "date " + Literal(text)
	}
	return text
}

// rows fetches the first rows that break the rule.
func (r rule) rows(ctx context.Context, db *sql.DB, relation string, key []string) (Failure, error) {
	columns := []string{}
	for _, k := range key {
		if k != r.column.Name {
			columns = append(columns, Quote(k))
		}
	}
	columns = append(columns, Quote(r.column.Name))
	return checkOne(ctx, db, Model{SQL: fmt.Sprintf("select %s from %s where %s limit %d",
		strings.Join(columns, ", "), Quote(relation), r.broken, RowsShown)})
}
