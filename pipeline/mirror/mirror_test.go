package mirror_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"gocloud.dev/blob"

	"github.com/sanpi-data/sanpi/pipeline/mirror"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// publish publishes a version of two files, of which "same" is the same in all.
func publish(t *testing.T, dir, name string) {
	t.Helper()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	v, err := w.NewVersion(name)
	if err != nil {
		t.Fatal(err)
	}
	m := &warehouse.Manifest{Version: name}
	for path, text := range map[string]string{"marts/same.parquet": "rows", "tables/claims/campaign=shanxi/part-0.parquet": "rows of " + name} {
		full := filepath.Join(v.Dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		m.Outputs = append(m.Outputs, warehouse.Output{Path: path, Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
	}
	if _, err := v.Publish(m); err != nil {
		t.Fatal(err)
	}
}

// store is an S3 store whose requests are counted and may fail.
type store struct {
	url      string
	requests atomic.Int32
	failAt   atomic.Int32 // requests from this one on fail; 0 for none
}

func newStore(t *testing.T) *store {
	s := &store{}
	backend := s3mem.New()
	if err := backend.CreateBucket("mirror"); err != nil {
		t.Fatal(err)
	}
	inner := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, at := s.requests.Add(1), s.failAt.Load(); at > 0 && n >= at {
			w.WriteHeader(http.StatusForbidden) // which nobody tries again
			fmt.Fprint(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "keeper", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_REGION": "us-east-1",
	} {
		t.Setenv(name, value)
	}
	return s
}

func open(t *testing.T, address string) *blob.Bucket {
	t.Helper()
	bucket, err := mirror.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bucket.Close() })
	return bucket
}

func push(t *testing.T, dir string, bucket *blob.Bucket, opt mirror.Options) mirror.Report {
	t.Helper()
	report, err := mirror.Push(t.Context(), dir, bucket, opt)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// shown is the version that a mirror shows, which must be whole.
func shown(t *testing.T, bucket *blob.Bucket) string {
	t.Helper()
	version, damaged, err := mirror.Verify(t.Context(), bucket)
	if err != nil || len(damaged) > 0 {
		t.Errorf("the mirror: %q, %v, %v", version, damaged, err)
	}
	return version
}

func stores(t *testing.T) map[string]string {
	newStore(t)
	return map[string]string{"s3": "s3://mirror/data/sanpi", "file": "file://" + filepath.ToSlash(t.TempDir()) + "/mirror"}
}

func TestPush(t *testing.T) {
	for name, address := range stores(t) {
		t.Run(name, func(t *testing.T) {
			dir, bucket := t.TempDir(), open(t, address)
			if _, _, err := mirror.Verify(t.Context(), bucket); err == nil || !strings.Contains(err.Error(), "no version yet") {
				t.Errorf("an empty mirror: %v", err)
			}
			publish(t, dir, "2026-1")
			if r := push(t, dir, bucket, mirror.Options{}); r.Uploaded != 2 || r.Copied != 0 || shown(t, bucket) != "2026-1" {
				t.Errorf("%+v", r)
			}
			if r := push(t, dir, bucket, mirror.Options{}); r.Uploaded != 0 || r.Kept != 2 {
				t.Errorf("again: %+v", r)
			}
			publish(t, dir, "2026-2")
			if r := push(t, dir, bucket, mirror.Options{}); r.Uploaded != 1 || r.Copied != 1 || shown(t, bucket) != "2026-2" {
				t.Errorf("the next version: %+v", r)
			}
			publish(t, dir, "2026-3")
			r := push(t, dir, bucket, mirror.Options{Keep: 2})
			if !slices.Equal(r.Removed, []string{"2026-1"}) || shown(t, bucket) != "2026-3" {
				t.Errorf("kept two: %+v", r)
			}
			if ok, err := bucket.Exists(t.Context(), "versions/2026-2/manifest.json"); !ok || err != nil {
				t.Errorf("the version before is gone: %v", err)
			}
			if text, err := bucket.ReadAll(t.Context(), "versions/2026-3/marts/same.parquet"); string(text) != "rows" {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}

// A mirror that broke off at any request shows the version before, or the whole new
// one; the next try goes on and ends well.
func TestPushThatBreaksOff(t *testing.T) {
	s := newStore(t)
	for at := int32(1); ; at++ {
		dir, bucket := t.TempDir(), open(t, fmt.Sprintf("s3://mirror/try%d", at))
		publish(t, dir, "2026-1")
		push(t, dir, bucket, mirror.Options{Workers: 1})
		publish(t, dir, "2026-2")
		s.requests.Store(0)
		s.failAt.Store(at)
		_, err := mirror.Push(t.Context(), dir, bucket, mirror.Options{Workers: 1})
		s.failAt.Store(0)
		got := shown(t, bucket)
		if err == nil {
			if got != "2026-2" || at < 6 {
				t.Errorf("done after %d requests, and the mirror shows %s", s.requests.Load(), got)
			}
			return
		}
		if got != "2026-1" {
			t.Errorf("failed at request %d: %v, and the mirror shows %s", at, err, got)
		}
		if push(t, dir, bucket, mirror.Options{}); shown(t, bucket) != "2026-2" {
			t.Errorf("failed at request %d, and the next try did not mend it", at)
		}
	}
}

// Two machines that mirror at once leave the newer version shown, whole.
func TestPushAtOnce(t *testing.T) {
	newStore(t)
	for i := range 5 {
		address := fmt.Sprintf("s3://mirror/race%d", i)
		old, young := t.TempDir(), t.TempDir()
		publish(t, old, "2026-1")
		publish(t, young, "2026-2")
		var wait sync.WaitGroup
		for _, dir := range []string{old, young} {
			bucket := open(t, address)
			wait.Go(func() {
				if _, err := mirror.Push(context.Background(), dir, bucket, mirror.Options{}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := shown(t, open(t, address)); got != "2026-2" {
			t.Errorf("the mirror shows %s", got)
		}
		if r := push(t, old, open(t, address), mirror.Options{}); r.Newer != "2026-2" {
			t.Errorf("an older version took the place of a newer: %+v", r)
		}
	}
}

// What is spoiled here is not spread, and what is spoiled there is found.
func TestSpoiled(t *testing.T) {
	for name, address := range stores(t) {
		t.Run(name, func(t *testing.T) {
			dir, bucket := t.TempDir(), open(t, address)
			publish(t, dir, "2026-1")
			push(t, dir, bucket, mirror.Options{})
			publish(t, dir, "2026-2")
			file := filepath.Join(dir, "versions", "2026-2", "tables", "claims", "campaign=shanxi", "part-0.parquet")
			if err := os.WriteFile(file, []byte("rows of 2026-x"), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := mirror.Push(t.Context(), dir, bucket, mirror.Options{}); err == nil || !strings.Contains(err.Error(), "part-0.parquet") || shown(t, bucket) != "2026-1" {
				t.Errorf("%v", err)
			}
			if err := bucket.WriteAll(t.Context(), "versions/2026-1/marts/same.parquet", []byte("rowz"), nil); err != nil {
				t.Fatal(err)
			}
			if err := bucket.Delete(t.Context(), "versions/2026-1/tables/claims/campaign=shanxi/part-0.parquet"); err != nil {
				t.Fatal(err)
			}
			_, damaged, err := mirror.Verify(t.Context(), bucket)
			if err != nil || len(damaged) != 2 {
				t.Errorf("%v, %v", damaged, err)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"ftp://a/b", "bucket", "s3://user:secret@bucket/", "://"} {
		if b, err := mirror.Open(t.Context(), address); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
			if b != nil {
				b.Close()
			}
		}
	}
	bucket := open(t, "file://"+t.TempDir())
	if err := bucket.WriteAll(t.Context(), "CURRENT", []byte("../../etc"), nil); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	publish(t, dir, "2026-1")
	if _, err := mirror.Push(t.Context(), dir, bucket, mirror.Options{}); err == nil || !strings.Contains(err.Error(), "names no version") {
		t.Errorf("%v", err)
	}
	if _, err := mirror.Push(t.Context(), t.TempDir(), bucket, mirror.Options{}); !errors.Is(err, warehouse.ErrEmpty) {
		t.Errorf("%v", err)
	}
}
