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

// randomProject is a signed project with what the independent computation needs to
// know of it: never read from the models under test.
type randomProject struct {
	zone                        string
	signed, started, comm, seen int // days since 2020-01-01; -1 when it has not come to that
}

// TestIndependent compares the intervals and durations of the cohort marts with those
// that statsmodels and lifelines compute from the same projects. SANPI_TEST_PYTHON is
// a Python that has them (sql/tests/independent/requirements.txt); make test sees to
// it, and a plain go test without it skips.
func TestIndependent(t *testing.T) {
	python := os.Getenv("SANPI_TEST_PYTHON")
	if python == "" {
		t.Skip("SANPI_TEST_PYTHON names no Python with lifelines and statsmodels; run make test, which installs them")
	}
	t.Parallel()
	projects := randomProjects(rand.New(rand.NewPCG(3, 20210101)), 4000)
	db := buildCohorts(t, projects)
	want := computeIndependently(t, python, projects)
	if len(want) < 100 {
		t.Fatalf("only %d values to compare", len(want))
	}
	got := martValues(t, db)
	values := 0
	for key, value := range want {
		switch g, known := got[key]; {
		case !known:
			t.Errorf("%s: no row in the marts, want %v", key, value)
		case math.IsNaN(value) != math.IsNaN(g) || math.Abs(g-value) > 1e-9:
			t.Errorf("%s: marts say %v, the independent computation %v", key, g, value)
		case !math.IsNaN(value):
			values++
		}
	}
	// As many quantiles lie beyond the curve as the data want, but not all.
	if values < 100 {
		t.Errorf("only %d values are known on both sides", values)
	}
}

// randomProjects makes zones of very different size, pace and time of observation,
// the smallest with a few projects; ties and days of 0 are common.
func randomProjects(r *rand.Rand, n int) []randomProject {
	list := make([]randomProject, n)
	for i := range list {
		zone := int(12 * math.Pow(r.Float64(), 3))
		pace := 60 + 80*float64(12-zone)
		p := randomProject{zone: fmt.Sprintf("z%02d", zone), signed: r.IntN(700), started: -1, comm: -1}
		p.seen = p.signed + r.IntN(900)
		if zone%3 == 0 {
			// Observed to the end: some curves come down to 0.
			p.seen = p.signed + 4000
		}
		if start := p.signed + int(pace*r.ExpFloat64()); start <= p.seen {
			p.started = start
			if done := start + int(2*pace*r.Float64()); done <= p.seen && r.IntN(10) < 8 {
				p.comm = done
			}
		}
		list[i] = p
	}
	return list
}

// buildCohorts loads the projects as the rows of ledgers and builds the marts. Every
// project is in an edition of its own day of observation.
func buildCohorts(t *testing.T, projects []randomProject) *sql.DB {
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
		`insert into areas by name
		select 'x' as campaign, printf('z%02d', i) as area_id, printf('z%02d', i) as name, 'zone' as level, 'industrial' as zone_type
		from range(12) as zones (i)`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var rows strings.Builder
	rows.WriteString("campaign,project_id,zone_id,signed_on,started_on,commissioned_on,as_of,source_id,line,synthetic\n")
	for i, p := range projects {
		fmt.Fprintf(&rows, "x,p%d,%s,%s,%s,%s,%s,ledger,%d,true\n", i, p.zone, day(p.signed), day(p.started), day(p.comm), day(p.seen), i)
	}
	all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	give(t, db, all, "projects", []byte(rows.String()))
	if err := engine.Build(ctx, db, needed(all, nil, []string{"zone_conversion", "stage_duration"}), 2); err != nil {
		t.Fatal(err)
	}
	return db
}

func day(n int) string {
	if n < 0 {
		return ""
	}
	return time.Date(2020, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func computeIndependently(t *testing.T, python string, projects []randomProject) map[string]float64 {
	t.Helper()
	var input strings.Builder
	input.WriteString("area,started,commissioned,to_started,event_started,to_commissioned,event_commissioned\n")
	for _, p := range projects {
		started, commissioned, toStarted, toCommissioned := 0, 0, p.seen-p.signed, ""
		if p.started >= 0 {
			started, toStarted, toCommissioned = 1, p.started-p.signed, strconv.Itoa(p.seen-p.started)
		}
		if p.comm >= 0 {
			commissioned, toCommissioned = 1, strconv.Itoa(p.comm-p.started)
		}
		fmt.Fprintf(&input, "%s,%d,%d,%d,%d,%s,%d\n", p.zone, started, commissioned, toStarted, started, toCommissioned, commissioned)
	}
	records := runPython(t, python, input.String(), "tests/independent/cohorts.py")
	values := map[string]float64{}
	for _, record := range records {
		value := math.NaN()
		if record[2] != "" {
			var err error
			if value, err = strconv.ParseFloat(record[2], 64); err != nil {
				t.Fatal(err)
			}
		}
		values[record[0]+" "+record[1]] = value
	}
	return values
}

// runPython runs a program and reads the CSV that it writes.
func runPython(t *testing.T, python, input string, args ...string) [][]string {
	t.Helper()
	command := exec.Command(python, args...)
	command.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s %s: %v; install tests/independent/requirements.txt\n%s", python, strings.Join(args, " "), err, &stderr)
	}
	records, err := csv.NewReader(bytes.NewReader(output)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// martValues are the same values as the marts have them, NaN for NULL.
func martValues(t *testing.T, db *sql.DB) map[string]float64 {
	t.Helper()
	rows, err := db.Query(`
		select
			unnest(['start_ci_low', 'start_ci_high', 'commission_ci_low', 'commission_ci_high', 'overall_ci_low', 'overall_ci_high'])
			|| ' ' || zone_id,
			unnest([start_ci_low, start_ci_high, commission_ci_low, commission_ci_high, overall_ci_low, overall_ci_high])
		from zone_conversion
		where basis = 'ledger_cohort' and synthetic and period = 'all'
		union all
		select
			transition || '.'
			|| unnest(['p25_days', 'median_days', 'p75_days', 'median_ci_low_days', 'median_ci_high_days']) || ' ' || key,
			unnest([p25_days, median_days, p75_days, median_ci_low_days, median_ci_high_days])
		from stage_duration
		where level = 'zone' and synthetic`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	values := map[string]float64{}
	for rows.Next() {
		var key string
		var value sql.NullFloat64
		if err := rows.Scan(&key, &value); err != nil {
			t.Fatal(err)
		}
		values[key] = math.NaN()
		if value.Valid {
			values[key] = value.Float64
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}
