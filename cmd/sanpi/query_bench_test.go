package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// BenchmarkQuery answers a query from opening the file to the last row: by
// sanpi query, and by DuckDB through its driver, which reads the rows and drops
// them. The marts are the shipped ones; the million rows are synthetic.
func BenchmarkQuery(b *testing.B) {
	dir := b.TempDir()
	if code := execute(context.Background(), []string{"run", "--warehouse", dir}, nil, io.Discard, io.Discard); code != 0 {
		b.Fatalf("run ended with exit code %d", code)
	}
	million := filepath.Join(b.TempDir(), "versions", "v")
	prepareMillion(b, million)
	for _, test := range []struct{ name, warehouse, text string }{
		{"marts", dir, "select campaign, level, count(*), sum(value)::double from trend_series group by all order by all"},
		{"million_grouped", filepath.Dir(filepath.Dir(million)), "select zone, count(*), sum(amount)::double from synthetic group by all order by all"},
		{"million_rows", filepath.Dir(filepath.Dir(million)), "from synthetic"},
	} {
		b.Run(test.name+"/sanpi", func(b *testing.B) {
			for b.Loop() {
				c := config{warehouse: test.warehouse, format: "csv", lang: "en"}
				if err := c.query(context.Background(), io.Discard, test.text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(test.name+"/duckdb", func(b *testing.B) {
			file := filepath.Join(test.warehouse, "CURRENT", "sanpi.duckdb")
			for b.Loop() {
				if err := drain(file, test.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func prepareMillion(b *testing.B, dir string) {
	b.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("versions", "v"), filepath.Join(filepath.Dir(filepath.Dir(dir)), "CURRENT")); err != nil {
		b.Fatal(err)
	}
	db, err := engine.Open(filepath.Join(dir, "sanpi.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`create table synthetic as
		select range as id, '开发区' || range % 88 as zone, (range * 7919 % 1000003)::decimal(18, 2) as amount, date '2020-01-01' + (range % 2000)::int as day
		from range(1000000)`); err != nil {
		b.Fatal(err)
	}
}

// drain reads all rows of a query as the driver gives them.
func drain(file, text string) error {
	db, err := engine.Open(file + "?access_mode=read_only")
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.Query(text)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
