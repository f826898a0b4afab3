package status

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metricsql"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.yaml.in/yaml/v3"

	"github.com/sanpi-data/sanpi/pipeline"
)

// The page of the docs lists every metric, with its labels, and none besides.
func TestDocsListMetrics(t *testing.T) {
	text, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	ours, _, _ := strings.Cut(string(text), "### Of the server") // those are pipeline/serve's
	for _, m := range regexp.MustCompile("(?m)^\\| `sanpi_([a-z_]+)` \\| ([^|]*)\\|").FindAllStringSubmatch(ours, -1) {
		listed[m[1]] = strings.ReplaceAll(strings.TrimSpace(m[2]), "`", "")
	}
	for _, g := range Gauges {
		if labels, ok := listed[g.Name]; !ok || labels != strings.Join(g.Labels, ", ") {
			t.Errorf("the docs give sanpi_%s the labels %q (listed: %v), and it has %q", g.Name, labels, ok, g.Labels)
		}
		delete(listed, g.Name)
	}
	for name := range listed {
		t.Errorf("the docs list sanpi_%s, which there is not", name)
	}
}

// The metrics keep to Prometheus' conventions, also of a run that could not begin.
func TestMetricsAreWellNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sanpi.prom")
	at := time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC)
	r := pipeline.Report{Status: Locked, Started: at, Finished: at.Add(time.Second), Stale: []pipeline.Stale{{Source: "台账/\xff甲\n.csv", FetchedAt: at}}}
	if err := WriteMetrics(t.Context(), file, filepath.Join(t.TempDir(), "nowhere"), r, nil); err == nil {
		t.Error("a warehouse that is not there is no error")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.New(bytes.NewReader(text)).Lint()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, want := range []string{`sanpi_last_run_status{status="locked"} 1`, `sanpi_source_stale_since_timestamp_seconds{source="台账/�甲\n.csv"}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the collector, who is another user, cannot read it: %v, %v", info.Mode(), err)
	}
}

func TestMetricsWritable(t *testing.T) {
	dir := t.TempDir()
	if err := MetricsWritable(filepath.Join(dir, "sanpi.prom")); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{filepath.Join(dir, "sanpi.txt"), filepath.Join(dir, "nowhere", "sanpi.prom")} {
		if err := MetricsWritable(bad); err == nil || !strings.Contains(err.Error(), "--metrics-file") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Every alert of the example is PromQL, and asks for metrics and labels that there are.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("../../docs/prometheus-rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, g := range Gauges {
		known["sanpi_"+g.Name] = g.Labels
	}
	seen := map[string]bool{}
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if rule.Alert == "" || seen[rule.Alert] || rule.Annotations["summary"] == "" || rule.Labels["severity"] == "" {
				t.Errorf("the alert %q lacks a name of its own, a summary or a severity", rule.Alert)
			}
			seen[rule.Alert] = true
			if _, err := time.ParseDuration(strings.ReplaceAll(rule.For, "d", "h") + "0s"); err != nil {
				t.Errorf("%s: for: %v", rule.Alert, err)
			}
			expr, err := metricsql.Parse(rule.Expr)
			if err != nil {
				t.Errorf("%s: %v", rule.Alert, err)
				continue
			}
			metrics := 0
			metricsql.VisitAll(expr, func(e metricsql.Expr) {
				m, ok := e.(*metricsql.MetricExpr)
				if !ok {
					return
				}
				metrics++
				for _, filters := range m.LabelFilterss {
					labels, ok := known[filters[0].Value]
					if !ok {
						t.Errorf("%s asks for %s, which there is not", rule.Alert, filters[0].Value)
					}
					for _, f := range filters[1:] {
						if !slices.Contains(labels, f.Label) {
							t.Errorf("%s asks %s for the label %s, which it has not", rule.Alert, filters[0].Value, f.Label)
						}
					}
				}
			})
			if metrics == 0 {
				t.Errorf("%s asks for nothing", rule.Alert)
			}
		}
	}
	if len(seen) < 8 {
		t.Errorf("%d alerts", len(seen))
	}
}
