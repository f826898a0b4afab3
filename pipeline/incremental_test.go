package pipeline_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	models "github.com/sanpi-data/sanpi/sql"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// action is what became of one step.
func action(t *testing.T, r pipeline.Report, kind, name string) string {
	t.Helper()
	for _, s := range r.Steps {
		if s.Kind == kind && s.Name == name {
			if s.Why == "" {
				t.Errorf("%s %s: %s, nobody says why", kind, name, s.Action)
			}
			return s.Action
		}
	}
	t.Errorf("no step %s %s in %+v", kind, name, r.Steps)
	return ""
}

const (
	oneLedger   = "项目名称,开发区,总投资(亿元),签约时间,开工时间\n年产10万吨铝材加工项目,襄垣经济技术开发区,12.5,2021-03-05,2021-07-16\n"
	otherLedger = "项目名称,开发区,总投资(亿元),签约时间\n碳化硅衬底项目,大同经济技术开发区,3,2022-02-20\n光伏支架项目,大同经济技术开发区,1.2,2099-01-01\n"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Each change has done again what it bears upon, and nothing else.
func TestIncremental(t *testing.T) {
	dir, ledgers := t.TempDir(), t.TempDir()
	put(t, filepath.Join(ledgers, "甲.csv"), oneLedger)
	p := plan(dir)
	p.Campaigns, p.Ledgers = []string{"shanxi"}, []pipeline.LedgerAddress{{Address: ledgers}}
	night := func(change func(*pipeline.Plan)) pipeline.Report {
		t.Helper()
		p.Now = p.Now.Add(24 * time.Hour)
		own := p
		if change != nil {
			change(&own)
		}
		return run(t, own)
	}
	first := night(nil)
	if first.Status != pipeline.Done || action(t, first, "ledgers", "shanxi") != pipeline.Built || action(t, first, "model", "trend_series") != pipeline.Built {
		t.Errorf("the first run: %+v", first)
	}
	again := night(nil)
	if again.Status != pipeline.Unchanged || again.Version != first.Version || again.Rows != first.Rows || !maps.Equal(again.Relations, first.Relations) {
		t.Errorf("nothing new: %+v\nfirst: %+v", again, first)
	}
	if versions, _ := filepath.Glob(filepath.Join(dir, "versions", "*")); len(versions) != 1 {
		t.Errorf("versions %v", versions)
	}

	put(t, filepath.Join(ledgers, "乙.csv"), otherLedger)
	more := night(nil)
	if more.Status != pipeline.Done || action(t, more, "ledgers", "shanxi") != pipeline.Built || action(t, more, "model", "zone_conversion") != pipeline.Built {
		t.Errorf("one more ledger: %+v", more)
	}
	// A check's text bears upon no model and upon no ledger.
	checked := func(p *pipeline.Plan) {
		p.SQL = changedSQL(p.SQL, "checks/missing_is_null.sql", func(text string) string { return text + "\n-- of no weight\n" })
	}
	r := night(checked)
	for _, s := range r.Steps {
		built := s.Kind == "tables" || s.Kind == "database" || s.Kind == "check" && s.Name == "missing_is_null"
		if built != (s.Action == pipeline.Built) {
			t.Errorf("a check changed: %+v", s)
		}
	}
	// A mart's text bears upon the mart, and upon the checks that read it.
	marted := func(p *pipeline.Plan) {
		checked(p)
		p.SQL = changedSQL(p.SQL, "marts/coverage.sql", func(text string) string { return text + "\n-- of no weight\n" })
	}
	r = night(marted)
	for _, s := range r.Steps {
		if s.Kind == "model" && (s.Action == pipeline.Built) != (s.Name == "coverage") {
			t.Errorf("a mart changed: %+v", s)
		}
		if s.Kind == "model" && s.Name == "coverage" && s.Why != "changed: marts/coverage.sql" {
			t.Errorf("why: %s", s.Why)
		}
	}
	// A day that a row waits for: the start of 2099 is no longer to come.
	r = night(func(p *pipeline.Plan) { marted(p); p.Now = time.Date(2098, 12, 31, 23, 0, 0, 0, time.UTC) })
	if r.Status != pipeline.Unchanged {
		t.Errorf("the day before: %+v", r)
	}
	r = night(func(p *pipeline.Plan) { marted(p); p.Now = time.Date(2099, 1, 1, 1, 0, 0, 0, time.UTC) })
	if r.Status != pipeline.Done || action(t, r, "ledgers", "shanxi") != pipeline.Built || r.Rows.Quarantined != more.Rows.Quarantined-1 {
		t.Errorf("the day: %+v", r)
	}
	// Another program makes everything anew.
	r = night(func(p *pipeline.Plan) { marted(p); p.Code = "other" })
	for _, s := range r.Steps {
		if s.Action != pipeline.Built {
			t.Errorf("another program: %+v", s)
		}
	}
	// A withdrawn ledger is gone.
	if err := os.Remove(filepath.Join(ledgers, "乙.csv")); err != nil {
		t.Fatal(err)
	}
	r = night(nil)
	if r.Relations["projects"] != first.Relations["projects"] {
		t.Errorf("%d projects after a ledger was withdrawn; before it came %d", r.Relations["projects"], first.Relations["projects"])
	}
}

// A ledger that two campaigns share is of both when it changes.
func TestLedgerOfTwoCampaigns(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "甲.csv")
	put(t, file, oneLedger)
	p := plan(dir)
	p.SQL = smallSQL(t, "trend_series")
	p.Campaigns = []string{"shanxi", "henan"}
	p.Ledgers = []pipeline.LedgerAddress{{Campaign: "shanxi", Address: file}, {Campaign: "henan", Address: file}}
	run(t, p)
	put(t, file, strings.Replace(oneLedger, "12.5", "13.5", 1))
	p.Now = p.Now.Add(time.Hour)
	r := run(t, p)
	for _, id := range p.Campaigns {
		if action(t, r, "ledgers", id) != pipeline.Built {
			t.Errorf("the ledgers of %s were taken over", id)
		}
	}
}

// changedSQL is SQL with one file changed.
func changedSQL(fsys fs.FS, file string, change func(string) string) fs.FS {
	all := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		if path == file {
			data = []byte(change(string(data)))
		}
		all[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		panic(err)
	}
	return all
}

// A file of the published version that somebody spoiled, cut or removed is made
// anew, by a run that has nothing else to do.
func TestDamagedVersion(t *testing.T) {
	sql := smallSQL(t, "trend_series", "missing_is_null")
	for _, damage := range []struct {
		name string
		file string
		do   func(path string) error
	}{
		{"a mart cut short", "marts/trend_series.parquet", func(path string) error { return os.Truncate(path, 100) }},
		{"a table gone", "tables/claims/campaign=shanxi/part-0.parquet", os.Remove},
		{"the rows of ledgers spoiled", "tables/projects/campaign=shanxi/part-0.parquet", func(path string) error {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			data[len(data)/2] ^= 0xff
			return os.WriteFile(path, data, 0o644)
		}},
		{"the database gone", "sanpi.duckdb", os.Remove},
		{"the manifest cut", "manifest.json", func(path string) error { return os.Truncate(path, 50) }},
		{"the manifest gone", "manifest.json", os.Remove},
	} {
		t.Run(damage.name, func(t *testing.T) {
			dir := t.TempDir()
			p := plan(dir)
			p.Campaigns, p.SQL = []string{"shanxi"}, sql
			first := run(t, p)
			whole := filepath.Join(t.TempDir(), "whole")
			if err := os.CopyFS(whole, os.DirFS(first.Dir)); err != nil {
				t.Fatal(err)
			}
			if err := damage.do(filepath.Join(first.Dir, filepath.FromSlash(damage.file))); err != nil {
				t.Fatal(err)
			}
			p.Now = p.Now.Add(time.Hour)
			second := run(t, p)
			if second.Status != pipeline.Done || second.Version == first.Version {
				t.Errorf("%s: %s", second.Status, second.Error)
			}
			sameContents(t, second.Dir, whole)
		})
	}
	t.Run("the link CURRENT gone", func(t *testing.T) {
		dir := t.TempDir()
		p := plan(dir)
		p.Campaigns, p.SQL = []string{"shanxi"}, sql
		first := run(t, p)
		if err := os.Remove(filepath.Join(dir, "CURRENT")); err != nil {
			t.Fatal(err)
		}
		p.Now = p.Now.Add(time.Hour)
		second := run(t, p)
		if second.Status != pipeline.Done {
			t.Errorf("%s: %s", second.Status, second.Error)
		}
		sameContents(t, second.Dir, first.Dir)
	})
}

// contents are the hashes of a version's files as they lie there. DuckDB writes into
// its file what memory held by chance, so that of sanpi.duckdb the rows count.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch name {
		case "sanpi.duckdb":
			for table, rows := range rowsIn(t, path) {
				all[name+":"+table] = rows
			}
		case "manifest.json":
			for field, text := range manifestWithout(t, dir) {
				all[name+":"+field] = string(text)
			}
		default:
			_, all[name], err = warehouse.HashFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// manifestWithout is the manifest but for what two runs may differ in: names, times
// and the bytes of the database.
func manifestWithout(t testing.TB, dir string) map[string]json.RawMessage {
	t.Helper()
	m, err := warehouse.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Version, m.CreatedAt = "", ""
	for i, o := range m.Outputs {
		if o.Path == "sanpi.duckdb" {
			m.Outputs[i].SHA256, m.Outputs[i].Bytes = "", 0
		}
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// sameContents compares two versions and names what differs.
func sameContents(t testing.TB, got, want string) {
	t.Helper()
	a, b := contents(t, got), contents(t, want)
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if a[name] != b[name] {
			at := 0
			for at < min(len(a[name]), len(b[name])) && a[name][at] == b[name][at] {
				at++
			}
			t.Errorf("%s differs: …%.200s\nwant …%.200s", name, a[name][max(0, at-40):], b[name][max(0, at-40):])
		}
		delete(a, name)
	}
	for name := range a {
		t.Errorf("%s should not be there", name)
	}
}

// rowsIn is a hash of the rows of each table of a database, in their order.
func rowsIn(t testing.TB, file string) map[string]string {
	t.Helper()
	db, err := engine.OpenReadOnly(file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("select table_name from duckdb_tables() order by all")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	rows.Close()
	all := map[string]string{}
	for _, name := range tables {
		var sum string
		query := fmt.Sprintf("select count(*) || ' ' || coalesce(md5(string_agg(x::varchar, chr(10) order by n)), '') from (select x, row_number() over () as n from %s as x)", engine.Quote(name))
		if err := db.QueryRow(query).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		all[name] = sum
	}
	return all
}

// Whatever happens from night to night, what is taken over and what is made anew
// together are what a full run makes.
func TestIncrementalIsFull(t *testing.T) {
	seeds := 2
	if text := os.Getenv("SANPI_TEST_HISTORIES"); text != "" {
		if _, err := fmt.Sscan(text, &seeds); err != nil {
			t.Fatal(err)
		}
	}
	sql := smallSQL(t, "trend_series", "coverage", "area_conversion", "zone_conversion", "missing_is_null", "ledger_sheets_add_up", "parts_do_not_exceed_totals")
	var equal atomic.Int32
	t.Run("seeds", func(t *testing.T) {
		for seed := range seeds {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				history(t, uint64(seed), sql, &equal)
			})
		}
	})
	if int(equal.Load()) < seeds*2/3 {
		t.Errorf("only %d versions were compared in %d histories", equal.Load(), seeds)
	}
}

func history(t *testing.T, seed uint64, sql fs.FS, equal *atomic.Int32) {
	rng := rand.New(rand.NewPCG(seed, 1))
	dir, ledgers := t.TempDir(), t.TempDir()
	own := t.TempDir()
	if err := os.CopyFS(filepath.Join(own, "jin"), fstest.MapFS{
		"campaign.csv":     {Data: []byte("key,value\nname,Three batches of a test\narea_id,140000\nnumbering,year_ordinal\n")},
		"rounds.csv":       {Data: []byte("round,year,ordinal,series_position,label,held_on\n2021-1,2021,1,1,2021年第一期,2021-01-01\n2022-1,2022,1,2,2022年第一期,2022-02-26\n")},
		"round_labels.csv": {Data: []byte("round,label,ordinal,counting\n")},
		"areas.csv": {Data: []byte("area_id,name,name_en,level,parent_id,verified\n140000,山西省,Shanxi,province,,true\n140400,长治市,Changzhi,city,140000,true\n" +
			"140423-Z1,襄垣经济技术开发区,,zone,140400,true\n140400-Z2,大同经济技术开发区,,zone,140400,true\n")},
		"area_names.csv": {Data: []byte("area_id,name\n140000,山西\n")},
		"sources.csv":    {Data: []byte("source_id,kind,publisher,url,published_on\na,press,山西日报,https://example.cn/a,2022-02-28\nb,press,长治日报,https://example.cn/b,2021-01-03\n")},
		"claims.csv": {Data: []byte("source_id,period,round,area,stage,metric,value,unit\na,round,2022-1,山西省,signed,projects,347,个\na,round,2022-1,山西省,started,projects,323,个\n" +
			"b,round,2021-1,长治市,signed,projects,40,个\na,round,2021-1,长治市,signed,projects,41,个\nb,round,2021-1,长治市,started,projects,12,个\n")},
	}); err != nil {
		t.Fatal(err)
	}
	p := plan(dir)
	p.Campaigns, p.Datasets = []string{"jin"}, append(p.Datasets, os.DirFS(own))
	p.SQL = sql
	now := p.Now
	file := func() string { return filepath.Join(ledgers, fmt.Sprintf("台账%d.csv", rng.IntN(4))) }
	csv := func(name string) string { return filepath.Join(own, "jin", name) }
	changes := map[string]func(){
		"a ledger comes, or another in its place": func() {
			put(t, file(), randomLedger(rng))
		},
		"a ledger is withdrawn": func() {
			if err := os.Remove(file()); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		},
		"a mapping": func() {
			put(t, strings.TrimSuffix(file(), ".csv")+".columns.csv", "header,field,unit\n资金,investment,万元\n")
		},
		"an alias": func() {
			appendTo(t, csv("area_names.csv"), fmt.Sprintf("140423-Z1,襄垣新名%d区\n", rng.IntN(3)))
		},
		"a claim is withdrawn":    func() { cutLastLine(t, csv("claims.csv")) },
		"a mart's text":           func() { p.SQL = changedSQL(p.SQL, "marts/coverage.sql", func(s string) string { return s + "\n--\n" }) },
		"another program":         func() { p.Code = fmt.Sprint(rng.IntN(3)) },
		"another day":             func() { now = now.Add(time.Duration(rng.IntN(900)) * 24 * time.Hour) },
		"what was known on a day": func() { p.AsOf = []record.Date{0, record.NewDate(2021, 12, 31)}[rng.IntN(2)] },
		"a file of the version is cut": func() {
			current, err := warehouse.Current(dir)
			if err != nil {
				return
			}
			files, err := filepath.Glob(filepath.Join(current, "marts", "*.parquet"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(files[rng.IntN(len(files))], 10); err != nil {
				t.Fatal(err)
			}
		},
		"nothing": func() {},
	}
	names := slices.Sorted(maps.Keys(changes))
	const nights = 3
	failed, compared := 0, rng.IntN(nights) // and the last
	for night := range nights {
		what := names[rng.IntN(len(names))]
		changes[what]()
		now = now.Add(24 * time.Hour)
		p.Now, p.Ledgers = now, nil
		if found, _ := filepath.Glob(filepath.Join(ledgers, "台账?.csv")); len(found) > 0 {
			p.Ledgers = []pipeline.LedgerAddress{{Address: ledgers}}
		}
		report, err := pipeline.Run(context.Background(), p)
		if err != nil {
			// A ledger or alias that cannot be taken; the version before stands.
			if failed++; failed == nights {
				t.Fatalf("night %d, %s: %v", night, what, err)
			}
		}
		if night != compared && night != nights-1 {
			continue
		}
		full := p
		full.Warehouse, full.Full = t.TempDir(), true
		want, fullErr := pipeline.Run(context.Background(), full)
		if (err == nil) != (fullErr == nil) {
			t.Fatalf("night %d, %s: %v; in full: %v", night, what, err, fullErr)
		}
		if err != nil {
			continue
		}
		if sameContents(t, report.Dir, want.Dir); t.Failed() {
			t.Fatalf("night %d, %s, %s: the version differs from a full one", night, what, report.Status)
		}
		if report.Rows != want.Rows || !maps.Equal(report.Relations, want.Relations) || len(report.Warnings) != len(want.Warnings) {
			t.Errorf("night %d, %s: the reports differ: %+v and %+v", night, what, report.Rows, want.Rows)
		}
		equal.Add(1)
	}
}

// smallSQL leaves a few marts and checks and what they read, so that many runs fit into
// a test.
func smallSQL(t *testing.T, keep ...string) fs.FS {
	t.Helper()
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := engine.Load(t.Context(), db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	known := pipeline.BaseRelations()
	byName := map[string]engine.Model{}
	for _, m := range all {
		known, byName[m.Name] = append(known, m.Name), m
	}
	checks, err := engine.LoadChecks(t.Context(), db, models.FS, known)
	if err != nil {
		t.Fatal(err)
	}
	small := fstest.MapFS{}
	var need func(m engine.Model)
	need = func(m engine.Model) {
		if small[m.File] != nil {
			return
		}
		small[m.File] = &fstest.MapFile{Data: []byte(m.SQL)}
		for _, n := range m.Needs {
			if of, ok := byName[n]; ok {
				need(of)
			}
		}
	}
	need(byName["facts"])
	for _, m := range append(all, checks...) {
		if slices.Contains(keep, m.Name) {
			need(m)
		}
	}
	return small
}

// randomLedger has a few projects, some of them known to other ledgers, some rows
// that wait for an alias, a mapping or a day.
func randomLedger(rng *rand.Rand) string {
	money := []string{"总投资(亿元)", "资金"}[rng.IntN(2)]
	text := "项目名称,开发区," + money + ",签约时间,开工时间\n"
	zones := []string{"襄垣经济技术开发区", "大同经济技术开发区", "襄垣新名0区", "襄垣新名1区", "没有的开发区"}
	for range 1 + rng.IntN(12) {
		started := ""
		if rng.IntN(2) == 0 {
			started = fmt.Sprintf("2022-%02d-10", 1+rng.IntN(12))
		}
		text += fmt.Sprintf("铝材加工%d期项目,%s,%d.5,20%02d-03-05,%s\n", rng.IntN(9), zones[rng.IntN(len(zones))], rng.IntN(40), 21+rng.IntN(9), started)
	}
	return text
}

func appendTo(t *testing.T, path, line string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), line) {
		put(t, path, string(data)+line)
	}
}

// cutLastLine drops the last line of a file.
func cutLastLine(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimRight(string(data), "\n"), "\n")
	put(t, path, strings.Join(lines[:len(lines)-1], ""))
}
