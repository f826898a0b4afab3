package source_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/source/sourcetest"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

const bulletin = "<html><title>签约项目353个</title><p>签约项目353个，总投资3045.8亿元。</p></html>"

// newPages keeps in a warehouse of its own and does not rest.
func newPages(t *testing.T) (*source.Pages, string) {
	t.Helper()
	dir := t.TempDir()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &source.Pages{
		Store: w, AllowPrivate: true, Rest: time.Microsecond, UserAgent: "sanpi/1.2 (+https://github.com/sanpi-data/sanpi)",
		Limits: source.Limits{Tries: 2, Wait: time.Millisecond, Redirects: 3, Bytes: 100_000, Silence: 200 * time.Millisecond, Time: 5 * time.Second},
	}, dir
}

func bring(t *testing.T, p *source.Pages, address string) (*source.Snapshot, string, error) {
	t.Helper()
	s, err := p.Get(t.Context(), address)
	if err != nil {
		return nil, "", err
	}
	t.Cleanup(func() { s.Close() })
	data, err := s.All(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if sum(data) != s.SHA256 {
		t.Errorf("%s: the hash is another's", address)
	}
	return s, string(data), nil
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

// What a page was fetched from, and when, stands beside its bytes.
func TestPagesKeep(t *testing.T) {
	p, dir := newPages(t)
	p.Now = func() time.Time { return time.Date(2022, 2, 28, 1, 2, 3, 0, time.UTC) }
	agent := ""
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/old":
			http.Redirect(w, r, "/new.html?token=geheim", http.StatusMovedPermanently)
		default:
			agent = r.Header.Get("User-Agent")
			w.Header().Set("Content-Type", "text/html; charset=gb2312")
			w.Header().Set("ETag", `"a1"`)
			w.Header().Set("Last-Modified", "Sat, 26 Feb 2022 09:00:00 GMT")
			io.WriteString(w, bulletin)
		}
	})
	s, got, err := bring(t, p, site+"/old?key=geheim#top")
	if err != nil || got != bulletin {
		t.Fatalf("%q, %v", got, err)
	}
	if s.MediaType != "text/html" || s.File != "new.html" || !s.Kept || agent != p.UserAgent {
		t.Errorf("media type %q, file %q, kept %v, user agent %q", s.MediaType, s.File, s.Kept, agent)
	}
	want := source.Fetch{
		URL: site + "/old?key=***", FinalURL: site + "/new.html?token=***", Status: 200, FetchedAt: "2022-02-28T01:02:03Z",
		ContentType: "text/html; charset=gb2312", Date: s.Fetch.Date, ETag: `"a1"`, LastModified: "Sat, 26 Feb 2022 09:00:00 GMT",
		File: "new.html", SHA256: sum([]byte(bulletin)), Size: int64(len(bulletin)),
	}
	if *s.Fetch != want {
		t.Errorf("got %+v\nwant %+v", *s.Fetch, want)
	}
	records, err := filepath.Glob(filepath.Join(dir, "raw", "fetched", "*", "*.json"))
	if err != nil || len(records) != 1 {
		t.Fatalf("records %v, %v", records, err)
	}
	data, err := os.ReadFile(records[0])
	var kept source.Fetch
	if err != nil || json.Unmarshal(data, &kept) != nil || kept != want || bytes.Contains(data, []byte("geheim")) {
		t.Errorf("kept %s, %v", data, err)
	}
}

// A page that did not change is not sent again; one that did is.
func TestPagesConditional(t *testing.T) {
	p, dir := newPages(t)
	body, sent, asked := bulletin, 0, 0
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		asked++
		tag := fmt.Sprintf("%q", sum([]byte(body))[:8])
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		io.WriteString(w, body)
	})
	for range 3 {
		if _, got, err := bring(t, p, site+"/a.html"); err != nil || got != bulletin {
			t.Fatalf("%q, %v", got, err)
		}
	}
	if asked != 3 || sent != 1 {
		t.Errorf("asked %d times, sent %d", asked, sent)
	}
	body = "更正：签约项目352个。"
	s, got, err := bring(t, p, site+"/a.html")
	if err != nil || got != body || s.Fetch.Status != 200 {
		t.Errorf("%q, %v", got, err)
	}
	if s, _, err = bring(t, p, site+"/a.html"); err != nil || s.Fetch.Status != 304 || s.Fetch.Size != int64(len(body)) {
		t.Errorf("%+v, %v", s, err)
	}
	// Both stand in the warehouse, and each fetch.
	if records, _ := filepath.Glob(filepath.Join(dir, "raw", "fetched", "*", "*.json")); len(records) != 5 {
		t.Errorf("records %v", records)
	}
	if _, err := os.Stat(filepath.Join(dir, "raw", sum([]byte(bulletin)))); err != nil {
		t.Error(err)
	}
	// Kept bytes that were lost or spoiled are asked for anew.
	at := filepath.Join(dir, "raw", sum([]byte(body)))
	for _, spoil := range []func() error{
		func() error { return os.Remove(at) },
		func() error { return os.WriteFile(at, []byte(body[:9]), 0o644) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if s, got, err := bring(t, p, site+"/a.html"); err != nil || got != body || s.Fetch.Status != 200 {
			t.Errorf("after a loss: %q, %v", got, err)
		}
	}
	// Other bytes of the same length are an error rather than a citation.
	if err := os.WriteFile(at, []byte(strings.Replace(body, "352", "999", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, got, err := bring(t, p, site+"/a.html"); err == nil && got != body {
		t.Errorf("after other bytes: %q", got)
	}
}

func TestPagesOffline(t *testing.T) {
	p, dir := newPages(t)
	asked := atomic.Int32{}
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=gb2312")
		io.WriteString(w, bulletin)
	})
	if _, _, err := bring(t, p, site+"/a.html?id=1"); err != nil {
		t.Fatal(err)
	}
	off := &source.Pages{Store: p.Store, Offline: true}
	before := asked.Load()
	s, got, err := bring(t, off, site+"/a.html?id=1#part")
	if err != nil || got != bulletin || s.Fetch.ContentType != "text/html; charset=gb2312" || s.MediaType != "text/html" || s.RetrievedAt.IsZero() {
		t.Fatalf("%q, %+v, %v", got, s, err)
	}
	for _, address := range []string{site + "/a.html?id=2", site + "/b.html", "s3://bucket/a.html"} {
		_, _, err := bring(t, off, address)
		var e *source.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), "network is not to be asked") || !strings.Contains(e.Mend, "without --offline") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked.Load() != before {
		t.Errorf("the server was asked offline")
	}
	// A record that was cut is passed over; the one before it counts.
	record, _ := filepath.Glob(filepath.Join(dir, "raw", "fetched", "*", "*.json"))
	if err := os.WriteFile(filepath.Join(filepath.Dir(record[0]), "000009.json"), []byte(`{"url": "http`), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := p.Stored(site + "/a.html?id=1"); err != nil || s.Size != int64(len(bulletin)) {
		t.Errorf("%v", err)
	} else {
		s.Close()
	}
	if _, err := (&source.Pages{}).Stored(site); err == nil {
		t.Error("nothing is stored, and no error")
	}
}

func TestPagesFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.html", "子/b.TXT", "c.pdf", "d.htm.gz", "e.csv", ".f.txt", "~$g.txt", "h.docx"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(bulletin), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := &source.Pages{Offline: true}
	for address, want := range map[string]string{
		"": "a.html c.pdf d.htm.gz 子/b.TXT", "a.html": "a.html", "*": "a.html c.pdf d.htm.gz", "**/*.TXT": "子/b.TXT", "e.csv": "e.csv", "h.docx": "h.docx",
	} {
		found, err := p.Find(t.Context(), filepath.Join(dir, address))
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		var names []string
		for _, a := range found {
			names = append(names, strings.TrimPrefix(a.Name, filepath.ToSlash(dir)+"/"))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q: found %q, want %q", address, got, want)
		}
	}
	s, got, err := bring(t, p, filepath.Join(dir, "a.html"))
	if err != nil || got != bulletin || s.Fetch != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.All(10); err == nil || !strings.Contains(err.Error(), "more than 10 bytes") {
		t.Errorf("%v", err)
	}
	for address, want := range map[string]string{dir: "one of 4", filepath.Join(dir, "*.csv"): "bulletins end in", filepath.Join(dir, "x"): "no such file"} {
		if _, _, err := bring(t, p, address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestRobots(t *testing.T) {
	for name, c := range map[string]struct {
		robots  func(w http.ResponseWriter, r *http.Request)
		yes, no []string
	}{
		"rules": {text("\ufeff# 规则\r\nUser-agent: *\r\nDisallow: /admin\r\nDisallow: /*.pdf$\nAllow: /admin/news/\nSitemap: x\nNonsense\n"),
			[]string{"/a.html", "/admin/news/1.html", "/b.pdf?x=1"}, []string{"/admin/1.html", "/b.pdf", "/moved"}},
		"for us":      {text("User-agent: *\nDisallow:\n\nUser-agent: Sanpi\nDisallow: /"), nil, []string{"/a.html"}},
		"for others":  {text("User-agent: *\nDisallow: /\n\nUser-agent: sanpi\nDisallow: /x\nCrawl-delay: 0.001"), []string{"/a.html"}, []string{"/x"}},
		"a name late": {text("Disallow: /\nUser-agent: *\nDisallow: /x\nCrawl-delay: soon"), []string{"/a.html"}, []string{"/x"}},
		"none":        {http.NotFound, []string{"/a.html"}, nil},
		"forbidden":   {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) }, []string{"/a.html"}, nil},
		"a page":      {text("<html>Disallow: / 页面不存在</html>"), []string{"/a.html"}, nil},
		"empty":       {text(""), []string{"/a.html"}, nil},
		"binary":      {text("\x00\xff\xfe\x01Disallow: /"), []string{"/a.html"}, nil},
		"endless":     {text("User-agent: *\nDisallow: /x\n#" + strings.Repeat("a", 2<<20)), []string{"/a.html"}, []string{"/x"}},
		"circle":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, []string{"/a.html"}, nil},
		"broken":      {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) }, nil, []string{"/a.html", "/b.html"}},
		"dropped":     {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, []string{"/a.html"}},
		"silent":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil, []string{"/a.html"}},
	} {
		p, _ := newPages(t)
		var mu sync.Mutex // a handler may outlive its request
		asked := map[string]int{}
		site := serve(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked[r.URL.Path]++
			mu.Unlock()
			switch r.URL.Path {
			case "/robots.txt":
				c.robots(w, r)
			case "/moved":
				http.Redirect(w, r, "/admin/1.html", http.StatusFound)
			default:
				io.WriteString(w, bulletin)
			}
		})
		for _, path := range c.yes {
			if _, _, err := bring(t, p, site+path); err != nil {
				t.Errorf("%s: %s: %v", name, path, err)
			}
		}
		for _, path := range c.no {
			_, _, err := bring(t, p, site+path)
			var e *source.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), "robots.txt") || e.Mend == "" {
				t.Errorf("%s: %s: %v", name, path, err)
			}
			mu.Lock()
			if asked[path] > 0 && path != "/moved" && path != "/b.pdf" { // the last was asked for with a query
				t.Errorf("%s: %s was asked for", name, path)
			}
			mu.Unlock()
		}
		mu.Lock()
		if len(c.yes) > 0 && name != "circle" && asked["/robots.txt"] != 1 {
			t.Errorf("%s: robots.txt was asked for %d times", name, asked["/robots.txt"])
		}
		if name == "broken" && asked["/robots.txt"] != p.Limits.Tries {
			t.Errorf("%s: robots.txt was asked for %d times", name, asked["/robots.txt"])
		}
		if asked["/admin/1.html"] > 0 {
			t.Errorf("%s: a redirect led past robots.txt", name)
		}
		mu.Unlock()
	}
	p, _ := newPages(t)
	p.IgnoreRobots = true
	if _, _, err := bring(t, p, serve(t, text("User-agent: *\nDisallow: /"))+"/a.html"); err != nil {
		t.Error(err)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

// A server is asked for one page at a time, however many are wanted.
func TestOneAtATime(t *testing.T) {
	p, _ := newPages(t)
	var now, most, all atomic.Int32
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		all.Add(1)
		time.Sleep(time.Millisecond)
		io.WriteString(w, bulletin)
		now.Add(-1)
	})
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			s, err := p.Get(t.Context(), fmt.Sprintf("%s/%d.html", site, i))
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	wait.Wait()
	if most.Load() != 1 || all.Load() != 21 {
		t.Errorf("%d at a time, %d requests", most.Load(), all.Load())
	}
	// Whoever waits for a turn may leave.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Get(ctx, site+"/a.html"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Neither directly, nor by a redirect, nor by robots.txt is a private network
// reached. A proxy stands for the public Internet.
func TestPagesPrivate(t *testing.T) {
	asked := map[string]int{}
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.String()]++
		switch r.URL.String() {
		case "http://rules.example/robots.txt", "http://open.example/moved":
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		default:
			io.WriteString(w, bulletin)
		}
	})
	for _, proxied := range []bool{false, true} {
		p, _ := newPages(t)
		p.AllowPrivate, p.IgnoreRobots = false, !proxied
		addresses := []string{site + "/a.html"}
		if proxied {
			at, err := url.Parse(site)
			if err != nil {
				t.Fatal(err)
			}
			p.Proxy = http.ProxyURL(at)
			if _, _, err := bring(t, p, "http://open.example/a.html"); err != nil {
				t.Error(err)
			}
			addresses = []string{"http://10.1.2.3/a.html", "http://rules.example/a.html", "http://open.example/moved"}
		}
		for _, address := range addresses {
			_, _, err := bring(t, p, address)
			var e *source.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), "private network") || asked[address] > 0 && !strings.HasSuffix(address, "moved") {
				t.Errorf("%s: %v", address, err)
			}
		}
	}
	if len(asked) != 4 || asked["http://169.254.169.254/latest"] > 0 {
		t.Errorf("asked for %v", asked)
	}
}

func TestPagesLie(t *testing.T) {
	pack := func(make func(io.Writer) io.WriteCloser, data []byte) []byte {
		var b bytes.Buffer
		z := make(&b)
		z.Write(data)
		z.Close()
		return b.Bytes()
	}
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	packed := func(as string, data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", as)
			w.Write(data)
		}
	}
	// raw answers by hand, since a server of the library does not lie.
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, out, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			out.WriteString("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + answer)
			out.Flush()
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, out)
		}
	}
	small := []byte(bulletin)
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		want   string // of the error; "" when the bulletin comes
	}{
		"gzip unasked":          {packed("gzip", pack(gz, small)), ""},
		"deflate unasked":       {packed("deflate", pack(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, small)), ""},
		"brotli unasked":        {packed("br", small), "not asked for"},
		"gzip that is none":     {packed("gzip", small), "broke off, 2 times"},
		"gzip cut":              {packed("gzip", pack(gz, small)[:40]), "broke off, 2 times"},
		"gzip of nothing":       {packed("gzip", nil), "broke off, 2 times"},
		"bomb":                  {packed("gzip", pack(gz, make([]byte, 50<<20))), "more than 100000 bytes"},
		"identity":              {packed("identity", small), ""},
		"longer than there is":  {raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(bulletin)+100, bulletin)), "broke off, 2 times"},
		"no length":             {raw("\r\n" + bulletin), ""},
		"said to be too long":   {raw("Content-Length: 99999999999\r\n\r\n" + bulletin), "more than 100000 bytes"},
		"length below zero":     {raw("Content-Length: -1\r\n\r\n" + bulletin), "no answer"},
		"no length but a word":  {raw("Content-Length: many\r\n\r\n" + bulletin), "no answer"},
		"chunks that break off": {raw("Transfer-Encoding: chunked\r\n\r\nfff\r\n" + bulletin), "broke off, 2 times"},
		"chunks that are none":  {raw("Transfer-Encoding: chunked\r\n\r\n" + bulletin), "broke off, 2 times"},
		"endless headers":       {raw(strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 20_000) + "\r\n"), "no answer"},
		"never ends": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, bulletin); err != nil {
					return
				}
			}
		}, "more than 100000 bytes"},
		"a byte now and then": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, "a")
				http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, "too slow"},
		"stalls": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, bulletin)
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "no byte came for too long"},
		"drops":               {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "no answer, after 2 tries"},
		"304 to no condition": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) }, "304 Not Modified"},
		"204":                 {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, "204"},
		"circle":              {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "after 3 redirects"},
		"to a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, "no answer"},
		"odd header": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", "\xff\x80")
			io.WriteString(w, bulletin)
		}, ""},
	} {
		p, dir := newPages(t)
		if strings.HasPrefix(name, "a byte") {
			p.Limits.Time = 300 * time.Millisecond
		}
		site := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/robots.txt" {
				c.handle(w, r)
			}
		})
		_, got, err := bring(t, p, site+"/a.html")
		var e *source.Error
		switch {
		case c.want == "":
			if err != nil || got != bulletin {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		case !errors.As(err, &e) || e.Mend == "" || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v; want %q", name, err, c.want)
		default:
			if left, err := os.ReadDir(filepath.Join(dir, "raw")); err != nil || len(left) != 0 {
				t.Errorf("%s: left behind %v, %v", name, left, err)
			}
		}
	}
}

func TestPagesRetry(t *testing.T) {
	p, _ := newPages(t)
	var told strings.Builder
	p.Log = slog.New(slog.NewTextHandler(&told, nil))
	faults := &sourcetest.Faults{Handler: text(bulletin)}
	site := serve(t, faults.ServeHTTP)
	if _, _, err := bring(t, p, site+"/robots-are-read.html"); err != nil {
		t.Fatal(err)
	}
	faults.Busy.Store(1)
	if _, got, err := bring(t, p, site+"/a.html"); err != nil || got != bulletin {
		t.Errorf("busy: %q, %v", got, err)
	}
	faults.Cut.Store(1)
	if _, got, err := bring(t, p, site+"/b.html"); err != nil || got != bulletin {
		t.Errorf("cut: %q, %v", got, err)
	}
	if !strings.Contains(told.String(), "no good answer") || !strings.Contains(told.String(), "broke off") {
		t.Errorf("told: %s", told.String())
	}
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
