package trace

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sanpi-data/sanpi/pipeline"
)

// receive is a collector that keeps what it is sent.
func receive(t *testing.T, status int) (url string, got *[]*collector.ExportTraceServiceRequest) {
	t.Helper()
	got = &[]*collector.ExportTraceServiceRequest{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unpacked
		}
		data, err := io.ReadAll(body)
		request := &collector.ExportTraceServiceRequest{}
		if err == nil {
			err = proto.Unmarshal(data, request)
		}
		if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s is no OTLP: %v", r.URL, r.Header.Get("Content-Type"), err)
		}
		*got = append(*got, request)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

var began = time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)

func night(status string) pipeline.Report {
	return pipeline.Report{
		Run: "20260310T020000.000Z", Status: status, Started: began, Finished: began.Add(time.Minute), Program: "v1.4.0", Campaigns: []string{"shanxi"},
		Steps: []pipeline.Step{
			{Kind: "model", Name: "trend_series", Action: "built", Why: "changed: claims", Seconds: 1.5, Began: began.Add(time.Second)},
			{Kind: "model", Name: "coverage", Action: "reused"},
		},
		Stale: []pipeline.Stale{{Source: "https://kfq.example.cn/台账.csv", FetchedAt: began, Error: "503"}},
	}
}

func TestSend(t *testing.T) {
	url, got := receive(t, http.StatusOK)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=night")
	failed := night(pipeline.Failed)
	failed.Error = "read sheet 甲: broken"
	if err := Send(t.Context(), failed, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"); err != nil {
		t.Fatal(err)
	}
	if len(*got) != 1 {
		t.Fatalf("%d requests, want one", len(*got))
	}
	of := (*got)[0].ResourceSpans[0]
	about := of.Resource.String()
	for _, want := range []string{"service.name", "sanpi", "v1.4.0", "deployment.environment"} {
		if !strings.Contains(about, want) {
			t.Errorf("the resource lacks %s: %s", want, about)
		}
	}
	spans := map[string]*otlp.Span{}
	for _, s := range of.ScopeSpans[0].Spans {
		spans[s.Name] = s
	}
	run, model := spans["sanpi run"], spans["model trend_series"]
	if len(spans) != 2 || run == nil || model == nil {
		t.Fatalf("the spans are %v; want the run and the one model that was made", spans)
	}
	if string(model.ParentSpanId) != string(run.SpanId) || string(model.TraceId) != string(run.TraceId) {
		t.Error("the model's span is not the run's child")
	}
	if model.StartTimeUnixNano != uint64(began.Add(time.Second).UnixNano()) || model.EndTimeUnixNano-model.StartTimeUnixNano != 1.5e9 {
		t.Errorf("the model took from %d to %d", model.StartTimeUnixNano, model.EndTimeUnixNano)
	}
	if run.EndTimeUnixNano-run.StartTimeUnixNano != 60e9 || run.Status.Code != otlp.Status_STATUS_CODE_ERROR || run.Status.Message != failed.Error {
		t.Errorf("the run's span is %v", run)
	}
	if len(run.Events) != 1 || run.Events[0].Name != "source failed" {
		t.Errorf("the events are %v", run.Events)
	}
	if got := run.TraceId; len(got) != 16 || got[0] != 0x0a || got[15] != 0x9c {
		t.Errorf("the trace is %x, and not the one that the scheduler began", got)
	}
}

func TestSendGood(t *testing.T) {
	url, got := receive(t, http.StatusOK)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
	if err := Send(t.Context(), night(pipeline.Done), "no traceparent"); err != nil {
		t.Fatal(err)
	}
	for _, s := range (*got)[0].ResourceSpans[0].ScopeSpans[0].Spans {
		if s.GetStatus().GetCode() == otlp.Status_STATUS_CODE_ERROR {
			t.Errorf("%s is an error", s.Name)
		}
	}
}

// A collector that refuses, or is not there, is an error that says so.
func TestSendBad(t *testing.T) {
	url, _ := receive(t, http.StatusBadRequest)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, endpoint := range []string{url, gone.URL} {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
		if err := Send(t.Context(), night(pipeline.Done), ""); err == nil || !strings.Contains(err.Error(), "is the collector up") {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

func TestWanted(t *testing.T) {
	for _, test := range []struct {
		environment map[string]string
		want        bool
	}{
		{nil, false},
		{map[string]string{"OTEL_SERVICE_NAME": "sanpi"}, false},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, true},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, true},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "true"}, false},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_TRACES_EXPORTER": "none"}, false},
	} {
		if got := Wanted(func(name string) string { return test.environment[name] }); got != test.want {
			t.Errorf("%v: %v, want %v", test.environment, got, test.want)
		}
	}
}
