package release_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/release"
	models "github.com/sanpi-data/sanpi/sql"
)

// BenchmarkRelease sets a release beside DuckDB's own EXPORT DATABASE to Parquet and
// the same again to CSV, each a process of its own, in turn, so that memory is counted
// too. SANPI_BENCH_VERSION names the folder of a version with
// many rows, which sanpi run --ledger makes of what sanpi ledger generate writes; without it
// the shipped data is released. SANPI_BENCH_RUNS says how often (3).
func BenchmarkRelease(b *testing.B) {
	from := os.Getenv("SANPI_BENCH_VERSION")
	if from == "" {
		from = version(b, "shipped")
	}
	runs := 3
	if text := os.Getenv("SANPI_BENCH_RUNS"); text != "" {
		var err error
		if runs, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	roles := []string{"release", "DuckDB Parquet and CSV"}
	best := map[string]usage{}
	for range runs {
		for _, role := range roles {
			u := runRole(b, role, from)
			if was, ok := best[role]; !ok || u.wall < was.wall {
				best[role] = u
			}
		}
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "best of %d\twall s\tcpu s\tpeak MiB\toutput MB\t\n", runs)
	for _, role := range roles {
		u := best[role]
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\t%d\t\n", role, u.wall.Seconds(), u.cpu.Seconds(), u.peak>>20, u.output/1e6)
	}
	w.Flush()
	fmt.Printf("\n%s", table.String())
	b.ReportMetric(best[roles[0]].wall.Seconds()/best[roles[1]].wall.Seconds(), "x-DuckDB")
	b.ReportMetric(float64(best[roles[0]].peak>>20), "MiB-peak")
}

type usage struct {
	wall, cpu    time.Duration
	peak, output int64 // bytes
}

// runRole runs this test binary again, as one of the two.
func runRole(b *testing.B, role, from string) usage {
	b.Helper()
	out, err := os.MkdirTemp(filepath.Dir(filepath.Dir(from)), "bench-") // beside the version, where links can be made
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(out)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestBenchRole$")
	cmd.Env = append(os.Environ(), "SANPI_BENCH_ROLE="+role, "SANPI_BENCH_FROM="+from, "SANPI_BENCH_OUT="+out)
	began := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", role, err, text)
	}
	u := usage{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = r.Maxrss << 10 // kibibytes on Linux
	}
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		u.output += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return u
}

// TestBenchRole is one of the processes of BenchmarkRelease.
func TestBenchRole(t *testing.T) {
	role, from, out := os.Getenv("SANPI_BENCH_ROLE"), os.Getenv("SANPI_BENCH_FROM"), os.Getenv("SANPI_BENCH_OUT")
	switch role {
	case "":
		t.Skip("run by BenchmarkRelease")
	case "release":
		if _, err := release.Make(context.Background(), release.Plan{Version: from, Dir: out, SQL: models.FS}); err != nil {
			t.Fatal(err)
		}
		return
	}
	db, err := engine.Open(filepath.Join(from, "sanpi.duckdb") + "?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for folder, options := range map[string]string{"parquet": "format parquet, compression zstd", "csv": "format csv, header true"} {
		if _, err := db.Exec("export database " + engine.Literal(filepath.Join(out, folder)) + " (" + options + ")"); err != nil {
			t.Fatal(err)
		}
	}
}
