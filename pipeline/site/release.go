package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Release is a researchers' release that the site offers beside its own files.
type Release struct {
	Name    string
	Files   []warehouse.Output // by their path in the release
	Archive warehouse.Output   // the same in one file; the zero value when there is none

	dir string
}

// releaseManifest is what the site needs of a release's manifest.json.
type releaseManifest struct {
	Release   string `json:"release"`
	Warehouse string `json:"warehouse_version"`
	Files     []struct {
		Path   string `json:"path"`
		Bytes  int64  `json:"bytes"`
		SHA256 string `json:"sha256"`
	} `json:"files"`
}

// ReadRelease reads a release, or the newest in a folder of releases, which must have
// been made of the version that the site shows.
func ReadRelease(dir, version string) (*Release, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		if target, linkErr := filepath.EvalSymlinks(filepath.Join(dir, "latest")); linkErr == nil {
			dir = target
			data, err = os.ReadFile(filepath.Join(dir, "manifest.json"))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the release: %w; name a folder that sanpi release wrote", err)
	}
	var m releaseManifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the release %s: %w; make it anew with sanpi release", dir, err)
	}
	if m.Warehouse != version {
		return nil, fmt.Errorf("read the release %s: it was made of version %s, and the site shows %s; make a release of that with sanpi release", dir, m.Warehouse, version)
	}
	r := &Release{Name: m.Release, dir: dir}
	for _, f := range m.Files {
		if !fs.ValidPath(f.Path) {
			return nil, fmt.Errorf("read the release %s: its file %q lies outside of it; make it anew with sanpi release", dir, f.Path)
		}
		r.Files = append(r.Files, warehouse.Output{Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
	}
	for _, name := range []string{"manifest.json", "SHA256SUMS"} { // which cannot list themselves
		f, err := output(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read the release: %w; make it anew with sanpi release", err)
		}
		r.Files = append(r.Files, f)
	}
	archive, err := output(filepath.Dir(dir), filepath.Base(dir)+".tar.zst")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the release's archive: %w", err)
	}
	if err == nil {
		r.Archive = archive
	}
	return r, nil
}

// output weighs a file.
func output(dir, name string) (warehouse.Output, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return warehouse.Output{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return warehouse.Output{Path: name, Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// Download is a file that a site offers: where it lies, and its address below the root.
type Download struct{ File, Address, SHA256 string }

// Downloads are the files of the release.
func (r *Release) Downloads() []Download {
	var all []Download
	for _, f := range r.Files {
		all = append(all, Download{filepath.Join(r.dir, filepath.FromSlash(f.Path)), "release/" + r.Name + "/" + f.Path, f.SHA256})
	}
	if r.Archive.Path != "" {
		all = append(all, Download{filepath.Join(filepath.Dir(r.dir), r.Archive.Path), "release/" + r.Archive.Path, r.Archive.SHA256})
	}
	return all
}

// releaseSection offers the release: its archive, and the files that people open. Its
// Parquet files and SQL stand in SHA256SUMS.
func (p *page) releaseSection(r *Release) section {
	s := section{ID: "release", Title: p.T("release_title", r.Name), Lead: []string{p.T("release_lead")}}
	t := table{ID: "release-files", Caption: p.T("release_caption"), Note: p.T("release_note"), Columns: []column{{Title: p.T("file")}, {Title: p.T("size"), Class: "num"}, {Title: "SHA-256"}}}
	add := func(o warehouse.Output, at string) {
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: o.Path, Head: true, Href: p.Root(at + escapePath(o.Path))},
			{Text: size(o.Bytes), Value: machine(float64(o.Bytes)), Class: "num"}, {Text: o.SHA256, Class: "hash"}}})
	}
	if r.Archive.Path != "" {
		add(r.Archive, "release/")
	}
	for _, f := range r.Files {
		if !strings.HasPrefix(f.Path, "parquet/") && !strings.HasPrefix(f.Path, "sql/") {
			add(f, "release/"+escapePath(r.Name)+"/")
		}
	}
	s.Tables = []table{t.finish()}
	return s
}
