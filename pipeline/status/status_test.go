package status

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

func folder(lines ...string) fstest.MapFS {
	text := "expectation,subject,bound,note\n" + strings.Join(lines, "\n") + "\n"
	return fstest.MapFS{ExpectationsFile: {Data: []byte(text)}}
}

func TestExpectations(t *testing.T) {
	all, err := ReadExpectations(datasets.FS, folder("fall,,10%,", "fall,claims,1%,", "fall,claims/shanxi,30%,", "source_age,https://a.cn/,30d,", "source_age,,36h,", "free_disk,,2GiB,"), fstest.MapFS{})
	if err != nil || len(all) != 6 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, tt := range []struct {
		kind    Kind
		subject string
		share   float64
		age     time.Duration
	}{
		{Fall, "claims", 0.01, 0}, {Fall, "facts", 0.1, 0}, {Fall, "claims/henan", 0.01, 0}, {Fall, "claims/shanxi", 0.3, 0}, {Fall, "claims_x", 0.1, 0}, {SourceAge, "https://a.cn/b.html", 0, 30 * 24 * time.Hour}, {SourceAge, "https://b.cn/", 0, 36 * time.Hour},
	} {
		e, ok := of(all, tt.kind, tt.subject)
		if !ok || math.Abs(e.Share-tt.share) > 1e-9 || e.Age != tt.age {
			t.Errorf("%s of %s: %+v, %v", tt.kind, tt.subject, e, ok)
		}
	}
	if _, ok := of(all, Rise, "claims"); ok {
		t.Error("a rise is bounded by nobody")
	}
	if all, err := ReadExpectations(datasets.FS); err != nil || len(all) == 0 {
		t.Errorf("the shipped ones: %v, %v", all, err)
	}
}

func TestExpectationsThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"falls,claims,1%,", `line 2: expectation "falls" is not known; use one of version_age`},
		{"fall,claims,1,", `bound "1" of fall is no share; write 10%`},
		{"fall,claims,-1%,", "is no share"},
		{"fall,claims,NaN%,", "is no share"},
		{"version_age,,soon,", `bound "soon" of version_age is no span of time; write 36h or 7d`},
		{"version_age,,-3h,", "is no span of time"},
		{"free_disk,,much,", "is no size; write 1GiB"},
		{"fall,claims", "wrong number of fields"},
	} {
		if _, err := ReadExpectations(folder(tt.line)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v; want %q", tt.line, err, tt.want)
		}
	}
	if _, err := ReadExpectations(fstest.MapFS{ExpectationsFile: {Data: []byte("a,b\n")}}); err == nil {
		t.Error("a file with other columns was read")
	}
}

func TestJudge(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	n := func(i int64) *int64 { return &i }
	good := func() *Status {
		return &Status{
			At: now, Version: "v2", GoodAt: now.Add(-10 * time.Hour), LastRun: Run{ID: "r", Status: pipeline.Done},
			Relations: []Relation{{"claims", 99, n(100)}, {"facts", 50, nil}, {"projects", 10, n(0)}}, Sources: []Source{{"https://a.cn/", now.Add(-24 * time.Hour), ""}},
			Editions: []Edition{{"shanxi", "2026-02-28"}}, Rows: Rows{Read: 110, Loaded: 95, Quarantined: 5, NoData: 10}, Disk: Disk{Free: 1 << 32},
		}
	}
	expected, err := ReadExpectations(folder("version_age,,36h,", "source_age,,7d,", "edition_age,shanxi,45d,", "fall,,1%,", "rise,claims,50%,", "quarantined,,20%,", "free_disk,,1GiB,"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*Status)
		want   []string
	}{
		{"all as expected", func(*Status) {}, nil},
		{"nothing published", func(s *Status) { s.Version = "" }, []string{"empty "}},
		{"the last run failed", func(s *Status) { s.LastRun.Status = pipeline.Failed }, []string{"run r"}},
		{"stopped", func(s *Status) { s.LastRun.Status = pipeline.Stopped }, []string{"run r"}},
		{"published, but sources are too stale", func(s *Status) { s.LastRun.Error = "stale" }, []string{"run r"}},
		{"a missed night", func(s *Status) { s.GoodAt = now.Add(-37 * time.Hour) }, []string{"version_age "}},
		{"a dead source", func(s *Status) { s.Sources[0].FetchedAt = now.Add(-8 * 24 * time.Hour) }, []string{"source_age https://a.cn/"}},
		{"an old ledger", func(s *Status) { s.Editions[0].AsOf = "2025-12-31" }, []string{"edition_age shanxi"}},
		{"claims fell by 40 %", func(s *Status) { s.Relations[0].Rows = 60 }, []string{"fall claims"}},
		{"claims rose by 60 %", func(s *Status) { s.Relations[0].Rows = 160 }, []string{"rise claims"}},
		{"one campaign's claims fell", func(s *Status) { s.Tables = []Relation{{"claims/henan", 60, n(20)}, {"claims/shanxi", 39, n(80)}} },
			[]string{"rise claims/henan", "fall claims/shanxi"}},
		{"a table fell in whole", func(s *Status) { s.Relations[0].Rows, s.Tables = 60, []Relation{{"claims/shanxi", 40, n(80)}} }, []string{"fall claims"}},
		{"a campaign is gone", func(s *Status) { s.Tables = []Relation{{"projects/henan", 0, n(80)}} }, []string{"fall projects/henan"}},
		{"a third is kept back", func(s *Status) { s.Rows.Quarantined = 34 }, []string{"quarantined "}},
		{"the disk is nearly full", func(s *Status) { s.Disk.Free = 1 << 20 }, []string{"free_disk "}},
	} {
		s := good()
		tt.change(s)
		s.judge(expected)
		var got []string
		for _, p := range s.Problems {
			got = append(got, p.Kind+" "+p.Subject)
		}
		if !slices.Equal(got, tt.want) || s.Good() != (len(tt.want) == 0) {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
		s = good()
		tt.change(s)
		if s.judge(nil); len(s.Problems) > 0 && s.Problems[0].Kind != "empty" && s.Problems[0].Kind != "run" {
			t.Errorf("%s, with no expectations: %+v", tt.name, s.Problems)
		}
	}
}

// Who asks for /metrics hears of the last run that ended, and of the warehouse as it is; a
// run that died on its way has failed.
func TestMetricsAsked(t *testing.T) {
	dir := t.TempDir()
	gather := func(lasting time.Duration) prometheus.Gatherer { return Metrics(dir, nil, lasting) }
	value := func(from prometheus.Gatherer, name, label string) float64 {
		t.Helper()
		families, err := from.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.Metric {
				if f.GetName() == name && (len(m.Label) == 0 || m.Label[0].GetValue() == label) {
					return m.GetGauge().GetValue()
				}
			}
		}
		t.Fatalf("no %s %s", name, label)
		return 0
	}
	if _, err := gather(0).Gather(); err == nil {
		t.Error("of a warehouse without runs something is told")
	}
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC)
	record := func(r pipeline.Report) {
		t.Helper()
		if err := w.RecordRun(r.Run, r); err != nil {
			t.Fatal(err)
		}
	}
	record(pipeline.Report{Run: "1", Status: pipeline.Done, Started: at, Finished: at.Add(90 * time.Second), Relations: map[string]int64{"claims": 236}})
	remembered := gather(time.Hour)
	for _, from := range []prometheus.Gatherer{gather(0), remembered} {
		if got := value(from, "sanpi_last_run_status", "done"); got != 1 {
			t.Errorf("done is %v", got)
		}
		if got := value(from, "sanpi_relation_rows", "claims"); got != 236 {
			t.Errorf("rows of claims are %v", got)
		}
	}
	record(pipeline.Report{Run: "2", Status: pipeline.Running, Started: at.Add(24 * time.Hour)})
	w.Close()
	if got := value(gather(0), "sanpi_last_run_status", "failed"); got != 1 {
		t.Errorf("a run that was killed has failed: %v", got)
	}
	if got := value(gather(0), "sanpi_last_success_timestamp_seconds", ""); got != float64(at.Unix()+90) {
		t.Errorf("the last success was at %v", got)
	}
	if got := value(remembered, "sanpi_last_run_status", "done"); got != 1 {
		t.Error("a look that is still good was taken again")
	}
}

// The file is one that Prometheus reads, and of a run that failed it tells when one
// last ended well.
func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC)
	good := pipeline.Report{
		Run: "1", Status: pipeline.Done, Started: at, Finished: at.Add(90 * time.Second), Relations: map[string]int64{"claims": 236, "sanpi.duckdb": 0},
		Rows:  pipeline.Accounting{Read: 10, Loaded: 8, Quarantined: 2},
		Stale: []pipeline.Stale{{Source: `https://a.cn/"b"`, FetchedAt: at.Add(-48 * time.Hour)}},
		Steps: []pipeline.Step{{Kind: "model", Action: pipeline.Built}, {Kind: "model", Action: pipeline.Built}, {Kind: "model", Action: pipeline.Reused}},
	}
	failed := pipeline.Report{Run: "2", Status: pipeline.Failed, Started: at.Add(24 * time.Hour), Finished: at.Add(24 * time.Hour), Error: "no\nroom"}
	file := filepath.Join(dir, "sanpi.prom")
	read := func(r pipeline.Report) map[string]float64 {
		t.Helper()
		if err := w.RecordRun(r.Run, r); err != nil {
			t.Fatal(err)
		}
		if err := WriteMetrics(t.Context(), file, dir, r, nil); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(f)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]float64{}
		for name, family := range families {
			for _, m := range family.Metric {
				key := name
				for _, l := range m.Label {
					key += " " + l.GetValue()
				}
				values[key] = m.GetGauge().GetValue()
			}
		}
		return values
	}
	for name, want := range map[string]float64{
		"sanpi_last_run_duration_seconds": 90, "sanpi_last_run_status done": 1, "sanpi_last_run_status failed": 0, "sanpi_relation_rows claims": 236,
		"sanpi_rows_read quarantined": 2, "sanpi_last_run_steps built model": 2, "sanpi_last_success_timestamp_seconds": float64(at.Unix() + 90),
		`sanpi_source_stale_since_timestamp_seconds https://a.cn/"b"`: float64(at.Unix() - 48*3600),
	} {
		if got, ok := read(good)[name]; !ok || got != want {
			t.Errorf("%s is %v, %v; want %v", name, got, ok, want)
		}
	}
	after := read(failed)
	if after["sanpi_last_run_status failed"] != 1 || after["sanpi_last_success_timestamp_seconds"] != float64(at.Unix()+90) {
		t.Errorf("after a failure: %v", after)
	}
	if err := WriteMetrics(t.Context(), filepath.Join(dir, "nowhere", "sanpi.prom"), dir, good, nil); err == nil || !strings.Contains(err.Error(), "--metrics-file") {
		t.Errorf("into a folder that is not there: %v", err)
	}
}

// The tables of a campaign that the version has no more are counted as lost.
func TestTablesByCampaign(t *testing.T) {
	out := func(campaign string, rows int64) warehouse.Output {
		return warehouse.Output{Path: "tables/claims/campaign=" + campaign + "/part-0.parquet", Relation: "claims", Rows: rows}
	}
	before := &warehouse.Manifest{Outputs: []warehouse.Output{out("henan", 286), out("shanxi", 236), {Path: "marts/coverage.parquet", Relation: "coverage", Rows: 9}}}
	if got := tablesOf(before); len(got) != 2 || got["claims/henan"] != 286 || got["claims/shanxi"] != 236 {
		t.Errorf("%v", got)
	}
	all := compare(map[string]int64{"claims/henan": 0, "claims/shanxi": 240, "claims/others": 1}, tablesOf(before))
	if len(all) != 3 || all[0].Name != "claims/henan" || all[0].Rows != 0 || *all[0].Before != 286 || all[1].Before != nil || *all[2].Before != 236 {
		t.Errorf("%+v", all)
	}
}

// A run that has begun and not ended is at work as long as it holds the warehouse, and
// was killed when nobody does.
func TestRunningAndKilled(t *testing.T) {
	dir := t.TempDir()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC)
	stale := []pipeline.Stale{{Source: "https://a.cn/", FetchedAt: at.Add(-48 * time.Hour), Error: "502"}}
	for _, r := range []pipeline.Report{
		{Run: "1", Status: pipeline.Done, Started: at, Finished: at.Add(time.Minute), Stale: stale},
		{Run: "2", Status: pipeline.Running, Started: at.Add(24 * time.Hour)},
	} {
		if err := w.RecordRun(r.Run, r); err != nil {
			t.Fatal(err)
		}
	}
	look := func() *Status {
		t.Helper()
		s, err := Read(t.Context(), dir, nil, at.Add(25*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := look(); s.LastRun.ID != "1" || s.Running == "" || len(s.Problems) != 1 {
		t.Errorf("while it runs: %+v", s)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s := look()
	if s.LastRun.ID != "2" || s.LastRun.Status != Killed || s.Running != "" || len(s.Problems) != 2 || s.Problems[1].Subject != "2" || !s.GoodAt.Equal(at.Add(time.Minute)) {
		t.Errorf("after it was killed: %+v", s)
	}
	if len(s.Sources) != 1 || s.Sources[0].Error != "502" {
		t.Errorf("the source that failed before is forgotten: %+v", s.Sources)
	}
}
