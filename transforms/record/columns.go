package record

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

//go:embed columns.csv
var columnsCSV string

// Column says what one column of a table means, in both languages. The same
// words stand in the Parquet files' metadata, in sanpi.duckdb's comments and in
// the documentation.
type Column struct {
	Table, Name, Unit, EN, ZH string
}

// Tables lists the names of the lake's tables in the order of the data's path.
var Tables = []string{
	"rounds", "round_labels", "areas", "area_names", "sources", "claims", "reviews", "facts", "projects", "flags", "duplicates",
	"ledger_sheets", "ledger_columns", "quarantine", "limits", "indicators", "assessments", "industries", "industry_words",
}

var readColumns = sync.OnceValues(func() (map[string][]Column, error) {
	rows, err := csv.NewReader(strings.NewReader(columnsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read columns.csv: %w", err)
	}
	columns := map[string][]Column{}
	for _, r := range rows[1:] {
		columns[r[0]] = append(columns[r[0]], Column{r[0], r[1], r[2], r[3], r[4]})
	}
	return columns, nil
})

// Columns returns the documented columns of a table in the table's order.
func Columns(table string) ([]Column, error) {
	columns, err := readColumns()
	if err != nil {
		return nil, err
	}
	if len(columns[table]) == 0 {
		return nil, fmt.Errorf("table %q is not documented in columns.csv", table)
	}
	return columns[table], nil
}

// ColumnNames returns the Parquet column names of a row type, in order.
func ColumnNames(row any) []string {
	var names []string
	for f := range fields(reflect.TypeOf(row)) {
		if name, _, _ := strings.Cut(f.Tag.Get("parquet"), ","); name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}
