package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
)

// BenchmarkNights is what a night costs beside making all anew, in one run: a
// warehouse of 1000 projects and one of SANPI_BENCH_ROWS (200 000), in full, with
// nothing new, and with a ledger of 10 000 rows more.
func BenchmarkNights(b *testing.B) {
	for _, rows := range []int{1000, number(b, "SANPI_BENCH_ROWS", 200_000)} {
		home := b.TempDir()
		ledgers := filepath.Join(home, "ledgers")
		if err := os.Mkdir(ledgers, 0o755); err != nil {
			b.Fatal(err)
		}
		writeBenchLedger(b, home, filepath.Join(ledgers, "合成.csv"), rows)
		p := plan(filepath.Join(home, "warehouse"))
		p.Campaigns, p.Ledgers = []string{"shanxi"}, []pipeline.LedgerAddress{{Address: ledgers}}
		night := func(b *testing.B, want string) {
			b.Helper()
			p.Now = p.Now.Add(time.Hour)
			report, err := pipeline.Run(context.Background(), p)
			if err != nil || report.Status != want {
				b.Fatalf("%s, %v; want %s", report.Status, err, want)
			}
		}
		time.Sleep(3 * time.Second) // a file that was just written is not trusted to be as it was
		b.Run(fmt.Sprintf("projects=%d/all anew", rows), func(b *testing.B) {
			for b.Loop() {
				p.Full = true
				night(b, pipeline.Done)
				p.Full = false
			}
		})
		b.Run(fmt.Sprintf("projects=%d/nothing new", rows), func(b *testing.B) {
			for b.Loop() {
				night(b, pipeline.Unchanged)
			}
		})
		b.Run(fmt.Sprintf("projects=%d/one ledger of 10000 more", rows), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				more := filepath.Join(ledgers, fmt.Sprintf("more%d.csv", i))
				writeBenchLedger(b, b.TempDir(), more, 10_000)
				b.StartTimer()
				night(b, pipeline.Done)
			}
		})
	}
}
