package lineage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compile reads the schema of events, with its formats held to.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("testdata", "run-event.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid holds an event to the schema and decodes it.
func valid(t *testing.T, schema *jsonschema.Schema, data []byte) event {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		t.Errorf("the event is not valid: %v\n%s", err, data)
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

var at = time.Date(2026, 3, 10, 2, 0, 0, 0, time.FixedZone("CST", 8*3600))

var outcomes = []Outcome{
	{
		Type: Complete, At: at.Add(time.Minute),
		Inputs: []Dataset{
			{Namespace: "sanpi", Name: "datasets/shanxi/claims.csv", Version: "5f3c"},
			{Namespace: "https://kfq.example.cn", Name: "%E5%8F%B0%E8%B4%A6.csv", URI: "https://kfq.example.cn/%E5%8F%B0%E8%B4%A6.csv", Source: "https://kfq.example.cn", Version: "6a"},
		},
		Outputs: []Dataset{{
			Namespace: "file", Name: "/srv/warehouse/CURRENT/tables/claims", URI: "file:///srv/warehouse/CURRENT/tables/claims", Source: "sanpi warehouse",
			Version: "20260310T020000.000Z-1234abcd", Fields: []Field{{"claim_id", "VARCHAR", "hash of what makes the claim"}, {"value", "DOUBLE", ""}}, Rows: 594, Bytes: 40960,
		}},
	},
	{Type: Complete, At: at.Add(time.Second)}, // nothing had changed
	{Type: Fail, At: at.Add(time.Minute), Error: "a data check failed and nothing was published\n  claims have sources"},
	{Type: Abort, At: at.Add(time.Minute), Error: "context canceled"},
}

func TestFile(t *testing.T) {
	schema := compile(t)
	for _, o := range outcomes {
		path := filepath.Join(t.TempDir(), "events.ndjson")
		e, err := New(Config{Target: path, Program: "v1.4.0", Namespace: "kfq", Parent: "airflow/night.sanpi/0198c5a2-5d1e-7c1a-9b1f-2f4c6d8e0a12"})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if err := e.End(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
		if len(lines) != 2 {
			t.Fatalf("%d lines, want a line an event:\n%s", len(lines), text)
		}
		first, last := valid(t, schema, lines[0]), valid(t, schema, lines[1])
		if first.Type != "START" || last.Type != o.Type || first.Run.ID != last.Run.ID || first.Run.ID != e.RunID() {
			t.Errorf("%s %s and %s %s are no start and end of one run", first.Type, first.Run.ID, last.Type, last.Run.ID)
		}
		if first.Time != "2026-03-09T18:00:00.000Z" || first.Job.Name != last.Job.Name || first.Job.Namespace != "kfq" {
			t.Errorf("the first event is %+v", first)
		}
		if len(last.Inputs) != len(o.Inputs) || len(last.Outputs) != len(o.Outputs) || last.Run.Facets["parent"] == nil {
			t.Errorf("the last event lacks something: %s", lines[1])
		}
	}
}

// TestHTTP has endpoints at several addresses take the same events.
func TestHTTP(t *testing.T) {
	schema := compile(t)
	for _, path := range []string{"", "/", "/api/v1/lineage", "/proxy/lineage"} {
		var got [][]byte
		var lock sync.Mutex
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			want := path
			if len(path) < 2 {
				want = "/api/v1/lineage"
			}
			if r.URL.Path != want || r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer secret" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
			data, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			lock.Lock()
			defer lock.Unlock()
			got = append(got, data)
			w.WriteHeader(http.StatusCreated)
		}))
		e, err := New(Config{Target: server.URL + path, APIKey: "secret", Program: "v1.4.0"})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(t.Context(), at); err != nil {
			t.Error(err)
		}
		if err := e.End(t.Context(), outcomes[0]); err != nil {
			t.Error(err)
		}
		server.Close()
		if len(got) != 2 {
			t.Fatalf("%d events came", len(got))
		}
		for _, data := range got {
			if e := valid(t, schema, data); e.Job.Namespace != "sanpi" {
				t.Errorf("the namespace is %q", e.Job.Namespace)
			}
		}
	}
}

// An endpoint that refuses or is gone is an error that says so, for a warning.
func TestBadEndpoint(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no such namespace", http.StatusUnprocessableEntity)
	}))
	defer refusing.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for target, want := range map[string]string{
		refusing.URL: `422 Unprocessable Entity "no such namespace`, gone.URL: "refused", filepath.Join(t.TempDir(), "no", "events"): "no such file",
	} {
		e, err := New(Config{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(t.Context(), at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", target, err, want)
		}
	}
}

func TestBadTargets(t *testing.T) {
	for _, target := range []string{"ftp://host/", "https://", "http://[::1/", "kafka://broker:9092"} {
		if _, err := New(Config{Target: target}); err == nil || !strings.Contains(err.Error(), "write http://host:5000") {
			t.Errorf("%q: %v", target, err)
		}
	}
}

var badParents = []string{"", "job", "ns/job", "ns/job/not-a-uuid", "/job/0198c5a2-5d1e-7c1a-9b1f-2f4c6d8e0a12", "ns//0198c5a2-5d1e-7c1a-9b1f-2f4c6d8e0a12"}

func TestParents(t *testing.T) {
	for _, text := range badParents {
		if p, ok := parseParent(text); ok {
			t.Errorf("%q is a parent: %+v", text, p)
		}
	}
	p, ok := parseParent("https://airflow.example.cn/a/night.sanpi/0198c5a2-5d1e-7c1a-9b1f-2f4c6d8e0a12")
	if !ok || p.Job.Namespace != "https://airflow.example.cn/a" || p.Job.Name != "night.sanpi" {
		t.Errorf("%+v, %v", p, ok)
	}
}

// The schema refuses what it should, or the tests above would prove nothing.
func TestSchemaRefuses(t *testing.T) {
	schema := compile(t)
	e, err := New(Config{Program: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(e.event(Complete, at))
	if err != nil {
		t.Fatal(err)
	}
	valid(t, schema, data)
	for _, change := range [][2]string{
		{`"COMPLETE"`, `"DONE"`}, {e.id, "night-1"}, {"2026-03-09T18:00:00.000Z", "last night"}, {`"eventTime"`, `"time"`},
		{`"version":"v1"`, `"versions":"v1"`}, {`"_producer":"https://github.com/sanpi-data/sanpi"`, `"_producer":"sanpi run"`}, {"JobTypeJobFacet.json", "JobType.json"},
		{`"COMPLETE"`, `"FAIL"`},
	} {
		bad := strings.ReplaceAll(string(data), change[0], change[1])
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if bad == string(data) || schema.Validate(value) == nil {
			t.Errorf("%s in place of %s is taken", change[1], change[0])
		}
	}
}

// An endpoint that never answers is not waited for longer than the caller does.
func TestHangingEndpoint(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	e, err := New(Config{Target: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := e.Start(ctx, at); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v; want that time ran out", err)
	}
}
