// Package sourcetest holds what every kind of address must do alike: each kind
// runs the suite in its own test.
package sourcetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Place is where one kind of address keeps its ledgers.
type Place struct {
	// Finder finds in the place. The suite gives it a Store.
	Finder *source.Finder
	// Put stores a ledger, over what was there by that name, and gives its
	// address.
	Put func(name string, data []byte) string
	// Faults stands before a remote place; nil for a local one.
	Faults *Faults
}

// Faults is a server with a bad day.
type Faults struct {
	http.Handler
	Cut   atomic.Int32 // so many next answers break off half-way
	Busy  atomic.Int32 // so many next requests are answered 503
	Stall atomic.Bool  // answers stop half-way until the reader goes
}

func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.Busy.Load() > 0:
		f.Busy.Add(-1)
		w.WriteHeader(http.StatusServiceUnavailable)
	case f.Cut.Load() > 0 || f.Stall.Load():
		answer := httptest.NewRecorder()
		f.Handler.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(answer.Code)
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		if f.Stall.Load() {
			<-r.Context().Done()
		}
		f.Cut.Add(-1)
		panic(http.ErrAbortHandler)
	default:
		f.Handler.ServeHTTP(w, r)
	}
}

const ledger = "项目名称,总投资(亿元)\n年产10万吨铝材加工项目,12.5\n"

// Run runs the suite on fresh places.
func Run(t *testing.T, place func(t *testing.T) Place) {
	for name, test := range map[string]func(*testing.T, *suite){
		"bytes":     testBytes,
		"names":     testNames,
		"once":      testOnce,
		"immutable": testImmutable,
		"cancelled": testCancelled,
		"missing":   testMissing,
		"storeless": testStoreless,
		"full":      testFull,
	} {
		t.Run(name, func(t *testing.T) { test(t, newSuite(t, place(t))) })
	}
	for name, test := range map[string]func(*testing.T, *suite){
		"cut": testCut, "broken": testBroken, "busy": testBusy, "stale": testStale, "stalled": testStalled, "leaving": testLeaving, "large": testLarge, "late": testLate,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSuite(t, place(t))
			if s.Faults == nil {
				t.Skip("a local place")
			}
			test(t, s)
		})
	}
}

type suite struct {
	Place
	dir string
}

func newSuite(t *testing.T, place Place) *suite {
	dir := t.TempDir()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	place.Finder.Store = w
	return &suite{place, dir}
}

// raw lists what is kept, half files too.
func (s *suite) raw(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, "raw"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() { // fetched/ holds how bytes came
			names = append(names, e.Name())
		}
	}
	return names
}

func (s *suite) find(t *testing.T, address string) source.Address {
	t.Helper()
	found, err := s.Finder.Find(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		t.Fatalf("%s: found %d", address, len(found))
	}
	return found[0]
}

func (s *suite) open(t *testing.T, address string) *source.Snapshot {
	t.Helper()
	snap, err := s.find(t, address).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap
}

func all(t *testing.T, s *source.Snapshot) []byte {
	t.Helper()
	data, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// fails opens an address that must give an *source.Error with the words, and
// must leave nothing behind.
func (s *suite) fails(t *testing.T, address string, words ...string) {
	t.Helper()
	found, err := s.Finder.Find(t.Context(), address)
	if err == nil {
		var snap *source.Snapshot
		if snap, err = found[0].Open(t.Context()); err == nil {
			snap.Close()
		}
	}
	var e *source.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want a *source.Error", err, err)
	}
	if e.Address == "" || e.Mend == "" || !strings.Contains(err.Error(), e.Address) {
		t.Errorf("the error names no address or no mend: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error lacks %q: %v", word, err)
		}
	}
	if names := s.raw(t); len(names) != 0 {
		t.Errorf("raw holds %v after a failure", names)
	}
}

func testBytes(t *testing.T, s *suite) {
	for name, c := range map[string]struct {
		data  []byte
		media string
	}{
		"台账.csv":    {[]byte(ledger), "text/csv"},
		"空.csv":     {nil, "text/csv"},
		"台账.tsv":    {[]byte("项目\t投资\n"), "text/tab-separated-values"},
		"大.csv":     {bytes.Repeat([]byte(ledger), 40_000), "text/csv"},
		"导出.xls":    {[]byte("<html><table><tr><td>项目名称</td></tr></table></html>"), "text/html"},
		"旧.xls":     {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/vnd.ms-excel"},
		"台账.csv.gz": {[]byte("\x1f\x8b\x08\x00"), "application/gzip"},
		"台账.xlsx":   {[]byte("PK\x03\x04"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	} {
		before := time.Now().UTC().Add(-time.Second)
		snap := s.open(t, s.Put(name, c.data))
		if snap.File != name {
			t.Errorf("%s: the file is called %q", name, snap.File)
		}
		if got := all(t, snap); !bytes.Equal(got, c.data) {
			t.Errorf("%s: got %d bytes, want %d", name, len(got), len(c.data))
		}
		if snap.Size != int64(len(c.data)) || snap.SHA256 != sum(c.data) {
			t.Errorf("%s: size %d, sha256 %s", name, snap.Size, snap.SHA256)
		}
		if snap.MediaType != c.media {
			t.Errorf("%s: media type %q, want %q", name, snap.MediaType, c.media)
		}
		if snap.RetrievedAt.Before(before) || snap.RetrievedAt.Location() != time.UTC || !snap.Kept {
			t.Errorf("%s: retrieved at %v, kept %v", name, snap.RetrievedAt, snap.Kept)
		}
		if len(c.data) > 20 {
			part := make([]byte, 9)
			if _, err := snap.ReadAt(part, 7); err != nil || !bytes.Equal(part, c.data[7:16]) {
				t.Errorf("%s: read at 7: %q, %v", name, part, err)
			}
		}
		if err := snap.Changed(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func testNames(t *testing.T, s *suite) {
	for _, name := range []string{"项目 推进台账(2022).csv", "100%.csv", "a+b.csv", "a#1.csv", "a&b=c.csv"} {
		address := s.find(t, s.Put(name, []byte(name)))
		snap, err := address.Open(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := all(t, snap); string(got) != name || snap.File != name || snap.Name != address.Name {
			t.Errorf("%s: got %q, file %q, name %q", name, got, snap.File, snap.Name)
		}
		snap.Close()
	}
}

// The same bytes are kept once, however often and by whatever name they come.
func testOnce(t *testing.T, s *suite) {
	a, b := s.Put("甲.csv", []byte(ledger)), s.Put("乙.csv", []byte(ledger))
	var wait sync.WaitGroup
	for _, address := range []string{a, b, a, b} {
		found := s.find(t, address)
		wait.Go(func() {
			snap, err := found.Open(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			snap.Close()
		})
	}
	wait.Wait()
	if names := s.raw(t); len(names) != 1 || names[0] != sum([]byte(ledger)) {
		t.Errorf("raw holds %v", names)
	}
}

// A snapshot stays what it was when the ledger is written anew in its place.
func testImmutable(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	old := s.open(t, address)
	s.Put("台账.csv", []byte("项目名称\n"))
	if got := all(t, old); string(got) != ledger {
		t.Errorf("the snapshot became %q", got)
	}
	if err := old.Changed(); err != nil {
		t.Error(err)
	}
	if got := all(t, s.open(t, address)); string(got) != "项目名称\n" {
		t.Errorf("the new one is %q", got)
	}
}

func testCancelled(t *testing.T, s *suite) {
	found := s.find(t, s.Put("台账.csv", []byte(ledger)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := found.Open(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if names := s.raw(t); len(names) != 0 {
		t.Errorf("raw holds %v", names)
	}
}

func testMissing(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.fails(t, strings.TrimSuffix(address, ".csv")+"x.csv", "check the")
}

// Without a store nothing is kept, and the bytes can be read all the same.
func testStoreless(t *testing.T, s *suite) {
	s.Finder.Store = nil
	t.Setenv("TMPDIR", t.TempDir())
	snap := s.open(t, s.Put("台账.csv", []byte(ledger)))
	if got := all(t, snap); string(got) != ledger || snap.Kept || snap.SHA256 != sum(got) {
		t.Errorf("got %q, kept %v, sha256 %s", got, snap.Kept, snap.SHA256)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

type fullStore struct{ source.Store }

var errFull = errors.New("no space left on device")

func (fullStore) KeepReader(r io.Reader) (string, error) {
	io.CopyN(io.Discard, r, 5)
	return "", errFull
}

// A full disk is the warehouse's fault, not the ledger's, and is not tried again.
func testFull(t *testing.T, s *suite) {
	s.Finder.Store = fullStore{s.Finder.Store}
	_, err := s.find(t, s.Put("台账.csv", []byte(ledger))).Open(t.Context())
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "cannot be kept") || !strings.Contains(err.Error(), "disk") {
		t.Errorf("got %v", err)
	}
}

func testCut(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Tries: 3, Wait: time.Millisecond}
	s.Faults.Cut.Store(2)
	if got := all(t, s.open(t, address)); string(got) != ledger {
		t.Errorf("got %q", got)
	}
	if names := s.raw(t); len(names) != 1 {
		t.Errorf("raw holds %v", names)
	}
}

func testBroken(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Tries: 2, Wait: time.Millisecond}
	s.Faults.Cut.Store(100)
	s.fails(t, address, "broke off, 2 times", "try again later")
}

func testBusy(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Tries: 2, Wait: time.Millisecond}
	s.Faults.Busy.Store(1)
	if got := all(t, s.open(t, address)); string(got) != ledger {
		t.Errorf("got %q", got)
	}
	if err := os.Remove(filepath.Join(s.dir, "raw", sum([]byte(ledger)))); err != nil {
		t.Fatal(err)
	}
	s.Faults.Busy.Store(100)
	s.fails(t, address, "503", "try again later")
}

// An address that fails gives what it gave last, says so, and is asked again.
func testStale(t *testing.T, s *suite) {
	clock := time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC)
	s.Finder.Now = func() time.Time { return clock }
	s.Finder.Limits = source.Limits{Tries: 2, Wait: time.Millisecond}
	address := s.Put("台账.csv", []byte(ledger))
	night := func(want string, since, retrieved int, stale string) {
		t.Helper()
		snap := s.open(t, address)
		got := string(all(t, snap))
		if got != want || snap.Since.Day() != since || snap.RetrievedAt.Day() != retrieved || snap.SHA256 != sum([]byte(want)) {
			t.Errorf("%q since %v, retrieved at %v", got, snap.Since, snap.RetrievedAt)
		}
		if (snap.Stale == nil) != (stale == "") || stale != "" && !strings.Contains(snap.Stale.Error(), stale) {
			t.Errorf("stale: %v", snap.Stale)
		}
		clock = clock.Add(24 * time.Hour)
	}
	night(ledger, 2, 2, "")
	night(ledger, 2, 3, "")
	s.Faults.Busy.Store(100)
	night(ledger, 2, 3, "503")
	s.Faults.Busy.Store(0)
	night(ledger, 2, 5, "")
	s.Put("台账.csv", []byte(ledger+"新项目,3\n"))
	s.Faults.Cut.Store(100)
	night(ledger, 2, 5, "broke off")
	s.Faults.Cut.Store(0)
	night(ledger+"新项目,3\n", 7, 7, "")
	// What was kept and is spoiled is no answer.
	if err := os.WriteFile(filepath.Join(s.dir, "raw", sum([]byte(ledger+"新项目,3\n"))), []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Faults.Busy.Store(100)
	night(ledger, 2, 5, "503")
}

func testStalled(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Tries: 1, Silence: 20 * time.Millisecond}
	s.Faults.Stall.Store(true)
	s.fails(t, address, "no byte came for too long")
}

// Whoever interrupts a run does not wait for a silent server.
func testLeaving(t *testing.T, s *suite) {
	found := s.find(t, s.Put("台账.csv", []byte(ledger)))
	s.Faults.Stall.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := found.Open(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if names := s.raw(t); len(names) != 0 {
		t.Errorf("raw holds %v", names)
	}
}

func testLarge(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Bytes: int64(len(ledger)) - 1}
	s.fails(t, address, "more than", "smaller part")
	s.Finder.Limits.Bytes++
	s.open(t, address)
}

func testLate(t *testing.T, s *suite) {
	address := s.Put("台账.csv", []byte(ledger))
	s.Finder.Limits = source.Limits{Time: 20 * time.Millisecond}
	s.Faults.Stall.Store(true)
	s.fails(t, address, "too slow", "20ms")
}
