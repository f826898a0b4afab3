package diff_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/diff"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// BenchmarkDiff compares two tables of SANPI_BENCH_ROWS rows (1 million) and eight columns,
// of which one in a thousand differs, within 400 MB, beside what people write by hand in
// DuckDB: the rows of each side EXCEPT those of the other, which says nothing of keys.
// Each is a process of its own, so that memory is counted too.
func BenchmarkDiff(b *testing.B) {
	rows := 1_000_000
	if text := os.Getenv("SANPI_BENCH_ROWS"); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	const table = `select 'project ' || i as name, 'Z' || hash(i) %% 500000 || '-' || i as zone, (hash(i, 1) %% 1000000)::decimal(18, 2) as a,
		date '2020-01-01' + (hash(i, 2) %% 2000)::int as d, (hash(i, 3) %% 97)::int as b, if(i %% 7 = 0, null, 'obstacle ' || hash(i, 4) %% 50) as o,
		i %% 2 = 0 as y, %s as n from range(%d) as t(i)`
	sides := [2]string{
		side(b, "was", map[string]string{"tables/zones/campaign=x/0.parquet": fmt.Sprintf(table, "0", rows)}),
		side(b, "is", map[string]string{"tables/zones/campaign=x/0.parquet": fmt.Sprintf(table, "if(i % 1000 = 0, 1, 0)", rows)}),
	}
	for _, role := range []string{"diff", "EXCEPT"} {
		b.Run(role, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(os.Args[0], "-test.run", "^TestBenchRole$")
				cmd.Env = append(os.Environ(), "SANPI_BENCH_ROLE="+role, "SANPI_BENCH_WAS="+sides[0], "SANPI_BENCH_IS="+sides[1])
				began := time.Now()
				if text, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, text)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s")
				if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
					b.ReportMetric(float64(r.Maxrss)/1024, "MiB-peak") // Maxrss is in kibibytes on Linux
				}
			}
		})
	}
}

// TestBenchRole is one of the processes of BenchmarkDiff.
func TestBenchRole(t *testing.T) {
	role, was, is := os.Getenv("SANPI_BENCH_ROLE"), os.Getenv("SANPI_BENCH_WAS"), os.Getenv("SANPI_BENCH_IS")
	switch role {
	case "":
		t.Skip("run by BenchmarkDiff")
	case "diff":
		for r, err := range diff.Compare(context.Background(), open(t, was), open(t, is), relations, diff.Options{}) {
			if err != nil || *r.Changed == 0 {
				t.Fatal(r, err)
			}
		}
		return
	}
	db, err := engine.Open("", "set memory_limit = '400MB'", "set temp_directory = "+engine.Literal(t.TempDir()), "set preserve_insertion_order = false")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, pair := range [][2]string{{was, is}, {is, was}} {
		var n int
		if err := db.QueryRow(fmt.Sprintf("select count(*) from (from '%s/tables/*/*/*.parquet' except from '%s/tables/*/*/*.parquet')", pair[0], pair[1])).Scan(&n); err != nil || n == 0 {
			t.Fatal(n, err)
		}
	}
}
