package release

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// sumsName lists every file but itself, in the form of sha256sum.
const sumsName = "SHA256SUMS"

// Manifest says what a release was made from: whoever has the inputs and the
// program makes the same version again, and from it the same release.
type Manifest struct {
	Release   string             `json:"release"`
	Before    string             `json:"release_before,omitempty"` // what CHANGES.md compares with
	Warehouse string             `json:"warehouse_version"`
	CreatedAt string             `json:"created_at"`
	AsOf      string             `json:"as_of,omitempty"`
	Program   string             `json:"program"`
	Source    string             `json:"program_source"`
	Synthetic bool               `json:"synthetic"`
	Campaigns []string           `json:"campaigns"`
	Rebuild   []string           `json:"rebuild"`
	Inputs    []warehouse.Input  `json:"inputs"`
	Models    map[string]string  `json:"models"` // file under sql/ → sha256
	Relations []ManifestRelation `json:"relations"`
	Outputs   []warehouse.Output `json:"outputs"` // of the version; parquet/ holds the tables and marts with equal bytes
	Files     []File             `json:"files"`   // of the release, but for this one and SHA256SUMS
}

// ManifestRelation is a relation and its size.
type ManifestRelation struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Rows int64  `json:"rows"`
}

func (w *writer) writeManifest() (err error) {
	if w.files, err = w.packer.files(); err != nil {
		return err
	}
	m := Manifest{
		Release: w.name, Before: w.before, Warehouse: w.manifest.Version, CreatedAt: w.manifest.CreatedAt, AsOf: w.manifest.AsOf,
		Program: w.manifest.Program, Source: home, Synthetic: w.synthetic, Campaigns: w.manifest.Campaigns,
		Inputs: w.manifest.Inputs, Models: w.manifest.Models, Outputs: w.manifest.Outputs, Files: w.files,
		Rebuild: []string{
			"Get the program named under program from program_source, and the inputs, whose sha256 stand here: those of campaigns are its folder datasets.",
			"sanpi run with the ledgers and pages among the inputs and, if as_of is given, --as-of: facts, marts and tables come out with the bytes listed under outputs.",
			"sanpi release --version " + w.name + " DIR",
		},
	}
	for _, t := range w.tables {
		m.Relations = append(m.Relations, ManifestRelation{t.Name, string(t.Kind), t.rows})
	}
	text, err := indented(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, "manifest.json"), text, 0o644)
}

// writeSums lists the files, of which only the manifest is new since it was written.
func (w *writer) writeSums() (err error) {
	w.packer.add("manifest.json")
	if w.files, err = w.packer.files(); err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range w.files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Path)
	}
	if err := os.WriteFile(filepath.Join(w.dir, sumsName), []byte(b.String()), 0o644); err != nil {
		return err
	}
	w.packer.add(sumsName)
	return nil
}

// hash waits for the size and sum of a file of the release.
func (w *writer) hash(path string) (int64, string, error) {
	f, err := w.packer.file(path)
	return f.Bytes, f.SHA256, err
}

// hashTree hashes every file under dir, in order of path.
func hashTree(dir string, hash func(path string) (int64, string, error)) ([]File, error) {
	var files []File
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		f := File{Path: filepath.ToSlash(rel)}
		if !d.Type().IsRegular() {
			f.SHA256 = "not a file" // no release holds a link; it equals no sum
		} else if f.Bytes, f.SHA256, err = hash(f.Path); err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, err
}

// readSums reads a SHA256SUMS.
func readSums(dir string) (map[string]string, error) {
	f, err := os.Open(filepath.Join(dir, sumsName))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sums := map[string]string{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		sum, path, ok := strings.Cut(lines.Text(), "  ")
		if !ok || len(sum) != 64 || !fs.ValidPath(path) {
			return nil, fmt.Errorf("%s, line %d: %q is not a sum and a path", f.Name(), n, lines.Text())
		}
		sums[path] = sum
	}
	return sums, lines.Err()
}
