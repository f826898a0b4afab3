package pipeline_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Readers that ask again and again while versions are published and old ones removed
// meet no error and never two versions at once: each version has one figure throughout,
// in its tables, its marts and its database.
func TestReadersAndPublishes(t *testing.T) {
	readers, publishes := 4, 6
	if os.Getenv("SANPI_TEST_FAULTS") != "" {
		readers, publishes = 20, 50
	}
	dir := t.TempDir()
	sql := smallSQL(t, "trend_series")
	publish := func(n int) error {
		p := pipeline.Plan{
			Warehouse: dir, Datasets: []fs.FS{datasets.FS, oneFigure(n)}, Campaigns: []string{"hebei"}, SQL: sql, Program: "test", Workers: 1,
			Now: time.Date(2026, 1, 2, 0, n, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler), Keep: 3,
		}
		_, err := pipeline.Run(context.Background(), p)
		return err
	}
	if err := publish(1); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wait sync.WaitGroup
	seen := make([]map[string]bool, readers)
	for i := range readers {
		seen[i] = map[string]bool{}
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(20 * time.Millisecond): // a notebook is no busy loop
				}
				figures, err := figuresOf(dir)
				if err != nil {
					t.Errorf("reader %d: %v", i, err)
					return
				}
				if len(figures) != 4 || figures[0] != figures[1] || figures[1] != figures[2] || figures[2] != figures[3] {
					t.Errorf("reader %d saw %v", i, figures)
				}
				seen[i][figures[0]] = true
			}
		})
	}
	for n := 2; n <= publishes; n++ {
		if err := publish(n); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wait.Wait()
	for i := range seen {
		if len(seen[i]) < 2 {
			t.Errorf("reader %d saw %d versions", i, len(seen[i]))
		}
	}
}

// figuresOf reads the one figure of the published version wherever it stands.
func figuresOf(dir string) ([]string, error) {
	current, err := warehouse.Current(dir)
	if err != nil {
		return nil, err
	}
	db, err := engine.Open(filepath.Join(current, "sanpi.duckdb")+"?access_mode=read_only", "set threads = 1")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var text string
	err = db.QueryRow(fmt.Sprintf(`
		select string_agg(v::bigint::varchar, ' ') from (
			select value as v from claims union all select value from trend_series where status = 'published'
			union all select value from read_parquet(%s) union all select value from read_parquet(%s) where status = 'published')`,
		engine.Literal(filepath.Join(current, "tables/claims/*/*.parquet")), engine.Literal(filepath.Join(current, "marts/trend_series.parquet")))).Scan(&text)
	return strings.Fields(text), err
}

// oneFigure is a campaign with one figure.
func oneFigure(n int) fs.FS {
	campaign := fstest.MapFS{}
	for file, text := range map[string]string{
		"campaign.csv":     "key,value\nname,Three batches of a test\narea_id,130000\nnumbering,year_ordinal\n",
		"rounds.csv":       "round,year,ordinal,series_position,label,held_on\n2023-1,2023,1,1,2023年第一期,2023-02-01\n",
		"round_labels.csv": "round,label,ordinal,counting\n",
		"areas.csv":        "area_id,name,name_en,level,parent_id,verified\n130000,河北省,Hebei,province,,true\n",
		"area_names.csv":   "area_id,name\n130000,河北\n",
		"sources.csv":      "source_id,kind,publisher,url,published_on\na,press,河北日报,https://example.cn/a,2023-02-01\n",
		"claims.csv":       fmt.Sprintf("source_id,period,round,area,stage,metric,value,unit\na,round,2023-1,河北省,signed,projects,%d,个\n", 100+n),
	} {
		campaign["hebei/"+file] = &fstest.MapFile{Data: []byte(text)}
	}
	return campaign
}
