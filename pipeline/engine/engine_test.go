package engine

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// model is a file of SQL with a header that fits "select … as id".
func model(name, header, query string) string {
	if header == "" {
		header = "-- grain: id\n--\n-- columns:\n--   id  INTEGER  the id\n"
	}
	return "-- " + name + ": a model of the tests\n--\n" + header + query
}

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec("create table base as select 1 as id union all select 2"); err != nil {
		t.Fatal(err)
	}
	return db
}

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// build loads and builds the models of fsys.
func build(db *sql.DB, fsys fstest.MapFS) ([]Model, error) {
	ctx := context.Background()
	models, err := Load(ctx, db, fsys, []string{"base"})
	if err != nil {
		return nil, err
	}
	return models, Build(ctx, db, models, 2)
}

func TestBuildInOrderOfNeed(t *testing.T) {
	db := open(t)
	models, err := build(db, files(
		"marts/a_last.sql", model("a_last", "", "select m.id from z_middle as m inner join y_middle using (id)"),
		"core/z_middle.sql", model("z_middle", "", "with kept as (select id from x_first) select id from kept"),
		"core/y_middle.sql", model("y_middle", "", "from x_first select id"),
		"core/x_first.sql", model("x_first", "", "select id from base where id in (select id from base)"),
	))
	if err != nil {
		t.Fatal(err)
	}
	needs := map[string][]string{}
	for _, m := range models {
		needs[m.Name] = m.Needs
	}
	for name, want := range map[string][]string{
		"a_last": {"y_middle", "z_middle"}, "z_middle": {"x_first"}, "y_middle": {"x_first"}, "x_first": {"base"},
	} {
		if !slices.Equal(needs[name], want) {
			t.Errorf("%s needs %v, want %v", name, needs[name], want)
		}
	}
	var n int
	if err := db.QueryRow("select count(*) from a_last").Scan(&n); err != nil || n != 2 {
		t.Errorf("a_last has %d rows, %v", n, err)
	}
}

// Each broken model is refused, by name and reason.
func TestContract(t *testing.T) {
	header := func(lines ...string) string { return "-- " + strings.Join(lines, "\n-- ") + "\n" }
	for name, test := range map[string]struct{ header, query, want string }{
		"unknown relation":   {"", "select id from nowhere", `reads "nowhere"`},
		"hidden by a CTE":    {"", "with base as (select id from base) select id from base", "rename the CTE"},
		"reads a file":       {"", "select id from read_csv('x.csv')", "read_csv"},
		"two statements":     {"", "select 1 as id; select 2 as id", "2 statements"},
		"no select":          {"", "create table x (id integer)", "must be one SELECT"},
		"column not listed":  {"", "select id, 1 as more from base", "more"},
		"column missing":     {header("grain: id", "columns:", "  id  INTEGER  x", "  gone  INTEGER  x"), "select id from base", "gone"},
		"wrong type":         {header("grain: id", "columns:", "  id  BIGINT  x"), "select id from base", "id INTEGER, and is declared as id BIGINT"},
		"hugeint":            {header("grain: id", "columns:", "  id  HUGEINT  x"), "select sum(id) as id from base", "cast it"},
		"grain not unique":   {"", "select 1 as id from base", "not unique"},
		"grain is null":      {"", "select null::integer as id", "NULL"},
		"grain not a column": {header("grain: key", "columns:", "  id  INTEGER  x"), "select id from base", `"key"`},
		"no grain":           {header("columns:", "  id  INTEGER  x"), "select id from base", "needs a grain"},
		"ref leads nowhere":  {header("grain: id", "refs: id -> base.id", "columns:", "  id  INTEGER  x"), "select 7::integer as id", "(7) is not in base"},
		"ref malformed":      {header("grain: id", "refs: id base", "columns:", "  id  INTEGER  x"), "select id from base", "a ref is written"},
		"circle":             {"", "select id from m", "circle"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := build(open(t), files("marts/m.sql", model("m", test.header, test.query)))
			if !errors.Is(err, ErrContract) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a broken contract that says %q", err, test.want)
			}
		})
	}
}

func TestNullableGrain(t *testing.T) {
	header := "-- grain: id, part?\n-- columns:\n--   id  INTEGER  x\n--   part  VARCHAR  x\n"
	_, err := build(open(t), files("marts/m.sql", model("m", header, "select id, null::varchar as part from base")))
	if err != nil {
		t.Errorf("a NULL in a nullable key: %v", err)
	}
	_, err = build(open(t), files("marts/m.sql", model("m", header, "select 1 as id, null::varchar as part from base")))
	if !errors.Is(err, ErrContract) {
		t.Errorf("two rows with one key and a NULL: %v", err)
	}
}

func TestHeaderlessFileIsRefused(t *testing.T) {
	_, err := build(open(t), files("marts/m.sql", "select 1 as id"))
	if !errors.Is(err, ErrContract) || !strings.Contains(err.Error(), "first line") {
		t.Errorf("got %v", err)
	}
}

func TestCheckReportsRows(t *testing.T) {
	db, ctx := open(t), context.Background()
	checks, err := LoadChecks(ctx, db, files(
		"checks/fails.sql", "-- fails: ids are above 1\nselect id, null as nothing from base where id <= 1",
		"checks/passes.sql", "-- passes: ids are above 0\nselect id from base where id <= 0",
		"checks/warns.sql", "-- warns: few ids\n--\n-- blocks: no\nselect range as id from range(50)",
	), []string{"base"})
	if err != nil {
		t.Fatal(err)
	}
	failures, err := Check(ctx, db, checks, 2)
	if err != nil || len(failures) != 2 {
		t.Fatalf("got %d failures, %v", len(failures), err)
	}
	fails, warns := failures[0], failures[1]
	if !fails.Blocks || fails.Count != 1 || !strings.Contains(fails.String(), "id=1 nothing=NULL") {
		t.Errorf("got %+v %s", fails, fails)
	}
	if warns.Blocks || warns.Count != 50 || len(warns.Rows) != RowsShown || !strings.Contains(warns.String(), "and 40 more") {
		t.Errorf("got %+v %s", warns, warns)
	}
}

func TestFailedBuildNamesTheModel(t *testing.T) {
	_, err := build(open(t), files("marts/m.sql", model("m", "", "select nothing as id from base")))
	if err == nil || !strings.Contains(err.Error(), "build model m") {
		t.Errorf("got %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	file := t.TempDir() + "/x.duckdb"
	db, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("create table t as select 1 as id"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	ro, err := OpenReadOnly(file)
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	for _, statement := range []string{
		"drop table t", "insert into t values (2)", "copy t to '/tmp/stolen.csv'", "from '/etc/passwd'", "attach ':memory:' as m; create table m.x as from read_text('/etc/passwd')",
		"set enable_external_access = true", "install httpfs", "select * from read_text('/etc/passwd')",
	} {
		if _, err := ro.Exec(statement); err == nil {
			t.Errorf("%s: was allowed", statement)
		}
	}
	var id int
	if err := ro.QueryRow("select id from t").Scan(&id); err != nil || id != 1 {
		t.Errorf("read: %d, %v", id, err)
	}
	if _, err := OpenReadOnly(file + ".gone"); err == nil {
		t.Error("a database that is not there was opened")
	}
}

// A database that has spilled rows opens further connections.
func TestSpilledThenConnected(t *testing.T) {
	dir := t.TempDir()
	db, err := Open("", "set memory_limit = '60MB'", "set threads = 2", "set temp_directory = "+Literal(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	first, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := first.ExecContext(t.Context(), "create table spilled as select hash(i) as h, 'text ' || i as s from range(3000000) as t(i) order by h"); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) == 0 {
		t.Fatalf("nothing was spilled: %v", err)
	}
	var n int
	if err := db.QueryRow("select count(*) from spilled").Scan(&n); err != nil || n != 3_000_000 {
		t.Errorf("%d %v", n, err)
	}
	// A setting that is none is told on every connection, not on the first alone.
	bad, err := Open("", "set no_such_setting = 1")
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	for range 2 {
		if err := bad.Ping(); err == nil {
			t.Error("a wrong setting passes")
		}
	}
}
