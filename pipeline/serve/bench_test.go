package serve

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// BenchmarkInProcess is the peer of /api/query in testdata/bench.sh: the same statement
// (SANPI_BENCH_SQL) by as many clients, from DuckDB in this process, on connections that
// are kept, its rows read and dropped.
func BenchmarkInProcess(b *testing.B) {
	text := os.Getenv("SANPI_BENCH_SQL")
	if text == "" {
		b.Skip("SANPI_BENCH_SQL says what to ask; make bench-serve sets it")
	}
	dir, err := warehouse.Current(shared())
	if err != nil {
		b.Fatal(err)
	}
	db, err := engine.OpenReadOnly(filepath.Join(dir, "sanpi.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const clients = 16
	db.SetMaxOpenConns(clients)
	db.SetMaxIdleConns(clients)
	var (
		mu  sync.Mutex
		all []time.Duration
	)
	b.SetParallelism(max(1, clients/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var took []time.Duration
		for pb.Next() {
			began := time.Now()
			rows, err := db.Query(text)
			if err != nil {
				b.Error(err)
				return
			}
			for rows.Next() {
			}
			if err := rows.Close(); err != nil {
				b.Error(err)
				return
			}
			took = append(took, time.Since(began))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, took...)
	})
	b.StopTimer()
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "statements/s")
	if len(all) > 0 {
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	}
}
