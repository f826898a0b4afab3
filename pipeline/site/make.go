package site

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Plan says what to make a site of, and where.
type Plan struct {
	Edition
	From     string // folder of the published version
	DB       *sql.DB
	Dir      string // folder of the site: new, empty, or a site of ours
	FrontEnd fs.FS  // the built front end; nil for none
	NoData   bool   // pages only: no files to download
}

// Result says what was made.
type Result struct {
	Pages, Files int
	Bytes        int64
}

// ErrForeign is a folder that holds something other than a site of ours.
var ErrForeign = errors.New("holds something other than a site")

// ours is what lies at the root of a site.
var ours = []string{stamp, "index.html", "assets", "data", "release", "en", "zh"}

// stamp is the file by which a folder is known as a site of ours.
const stamp = ".sanpi-site"

// Make writes the site into a new folder beside Dir and gives it Dir's name, so that
// whoever serves Dir sees the site of before or the new one, and never a part of either.
func Make(ctx context.Context, p Plan) (Result, error) {
	var r Result
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return r, fmt.Errorf("find the folder of the site: %w", err)
	}
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target // a link stays a link, to a new site
	}
	if err := mayReplace(dir); err != nil {
		return r, err
	}
	edition := p.Edition
	if p.NoData {
		edition.Outputs = nil
	}
	files, err := Pages(ctx, p.DB, edition, p.FrontEnd)
	if err != nil {
		return r, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return r, fmt.Errorf("make room for the site: %w; choose a folder you may write to", err)
	}
	aside, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return r, fmt.Errorf("make room for the site: %w; choose a folder you may write to", err)
	}
	defer os.RemoveAll(aside) // fails to find it once it has its name
	if err := os.Chmod(aside, 0o755); err != nil {
		return r, fmt.Errorf("make room for the site: %w", err)
	}
	if !p.NoData {
		files["data/SHA256SUMS"] = Sums(edition.Outputs)
	}
	files[stamp] = []byte(edition.Version + "\n")
	for _, name := range files.Paths() {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if err := write(filepath.Join(aside, filepath.FromSlash(name)), files[name]); err != nil {
			return r, err
		}
		r.Files++
		r.Bytes += int64(len(files[name]))
		if strings.HasSuffix(name, ".html") {
			r.Pages++
		}
	}
	for _, o := range edition.Outputs {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		n, err := copyFile(filepath.Join(p.From, filepath.FromSlash(o.Path)), filepath.Join(aside, "data", filepath.FromSlash(o.Path)))
		if err != nil {
			return r, err
		}
		r.Files++
		r.Bytes += n
	}
	if edition.Release != nil {
		for _, c := range edition.Release.Downloads() {
			if err := ctx.Err(); err != nil {
				return r, err
			}
			n, err := copyFile(c.File, filepath.Join(aside, filepath.FromSlash(c.Address)))
			if err != nil {
				return r, err
			}
			r.Files++
			r.Bytes += n
		}
	}
	return r, swap(aside, dir)
}

// mayReplace refuses a folder in which something else may be lost.
func mayReplace(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look into the folder of the site: %w; choose another", err)
	case len(entries) == 0:
		return nil
	case !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == stamp }):
		return fmt.Errorf("write the site: %s %w; choose a new folder, or empty it", dir, ErrForeign)
	}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) {
			return fmt.Errorf("write the site: %s %w: %s; move that elsewhere", dir, ErrForeign, e.Name())
		}
	}
	return nil
}

// swap gives the new folder the name of the old one, and removes that.
func swap(aside, dir string) error {
	old := aside + "-old"
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the site in its place: %w; choose a folder you may write to", err)
	}
	hadOld := err == nil
	if err := os.Rename(aside, dir); err != nil {
		if hadOld {
			err = errors.Join(err, os.Rename(old, dir))
		}
		return fmt.Errorf("put the site in its place: %w", err)
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("remove the site of before: %w; the new one is in place, remove %s", err, old)
	}
	return nil
}

// Sums is what sha256sum checks.
func Sums(outputs []warehouse.Output) []byte {
	var b strings.Builder
	for _, o := range outputs {
		fmt.Fprintf(&b, "%s  %s\n", o.SHA256, o.Path)
	}
	return []byte(b.String())
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write the site: %w", err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("write the site: %w; choose a place with room", err)
	}
	return nil
}

func copyFile(from, to string) (n int64, err error) {
	source, err := os.Open(from)
	if err != nil {
		return 0, fmt.Errorf("copy a file: %w; make what it is of anew", err)
	}
	defer source.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return 0, fmt.Errorf("write the site: %w", err)
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return 0, fmt.Errorf("write the site: %w", err)
	}
	n, err = io.Copy(target, source)
	if closeErr := target.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return n, fmt.Errorf("copy %s into the site: %w; choose a place with room", filepath.Base(from), err)
	}
	return n, nil
}
