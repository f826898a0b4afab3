package engine

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// layers are the folders of models, lowest first.
var layers = []string{"core", "facts", "marts"}

// Load reads the models of fsys and finds what each of them needs. base are the
// relations that exist before any model is built.
func Load(ctx context.Context, db *sql.DB, fsys fs.FS, base []string) ([]Model, error) {
	models, err := Read(fsys, layers...)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, name := range base {
		known[name] = true
	}
	for _, m := range models {
		if known[m.Name] {
			return nil, fmt.Errorf("%s: a relation %q exists already: %w", m.File, m.Name, ErrContract)
		}
		known[m.Name] = true
	}
	for i := range models {
		if err := models[i].verifyHeader(); err != nil {
			return nil, err
		}
		if err := inspect(ctx, db, &models[i], known); err != nil {
			return nil, err
		}
	}
	return models, nil
}

// LoadChecks reads the checks of fsys. known are the relations they may read.
func LoadChecks(ctx context.Context, db *sql.DB, fsys fs.FS, known []string) ([]Model, error) {
	checks, err := readLayer(fsys, "checks")
	if err != nil {
		return nil, err
	}
	set := map[string]bool{}
	for _, name := range known {
		set[name] = true
	}
	for i := range checks {
		if err := inspect(ctx, db, &checks[i], set); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

// readsOnlyRows are the table functions a model may call: a model is a function
// of relations, so nothing that opens a file or names a table in a string.
var readsOnlyRows = []string{"unnest", "range", "generate_series"}

// inspect asks DuckDB's parser what the query reads, and refuses what a model
// must not hold. GetTableNames of the driver would be shorter and must not be
// used: it returns an empty list, without an error, for whole classes of good
// queries.
func inspect(ctx context.Context, db *sql.DB, m *Model, known map[string]bool) error {
	var text string
	err := db.QueryRowContext(ctx, `select json_serialize_sql(?::varchar, skip_null := true)::varchar`, m.SQL).Scan(&text)
	if err != nil {
		return fmt.Errorf("%s: parse: %w", m.File, err)
	}
	var tree struct {
		Error   bool   `json:"error"`
		Message string `json:"error_message"`
		// Statements stays a tree of any: the serialised form has dozens of
		// node types, of which three matter here.
		Statements []any `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return fmt.Errorf("%s: read the syntax tree: %w", m.File, err)
	}
	if tree.Error {
		return fmt.Errorf("%s: the file must be one SELECT: %s: %w", m.File, tree.Message, ErrContract)
	}
	if len(tree.Statements) != 1 {
		return fmt.Errorf("%s: the file holds %d statements, and must hold one SELECT: %w", m.File, len(tree.Statements), ErrContract)
	}
	v := visitor{tables: map[string]bool{}, ctes: map[string]bool{}}
	v.visit(tree.Statements[0])
	for _, f := range v.functions {
		if !slices.Contains(readsOnlyRows, f) {
			return fmt.Errorf("%s: %s() is not for models: they read relations only: %w", m.File, f, ErrContract)
		}
	}
	for cte := range v.ctes {
		if known[cte] {
			return fmt.Errorf("%s: the CTE %q bears the name of a relation, which hides that the model needs it; rename the CTE: %w",
				m.File, cte, ErrContract)
		}
		delete(v.tables, cte)
	}
	m.Needs = slices.Sorted(maps.Keys(v.tables))
	for _, need := range m.Needs {
		if !known[need] {
			return fmt.Errorf("%s: it reads %q, and there is no such table or model: %w", m.File, need, ErrContract)
		}
	}
	return nil
}

// visitor collects from a syntax tree the tables read, the CTEs defined and the
// table functions called.
type visitor struct {
	tables, ctes map[string]bool
	functions    []string
}

func (v *visitor) visit(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			v.visit(child)
		}
	case map[string]any:
		switch node["type"] {
		case "BASE_TABLE":
			if name, ok := node["table_name"].(string); ok {
				v.tables[name] = true
			}
		case "TABLE_FUNCTION":
			if f, ok := node["function"].(map[string]any); ok {
				name, _ := f["function_name"].(string)
				v.functions = append(v.functions, strings.ToLower(name))
			}
		}
		if ctes, ok := node["cte_map"].(map[string]any); ok {
			entries, _ := ctes["map"].([]any)
			for _, entry := range entries {
				if e, ok := entry.(map[string]any); ok {
					if name, ok := e["key"].(string); ok {
						v.ctes[name] = true
					}
				}
			}
		}
		for _, child := range node {
			v.visit(child)
		}
	}
}

// Keys gives each model, and each check by its file, the hash of its text and of
// the keys of all it reads: what has an equal key is equal. base are the keys of the
// relations that exist before any model is built.
func Keys(models, checks []Model, base map[string]string) (map[string]string, error) {
	ordered, err := Order(models)
	if err != nil {
		return nil, err
	}
	keys := maps.Clone(base)
	key := func(m Model) string {
		h := sha256.New()
		fmt.Fprintf(h, "%s\n%s\n", m.Name, m.SQL)
		fmt.Fprintln(h, m.Columns) // of which some are declared elsewhere
		for _, need := range m.Needs {
			fmt.Fprintf(h, "%s %s\n", need, keys[need])
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	for _, m := range ordered {
		keys[m.Name] = key(m)
	}
	for _, c := range checks {
		keys[c.File] = key(c)
	}
	return keys, nil
}

// Order sorts models so that each comes after what it needs; models of one
// depth keep the order of their names. A circle is an error that names it.
func Order(models []Model) ([]Model, error) {
	byName := map[string]Model{}
	for _, m := range models {
		byName[m.Name] = m
	}
	var ordered []Model
	state := map[string]int{} // 1 while its needs are placed, 2 when placed
	var place func(name string, trail []string) error
	place = func(name string, trail []string) error {
		m, isModel := byName[name]
		if !isModel || state[name] == 2 {
			return nil
		}
		if state[name] == 1 {
			return fmt.Errorf("models need each other in a circle: %s: %w", strings.Join(append(trail, name), " → "), ErrContract)
		}
		state[name] = 1
		for _, need := range m.Needs {
			if err := place(need, append(trail, name)); err != nil {
				return err
			}
		}
		state[name] = 2
		ordered = append(ordered, m)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if err := place(name, nil); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}
