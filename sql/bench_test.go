package sql_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	models "github.com/sanpi-data/sanpi/sql"
)

// BenchmarkMarts builds the models of the ledgers over synthetic projects of one ledger
// day, and beside them what somebody would write by hand for the same four questions
// (testdata/by_hand.sql). SANPI_BENCH_ROWS says how many projects (1 000 000). The time of
// each model that takes more than a hundredth goes to the log.
func BenchmarkMarts(b *testing.B) {
	rows := 1_000_000
	if text := os.Getenv("SANPI_BENCH_ROWS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("SANPI_BENCH_ROWS=%q is not a number", text)
		}
		rows = n
	}
	byHand, err := os.ReadFile("testdata/by_hand.sql")
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	for b.Loop() {
		db := benchProjects(b, rows)
		all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if _, err := db.ExecContext(ctx, string(byHand)); err != nil {
			b.Fatal(err)
		}
		hand := time.Since(began)
		var ours time.Duration
		done := map[string]bool{}
		same := []string{"zone_conversion", "progress_bulletin", "stage_duration", "stalled_projects"}
		for _, mart := range append(same, "cohort_funnel", "progress_moves", "project_history", "zone_scorecard", "industry_mix", "reform_adoption") {
			if mart == "cohort_funnel" {
				b.ReportMetric(ours.Seconds(), "s/four-marts")
				b.ReportMetric(hand.Seconds(), "s/by-hand")
				b.ReportMetric(ours.Seconds()/hand.Seconds(), "x-by-hand")
			}
			list, err := engine.Order(needed(all, nil, []string{mart}))
			if err != nil {
				b.Fatal(err)
			}
			for _, m := range list {
				if done[m.Name] {
					continue
				}
				done[m.Name] = true
				began := time.Now()
				if err := engine.Build(ctx, db, []engine.Model{m}, 1); err != nil {
					b.Fatal(err)
				}
				took := time.Since(began)
				if ours += took; took > 100*time.Millisecond {
					b.Logf("%-20s %5.2f s", m.Name, took.Seconds())
				}
			}
		}
		b.ReportMetric(ours.Seconds(), "s/all-marts")
		db.Close()
	}
	b.ReportMetric(0, "ns/op")
}

// benchProjects is a database with the rows of one synthetic ledger, in 88 zones of 11
// cities and three types.
func benchProjects(b *testing.B, rows int) *sql.DB {
	b.Helper()
	db, err := engine.Open("", "set threads = 2")
	if err != nil {
		b.Fatal(err)
	}
	loadEmptyTables(b, db, emptyLake(b))
	statements := `
insert into params values (null);
insert into sources by name select 'x' as campaign, 'ledger' as source_id, 'ledger' as kind;
insert into areas by name select 'x' as campaign, 'p' as area_id, '某省' as name, 'province' as level;
insert into areas by name
select 'x' as campaign, 'c' || i as area_id, 'c' || i as name, 'city' as level, 'p' as parent_id, 'c' || i as city_id
from range(11) as cities (i);
insert into areas by name
select
	'x' as campaign, printf('z%02d', i) as area_id, area_id as name, 'zone' as level, 'c' || i % 11 as parent_id, 'c' || i % 11 as city_id,
	['industrial', 'agriculture', 'tourism'][i % 3 + 1] as zone_type
from range(88) as zones (i);
insert into projects by name
with p as (
	select i, hash(i) as h, date '2019-01-01' + (h % 2000)::integer as signed_on, date '2024-12-31' as as_of,
		signed_on + 30 + (h // 2048 % 400)::integer as start, signed_on + 430 + (h // 10000 % 600)::integer as commission
	from range(%d) as r (i)
)
select
	'x' as campaign, printf('p%%016x', h) as project_id, '年产' || i || '万吨项目' as name, printf('z%%02d', h %% 88) as zone_id,
	'c' || h %% 88 %% 11 as city_id, 'industry ' || h %% 40 as industry, '甲' || i // 3 || '公司' as investor,
	(h %% 100000 * 10000)::decimal(18, 2) as investment_cny, (h %% 50000 * 10000)::decimal(18, 2) as expected_output_cny,
	if(h %% 10 < 7 and commission <= as_of, (h %% 40000 * 10000)::decimal(18, 2), null) as actual_output_cny,
	signed_on, 'day' as signed_precision,
	if(h %% 10 < 9 and start <= as_of, start, null) as started_on, 'day' as started_precision,
	if(h %% 10 < 7 and commission <= as_of, commission, null) as commissioned_on, 'day' as commissioned_precision,
	h %% 3 = 0 as commitment, as_of, 'ledger' as source_id, i::integer as line, true as synthetic
from p;`
	statements = strings.Replace(strings.ReplaceAll(strings.ReplaceAll(statements, "%%", "%"), "%d", "ROWS"), "ROWS", fmt.Sprint(rows), 1)
	if _, err := db.Exec(statements); err != nil {
		b.Fatal(err)
	}
	return db
}
