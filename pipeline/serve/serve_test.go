package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/release"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	models "github.com/sanpi-data/sanpi/sql"
)

// scratch is removed after all tests.
var scratch string

func TestMain(m *testing.M) {
	if os.Getenv(workerMark) != "" {
		if err := Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	var err error
	if scratch, err = os.MkdirTemp("", "sanpi-serve-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// publish makes a version in a warehouse.
func publish(dir string, asOf time.Time) error {
	_, err := pipeline.Run(context.Background(), pipeline.Plan{
		Warehouse: dir, Datasets: []fs.FS{datasets.FS}, SQL: models.FS, Program: "test", Code: asOf.String(), Workers: 2,
		Now: asOf, Log: slog.New(slog.DiscardHandler),
	})
	return err
}

// shared is a warehouse that tests only read.
var shared = sync.OnceValue(func() string {
	dir := filepath.Join(scratch, "warehouse")
	if err := publish(dir, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil {
		panic(err)
	}
	return dir
})

// running is a server under test.
type running struct {
	t    *testing.T
	base string
	addr string
	stop func() error
}

// start serves a warehouse until the test ends. change may alter the usual plan.
func start(t *testing.T, dir string, change func(*Plan)) *running {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{Warehouse: dir, Worker: []string{program}, Limits: Usual(), Log: slog.New(slog.DiscardHandler)}
	plan.Limits.Rate = 0
	plan.Limits.Look = 20 * time.Millisecond
	if change != nil {
		change(&plan)
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- Serve(ctx, plan, l, nil, func(string) { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("serve: %v", err)
	}
	r := &running{t: t, addr: l.Addr().String(), base: "http://" + l.Addr().String()}
	r.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return r
}

// await asks until the status is as wanted.
func (r *running) await(path string, status int, otherwise string) {
	r.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); r.get(path).StatusCode != status; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatal(otherwise)
		}
	}
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body []byte
}

func (r *running) do(method, path string, header map[string]string, body string) reply {
	r.t.Helper()
	request, err := http.NewRequest(method, r.base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{response, data}
}

func (r *running) get(path string) reply { r.t.Helper(); return r.do("GET", path, nil, "") }

// sql asks by GET.
func (r *running) sql(text string) reply {
	r.t.Helper()
	return r.get("/api/query?sql=" + url.QueryEscape(text))
}

// code is that of a refusal; "" for a result.
func (a reply) code(t *testing.T) string {
	t.Helper()
	if a.StatusCode == http.StatusOK {
		return ""
	}
	var got struct{ Error Refusal }
	if err := json.Unmarshal(a.body, &got); err != nil || got.Error.Message == "" {
		t.Fatalf("status %d with %q, which is no refusal: %v", a.StatusCode, a.body, err)
	}
	if codes[got.Error.Code] != a.StatusCode {
		t.Errorf("the code %q came with status %d", got.Error.Code, a.StatusCode)
	}
	return got.Error.Code
}

// one is the only value of a result.
func (a reply) one(t *testing.T) string {
	t.Helper()
	var got struct{ Rows [][]json.RawMessage }
	if err := json.Unmarshal(a.body, &got); err != nil || len(got.Rows) != 1 || len(got.Rows[0]) != 1 {
		t.Fatalf("not one value: status %d, %s", a.StatusCode, a.body)
	}
	return string(got.Rows[0][0])
}

func TestPages(t *testing.T) {
	r := start(t, shared(), nil)
	for path, want := range map[string]string{
		"/en/index.html": "<!DOCTYPE html>", "/zh/zones.html": "开发区", "/en/": "<!DOCTYPE html>", "/en/sql.html": `content="../api/query"`,
		"/assets/site.css": "--paper", "/api/openapi.json": `"openapi"`, "/data/SHA256SUMS": "  tables/claims/", "/api/version": `"version":`,
	} {
		a := r.get(path)
		if a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), want) {
			t.Errorf("GET %s: status %d, without %q", path, a.StatusCode, want)
		}
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
			if a.Header.Get(name) != value {
				t.Errorf("GET %s: %s is %q, want %q", path, name, a.Header.Get(name), value)
			}
		}
		if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe-inline") {
			t.Errorf("GET %s: the policy is %q", path, csp)
		}
		head := r.do("HEAD", path, nil, "")
		if len(head.body) != 0 || head.StatusCode != http.StatusOK || head.ContentLength != int64(len(a.body)) {
			t.Errorf("HEAD %s: status %d, %d bytes said for %d", path, head.StatusCode, head.ContentLength, len(a.body))
		}
	}
	for accept, want := range map[string]string{"": "en/index.html", "zh-CN,zh;q=0.9,en;q=0.5": "zh/index.html", "zh-TW": "zh/index.html", "de, fr;q=0.3": "en/index.html", "en-GB,zh;q=0.2": "en/index.html", ";;;": "en/index.html"} {
		a := r.do("GET", "/", map[string]string{"Accept-Language": accept}, "")
		if a.StatusCode != http.StatusFound || a.Header.Get("Location") != want {
			t.Errorf("GET / in %q: status %d to %q, want %q", accept, a.StatusCode, a.Header.Get("Location"), want)
		}
	}
}

// The pages served are those that sanpi site writes, and what is added for SQL.
func TestPagesAreTheSites(t *testing.T) {
	r := start(t, shared(), nil)
	for _, path := range []string{"/en/index.html", "/zh/cities.html", "/en/coverage.html"} {
		plain := r.get(path)
		zipped := r.do("GET", path, map[string]string{"Accept-Encoding": "br, gzip"}, "")
		if zipped.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: not compressed", path)
		}
		z, err := gzip.NewReader(bytes.NewReader(zipped.body))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(z)
		if err != nil || !bytes.Equal(data, plain.body) {
			t.Errorf("%s: the compressed page is another: %v", path, err)
		}
		if zipped.Header.Get("ETag") == plain.Header.Get("ETag") {
			t.Errorf("%s: compressed and plain have one ETag", path)
		}
		if no := r.do("GET", path, map[string]string{"Accept-Encoding": "gzip;q=0"}, ""); no.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed for who does not take it", path)
		}
		if again := r.do("GET", path, map[string]string{"If-None-Match": plain.Header.Get("ETag")}, ""); again.StatusCode != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%s: asked again, status %d with %d bytes", path, again.StatusCode, len(again.body))
		}
	}
}

func TestNotFound(t *testing.T) {
	r := start(t, shared(), nil)
	for _, path := range []string{"/nothing", "/zh/zones/nothing.html", "/data/", "/data", "/data/tables", "/..%2f..%2fetc/passwd", "/data/..%2fmanifest.json", "/data/%2e%2e/manifest.json",
		"/en/../../etc/passwd", "/data/sanpi.duckdb/../../CURRENT", "/assets/", "/%00", "/en/index.html%00.png", `/data/..\manifest.json`, "//etc/passwd", "/data/manifest.json", "/release/x", "/.sanpi-site", "/en/result.html/x"} {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path)
		answer, err := io.ReadAll(conn)
		conn.Close()
		if err != nil {
			t.Fatal(err)
		}
		status := strings.Fields(string(answer))[1]
		if status != "404" && status != "400" && status != "301" && status != "307" {
			t.Errorf("GET %s: status %s", path, status)
		}
		if strings.Contains(string(answer), "root:") || strings.Contains(string(answer), "sha256") {
			t.Errorf("GET %s gave a file: %.200s", path, answer)
		}
	}
	if a := r.get("/zh/zones/nothing.html"); !strings.Contains(string(a.body), `lang="zh-Hans"`) || !strings.Contains(string(a.body), `"../../assets/site.css"`) {
		t.Errorf("the page that is not there is not said in its language: %s", a.body)
	}
	if a := r.get("/api/nothing"); a.code(t) != "not_found" {
		t.Errorf("/api/nothing: %s", a.body)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"} {
		if a := r.do(method, "/en/index.html", nil, ""); a.code(t) != "wrong_method" || a.Header.Get("Allow") == "" {
			t.Errorf("%s: status %d, Allow %q", method, a.StatusCode, a.Header.Get("Allow"))
		}
	}
}

func TestDownloads(t *testing.T) {
	dir := shared()
	r := start(t, dir, nil)
	version, err := warehouse.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := warehouse.ReadManifest(version)
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Outputs) < 20 {
		t.Fatalf("only %d files", len(manifest.Outputs))
	}
	for _, o := range manifest.Outputs {
		a := r.get("/data/" + o.Path)
		sum := sha256.Sum256(a.body)
		if hex.EncodeToString(sum[:]) != o.SHA256 || a.Header.Get("ETag") != `"`+o.SHA256+`"` {
			t.Errorf("%s: the bytes or the ETag are not the manifest's", o.Path)
		}
	}
	const path = "/data/sanpi.duckdb"
	whole := r.get(path)
	size := len(whole.body)
	for _, c := range []struct {
		header string
		status int
		want   []byte
	}{
		{"bytes=0-99", 206, whole.body[:100]},
		{"bytes=100-", 206, whole.body[100:]},
		{"bytes=-7", 206, whole.body[size-7:]},
		{fmt.Sprintf("bytes=%d-%d", size-5, size+100), 206, whole.body[size-5:]},
		{fmt.Sprintf("bytes=%d-", size), 416, nil},
		{"bytes=5-2", 416, nil},
		{"bytes=a-b", 416, nil},
		{"bytes=--5", 416, nil},
		{"bytes=99999999999999999999-", 416, nil},
		{"lines=1-2", 416, nil},
		{"", 200, whole.body},
		{"bytes=" + strings.Repeat("0-,", 2000) + "0-", 200, whole.body}, // more than the file: whole, once
	} {
		a := r.do("GET", path, map[string]string{"Range": c.header}, "")
		if a.StatusCode != c.status || c.want != nil && !bytes.Equal(a.body, c.want) {
			t.Errorf("Range %.40q: status %d with %d bytes, want %d with %d", c.header, a.StatusCode, len(a.body), c.status, len(c.want))
		}
	}
	if a := r.do("GET", path, map[string]string{"Range": "bytes=0-9", "If-Range": `"another"`}, ""); a.StatusCode != 200 || len(a.body) != size {
		t.Errorf("If-Range of another version: status %d, %d bytes", a.StatusCode, len(a.body))
	}
	if a := r.do("GET", path, map[string]string{"Range": "bytes=0-9", "If-Range": whole.Header.Get("ETag")}, ""); a.StatusCode != 206 {
		t.Errorf("If-Range of this version: status %d", a.StatusCode)
	}
}

// A release is offered as it lies on the disk. Its text goes out compressed, as another
// variant of the same file, to whoever takes that; a range is always one of the file itself.
func TestReleaseDownloads(t *testing.T) {
	dir := shared()
	version, err := warehouse.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	releases := t.TempDir()
	if _, err := release.Make(context.Background(), release.Plan{Version: version, Dir: releases, Name: "2026.01.02", SQL: models.FS}); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, func(p *Plan) { p.Release = releases })
	root := filepath.Join(releases, "2026.01.02")
	zipped := map[string]int{} // by the file's ending
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		path := "/release/2026.01.02/" + filepath.ToSlash(rel)
		plain := r.get(path)
		if plain.StatusCode != http.StatusOK || !bytes.Equal(plain.body, want) || plain.ContentLength != int64(len(want)) {
			t.Errorf("%s: status %d, and %d bytes which are not the file's %d", path, plain.StatusCode, len(plain.body), len(want))
			return nil
		}
		taken := r.do("GET", path, map[string]string{"Accept-Encoding": "gzip, deflate, br"}, "")
		if taken.Header.Get("Content-Encoding") == "" {
			if taken.Header.Get("ETag") != plain.Header.Get("ETag") || !bytes.Equal(taken.body, want) {
				t.Errorf("%s: another file for who takes gzip", path)
			}
			return nil
		}
		zipped[filepath.Ext(name)]++
		z, err := gzip.NewReader(bytes.NewReader(taken.body))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: the compressed file is another: %v", path, err)
		}
		for _, a := range []reply{plain, taken} {
			if a.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Vary is %q", path, a.Header.Get("Vary"))
			}
		}
		tag := taken.Header.Get("ETag")
		if tag == plain.Header.Get("ETag") || tag == "" {
			t.Errorf("%s: compressed and plain have the ETag %s", path, tag)
		}
		if again := r.do("GET", path, map[string]string{"Accept-Encoding": "gzip", "If-None-Match": tag}, ""); again.StatusCode != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%s: asked again, status %d with %d bytes", path, again.StatusCode, len(again.body))
		}
		if head := r.do("HEAD", path, map[string]string{"Accept-Encoding": "gzip"}, ""); head.StatusCode != http.StatusOK || head.Header.Get("ETag") != tag || head.ContentLength >= 0 {
			t.Errorf("HEAD %s: status %d, ETag %s, %d bytes, which nobody knows yet", path, head.StatusCode, head.Header.Get("ETag"), head.ContentLength)
		}
		if part := r.do("GET", path, map[string]string{"Accept-Encoding": "gzip", "Range": "bytes=2-4"}, ""); part.StatusCode != http.StatusPartialContent || part.Header.Get("Content-Encoding") != "" || !bytes.Equal(part.body, want[2:5]) {
			t.Errorf("%s: of bytes 2 to 4 came %q with status %d", path, part.body, part.StatusCode)
		}
		if whole := r.do("GET", path, map[string]string{"Accept-Encoding": "gzip", "Range": "bytes=2-4", "If-Range": tag}, ""); whole.StatusCode != http.StatusOK || !bytes.Equal(whole.body, want) {
			t.Errorf("%s: a range of the compressed file: status %d with %d bytes, want the whole file", path, whole.StatusCode, len(whole.body))
		}
		if ext := filepath.Ext(name); ext == ".csv" && len(want) > 100_000 && len(taken.body) > len(want)/4 {
			t.Errorf("%s: %d bytes compressed to %d", path, len(want), len(taken.body))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ext := range []string{".csv", ".json", ".md"} {
		if zipped[ext] == 0 {
			t.Errorf("no %s came compressed", ext)
		}
	}
	for _, ext := range []string{".parquet", ".duckdb", ".zst"} {
		if zipped[ext] != 0 {
			t.Errorf("%d %s came compressed", zipped[ext], ext)
		}
	}
}

func TestQuery(t *testing.T) {
	r := start(t, shared(), nil)
	const text = "select count(*) from claims"
	want := r.sql(text).one(t)
	if want == "0" {
		t.Fatal("there are no claims")
	}
	post := func(body string) reply {
		return r.do("POST", "/api/query", map[string]string{"Content-Type": "application/json"}, body)
	}
	for _, body := range []string{
		`{"sql": "select count(*) from claims"}`, `{"sql": "select count(*) from claims;"}`, `{"sql": "select count(*) from claims -- all"}`,
		`{"sql": "select count(*) from claims where campaign = any_value or true", "params": null}`,
	} {
		a := post(strings.ReplaceAll(body, "campaign = any_value or true", "true"))
		if a.one(t) != want {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	shanxi := r.sql("select count(*) from claims where campaign = 'shanxi'").one(t)
	for _, body := range []string{
		`{"sql": "select count(*) from claims where campaign = $1", "params": ["shanxi"]}`,
		`{"sql": "select count(*) from claims where campaign = ?", "params": ["shanxi"]}`,
		`{"sql": "select count(*) from claims where campaign = $c and $n = 1 and $t", "params": {"c": "shanxi", "n": 1, "t": true}}`,
	} {
		if a := post(body); a.one(t) != shanxi || shanxi == want {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if got := r.get("/api/query?sql=select+%241%3A%3Abigint&params=[9007199254740993]").one(t); got != `"9007199254740993"` {
		t.Errorf("a number too long for a double came as %s", got)
	}
	for _, c := range []struct{ format, accept, want, starts string }{
		{"csv", "", "text/csv; charset=utf-8", "a,b\n1,\"\"\n"},
		{"ndjson", "", "application/x-ndjson; charset=utf-8", `{"a":1,"b":""}`},
		{"parquet", "", "application/vnd.apache.parquet", "PAR1"},
		{"arrow", "", "application/vnd.apache.arrow.stream", "\xff\xff\xff\xff"},
		{"", "text/csv, */*;q=0.1", "text/csv; charset=utf-8", "a,b"},
		{"", "text/html, application/*;q=0.8", "application/json; charset=utf-8", `{"columns"`},
		{"", "*/*", "application/json; charset=utf-8", `{"columns"`},
		{"csv", "application/json", "text/csv; charset=utf-8", "a,b"},
	} {
		a := r.do("GET", "/api/query?sql="+url.QueryEscape("select 1 as a, '' as b")+"&format="+c.format, map[string]string{"Accept": c.accept}, "")
		if c.format == "" {
			a = r.do("GET", "/api/query?sql="+url.QueryEscape("select 1 as a, '' as b"), map[string]string{"Accept": c.accept}, "")
		}
		if a.Header.Get("Content-Type") != c.want || !strings.HasPrefix(string(a.body), c.starts) {
			t.Errorf("format %q, Accept %q: %s, %.60q", c.format, c.accept, a.Header.Get("Content-Type"), a.body)
		}
	}
	for _, text := range []string{"describe claims", "show tables", "summarize rounds", "from rounds", "values (1)", "with a as (select 1) from a", "explain select 1", "pivot rounds on year in (2021, 2022)", "select * from duckdb_columns() limit 1", "select 1 -- ;", "select ';'"} {
		if a := r.sql(text); a.StatusCode != 200 {
			t.Errorf("%s: %s", text, a.body)
		}
	}
}

func TestWrongRequests(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.SQL = 2000 })
	type asked struct{ method, path, media, body, code string }
	for _, c := range []asked{
		{"GET", "/api/query", "", "", "bad_request"},
		{"GET", "/api/query?sql=", "", "", "bad_request"},
		{"GET", "/api/query?sql=%20", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&sql=select+2", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&sqll=1", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&format=xml", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&params=", "", "", ""},
		{"GET", "/api/query?sql=select+1&params=1", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&params=[[1]]", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&params=[", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+1&params=[1e999]", "", "", "bad_request"},
		{"GET", "/api/query?sql=select+$1", "", "", "bad_sql"},
		{"GET", "/api/query?sql=select+1%00", "", "", "bad_request"},
		{"GET", "/api/query?sql=%ff%fe", "", "", "bad_sql"},
		{"GET", "/api/query?sql=" + strings.Repeat("x", 2001), "", "", "too_long"},
		{"GET", "/api/query?sql=--", "", "", "bad_sql"},
		{"GET", "/api/query?sql=selec", "", "", "bad_sql"},
		{"GET", "/api/query?sql=select+1/0::int%3Bselect", "", "", "bad_request"}, // a bare semicolon is no part of an address
		{"POST", "/api/query", "", `{"sql":"select 1"}`, "wrong_media_type"},
		{"POST", "/api/query", "text/plain", `{"sql":"select 1"}`, "wrong_media_type"},
		{"POST", "/api/query", "application/json; charset=utf-8", `{"sql":"select 1"}`, ""},
		{"POST", "/api/query", "application/json", ``, "bad_request"},
		{"POST", "/api/query", "application/json", `[]`, "bad_request"},
		{"POST", "/api/query", "application/json", `{"sql": 1}`, "bad_request"},
		{"POST", "/api/query", "application/json", `{"sql":"select 1"} {}`, "bad_request"},
		{"POST", "/api/query", "application/json", `{"sql":"select 1","limit":1}`, "bad_request"},
		{"POST", "/api/query", "application/json", `{"sql":"` + strings.Repeat("x", 4000) + `"}`, "too_long"},
		{"POST", "/api/query?sql=select+1", "application/json", `{"sql":"select 1"}`, "bad_request"},
		{"POST", "/api/query?format=csv", "application/json", `{"sql":"select 1"}`, ""},
		{"DELETE", "/api/query", "", "", "wrong_method"},
	} {
		a := r.do(c.method, c.path, map[string]string{"Content-Type": c.media}, c.body)
		if got := a.code(t); got != c.code && !(strings.Contains(c.path, "%3B") && got == "bad_sql") && !(strings.Contains(c.path, "%3B") && got == "not_allowed") {
			t.Errorf("%s %.60s %.40s: %q, want %q: %.200s", c.method, c.path, c.body, got, c.code, a.body)
		}
	}
	if a := r.do("GET", "/api/query?sql=select+1", map[string]string{"Accept": "image/png"}, ""); a.code(t) != "not_acceptable" {
		t.Errorf("Accept image/png: %s", a.body)
	}
}

// What a stranger may try, and what comes of it: nothing, said plainly, and the next one
// is answered.
func TestAttacks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "warehouse")
	if err := publish(dir, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, func(p *Plan) {
		p.Limits.Time, p.Limits.Memory, p.Limits.Result = 2*time.Second, 128<<20, 1<<20
	})
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("word\nsesame\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	before := listing(t, dir)
	want := r.sql("select count(*) from claims").one(t)
	for text, codes := range map[string]string{
		"select * from read_csv('" + secret + "')":                   "not_allowed",
		"select * from '" + secret + "'":                             "not_allowed bad_sql",
		"select * from read_text('/etc/passwd')":                     "not_allowed",
		"select * from read_blob('" + dir + "/CURRENT')":             "not_allowed",
		"select * from glob('/etc/*')":                               "not_allowed",
		"select * from read_parquet('http://127.0.0.1:1/x.parquet')": "not_allowed bad_sql",
		"select * from sniff_csv('" + secret + "')":                  "not_allowed bad_sql",
		"select * from read_duckdb('" + secret + "')":                "not_allowed bad_sql",
		"select * from parquet_metadata('/etc/passwd')":              "not_allowed bad_sql",
		"select * from query('copy claims to ''/tmp/x''')":           "not_allowed bad_sql",
		"attach '" + secret + ".db' as other":                        "not_allowed",
		"copy claims to '" + secret + ".out'":                        "not_allowed",
		"copy claims from '" + secret + "'":                          "not_allowed bad_sql",
		"export database '" + secret + ".dir'":                       "not_allowed",
		"install httpfs":                                             "not_allowed",
		"load httpfs":                                                "not_allowed",
		"set enable_external_access = true":                          "not_allowed",
		"set memory_limit = '100GB'":                                 "not_allowed",
		"reset lock_configuration":                                   "not_allowed",
		"pragma enable_profiling":                                    "not_allowed bad_sql",
		"call enable_logging()":                                      "not_allowed bad_sql",
		"set variable x = 1":                                         "not_allowed",
		"create temp table x as select 1":                            "not_allowed",
		"create macro rounds() as 1":                                 "not_allowed",
		"create secret s (type s3)":                                  "not_allowed bad_sql",
		"insert into claims from claims":                             "not_allowed bad_sql",
		"delete from claims":                                         "not_allowed bad_sql",
		"drop table claims":                                          "not_allowed bad_sql",
		"begin transaction":                                          "not_allowed",
		"prepare p as select 1":                                      "not_allowed",
		"checkpoint":                                                 "not_allowed bad_sql",
		"vacuum":                                                     "not_allowed bad_sql",
		"use memory":                                                 "not_allowed bad_sql",
		"detach sanpi":                                               "not_allowed bad_sql",
		"select 1; select 2":                                         "not_allowed",
		"select 1; attach 'x.db'":                                    "not_allowed",
		"explain analyze create temp table x as select 1":            "not_allowed ok",
		"select * from range(1000000000)":                            "out_of_memory too_slow result_too_large ok",
		"select i, repeat('x', 1000) from range(5000) as r(i)":       "result_too_large",
		"select count(*) from range(100000000000)":                   "too_slow",
		"select count(*) from range(1000000) a, range(1000000) b where a.range * b.range = 7":    "too_slow",
		"with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t": "too_slow out_of_memory",
		"select repeat('x', 2000000000)":                       "out_of_memory bad_sql result_too_large too_slow",
		"select length(repeat(repeat('x', 1000000), 1000000))": "out_of_memory bad_sql too_slow",
		"select list(i) from range(1000000000) as r(i)":        "out_of_memory too_slow",
		"select count(*) from (select distinct i, i * 7 as j, i::varchar || 'abcdefghijklmnop' from range(200000000) as r(i))": "out_of_memory too_slow",
		"select regexp_matches(repeat('a', 40000), '(a*)*(a*)*(a*)*b')":                                                        "too_slow ok bad_sql",
		"select " + strings.Repeat("(", 20000) + "1" + strings.Repeat(")", 20000):                                              "bad_sql ok",
		"select " + strings.Repeat("1+", 20000) + "1":                                                                          "bad_sql ok",
		"select " + strings.Repeat("not ", 12000) + "true":                                                                     "bad_sql ok",
	} {
		began := time.Now()
		a := r.sql(text)
		code := a.code(t)
		if code == "" {
			code = "ok"
		}
		if !slices.Contains(strings.Fields(codes), code) {
			t.Errorf("%.80s: %s, want %s: %.300s", text, code, codes, a.body)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%.80s: took %s", text, took)
		}
		if strings.Contains(string(a.body), "sesame") || strings.Contains(string(a.body), "root:") {
			t.Errorf("%.80s gave a file away: %.200s", text, a.body)
		}
		if got := r.sql("select count(*) from claims").one(t); got != want {
			t.Errorf("after %.80s: %s claims of %s", text, got, want)
		}
	}
	if after := listing(t, dir); after != before {
		t.Errorf("the warehouse has changed from\n%s\nto\n%s", before, after)
	}
}

// A statement does not suffer for what others took before it.
func TestMemoryOfOthers(t *testing.T) {
	r := start(t, shared(), func(p *Plan) {
		p.Limits.Workers, p.Limits.Time, p.Limits.Memory = 1, 5*time.Second, 128<<20
	})
	deep := []string{
		"select " + strings.Repeat("(", 20000) + "1" + strings.Repeat(")", 20000),
		"select " + strings.Repeat("1+", 20000) + "1",
		"select " + strings.Repeat("not ", 12000) + "true",
	}
	for range 4 {
		for _, hungry := range append(deep, "select count(*) from (select distinct i, i::varchar || 'abcdefghijklmnop' from range(200000000) as r(i))",
			"select i, repeat('x', 1000) from range(5000000) as r(i)", "select regexp_matches(repeat('a', 40000), '(a*)*(a*)*(a*)*b')") {
			r.sql(hungry)
			for _, modest := range append(deep, "select count(distinct i) from range(500000) as r(i)") {
				if a := r.sql(modest); a.code(t) == "out_of_memory" {
					t.Errorf("%.60s after %.60s: %.200s", modest, hungry, a.body)
				}
			}
		}
	}
}

// listing is every file of a folder with its size.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && !e.IsDir() {
			fmt.Fprintln(&b, path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What one statement sets, the next does not find.
func TestNothingStays(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.Workers = 1 })
	if a := r.sql("explain analyze create temp table left_behind as select 1"); a.StatusCode == 200 {
		if a := r.sql("from left_behind"); a.code(t) != "bad_sql" {
			t.Errorf("a temporary table outlives its statement: %s", a.body)
		}
	}
	if got := r.sql("select current_setting('memory_limit')").one(t); got != `"512.0 MiB"` {
		t.Errorf("the bound of memory is %s", got)
	}
	for setting, want := range map[string]string{"enable_external_access": "false", "lock_configuration": "true", "temp_directory": `""`, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"} {
		if got := r.sql("select current_setting('" + setting + "')").one(t); got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
}

func TestQueue(t *testing.T) {
	r := start(t, shared(), func(p *Plan) {
		p.Limits.Workers, p.Limits.Waiting, p.Limits.Wait, p.Limits.Time = 1, 2, 300*time.Millisecond, 2*time.Second
	})
	const slow = "select count(*) from range(100000000000)"
	var wg sync.WaitGroup
	var busy, tooSlow atomic.Int64
	for range 6 {
		wg.Go(func() {
			switch r.sql(slow).code(t) {
			case "busy":
				busy.Add(1)
			case "too_slow":
				tooSlow.Add(1)
			}
		})
	}
	wg.Wait()
	if busy.Load() != 5 || tooSlow.Load() != 1 {
		t.Errorf("%d were told to come back and %d were stopped, want 5 and 1", busy.Load(), tooSlow.Load())
	}
	if got := r.sql("select 1").one(t); got != "1" {
		t.Errorf("afterwards: %s", got)
	}
}

// A client that leaves takes its statement with it.
func TestClientLeaves(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.Workers, p.Limits.Time, p.Limits.Wait = 1, time.Minute, 30*time.Second })
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", r.base+"/api/query?sql="+url.QueryEscape("select count(*) from range(100000000000)"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
		t.Fatal("an endless statement was answered")
	}
	began := time.Now()
	if got := r.sql("select 1").one(t); got != "1" || time.Since(began) > 20*time.Second {
		t.Errorf("the only worker was free after %s: %s", time.Since(began), got)
	}
}

func TestRates(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.Rate, p.Limits.Burst = 0.1, 3 })
	for range 3 {
		if a := r.sql("select 1"); a.StatusCode != 200 {
			t.Fatalf("within the burst: %s", a.body)
		}
	}
	a := r.do("GET", "/api/query?sql=select+1", map[string]string{"X-Forwarded-For": "203.0.113.9"}, "")
	if a.code(t) != "too_many" || a.Header.Get("Retry-After") == "" {
		t.Errorf("beyond the burst, with a made-up origin: %s, Retry-After %q", a.body, a.Header.Get("Retry-After"))
	}
	if a := r.get("/en/index.html"); a.StatusCode != 200 {
		t.Errorf("pages are refused too: %d", a.StatusCode)
	}
}

func TestHostNames(t *testing.T) {
	r := start(t, shared(), nil)
	for host, status := range map[string]int{"localhost": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "evil.example": 403, "localhost.evil.example": 403, "sanpi.localhost": 200} {
		if a := r.do("GET", "/en/index.html", map[string]string{"Host": host}, ""); a.StatusCode != status {
			t.Errorf("Host %s: status %d, want %d", host, a.StatusCode, status)
		}
	}
}

// A version that is published while clients ask is served soon, and nobody is refused.
func TestNewVersion(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "warehouse")
	if err := publish(dir, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, nil)
	served := func() string { return string(r.get("/api/version").body) }
	first := served()
	var asking sync.WaitGroup
	var done atomic.Bool
	var asked atomic.Int64
	for _, path := range []string{"/en/index.html", "/api/query?sql=select+count(*)+from+claims", "/data/marts/trend_series.parquet", "/api/query?sql=from+claims&format=parquet"} {
		for range 2 {
			asking.Go(func() {
				for !done.Load() {
					if a := r.get(path); a.StatusCode != 200 {
						t.Errorf("%s: status %d: %.200s", path, a.StatusCode, a.body)
						return
					}
					asked.Add(1)
					time.Sleep(20 * time.Millisecond) // the run beside it needs the machine too
				}
			})
		}
	}
	for i := range 3 {
		before := served()
		if err := publish(dir, time.Date(2026, 2, 3+i, 4, 5, 6, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(time.Minute); served() == before; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the new version is not served within a minute")
			}
		}
	}
	done.Store(true)
	asking.Wait()
	if served() == first || asked.Load() < 20 {
		t.Errorf("%d requests were answered meanwhile", asked.Load())
	}
}

// A warehouse that vanishes leaves the pages standing, and what is gone is said.
func TestWarehouseVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "warehouse")
	if err := publish(dir, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, func(p *Plan) { p.Limits.Workers = 1 })
	if a := r.get("/healthz"); a.StatusCode != 200 {
		t.Fatalf("before: %s", a.body)
	}
	if err := os.Rename(dir, dir+"-gone"); err != nil {
		t.Fatal(err)
	}
	r.await("/healthz", 503, "nobody is told that the warehouse is gone")
	if a := r.get("/zh/index.html"); a.StatusCode != 200 {
		t.Errorf("a page: status %d", a.StatusCode)
	}
	if a := r.get("/data/sanpi.duckdb"); a.code(t) != "unavailable" {
		t.Errorf("a file: %.200s", a.body)
	}
	if a := r.sql("select count(*) from claims"); a.StatusCode != 200 {
		t.Errorf("SQL on the open database: %s", a.body)
	}
	if err := os.Rename(dir+"-gone", dir); err != nil {
		t.Fatal(err)
	}
	r.await("/healthz", 200, "the warehouse is back, and nobody is told")
	if a := r.get("/data/sanpi.duckdb"); a.StatusCode != 200 {
		t.Errorf("afterwards: status %d", a.StatusCode)
	}
}

// Thousands of connections that say their request a byte at a time, or nothing, do not
// keep others out.
func TestSlowConnections(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.Connections, p.Limits.Header = 500, 3*time.Second })
	const many = 10_000
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for i := range many {
		c, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		conns = append(conns, c)
		if i%2 == 0 {
			io.WriteString(c, "GET /en/index.html HT") // some are closed already
		}
		if len(conns) == 2000 { // a machine may not allow more open files
			if a := r.get("/en/index.html"); a.StatusCode != 200 {
				t.Fatalf("beside %d slow connections: status %d", i, a.StatusCode)
			}
			if got := r.sql("select 1").one(t); got != "1" {
				t.Fatalf("beside %d slow connections: %s", i, got)
			}
			for _, c := range conns[:1000] {
				c.Close()
			}
			conns = slices.Delete(conns, 0, 1000)
		}
	}
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatal("a slow connection is open still")
		}
	}
}

// A client that reads nothing is let go; its request does not hold the end up.
func TestShutdown(t *testing.T) {
	r := start(t, shared(), func(p *Plan) { p.Limits.Time = time.Minute })
	answered := make(chan reply, 1)
	go func() { answered <- r.sql("select count(*) from range(3000000000)") }()
	time.Sleep(300 * time.Millisecond)
	began := time.Now()
	if err := r.stop(); err != nil {
		t.Errorf("the end: %v", err)
	}
	if a := <-answered; a.StatusCode != 200 {
		t.Errorf("a statement at work at the end: status %d: %s", a.StatusCode, a.body)
	}
	if time.Since(began) > 30*time.Second {
		t.Errorf("the end took %s", time.Since(began))
	}
	if _, err := net.Dial("tcp", r.addr); err == nil {
		t.Error("the address still answers")
	}
}

// Without a script the form leads to a page with the result.
func TestResultPage(t *testing.T) {
	r := start(t, shared(), nil)
	a := r.get("/zh/result.html?sql=" + url.QueryEscape("select '<b>x</b>' as name, 280000000000::decimal(18,4) as amount, null as unknown from range(3)"))
	text := string(a.body)
	for _, want := range []string{`lang="zh-Hans"`, "&lt;b&gt;x&lt;/b&gt;", "280000000000.0000", `<abbr class="na"`, `action="result.html"`, "共 3 行"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page is without %s", want)
		}
	}
	if a := r.get("/en/result.html?sql=" + url.QueryEscape("selec </textarea><script>alert(1)</script>")); a.StatusCode != 400 || strings.Contains(string(a.body), "<script>alert") || !strings.Contains(string(a.body), `role="alert"`) {
		t.Errorf("wrong SQL: status %d", a.StatusCode)
	}
	if a := r.get("/en/result.html?sql=select+*+from+range(5000)"); !strings.Contains(string(a.body), "The first 1000 rows") {
		t.Error("a long result does not say that it is cut")
	}
}

// The description lists the codes and formats that there are.
func TestDescription(t *testing.T) {
	var d struct {
		Components struct {
			Schemas map[string]struct {
				Enum       []string
				Properties map[string]struct {
					Properties map[string]struct{ Enum []string }
				}
			}
			Responses map[string]any
		}
	}
	if err := json.Unmarshal(openAPI, &d); err != nil {
		t.Fatal(err)
	}
	got := d.Components.Schemas["Refusal"].Properties["error"].Properties["code"].Enum
	slices.Sort(got)
	var want []string
	for code := range codes {
		want = append(want, code)
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("codes described: %q, codes there are: %q", got, want)
	}
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	if !slices.Equal(d.Components.Schemas["Format"].Enum, names) {
		t.Errorf("formats described: %q, formats there are: %q", d.Components.Schemas["Format"].Enum, names)
	}
}

// The docs list the metrics that there are.
func TestDocsListMetrics(t *testing.T) {
	text, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, docs, _ := strings.Cut(string(text), "### Of the server")
	docs, _, _ = strings.Cut(docs, "\n## ")
	var listed []string
	for _, m := range regexp.MustCompile("`(sanpi_[a-z_]+)`").FindAllStringSubmatch(docs, -1) {
		listed = append(listed, m[1])
	}
	s := &server{gate: newGate(1, 1, time.Second), crowd: newCrowd(1)}
	m := newMetrics(s)
	m.request("page", 200, time.Second)
	m.statement(time.Second)
	m.refused("busy")
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, f := range families {
		there = append(there, f.GetName())
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) {
		t.Errorf("the docs list %q, and there are %q", listed, there)
	}
}
