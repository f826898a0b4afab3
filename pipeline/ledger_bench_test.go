package pipeline_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

// BenchmarkLedger sets the loading of a messy CSV of 23 columns beside DuckDB
// copying the same file untouched, and beside DuckDB normalising it in SQL. Each
// is a process of its own, in turn, so that memory is counted too. The environment
// says how large: SANPI_BENCH_ROWS (1 000 000) and SANPI_BENCH_RUNS (3).
//
// The mess is what all three can read: titles, blank lines and line breaks in
// cells, which DuckDB's parallel reader refuses, are left out.
func BenchmarkLedger(b *testing.B) {
	rows, runs := number(b, "SANPI_BENCH_ROWS", 1_000_000), number(b, "SANPI_BENCH_RUNS", 3)
	dir := b.TempDir()
	source := filepath.Join(dir, "synthetic.csv")
	writeBenchLedger(b, dir, source, rows)
	roles := []string{"sanpi", "DuckDB untouched", "DuckDB SQL"}
	taken := map[string][]usage{}
	for range runs {
		for _, role := range roles {
			taken[role] = append(taken[role], runRole(b, role, dir, source))
		}
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d rows\twall s\tcpu s\tpeak MiB\toutput MB\t\n", rows)
	base := median(taken["DuckDB untouched"])
	for _, role := range roles {
		m := median(taken[role])
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\t%d\t\n", role, m.wall.Seconds(), m.cpu.Seconds(), m.peak>>20, m.output/1e6)
	}
	w.Flush()
	fmt.Printf("\n%s", table.String())
	ours, inSQL := median(taken["sanpi"]), median(taken["DuckDB SQL"])
	b.ReportMetric(ours.wall.Seconds()/base.wall.Seconds(), "x-untouched")
	b.ReportMetric(ours.wall.Seconds()/inSQL.wall.Seconds(), "x-SQL")
	b.ReportMetric(float64(rows)/ours.wall.Seconds(), "rows/s")
	b.ReportMetric(float64(ours.peak>>20), "MiB-peak")
}

func number(b *testing.B, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s=%q is not a number", name, text)
	}
	return n
}

// writeBenchLedger writes the ledger, and for DuckDB the names of the zones.
func writeBenchLedger(b *testing.B, dir, path string, rows int) {
	c, err := pipeline.ReadCampaign(pipeline.Plan{Datasets: []fs.FS{datasets.FS}})
	if err != nil {
		b.Fatal(err)
	}
	names := map[record.AreaID]string{}
	for _, a := range c.Areas {
		names[a.AreaID] = a.Name
	}
	o := synthetic.Options{Rows: rows, Mess: 0.1, AsOf: record.NewDate(2024, 12, 31)}
	zones := "name,area_id\n"
	for _, a := range c.Areas {
		if a.Level == record.Zone && a.CityID != "" {
			o.Zones = append(o.Zones, synthetic.Zone{AreaID: a.AreaID, Name: a.Name, CityID: a.CityID, City: names[a.CityID]})
			zones += a.Name + "," + string(a.AreaID) + "\n"
		}
	}
	for _, r := range c.Rounds {
		o.Rounds = append(o.Rounds, synthetic.Round{ID: r.Round, HeldOn: r.HeldOn})
	}
	for _, k := range synthetic.AllKinds() {
		if !slices.Contains([]string{"titles", "breaks", "empty-lines", "headings", "headers", "sums", "notes"}, k.String()) {
			o.Kinds = append(o.Kinds, k)
		}
	}
	g, err := synthetic.New(1, o)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "zones.csv"), []byte(zones), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err := g.Write(&fromHeader{w: w}, nil, synthetic.Format{}); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// fromHeader leaves out what stands above the header, which DuckDB takes for the
// first row.
type fromHeader struct {
	w     io.Writer
	began bool
	held  []byte
}

func (f *fromHeader) Write(p []byte) (int, error) {
	if f.began {
		return f.w.Write(p)
	}
	f.held = append(f.held, p...)
	if i := bytes.Index(f.held, []byte("序号,")); i >= 0 {
		f.began = true
		_, err := f.w.Write(f.held[i:])
		return len(p), err
	}
	return len(p), nil
}

// usage is what a process took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // bytes
	output    int64
}

func median(all []usage) usage {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b usage) int { return int(a.wall - b.wall) })
	return all[len(all)/2]
}

// runRole runs this test binary again, as one of the three.
func runRole(b *testing.B, role, dir, source string) usage {
	b.Helper()
	out := filepath.Join(dir, "out")
	if err := os.RemoveAll(out); err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(out, 0o700); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestBenchRole$")
	cmd.Env = append(os.Environ(), "SANPI_BENCH_ROLE="+role, "SANPI_BENCH_SOURCE="+source, "SANPI_BENCH_OUT="+out)
	began := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", role, err, text)
	}
	u := usage{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = r.Maxrss << 10 // kibibytes on Linux
	}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || role == "sanpi" && !strings.Contains(path, "/projects/") {
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

// TestBenchRole is one of the processes of BenchmarkLedger.
func TestBenchRole(t *testing.T) {
	role, source, out := os.Getenv("SANPI_BENCH_ROLE"), os.Getenv("SANPI_BENCH_SOURCE"), os.Getenv("SANPI_BENCH_OUT")
	if role == "" {
		t.Skip("run by BenchmarkLedger")
	}
	ctx := context.Background()
	if role == "sanpi" {
		_, err := pipeline.ConvertLedgers(ctx, pipeline.Plan{
			Datasets: []fs.FS{datasets.FS}, Ledgers: []pipeline.LedgerAddress{{Address: source}}, Workers: 2, Now: time.Now(),
		}, out)
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	db, err := engine.Open("", "set threads = 2", "set preserve_insertion_order = false")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	statements := "copy (from read_csv($source, header = true, all_varchar = true, delim = ',', quote = '\"', strict_mode = false)) to $target (format parquet, compression zstd)"
	if role == "DuckDB SQL" {
		text, err := os.ReadFile("testdata/normalise.sql")
		if err != nil {
			t.Fatal(err)
		}
		statements = string(text)
	}
	for name, path := range map[string]string{"$source": source, "$target": filepath.Join(out, "out.parquet"), "$zones": filepath.Join(filepath.Dir(source), "zones.csv")} {
		statements = strings.ReplaceAll(statements, name, engine.Literal(path))
	}
	if _, err := db.ExecContext(ctx, statements); err != nil {
		t.Fatal(err)
	}
}
