package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The declarations are of the row types: every column, in the type's order, with its
// type, and required just where the type has no place for a NULL.
func TestColumnsDeclared(t *testing.T) {
	rows := map[string]any{
		"rounds": Round{}, "round_labels": RoundLabel{}, "areas": Area{}, "area_names": AreaName{},
		"sources": Source{}, "claims": Claim{}, "reviews": Review{}, "projects": Project{}, "quarantine": Quarantined{},
		"limits": Limit{}, "indicators": Indicator{}, "assessments": Assessment{}, "industries": Industry{}, "industry_words": IndustryWord{},
		"flags": Flag{}, "duplicates": Duplicate{}, "ledger_sheets": LedgerSheet{}, "ledger_columns": LedgerColumn{},
	}
	if len(rows) != len(Tables)-1 { // facts are declared by their model
		t.Fatalf("%d row types, %d tables", len(rows), len(Tables))
	}
	declarations, err := Declarations()
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, d := range declarations {
		if d.Kind == "table" {
			order = append(order, d.Table)
		}
	}
	if want := slices.DeleteFunc(slices.Clone(Tables), func(table string) bool { return table == "facts" }); !slices.Equal(order, want) {
		t.Errorf("tables.csv declares %v, the tables are %v", order, want)
	}
	for table, row := range rows {
		columns, err := Columns(table)
		if err != nil {
			t.Error(err)
			continue
		}
		if columns[0].Name != "campaign" {
			t.Errorf("%s begins with %s and not with its partition", table, columns[0].Name)
		}
		var got, want []string
		for _, c := range columns[1:] {
			got = append(got, fmt.Sprint(c.Name, " ", c.Type, " required=", c.Required))
		}
		for f := range fields(reflect.TypeOf(row)) {
			if name, options, _ := strings.Cut(f.Tag.Get("parquet"), ","); name != "-" {
				want = append(want, fmt.Sprint(name, " ", duckType(f.Type, options), " required=", !strings.Contains(options, "optional")))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is declared\n%s, its row type is\n%s", table, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if _, err := Columns("nothing"); err == nil {
		t.Error("Columns of an unknown table succeeded")
	}
}

// duckType is the type that a field of a row has in DuckDB.
func duckType(t reflect.Type, options string) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case strings.Contains(options, "decimal(2:18)"):
		return "DECIMAL(18,2)"
	case strings.Contains(options, "decimal(4:18)"):
		return "DECIMAL(18,4)"
	case strings.Contains(","+options+",", ",date,"):
		return "DATE"
	}
	return map[reflect.Kind]string{reflect.String: "VARCHAR", reflect.Int32: "INTEGER", reflect.Int64: "BIGINT",
		reflect.Bool: "BOOLEAN", reflect.Float64: "DOUBLE", reflect.Slice: "VARCHAR[]"}[t.Kind()]
}

// The words of a closed set are those that its column declares.
func TestDeclaredSets(t *testing.T) {
	for column, set := range map[string][]string{
		"claims.stage": texts(stages), "claims.metric": texts(metrics), "claims.period": texts(periodKinds),
		"areas.level": texts(areaLevels), "areas.zone_type": texts(zoneTypes), "limits.transition": Transitions,
		"indicators.pair": Pairs, "industry_words.field": IndustryFields,
		"claims.extractor": {Curated, ByRules, CuratedAndByRules, Reviewed},
	} {
		table, name, _ := strings.Cut(column, ".")
		columns, err := Columns(table)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
		if !slices.Equal(columns[i].Allowed, set) {
			t.Errorf("%s may be %v, and is one of %v", column, columns[i].Allowed, set)
		}
	}
}

func texts[T ~string](words []T) []string {
	var list []string
	for _, w := range words {
		list = append(list, string(w))
	}
	return list
}

// Each broken file of declarations is refused, by file, line and reason.
func TestBadDeclarations(t *testing.T) {
	const tables = "table,kind,key,refs,en,zh,notes,notes_zh\n"
	const columns = "table,column,type,unit,required,allowed,low,high,en,zh\n"
	const rounds = tables + "rounds,table,round,,the rounds,期次,,\n"
	for name, test := range map[string]struct{ tables, columns, want string }{
		"no Chinese for a table":  {tables + "rounds,table,round,,the rounds,,,\n", columns, "tables.csv:2: rounds lacks a meaning"},
		"notes in one language":   {tables + "rounds,table,round,,the rounds,期次,a note,\n", columns, "tables.csv:2: rounds lacks a meaning"},
		"another header":          {"table,en\n", columns, "its header is table,en"},
		"unknown table":           {rounds, columns + "weeks,day,DATE,,,,,,day,日期\n", "columns.csv:2: the table weeks"},
		"no Chinese for a column": {rounds, columns + "rounds,round,VARCHAR,,yes,,,,round id,期次编号\nrounds,venue,VARCHAR,,,,,,venue,\n", "columns.csv:3: rounds.venue lacks"},
		"no type":                 {rounds, columns + "rounds,round,,,yes,,,,round id,期次编号\n", "columns.csv:2: rounds.round lacks its type"},
		"required is neither":     {rounds, columns + "rounds,round,VARCHAR,,no,,,,round id,期次编号\n", "required is yes or empty"},
		"declared twice":          {rounds, columns + strings.Repeat("rounds,round,VARCHAR,,yes,,,,round id,期次编号\n", 2), "columns.csv:3: rounds.round is declared twice"},
		"a cell is missing":       {rounds, columns + "rounds,round,VARCHAR\n", "wrong number of fields"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseDeclared(test.tables, test.columns); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error that says %q", err, test.want)
			}
		})
	}
}

func TestValue(t *testing.T) {
	for _, test := range []struct {
		value Value
		want  string
	}{
		{WholeValue(347), "347"},
		{0, "0"},
		{5882, "0.5882"},
		{WholeValue(128_860_000_000), "128860000000"},
		{WholeValue(12_920_000_000_000), "12920000000000"},
	} {
		if got := test.value.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	if got, want := WholeValue(128_860_000_000).CNY().String(), "1288.6亿元"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if Value(5882).IsWhole() || !WholeValue(3).IsWhole() {
		t.Error("IsWhole is wrong")
	}
}

func TestDate(t *testing.T) {
	for _, text := range []string{"", "1970-01-02", "2021-01-01", "2024-02-29"} {
		d, err := ParseDate(text)
		if err != nil || d.String() != text {
			t.Errorf("ParseDate(%q) = %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"2021-02-29", "2021年1月1日", "2021-1-1"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", text, d)
		}
	}
	if got := NewDate(2021, 7, 16).Year(); got != 2021 {
		t.Errorf("Year = %d", got)
	}
}

func TestClosedSets(t *testing.T) {
	if _, err := ParseStage("other"); err == nil || !strings.Contains(err.Error(), "commissioned") {
		t.Errorf("an unknown stage must be refused with the list: %v", err)
	}
	for _, m := range metrics {
		if got, err := ParseMetric(string(m)); err != nil || got != m || m.Dimension() == "" {
			t.Errorf("ParseMetric(%q) = %q, %v", m, got, err)
		}
	}
	if z, err := ParseZoneType(""); z != "" || err != nil {
		t.Errorf("an unknown zone type is NULL: %q %v", z, err)
	}
}

// A claim keeps its id when its note or doubt is mended and gets another when
// what it says changes.
func TestClaimID(t *testing.T) {
	a := Claim{Campaign: "shanxi", SourceID: "s", Period: OfRound, PeriodID: "2021-1", AreaID: "140000",
		Stage: Signed, Metric: Projects, Value: WholeValue(413)}
	b := a
	b.Note, b.Doubt = "another note", "outlier"
	if NewClaimID(a) != NewClaimID(b) {
		t.Error("a note changed the id")
	}
	b.Value = WholeValue(414)
	if NewClaimID(a) == NewClaimID(b) {
		t.Error("another value kept the id")
	}
}
