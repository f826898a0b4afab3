// Package catalog is the one place that knows what every published relation and
// each of its columns is: type, unit, meaning in both languages, what values it may
// hold and what it refers to. The Parquet files' metadata, the checks, the tables
// dictionary and relations of sanpi.duckdb, the codebook, the data package and the
// CLI's help are made from it.
//
// Nothing is declared here. A base table is declared in transforms/record/tables.csv
// and columns.csv, a fact or mart in the comment at the head of its model.
package catalog

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Kind is what a relation is made of.
type Kind string

const (
	Table Kind = "table" // rows as read: a table of the lake
	Facts Kind = "facts" // what is held true
	Mart  Kind = "mart"  // made of the others for people to query
	Guide Kind = "guide" // tells how to read the others; it stands in sanpi.duckdb only
)

// Relation is one published table.
type Relation struct {
	Name        string
	Kind        Kind
	EN, ZH      string   // what a row is, in a sentence or two
	Key         []string // the columns that tell rows apart, in order
	NullableKey []string // those of them that may be NULL
	Refs        []Ref
	Notes       []string // how to read it and what not to do, a paragraph each
	NotesZH     []string
	Columns     []Column
	File        string // where its columns are declared, for messages
	Line        int    // the first line of that
}

// Ref says that columns hold keys of another relation.
type Ref struct {
	Columns  []string
	Relation string
	Keys     []string
}

// String writes the reference as it is declared.
func (r Ref) String() string {
	return strings.Join(r.Columns, ", ") + " -> " + r.Relation + "." + strings.Join(r.Keys, ", ")
}

// Column is one column of a relation, in the relation's order.
type Column = engine.Column

// Read returns the relations that are published, the lake's tables first, then facts,
// the marts in the order of their names, and the guides. models holds the folders facts
// and marts. What is declared wrongly is an error that names file and line, and wraps
// engine.ErrContract.
func Read(models fs.FS) ([]Relation, error) {
	tables, err := readTables()
	if err != nil {
		return nil, err
	}
	read, err := engine.Read(models, "facts", "marts")
	if err != nil {
		return nil, err
	}
	var relations, guides []Relation
	for _, t := range tables {
		if t.Kind == Guide {
			guides = append(guides, t)
		} else {
			relations = append(relations, t)
		}
	}
	for _, m := range read {
		kind := Mart
		if m.Layer == "facts" {
			kind = Facts
		}
		relations = append(relations, ofModel(m, kind))
	}
	relations = append(relations, guides...)
	for _, r := range relations {
		if err := r.valid(relations); err != nil {
			return nil, err
		}
	}
	return relations, nil
}

// Find returns the relation of a name.
func Find(relations []Relation, name string) (Relation, bool) {
	for _, r := range relations {
		if r.Name == name {
			return r, true
		}
	}
	return Relation{}, false
}

// Column returns the column of a name.
func (r Relation) Column(name string) (Column, bool) {
	for _, c := range r.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// RefersTo returns the relation and column that a column names a row of, as
// "areas.area_id"; "" for none. The campaign that goes with such a column does not
// count.
func (r Relation) RefersTo(column string) string {
	for _, ref := range r.Refs {
		if last := len(ref.Columns) - 1; ref.Columns[last] == column {
			return ref.Relation + "." + ref.Keys[last]
		}
	}
	return ""
}

// valid says what is wrong with a declaration beside the others.
func (r Relation) valid(all []Relation) error {
	if r.EN == "" || r.ZH == "" {
		return r.wrong(r.Line, "%s lacks a meaning in one language", r.Name)
	}
	if len(r.Columns) == 0 {
		return r.wrong(r.Line, "no column of %s is declared", r.Name)
	}
	for _, c := range r.Columns {
		if c.ZH == "" {
			return r.wrong(c.Line, "column %s of %s has no Chinese meaning", c.Name, r.Name)
		}
		if err := c.Valid(); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", r.File, c.Line, r.Name, err)
		}
		if slices.Contains(r.Key, c.Name) && !slices.Contains(r.NullableKey, c.Name) && !c.Required {
			return r.wrong(c.Line, "column %s is of the key of %s and may be NULL; mark it as never NULL, or its place in the key with ?", c.Name, r.Name)
		}
	}
	for _, key := range r.Key {
		if _, ok := r.Column(key); !ok {
			return r.wrong(r.Line, "%s has no column %s, which its key names", r.Name, key)
		}
	}
	for _, ref := range r.Refs {
		other, ok := Find(all, ref.Relation)
		if !ok {
			return r.wrong(r.Line, "%s refers to %s, which is not published", r.Name, ref.Relation)
		}
		for i, name := range ref.Columns {
			from, ok := r.Column(name)
			to, ok2 := other.Column(ref.Keys[i])
			if !ok || !ok2 || from.Type != to.Type {
				return r.wrong(r.Line, "%s refers to %s by %s, and the two are not columns of one type", r.Name, ref.Relation, name)
			}
		}
	}
	return nil
}

func (r Relation) wrong(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s: %w", r.File, line, fmt.Sprintf(format, args...), engine.ErrContract)
}

const (
	tablesFile  = "transforms/record/tables.csv"
	columnsFile = "transforms/record/columns.csv"
)

func readTables() ([]Relation, error) {
	declared, err := record.Declarations()
	if err != nil {
		return nil, fmt.Errorf("read the declarations of the tables: %w", err)
	}
	var relations []Relation
	for _, d := range declared {
		r := Relation{Name: d.Table, Kind: Kind(d.Kind), EN: d.EN, ZH: d.ZH, Key: d.KeyColumns(), File: columnsFile, Line: 1}
		for _, key := range d.Key {
			if name, nullable := strings.CutSuffix(key, "?"); nullable {
				r.NullableKey = append(r.NullableKey, name)
			}
		}
		for _, text := range d.Refs {
			ref, err := engine.ParseRef(text)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", tablesFile, d.Line, err)
			}
			r.Refs = append(r.Refs, Ref{ref.Columns, ref.Table, ref.Keys})
		}
		if d.Notes != "" {
			r.Notes, r.NotesZH = []string{d.Notes}, []string{d.NotesZH}
		}
		columns, err := record.Columns(d.Table)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", tablesFile, d.Line, err)
		}
		r.Line = columns[0].Line
		for _, c := range columns {
			r.Columns = append(r.Columns, Column{Name: c.Name, Type: c.Type, Unit: c.Unit, EN: c.EN, ZH: c.ZH, Required: c.Required,
				Allowed: c.Allowed, Low: c.Low, High: c.High, Line: c.Line})
		}
		relations = append(relations, r)
	}
	return relations, nil
}

func ofModel(m engine.Model, kind Kind) Relation {
	r := Relation{Name: m.Name, Kind: kind, EN: m.Summary, ZH: m.ZH, Notes: m.Notes, NotesZH: m.NotesZH, Columns: m.Columns,
		File: "sql/" + m.File, Line: m.Line}
	for _, k := range m.Grain {
		r.Key = append(r.Key, k.Name)
		if k.Nullable {
			r.NullableKey = append(r.NullableKey, k.Name)
		}
	}
	for _, ref := range m.Refs {
		r.Refs = append(r.Refs, Ref{ref.Columns, ref.Table, ref.Keys})
	}
	return r
}
