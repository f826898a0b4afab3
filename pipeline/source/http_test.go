package source_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/source/sourcetest"
)

// shelf serves what was put.
type shelf struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (s *shelf) put(name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[name] = data
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[path.Base(r.URL.Path)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if strings.HasSuffix(r.URL.Path, ".xlsx") {
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	}
	w.Write(data)
}

func TestHTTPConforms(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		files := &shelf{}
		faults := &sourcetest.Faults{Handler: files}
		server := httptest.NewServer(faults)
		t.Cleanup(server.Close)
		return sourcetest.Place{
			Finder: &source.Finder{AllowPrivate: true}, Faults: faults,
			Put: func(name string, data []byte) string {
				files.put(name, data)
				return server.URL + "/a/" + url.PathEscape(name)
			},
		}
	})
}

// get opens an address and gives its snapshot.
func get(t *testing.T, f *source.Finder, address string) (*source.Snapshot, error) {
	t.Helper()
	found, err := f.Find(t.Context(), address)
	if err != nil {
		return nil, err
	}
	s, err := found[0].Open(t.Context())
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func TestPage(t *testing.T) {
	var asked *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		switch r.URL.Path {
		case "/export":
			w.Header().Set("Content-Disposition", r.URL.Query().Get("as"))
			w.Header().Set("Content-Type", "text/csv; charset=gb18030")
			w.Header().Set("Last-Modified", "Sat, 26 Feb 2022 09:00:00 GMT")
		case "/moved":
			http.Redirect(w, r, "/new/"+url.PathEscape("台账.csv"), http.StatusFound)
		}
	}))
	defer server.Close()
	f := &source.Finder{AllowPrivate: true, UserAgent: "sanpi/1.2 (+https://github.com/sanpi-data/sanpi)"}
	for disposition, want := range map[string]string{
		`attachment; filename="ledger.csv"`:                                "ledger.csv",
		`attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6.csv`:              "台账.csv",
		`attachment; filename="台账.csv"`:                                    "台账.csv",
		`attachment; filename="%E5%8F%B0%E8%B4%A6.csv"`:                    "台账.csv",
		`attachment; filename="../../etc/passwd"`:                          "passwd",
		`attachment; filename="C:\\台账\\a.csv"`:                             "a.csv",
		`attachment; filename=".."`:                                        "export",
		`inline`:                                                           "export",
		`attachment; filename="a.csv"; filename*=UTF-8''%E5%8F%B0%20b.csv`: "台 b.csv",
	} {
		s, err := get(t, f, server.URL+"/export?as="+url.QueryEscape(disposition))
		if err != nil {
			t.Fatal(err)
		}
		if s.File != want {
			t.Errorf("%s: file %q, want %q", disposition, s.File, want)
		}
		if s.MediaType != "text/csv" || s.ModifiedAt.Format(time.DateOnly) != "2022-02-26" {
			t.Errorf("%s: media type %q, modified at %v", disposition, s.MediaType, s.ModifiedAt)
		}
	}
	if got := asked.Header.Get("User-Agent"); got != f.UserAgent {
		t.Errorf("user agent %q", got)
	}
	s, err := get(t, f, server.URL+"/moved?token=geheim")
	if err != nil {
		t.Fatal(err)
	}
	if s.File != "台账.csv" || asked.Header.Get("Referer") != "" {
		t.Errorf("after a redirect: file %q, referer %q", s.File, asked.Header.Get("Referer"))
	}
}

func TestPageBad(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/circle":
			http.Redirect(w, r, "/circle?password=geheim", http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, "ftp://geheim@example.cn/", http.StatusFound)
		case "/403":
			w.WriteHeader(http.StatusForbidden)
		case "/410":
			w.WriteHeader(http.StatusGone)
		case "/204":
			w.WriteHeader(http.StatusNoContent)
		case "/429":
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/500":
			w.WriteHeader(http.StatusInternalServerError)
		case "/large":
			w.Header().Set("Transfer-Encoding", "chunked")
			w.Write(make([]byte, 100_000))
		case "/hangup":
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	f := &source.Finder{AllowPrivate: true, Limits: source.Limits{Tries: 2, Wait: time.Millisecond, Redirects: 3, Bytes: 50_000}}
	login := strings.Replace(server.URL, "http://", "http://user:geheim@", 1)
	closed := httptest.NewServer(nil)
	closed.Close()
	for address, want := range map[string][]string{
		login + "/circle?token=geheim":   {"stopped after 3 redirects", "/circle?token=***"},
		login + "/elsewhere":             {"there is no answer"},
		login + "/403?key=geheim":        {"403 Forbidden;", "it wants a login"},
		login + "/410":                   {"410 Gone;", "may have moved"},
		login + "/204":                   {"204 No Content;", "save the file"},
		login + "/429?Signature=geheim":  {"429 Too Many Requests;", "2h0m0s of rest"}, // asked once
		login + "/500":                   {"500 Internal Server Error, 2 times", "try again later"},
		login + "/large":                 {"more than 50000 bytes", "smaller part"},
		login + "/hangup?pwd=geheim":     {"no answer, after 2 tries", "EOF"},
		closed.URL + "/a?token=geheim":   {"no answer, after 2 tries", "connection refused"},
		"http://geheim@/a.csv":           {"names no host"},
		"http://user:geheim@[::1/a":      {"cannot be read"},
		"https://user:geheim@h:port/":    {"cannot be read"},
		"HTTP://user:geheim@:80/?a=b%zz": {"names no host"},
	} {
		_, err := get(t, f, address)
		var e *source.Error
		if !errors.As(err, &e) || e.Mend == "" || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", address, err)
			continue
		}
		for _, word := range want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", address, err, word)
			}
		}
	}
}

func TestNamesHoldNoSecrets(t *testing.T) {
	for address, want := range map[string]string{
		"https://u:geheim@a.cn/台账.csv#frag":                              "https://a.cn/%E5%8F%B0%E8%B4%A6.csv",
		"HTTPS://a.cn/x?page=2&name=%E5%A4%AA%E5%8E%9F":                  "https://a.cn/x?page=2&name=%E5%A4%AA%E5%8E%9F",
		"https://a.cn/x?token=geheim&id=3":                               "https://a.cn/x?token=***&id=3",
		"https://a.cn/x?access%5Ftoken=geheim":                           "https://a.cn/x?access%5Ftoken=***",
		"https://a.cn/x?X-Amz-Signature=geheim&X-Amz-Date=20220226":      "https://a.cn/x?X-Amz-Signature=***&X-Amz-Date=20220226",
		"https://a.cn/x?OSSAccessKeyId=geheim&Signature=geheim":          "https://a.cn/x?OSSAccessKeyId=***&Signature=***",
		"https://a.cn/x?pwd=geheim":                                      "https://a.cn/x?pwd=***",
		"https://a.cn/x?d=geheim0a1b2c3d4e5f6a7b8":                       "https://a.cn/x?d=***",
		"https://a.cn/x?geheim0a1b2c3d4e5f6a7b8":                         "https://a.cn/x?***",
		"https://a.cn/x?code=140100&keyword=ledger&author=li&signed=y":   "https://a.cn/x?code=140100&keyword=ledger&author=li&signed=y",
		"https://a.cn/x?file=project-ledger-of-zones.csv&from=2022-01-1": "https://a.cn/x?file=project-ledger-of-zones.csv&from=2022-01-1",
	} {
		found, err := (&source.Finder{}).Find(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		if found[0].Name != want {
			t.Errorf("%s:\n got %s\nwant %s", address, found[0].Name, want)
		}
	}
}

// Neither a private address, nor a name of one, nor a redirect to one is opened
// unless it is allowed; and none is tried twice.
func TestPrivateNetworks(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "169.254.169.254", "10.1.2.3", "[fe80::1]", "[64:ff9b::7f00:1]"} {
		_, err := get(t, &source.Finder{Limits: source.Limits{Tries: 1}}, "http://"+host+port+"/")
		if err == nil {
			t.Errorf("%s was opened", host)
		} else if host != "2130706433" && !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked != 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

// An operator's proxy may lie in a private network; what it is asked for may
// not.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "http://169.254.169.254/meta", http.StatusFound)
		}
		io.WriteString(w, "a,b\n")
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	f := &source.Finder{Proxy: http.ProxyURL(at), Limits: source.Limits{Tries: 1}}
	if s, err := get(t, f, "http://ledgers.example/a.csv"); err != nil || s.Size != 4 {
		t.Errorf("through the proxy: %v", err)
	}
	for _, address := range []string{"http://10.0.0.1/", "http://LOCALHOST./", "http://ledgers.example/redirect"} {
		if _, err := get(t, f, address); err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(asked) != 2 {
		t.Errorf("the proxy was asked for %q", asked)
	}
}

// Tries that failed are told, without secrets.
func TestLog(t *testing.T) {
	faults := &sourcetest.Faults{Handler: http.NotFoundHandler()}
	faults.Busy.Store(1)
	server := httptest.NewServer(faults)
	defer server.Close()
	var told strings.Builder
	f := &source.Finder{AllowPrivate: true, Limits: source.Limits{Wait: time.Millisecond}, Log: slog.New(slog.NewTextHandler(&told, nil))}
	if _, err := get(t, f, server.URL+"/a?token=geheim"); err == nil {
		t.Error("a missing page was opened")
	}
	if !strings.Contains(told.String(), "no good answer") || !strings.Contains(told.String(), "token=***") || strings.Contains(told.String(), "geheim") {
		t.Errorf("told: %s", told.String())
	}
}

// countingStore counts what it keeps.
type countingStore struct {
	dir  string
	kept int
}

func (s *countingStore) KeepReader(r io.Reader) (string, error) {
	s.kept++
	f, err := os.Create(filepath.Join(s.dir, "kept"))
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.Copy(f, r)
	return "kept", err
}

func (s *countingStore) OpenKept(string) (*os.File, error) {
	return os.Open(filepath.Join(s.dir, "kept"))
}
