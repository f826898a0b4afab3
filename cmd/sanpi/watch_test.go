package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// What a real run tells OpenLineage is valid, and names what was read and written; what
// it tells OpenTelemetry covers its work.
func TestRunIsWatched(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../../pipeline/lineage/testdata/run-event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock sync.Mutex
	var events [][]byte
	spans := map[string]uint64{} // name → nanoseconds
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(r.Body); err != nil {
				t.Error(err)
			}
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		lock.Lock()
		defer lock.Unlock()
		if r.URL.Path == "/api/v1/lineage" {
			events = append(events, data)
			return
		}
		request := &collector.ExportTraceServiceRequest{}
		if err := proto.Unmarshal(data, request); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL, err)
		}
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					spans[s.Name] = s.EndTimeUnixNano - s.StartTimeUnixNano
				}
			}
		}
	}))
	defer server.Close()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	t.Setenv("OPENLINEAGE_NAMESPACE", "kfq")
	ledger := "项目名称,开发区,总投资(亿元),签约时间\n年产10万吨铝材加工项目,襄垣经济技术开发区,12.5,2021-03-05\n"
	if err := os.WriteFile("甲 2021.csv", []byte(ledger), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	if code := execute(context.Background(), []string{"run", "--campaign", "shanxi", "--ledger", "甲 2021.csv", "--openlineage", server.URL}, strings.NewReader(""), &out, &log); code != exitDone {
		t.Fatalf("exit %d: %s", code, log.String())
	}

	if len(events) != 2 {
		t.Fatalf("%d events, want a start and an end: %s", len(events), log.String())
	}
	type dataset struct {
		Namespace, Name string
		Facets          struct {
			Schema struct {
				Fields []struct{ Name, Type, Description string }
			}
			DataSource struct{ URI string }
			Version    struct{ DatasetVersion string }
		}
		OutputFacets struct {
			OutputStatistics struct{ RowCount, Size int64 }
		}
	}
	var last struct {
		EventType       string
		Job             struct{ Namespace string }
		Inputs, Outputs []dataset
	}
	for _, data := range events {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("the event is not valid: %v", err)
		}
		if err := json.Unmarshal(data, &last); err != nil {
			t.Fatal(err)
		}
	}
	if last.EventType != "COMPLETE" || last.Job.Namespace != "kfq" {
		t.Errorf("the last event is %s of %s", last.EventType, last.Job.Namespace)
	}
	find := func(all []dataset, name string) dataset {
		for _, d := range all {
			if strings.HasSuffix(d.Name, name) {
				return d
			}
		}
		t.Errorf("%s is not told of", name)
		return dataset{}
	}
	if d := find(last.Inputs, "/甲 2021.csv"); d.Namespace != "file" || !filepath.IsAbs(d.Name) || !strings.HasSuffix(d.Facets.DataSource.URI, "%202021.csv") || len(d.Facets.Version.DatasetVersion) != 64 {
		t.Errorf("the ledger is %+v", d)
	}
	if d := find(last.Inputs, "datasets/shanxi/claims.csv"); d.Namespace != "sanpi" {
		t.Errorf("the claims read are %+v", d)
	}
	if d := find(last.Outputs, "/warehouse/CURRENT/tables/claims"); len(d.Facets.Schema.Fields) < 10 || d.Facets.Schema.Fields[0].Type != "VARCHAR" || d.Facets.Schema.Fields[1].Description == "" || d.OutputFacets.OutputStatistics.RowCount < 200 || d.OutputFacets.OutputStatistics.Size == 0 {
		t.Errorf("the claims written are %+v", d)
	}
	if d := find(last.Outputs, "/warehouse/CURRENT/marts/trend_series.parquet"); len(d.Facets.Schema.Fields) < 10 {
		t.Errorf("the series written is %+v", d)
	}

	whole := spans["sanpi run"]
	for _, name := range []string{"ledgers shanxi", "tables campaigns", "model trend_series", "database sanpi.duckdb"} {
		if took := spans[name]; took == 0 || took > whole {
			t.Errorf("%s took %d ns, of %d", name, took, whole)
		}
	}
	checks := 0
	for name := range spans {
		if strings.HasPrefix(name, "check ") {
			checks++
		}
	}
	if checks == 0 {
		t.Errorf("no check is among %v", spans)
	}
}

func TestPlace(t *testing.T) {
	for _, test := range []struct{ address, namespace, name, uri string }{
		{"https://me:secret@kfq.example.cn/a/b.csv?y=2021", "https://kfq.example.cn", "a/b.csv?y=2021", "https://kfq.example.cn/a/b.csv?y=2021"},
		{"s3://ledgers/2022/甲.csv", "s3://ledgers", "2022/%E7%94%B2.csv", "s3://ledgers/2022/%E7%94%B2.csv"},
		{"/srv/ledgers/甲.csv", "file", "/srv/ledgers/甲.csv", "file:///srv/ledgers/%E7%94%B2.csv"},
		{"/srv/100%.csv", "file", "/srv/100%.csv", "file:///srv/100%25.csv"},
	} {
		namespace, name, uri := place(test.address)
		if namespace != test.namespace || name != test.name || uri != test.uri {
			t.Errorf("%s: %q %q %q", test.address, namespace, name, uri)
		}
	}
}
