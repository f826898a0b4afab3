package lake

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// written has the kinds of optional fields that the tables have; read tells NULL
// from "" and 0.
type written struct {
	Text   string      `parquet:"text,optional"`
	Word   string      `parquet:"word,optional,dict"`
	Day    record.Date `parquet:"day,optional,date"`
	Number *int32      `parquet:"number,optional"`
}

type read struct {
	Text   *string `parquet:"text,optional"`
	Word   *string `parquet:"word,optional,dict"`
	Day    *int32  `parquet:"day,optional,date"`
	Number *int32  `parquet:"number,optional"`
}

// NULL is read back as NULL and a value as itself wherever they stand: first in
// every order of known and unknown that nine rows can have, each in a file of its
// own or after 60 others; then at random.
func TestNullsAreKept(t *testing.T) {
	for _, before := range []int{0, 60} {
		for pattern := range 1 << 9 {
			t.Run(fmt.Sprintf("%d, %09b", before, pattern), func(t *testing.T) {
				rows := make([]written, before+9)
				for i := range 9 {
					if pattern>>i&1 == 1 {
						rows[before+i] = known(i)
					}
				}
				roundTrip(t, rows)
			})
		}
	}
	for _, share := range []float64{0.01, 0.1, 0.5, 0.9} {
		t.Run(fmt.Sprintf("share %g", share), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			rows := make([]written, 10_000)
			for i := range rows {
				if random.Float64() < share {
					rows[i].Text = "text"
				}
				if random.Float64() < share {
					rows[i].Word = "word"
				}
				if random.Float64() < share {
					rows[i].Day = record.NewDate(2021, 1, 1)
				}
				if random.Float64() < share {
					rows[i].Number = new(int32)
				}
			}
			roundTrip(t, rows)
		})
	}
}

func known(i int) written {
	n := int32(i)
	return written{fmt.Sprint("text ", i), fmt.Sprint("word ", i), record.Date(i + 1), &n}
}

func roundTrip(t *testing.T, rows []written) {
	t.Helper()
	root := t.TempDir()
	file, err := WriteTable(root, "areas", "shanxi", rows)
	if err != nil {
		t.Fatal(err)
	}
	got, err := parquet.ReadFile[read](filepath.Join(root, file.Path))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rows) || file.Rows != int64(len(rows)) {
		t.Fatalf("%d rows were written and %d read, said to be %d", len(rows), len(got), file.Rows)
	}
	for i, want := range rows {
		g := got[i]
		if !same(g.Text, want.Text) || !same(g.Word, want.Word) || !same(g.Day, int32(want.Day)) {
			t.Fatalf("row %d: wrote %+v, read %v %v %v", i, want, show(g.Text), show(g.Word), show(g.Day))
		}
		if (g.Number == nil) != (want.Number == nil) || g.Number != nil && *g.Number != *want.Number {
			t.Fatalf("row %d: wrote number %v, read %v", i, show(want.Number), show(g.Number))
		}
	}
}

// same reports whether what was read is what was written: nil for the zero value.
func same[T comparable](got *T, want T) bool {
	var zero T
	if want == zero {
		return got == nil
	}
	return got != nil && *got == want
}

func show[T any](p *T) string {
	if p == nil {
		return "NULL"
	}
	return fmt.Sprintf("%#v", *p)
}

func BenchmarkWriteProjects(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]record.Project, 8192)
	for i := range rows {
		p := record.Project{ProjectID: record.ProjectID(fmt.Sprintf("p%016x", random.Uint64())), Name: fmt.Sprint("年产", i, "万吨铝材项目"), ZoneID: "141122-Z1"}
		if random.Float64() < 0.9 {
			p.SignedOn, p.SignedPrecision = record.Date(18000+random.IntN(1000)), record.ToTheDay
		}
		if random.Float64() < 0.5 {
			p.StartedOn, p.StartedPrecision = record.Date(18000+random.IntN(1000)), record.ToTheDay
		}
		if random.Float64() < 0.01 {
			p.Flags = "planned_date"
		}
		rows[i] = p
	}
	w, err := NewWriter[record.Project](b.TempDir(), "projects", "shanxi")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(rows))/b.Elapsed().Seconds(), "rows/s")
}
