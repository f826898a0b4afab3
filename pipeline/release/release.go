// Package release makes of a published version of the warehouse the download of
// a researcher: a folder that explains itself without the repository or a network.
//
//	DIR/
//	├── latest -> 2026.11.24
//	├── 2026.11.24.tar.zst               the folder again, in one file
//	└── 2026.11.24/
//	    ├── README.md README.zh.md CODEBOOK.md CODEBOOK.zh.md CHANGES.md
//	    ├── parquet/<table>/campaign=<c>/part-0.parquet, parquet/<mart>.parquet
//	    ├── csv/<relation>.csv           safe for spreadsheets, see Guard
//	    ├── csv-excel/<relation>.csv     the same behind a byte order mark
//	    ├── sanpi.duckdb
//	    ├── datapackage.json croissant.json dataset.jsonld CITATION.cff
//	    ├── LICENSE LICENSE-DATA
//	    ├── sql/                         the models that made facts and marts
//	    ├── manifest.json                what it was made from, to make it again
//	    └── SHA256SUMS                   every file but itself
//
// It is made in a hidden folder of DIR and becomes visible in one rename. Nobody
// writes into it afterwards. Two releases of one version have equal bytes.
package release

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// ErrExists says that DIR holds the release already.
var ErrExists = errors.New("the release exists already, and releases never change")

// ErrVersion is wrapped by the error on a name that is no calendar version.
var ErrVersion = errors.New("no calendar version")

// Plan says what is to be released and where.
type Plan struct {
	Version string // folder of the warehouse's version, as warehouse.Current gives it
	Dir     string // folder of the releases; made when it is not there
	Name    string // calendar version; "" for the day of the version
	SQL     fs.FS  // the models that made it
}

// Report is what was done.
type Report struct {
	Name      string
	Folder    string
	Archive   string
	Relations int
	Rows      int64
	Bytes     int64 // of the folder
	Synthetic bool
	Before    string // the release that CHANGES.md compares with, "" for the first
}

// Make makes a release. On an error nothing of it is left; the error wraps
// ErrExists when the release, or one of the same version of the warehouse, is
// there, and warehouse.ErrLocked when another release is being made in Dir.
func Make(ctx context.Context, plan Plan) (_ *Report, err error) {
	m, err := warehouse.ReadManifest(plan.Version)
	if err != nil {
		return nil, err
	}
	shelf, err := openShelf(plan.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, shelf.close()) }()
	name, before, err := shelf.choose(plan.Name, m)
	if err != nil {
		return nil, err
	}
	aside, err := shelf.aside(name)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(aside) // empty once the release has its name
	w := &writer{ctx: ctx, plan: plan, manifest: m, name: name, dir: filepath.Join(aside, name), before: before}
	if w.packer, err = newPacker(filepath.Join(aside, name+archiveSuffix), w.dir, name, w.made()); err != nil {
		return nil, fmt.Errorf("make release %s: %w", name, err)
	}
	err = w.write()
	// The packer's error is why a file that the writer waits for does not come.
	if packed := w.packer.finish(); err == nil {
		err = packed
	}
	if err != nil {
		return nil, fmt.Errorf("make release %s: %w", name, err)
	}
	if err := shelf.publish(aside, name); err != nil {
		return nil, err
	}
	r := &Report{Name: name, Folder: filepath.Join(plan.Dir, name), Archive: filepath.Join(plan.Dir, name+archiveSuffix),
		Relations: len(w.tables), Synthetic: w.synthetic, Before: before}
	for _, t := range w.tables {
		r.Rows += t.rows
	}
	for _, f := range w.files {
		r.Bytes += f.Bytes
	}
	return r, nil
}

// writer makes one release in dir, which nobody sees yet.
type writer struct {
	ctx       context.Context
	plan      Plan
	manifest  *warehouse.Manifest
	name      string
	dir       string
	before    string
	db        *sql.DB
	tables    []table
	sources   []sourcePage
	synthetic bool
	quotes    bool
	ledgers   bool
	from, to  string // first and last day of what the figures cover
	files     []File
	packer    *packer
}

// File is a file of a release.
type File struct {
	Path   string `json:"path"` // with forward slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// made is the time that everything in the release bears: that of its version.
func (w *writer) made() time.Time {
	t, err := time.Parse(time.RFC3339, w.manifest.CreatedAt)
	if err != nil {
		return time.Unix(0, 0).UTC() // an odd manifest is no reason to fail
	}
	return t.UTC()
}

// day is the day that the release's name says.
func (w *writer) day() string {
	return strings.ReplaceAll(w.name[:len("2006.01.02")], ".", "-")
}

func (w *writer) write() (err error) {
	if err := os.Mkdir(w.dir, 0o755); err != nil {
		return err
	}
	// One thread writes a CSV file faster than two within this memory, in which they wait for
	// each other's rows to come in order; the packer has the other core.
	if w.db, err = engine.Open("", "set memory_limit = '300MB'", "set threads = 1", "set temp_directory = "+engine.Literal(filepath.Join(w.dir, "..", "spill"))); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.db.Close()) }()
	// The catalogue that is used is the connection's own.
	w.db.SetMaxOpenConns(1)
	if err := w.exec("attach %s as version (read_only)", engine.Literal(filepath.Join(w.plan.Version, "sanpi.duckdb"))); err != nil {
		return fmt.Errorf("open the version's database: %w", err)
	}
	steps := []struct {
		what string
		do   func() error
	}{
		{"copy the models", w.copySQL},
		{"read the version", w.describe},
		{"copy the Parquet files", w.copyParquet},
		{"copy the database", w.copyDatabase},
		{"write the CSV files", w.writeCSV},
		{"compare with the release before", w.writeChanges},
		{"describe the release", w.writePages},
		{"write the manifest", w.writeManifest},
		{"write the sums", w.writeSums},
	}
	for _, s := range steps {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return nil
}

func (w *writer) exec(format string, args ...any) error {
	_, err := w.db.ExecContext(w.ctx, fmt.Sprintf(format, args...))
	return err
}
