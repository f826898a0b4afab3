package status

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Locked is what became of a run that found the warehouse held by another.
const Locked = "locked"

// A Gauge is a metric: its name, behind sanpi_, and what its labels tell apart.
type Gauge struct {
	Name, Help string
	Labels     []string
}

// Gauges are all metrics. docs/observability.md lists them.
var Gauges = []Gauge{
	{"build_info", "1 for the program that wrote this.", []string{"version", "go"}},
	{"last_run_timestamp_seconds", "When the last run ended.", nil},
	{"last_run_duration_seconds", "How long the last run took.", nil},
	{"last_run_status", "1 for what the last run came to, 0 for the others.", []string{"status"}},
	{"last_run_steps", "Steps of the last run, by what became of them.", []string{"kind", "action"}},
	{"last_run_step_duration_seconds", "What the steps of the last run took, added up; they may run side by side.", []string{"kind"}},
	{"last_success_timestamp_seconds", "When a run last ended well, with or without a new version.", nil},
	{"version_created_timestamp_seconds", "When the published version was made.", nil},
	{"rows_read", "Rows that the published version was made from, by where they went.", []string{"outcome"}},
	{"relation_rows", "Rows of a table or mart of the published version.", []string{"relation"}},
	{"relation_rows_before", "The same of the version before.", []string{"relation"}},
	{"table_rows", "Rows of a table of one campaign.", []string{"campaign", "relation"}},
	{"quarantine_rows", "Rows of the published version that are kept back, by reason.", []string{"reason"}},
	{"figures_waiting", "Figures of pages that wait for a person.", nil},
	{"pages_failed", "Pages that could not be read.", nil},
	{"check_warnings", "Checks that found rows and blocked nothing.", nil},
	{"source_fetched_timestamp_seconds", "When an address last gave its bytes.", []string{"source"}},
	{"source_stale_since_timestamp_seconds", "When a source that fails was last fetched; a source that answers has no line.", []string{"source"}},
	{"edition_timestamp_seconds", "The day for which the newest ledger of a campaign speaks.", []string{"campaign"}},
	{"disk_used_bytes", "What the warehouse takes on the disk.", nil},
	{"disk_free_bytes", "What is left on the warehouse's disk.", nil},
	{"problems", "Things that are not as declared in watch/expectations.csv.", nil},
	{"problem", "1 for each kind and subject that is not as declared.", []string{"kind", "subject"}},
}

// gauges sets metrics by their names.
type gauges map[string]*prometheus.GaugeVec

func (g gauges) set(name string, value float64, labels ...string) {
	g[name].WithLabelValues(labels...).Set(value)
}

// at sets a time; one that is not known is left out.
func (g gauges) at(name string, t time.Time, labels ...string) {
	if !t.IsZero() {
		g.set(name, float64(t.UnixMilli())/1000, labels...)
	}
}

// WriteMetrics writes what a run came to as a text file for the textfile collector of
// Prometheus' node_exporter: aside, and renamed, so that it is never read half. Of a run
// that failed the rows are those of the version that stands. A warehouse that cannot be
// looked at is an error, and what is known all the same is written before.
func WriteMetrics(ctx context.Context, file, dir string, r pipeline.Report, expected []Expectation) error {
	registry, looked := measured(ctx, dir, r, expected, r.Finished)
	if err := prometheus.WriteToTextfile(file, registry); err != nil {
		return fmt.Errorf("write the metrics: %w; name a file in a folder you may write to with --metrics-file", err)
	}
	return looked
}

// Metrics are the same for whoever asks, as /metrics does: of the last run on record, and
// of the warehouse as it is. A look is good for the time of lasting, so that many who ask
// cost no more than one.
func Metrics(dir string, expected []Expectation, lasting time.Duration) prometheus.Gatherer {
	var (
		mu   sync.Mutex
		last []*dto.MetricFamily
		at   time.Time
	)
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		mu.Lock()
		defer mu.Unlock()
		if last != nil && time.Since(at) < lasting {
			return last, nil
		}
		runs, err := readRuns(dir)
		if err != nil {
			return nil, err
		}
		r, ok := lastEnded(runs, warehouse.View(dir).Holder() != "")
		if !ok {
			return nil, fmt.Errorf("no run of %s is on record", dir)
		}
		if r.Status == Killed {
			r.Status = pipeline.Failed // the metric knows no other name for it
		}
		registry, err := measured(context.Background(), dir, r, expected, time.Now())
		if err != nil {
			return nil, err
		}
		if last, err = registry.Gather(); err != nil {
			return nil, err
		}
		at = time.Now()
		return last, nil
	})
}

// measured sets every gauge, as far as it is known, and judges by what is expected now. The
// error is that the warehouse cannot be looked at.
func measured(ctx context.Context, dir string, r pipeline.Report, expected []Expectation, now time.Time) (*prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	g := gauges{}
	for _, m := range Gauges {
		g[m.Name] = prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "sanpi", Name: m.Name, Help: m.Help}, m.Labels)
		registry.MustRegister(g[m.Name])
	}
	s, looked := Read(ctx, dir, expected, now)
	if s != nil {
		g.warehouse(s)
	} else if runs, err := readRuns(dir); err == nil {
		g.at("last_success_timestamp_seconds", lastGood(runs))
	}
	g.run(r)
	if current, err := warehouse.Current(dir); err == nil && r.Relations == nil {
		if m, err := warehouse.ReadManifest(current); err == nil {
			r.Relations, r.Rows, r.Bulletins = rowsOf(m), m.Rows, m.Bulletins
			if warnings, err := pipeline.WarningsOf(m); err == nil {
				r.Warnings = warnings
			}
		}
	}
	for name, n := range map[string]int{
		"loaded": r.Rows.Loaded, "quarantined": r.Rows.Quarantined, "duplicate": r.Rows.Duplicates, "no_data": r.Rows.NoData,
	} {
		g.set("rows_read", float64(n), name)
	}
	for name, n := range r.Relations {
		if name != "sanpi.duckdb" {
			g.set("relation_rows", float64(n), name)
		}
	}
	g.set("figures_waiting", float64(r.Bulletins.Waiting))
	g.set("pages_failed", float64(r.Bulletins.Failed))
	g.set("check_warnings", float64(len(r.Warnings)))
	return registry, looked
}

// run sets what is known of the run alone.
func (g gauges) run(r pipeline.Report) {
	g.set("build_info", 1, r.Program, runtime.Version())
	g.at("last_run_timestamp_seconds", r.Finished)
	g.set("last_run_duration_seconds", r.Finished.Sub(r.Started).Seconds())
	for _, status := range []string{pipeline.Done, pipeline.Unchanged, pipeline.Stopped, pipeline.Failed, Locked} {
		g.set("last_run_status", 0, status)
	}
	g.set("last_run_status", 1, r.Status)
	for _, step := range r.Steps {
		g["last_run_steps"].WithLabelValues(step.Kind, step.Action).Inc()
		g["last_run_step_duration_seconds"].WithLabelValues(step.Kind).Add(step.Seconds)
	}
	for _, stale := range r.Stale {
		g.at("source_stale_since_timestamp_seconds", stale.FetchedAt, label(stale.Source))
	}
}

// warehouse sets what a look at the warehouse finds.
func (g gauges) warehouse(s *Status) {
	g.at("last_success_timestamp_seconds", s.GoodAt)
	g.at("version_created_timestamp_seconds", s.CreatedAt)
	for _, r := range s.Relations {
		if r.Before != nil {
			g.set("relation_rows_before", float64(*r.Before), r.Name)
		}
	}
	for _, r := range s.Tables {
		name, campaign, _ := strings.Cut(r.Name, "/")
		g.set("table_rows", float64(r.Rows), campaign, name)
	}
	for _, r := range s.Quarantine {
		g.set("quarantine_rows", float64(r.Rows), r.Reason)
	}
	for _, source := range s.Sources {
		g.at("source_fetched_timestamp_seconds", source.FetchedAt, label(source.Address))
	}
	for _, e := range s.Editions {
		if day, err := time.Parse(time.DateOnly, e.AsOf); err == nil {
			g.at("edition_timestamp_seconds", day, e.Campaign)
		}
	}
	g.set("disk_used_bytes", float64(s.Disk.Bytes))
	g.set("disk_free_bytes", float64(s.Disk.Free))
	g.set("problems", float64(len(s.Problems)))
	for _, p := range s.Problems {
		subject := p.Subject
		if p.Kind == "run" {
			subject = "" // a run's id would make each failure a series of its own
		}
		g.set("problem", 1, p.Kind, label(subject))
	}
}

// label makes a name fit for a label, which must be UTF-8; a file's need not be.
func label(name string) string { return string([]rune(name)) }

// MetricsWritable says whether metrics can be written to a file that the collector will
// read, before a night is spent of which nothing would be told.
func MetricsWritable(file string) error {
	if filepath.Ext(file) != ".prom" {
		return fmt.Errorf("--metrics-file %s: node_exporter reads only files that end in .prom; call it so", file)
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil {
		return fmt.Errorf("--metrics-file: %w; create the folder first", err)
	} else if !info.IsDir() {
		return fmt.Errorf("--metrics-file %s: %s is no folder", file, filepath.Dir(file))
	}
	return nil
}
