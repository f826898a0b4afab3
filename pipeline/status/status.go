// Package status tells an operator how a warehouse does: what is published and how old
// it is, whether the last runs ended well, which sources are late, which tables shrank,
// what is kept back and why, and how much room there is. What counts as a problem is
// declared in a file, watch/expectations.csv.
package status

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Status is the state of a warehouse at one time.
type Status struct {
	At         time.Time  `json:"at"`
	Warehouse  string     `json:"warehouse"`
	Version    string     `json:"version,omitempty"` // "" when nothing is published
	CreatedAt  time.Time  `json:"created_at,omitzero"`
	GoodAt     time.Time  `json:"last_good_run_at,omitzero"` // when a run last ended well, with or without a new version
	LastRun    Run        `json:"last_run,omitzero"`
	Running    string     `json:"running,omitempty"` // who holds the warehouse
	Relations  []Relation `json:"relations,omitempty"`
	Tables     []Relation `json:"tables,omitempty"` // by campaign, whose fall another's rise may hide
	Sources    []Source   `json:"sources,omitempty"`
	Editions   []Edition  `json:"editions,omitempty"`
	Rows       Rows       `json:"rows"`
	Quarantine []Reason   `json:"quarantine,omitempty"`
	Waiting    int        `json:"waiting"` // figures that wait for a person
	Disk       Disk       `json:"disk"`
	Problems   []Problem  `json:"problems"`
	runs       []pipeline.Report
}

// Rows is where the rows read have gone.
type Rows = pipeline.Accounting

// Killed is what became of a run that ended without a word.
const Killed = "killed"

// Run is what one run came to.
type Run struct {
	ID       string    `json:"run"`
	Status   string    `json:"status"`
	Started  time.Time `json:"started_at"`
	Finished time.Time `json:"finished_at"`
	Version  string    `json:"version,omitempty"`
	Error    string    `json:"error,omitempty"`
}

// Relation counts a table's or mart's rows, and those of the version before. A table
// of one campaign is called claims/shanxi.
type Relation struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Before *int64 `json:"before,omitempty"` // nil when there is no version before, or it had no such relation
}

// Source is an address that is asked again and again.
type Source struct {
	Address   string    `json:"address"`
	FetchedAt time.Time `json:"fetched_at"`
	Error     string    `json:"error,omitempty"` // of the last run, when it failed
}

// Edition is the newest ledger of a campaign by the day for which it speaks.
type Edition struct {
	Campaign string `json:"campaign"`
	AsOf     string `json:"as_of"`
}

// Reason counts the rows that are kept back for a reason.
type Reason struct {
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
}

// Disk is the room that the warehouse takes, and what is left.
type Disk struct {
	Bytes    int64  `json:"bytes"` // files that versions share counted once
	Versions int    `json:"versions"`
	Free     uint64 `json:"free_bytes"`
}

// Problem is something that is not as expected.
type Problem struct {
	Kind    string  `json:"kind"` // an expectation's, or run, empty
	Subject string  `json:"subject,omitempty"`
	Value   float64 `json:"value,omitempty"` // seconds, shares or bytes, as the kind has it
	Bound   float64 `json:"bound,omitempty"`
	Detail  string  `json:"detail,omitempty"`
}

// Good says whether all is as expected.
func (s *Status) Good() bool { return len(s.Problems) == 0 }

// Read looks at a warehouse. That it is empty is a Problem and no error.
func Read(ctx context.Context, dir string, expected []Expectation, now time.Time) (*Status, error) {
	s := &Status{At: now.UTC(), Warehouse: dir, Problems: []Problem{}}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("look at the warehouse: %w; run \"sanpi run\" first, or name another folder with --warehouse", err)
	}
	w := warehouse.View(dir)
	s.Running = w.Holder()
	var err error
	if s.runs, err = readRuns(dir); err != nil {
		return nil, err
	}
	s.lastRuns()
	current, err := warehouse.Current(dir)
	if err != nil && !errors.Is(err, warehouse.ErrEmpty) {
		return nil, err
	}
	if err == nil {
		if err := s.readVersion(ctx, w, current); err != nil {
			return nil, err
		}
	}
	if err := s.measure(w); err != nil {
		return nil, err
	}
	s.judge(expected)
	return s, nil
}

// readRuns reads the records of runs, the oldest first. One that a crash cut short is
// left out: the run's own outcome is in none.
func readRuns(dir string) ([]pipeline.Report, error) {
	files, err := filepath.Glob(filepath.Join(dir, "runs", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list the runs: %w", err)
	}
	slices.Sort(files)
	if n := len(files); n > 400 {
		files = files[n-400:]
	}
	var all []pipeline.Report
	for _, file := range files {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("read the record of a run: %w", err)
		}
		var r pipeline.Report
		if json.Unmarshal(data, &r) == nil {
			all = append(all, r)
		}
	}
	return all, nil
}

// lastEnded is the last run that is not at work any more; one that left no outcome was
// killed. working says that a run holds the warehouse.
func lastEnded(runs []pipeline.Report, working bool) (r pipeline.Report, ok bool) {
	n := len(runs)
	if n > 0 && runs[n-1].Status == pipeline.Running && working {
		n--
	}
	if n == 0 {
		return r, false
	}
	r = runs[n-1]
	if r.Status == pipeline.Running {
		r.Status, r.Error, r.Finished = Killed, "it was killed, or the machine died", r.Started
		if n > 1 {
			r.Stale = runs[n-2].Stale // it had no time to say
		}
	}
	return r, true
}

func (s *Status) lastRuns() {
	if r, ok := lastEnded(s.runs, s.Running != ""); ok {
		s.LastRun = Run{r.Run, r.Status, r.Started, r.Finished, r.Version, r.Error}
		for _, stale := range r.Stale {
			s.Sources = append(s.Sources, Source{stale.Source, stale.FetchedAt, stale.Error})
		}
	}
	s.GoodAt = lastGood(s.runs)
}

// lastGood is when a run last ended well; zero when none did.
func lastGood(runs []pipeline.Report) time.Time {
	for _, r := range slices.Backward(runs) {
		if r.Status == pipeline.Done || r.Status == pipeline.Unchanged {
			return r.Finished
		}
	}
	return time.Time{}
}

// readVersion looks into the published version and the one before.
func (s *Status) readVersion(ctx context.Context, w *warehouse.Warehouse, current string) error {
	m, err := warehouse.ReadManifest(current)
	if err != nil {
		return err
	}
	s.Version, s.Rows, s.Waiting = m.Version, m.Rows, m.Bulletins.Waiting
	if s.CreatedAt, err = time.Parse(time.RFC3339, m.CreatedAt); err != nil {
		return fmt.Errorf("read the manifest of %s: %w", current, err)
	}
	before, err := versionBefore(w, current)
	if err != nil {
		return err
	}
	tables, had := tablesOf(m), tablesOf(before)
	for name := range had {
		tables[name] += 0 // a campaign that is gone has lost all it had
	}
	s.Relations, s.Tables = compare(rowsOf(m), rowsOf(before)), compare(tables, had)
	if err := s.readSources(w, m); err != nil {
		return err
	}
	return s.query(ctx, current)
}

// compare sets rows beside those of the version before, by name.
func compare(rows, before map[string]int64) []Relation {
	var all []Relation
	for name, n := range rows {
		r := Relation{Name: name, Rows: n}
		if b, ok := before[name]; ok {
			r.Before = &b
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Relation) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func rowsOf(m *warehouse.Manifest) map[string]int64 {
	rows := map[string]int64{}
	for _, o := range m.Outputs {
		if o.Path != "sanpi.duckdb" {
			rows[o.Relation] += o.Rows
		}
	}
	return rows
}

// tablesOf counts the rows of tables by campaign, which is a folder of their path.
func tablesOf(m *warehouse.Manifest) map[string]int64 {
	rows := map[string]int64{}
	for _, o := range m.Outputs {
		if campaign, ok := strings.CutPrefix(path.Base(path.Dir(o.Path)), "campaign="); ok {
			rows[o.Relation+"/"+campaign] += o.Rows
		}
	}
	return rows
}

// versionBefore is the manifest of the version that was published before; an empty one
// when there is none.
func versionBefore(w *warehouse.Warehouse, current string) (*warehouse.Manifest, error) {
	names, err := w.Versions()
	if err != nil {
		return nil, err
	}
	i := slices.Index(names, filepath.Base(current))
	if i <= 0 {
		return &warehouse.Manifest{}, nil
	}
	m, err := warehouse.ReadManifest(filepath.Join(filepath.Dir(current), names[i-1]))
	if err != nil {
		return &warehouse.Manifest{}, nil // an older version that cannot be read is none to compare with
	}
	return m, nil
}

// readSources adds the addresses that the version was made from and that did not fail.
func (s *Status) readSources(w *warehouse.Warehouse, m *warehouse.Manifest) error {
	asked := map[string]bool{}
	for _, in := range m.Inputs {
		asked[in.Name] = strings.Contains(in.Name, "://")
	}
	for _, failed := range s.Sources {
		asked[failed.Address] = false
	}
	for record, err := range w.LastFetches() {
		if err != nil {
			return err
		}
		var how struct {
			URL       string    `json:"url"`
			FetchedAt time.Time `json:"fetched_at"`
		}
		if json.Unmarshal(record, &how) == nil && asked[how.URL] {
			asked[how.URL] = false
			s.Sources = append(s.Sources, Source{Address: how.URL, FetchedAt: how.FetchedAt.UTC()})
		}
	}
	slices.SortFunc(s.Sources, func(a, b Source) int {
		return cmp.Or(a.FetchedAt.Compare(b.FetchedAt), strings.Compare(a.Address, b.Address))
	})
	return nil
}

func (s *Status) query(ctx context.Context, current string) error {
	db, err := engine.OpenReadOnly(filepath.Join(current, "sanpi.duckdb"))
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `select reason, count(*) from quarantine group by reason order by 2 desc, 1`)
	if err != nil {
		return fmt.Errorf("count what is kept back: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Reason
		if err := rows.Scan(&r.Reason, &r.Rows); err != nil {
			return fmt.Errorf("count what is kept back: %w", err)
		}
		s.Quarantine = append(s.Quarantine, r)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("count what is kept back: %w", err)
	}
	editions, err := db.QueryContext(ctx, `select campaign, max(as_of)::varchar from ledger_sheets where as_of is not null group by campaign order by campaign`)
	if err != nil {
		return fmt.Errorf("look for the newest ledgers: %w", err)
	}
	defer editions.Close()
	for editions.Next() {
		var e Edition
		if err := editions.Scan(&e.Campaign, &e.AsOf); err != nil {
			return fmt.Errorf("look for the newest ledgers: %w", err)
		}
		s.Editions = append(s.Editions, e)
	}
	return editions.Err()
}

// measure adds up the room that the warehouse takes.
func (s *Status) measure(w *warehouse.Warehouse) error {
	seen := map[uint64]bool{}
	err := filepath.WalkDir(s.Warehouse, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			return ignoreGone(err)
		}
		if !seen[st.Ino] {
			seen[st.Ino] = true
			s.Disk.Bytes += st.Size
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("measure the warehouse: %w", err)
	}
	versions, err := w.Versions()
	if err != nil {
		return err
	}
	s.Disk.Versions = len(versions)
	var free unix.Statfs_t
	if err := unix.Statfs(s.Warehouse, &free); err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	s.Disk.Free = uint64(free.Bavail) * uint64(free.Bsize)
	return nil
}

// ignoreGone passes over what a run removed meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
