package pipeline_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/faults"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// TestMain lets the test's own program be the run that meets a fault.
func TestMain(m *testing.M) {
	if night := os.Getenv("SANPI_FAULTS_NIGHT"); night != "" {
		if err := faults.Arm(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		plan := faultyPlan("warehouse", night)
		if site := os.Getenv("SANPI_FAULTS_SITE"); site != "" {
			plan = weekPlan(plan, site, os.Getenv("SANPI_FAULTS_CODE"))
		}
		if _, err := pipeline.Run(context.Background(), plan); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// faultyPlan is a small run: a province of two cities, a ledger, one mart. Each night
// another hour; from the second on there is one more claim and one more ledger.
func faultyPlan(dir, night string) pipeline.Plan {
	var n int
	fmt.Sscan(night, &n)
	campaign := fstest.MapFS{}
	for file, text := range map[string]string{
		"campaign.csv":     "key,value\nname,Three batches of a test\narea_id,130000\nnumbering,year_ordinal\n",
		"rounds.csv":       "round,year,ordinal,series_position,label,held_on\n2023-1,2023,1,1,2023年第一期,2023-02-01\n",
		"round_labels.csv": "round,label,ordinal,counting\n",
		"areas.csv":        "area_id,name,name_en,level,parent_id,verified\n130000,河北省,Hebei,province,,true\n130100,石家庄市,Shijiazhuang,city,130000,true\n",
		"area_names.csv":   "area_id,name\n130000,河北\n",
		"sources.csv":      "source_id,kind,publisher,url,published_on\na,press,河北日报,https://example.cn/a,2023-02-01\n",
		"claims.csv": "source_id,period,round,area,stage,metric,value,unit\na,round,2023-1,河北省,signed,projects,120,个\n" +
			strings.Repeat("a,round,2023-1,石家庄市,signed,projects,20,个\n", min(1, n-1)),
	} {
		campaign["hebei/"+file] = &fstest.MapFile{Data: []byte(text)}
	}
	p := pipeline.Plan{
		Warehouse: dir, Datasets: []fs.FS{datasets.FS, campaign}, Campaigns: []string{"hebei"}, SQL: os.DirFS("sql"), Program: "test", Workers: 2,
		Now: time.Date(2026, 1, 2, n, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler), Ledgers: []pipeline.LedgerAddress{{Address: "甲.csv"}}, Keep: 2,
	}
	if n > 1 {
		p.Ledgers = append(p.Ledgers, pipeline.LedgerAddress{Address: "乙.csv"})
	}
	return p
}

// faultyHome is a folder with two ledgers and the warehouse of the first night.
func faultyHome(t *testing.T) string {
	home := t.TempDir()
	if err := os.CopyFS(filepath.Join(home, "sql"), smallSQL(t, "trend_series", "missing_is_null")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(home, "甲.csv"), "项目名称,市,总投资(亿元),签约时间\n制药项目,石家庄市,3,2023-01-05\n")
	put(t, filepath.Join(home, "乙.csv"), "项目名称,市,总投资(亿元),签约时间\n轴承项目,石家庄市,1.5,2023-02-01\n")
	if out := nightIn(t, home, "1", faults.Point{}); out.Exit != 0 {
		t.Fatalf("the first night: %+v: %s", out, saidIn(t, home))
	}
	return home
}

// nightIn runs one night in a folder and shows what a run that failed said.
func nightIn(t *testing.T, home, night string, at faults.Point, environment ...string) faults.Outcome {
	t.Helper()
	said, err := os.Create(filepath.Join(home, "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := append(append(os.Environ(), "SANPI_FAULTS_NIGHT="+night), environment...)
	out, err := faults.Run(faults.Process{Path: self, Env: env, Dir: home, Out: said.Fd()}, at)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// saidIn is what the last run in a folder said.
func saidIn(t *testing.T, home string) string {
	t.Helper()
	said, err := os.ReadFile(filepath.Join(home, "said"))
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// copyHome copies a folder, links and all.
func copyHome(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "home")
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return to
}

// points is how many faults the suites try: enough to see that all is in order, or as
// many as SANPI_TEST_FAULTS says.
func points(t *testing.T) int {
	n := 4
	if text := os.Getenv("SANPI_TEST_FAULTS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// A run that is killed at any of its changes to the disk leaves the version before, or
// the whole new one; the next run makes what an undisturbed one would have made.
func TestKilled(t *testing.T) {
	faulty(t, 0)
}

// The same when the disk is full, or fails, at that change; the run then says so.
func TestDiskFull(t *testing.T) { faulty(t, syscall.ENOSPC) }

func TestDiskFails(t *testing.T) { faulty(t, syscall.EIO) }

func faulty(t *testing.T, errno syscall.Errno) {
	home := faultyHome(t)
	before := contentsOf(t, home)
	undisturbed := copyHome(t, home)
	whole := nightIn(t, undisturbed, "2", faults.Point{})
	if whole.Exit != 0 {
		t.Fatalf("the undisturbed run: %+v", whole)
	}
	after := contentsOf(t, undisturbed)
	if maps.Equal(before, after) {
		t.Fatal("the second night changed nothing")
	}
	n := points(t)
	var reached atomic.Int32
	t.Run("points", func(t *testing.T) {
		for i := range n {
			call := 1 + i*whole.Calls/n
			t.Run(fmt.Sprint(call), func(t *testing.T) {
				t.Parallel()
				at := copyHome(t, home)
				out := nightIn(t, at, "2", faults.Point{Call: call, Errno: errno})
				if out.Reached {
					reached.Add(1)
				}
				if errno == 0 && out.Reached && out.Signal != syscall.SIGKILL || errno != 0 && out.Exit < 0 {
					t.Errorf("the process ended with %+v", out)
				}
				published := wholeVersion(t, at)
				if errno != 0 && out.Exit == 0 && published != "20260102T02" {
					t.Errorf("the run said it was done and published nothing: %s", saidIn(t, at))
				}
				if out := nightIn(t, at, "3", faults.Point{}); out.Exit != 0 {
					t.Fatalf("the next run: %+v: %s", out, saidIn(t, at))
				}
				got := contentsOf(t, at)
				for name := range after {
					if got[name] != after[name] {
						t.Errorf("the next run made another %s", name)
					}
				}
				if len(got) != len(after) {
					t.Errorf("the next run made %d files and tables, and should have made %d", len(got), len(after))
				}
				for _, pattern := range []string{"versions/.*", "raw/.*", "runs/.*", ".writing-*", ".CURRENT"} {
					if left, _ := filepath.Glob(filepath.Join(at, "warehouse", pattern)); len(left) > 0 {
						t.Errorf("left behind: %v", left)
					}
				}
			})
		}
	})
	if int(reached.Load()) < n*9/10 {
		t.Errorf("only %d of %d faults were met", reached.Load(), n)
	}
	t.Logf("%d faults at %d calls that change the disk", reached.Load(), whole.Calls)
}

// wholeVersion checks that the published version is whole, each file as its manifest
// says, and gives the hour that it was made in.
func wholeVersion(t *testing.T, home string) string {
	t.Helper()
	current, err := warehouse.Current(filepath.Join(home, "warehouse"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := warehouse.ReadManifest(current)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range m.Outputs {
		if size, sum, err := warehouse.HashFile(filepath.Join(current, filepath.FromSlash(o.Path))); err != nil || sum != o.SHA256 || size != o.Bytes {
			t.Errorf("%s of the published version is not what its manifest says: %v", o.Path, err)
		}
	}
	hour, _, _ := strings.Cut(m.Version, "0000.")
	return hour
}

func contentsOf(t *testing.T, home string) map[string]string {
	t.Helper()
	current, err := warehouse.Current(filepath.Join(home, "warehouse"))
	if err != nil {
		t.Fatal(err)
	}
	return contents(t, current)
}
