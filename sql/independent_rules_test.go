package sql_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	models "github.com/sanpi-data/sanpi/sql"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

// TestIndependentIndustries compares every cell of industry_mix with what Python makes
// of the same generated ledger and of the shipped rules.
func TestIndependentIndustries(t *testing.T) {
	python := os.Getenv("SANPI_TEST_PYTHON")
	if python == "" {
		t.Skip("SANPI_TEST_PYTHON names no Python with lifelines and statsmodels; run make test, which installs them")
	}
	t.Parallel()
	rows := generatedRows(t)
	want := pythonValues(t, python, rows, "tests/independent/industry_mix.py", "../datasets/rules/industries.csv", "../datasets/rules/industry_words.csv")
	db := buildFromRows(t, rows, "industry_mix")
	got := cells(t, db, "scheme || '/' || industry", "industry_mix",
		"campaign", "synthetic", "scheme", "industry", "name", "name_en", "gbt_4754", "observed_on")
	compareCells(t, want, got, 1000)
}

// TestIndependentReforms compares every cell of reform_adoption with lifelines and
// statsmodels on the same generated ledger; the program also holds the interval of the
// difference of medians against a bootstrap.
func TestIndependentReforms(t *testing.T) {
	python := os.Getenv("SANPI_TEST_PYTHON")
	if python == "" {
		t.Skip("SANPI_TEST_PYTHON names no Python with lifelines and statsmodels; run make test, which installs them")
	}
	t.Parallel()
	rows := generatedRows(t)
	want := pythonValues(t, python, rows, "tests/independent/reform_adoption.py")
	db := buildFromRows(t, rows, "reform_adoption")
	got := cells(t, db, "concat_ws('/', reform, level, key, period, coalesce(year::varchar, ''))", "reform_adoption",
		"campaign", "synthetic", "reform", "reform_name", "level", "key", "name", "period", "year")
	for key, value := range got {
		// Zones and years have no days; the program does not speak of them.
		isCompared := strings.Contains(key, "/all/ ") && !strings.Contains(key, "/zone/")
		if _, ok := want[key]; !ok && !isCompared && math.IsNaN(value) {
			delete(got, key)
		}
	}
	compareCells(t, want, got, 1000)
}

// zonesOfRules are the zones of the generated ledger: three types, a part of a zone, a
// zone of no known type.
var zonesOfRules = []struct{ id, whole, zoneType string }{
	{"z0", "", "industrial"}, {"z1", "", "industrial"}, {"z2", "", "agriculture"}, {"z3", "", "tourism"}, {"z4", "", ""}, {"z0p", "z0", ""},
}

// rowColumns are the columns of projects that generatedRows fills; behind them stand
// the zones that a row counts in and their type, for Python only.
var rowColumns = strings.Split("campaign,source_id,project_id,line,synthetic,as_of,zone_id,name,industry,investor,content,chain_leader,investment_cny,"+
	"stage,signed_on,signed_precision,started_on,started_precision,commissioned_on,commissioned_precision,on_target_on,on_target_precision,"+
	"commitment,standard_land,full_agency", ",")

// generatedRows are the projects of a messy ledger: days known to the month, amounts
// that are not known. Some lose their industry, investor or zone, or get an industry
// that no rule knows, or one that several words are in.
func generatedRows(t *testing.T) [][]string {
	t.Helper()
	opt := synthetic.Options{Rows: 4000, Mess: 0.3, AsOf: record.NewDate(2024, 6, 30)}
	for _, z := range zonesOfRules {
		opt.Zones = append(opt.Zones, synthetic.Zone{AreaID: record.AreaID(z.id), Name: "开发区" + z.id})
	}
	g, err := synthetic.New(5, opt)
	if err != nil {
		t.Fatal(err)
	}
	money := func(v *record.CNY) string {
		if v == nil {
			return ""
		}
		return fmt.Sprintf("%d.%02d", *v/100, *v%100)
	}
	mark := func(v *bool) string {
		if v == nil {
			return ""
		}
		return strconv.FormatBool(*v)
	}
	var rows [][]string
	for row := range g.Rows() {
		if row.Outcome != synthetic.Loaded {
			continue
		}
		p, n := row.Project, len(rows)
		zone, zones, zoneType := string(p.ZoneID), string(p.ZoneID), ""
		for _, z := range zonesOfRules {
			if z.id == zone {
				zoneType = z.zoneType
				if z.whole != "" {
					zones, zoneType = zone+";"+z.whole, "industrial"
				}
			}
		}
		switch {
		case n%11 == 0:
			p.Industry = ""
		case n%17 == 0:
			p.Industry = "量子计算"
		case n%13 == 0:
			p.Investor = ""
		case n%19 == 0:
			p.Industry = manyWords[n%len(manyWords)]
		case n%23 == 0:
			p.Industry, p.Name = "装备制造", "技术改造项目"
		case n%101 == 0:
			zone, zones, zoneType = "", "", ""
		}
		rows = append(rows, []string{
			"x", "ledger", fmt.Sprint("p", n), strconv.Itoa(n + 1), "true", p.AsOf.String(), zone,
			strings.Clone(p.Name), p.Industry, strings.Clone(p.Investor), strings.Clone(p.Content), p.ChainLeader, money(p.InvestmentCNY),
			string(p.Stage), p.SignedOn.String(), string(p.SignedPrecision), p.StartedOn.String(), string(p.StartedPrecision),
			p.CommissionedOn.String(), string(p.CommissionedPrecision), p.OnTargetOn.String(), string(p.OnTargetPrecision),
			mark(p.Commitment), mark(p.StandardLand), mark(p.FullAgency), zones, zoneType,
		})
	}
	return rows
}

// manyWords are industries in which several words of the rules stand.
var manyWords = []string{
	"光伏组件及特钢材料加工", "医疗器械与食品制造", "农产品加工装备", "新能源汽车和合成生物新材料", "煤化工节能环保", "数据中心、数字经济与物流", "半导体光电",
}

func csvOf(t *testing.T, header []string, rows [][]string) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row[:len(header)]); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}

// buildFromRows loads the rows and the shipped rules, and builds a mart.
func buildFromRows(t *testing.T, rows [][]string, mart string) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	loadEmptyTables(t, db, emptyLake(t))
	statements := []string{
		"insert into params values (null)",
		"insert into sources by name select 'x' as campaign, 'ledger' as source_id, 'ledger' as kind",
	}
	for _, z := range zonesOfRules {
		level := "zone"
		if z.whole != "" {
			level = "zone_part"
		}
		statements = append(statements, fmt.Sprintf(`insert into areas by name
			select 'x' as campaign, '%s' as area_id, '%[1]s' as name, '%s' as level, nullif('%s', '') as parent_id, nullif('%s', '') as zone_type`,
			z.id, level, z.whole, z.zoneType))
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	give(t, db, all, "projects", []byte(csvOf(t, rowColumns, rows)))
	for _, table := range []string{"industries", "industry_words"} {
		text, err := datasets.FS.ReadFile("rules/" + table + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		header := append(records[0], "campaign")
		if table == "industries" {
			header = append(header, "position")
		}
		for i, r := range records[1:] {
			records[i+1] = append(r, "x", strconv.Itoa(i+1))
		}
		give(t, db, all, table, []byte(csvOf(t, header, records[1:])))
	}
	if err := engine.Build(ctx, db, needed(all, nil, []string{mart}), 2); err != nil {
		t.Fatal(err)
	}
	return db
}

// pythonValues runs a program of tests/independent over the rows. It writes a row a
// value: what, value; NaN stands for none.
func pythonValues(t *testing.T, python string, rows [][]string, args ...string) map[string]float64 {
	t.Helper()
	input := csvOf(t, append(append([]string{}, rowColumns...), "zones", "zone_type"), rows)
	values := map[string]float64{}
	for _, r := range runPython(t, python, input, args...) {
		value := math.NaN()
		if r[1] != "" {
			var err error
			if value, err = strconv.ParseFloat(r[1], 64); err != nil {
				t.Fatal(err)
			}
		}
		values[r[0]] = value
	}
	return values
}

// cells are the numbers of a mart by row and column, NaN for NULL.
func cells(t *testing.T, db *sql.DB, key, mart string, keys ...string) map[string]float64 {
	t.Helper()
	rows, err := db.Query(fmt.Sprintf(`select %s as row_key, columns(* exclude (%s))::double from %s`, key, strings.Join(keys, ", "), mart))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for rows.Next() {
		var row string
		numbers := make([]sql.NullFloat64, len(columns)-1)
		targets := []any{&row}
		for i := range numbers {
			targets = append(targets, &numbers[i])
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		for i, n := range numbers {
			values[row+" "+columns[i+1]] = math.NaN()
			if n.Valid {
				values[row+" "+columns[i+1]] = n.Float64
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

// compareCells wants the same cells on both sides, and at least so many of them known.
func compareCells(t *testing.T, want, got map[string]float64, least int) {
	t.Helper()
	known := 0
	for key, value := range want {
		switch g, ok := got[key]; {
		case !ok:
			t.Errorf("%s: no cell in the mart, want %v", key, value)
		case math.IsNaN(value) != math.IsNaN(g) || math.Abs(g-value) > 1e-9*max(1, math.Abs(value)):
			t.Errorf("%s: the mart says %v, the independent computation %v", key, g, value)
		case !math.IsNaN(value):
			known++
		}
	}
	for key, value := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%s: the mart says %v, the independent computation has no such cell", key, value)
		}
	}
	if known < least {
		t.Errorf("only %d cells are known on both sides", known)
	}
}
