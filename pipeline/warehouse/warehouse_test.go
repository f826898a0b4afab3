package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// publish makes a version with one file of the given text.
func publish(t *testing.T, w *Warehouse, name, text string) string {
	t.Helper()
	v, err := w.NewVersion(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(v.Dir, "data")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	size, sum, err := HashFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := v.Publish(&Manifest{Version: name, Outputs: []Output{{Path: "data", Bytes: size, SHA256: sum}}})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPublishSwapsCurrent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "warehouse")
	if _, err := Current(dir); !errors.Is(err, ErrEmpty) {
		t.Errorf("Current of nothing: %v", err)
	}
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	publish(t, w, "v1", "one")
	first, err := Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, w, "v2", "two")
	second, err := Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	// A reader that resolved CURRENT before goes on reading what it had.
	for path, want := range map[string]string{first: "one", second: "two"} {
		if got, err := os.ReadFile(filepath.Join(path, "data")); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", path, got, err)
		}
	}
	m, err := ReadManifest(second)
	if err != nil || m.Version != "v2" {
		t.Errorf("manifest %+v, %v", m, err)
	}
}

func TestUnchangedFilesAreShared(t *testing.T) {
	w, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	stat := func(dir string) os.FileInfo {
		info, err := os.Stat(filepath.Join(dir, "data"))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	one, same, other := publish(t, w, "v1", "one"), publish(t, w, "v2", "one"), publish(t, w, "v3", "other")
	if !os.SameFile(stat(one), stat(same)) {
		t.Error("equal files are not shared")
	}
	if os.SameFile(stat(same), stat(other)) {
		t.Error("different files are shared")
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process") {
		t.Errorf("a second writer: %v", err)
	}
	w.Close()
	again, err := Open(dir)
	if err != nil {
		t.Fatalf("after the first ended: %v", err)
	}
	again.Close()
}

// A version that a crash left unfinished is swept away and was never visible.
func TestUnfinishedVersionIsSwept(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.NewVersion("v1")
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	if w, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := os.Stat(v.Dir); !os.IsNotExist(err) {
		t.Errorf("the unfinished version is still there: %v", err)
	}
	if _, err := Current(dir); !errors.Is(err, ErrEmpty) {
		t.Errorf("Current: %v", err)
	}
}

func TestKeepStoresOnce(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	a, err := w.Keep([]byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.Keep([]byte("text"))
	if err != nil || a != b {
		t.Errorf("got %s and %s, %v", a, b, err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "raw", a)); err != nil || string(got) != "text" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "--warehouse") {
		t.Errorf("a file as warehouse: %v", err)
	}
}
