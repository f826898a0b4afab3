package status

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// WriteMetrics writes what a run came to as a text file for the textfile collector of
// Prometheus' node_exporter: aside, and renamed, so that it is never read half. Of a run
// that failed the rows are those of the version that stands.
func WriteMetrics(file, dir string, r pipeline.Report) error {
	runs, err := readRuns(dir)
	if err != nil {
		return err
	}
	good := lastGood(runs)
	if current, err := warehouse.Current(dir); err == nil && r.Relations == nil {
		if m, err := warehouse.ReadManifest(current); err == nil {
			r.Relations, r.Rows, r.Bulletins = rowsOf(m), m.Rows, m.Bulletins
		}
	}
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "sanpi", Name: name, Help: help}, labels)
		registry.MustRegister(g)
		return g
	}
	seconds := func(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
	gauge("last_run_timestamp_seconds", "When the last run ended.").WithLabelValues().Set(seconds(r.Finished))
	gauge("last_run_duration_seconds", "How long the last run took.").WithLabelValues().Set(r.Finished.Sub(r.Started).Seconds())
	outcome := gauge("last_run_status", "1 for what the last run came to, 0 for the others.", "status")
	for _, status := range []string{pipeline.Done, pipeline.Unchanged, pipeline.Stopped, pipeline.Failed} {
		outcome.WithLabelValues(status).Set(0)
	}
	outcome.WithLabelValues(r.Status).Set(1)
	if !good.IsZero() {
		gauge("last_success_timestamp_seconds", "When a run last ended well, with or without a new version.").WithLabelValues().Set(seconds(good))
	}
	rows := gauge("rows_read", "Rows that the published version was made from, by where they went.", "outcome")
	for name, n := range map[string]int{
		"loaded": r.Rows.Loaded, "quarantined": r.Rows.Quarantined, "duplicate": r.Rows.Duplicates, "no_data": r.Rows.NoData,
	} {
		rows.WithLabelValues(name).Set(float64(n))
	}
	relations := gauge("relation_rows", "Rows of a table or mart of the published version.", "relation")
	for name, n := range r.Relations {
		if name != "sanpi.duckdb" {
			relations.WithLabelValues(name).Set(float64(n))
		}
	}
	gauge("figures_waiting", "Figures of pages that wait for a person.").WithLabelValues().Set(float64(r.Bulletins.Waiting))
	gauge("pages_failed", "Pages that could not be read.").WithLabelValues().Set(float64(r.Bulletins.Failed))
	gauge("check_warnings", "Checks that found rows and blocked nothing.").WithLabelValues().Set(float64(len(r.Warnings)))
	stale := gauge("source_stale_since_timestamp_seconds", "When a source that fails was last fetched; a source that answers has no line.", "source")
	for _, s := range r.Stale {
		stale.WithLabelValues(s.Source).Set(seconds(s.FetchedAt))
	}
	steps := gauge("last_run_steps", "Steps of the last run, by what became of them.", "kind", "action")
	for _, s := range r.Steps {
		steps.WithLabelValues(s.Kind, s.Action).Inc()
	}
	if err := prometheus.WriteToTextfile(file, registry); err != nil {
		return fmt.Errorf("write the metrics: %w; name a file in a folder you may write to with --metrics-file", err)
	}
	return nil
}
