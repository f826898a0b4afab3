package synthetic

import (
	"io"
	"testing"
)

// The command that makes ledgers for benchmarks writes what this measures.
func BenchmarkRows(b *testing.B) {
	for _, test := range []struct {
		name   string
		mess   float64
		truth  io.Writer
		format Format
	}{
		{"clean", 0, nil, Format{}}, {"messy", 0.3, nil, Format{}}, {"messy with truth", 0.3, io.Discard, Format{}},
		{"messy GB18030", 0.3, nil, Format{Encoding: GB18030}},
	} {
		b.Run(test.name, func(b *testing.B) {
			g, err := New(1, options(100_000, test.mess))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				c, err := g.Write(io.Discard, test.truth, test.format)
				if err != nil {
					b.Fatal(err)
				}
				rows += c.Rows
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
