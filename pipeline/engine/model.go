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
//	-- How to read it, in paragraphs.
//	--
//	-- zh: 各开发区签约项目的开工进度。
//	--
//	-- 如何阅读,可分段。
//	--
//	-- grain:    campaign, zone_id, method?
//	-- refs:     campaign, zone_id -> areas.campaign, area_id
//	--
//	-- columns:
//	--   zone_id  VARCHAR!  the zone
//	--     zh: 开发区
//	--   level  VARCHAR! {zone, zone_part}  a zone, or a part of one
//	--     zh: 层级:开发区或片区
//	--   share  DOUBLE [ratio] 0..1  of what was signed, the share that started
//	--     zh: 开工占签约的比例
//	--   signed  like area_conversion
//
// The columns must be those the query returns, in order and of that type; the
// grain must be unique and, but for columns marked "?", not NULL; the refs must
// lead somewhere. What the query needs is found by DuckDB's own parser. A model
// with the line "stored: no" is a view: for rows as many as a ledger has, which
// only counts are made of; a check must then hold its grain.
//
// After its type a column may say that it is never NULL (!), its unit in [brackets],
// the set of its values in {braces} and its least and greatest value (0..1, 0..).
// These are for relations that are published: Verify compares them with the rows. A
// column "like" another relation is declared there, under its own name or the one
// behind a dot.
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
	ZH      string   // the summary in Chinese
	Notes   []string // how to read it, a paragraph each
	NotesZH []string
	Grain   []Key
	Refs    []Ref
	Columns []Column
	Blocks  bool // of a check: whether its rows stop the run
	View    bool // "stored: no": read anew by each model that needs it; its grain is not checked
	SQL     string
	Needs   []string // the relations that the query reads, in order

	Line int // of the heading "columns:"
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

// allowedTypes are the types that leave a model: those that reach Parquet and
// its readers without surprises. HUGEINT, for one, becomes a double there.
var allowedTypes = []string{
	"VARCHAR", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "DECIMAL(18,2)", "DECIMAL(18,4)",
}

// parse reads a file's header. The SQL is checked by inspect.
func parse(layer, file, text string) (Model, error) {
	name := strings.TrimSuffix(path.Base(file), ".sql")
	m := Model{Name: name, Layer: layer, File: file, SQL: text, Blocks: true}
	h := head{model: &m}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "--") {
			break
		}
		if err := h.line(strings.TrimSpace(strings.TrimPrefix(line, "--")), number); err != nil {
			return Model{}, fmt.Errorf("%s:%d: %q: %w", file, number, line, err)
		}
	}
	if m.Summary == "" {
		return Model{}, fmt.Errorf("%s: the first line must be \"-- %s: what it is\": %w", file, name, ErrContract)
	}
	return m, nil
}

// verifyHeader checks what can be seen without running the query.
func (m Model) verifyHeader() error {
	if len(m.Grain) == 0 || len(m.Columns) == 0 {
		return fmt.Errorf("%s: the header needs a grain and its columns: %w", m.File, ErrContract)
	}
	for _, k := range m.Grain {
		if !slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Name == k.Name }) {
			return fmt.Errorf("%s: the grain names %q, which is not a column: %w", m.File, k.Name, ErrContract)
		}
	}
	return nil
}

// Read reads the heads of the .sql files of some layers, in order of name within
// each. What the queries need is not known yet: see Load.
func Read(fsys fs.FS, layers ...string) ([]Model, error) {
	var models []Model
	for _, layer := range layers {
		read, err := readLayer(fsys, layer)
		if err != nil {
			return nil, err
		}
		models = append(models, read...)
	}
	return models, settle(models)
}

// readLayer reads the .sql files of a folder, in order of name.
func readLayer(fsys fs.FS, layer string) ([]Model, error) {
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
