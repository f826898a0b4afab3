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
	File        string // where it is declared, for messages
}

// Ref says that columns hold keys of another relation.
type Ref struct {
	Columns  []string
	Relation string
	Keys     []string
}

// Column is one column of a relation, in the relation's order.
type Column struct {
	Name     string
	Type     string // DuckDB's name of it; a list ends with []
	Unit     string // "" for texts and plain numbers
	EN, ZH   string
	Required bool     // never NULL
	Allowed  []string // the values it may hold, or a list's elements; nil for any
	Low      string   // least value, a number or a date; "" for none
	High     string   // greatest value
	Line     int      // of the declaration in Relation.File, for messages
}

// Read returns the relations that are published, base tables first, then facts and
// marts in the order of their names. models holds the folders facts and marts.
func Read(models fs.FS) ([]Relation, error) {
	relations, err := readTables()
	if err != nil {
		return nil, err
	}
	for _, layer := range []struct {
		folder string
		kind   Kind
	}{{"facts", Facts}, {"marts", Mart}} {
		read, err := engine.Read(models, layer.folder)
		if err != nil {
			return nil, err
		}
		for _, m := range read {
			relations = append(relations, ofModel(m, layer.kind))
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

func readTables() ([]Relation, error) {
	var relations []Relation
	for _, table := range record.Tables {
		if table == "facts" { // declared by its model
			continue
		}
		columns, err := record.Columns(table)
		if err != nil {
			return nil, fmt.Errorf("read the declarations: %w", err)
		}
		r := Relation{Name: table, Kind: Table}
		for _, c := range columns {
			r.Columns = append(r.Columns, Column{Name: c.Name, Unit: c.Unit, EN: c.EN, ZH: c.ZH})
		}
		relations = append(relations, r)
	}
	return relations, nil
}

func ofModel(m engine.Model, kind Kind) Relation {
	r := Relation{Name: m.Name, Kind: kind, EN: m.Summary, File: "sql/" + m.File}
	for _, k := range m.Grain {
		r.Key = append(r.Key, k.Name)
		if k.Nullable {
			r.NullableKey = append(r.NullableKey, k.Name)
		}
	}
	for _, ref := range m.Refs {
		r.Refs = append(r.Refs, Ref{ref.Columns, ref.Table, ref.Keys})
	}
	for _, c := range m.Columns {
		r.Columns = append(r.Columns, Column{Name: c.Name, Type: strings.TrimSpace(c.Type), EN: c.EN})
	}
	return r
}
