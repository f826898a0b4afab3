package warehouse

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file is known by how it lies; whoever writes into it, even in its size and
// with its old time put back, makes it unknown.
func TestSumsOfInputs(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "台账.csv")
	old := time.Now().Add(-time.Hour)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	known := func(remember string) string {
		t.Helper()
		w, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sum := w.Known(f)
		if remember != "" {
			w.Remember(f, w.Stamp(f), remember)
		}
		if err := w.SaveSums(); err != nil {
			t.Fatal(err)
		}
		return sum
	}
	write("甲")
	if known("a"); known("") != "" {
		t.Error("a file that was written a moment before is remembered")
	}
	defer func(d time.Duration) { settled = d }(settled)
	settled = 0
	known("a")
	if sum := known(""); sum != "a" {
		t.Errorf("known as %q", sum)
	}
	time.Sleep(20 * time.Millisecond) // the file system's clock moves on
	write("乙")
	if sum := known("b"); sum != "" {
		t.Errorf("known as %q after it was written", sum)
	}
	if sum := known(""); sum != "b" {
		t.Errorf("known as %q", sum)
	}
	// A cache that is not whole is none.
	data, err := os.ReadFile(filepath.Join(dir, "sums"))
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(filepath.Join(dir, "sums"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	if sum := known(""); sum != "" {
		t.Errorf("known as %q by a damaged cache", sum)
	}
}

// Kept bytes that were spoiled are no bytes, and are kept anew.
func TestKeptIsVerified(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	sum, err := w.Keep([]byte("签约项目347个"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.raw(sum), []byte("签约项目948个"), 0o644); err != nil {
		t.Fatal(err)
	}
	if f, err := w.OpenKept(sum); err == nil {
		f.Close()
		t.Error("spoiled bytes were opened")
	}
	if _, err := w.Keep([]byte("签约项目347个")); err != nil {
		t.Fatal(err)
	}
	f, err := w.OpenKept(sum)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}
