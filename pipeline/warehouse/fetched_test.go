package warehouse_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

func TestFetches(t *testing.T) {
	dir := t.TempDir()
	w, err := warehouse.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Repeat("a1", 32)
	all := func(w *warehouse.Warehouse) (records []string) {
		for record, err := range w.Fetches(key) {
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, string(record))
		}
		return records
	}
	if got := all(w); len(got) != 0 {
		t.Errorf("nothing was kept: %q", got)
	}
	for _, record := range []string{"first", "second"} {
		if err := w.KeepFetch(key, []byte(record)); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(all(w), " "); got != "second first" {
		t.Errorf("records: %s", got)
	}
	// Records written at once are all there.
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			if err := w.KeepFetch(key, fmt.Appendf(nil, "at once %d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	seen := map[string]bool{}
	for _, record := range all(w) {
		seen[record] = true
	}
	if len(seen) != 22 {
		t.Errorf("%d records: %v", len(seen), seen)
	}
	// What a crash left half-written is swept away, and the records stay.
	if err := os.WriteFile(filepath.Join(dir, "raw", ".writing-7"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if w, err = warehouse.Open(dir); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if got := all(w); len(got) != 22 || got[21] != "first" {
		t.Errorf("after a crash: %q", got)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "raw")); err != nil || len(left) != 1 {
		t.Errorf("raw holds %v, %v", left, err)
	}
	for _, bad := range []string{"", "../../etc", strings.Repeat("a", 62), strings.Repeat("/", 64)} {
		if err := w.KeepFetch(bad, nil); err == nil {
			t.Errorf("key %q was taken", bad)
		}
		for _, err := range w.Fetches(bad) {
			if err == nil {
				t.Errorf("key %q was read", bad)
			}
		}
	}
}
