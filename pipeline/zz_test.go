package pipeline_test

import (
	"context"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
)

func TestZZ(t *testing.T) {
	f := os.Getenv("ZZ")
	if f == "" {
		t.Skip()
	}
	os.RemoveAll("/tmp/zzout")
	b := time.Now()
	if _, err := pipeline.ConvertLedgers(context.Background(), pipeline.Plan{Datasets: []fs.FS{datasets.FS}, Ledgers: []pipeline.LedgerAddress{{Address: f}}, Workers: 2, Now: time.Now()}, "/tmp/zzout"); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(b))
}
