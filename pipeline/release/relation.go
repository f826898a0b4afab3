package release

import (
	"github.com/sanpi-data/sanpi/pipeline/catalog"
)

// table is a relation and what the version holds of it.
type table struct {
	catalog.Relation
	parquet string // its file in the release, or the folder of its partitions
	own     bool   // the version has no Parquet of it
	derived bool   // made by the release, of what the version holds
	rows    int64
	known   []int64  // of each column, the rows in which it is known
	example []string // of each column, a value as CSV has it before Guard; "" for none
}

func (t table) csv() string   { return "csv/" + t.Name + ".csv" }
func (t table) excel() string { return "csv-excel/" + t.Name + ".csv" }

// excelRows is how many lines a sheet of Excel has.
var excelRows int64 = 1 << 20

// fitsExcel says that Excel has room for the rows and their header.
func (t table) fitsExcel() bool { return t.rows < excelRows }

// hasKey says that rows have a key no part of which may be NULL.
func (t table) hasKey() bool { return len(t.Key) > 0 && len(t.NullableKey) == 0 }

// refIsWhole says that no row knows only a part of a reference: validators take
// such a row for a broken one.
func (t table) refIsWhole(r catalog.Ref) bool {
	if len(r.Columns) == 1 {
		return true
	}
	for i, c := range t.Columns {
		for _, name := range r.Columns {
			if c.Name == name && t.known[i] != t.rows {
				return false
			}
		}
	}
	return true
}

// sourcePage is a page or ledger that figures were read from.
type sourcePage struct {
	id, publisher, url string
}
