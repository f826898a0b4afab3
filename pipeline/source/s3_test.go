package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/source/sourcetest"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// bucket is an object store with one bucket, ledgers.
type bucket struct {
	t       *testing.T
	backend gofakes3.Backend
	faults  *sourcetest.Faults
	url     string

	mu      sync.Mutex
	signers []string // the key that each request was signed with, "" for none
}

func newBucket(t *testing.T) *bucket {
	b := &bucket{t: t, backend: s3mem.New()}
	store := gofakes3.New(b.backend).Server()
	b.faults = &sourcetest.Faults{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, signer, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		signer, _, _ = strings.Cut(signer, "/")
		b.mu.Lock()
		b.signers = append(b.signers, signer)
		b.mu.Unlock()
		if signer == "stranger" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>`)
			return
		}
		store.ServeHTTP(w, r)
	})}
	server := httptest.NewServer(b.faults)
	t.Cleanup(server.Close)
	b.url = server.URL
	if err := b.backend.CreateBucket("ledgers"); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bucket) put(key string, data []byte) string {
	b.t.Helper()
	meta := map[string]string{"Last-Modified": "Sat, 26 Feb 2022 09:00:00 GMT"}
	if _, err := b.backend.PutObject("ledgers", key, meta, bytes.NewReader(data), int64(len(data)), nil); err != nil {
		b.t.Fatal(err)
	}
	return "s3://ledgers/" + key
}

func (b *bucket) finder() *source.Finder {
	return &source.Finder{
		S3:        source.S3{Endpoint: b.url, Region: "cn-north-1", AccessKey: "keeper", SecretKey: "geheim"},
		UserAgent: "sanpi/1.2 (+https://github.com/sanpi-data/sanpi)",
	}
}

// The store lies in a private network, which the operator's endpoint may.
func TestS3Conforms(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		b := newBucket(t)
		return sourcetest.Place{Finder: b.finder(), Faults: b.faults, Put: func(name string, data []byte) string {
			return b.put("2022/"+name, data)
		}}
	})
}

func TestFindObjects(t *testing.T) {
	b := newBucket(t)
	for _, key := range tree {
		b.put("台账/"+key, []byte(key))
	}
	b.put("台账/", nil) // consoles make such objects for folders
	b.put("其他/a.csv", nil)
	for address, want := range map[string][]string{
		"台账/": {
			"2021.tsv", "2021.txt.zst", "台账.xlsx", "台账[2021].csv", "太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv",
			"宏.XLSM", "旧.xls",
		},
		"台账/太原/":            {"太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv"},
		"台账/*.csv":          {"台账[2021].csv"},
		"台账/**/*.csv":       {"台账[2021].csv", "太原/2022年第一次.csv", "太原/深/a.csv"},
		"**/2022年*.{csv,x}": {"太原/2022年第一次.csv"},
		"台账/台账[2021].csv":   {"台账[2021].csv"},
		"台账/说明.docx":        {"说明.docx"},
	} {
		if got := names(t, b.finder(), "s3://ledgers/台账", "s3://ledgers/"+address); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", address, got, want)
		}
	}
	if got := names(t, b.finder(), "s3:/", "S3://ledgers"); len(got) != 10 || got[9] != "ledgers/台账/旧.xls" {
		t.Errorf("the whole bucket: %q", got)
	}
}

// More objects than one page of a listing.
func TestFindManyObjects(t *testing.T) {
	b := newBucket(t)
	for i := range 2345 {
		b.put(fmt.Sprintf("m/%04d.csv", i), nil)
	}
	got := names(t, b.finder(), "s3://ledgers/m", "s3://ledgers/m/")
	if len(got) != 2345 || !slices.IsSorted(got) || got[2344] != "2344.csv" {
		t.Errorf("found %d", len(got))
	}
}

func TestS3Bad(t *testing.T) {
	b := newBucket(t)
	b.put("文档/说明.pdf", nil)
	closed := httptest.NewServer(nil)
	closed.Close()
	at := func(change func(*source.S3)) *source.Finder {
		f := b.finder()
		f.Limits = source.Limits{Tries: 1, Wait: time.Millisecond}
		change(&f.S3)
		return f
	}
	same := at(func(*source.S3) {})
	for _, c := range []struct {
		f       *source.Finder
		address string
		want    []string
	}{
		{same, "s3://", []string{"names no bucket"}},
		{same, "s3://key:geheim@ledgers/a.csv", []string{"credentials do not belong", "AWS_ACCESS_KEY_ID"}},
		{same, "s3://ledgers/没有.csv", []string{"s3://ledgers/没有.csv", "404", "check the key"}},
		{same, "s3://nobucket/a.csv", []string{"404", "check the bucket's name"}},
		{same, "s3://nobucket/a/", []string{"404", "check the bucket's name"}},
		{same, "s3://ledgers/没有/", []string{"the prefix holds no ledgers;"}},
		{same, "s3://ledgers/文档/", []string{"the prefix holds no ledgers (1 other files)"}},
		{same, "s3://ledgers/文档/*.csv", []string{"no ledger matches (1 other files)"}},
		{same, "s3://ledgers/[a", []string{"a [ or { is open"}},
		{at(func(s *source.S3) { s.AccessKey = "stranger" }), "s3://ledgers/a.csv", []string{"403", "AWS_SECRET_ACCESS_KEY"}},
		{at(func(s *source.S3) { s.AccessKey = "stranger" }), "s3://ledgers/", []string{"403", "AWS_SECRET_ACCESS_KEY"}},
		{at(func(s *source.S3) { s.Endpoint = closed.URL }), "s3://ledgers/a.csv", []string{"no good answer from 127.0.0.1", "AWS_ENDPOINT_URL"}},
		{at(func(s *source.S3) { s.Endpoint = "http://u:geheim@h" }), "s3://ledgers/a.csv", []string{"correct AWS_ENDPOINT_URL"}},
		{at(func(s *source.S3) { s.Endpoint = b.url + "/path" }), "s3://ledgers/a.csv", []string{"correct AWS_ENDPOINT_URL"}},
		{at(func(s *source.S3) { s.AccessKey, s.CredentialsFile = "", "/nowhere" }), "s3://ledgers/a.csv", []string{"the credentials cannot be read", "AWS_SHARED_CREDENTIALS_FILE"}},
	} {
		_, err := get(t, c.f, c.address)
		var e *source.Error
		if !errors.As(err, &e) || e.Mend == "" || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", c.address, err)
			continue
		}
		for _, word := range c.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", c.address, err, word)
			}
		}
	}
}

// Requests are signed by whom the variables name, or by nobody.
func TestS3FromEnv(t *testing.T) {
	b := newBucket(t)
	address := b.put("a.csv", []byte("a"))
	profiles := filepath.Join(t.TempDir(), "credentials")
	text := "[default]\naws_access_key_id = first\naws_secret_access_key = x\n[office]\naws_access_key_id = second\naws_secret_access_key = x\n"
	if err := os.WriteFile(profiles, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, env := range map[string]map[string]string{
		"":       {"AWS_ENDPOINT_URL": b.url},
		"keeper": {"AWS_ENDPOINT_URL": b.url, "AWS_DEFAULT_REGION": "x", "AWS_ACCESS_KEY_ID": "keeper", "AWS_SECRET_ACCESS_KEY": "x", "AWS_PROFILE": "office"},
		"guest":  {"AWS_ENDPOINT_URL": "http://none.invalid", "AWS_ENDPOINT_URL_S3": b.url, "AWS_ACCESS_KEY_ID": "guest", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"},
		"second": {"AWS_ENDPOINT_URL": b.url, "AWS_REGION": "x", "AWS_SHARED_CREDENTIALS_FILE": profiles, "AWS_PROFILE": "office"},
	} {
		b.signers = nil
		f := &source.Finder{S3: source.S3FromEnv(func(name string) string { return env[name] })}
		if _, err := get(t, f, address); err != nil {
			t.Errorf("%q: %v", want, err)
		}
		if len(b.signers) == 0 || b.signers[len(b.signers)-1] != want {
			t.Errorf("signed by %q, want %q", b.signers, want)
		}
	}
}

// A store that cannot be listed is taken to hold what it held last.
func TestS3ListingFails(t *testing.T) {
	b := newBucket(t)
	w, err := warehouse.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	f := b.finder()
	f.Store, f.Limits = w, source.Limits{Tries: 1, Wait: time.Millisecond}
	b.put("2022/甲.csv", []byte("项目名称\n甲\n"))
	b.put("2022/乙.csv", []byte("项目名称\n乙\n"))
	open := func() (stale int) {
		t.Helper()
		found, err := f.Find(t.Context(), "s3://ledgers/2022/")
		if err != nil || len(found) != 2 {
			t.Fatalf("%v, %v", found, err)
		}
		for _, a := range found {
			s, err := a.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if s.Stale != nil {
				stale++
			}
		}
		return stale
	}
	if n := open(); n != 0 {
		t.Errorf("%d stale", n)
	}
	b.faults.Busy.Store(1000)
	if n := open(); n != 2 {
		t.Errorf("%d stale", n)
	}
	if _, err := f.Find(t.Context(), "s3://ledgers/2023/"); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a prefix that was never listed: %v", err)
	}
}
