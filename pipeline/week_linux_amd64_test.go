package pipeline_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/faults"
	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/status"
)

// weekPlan is the plan of a night in an office: what lies in two folders, and a ledger
// of the web.
func weekPlan(p pipeline.Plan, site, code string) pipeline.Plan {
	p.Ledgers, p.Bulletins = []pipeline.LedgerAddress{{Address: "ledgers"}, {Address: site}}, []pipeline.BulletinAddress{{Campaign: "hebei", Address: "pages"}}
	now := p.Now
	p.Finder = &source.Finder{AllowPrivate: true, Limits: source.Limits{Tries: 2, Wait: time.Millisecond}, Now: func() time.Time { return now }}
	p.Code, p.Keep = code, 0
	return p
}

// A week of nights: a new bulletin, a ledger that cannot be read, a source that is
// dead, a crash, a full disk, an upgrade. Each night the operator is told what he must
// know, and at the end stands what a full run makes of all of it.
func TestWeekOfNights(t *testing.T) {
	home := t.TempDir()
	for _, dir := range []string{"ledgers", "pages"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(home, "sql"), smallSQL(t, "trend_series", "missing_is_null")); err != nil {
		t.Fatal(err)
	}
	var dead atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if dead.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(w, "项目名称,市,总投资(亿元),签约时间\n风电项目,石家庄市,7,2023-01-20\n")
	}))
	defer site.Close()
	file := func(name, text string) { t.Helper(); put(t, filepath.Join(home, filepath.FromSlash(name)), text) }
	ledger := func(name string) string {
		return "项目名称,市,总投资(亿元),签约时间\n" + name + "项目,石家庄市,3,2023-01-05\n"
	}
	page := func(n string) string {
		return "河北省2023年第一期“三个一批”活动\n2月1日，河北省2023年第一期“三个一批”活动举行，全省共签约项目120个，开工项目" + n + "个。\n"
	}
	expected, err := status.ReadExpectations(fstest.MapFS{status.ExpectationsFile: {Data: []byte("expectation,subject,bound,note\nversion_age,,36h,\nsource_age,,50m,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	// The nights are hours of one day here; an alert that is due after a night and a half
	// is due after an hour and a half.
	night := func(n string, at faults.Point, code string, exit int, problems ...string) faults.Outcome {
		t.Helper()
		out := nightIn(t, home, n, at, "SANPI_FAULTS_SITE="+site.URL+"/ledger.csv", "SANPI_FAULTS_CODE="+code)
		if out.Exit != exit {
			t.Fatalf("night %s: %+v: %s", n, out, saidIn(t, home))
		}
		hour, err := time.Parse("15", "0"+n)
		if err != nil {
			t.Fatal(err)
		}
		s, err := status.Read(t.Context(), filepath.Join(home, "warehouse"), expected, time.Date(2026, 1, 2, hour.Hour(), 5, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.Problems {
			got = append(got, p.Kind+" "+p.Subject+" "+p.Detail)
		}
		if len(got) != len(problems) {
			t.Errorf("night %s: problems %q; want %q", n, got, problems)
		}
		for i, want := range problems {
			if i < len(got) && !strings.Contains(got[i], want) {
				t.Errorf("night %s: problem %q; want %q", n, got[i], want)
			}
		}
		return out
	}
	count := func(query string) (n int) {
		t.Helper()
		db, err := engine.OpenReadOnly(filepath.Join(home, "warehouse", "CURRENT", "sanpi.duckdb"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	current := func() string {
		t.Helper()
		link, err := os.Readlink(filepath.Join(home, "warehouse", "CURRENT"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return link
	}

	file("ledgers/甲.csv", ledger("制药"))
	file("pages/a.txt", page("45"))
	night("1", faults.Point{}, "v1", 0)
	if n := count("select count(*) from projects"); n != 2 {
		t.Errorf("Monday: %d projects", n)
	}

	file("pages/b.txt", strings.Replace(page("46"), "举行", "开幕", 1)) // another paper, another figure
	night("2", faults.Point{}, "v1", 0)
	if n := count("select count(*) from claims where stage = 'started'"); n != 2 {
		t.Errorf("Tuesday: %d claims of projects started", n)
	}
	tuesday := current()

	file("ledgers/乙.xlsx", "no workbook at all")
	night("3", faults.Point{}, "v1", 1, "乙.xlsx")
	if current() != tuesday {
		t.Error("Wednesday: another version stands")
	}

	if err := os.Remove(filepath.Join(home, "ledgers", "乙.xlsx")); err != nil {
		t.Fatal(err)
	}
	file("ledgers/乙.csv", ledger("轴承"))
	dead.Store(true)
	night("4", faults.Point{}, "v1", 0, "502") // the last answer is of Wednesday: an hour old
	if n := count("select count(*) from projects"); n != 3 {
		t.Errorf("Thursday: %d projects; the dead source's should stand", n)
	}
	thursday := current()

	file("ledgers/丙.csv", ledger("化纤"))
	if out := night("5", faults.Point{Call: 125}, "v1", -1, "it was killed", "502"); out.Signal != syscall.SIGKILL || current() != thursday {
		t.Errorf("Friday: %+v, %s", out, current())
	}
	night("6", faults.Point{Call: 125, Errno: syscall.ENOSPC}, "v1", 1, "no space left on device", "502")
	if current() != thursday {
		t.Error("Saturday: another version stands")
	}

	dead.Store(false)
	night("7", faults.Point{}, "v2", 0)
	if n := count("select count(*) from projects"); n != 4 {
		t.Errorf("Sunday: %d projects", n)
	}

	// A full run over the same history of fetches makes the same.
	whole := copyHome(t, home)
	t.Chdir(whole)
	p := weekPlan(faultyPlan("warehouse", "8"), site.URL+"/ledger.csv", "v2")
	p.Full = true
	report := run(t, p)
	sameContents(t, filepath.Join(home, "warehouse", current()), report.Dir)
}
