package warehouse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// publishMany publishes versions 1 to n, each made from raw bytes of its own and
// from some that they share.
func publishMany(t *testing.T, w *Warehouse, n int) {
	t.Helper()
	shared, err := w.Keep([]byte("of all"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= n; i++ {
		own, err := w.Keep(fmt.Appendf(nil, "of %d", i))
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.NewVersion(fmt.Sprintf("v%d", i))
		if err != nil {
			t.Fatal(err)
		}
		m := &Manifest{Version: v.Name, Inputs: []Input{{Name: "a", SHA256: shared}, {Name: "b", SHA256: own}}}
		for _, file := range []string{"same", "other"} {
			text := "rows"
			if file == "other" {
				text = fmt.Sprintf("rows of %d", i)
			}
			path := filepath.Join(v.Dir, file)
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			size, sum, err := HashFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m.Outputs = append(m.Outputs, Output{Path: file, Bytes: size, SHA256: sum})
		}
		if _, err := v.Publish(m); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T) (*Warehouse, string) {
	t.Helper()
	dir := t.TempDir()
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w, dir
}

func TestCollect(t *testing.T) {
	w, _ := open(t)
	publishMany(t, w, 5)
	would, err := w.Collect(Retention{Keep: 2, Raw: true, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := w.Versions(); len(left) != 5 {
		t.Errorf("a dry run left %v", left)
	}
	done, err := w.Collect(Retention{Keep: 2, Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(done.Versions, []string{"v1", "v2", "v3"}) || len(done.Raw) != 3 || !slices.Equal(done.Raw, would.Raw) || done.Bytes != would.Bytes {
		t.Errorf("removed %+v; a dry run said %+v", done, would)
	}
	// The rows that v4 and v5 share with those that went take their room still: what
	// came back is the other file of each, the manifests, and the raw bytes.
	if left, _ := w.Versions(); !slices.Equal(left, []string{"v4", "v5"}) {
		t.Errorf("left %v", left)
	}
	before := w.Before()
	if before == nil || before.Version != "v5" || !before.AllIntact() {
		t.Errorf("the current version is %+v", before)
	}
	for i, want := range map[int]bool{3: false, 4: true, 5: true} {
		if got := w.holds(hashText(fmt.Sprintf("of %d", i)), 4); got != want {
			t.Errorf("raw bytes of version %d there: %v", i, got)
		}
	}
	if !w.holds(hashText("of all"), 6) {
		t.Error("raw bytes that versions share are gone")
	}
}

// CURRENT stays even when it is the oldest, as after a restored one.
func TestCollectKeepsCurrent(t *testing.T) {
	w, dir := open(t)
	publishMany(t, w, 4)
	link := filepath.Join(dir, "CURRENT")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("versions/v1", link); err != nil {
		t.Fatal(err)
	}
	done, err := w.Collect(Retention{Keep: 2})
	if err != nil || !slices.Equal(done.Versions, []string{"v2", "v3"}) {
		t.Errorf("removed %+v, %v", done, err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if done, err := w.Collect(Retention{Keep: 1}); err == nil || len(done.Versions) != 0 {
		t.Errorf("without CURRENT %+v was removed", done)
	}
}

// A version that another process has open stays.
func TestCollectInUse(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("the kernel does not show what is open")
	}
	w, dir := open(t)
	publishMany(t, w, 3)
	f, err := os.Open(filepath.Join(dir, "versions", "v1", "other"))
	if err != nil {
		t.Fatal(err)
	}
	reader := exec.Command("sleep", "60")
	reader.Stdin = f
	if err := reader.Start(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	done, err := w.Collect(Retention{Keep: 1})
	if err != nil || !slices.Equal(done.Versions, []string{"v2"}) || !slices.Equal(done.InUse, []string{"v1"}) {
		t.Errorf("%+v, %v", done, err)
	}
	reader.Process.Kill()
	reader.Wait()
	if done, err := w.Collect(Retention{Keep: 1}); err != nil || !slices.Equal(done.Versions, []string{"v1"}) {
		t.Errorf("%+v, %v", done, err)
	}
}

// What refers to raw bytes and cannot be read is no reason to remove them.
func TestCollectRefuses(t *testing.T) {
	w, dir := open(t)
	publishMany(t, w, 2)
	lost, err := w.Keep([]byte("of nobody"))
	if err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(dir, "versions", "v2", "manifest.json")
	if err := os.Truncate(manifest, 5); err != nil {
		t.Fatal(err)
	}
	if done, err := w.Collect(Retention{Keep: 5, Raw: true}); err == nil || len(done.Raw) != 0 || !w.holds(lost, 9) {
		t.Errorf("%+v, %v", done, err)
	}
	if err := os.WriteFile(manifest, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	key := hashText("address")
	if err := w.KeepFetch(key, fmt.Appendf(nil, `{"sha256": %q}`, lost)); err != nil {
		t.Fatal(err)
	}
	done, err := w.Collect(Retention{Keep: 5, Raw: true})
	if err != nil || !w.holds(lost, 9) {
		t.Errorf("fetched bytes were removed: %+v, %v", done, err)
	}
}

func hashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
