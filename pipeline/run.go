package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Run does the whole job, or as much of it as is new: what was made from the same
// before is taken over, and when all was, nothing is published. On an error the
// version published before stays as it was. The errors to tell apart are
// *campaign.InvalidError, *CheckError, *StaleError, engine.ErrContract and
// warehouse.ErrLocked.
func Run(ctx context.Context, plan Plan) (report Report, err error) {
	w := warehouse.View(plan.Warehouse)
	if !plan.DryRun {
		if w, err = warehouse.Open(plan.Warehouse); err != nil {
			return report, err
		}
	}
	defer w.Close()
	began := time.Now()
	r := &run{plan: plan, w: w, Report: Report{
		Run: plan.Now.UTC().Format("20060102T150405.000Z"), Started: plan.Now.UTC(), Program: plan.Program, AsOf: plan.AsOf.String(),
	}}
	if !plan.DryRun {
		// A run that is killed writes nothing more, and this is what tells of it. A disk
		// that does not take it will stop the run soon enough.
		r.Status = Running
		if err := w.RecordRun(r.Run, r.Report); err != nil {
			plan.warn("the beginning of the run is not recorded", "error", err)
		}
		r.Status = ""
	}
	defer func() {
		r.Finished = plan.Now.Add(time.Since(began)).UTC()
		var stale *StaleError
		switch {
		case err == nil:
		case ctx.Err() != nil:
			r.Status, r.Error = Stopped, err.Error()
		case errors.As(err, &stale):
			r.Error = err.Error()
		default:
			r.Status, r.Error = Failed, err.Error()
		}
		if !plan.DryRun {
			if recordErr := w.RecordRun(r.Run, r.Report); err == nil {
				err = recordErr
			}
		}
		report = r.Report
	}()
	return r.Report, r.do(ctx)
}

// run is one Run.
type run struct {
	Report
	plan   Plan
	w      *warehouse.Warehouse
	before *warehouse.Published // nil when nothing may be taken over
}

func (r *run) do(ctx context.Context) error {
	if r.plan.Full {
		r.w.ForgetSums()
	} else {
		r.before = r.w.Before()
	}
	if err := r.identify(); err != nil {
		return err
	}
	in, err := r.gather(ctx)
	if err != nil {
		return err
	}
	defer in.ledgers.Close()
	for _, c := range in.campaigns.loaded {
		r.Campaigns = append(r.Campaigns, c.ID)
	}
	if r.unchanged(in) {
		r.Status, r.Version, r.Dir, r.Relations = Unchanged, r.before.Version, r.before.Dir, relations(r.before.Outputs)
		r.Rows, r.Bulletins, r.Undated = r.before.Rows, r.before.Bulletins, r.before.Undated
		r.plan.Log.Info("nothing has changed", "version", r.Version)
		if r.Warnings, err = WarningsOf(r.before.Manifest); err != nil {
			return err
		}
	} else if err := r.make(ctx, in); err != nil {
		return err
	}
	if r.plan.DryRun {
		r.Status = Planned
		return nil
	}
	if r.plan.Keep > 0 {
		removed, err := r.w.Collect(warehouse.Retention{Keep: r.plan.Keep})
		if err != nil {
			return err
		}
		r.Removed = removed.Versions
	}
	if err := r.w.SaveSums(); err != nil {
		return err
	}
	return r.tooStale()
}

// identify finds out which program this is: a build of the same version may hold
// other rules.
func (r *run) identify() error {
	if r.plan.Executable == "" || r.plan.Code != "" {
		return nil
	}
	f, err := os.Open(r.plan.Executable)
	if err != nil {
		return fmt.Errorf("read the program's own file, to know whether it changed: %w; start it by its path", err)
	}
	defer f.Close()
	r.plan.Code, err = r.w.Sum(f)
	return err
}

// unchanged says whether the version before is what would be made.
func (r *run) unchanged(in *inputs) bool {
	if r.before == nil || r.before.Key != in.key || !before(r.plan.Now, r.before.Until) || !r.before.AllIntact() {
		return false
	}
	r.Steps = append(r.Steps, Step{Kind: "version", Name: r.before.Version, Action: Reused, Why: "nothing that it was made from has changed"})
	return true
}

// before says whether a time lies before a day; every time lies before none.
func before(now time.Time, day string) bool {
	return day == "" || record.NewDate(now.Date()).String() < day
}

// make makes a version and publishes it.
func (r *run) make(ctx context.Context, in *inputs) error {
	bulletins, err := takeBulletins(ctx, r.plan, r.store(), in.campaigns, in.pages)
	if err != nil {
		return err
	}
	r.Bulletins = bulletins.Bulletins
	if err := decide(r.plan, in.campaigns); err != nil {
		return err
	}
	for _, c := range in.campaigns.loaded {
		r.Rows.Add(Accounting{Read: c.RowsRead, Loaded: c.RowsLoaded, Quarantined: len(c.Quarantine)})
	}
	if r.plan.AsOf != 0 {
		r.Undated = undated(in.campaigns.loaded)
	}
	version, err := r.newVersion(in.key)
	if err != nil {
		return err
	}
	defer version.Discard()
	if r.plan.temp, err = workplace(r.plan, version.Dir); err != nil {
		return err
	}
	if r.plan.temp != version.Dir {
		defer os.RemoveAll(r.plan.temp)
	}
	m := &warehouse.Manifest{
		Version: version.Name, CreatedAt: r.Started.Format(time.RFC3339), Program: r.plan.Program, AsOf: r.plan.AsOf.String(),
		Campaigns: r.Campaigns, Inputs: in.files, Key: in.key, Ledgers: map[string]warehouse.Ledgers{},
	}
	began := time.Now()
	if m.Outputs, err = load(version.Dir, in.campaigns.loaded); err != nil {
		return err
	}
	r.step("tables", "campaigns", Built, "they are small", began)
	for _, c := range in.campaigns.loaded {
		outputs, from, err := r.ledgers(ctx, version, in, c, bulletins.projects[c.ID])
		if err != nil {
			return err
		}
		m.Outputs, m.Ledgers[c.ID] = append(m.Outputs, outputs...), from
		r.Rows.Add(from.Rows)
		if from.Until != "" && (m.Until == "" || from.Until < m.Until) {
			m.Until = from.Until
		}
	}
	sortOutputs(m.Outputs)
	m.Rows, m.Bulletins, m.Undated = r.Rows, r.Report.Bulletins, r.Undated
	if err := in.ledgers.unchanged(); err != nil {
		return err
	}
	r.plan.Log.Info("loaded", "campaigns", len(in.campaigns.loaded), "rows", r.Rows.Loaded, "quarantined", r.Rows.Quarantined)
	began = time.Now()
	b, err := newBuilder(ctx, r.plan, version.Dir, r.Rows.Loaded, in.campaigns.words, m.Outputs, r.before)
	if err != nil {
		return err
	}
	defer b.Close()
	r.Steps = append(r.Steps, b.steps()...)
	if r.plan.DryRun {
		return nil
	}
	if err := b.build(r.timed(ctx), version, in.campaigns.words); err != nil {
		return err
	}
	m.Models, m.Keys, r.Warnings = b.hashes, b.keys, b.warnings
	if m.Warnings, err = b.found(); err != nil {
		return err
	}
	r.plan.Log.Info("built and checked", "models", len(b.models), "taken over", len(b.taken), "checks", len(b.checks), "warnings", len(b.warnings), "seconds", since(began))
	built, err := b.write(ctx, r.Campaigns)
	if err != nil {
		return err
	}
	r.step("database", "sanpi.duckdb", Built, "a table in it may be another", began)
	m.Outputs = append(m.Outputs, built...)
	sortOutputs(m.Outputs)
	r.Relations = relations(m.Outputs)
	if r.Dir, err = version.Publish(m); err != nil {
		return err
	}
	r.Version, r.Status = version.Name, Done
	r.plan.Log.Info("published", "version", version.Name)
	return nil
}

// newVersion is the version to make; of a dry run a folder that is nowhere.
func (r *run) newVersion(key string) (*warehouse.Version, error) {
	if r.plan.DryRun {
		return warehouse.Nowhere()
	}
	return r.w.NewVersion(r.Run + "-" + key[:8])
}

// workplace is the folder for rows in work: the version's own, or one of this run
// in the plan's, from which it sweeps what a killed run of this warehouse left.
func workplace(plan Plan, version string) (string, error) {
	if plan.Temp == "" {
		return version, nil
	}
	home, err := filepath.Abs(plan.Warehouse)
	if err != nil {
		return "", fmt.Errorf("find a place for rows in work: %w", err)
	}
	prefix := "sanpi-" + hashOf(home)[:12] + "-"
	left, err := filepath.Glob(filepath.Join(plan.Temp, prefix+"*"))
	if err != nil {
		return "", fmt.Errorf("find a place for rows in work: %w", err)
	}
	if !plan.DryRun {
		for _, path := range left {
			if err := os.RemoveAll(path); err != nil {
				return "", fmt.Errorf("remove what a killed run left: %w", err)
			}
		}
	}
	dir, err := os.MkdirTemp(plan.Temp, prefix+"*")
	if err != nil {
		return "", fmt.Errorf("find a place for rows in work: %w; choose a folder you may write to with --temp", err)
	}
	return dir, nil
}

// sortOutputs brings files into an order that does not tell which were made anew.
func sortOutputs(outputs []warehouse.Output) {
	slices.SortFunc(outputs, func(a, b warehouse.Output) int { return strings.Compare(a.Path, b.Path) })
}

func relations(outputs []warehouse.Output) map[string]int64 {
	rows := map[string]int64{}
	for _, o := range outputs {
		rows[o.Relation] += o.Rows
	}
	return rows
}

func (r *run) step(kind, name, action, why string, began time.Time) {
	r.Steps = append(r.Steps, Step{Kind: kind, Name: name, Action: action, Why: why, Seconds: since(began), Began: began})
}

// timed has the models and checks that are made anew tell what they took.
func (r *run) timed(ctx context.Context) context.Context {
	at := map[string]int{}
	for i, s := range r.Steps {
		at[s.Kind+" "+s.Name] = i
	}
	var lock sync.Mutex
	return engine.Watch(ctx, func(m engine.Model, began time.Time) {
		lock.Lock()
		defer lock.Unlock()
		kind := "model"
		if m.Layer == "checks" {
			kind = "check"
		}
		if i, ok := at[kind+" "+m.Name]; ok {
			r.Steps[i].Began, r.Steps[i].Seconds = began, since(began)
		}
	})
}

// tooStale is a *StaleError when a source has failed for longer than it may.
func (r *run) tooStale() error {
	var late []Stale
	for _, s := range r.Stale {
		for _, m := range slices.Backward(r.plan.MaxStale) {
			if strings.HasPrefix(s.Source, m.Source) {
				if r.plan.Now.Sub(s.FetchedAt) > m.Age {
					late = append(late, s)
				}
				break
			}
		}
	}
	if len(late) == 0 {
		return nil
	}
	return &StaleError{late}
}

// rowsOf adds up where the rows of sheets have gone.
func rowsOf(sheets []*ledger.Sheet) (a Accounting) {
	for _, s := range sheets {
		a.Add(Accounting{
			Read: int(s.Counts.Read), Loaded: int(s.Counts.Loaded), Quarantined: int(s.Counts.Quarantined), Duplicates: int(s.Counts.Duplicates),
			NoData: int(s.Counts.Titles + s.Counts.Headers + s.Counts.Totals + s.Counts.Blanks + s.Counts.Notes),
		})
	}
	return a
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
