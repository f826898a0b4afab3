package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// copySQL puts the models beside the data, if they are those that made it: what
// is declared at their heads would else be said of the wrong columns.
func (w *writer) copySQL() error {
	err := fs.WalkDir(w.plan.SQL, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(w.dir, "sql", filepath.FromSlash(path))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		data, err := fs.ReadFile(w.plan.SQL, path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		if strings.HasSuffix(path, ".sql") && w.manifest.Models[path] != hex.EncodeToString(sum[:]) {
			return fmt.Errorf("the version %s was made with another sql/%s than this program's; run \"sanpi run\" again, or release with the program that made it (%s)",
				w.manifest.Version, path, w.manifest.Program)
		}
		return os.WriteFile(to, data, 0o644)
	})
	if err != nil {
		return err
	}
	return w.packer.addTree("sql")
}

// copyParquet takes over the version's Parquet files, which are typed, sorted and
// described already, and writes those of the release's own relations.
func (w *writer) copyParquet() error {
	for _, o := range w.manifest.Outputs {
		path, isTable := strings.CutPrefix(o.Path, "tables/")
		if !isTable {
			var isMart bool
			if path, isMart = strings.CutPrefix(o.Path, "marts/"); !isMart {
				continue
			}
		}
		to := filepath.Join(w.dir, "parquet", filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := linkOrCopy(to, filepath.Join(w.plan.Version, filepath.FromSlash(o.Path))); err != nil {
			return err
		}
	}
	for _, t := range w.tables {
		if !t.own {
			continue
		}
		metadata, err := t.metadata()
		if err != nil {
			return err
		}
		if _, err := engine.CopyParquet(w.ctx, w.db, t.Name, filepath.Join(w.dir, filepath.FromSlash(t.parquet)), metadata); err != nil {
			return err
		}
	}
	return w.packer.addTree("parquet")
}

// metadata is what a Parquet file of the release's own says of itself.
func (t table) metadata() (map[string]string, error) {
	type note struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Unit string `json:"unit,omitempty"`
		EN   string `json:"en"`
		ZH   string `json:"zh,omitempty"`
	}
	notes := make([]note, len(t.Columns))
	for i, c := range t.Columns {
		notes[i] = note{c.Name, c.Type, c.Unit, c.EN, c.ZH}
	}
	text, err := json.Marshal(notes)
	return map[string]string{"sanpi.table": t.Name, "sanpi.summary": t.EN, "sanpi.grain": strings.Join(t.Key, ", "),
		"sanpi.columns": string(text)}, err
}

// linkOrCopy shares a published file, which nobody writes into, or copies it to
// another file system.
func linkOrCopy(to, from string) error {
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return prefixed(to, from, "")
}

// copyDatabase copies and never links: DuckDB opens a file for writing unless it
// is asked not to, and what a reader does to a release must not reach the warehouse.
func (w *writer) copyDatabase() error {
	if err := prefixed(filepath.Join(w.dir, "sanpi.duckdb"), filepath.Join(w.plan.Version, "sanpi.duckdb"), ""); err != nil {
		return err
	}
	w.packer.add("sanpi.duckdb")
	return nil
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
