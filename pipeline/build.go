package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// BaseRelations are what models may read before any of them is built: the
// lake's tables but for facts, the vocabulary of universes, and the run's
// parameters.
func BaseRelations() []string {
	var base []string
	for _, table := range record.Tables {
		if table != "facts" {
			base = append(base, table)
		}
	}
	return append(base, "universes", "params")
}

// builder makes the models' relations from the lake in dir, or takes over the
// files of those that the version before made from the same.
type builder struct {
	plan   Plan
	dir    string
	before *warehouse.Published // nil to make all anew
	db     *sql.DB
	models []engine.Model
	checks []engine.Model
	// relations are what is declared of all that is published.
	relations []catalog.Relation
	hashes    map[string]string // of the files of SQL
	keys      map[string]string // of relations, and of checks by file

	taken    map[string][]warehouse.Output // files of models that are taken over
	building map[string]bool               // models to build, and base tables to hold in memory
	warnings []engine.Failure
}

// threads is how many threads each query of the build gets. On a lake of few rows waking
// a second one costs more than it does.
func threads(rows, workers int) int {
	if rows < 100_000 {
		return 1
	}
	return max(1, workers)
}

// newBuilder reads the models and finds what is to be done. outputs are the files
// of the base tables, which hold so many rows of claims, projects and ledgers.
func newBuilder(ctx context.Context, plan Plan, dir string, rows int, words campaign.Words, outputs []warehouse.Output, before *warehouse.Published) (_ *builder, err error) {
	b := &builder{plan: plan, dir: dir, before: before, taken: map[string][]warehouse.Output{}, building: map[string]bool{}}
	settings := []string{fmt.Sprintf("set threads = %d", threads(rows, plan.Workers))}
	if plan.MemoryLimit > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%dB'", plan.MemoryLimit))
	}
	settings = append(settings, "set temp_directory = "+engine.Literal(filepath.Join(cmp.Or(plan.temp, dir), ".spilled")))
	if b.db, err = engine.Open("", settings...); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			b.db.Close()
		}
	}()
	if b.hashes, err = hashSQL(plan.SQL); err != nil {
		return nil, err
	}
	if b.relations, err = catalog.Read(plan.SQL); err != nil {
		return nil, err
	}
	if b.models, err = engine.Load(ctx, b.db, plan.SQL, BaseRelations()); err != nil {
		return nil, err
	}
	known := BaseRelations()
	for _, m := range b.models {
		known = append(known, m.Name)
	}
	if b.checks, err = engine.LoadChecks(ctx, b.db, plan.SQL, known); err != nil {
		return nil, err
	}
	if b.keys, err = engine.Keys(b.models, b.checks, baseKeys(plan, outputs, words)); err != nil {
		return nil, err
	}
	b.decide()
	return b, nil
}

// Close gives the relations up.
func (b *builder) Close() error { return b.db.Close() }

// baseKeys are those of the relations that models begin with: what they hold, and
// the program that builds.
func baseKeys(plan Plan, outputs []warehouse.Output, words campaign.Words) map[string]string {
	key := func(parts ...any) string {
		h := sha256.New()
		fmt.Fprintln(h, plan.Program, plan.Code)
		fmt.Fprintln(h, parts...)
		return hex.EncodeToString(h.Sum(nil))
	}
	files := map[string][]any{}
	for _, o := range outputs {
		files[o.Relation] = append(files[o.Relation], o.Path, o.SHA256)
	}
	keys := map[string]string{"params": key(plan.AsOf), "universes": key(words.Universes)}
	for _, table := range record.Tables {
		if table != "facts" {
			keys[table] = key(files[table]...)
		}
	}
	return keys
}

// leaves says whether a model's rows leave the run as files.
func leaves(m engine.Model) bool { return m.Layer == "marts" || m.Layer == "facts" }

// decide says of each published model and each check whether what it was made from
// is as it was, and then of each relation whether it is needed.
func (b *builder) decide() {
	byName := map[string]engine.Model{}
	for _, m := range b.models {
		byName[m.Name] = m
		if !leaves(m) || b.before == nil || b.before.Keys[m.Name] != b.keys[m.Name] {
			continue
		}
		var files []warehouse.Output
		intact := true
		for _, o := range b.before.Outputs {
			if o.Relation == m.Name {
				files, intact = append(files, o), intact && b.before.Intact(o)
			}
		}
		if intact && len(files) > 0 {
			b.taken[m.Name] = files
		}
	}
	var need func(name string)
	need = func(name string) {
		m, isModel := byName[name]
		if b.building[name] || b.taken[name] != nil {
			return
		}
		b.building[name] = true
		if isModel {
			for _, n := range m.Needs {
				need(n)
			}
		}
	}
	for _, m := range b.models {
		if leaves(m) {
			need(m.Name)
		}
	}
	for _, c := range b.checks {
		if !b.passed(c) {
			for _, n := range c.Needs {
				need(n)
			}
		}
	}
}

// passed says whether a check looked at the same before.
func (b *builder) passed(c engine.Model) bool {
	return b.before != nil && b.before.Keys[c.File] == b.keys[c.File]
}

// steps tells what was decided, and why.
func (b *builder) steps() []Step {
	var steps []Step
	for _, m := range b.models {
		if leaves(m) {
			steps = append(steps, b.step("model", m.Name, m, b.taken[m.Name] == nil))
		}
	}
	for _, c := range b.checks {
		steps = append(steps, b.step("check", c.Name, c, !b.passed(c)))
	}
	return steps
}

func (b *builder) step(kind, name string, m engine.Model, anew bool) Step {
	s := Step{Kind: kind, Name: name, Action: Reused, Why: "nothing that it reads has changed"}
	if !anew {
		return s
	}
	s.Action, s.Why = Built, "there is nothing to take over"
	if b.before == nil {
		return s
	}
	if changed := b.changed(m, map[string]bool{}); len(changed) > 0 {
		s.Why = "changed: " + listed3(changed)
	} else {
		s.Why = "its file is not as it was published"
	}
	return s
}

// changed are the tables and files of SQL behind a model that are not as they were.
func (b *builder) changed(m engine.Model, seen map[string]bool) []string {
	var names []string
	if old := b.before.Models[m.File]; old != b.hashes[m.File] {
		names = append(names, m.File)
	}
	for _, need := range m.Needs {
		if seen[need] || b.before.Keys[need] == b.keys[need] {
			continue
		}
		seen[need] = true
		if i := slices.IndexFunc(b.models, func(m engine.Model) bool { return m.Name == need }); i >= 0 {
			names = append(names, b.changed(b.models[i], seen)...)
		} else {
			names = append(names, cmp.Or(calledByPeople[need], need))
		}
	}
	return names
}

// calledByPeople are the relations that people know by another name.
var calledByPeople = map[string]string{"params": "--as-of", "universes": "words/universes.csv"}

// listed3 names up to three of many.
func listed3(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", len(names)-3)
	}
	return strings.Join(names, ", ")
}

// build makes what is needed and checks it. A blocking check that finds rows is a
// *CheckError.
func (b *builder) build(ctx context.Context, version *warehouse.Version, words campaign.Words) error {
	for _, name := range sortedKeys(b.taken) {
		for _, o := range b.taken[name] {
			if err := version.Share(b.before, o); err != nil {
				return err
			}
		}
	}
	if err := b.loadBase(ctx, words); err != nil {
		return err
	}
	var models []engine.Model
	for _, m := range b.models {
		switch {
		case b.building[m.Name]:
			models = append(models, m)
		case m.Layer == "marts":
			if err := engine.LoadModel(ctx, b.db, m, filepath.Join(b.dir, filepath.FromSlash(martPath(m)))); err != nil {
				return err
			}
		case m.Layer == "facts":
			if err := engine.LoadParquet(ctx, b.db, m.Name, b.glob(m.Name), false); err != nil {
				return err
			}
		}
	}
	if err := engine.Build(ctx, b.db, models, b.plan.Workers); err != nil {
		return err
	}
	return b.check(ctx)
}

func (b *builder) glob(table string) string {
	return filepath.Join(b.dir, "tables", table, "*", "*.parquet")
}

func (b *builder) loadBase(ctx context.Context, words campaign.Words) error {
	group, loading := errgroup.WithContext(ctx)
	for _, table := range record.Tables {
		if table != "facts" {
			group.Go(func() error {
				return engine.LoadParquet(loading, b.db, table, b.glob(table), b.building[table])
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := b.db.ExecContext(ctx, `create table params as select nullif(?, '')::date as as_of`, b.plan.AsOf.String()); err != nil {
		return fmt.Errorf("set the parameters: %w", err)
	}
	if _, err := b.db.ExecContext(ctx, `create table universes (code varchar, preference integer, meaning varchar, meaning_zh varchar)`); err != nil {
		return fmt.Errorf("create the universes: %w", err)
	}
	for _, u := range words.Universes {
		if _, err := b.db.ExecContext(ctx, `insert into universes values (?, ?, ?, ?)`, u.Code, u.Preference, u.EN, u.ZH); err != nil {
			return fmt.Errorf("fill the universes: %w", err)
		}
	}
	return nil
}

// check runs the checks that look at something new. What the others found, they
// would find again.
func (b *builder) check(ctx context.Context) error {
	var anew []engine.Model
	var earlier []engine.Failure
	if b.before != nil {
		var err error
		if earlier, err = WarningsOf(b.before.Manifest); err != nil {
			return err
		}
	}
	for _, c := range b.checks {
		if !b.passed(c) {
			anew = append(anew, c)
			continue
		}
		for _, f := range earlier {
			if f.Check == c.Name {
				b.warnings = append(b.warnings, f)
			}
		}
	}
	found, err := engine.Check(ctx, b.db, anew, b.plan.Workers)
	if err != nil {
		return err
	}
	values, err := b.checkValues(ctx)
	if err != nil {
		return err
	}
	var failures []engine.Failure
	for _, f := range append(found, values...) {
		if f.Blocks {
			failures = append(failures, f)
		} else {
			b.warnings = append(b.warnings, f)
		}
	}
	slices.SortFunc(b.warnings, func(x, y engine.Failure) int { return strings.Compare(x.Check, y.Check) })
	if len(failures) > 0 {
		return &CheckError{failures}
	}
	return nil
}

// checkValues compares the rows of every relation that is new with what is declared of
// their columns. The guides are made from the declarations.
func (b *builder) checkValues(ctx context.Context) ([]engine.Failure, error) {
	found := make([][]engine.Failure, len(b.relations))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, b.plan.Workers))
	for i, r := range b.relations {
		if r.Kind == catalog.Guide || b.before != nil && b.before.Keys[r.Name] == b.keys[r.Name] {
			continue
		}
		group.Go(func() (err error) {
			columns := r.Columns
			if r.Kind == catalog.Table {
				if err := engine.VerifyColumns(ctx, b.db, r.Name, r.File, r.Line, columns); err != nil {
					return err
				}
				columns = inFiles(columns)
			}
			found[i], err = engine.Verify(ctx, b.db, r.Name, r.File, r.Key, columns)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// inFiles leaves to the rows what the schema of the lake's files does not hold them to:
// a required column of theirs cannot hold a NULL, and ten million rows are not asked.
func inFiles(columns []catalog.Column) []catalog.Column {
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].Required = false
	}
	return columns
}

// WarningsOf are what the checks of a version found that blocked nothing, by name.
func WarningsOf(m *warehouse.Manifest) ([]engine.Failure, error) {
	var all []engine.Failure
	for _, file := range sortedKeys(m.Warnings) {
		var f engine.Failure
		if err := json.Unmarshal(m.Warnings[file], &f); err != nil {
			return nil, fmt.Errorf("read what %s found before: %w; run with --full", file, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// found are the warnings by the file of their check, for the manifest.
func (b *builder) found() (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	for _, f := range b.warnings {
		text, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("write down what check %s found: %w", f.Check, err)
		}
		all["checks/"+f.Check+".sql"] = text
	}
	return all, nil
}

// marts are the models that are published as files of their own.
func (b *builder) marts() []engine.Model {
	var marts []engine.Model
	for _, m := range b.models {
		if m.Layer == "marts" {
			marts = append(marts, m)
		}
	}
	return marts
}

// write puts facts, marts and sanpi.duckdb into dir, side by side, and gives all
// their files.
func (b *builder) write(ctx context.Context, campaigns []string) ([]warehouse.Output, error) {
	if err := os.MkdirAll(filepath.Join(b.dir, "marts"), 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of the marts: %w", err)
	}
	facts := b.taken["facts"]
	var database warehouse.Output
	marts := make([]warehouse.Output, len(b.marts()))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		database, err = b.writeDatabase(ctx)
		return err
	})
	if facts == nil {
		group.Go(func() (err error) {
			facts, err = b.writeFacts(ctx, campaigns)
			return err
		})
	}
	group.Go(func() (err error) {
		for i, m := range b.marts() {
			if files := b.taken[m.Name]; files != nil {
				marts[i] = files[0]
			} else if marts[i], err = b.writeMart(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(filepath.Join(b.dir, ".spilled")); err != nil {
		return nil, fmt.Errorf("remove temporary rows: %w", err)
	}
	return append(append(slices.Clone(facts), marts...), database), nil
}

func martPath(m engine.Model) string { return "marts/" + m.Name + ".parquet" }

func (b *builder) writeMart(ctx context.Context, m engine.Model) (warehouse.Output, error) {
	full := filepath.Join(b.dir, filepath.FromSlash(martPath(m)))
	declared, ok := catalog.Find(b.relations, m.Name)
	if !ok {
		return warehouse.Output{}, fmt.Errorf("%s is not declared", m.Name)
	}
	metadata, err := described(declared).Metadata()
	if err != nil {
		return warehouse.Output{}, err
	}
	o := warehouse.Output{Path: martPath(m), Relation: m.Name}
	if o.Rows, err = engine.CopyParquet(ctx, b.db, m.Name, full, metadata); err != nil {
		return warehouse.Output{}, err
	}
	for _, c := range m.Columns {
		o.Columns = append(o.Columns, warehouse.Column{Name: c.Name, Type: c.Type})
	}
	o.Bytes, o.SHA256, err = warehouse.HashFile(full)
	return o, err
}

func hashSQL(models fs.FS) (map[string]string, error) {
	hashes := map[string]string{}
	err := fs.WalkDir(models, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(models, path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		hashes[path] = hex.EncodeToString(sum[:])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the models: %w", err)
	}
	return hashes, nil
}

// since is the seconds that passed.
func since(began time.Time) float64 { return time.Since(began).Seconds() }
