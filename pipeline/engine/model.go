// Package engine runs the SQL of sanpi: models that become tables, and checks
// whose rows are failures. It knows no table of the domain: a model says in its
// own file what it is, and the engine holds it to that.
//
// # A model's file
//
// One SELECT a file. The relation is named after the file and its layer after
// the folder (core, facts, marts). The comment at the head is the contract:
//
//	-- zone_conversion: how much of what each zone signed has started since.
//	--
//	-- grain:    campaign, zone_id, method?
//	-- refs:     campaign, zone_id -> areas.campaign, area_id
//	--
//	-- columns:
//	--   zone_id  VARCHAR  the zone
//
// The columns must be those the query returns, in order and of that type; the
// grain must be unique and, but for columns marked "?", not NULL; the refs must
// lead somewhere. What the query needs is found by DuckDB's own parser. A model
// with the line "stored: no" is a view: for rows as many as a ledger has, which
// only counts are made of; a check must then hold its grain.
//
// # A check's file
//
// One SELECT whose rows are failures, headed in the same way; the line
// "blocks: no" makes it a warning.
package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ErrContract is wrapped by every error that says a model breaks what its own
// header promises.
var ErrContract = errors.New("the model breaks its contract")

// Model is one file of SQL.
type Model struct {
	Name    string
	Layer   string // the folder: core, facts, marts, checks
	File    string // its path, for messages
	Summary string
	Grain   []Key
	Refs    []Ref
	Columns []Column
	Blocks  bool // of a check: whether its rows stop the run
	View    bool // "stored: no": read anew by each model that needs it; its grain is not checked
	SQL     string
	Needs   []string // the relations that the query reads, in order
}

// Key is one column of a grain.
type Key struct {
	Name     string
	Nullable bool
}

// Ref says that columns of a model are keys of another relation.
type Ref struct {
	Columns []string
	Table   string
	Keys    []string
}

// Column is one column of a model: its name, DuckDB type and meaning.
type Column struct {
	Name, Type, Meaning string
}

// allowedTypes are the types that leave a model: those that reach Parquet and
// its readers without surprises. HUGEINT, for one, becomes a double there.
var allowedTypes = []string{
	"VARCHAR", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "DECIMAL(18,2)", "DECIMAL(18,4)",
}

// parse reads a file's header. The SQL is checked by inspect.
func parse(layer, file, text string) (Model, error) {
	name := strings.TrimSuffix(path.Base(file), ".sql")
	m := Model{Name: name, Layer: layer, File: file, SQL: text, Blocks: true}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "--") {
			break
		}
		body := strings.TrimPrefix(line, "--")
		word := strings.TrimSpace(body)
		if key, rest, ok := strings.Cut(word, ":"); ok && isSection(key) {
			section, word = key, strings.TrimSpace(rest)
		} else if key == name && m.Summary == "" {
			section, word = "summary", strings.TrimSpace(rest)
		}
		if word == "" {
			if section == "summary" {
				section = ""
			}
			continue
		}
		if err := m.read(section, word); err != nil {
			return Model{}, fmt.Errorf("%s: %q: %w", file, line, err)
		}
	}
	if m.Summary == "" {
		return Model{}, fmt.Errorf("%s: the first line must be \"-- %s: what it is\": %w", file, name, ErrContract)
	}
	return m, nil
}

func isSection(key string) bool {
	return slices.Contains([]string{"grain", "refs", "units", "columns", "blocks", "stored", "notes"}, key)
}

var typeThenMeaning = regexp.MustCompile(`^(\S+)\s+([A-Z]+(?:\(\d+,\d+\))?(?:\[\])?)\s+(.+)$`)

func (m *Model) read(section, text string) error {
	switch section {
	case "summary":
		m.Summary = strings.TrimSpace(m.Summary + " " + text)
	case "grain":
		for _, name := range splitList(text) {
			key, nullable := strings.CutSuffix(name, "?")
			m.Grain = append(m.Grain, Key{key, nullable})
		}
	case "refs":
		from, to, ok := strings.Cut(text, "->")
		table, keys, ok2 := strings.Cut(to, ".")
		if !ok || !ok2 {
			return fmt.Errorf("a ref is written column, column -> table.key, key: %w", ErrContract)
		}
		r := Ref{splitList(from), strings.TrimSpace(table), splitList(keys)}
		if len(r.Columns) != len(r.Keys) {
			return fmt.Errorf("a ref has as many columns as keys: %w", ErrContract)
		}
		m.Refs = append(m.Refs, r)
	case "stored":
		m.View = text == "no"
	case "blocks":
		m.Blocks = text != "no"
	case "columns":
		if f := typeThenMeaning.FindStringSubmatch(text); f != nil {
			m.Columns = append(m.Columns, Column{f[1], f[2], f[3]})
		} else if n := len(m.Columns); n > 0 {
			// A meaning that runs on over the next line.
			m.Columns[n-1].Meaning += " " + text
		} else {
			return fmt.Errorf("a column is written name TYPE meaning: %w", ErrContract)
		}
	}
	return nil
}

func splitList(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// verifyHeader checks what can be seen without running the query.
func (m Model) verifyHeader() error {
	if len(m.Grain) == 0 || len(m.Columns) == 0 {
		return fmt.Errorf("%s: the header needs a grain and its columns: %w", m.File, ErrContract)
	}
	for _, c := range m.Columns {
		if !slices.Contains(allowedTypes, strings.TrimSuffix(c.Type, "[]")) {
			return fmt.Errorf("%s: column %s: type %s does not leave a model; cast it to one of %s: %w",
				m.File, c.Name, c.Type, strings.Join(allowedTypes, ", "), ErrContract)
		}
	}
	for _, k := range m.Grain {
		if !slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Name == k.Name }) {
			return fmt.Errorf("%s: the grain names %q, which is not a column: %w", m.File, k.Name, ErrContract)
		}
	}
	return nil
}

// ReadLayer reads the heads of the .sql files of a folder, in order of name. What
// the queries need is not known yet: see Load.
func ReadLayer(fsys fs.FS, layer string) ([]Model, error) {
	files, err := fs.Glob(fsys, layer+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", layer, err)
	}
	var models []Model
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		m, err := parse(layer, file, string(text))
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	return models, nil
}
