package serve

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/sanpi-data/sanpi/pipeline/site"
)

// page answers with a page, an asset or a file. What there is stands in the edition's two
// maps; no path leads anywhere else.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	e := s.edition.Load()
	name := strings.TrimPrefix(r.URL.Path, "/")
	switch {
	case name == "":
		w.Header().Set("Vary", "Accept-Language")
		w.Header().Set("Cache-Control", "no-cache")
		redirect(w, langOf(r)+"/index.html", http.StatusFound)
		return
	case strings.HasSuffix(name, "/"):
		name += "index.html"
	}
	if b := e.pages[name]; b != nil {
		b.serve(w, r)
		return
	}
	if f, ok := e.files[name]; ok {
		s.download(w, r, name, f)
		return
	}
	if e.pages[name+"/index.html"] != nil {
		redirect(w, path.Base(name)+"/index.html", http.StatusMovedPermanently)
		return
	}
	s.notFound(w, r)
}

// redirect leads to an address beside the one asked for, also behind a proxy that serves
// the site below a path of its own.
func redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}

// serve answers with a blob, compressed for whoever takes that.
func (b *blob) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", b.mediaType)
	h.Set("Cache-Control", "no-cache") // kept, and asked after: the next version may be here
	data, etag := b.data, b.etag
	if zipped := b.gzipped(); zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			data, etag = zipped, etag+"-gz"
		}
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// takesGzip reads Accept-Encoding; gzip;q=0 is a no. A range is always one of the file itself.
func takesGzip(r *http.Request) bool {
	if r.Header.Get("Range") != "" {
		return false
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// download answers with a file of the version: whole or in ranges, its hash the ETag. Text
// goes out compressed to whoever takes that and asks for no range of it. Parquet is
// compressed as it is, and a DuckDB file is read by ranges.
func (s *server) download(w http.ResponseWriter, r *http.Request, name string, f file) {
	open, err := os.Open(f.path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.plan.Log.Error("a file cannot be read", "path", f.path, "error", err.Error())
		}
		(&Refusal{Code: "unavailable", Message: "the file is not to be had at the moment; try again in a while", retryAfter: 5}).write(w)
		return
	}
	defer open.Close()
	h := w.Header()
	h.Set("Content-Type", mediaType(name))
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+f.sha256+`"`)
	h.Set("Content-Disposition", `attachment; filename="`+strings.NewReplacer(`"`, "", `\`, "").Replace(path.Base(name))+`"`)
	out := &steady{ResponseWriter: w, each: s.plan.Limits.Write}
	text := compressible(h.Get("Content-Type"))
	if text {
		h.Set("Vary", "Accept-Encoding")
	}
	if !text || !takesGzip(r) {
		http.ServeContent(out, r, "", time.Time{}, open)
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("ETag", `"`+f.sha256+`-gz"`)
	z := &zipping{ResponseWriter: out}
	http.ServeContent(z, r, "", time.Time{}, open)
	z.finish()
}

// zipping compresses a body on its way out. It keeps nothing between two writes: thousands
// of clients that read slowly hold no compressor each.
type zipping struct {
	http.ResponseWriter
	z *gzip.Writer // nil until there is a body: HEAD and 304 have none
}

func (w *zipping) Write(p []byte) (int, error) {
	if w.z == nil {
		w.z, _ = gzip.NewWriterLevel(w.ResponseWriter, gzip.StatelessCompression) // fails at unknown levels only
	}
	return w.z.Write(p)
}

func (w *zipping) finish() {
	if w.z != nil {
		w.z.Close() // a client that left hears nothing
	}
}

// portion is how much of a file a client has to read in Limits.Write.
const portion = 4 << 20

// steady gives each portion of a file its own time, so that a large file may take long
// while a client that stands still does not hold its connection.
type steady struct {
	http.ResponseWriter
	each time.Duration
}

func (w *steady) extend() {
	// A writer without deadlines, as of a test, has none to extend.
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(w.each))
}

func (w *steady) Write(p []byte) (int, error) {
	w.extend()
	return w.ResponseWriter.Write(p)
}

// ReadFrom keeps the kernel's own way from file to connection.
func (w *steady) ReadFrom(from io.Reader) (int64, error) {
	var total int64
	for {
		w.extend()
		n, err := io.CopyN(w.ResponseWriter, from, portion)
		total += n
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// notFound says so on a page of the site.
func (s *server) notFound(w http.ResponseWriter, r *http.Request) {
	lang := langOf(r)
	if first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); slices.Contains(site.Langs, first) {
		lang = first
	}
	body, err := site.Gone(lang, strings.Repeat("../", strings.Count(r.URL.Path, "/")-1))
	if err != nil {
		refusalOf(err).write(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept-Language")
	respond(w, r, http.StatusNotFound, mediaTypes[".html"], body)
}

// respond answers with a body made for the request.
func respond(w http.ResponseWriter, r *http.Request, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) // a client that left hears nothing
	}
}
