package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/site"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// edition is one published version as it is served: its pages in memory, its files on the
// disk, and the workers that answer SQL on it.
type edition struct {
	version string
	made    string
	pages   map[string]*blob
	files   map[string]file
	frame   map[string][2][]byte // of a page with a result, by language: before and after it
	pool    *pool
	held    *os.File // open for as long as the version is served, so that gc leaves it
}

// file is one to download.
type file struct {
	path   string // on the disk
	sha256 string
}

// blob is a page or an asset.
type blob struct {
	data      []byte
	mediaType string
	etag      string

	once   sync.Once
	zipped []byte // nil when that is not smaller
}

// gzipped is the blob compressed, when it is asked for first.
func (b *blob) gzipped() []byte {
	b.once.Do(func() {
		if len(b.data) < 512 || !compressible(b.mediaType) {
			return
		}
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		z.Write(b.data) // to memory, which takes all
		z.Close()
		if out.Len() < len(b.data) {
			b.zipped = out.Bytes()
		}
	})
	return b.zipped
}

// compressible says whether files of this type shrink and are read from their beginning.
func compressible(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") || strings.Contains(mediaType, "json") ||
		strings.Contains(mediaType, "svg") || strings.Contains(mediaType, "wasm")
}

// mediaTypes of what a site consists of; the machine's own table may say otherwise.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".json": "application/json; charset=utf-8", ".wasm": "application/wasm", ".csv": "text/csv; charset=utf-8",
	".md": "text/markdown; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".sql": "text/plain; charset=utf-8",
	".parquet": "application/vnd.apache.parquet", ".duckdb": "application/vnd.duckdb", ".zst": "application/zstd",
	".jsonld": "application/ld+json", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func mediaType(name string) string {
	if t := mediaTypes[filepath.Ext(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

// apiPath is where SQL is asked, below the site's root.
const apiPath = "api/query"

// open makes ready to serve the version that is published now.
func (s *server) open(ctx context.Context) (*edition, error) {
	dir, err := warehouse.Current(s.plan.Warehouse)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("open the version: %w", err)
	}
	manifest, err := warehouse.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	e := &edition{version: manifest.Version, made: manifest.CreatedAt, pages: map[string]*blob{}, files: map[string]file{}, frame: map[string][2][]byte{}}
	if e.held, err = os.Open(filepath.Join(dir, "manifest.json")); err != nil {
		return nil, fmt.Errorf("open the version: %w", err)
	}
	if err := s.fill(ctx, e, dir, manifest); err != nil {
		e.held.Close()
		return nil, err
	}
	if e.pool, err = newPool(ctx, s.plan.Worker, settings{Dir: dir, MemoryBytes: s.plan.Limits.Memory, Threads: s.plan.Limits.Threads}, s.plan.Limits.Workers, &s.restarts, s.plan.Log); err != nil {
		e.held.Close()
		return nil, err
	}
	return e, nil
}

func (s *server) fill(ctx context.Context, e *edition, dir string, manifest *warehouse.Manifest) error {
	about := site.EditionOf(manifest)
	about.Campaign, about.API = s.plan.Campaign, apiPath
	for _, o := range about.Outputs {
		e.files["data/"+o.Path] = file{filepath.Join(dir, filepath.FromSlash(o.Path)), o.SHA256}
	}
	if s.plan.Release != "" {
		r, err := site.ReadRelease(s.plan.Release, manifest.Version)
		if err != nil {
			s.plan.Log.Warn("the release is not offered", "error", err.Error())
		} else {
			about.Release = r
			for _, c := range r.Downloads() {
				e.files[c.Address] = file{c.File, c.SHA256}
			}
		}
	}
	db, err := engine.OpenReadOnly(filepath.Join(dir, "sanpi.duckdb"))
	if err != nil {
		return err
	}
	defer db.Close()
	pages, err := site.Pages(ctx, db, about, s.plan.FrontEnd)
	if err != nil {
		return err
	}
	for _, lang := range site.Langs {
		name := lang + "/result.html"
		before, after, ok := bytes.Cut(pages[name], []byte(site.ResultMark))
		if !ok {
			return fmt.Errorf("open the version: the page %s has no place for a result", name)
		}
		e.frame[lang] = [2][]byte{before, after}
		delete(pages, name)
	}
	pages["data/SHA256SUMS"] = site.Sums(about.Outputs)
	pages["api/openapi.json"] = openAPI
	for name, data := range pages {
		sum := sha256.Sum256(data)
		e.pages[name] = &blob{data: data, mediaType: mediaType(name), etag: hex.EncodeToString(sum[:16])}
	}
	return nil
}

// close lets a version go when what is asked of it has been answered.
func (e *edition) close() {
	e.pool.close()
	e.held.Close()
}

// follow looks for a new version until ctx ends. One that cannot be opened leaves the one
// of before in service.
func (s *server) follow(ctx context.Context) {
	every := time.NewTicker(s.plan.Limits.Look)
	defer every.Stop()
	var failed string
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		dir, err := warehouse.Current(s.plan.Warehouse)
		s.gone.Store(err != nil)
		if err != nil {
			if failed != err.Error() {
				failed = err.Error()
				s.plan.Log.Warn("the warehouse cannot be read; the version of before is served", "error", failed)
			}
			continue
		}
		before := s.edition.Load()
		if filepath.Base(dir) == before.version {
			failed = ""
			continue
		}
		began := time.Now()
		next, err := s.open(ctx)
		if err != nil {
			if failed != err.Error() {
				failed = err.Error()
				s.plan.Log.Error("a new version cannot be served; the one of before is", "version", filepath.Base(dir), "error", failed)
			}
			continue
		}
		failed = ""
		s.edition.Store(next)
		s.plan.Log.Info("serving a new version", "version", next.version, "seconds", time.Since(began).Seconds())
		before.close()
	}
}

// health is what a watcher asks: 200 when pages, files and SQL are to be had.
func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case s.leaving.Load():
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "shutting down")
	case s.gone.Load():
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "the warehouse cannot be read; pages are those of", s.edition.Load().version)
	default:
		fmt.Fprintln(w, "ok", s.edition.Load().version)
	}
}
