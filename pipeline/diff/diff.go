// Package diff says what differs between two versions of the warehouse, two releases,
// or one of each: relation by relation and key by key, and for facts by the claims that
// they rest on.
//
// Files with equal bytes are not read. The others are compared by DuckDB within a bound
// of memory, whatever their size: it keeps what does not fit in temporary files.
package diff

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"text/template"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// Options say how to compare.
type Options struct {
	Only        []string // relations to compare; nil for all
	MemoryLimit int64    // bytes that DuckDB may hold; 0 for 400 MB
	Temp        string   // folder for what does not fit; "" for the system's
}

// Relation is how a relation differs. Rows are counted in all of its files.
type Relation struct {
	Name          string
	Before, After *int64 // rows; nil where the relation is not there
	Added         int64
	Removed       int64
	Changed       *int64    // rows with an old key and other values; nil where no key tells rows apart
	Came, Went    []string  // columns
	Retyped       []Retyped // columns that are there, as another type
	ByColumn      []ColumnCount

	comparison *comparison
	query      query
}

// Retyped is a column whose type changed.
type Retyped struct {
	Column string `json:"column"`
	Was    string `json:"was"`
	Is     string `json:"is"`
}

// ColumnCount says in how many changed rows a column differs.
type ColumnCount struct {
	Column string `json:"column"`
	Rows   int64  `json:"rows"`
}

// IsSame says that nothing differs.
func (r *Relation) IsSame() bool {
	return r.Before != nil && r.After != nil && r.Added == 0 && r.Removed == 0 && (r.Changed == nil || *r.Changed == 0) &&
		len(r.Came)+len(r.Went)+len(r.Retyped) == 0
}

// Differing is how many rows Rows yields without a limit.
func (r *Relation) Differing() int64 {
	n := r.Added + r.Removed
	if r.Changed != nil {
		n += *r.Changed
	}
	return n
}

// Compare yields every relation of both sides, in the order of their names, whether it
// differs or not. relations are what is declared: whose key is not, is compared as a bag
// of rows. A Relation can be asked for its rows until the next is yielded. The first
// error ends it.
func Compare(ctx context.Context, was, is Side, relations []catalog.Relation, o Options) iter.Seq2[*Relation, error] {
	return func(yield func(*Relation, error) bool) {
		if err := compare(ctx, was, is, relations, o, func(r *Relation) bool { return yield(r, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// comparison is one at work.
type comparison struct {
	ctx       context.Context
	conn      *sql.Conn
	was, is   Side
	relations []catalog.Relation
	hasClaims bool // the table claims_behind is there
}

func compare(ctx context.Context, was, is Side, relations []catalog.Relation, o Options, yield func(*Relation) bool) (err error) {
	temp, err := os.MkdirTemp(o.Temp, "sanpi-diff-")
	if err != nil {
		return fmt.Errorf("make room for what does not fit into memory: %w; name a folder with --temp", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	db, err := engine.Open("", fmt.Sprintf("set memory_limit = '%dB'", cmp.Or(o.MemoryLimit, 400_000_000)), "set temp_directory = "+engine.Literal(temp),
		"set preserve_insertion_order = false")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c := &comparison{ctx: ctx, was: was, is: is, relations: relations}
	if c.conn, err = db.Conn(ctx); err != nil { // temporary tables are the connection's own
		return err
	}
	defer c.conn.Close()
	for _, name := range c.names() {
		if o.Only != nil && !slices.Contains(o.Only, name) {
			continue
		}
		r, err := c.relation(name)
		if err != nil {
			return fmt.Errorf("compare %s: %w", name, err)
		}
		if !yield(r) {
			return nil
		}
	}
	return nil
}

func (c *comparison) names() []string {
	var names []string
	for _, f := range slices.Concat(c.was.Files, c.is.Files) {
		names = append(names, f.Relation)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *comparison) relation(name string) (*Relation, error) {
	r := &Relation{Name: name, comparison: c}
	was, is := c.was.of(name), c.is.of(name)
	changed := [2][]File{without(was, is), without(is, was)}
	var err error
	if r.Before, err = c.count(was); err != nil {
		return nil, err
	}
	if r.After, err = c.count(is); err != nil {
		return nil, err
	}
	// Every file is new or gone, or all that differ are compared.
	if len(changed[0])+len(changed[1]) == 0 {
		r.Changed = new(int64)
		return r, nil
	}
	if err := c.plan(r, was, is, changed); err != nil {
		return nil, err
	}
	if r.query.Keyless {
		err = c.bags(r)
	} else {
		err = c.keyed(r)
	}
	return r, err
}

// count is the number of rows in files; nil for no file.
func (c *comparison) count(files []File) (*int64, error) {
	if len(files) == 0 {
		return nil, nil
	}
	n := new(int64)
	return n, c.conn.QueryRowContext(c.ctx, "select count(*) from "+scan(files)).Scan(n)
}

// plan matches the columns of both sides. Columns are looked at in all files of a side,
// so that a side of which no file differs has them too.
func (c *comparison) plan(r *Relation, was, is []File, changed [2][]File) error {
	before, err := c.columns(was)
	if err != nil {
		return err
	}
	now, err := c.columns(is)
	if err != nil {
		return err
	}
	if was == nil {
		before = now
	} else if is == nil {
		now = before
	}
	types := map[string]string{}
	for _, col := range before {
		types[col.name] = col.kind
	}
	declared, _ := catalog.Find(c.relations, r.Name)
	q := query{Name: r.Name, Was: scanOr(changed[0], is), Is: scanOr(changed[1], was)}
	shared := map[string]column{}
	for i, col := range now {
		kind, ok := types[col.name]
		if !ok {
			r.Came = append(r.Came, col.name)
			continue
		}
		delete(types, col.name)
		e := column{Name: col.name, Alias: fmt.Sprintf("c%d", i), Was: engine.Quote(col.name), Is: engine.Quote(col.name), Equals: "="}
		if kind != col.kind {
			r.Retyped = append(r.Retyped, Retyped{col.name, kind, col.kind})
			e.Was, e.Is = e.Was+"::varchar", e.Is+"::varchar"
		}
		if slices.Contains(declared.NullableKey, col.name) {
			e.Equals = "is not distinct from"
		}
		shared[col.name] = e
		if !slices.Contains(declared.Key, col.name) {
			q.Values = append(q.Values, e)
		}
	}
	for _, col := range before {
		if _, left := types[col.name]; left {
			r.Went = append(r.Went, col.name)
		}
	}
	for _, key := range declared.Key {
		if e, ok := shared[key]; ok {
			q.Keys = append(q.Keys, e)
		} else {
			q.Keyless = true
		}
	}
	q.Keyless = q.Keyless || len(q.Keys) == 0
	if q.Keyless { // what is left of the key tells no rows apart
		q.Keys, q.Values = append(q.Keys, q.Values...), nil
	}
	r.query = q
	return nil
}

type typed struct{ name, kind string }

func (c *comparison) columns(files []File) ([]typed, error) {
	if files == nil {
		return nil, nil
	}
	rows, err := c.conn.QueryContext(c.ctx, "select column_name, column_type from (describe from "+scan(files)+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []typed
	for rows.Next() {
		var t typed
		if err := rows.Scan(&t.name, &t.kind); err != nil {
			return nil, err
		}
		columns = append(columns, t)
	}
	return columns, rows.Err()
}

// scan reads files as one relation. A campaign is the name of a folder.
func scan(files []File) string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = engine.Literal(f.Path)
	}
	return "read_parquet([" + strings.Join(list, ", ") + "], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"
}

// scanOr reads files, or of other files nothing but the columns.
func scanOr(files, others []File) string {
	if len(files) == 0 {
		return "(from " + scan(others) + " limit 0)"
	}
	return scan(files)
}

// bags compares rows that nothing tells apart.
func (c *comparison) bags(r *Relation) error {
	for _, side := range []struct {
		count    *int64
		from, to string
		of, off  func(column) string
	}{
		{&r.Added, r.query.Is, r.query.Was, isOf, wasOf},
		{&r.Removed, r.query.Was, r.query.Is, wasOf, isOf},
	} {
		text := "select count(*) from (" + difference(r.query.Keys, side.from, side.to, side.of, side.off) + ")"
		if err := c.conn.QueryRowContext(c.ctx, text).Scan(side.count); err != nil {
			return err
		}
	}
	return nil
}

func wasOf(c column) string { return c.Was }
func isOf(c column) string  { return c.Is }

// difference is what from has and without has not, however often.
func difference(columns []column, from, without string, of, off func(column) string) string {
	var here, there []string
	for _, c := range columns {
		here, there = append(here, of(c)+" as "+c.Alias), append(there, off(c))
	}
	return "select " + strings.Join(here, ", ") + " from " + from + " except all select " + strings.Join(there, ", ") + " from " + without
}

func (c *comparison) keyed(r *Relation) error {
	if err := c.exec("differing.sql", r.query); err != nil {
		return err
	}
	r.Changed = new(int64)
	err := c.conn.QueryRowContext(c.ctx, "select count(*) filter (added), count(*) filter (removed), count(*) filter (not added and not removed) from differing").
		Scan(&r.Added, &r.Removed, r.Changed)
	if err != nil || *r.Changed == 0 {
		return err
	}
	counts := make([]int64, len(r.query.Values))
	targets := make([]any, len(counts))
	for i := range counts {
		targets[i] = &counts[i]
	}
	text, err := fill("by_column.sql", r.query)
	if err != nil {
		return err
	}
	if err := c.conn.QueryRowContext(c.ctx, text).Scan(targets...); err != nil {
		return err
	}
	for i, n := range counts {
		if n > 0 {
			r.ByColumn = append(r.ByColumn, ColumnCount{r.query.Values[i].Name, n})
		}
	}
	slices.SortStableFunc(r.ByColumn, func(a, b ColumnCount) int { return cmp.Compare(b.Rows, a.Rows) })
	return nil
}

// query fills the templates of SQL.
type query struct {
	Name    string
	Was, Is string // what is read of each side
	Keys    []column
	Values  []column
	Limit   int
	Keyless bool // Keys are all columns there are, and tell no rows apart
}

// column is one that both sides have.
type column struct {
	Name, Alias string
	Was, Is     string // how each side's is written in SQL
	Equals      string
}

//go:embed *.sql
var files embed.FS

var statements = template.Must(template.ParseFS(files, "*.sql"))

func fill(name string, data any) (string, error) {
	var b strings.Builder
	err := statements.ExecuteTemplate(&b, name, data)
	return b.String(), err
}

func (c *comparison) exec(name string, data any) error {
	text, err := fill(name, data)
	if err != nil {
		return err
	}
	_, err = c.conn.ExecContext(c.ctx, text)
	return err
}
