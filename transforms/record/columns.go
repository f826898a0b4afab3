package record

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// The declarations of the tables: the only place that says what a table and its
// columns are. The Parquet files, the checks, the dictionary and all that is written
// about the data come from them.
var (
	//go:embed tables.csv
	tablesCSV string
	//go:embed columns.csv
	columnsCSV string
)

// Declaration says what one table is, in both languages.
type Declaration struct {
	Table   string
	Kind    string   // table, or guide: one that tells how to read the others
	Key     []string // columns that tell rows apart; one that may be NULL ends with ?
	Refs    []string // columns -> table.columns
	EN, ZH  string
	Notes   string // how to read it; "" when nothing needs saying
	NotesZH string
	Line    int // in tables.csv
}

// KeyColumns returns the columns of the key.
func (d Declaration) KeyColumns() []string {
	var columns []string
	for _, key := range d.Key {
		columns = append(columns, strings.TrimSuffix(key, "?"))
	}
	return columns
}

// Column says what one column of a table is, in both languages.
type Column struct {
	Table, Name string
	Type        string // as DuckDB names it
	Unit        string
	Required    bool     // never NULL
	Allowed     []string // the values it may hold; nil for any
	Low, High   string   // least and greatest value; "" for none
	EN, ZH      string
	Line        int // in columns.csv
}

// Tables lists the names of the lake's tables in the order of the data's path.
var Tables = []string{
	"rounds", "round_labels", "areas", "area_names", "sources", "claims", "reviews", "facts", "projects", "flags", "duplicates",
	"ledger_sheets", "ledger_columns", "quarantine", "limits", "indicators", "assessments", "industries", "industry_words",
}

// declared is what the two files say.
type declared struct {
	tables  []Declaration
	columns map[string][]Column
}

var readDeclared = sync.OnceValues(func() (declared, error) { return parseDeclared(tablesCSV, columnsCSV) })

// parseDeclared reads the two files. An error names the file and line.
func parseDeclared(tables, columns string) (declared, error) {
	d := declared{columns: map[string][]Column{}}
	err := eachRow("tables.csv", tables, "table,kind,key,refs,en,zh,notes,notes_zh", func(r []string, line int) error {
		t := Declaration{r[0], r[1], split(r[2], ","), split(r[3], ";"), r[4], r[5], r[6], r[7], line}
		if t.EN == "" || t.ZH == "" || (t.Notes == "") != (t.NotesZH == "") {
			return fmt.Errorf("%s lacks a meaning in one language", t.Table)
		}
		d.tables = append(d.tables, t)
		return nil
	})
	if err != nil {
		return d, err
	}
	err = eachRow("columns.csv", columns, "table,column,type,unit,required,allowed,low,high,en,zh", func(r []string, line int) error {
		c := Column{Table: r[0], Name: r[1], Type: r[2], Unit: r[3], Required: r[4] == "yes", Allowed: split(r[5], ";"),
			Low: r[6], High: r[7], EN: r[8], ZH: r[9], Line: line}
		switch {
		case !slices.ContainsFunc(d.tables, func(t Declaration) bool { return t.Table == c.Table }):
			return fmt.Errorf("the table %s is not in tables.csv; add it there", c.Table)
		case r[4] != "" && r[4] != "yes":
			return fmt.Errorf("required is yes or empty, not %q", r[4])
		case c.Type == "" || c.EN == "" || c.ZH == "":
			return fmt.Errorf("%s.%s lacks its type, or a meaning in one language", c.Table, c.Name)
		case slices.ContainsFunc(d.columns[c.Table], func(other Column) bool { return other.Name == c.Name }):
			return fmt.Errorf("%s.%s is declared twice", c.Table, c.Name)
		}
		d.columns[c.Table] = append(d.columns[c.Table], c)
		return nil
	})
	return d, err
}

// eachRow reads a CSV file of the given header, row by row.
func eachRow(file, text, header string, take func(row []string, line int) error) error {
	rows := csv.NewReader(strings.NewReader(text))
	for first := true; ; first = false {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		line, _ := rows.FieldPos(0)
		if first {
			if got := strings.Join(row, ","); got != header {
				return fmt.Errorf("read %s: its header is %s, and must be %s", file, got, header)
			}
			continue
		}
		if err := take(row, line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
	}
}

func split(text, separator string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, separator) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Declarations returns what the tables are: those of the lake in the order of Tables,
// but for facts, which its model declares, and then the guides.
func Declarations() ([]Declaration, error) {
	d, err := readDeclared()
	return d.tables, err
}

// Columns returns the declared columns of a table in the table's order, the campaign
// first, which is no column of the files but their partition.
func Columns(table string) ([]Column, error) {
	d, err := readDeclared()
	if err != nil {
		return nil, err
	}
	if len(d.columns[table]) == 0 {
		return nil, fmt.Errorf("table %q is not declared in columns.csv", table)
	}
	return d.columns[table], nil
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
