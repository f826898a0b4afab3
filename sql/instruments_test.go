package sql_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	models "github.com/sanpi-data/sanpi/sql"
)

// historyRow is what one month's ledger says of a project. Days are since 2020-01-01,
// -1 when it says none; money in yuan, -1 when not known.
type historyRow struct {
	asOf                          int
	project                       string
	zone                          int
	signed, started, comm, target int
	investment, expected, actual  int64
}

// Zones are of four types, one of which nobody knows, and of three cities.
func zoneType(zone int) string { return []string{"industrial", "agriculture", "tourism", ""}[zone%4] }
func zoneCity(zone int) string { return []string{"c0", "c1", "c2"}[zone%3] }

// TestInstruments compares every figure of progress_bulletin and every row of
// stalled_projects with those that a Python program of its own computes from the same
// monthly ledgers: with months in which zones do not report, starts that are told late
// or withdrawn, projects that move and that are left out.
func TestInstruments(t *testing.T) {
	python := os.Getenv("SANPI_TEST_PYTHON")
	if python == "" {
		t.Skip("SANPI_TEST_PYTHON names no Python with lifelines and statsmodels; run make test, which installs them")
	}
	t.Parallel()
	rows := randomHistory(rand.New(rand.NewPCG(5, 20210630)), 1500)
	db := buildInstruments(t, rows)
	want := instrumentsIndependently(t, python, rows)
	got := instrumentValues(t, db, want)
	seen := map[string]int{}
	wrong := 0
	for key, w := range want {
		mart, _, _ := strings.Cut(key, "|")
		g, known := got[key]
		if !known || !sameValue(g, w) {
			if wrong++; wrong < 20 {
				t.Errorf("%s: the mart says %q (known %v), the independent computation %q", key, g, known, w)
			}
		}
		if w != "" {
			seen[mart]++
		}
		delete(got, key)
	}
	for key, g := range got {
		if wrong++; wrong < 20 {
			t.Errorf("%s: the mart says %q, the independent computation nothing", key, g)
		}
	}
	t.Logf("%v values compared, %d wrong", seen, wrong)
	if seen["progress_bulletin"] < 3000 || seen["stalled_projects"] < 500 || seen["stage_duration"] < 9 {
		t.Errorf("only %v values to compare", seen)
	}
}

func sameValue(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return math.Abs(x-y) <= 1e-9*max(1, math.Abs(y))
	}
	return strings.EqualFold(a, b)
}

func randomHistory(r *rand.Rand, projects int) []historyRow {
	const zones = 12
	var ends []int
	for m := time.Month(1); m <= 14; m++ {
		ends = append(ends, int(time.Date(2021, m+1, 0, 0, 0, 0, 0, time.UTC).Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Hours()/24))
	}
	reports := make([][]bool, zones)
	for z := range reports {
		for range ends {
			reports[z] = append(reports[z], r.IntN(100) < 85)
		}
	}
	maybe := func(day, on int) int {
		if day < 0 || day > on {
			return -1
		}
		return day
	}
	var rows []historyRow
	for i := range projects {
		zone, pace := r.IntN(zones), 80+60*float64(i%5)
		moves, to, gone := 99, zone, 99
		switch r.IntN(30) {
		case 0:
			moves, to = r.IntN(len(ends)), r.IntN(zones)
		case 1:
			gone = 2 + r.IntN(len(ends)-2)
		}
		signed := 100 + r.IntN(650)
		started, comm, target := -1, -1, -1
		if r.IntN(10) < 9 {
			started = signed + int(pace*r.ExpFloat64())
			if r.IntN(10) < 8 {
				comm = started + int(2*pace*r.Float64())
				if r.IntN(10) < 6 {
					target = comm + int(pace*r.Float64())
				}
			}
		}
		late := 0
		if r.IntN(8) == 0 {
			late = 20 + r.IntN(80) // the office hears of the start so many days after it
		}
		withdrawn := r.IntN(25) == 0
		investment, expected := int64(r.IntN(5_000_000))*1000, int64(r.IntN(2_000_000)+1)*1000
		if r.IntN(12) == 0 {
			investment = -1
		}
		actual := int64(float64(expected) * 1.3 * r.Float64())
		for m, end := range ends {
			at := zone
			if m >= moves {
				at = to
			}
			if signed > end || m >= gone || !reports[at][m] {
				continue
			}
			row := historyRow{
				asOf: end, project: fmt.Sprintf("p%04d", i), zone: at, signed: signed,
				started: maybe(started, end-late), comm: maybe(comm, end-late), target: maybe(target, end-late),
				investment: investment, expected: expected, actual: -1,
			}
			if withdrawn && m >= 7 {
				row.started, row.comm, row.target = -1, -1, -1
			}
			if row.comm >= 0 && i%3 > 0 {
				row.actual = actual
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func money(yuan int64) string {
	if yuan < 0 {
		return ""
	}
	return strconv.FormatInt(yuan, 10)
}

func buildInstruments(t *testing.T, rows []historyRow) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	loadEmptyTables(t, db, emptyLake(t))
	for _, statement := range []string{
		"insert into params values (null)",
		"insert into sources by name select 'x' as campaign, 'ledger' as source_id, 'ledger' as kind",
		"insert into areas by name select 'x' as campaign, 'p' as area_id, '某省' as name, 'province' as level",
		`insert into areas by name
		select 'x' as campaign, 'c' || i as area_id, 'c' || i as name, 'city' as level, 'p' as parent_id, 'c' || i as city_id from range(3) as cities (i)`,
		`insert into areas by name
		select
			'x' as campaign, printf('z%02d', i) as area_id, printf('z%02d', i) as name, 'zone' as level, 'c' || i % 3 as parent_id,
			'c' || i % 3 as city_id, nullif(['industrial', 'agriculture', 'tourism', ''][i % 4 + 1], '') as zone_type
		from range(12) as zones (i)`,
		"insert into limits by name select 'x' as campaign, 'tourism' as zone_type, 'commissioned_to_on_target' as transition, 100 as limit_days",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var text strings.Builder
	text.WriteString("campaign,project_id,name,zone_id,city_id,signed_on,signed_precision,started_on,started_precision,commissioned_on,commissioned_precision," +
		"on_target_on,on_target_precision,investment_cny,expected_output_cny,actual_output_cny,as_of,source_id,line,synthetic\n")
	for i, r := range rows {
		fmt.Fprintf(&text, "x,%s,%s,z%02d,%s,%s,day,%s,day,%s,day,%s,day,%s,%s,%s,%s,ledger,%d,true\n", r.project, r.project, r.zone, zoneCity(r.zone),
			day(r.signed), day(r.started), day(r.comm), day(r.target), money(r.investment), money(r.expected), money(r.actual), day(r.asOf), i+1)
	}
	all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	give(t, db, all, "projects", []byte(text.String()))
	if err := engine.Build(ctx, db, needed(all, nil, []string{"progress_bulletin", "stalled_projects"}), 2); err != nil {
		t.Fatal(err)
	}
	return db
}

func instrumentsIndependently(t *testing.T, python string, rows []historyRow) map[string]string {
	t.Helper()
	var input strings.Builder
	input.WriteString("as_of,project,zone,city,type,signed,started,commissioned,on_target,investment,expected,actual\n")
	for _, r := range rows {
		fmt.Fprintf(&input, "%s,%s,z%02d,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", day(r.asOf), r.project, r.zone, zoneCity(r.zone), zoneType(r.zone),
			day(r.signed), day(r.started), day(r.comm), day(r.target), money(r.investment), money(r.expected), money(r.actual))
	}
	command := exec.Command(python, "tests/independent/instruments.py")
	command.Stdin = strings.NewReader(input.String())
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s tests/independent/instruments.py: %v; install tests/independent/requirements.txt\n%s", python, err, &stderr)
	}
	records, err := csv.NewReader(bytes.NewReader(output)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, record := range records {
		values[strings.Join(record[:3], "|")] = record[3]
	}
	return values
}

// instrumentValues are the marts' values under the keys of the independent
// computation, for the columns that it has.
func instrumentValues(t *testing.T, db *sql.DB, want map[string]string) map[string]string {
	t.Helper()
	columns := map[string]map[string]bool{}
	for key := range want {
		parts := strings.Split(key, "|")
		if columns[parts[0]] == nil {
			columns[parts[0]] = map[string]bool{}
		}
		columns[parts[0]][parts[2]] = true
	}
	values := map[string]string{}
	for mart, query := range map[string]string{
		"progress_bulletin": "select month || ' ' || level || ' ' || key as key, * exclude (key) from progress_bulletin",
		"stalled_projects":  "select project_id as key, * from stalled_projects",
		"stage_duration":    "select transition || ' ' || key as key, median_days from stage_duration where level in ('all', 'zone_type')",
	} {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells := make([]any, len(names))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			for i, name := range names {
				if !columns[mart][name] {
					continue
				}
				text := ""
				switch v := (*cells[i].(*any)).(type) {
				case nil:
				case time.Time:
					text = v.Format(time.DateOnly)
				case interface{ Float64() float64 }:
					text = strconv.FormatFloat(v.Float64(), 'f', -1, 64)
				default:
					text = fmt.Sprint(v)
				}
				key := fmt.Sprint(*cells[0].(*any))
				if _, told := want[mart+"|"+key+"|"+name]; told || text != "" {
					values[mart+"|"+key+"|"+name] = text
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return values
}
