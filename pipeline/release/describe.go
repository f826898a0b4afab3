package release

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// ErrUndeclared is wrapped by the error on a relation or column that nobody declared.
var ErrUndeclared = errors.New("not declared")

// models are the relations that a release adds to its version, in the manner of
// those of sql: their heads are their declarations.
//
//go:embed models
var models embed.FS

// declarations of columns are in themselves no data.
var declarations = []string{"dictionary", "relations"}

// describe finds what the version holds and matches it with what is declared.
func (w *writer) describe() error {
	declared, err := catalog.Read(w.plan.SQL)
	if err != nil {
		return err
	}
	own, err := w.ownRelations(declared)
	if err != nil {
		return err
	}
	have, err := w.columns()
	if err != nil {
		return err
	}
	for _, name := range sortedNames(have) {
		if slices.Contains(declarations, name) {
			continue
		}
		t := table{parquet: "parquet/" + name}
		var ok bool
		if t.Relation, ok = catalog.Find(own, name); ok {
			t.derived = true
		} else if t.Relation, ok = catalog.Find(declared, name); !ok {
			return fmt.Errorf("relation %s: %w; declare it in transforms/record/tables.csv or at the head of its model", name, ErrUndeclared)
		}
		if info, err := os.Stat(filepath.Join(w.plan.Version, "tables", name)); err != nil || !info.IsDir() {
			t.parquet = "parquet/" + name + ".parquet"
			_, err = os.Stat(filepath.Join(w.plan.Version, "marts", name+".parquet"))
			t.own = err != nil
		}
		if t.Columns, err = matchColumns(t.Relation, have[name]); err != nil {
			return err
		}
		if err := w.count(&t); err != nil {
			return fmt.Errorf("count %s: %w", name, err)
		}
		w.tables = append(w.tables, t)
	}
	return w.describeWhole()
}

// ownRelations makes the relations that nobody else declares as tables of the
// connection, which hide those of the version that bear the same name.
func (w *writer) ownRelations(declared []catalog.Relation) ([]catalog.Relation, error) {
	own, err := fs.Sub(models, "models")
	if err != nil {
		return nil, err
	}
	relations, err := catalog.Read(own)
	if err != nil {
		return nil, err
	}
	relations = slices.DeleteFunc(relations, func(r catalog.Relation) bool {
		_, ok := catalog.Find(declared, r.Name)
		return ok || r.Kind != catalog.Mart
	})
	if err := w.exec("create table params as select nullif(%s, '')::date as as_of", engine.Literal(w.manifest.AsOf)); err != nil {
		return nil, err
	}
	if err := w.exec("set search_path = 'memory,version'"); err != nil {
		return nil, err
	}
	for _, r := range relations {
		text, err := fs.ReadFile(own, "marts/"+r.Name+".sql")
		if err != nil {
			return nil, err
		}
		if err := w.exec("create table memory.%s as\n%s", engine.Quote(r.Name), text); err != nil {
			return nil, fmt.Errorf("make %s: %w", r.Name, err)
		}
	}
	return relations, nil
}

// columns are those of each relation, with their types and in their order.
func (w *writer) columns() (map[string][]catalog.Column, error) {
	rows, err := w.db.QueryContext(w.ctx, `
		select table_name, column_name, data_type
		from duckdb_columns()
		where database_name in ('version', 'memory') and table_name <> 'params' and not internal
		order by table_name, database_name, column_index`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[string][]catalog.Column{}
	for rows.Next() {
		var name string
		var c catalog.Column
		if err := rows.Scan(&name, &c.Name, &c.Type); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(have[name], func(h catalog.Column) bool { return h.Name == c.Name }) {
			have[name] = append(have[name], c)
		}
	}
	return have, rows.Err()
}

// campaignColumn is that of the partitions, which every table has.
var campaignColumn = catalog.Column{Name: "campaign", EN: "campaign", ZH: "活动", Required: true}

// matchColumns gives each column of the data its declaration.
func matchColumns(r catalog.Relation, have []catalog.Column) ([]catalog.Column, error) {
	matched := make([]catalog.Column, len(have))
	for i, h := range have {
		c, ok := r.Column(h.Name)
		if h.Name == "campaign" && c.EN == "" && r.Kind == catalog.Table {
			c, ok = campaignColumn, true
		}
		if !ok || c.EN == "" {
			return nil, fmt.Errorf("column %s of %s: %w; say in %s what it means", h.Name, r.Name, ErrUndeclared, declaredIn(r))
		}
		if c.Type != "" && c.Type != h.Type {
			return nil, fmt.Errorf("column %s of %s is %s in the version and declared as %s in %s; run \"sanpi run\" again, so that both are of one program",
				h.Name, r.Name, h.Type, c.Type, declaredIn(r))
		}
		c.Type = h.Type
		matched[i] = c
	}
	for _, c := range r.Columns {
		if !slices.ContainsFunc(have, func(h catalog.Column) bool { return h.Name == c.Name }) {
			return nil, fmt.Errorf("column %s of %s is declared in %s and not in the version; run \"sanpi run\" again, so that both are of one program",
				c.Name, r.Name, declaredIn(r))
		}
	}
	return matched, nil
}

func declaredIn(r catalog.Relation) string {
	if r.File != "" {
		return r.File
	}
	return "transforms/record/columns.csv"
}

// count fills in how many rows there are, in how many each column is known, and
// an example of each, from the first rows. What the footers of the Parquet files say
// need not be counted.
func (w *writer) count(t *table) error {
	known, err := w.footers(*t)
	if err != nil {
		return err
	}
	t.known, t.example = make([]int64, len(t.Columns)), make([]string, len(t.Columns))
	counts, into := []string{"count(*)"}, []any{&t.rows}
	examples, shown := []string{}, []any{}
	for i, c := range t.Columns {
		if n, ok := known[c.Name]; ok {
			t.known[i] = n
		} else {
			counts, into = append(counts, "count("+engine.Quote(c.Name)+")"), append(into, &t.known[i])
		}
		examples = append(examples, fmt.Sprintf("coalesce(first(%s) filter (%s is not null), '')", textOf(c), engine.Quote(c.Name)))
		shown = append(shown, &t.example[i])
	}
	query := "select " + strings.Join(counts, ", ") + " from " + engine.Quote(t.Name)
	if err := w.db.QueryRowContext(w.ctx, query).Scan(into...); err != nil {
		return err
	}
	query = "select " + strings.Join(examples, ", ") + " from (from " + engine.Quote(t.Name) + " limit 1000)"
	return w.db.QueryRowContext(w.ctx, query).Scan(shown...)
}

// footers says in how many rows columns are known, as far as the footers of a
// relation's Parquet files do: of lists and of the release's own relations they do not.
func (w *writer) footers(t table) (map[string]int64, error) {
	var files []string
	for _, o := range w.manifest.Outputs {
		if o.Relation == t.Name && strings.HasSuffix(o.Path, ".parquet") {
			files = append(files, engine.Literal(filepath.Join(w.plan.Version, filepath.FromSlash(o.Path))))
		}
	}
	known := map[string]int64{}
	if t.own || t.derived || len(files) == 0 {
		return known, nil
	}
	rows, err := w.db.QueryContext(w.ctx, `select path_in_schema, sum(num_values - stats_null_count)::bigint
		from parquet_metadata([`+strings.Join(files, ", ")+`])
		group by path_in_schema having count(*) = count(stats_null_count)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		var n int64
		if err := rows.Scan(&column, &n); err != nil {
			return nil, err
		}
		known[column] = n
	}
	return known, rows.Err()
}

// describeWhole finds what is said of the release as a whole.
func (w *writer) describeWhole() error {
	const whole = `select
		(select count(*) > 0 from projects where synthetic),
		(select count(*) > 0 from sources where kind = 'ledger'),
		(select count(quote) > 0 from claims),
		coalesce((select min(period_from) from facts)::varchar, ''),
		coalesce((select max(period_to) from facts)::varchar, '')`
	if err := w.db.QueryRowContext(w.ctx, whole).Scan(&w.synthetic, &w.ledgers, &w.quotes, &w.from, &w.to); err != nil {
		return err
	}
	rows, err := w.db.QueryContext(w.ctx, `
		select min(campaign || ':' || source_id), coalesce(min(publisher), min(source_id)), url
		from sources
		where url like 'http%'
		group by url
		order by url`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s sourcePage
		if err := rows.Scan(&s.id, &s.publisher, &s.url); err != nil {
			return err
		}
		w.sources = append(w.sources, s)
	}
	return rows.Err()
}
