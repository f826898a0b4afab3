package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/lineage"
	"github.com/sanpi-data/sanpi/pipeline/status"
	"github.com/sanpi-data/sanpi/pipeline/trace"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// watch tells those who watch of a run: Prometheus, OpenLineage, OpenTelemetry.
// None of them can make a run fail; what they do not take is a warning.
type watch struct {
	c        *config
	log      *slog.Logger
	began    time.Time
	emitter  *lineage.Emitter // nil when nobody asked for events
	expected []status.Expectation
}

// startWatch looks, before a night's work, whether it could be told of, and says
// that it begins. It is nil when nobody watches.
func (c *config) startWatch(cmd *cobra.Command, datasets []fs.FS, began time.Time) (*watch, error) {
	if c.dryRun || c.metricsFile == "" && c.openlineage == "" && !trace.Wanted(os.Getenv) {
		return nil, nil
	}
	w := &watch{c: c, log: c.logger(cmd.ErrOrStderr()), began: began}
	if c.metricsFile != "" {
		if err := status.MetricsWritable(c.metricsFile); err != nil {
			return nil, usageError{err}
		}
		var err error
		w.expected, err = status.ReadExpectations(datasets...)
		w.warn("what is expected cannot be read, and the metrics tell of no problem with it", err)
	}
	if c.openlineage != "" {
		var err error
		w.emitter, err = lineage.New(lineage.Config{
			Target: c.openlineage, Namespace: os.Getenv("OPENLINEAGE_NAMESPACE"), APIKey: os.Getenv("OPENLINEAGE_API_KEY"),
			Parent: os.Getenv("OPENLINEAGE_PARENT_ID"), Program: programVersion(),
		})
		if err != nil {
			return nil, usageError{err}
		}
		w.warn("OpenLineage was not told that the run began", w.emitter.Start(cmd.Context(), began))
	}
	return w, nil
}

func (w *watch) warn(message string, err error) {
	if err != nil {
		w.log.Warn(message, "error", err)
	}
}

// end tells how the run ended.
func (w *watch) end(ctx context.Context, r pipeline.Report, err error) {
	if w == nil {
		return
	}
	// A run that was stopped is told of like any other, as long as it does not keep the
	// one who stopped it waiting.
	limit := time.Minute
	if ctx.Err() != nil {
		limit = time.Second
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if r.Status == "" {
		// It could not even begin.
		r.Status, r.Started, r.Finished, r.Program = pipeline.Failed, w.began.UTC(), time.Now().UTC(), programVersion()
		if errors.Is(err, warehouse.ErrLocked) {
			r.Status = status.Locked
		}
		if err != nil {
			r.Error = err.Error()
		}
	}
	if w.emitter != nil {
		w.warn("OpenLineage was not told how the run ended", w.emitter.End(ctx, w.outcome(ctx, r)))
	}
	if trace.Wanted(os.Getenv) {
		w.warn("the trace of the run was not sent", trace.Send(ctx, r, os.Getenv("TRACEPARENT")))
	}
	if w.c.metricsFile != "" {
		w.warn("the metrics are not complete", status.WriteMetrics(ctx, w.c.metricsFile, w.c.warehouse, r, w.expected))
	}
}

// outcome is the run in OpenLineage's words.
func (w *watch) outcome(ctx context.Context, r pipeline.Report) lineage.Outcome {
	o := lineage.Outcome{Type: lineage.Complete, At: r.Finished, Error: r.Error}
	switch r.Status {
	case pipeline.Stopped:
		o.Type = lineage.Abort
	case pipeline.Failed, status.Locked:
		o.Type = lineage.Fail
	}
	if r.Dir == "" {
		return o
	}
	m, err := warehouse.ReadManifest(r.Dir)
	if err != nil {
		w.warn("OpenLineage is not told what was read and written", err)
		return o
	}
	for _, in := range m.Inputs {
		d := lineage.Dataset{Namespace: "sanpi", Name: "datasets/" + in.Name, Version: in.SHA256}
		if !ofDatasets(in.Name, m.Campaigns) {
			d.Namespace, d.Name, d.URI = place(in.Name)
			d.Source = d.Namespace
		}
		o.Inputs = append(o.Inputs, d)
	}
	if r.Status == pipeline.Done {
		fields, err := columns(ctx, r.Dir)
		w.warn("OpenLineage is not told the columns of what was written", err)
		o.Outputs = written(w.c.warehouse, m, fields)
	}
	return o
}

// ofDatasets says whether an input is a file of the datasets, whose name has no place
// on a disk: those shipped lie in the program.
func ofDatasets(name string, campaigns []string) bool {
	folder, _, ok := strings.Cut(name, "/")
	return ok && (folder == "words" || folder == "rules" || slices.Contains(campaigns, folder))
}

//go:embed columns.sql
var columnsSQL string

// columns are those of each table and mart of the version in a folder.
func columns(ctx context.Context, version string) (map[string][]lineage.Field, error) {
	db, err := engine.OpenReadOnly(filepath.Join(version, "sanpi.duckdb"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, columnsSQL)
	if err != nil {
		return nil, fmt.Errorf("read the columns of the published version: %w", err)
	}
	defer rows.Close()
	fields := map[string][]lineage.Field{}
	for rows.Next() {
		var table string
		var f lineage.Field
		if err := rows.Scan(&table, &f.Name, &f.Type, &f.Meaning); err != nil {
			return nil, fmt.Errorf("read the columns of the published version: %w", err)
		}
		fields[table] = append(fields[table], f)
	}
	return fields, rows.Err()
}

// written are the tables and marts of a version, each where readers open it.
func written(dir string, m *warehouse.Manifest, fields map[string][]lineage.Field) []lineage.Dataset {
	var all []lineage.Dataset
	at := map[string]int{}
	for _, out := range m.Outputs {
		where := out.Path
		if parent, ok := strings.CutPrefix(out.Path, "tables/"); ok {
			name, _, _ := strings.Cut(parent, "/")
			where = "tables/" + name
		}
		i, ok := at[where]
		if !ok {
			d := lineage.Dataset{Source: "sanpi warehouse", Version: m.Version, Fields: fields[out.Relation]}
			d.Namespace, d.Name, d.URI = place(filepath.Join(dir, "CURRENT", filepath.FromSlash(where)))
			i, at[where] = len(all), len(all)
			all = append(all, d)
		}
		all[i].Rows += out.Rows
		all[i].Bytes += out.Bytes
	}
	slices.SortFunc(all, func(a, b lineage.Dataset) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// place names a file or address by OpenLineage's rules.
func place(address string) (namespace, name, uri string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		u.User = nil // a password is nobody's business
		name := strings.TrimPrefix(u.EscapedPath(), "/")
		if u.RawQuery != "" {
			name += "?" + u.RawQuery
		}
		return u.Scheme + "://" + u.Host, name, u.String()
	}
	path, err := filepath.Abs(address)
	if err != nil {
		path = address
	}
	path = filepath.ToSlash(path)
	return "file", path, (&url.URL{Scheme: "file", Path: path}).String()
}
