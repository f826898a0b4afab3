package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts what the server does. docs/observability.md lists them.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	durations  *prometheus.HistogramVec
	statements prometheus.Histogram
	refusals   *prometheus.CounterVec
}

func newMetrics(s *server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sanpi_http_requests_total", Help: "Requests answered, by what they asked for and the status."}, []string{"route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sanpi_http_request_duration_seconds", Help: "What answering took.",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 10, 60}}, []string{"route"}),
		statements: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sanpi_sql_statement_duration_seconds", Help: "What statements took, once they ran.",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 10, 60}}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sanpi_sql_refusals_total", Help: "Statements without a result, by the code of the refusal; left for clients that did not wait."}, []string{"code"}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	counter := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.requests, m.durations, m.statements, m.refusals,
		gauge("sanpi_sql_running", "Statements at work.", func() float64 { return float64(len(s.gate.room)) }),
		gauge("sanpi_sql_waiting", "Statements that wait.", func() float64 { return float64(s.gate.waiting.Load()) }),
		counter("sanpi_sql_worker_restarts_total", "Workers that had to be ended, with their statement.", func() float64 { return float64(s.restarts.Load()) }),
		gauge("sanpi_http_connections", "Open connections.", func() float64 { open, _ := s.crowd.counts(); return float64(open) }),
		counter("sanpi_http_connections_turned_away_total", "Connections closed to make room for others.", func() float64 { _, n := s.crowd.counts(); return float64(n) }),
		gauge("sanpi_serving_timestamp_seconds", "When the version that is served was made.", func() float64 {
			if e := s.edition.Load(); e != nil {
				if at, err := time.Parse(time.RFC3339, e.made); err == nil {
					return float64(at.Unix())
				}
			}
			return 0
		}),
		gauge("sanpi_warehouse_readable", "1 while the warehouse can be read.", func() float64 {
			if s.gone.Load() {
				return 0
			}
			return 1
		}),
	)
	return m
}

func (m *metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) statement(took time.Duration) { m.statements.Observe(took.Seconds()) }

func (m *metrics) refused(code string) { m.refusals.WithLabelValues(code).Inc() }

// handler answers /metrics, with what else there is to tell. Where that fails the server's
// own is told all the same.
func (m *metrics) handler(more prometheus.Gatherer) http.Handler {
	all := prometheus.Gatherers{m.registry}
	if more != nil {
		all = append(all, more)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(all, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	return mux
}
