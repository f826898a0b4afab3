package sql_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/lake"
	models "github.com/sanpi-data/sanpi/sql"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// TestModels runs the cases in tests/*.txtar on real DuckDB. A case gives the
// rows of some relations (given/<relation>.csv, any columns of it) and wants the
// rows of others (want/<model>.csv, any columns, in the model's order, or sorted
// for the models of core, which have none). What a wanted model needs and is not
// given is built; a table not given is empty. An empty cell is NULL. A file
// check/<check>.csv wants the rows that a check finds, sorted.
func TestModels(t *testing.T) {
	files, err := filepath.Glob("tests/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	lakeDir := emptyLake(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runCase(t, lakeDir, archive)
		})
	}
}

// emptyLake writes every table without rows, which gives the tests the schemas
// that the program writes.
func emptyLake(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, write := range []func() (lake.File, error){
		func() (lake.File, error) { return lake.WriteTable[record.Round](dir, "rounds", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.RoundLabel](dir, "round_labels", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Area](dir, "areas", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.AreaName](dir, "area_names", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Source](dir, "sources", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Claim](dir, "claims", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Review](dir, "reviews", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Project](dir, "projects", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Quarantined](dir, "quarantine", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Flag](dir, "flags", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Duplicate](dir, "duplicates", "none", nil) },
		func() (lake.File, error) {
			return lake.WriteTable[record.LedgerSheet](dir, "ledger_sheets", "none", nil)
		},
		func() (lake.File, error) {
			return lake.WriteTable[record.LedgerColumn](dir, "ledger_columns", "none", nil)
		},
		func() (lake.File, error) { return lake.WriteTable[record.Limit](dir, "limits", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Indicator](dir, "indicators", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Assessment](dir, "assessments", "none", nil) },
		func() (lake.File, error) { return lake.WriteTable[record.Industry](dir, "industries", "none", nil) },
		func() (lake.File, error) {
			return lake.WriteTable[record.IndustryWord](dir, "industry_words", "none", nil)
		},
	} {
		if _, err := write(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// loadEmptyTables makes the relations that models may read, without rows but for one
// universe.
func loadEmptyTables(t testing.TB, db *sql.DB, lakeDir string) {
	t.Helper()
	ctx := context.Background()
	for _, table := range record.Tables {
		if table == "facts" {
			continue
		}
		if err := engine.LoadParquet(ctx, db, table, filepath.Join(lakeDir, "tables", table, "*", "*.parquet"), true); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{
		"create table params (as_of date)",
		"create table universes (code varchar, preference integer)",
		"insert into universes values ('as_published', 0)",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func runCase(t *testing.T, lakeDir string, archive *txtar.Archive) {
	t.Helper()
	ctx := context.Background()
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	loadEmptyTables(t, db, lakeDir)
	all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	known := pipeline.BaseRelations()
	for _, m := range all {
		known = append(known, m.Name)
	}
	checks, err := engine.LoadChecks(ctx, db, models.FS, known)
	if err != nil {
		t.Fatal(err)
	}
	var given, wanted []string
	for _, f := range archive.Files {
		folder, name := filepath.Split(strings.TrimSuffix(f.Name, ".csv"))
		switch folder {
		case "given/":
			given = append(given, name)
			give(t, db, all, name, f.Data)
		case "want/":
			wanted = append(wanted, name)
		case "check/":
			i := slices.IndexFunc(checks, func(c engine.Model) bool { return c.Name == name })
			if i < 0 {
				t.Fatalf("there is no check %s", name)
			}
			wanted = append(wanted, checks[i].Needs...)
		default:
			t.Fatalf("file %s is neither given/, want/ nor check/", f.Name)
		}
	}
	if !slices.Contains(given, "params") {
		if _, err := db.ExecContext(ctx, "insert into params values (null)"); err != nil {
			t.Fatal(err)
		}
	}
	build := needed(all, given, wanted)
	if err := engine.Build(ctx, db, build, 2); err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(f.Name, ".csv"), "want/"); ok {
			isCore := slices.ContainsFunc(all, func(m engine.Model) bool { return m.Name == name && m.Layer == "core" })
			compare(t, db, name, isCore, f.Data)
		}
		if name, ok := strings.CutPrefix(strings.TrimSuffix(f.Name, ".csv"), "check/"); ok {
			i := slices.IndexFunc(checks, func(c engine.Model) bool { return c.Name == name })
			if _, err := db.ExecContext(ctx, "create view "+engine.Quote(name)+" as "+checks[i].SQL); err != nil {
				t.Fatal(err)
			}
			compare(t, db, name, true, f.Data)
		}
	}
}

// give fills a relation: a table of the lake, or a model that the case replaces
// by rows.
func give(t *testing.T, db *sql.DB, all []engine.Model, name string, data []byte) {
	t.Helper()
	if i := slices.IndexFunc(all, func(m engine.Model) bool { return m.Name == name }); i >= 0 {
		var columns []string
		for _, c := range all[i].Columns {
			columns = append(columns, engine.Quote(c.Name)+" "+c.Type)
		}
		if _, err := db.Exec("create table " + engine.Quote(name) + " (" + strings.Join(columns, ", ") + ")"); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), name+".csv")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := db.Exec(fmt.Sprintf("insert into %s by name select * from read_csv(%s, all_varchar = true, header = true)",
		engine.Quote(name), engine.Literal(file)))
	if err != nil {
		t.Fatalf("given %s: %v", name, err)
	}
}

// needed are the wanted models and all that they need and that is not given.
func needed(all []engine.Model, given, wanted []string) []engine.Model {
	var list []engine.Model
	var add func(name string)
	add = func(name string) {
		i := slices.IndexFunc(all, func(m engine.Model) bool { return m.Name == name })
		taken := slices.ContainsFunc(list, func(m engine.Model) bool { return m.Name == name })
		if i < 0 || taken || slices.Contains(given, name) {
			return
		}
		m := all[i]
		// The rows of a case need not satisfy the refs to tables that it leaves
		// out.
		m.Refs = nil
		list = append(list, m)
		for _, need := range m.Needs {
			add(need)
		}
	}
	for _, name := range wanted {
		add(name)
	}
	return list
}

func compare(t *testing.T, db *sql.DB, name string, sorted bool, data []byte) {
	t.Helper()
	want, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatalf("want %s: %v", name, err)
	}
	var columns []string
	for _, c := range want[0] {
		// Numbers are compared as people write them, without trailing zeros.
		columns = append(columns, fmt.Sprintf(
			`coalesce(regexp_replace(%[1]s::varchar, '^(-?\d+)\.0+$|^(-?\d+\.\d*?[1-9])0+$', '\1\2'), '')`, engine.Quote(c)))
	}
	query := "select " + strings.Join(columns, ", ") + " from " + engine.Quote(name)
	if sorted {
		query += " order by all"
	}
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("want %s: %v", name, err)
	}
	defer rows.Close()
	got := [][]string{want[0]}
	for rows.Next() {
		row := make([]string, len(columns))
		targets := make([]any, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
