package release

import (
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

// examplesShown is how many rows of a change are written out.
const examplesShown = 20

// writeChanges writes CHANGES.md: what differs from the release before, relation
// by relation and key by key.
func (w *writer) writeChanges() (err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Changes in %s\n\n", w.name)
	if w.before == "" {
		b.WriteString("The first release in this folder: there is nothing to compare it with.\n")
		return os.WriteFile(filepath.Join(w.dir, "CHANGES.md"), []byte(b.String()), 0o644)
	}
	before := filepath.Join(w.plan.Dir, w.before)
	sums, err := readSums(before)
	if err != nil {
		return fmt.Errorf("read the release before: %w; verify it with sanpi release --verify", err)
	}
	if err := w.exec("attach %s as earlier (read_only)", engine.Literal(filepath.Join(before, "sanpi.duckdb"))); err != nil {
		return fmt.Errorf("open the release before: %w; verify it with sanpi release --verify", err)
	}
	defer func() { err = errors.Join(err, w.exec("detach earlier")) }()
	earlier, err := w.earlierColumns()
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "Compared with %s. A changed row has the same key and another value.\n\n", w.before)
	b.WriteString("| Relation | Rows before | Rows now | Added | Removed | Changed | Columns |\n|---|---:|---:|---:|---:|---:|---|\n")
	var details strings.Builder
	same := 0
	for _, t := range w.tables {
		if t.derived {
			continue // made of the others
		}
		columns, ok := earlier[t.Name]
		delete(earlier, t.Name)
		if !ok {
			fmt.Fprintf(&b, "| `%s` | · | %d | %d | 0 | 0 | a new relation |\n", t.Name, t.rows, t.rows)
			continue
		}
		unchanged, err := w.sameBytes(t, sums)
		if err != nil {
			return err
		}
		if unchanged {
			same++
			continue
		}
		c, err := w.compare(t, columns)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if c.nothing() {
			same++
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %d | %d | %s | %s | %s | %s |\n", t.Name, c.before, t.rows, number(c.added), number(c.removed), number(c.changed), cell(c.columns))
		if len(c.examples) > 0 {
			fmt.Fprintf(&details, "\n## %s\n\n| | Key | Before | Now |\n|---|---|---|---|\n%s", t.Name, strings.Join(c.examples, ""))
			if total := max(c.added, 0) + max(c.removed, 0) + max(c.changed, 0); total > int64(len(c.examples)) {
				fmt.Fprintf(&details, "\n%d more; both releases hold every row.\n", total-int64(len(c.examples)))
			}
		}
	}
	for _, name := range sortedNames(earlier) {
		if !slices.Contains(declarations, name) {
			fmt.Fprintf(&b, "| `%s` | | · | | | | no longer there |\n", name)
		}
	}
	fmt.Fprintf(&b, "\n%d relations are unchanged.\n%s", same, details.String())
	return os.WriteFile(filepath.Join(w.dir, "CHANGES.md"), []byte(b.String()), 0o644)
}

// sameBytes says whether a relation's Parquet files are those of the release before.
func (w *writer) sameBytes(t table, sums map[string]string) (bool, error) {
	n := 0
	root := filepath.Join(w.dir, filepath.FromSlash(t.parquet))
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(w.dir, path)
		if err != nil {
			return err
		}
		if _, sum, err := w.hash(filepath.ToSlash(rel)); err != nil {
			return err
		} else if sums[filepath.ToSlash(rel)] != sum {
			return fs.SkipAll
		}
		n++
		return nil
	})
	had := 0
	for path := range sums {
		if path == t.parquet || strings.HasPrefix(path, t.parquet+"/") {
			had++
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return n > 0 && n == had, err
}

// change is how a relation differs; -1 is not known, for want of a key.
type change struct {
	before, added, removed, changed int64
	columns                         string
	examples                        []string
}

func (c change) nothing() bool {
	return c.added <= 0 && c.removed <= 0 && c.changed <= 0 && c.columns == "" && !(c.added < 0 && c.changed < 0)
}

func number(n int64) string {
	if n < 0 {
		return "·"
	}
	return fmt.Sprint(n)
}

func (w *writer) earlierColumns() (map[string][]string, error) {
	rows, err := w.db.QueryContext(w.ctx, `select table_name, column_name from duckdb_columns() where database_name = 'earlier' order by table_name, column_index`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		columns[table] = append(columns[table], column)
	}
	return columns, rows.Err()
}

// compare counts the rows of a relation that were added, removed and changed, and
// writes out the first of them.
func (w *writer) compare(t table, had []string) (change, error) {
	c := change{columns: columnsChanged(t.Relation, had)}
	was, is := "earlier.main."+engine.Quote(t.Name), "version.main."+engine.Quote(t.Name)
	if err := w.db.QueryRowContext(w.ctx, "select count(*) from "+was).Scan(&c.before); err != nil {
		return c, err
	}
	missing := func(k string) bool { return !slices.Contains(had, k) }
	if len(t.Key) == 0 || slices.ContainsFunc(t.Key, missing) {
		shared := []string{}
		for _, column := range t.Columns {
			if !missing(column.Name) {
				shared = append(shared, engine.Quote(column.Name))
			}
		}
		list := strings.Join(shared, ", ")
		c.changed = -1
		query := fmt.Sprintf(`select (select count(*) from (select %[1]s from %[2]s except all select %[1]s from %[3]s)),
			(select count(*) from (select %[1]s from %[3]s except all select %[1]s from %[2]s))`, list, is, was)
		return c, w.db.QueryRowContext(w.ctx, query).Scan(&c.added, &c.removed)
	}
	return c, w.compareKeyed(t, had, was, is, &c)
}

func (w *writer) compareKeyed(t table, had []string, was, is string, c *change) error {
	var on, key, differ, before, now []string
	for _, k := range t.Key {
		name := engine.Quote(k)
		if slices.Contains(t.NullableKey, k) {
			on = append(on, fmt.Sprintf("a.%[1]s is not distinct from b.%[1]s", name))
		} else {
			on = append(on, fmt.Sprintf("a.%[1]s = b.%[1]s", name))
		}
		key = append(key, fmt.Sprintf("coalesce(a.%[1]s, b.%[1]s)::varchar", name))
	}
	differ = append(differ, "false")
	for _, column := range valueColumns(t.Relation) {
		if !slices.Contains(had, column.Name) {
			continue
		}
		name := engine.Quote(column.Name)
		other := fmt.Sprintf("a.%[1]s is distinct from b.%[1]s", name)
		differ = append(differ, other)
		label := engine.Literal(column.Name + "=")
		before = append(before, fmt.Sprintf("if(%s, %s || coalesce(a.%s::varchar, 'NULL'), null)", other, label, name))
		now = append(now, fmt.Sprintf("if(%s, %s || coalesce(b.%s::varchar, 'NULL'), null)", other, label, name))
	}
	before, now = append(before, "null"), append(now, "null")
	from := fmt.Sprintf(`(select a.ctid is null as added, b.ctid is null as removed, concat_ws(', ', %s) as key,
			case when a.ctid is null or b.ctid is null then '' else concat_ws('; ', %s) end as was,
			case when a.ctid is null or b.ctid is null then '' else concat_ws('; ', %s) end as is_now
		from (select *, 1 as ctid from %s) as a full join (select *, 1 as ctid from %s) as b on %s
		where a.ctid is null or b.ctid is null or %s)`,
		strings.Join(key, ", "), strings.Join(before, ", "), strings.Join(now, ", "), was, is, strings.Join(on, " and "), strings.Join(differ, " or "))
	counts := "select count(*) filter (added), count(*) filter (removed), count(*) filter (not added and not removed) from " + from
	if err := w.db.QueryRowContext(w.ctx, counts).Scan(&c.added, &c.removed, &c.changed); err != nil {
		return err
	}
	if c.added+c.removed+c.changed == 0 {
		return nil
	}
	rows, err := w.db.QueryContext(w.ctx, fmt.Sprintf(`select if(added, 'added', if(removed, 'removed', 'changed')), key, was, is_now
		from %s order by added or removed, added, key limit %d`, from, examplesShown))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var what, key, was, is string
		if err := rows.Scan(&what, &key, &was, &is); err != nil {
			return err
		}
		c.examples = append(c.examples, fmt.Sprintf("| %s | %s | %s | %s |\n", what, cell(key), cell(cut(was, 200)), cell(cut(is, 200))))
	}
	return rows.Err()
}

// columnsChanged names the columns that came and went.
func columnsChanged(r catalog.Relation, had []string) string {
	var parts []string
	for _, c := range r.Columns {
		if !slices.Contains(had, c.Name) {
			parts = append(parts, "+"+c.Name)
		}
	}
	for _, name := range had {
		if _, ok := r.Column(name); !ok {
			parts = append(parts, "-"+name)
		}
	}
	return strings.Join(parts, ", ")
}
