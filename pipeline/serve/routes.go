package serve

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/sanpi-data/sanpi/pipeline/site"
)

// handler is everything that a client may ask for.
func (s *server) handler(addr net.Addr) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", reads(s.health))
	mux.HandleFunc("/"+apiPath, s.query)
	mux.HandleFunc("/api/version", reads(s.version))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/openapi.json" {
			reads(s.page)(w, r)
			return
		}
		refuse("not_found", "there is no %s; /api/openapi.json tells what there is", r.URL.Path).write(w)
	})
	for _, lang := range site.Langs {
		mux.HandleFunc("/"+lang+"/result.html", reads(s.result))
	}
	mux.HandleFunc("/", reads(s.page))
	return s.around(mux, local(addr))
}

// reads lets the methods pass that only read.
func reads(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next(w, r)
			return
		}
		w.Header().Set("Allow", "GET, HEAD")
		refuse("wrong_method", "%s is not answered here; use GET or HEAD", r.Method).write(w)
	}
}

// pagePolicy is what a page may do. It stands in each page too, but for who may frame it,
// which only a header can say.
const pagePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// around is what all requests have in common.
func (s *server) around(next http.Handler, loopback bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		s.crowd.answering(r)
		seen := &watched{ResponseWriter: w}
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		defer func() {
			// A handler that panics with ErrAbortHandler cuts the connection on purpose.
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.plan.Log.Error("a request failed", "path", r.URL.Path, "panic", p)
				if seen.status == 0 {
					refusalOf(errors.New("panic")).write(seen)
				}
			}
			s.metrics.request(route(r.URL.Path), seen.status, time.Since(began))
			s.plan.Log.Info("request", "method", r.Method, "path", r.URL.Path, "status", seen.status, "bytes", seen.bytes,
				"ms", float64(time.Since(began).Microseconds())/1000, "client", clientOf(r, s.plan.Proxies).String())
		}()
		// A page elsewhere can give its name this machine's address, and ask in the name
		// of whoever looks at it; a server for this machine answers to local names only.
		if loopback && !localHost(r.Host) {
			refuse("not_allowed", "this server answers to localhost only; to serve others name an address with --addr").write(seen)
			return
		}
		next.ServeHTTP(seen, r)
	})
}

func local(addr net.Addr) bool {
	a, err := netip.ParseAddrPort(addr.String())
	return err == nil && a.Addr().IsLoopback()
}

func localHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return host == "" || strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost")
}

// route names what a path asks for, in few words.
func route(path string) string {
	switch {
	case path == "/"+apiPath:
		return "query"
	case path == "/healthz":
		return "health"
	case strings.HasPrefix(path, "/api/"):
		return "api"
	case strings.HasPrefix(path, "/data/"), strings.HasPrefix(path, "/release/"):
		return "download"
	case strings.HasPrefix(path, "/assets/"):
		return "asset"
	}
	return "page"
}

// watched remembers what was answered. Headers are those of the request's way through.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom counts what goes by the kernel's way.
func (w *watched) ReadFrom(from io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := io.Copy(w.ResponseWriter, from)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

var langMatcher = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// langOf is the language of the site that the browser asks for.
func langOf(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "en"
	}
	if _, i, _ := langMatcher.Match(tags...); i == 1 {
		return "zh"
	}
	return "en"
}

// version tells which version is served.
func (s *server) version(w http.ResponseWriter, r *http.Request) {
	e := s.edition.Load()
	w.Header().Set("Cache-Control", "no-cache")
	respond(w, r, http.StatusOK, mediaTypes[".json"], []byte(`{"version":`+strconv.Quote(e.version)+`,"created_at":`+strconv.Quote(e.made)+"}\n"))
}
