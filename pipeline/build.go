package pipeline

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

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

// built holds the models' relations until they are written.
type built struct {
	db        *sql.DB
	models    []engine.Model
	relations []catalog.Relation
	checks    int
	hashes    map[string]string
	warnings  []engine.Failure
}

// build makes the models' relations from the lake in dir and checks them. A
// blocking check that finds rows is a *CheckError.
func build(ctx context.Context, plan Plan, dir string, campaigns readCampaigns) (_ *built, err error) {
	db, err := engine.Open("", fmt.Sprintf("set threads = %d", campaigns.threads(plan.Workers)))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	b := &built{db: db}
	if b.hashes, err = hashSQL(plan.SQL); err != nil {
		return nil, err
	}
	if b.relations, err = catalog.Read(plan.SQL); err != nil {
		return nil, err
	}
	if err := b.loadBase(ctx, dir, plan.AsOf, campaigns.words); err != nil {
		return nil, err
	}
	if b.models, err = engine.Load(ctx, db, plan.SQL, BaseRelations()); err != nil {
		return nil, err
	}
	if err := engine.Build(ctx, db, b.models, plan.Workers); err != nil {
		return nil, err
	}
	return b, b.check(ctx, plan)
}

func (b *built) loadBase(ctx context.Context, dir string, asOf record.Date, words campaign.Words) error {
	group, loading := errgroup.WithContext(ctx)
	for _, table := range record.Tables {
		if table != "facts" {
			group.Go(func() error {
				return engine.LoadParquet(loading, b.db, table, filepath.Join(dir, "tables", table, "*", "*.parquet"))
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := b.db.ExecContext(ctx, `create table params as select nullif(?, '')::date as as_of`, asOf.String()); err != nil {
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

func (b *built) check(ctx context.Context, plan Plan) error {
	known := BaseRelations()
	for _, m := range b.models {
		known = append(known, m.Name)
	}
	checks, err := engine.LoadChecks(ctx, b.db, plan.SQL, known)
	if err != nil {
		return err
	}
	b.checks = len(checks)
	found, err := engine.Check(ctx, b.db, checks, plan.Workers)
	if err != nil {
		return err
	}
	values, err := b.checkValues(ctx, plan.Workers)
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
	if len(failures) > 0 {
		return &CheckError{failures}
	}
	return nil
}

// checkValues compares the rows of every relation with what is declared of their
// columns. The guides are made from the declarations.
func (b *built) checkValues(ctx context.Context, workers int) ([]engine.Failure, error) {
	found := make([][]engine.Failure, len(b.relations))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, workers))
	for i, r := range b.relations {
		if r.Kind == catalog.Guide {
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

// marts are the models that are published as files of their own.
func (b *built) marts() []engine.Model {
	var marts []engine.Model
	for _, m := range b.models {
		if m.Layer == "marts" {
			marts = append(marts, m)
		}
	}
	return marts
}

// write puts facts, marts and sanpi.duckdb into dir, side by side.
func (b *built) write(ctx context.Context, dir string, campaigns []string) ([]warehouse.Output, error) {
	if err := os.Mkdir(filepath.Join(dir, "marts"), 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of the marts: %w", err)
	}
	var facts []warehouse.Output
	var database warehouse.Output
	marts := make([]warehouse.Output, len(b.marts()))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		database, err = b.writeDatabase(ctx, dir)
		return err
	})
	group.Go(func() (err error) {
		facts, err = b.writeFacts(ctx, dir, campaigns)
		return err
	})
	group.Go(func() (err error) {
		for i, m := range b.marts() {
			if marts[i], err = b.writeMart(ctx, dir, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return append(append(facts, marts...), database), nil
}

func (b *built) writeMart(ctx context.Context, dir string, m engine.Model) (warehouse.Output, error) {
	path := "marts/" + m.Name + ".parquet"
	full := filepath.Join(dir, filepath.FromSlash(path))
	declared, ok := catalog.Find(b.relations, m.Name)
	if !ok {
		return warehouse.Output{}, fmt.Errorf("%s is not declared", m.Name)
	}
	metadata, err := described(declared).Metadata()
	if err != nil {
		return warehouse.Output{}, err
	}
	o := warehouse.Output{Path: path, Relation: m.Name}
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
