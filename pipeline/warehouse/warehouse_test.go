package warehouse

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
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

// A download that breaks off leaves nothing behind, and what a killed process
// left is swept away.
func TestKeepReader(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := w.KeepReader(strings.NewReader("项目台账"))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := w.Keep([]byte("项目台账")); err != nil || same != sum {
		t.Errorf("Keep gives %s, %v and KeepReader %s", same, err, sum)
	}
	f, err := w.OpenKept(sum)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || string(got) != "项目台账" {
		t.Errorf("got %q, %v", got, err)
	}
	broken := errors.New("connection reset")
	if _, err := w.KeepReader(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
	if names := list(t, filepath.Join(dir, "raw")); len(names) != 1 || names[0] != sum {
		t.Errorf("raw holds %v", names)
	}
	for _, sum := range []string{strings.Repeat("0", 64), "../lock", ""} {
		if _, err := w.OpenKept(sum); err == nil {
			t.Errorf("OpenKept(%q) opened something", sum)
		}
	}
	w.Close()
	if err := os.WriteFile(filepath.Join(dir, "raw", ".writing-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if names := list(t, filepath.Join(dir, "raw")); len(names) != 1 || names[0] != sum {
		t.Errorf("raw holds %v after a crash", names)
	}
}

// Bytes that something cut short are stored anew.
func TestKeepMendsCutFiles(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, keep := range []func() (string, error){
		func() (string, error) { return w.Keep([]byte("text")) },
		func() (string, error) { return w.KeepReader(strings.NewReader("text")) },
	} {
		sum, err := keep()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "raw", sum)
		if err := os.Truncate(path, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := keep(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "text" {
			t.Errorf("got %q, %v", got, err)
		}
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
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
