package warehouse

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Retention says what of a warehouse is to stay.
type Retention struct {
	Keep   int  // versions, CURRENT among them; at least 1
	Raw    bool // also remove raw bytes that nothing refers to any more
	DryRun bool // only say what would be removed
}

// Collected is what was removed, or would be.
type Collected struct {
	Versions []string
	Raw      []string // hashes
	InUse    []string // versions that stay because somebody reads them
	Bytes    int64    // given back to the disk
}

// Collect removes the oldest versions. CURRENT stays, and so does what somebody has
// open. A version first loses its name, so that nobody begins to read what is
// being removed; what a crash leaves of it, the next Open sweeps away.
func (w *Warehouse) Collect(r Retention) (Collected, error) {
	var c Collected
	current, err := Current(w.dir)
	if err != nil {
		return c, fmt.Errorf("look for what may be removed: %w", err)
	}
	names, err := w.Versions()
	if err != nil {
		return c, err
	}
	others := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == filepath.Base(current) })
	excess := max(0, len(others)-(max(1, r.Keep)-1))
	kept := map[string]bool{}
	for _, name := range names {
		kept[name] = true
	}
	links := map[uint64]int{} // inode → names that go
	for _, name := range others[:excess] {
		dir := filepath.Join(w.dir, "versions", name)
		used, err := inUse(dir)
		if err != nil {
			return c, err
		}
		if used {
			c.InUse = append(c.InUse, name)
			continue
		}
		freed, err := sizeOf(dir, links)
		if err != nil {
			return c, err
		}
		c.Bytes += freed
		c.Versions = append(c.Versions, name)
		delete(kept, name)
	}
	for i, name := range c.Versions {
		if r.DryRun {
			break
		}
		if err := w.remove(name); err != nil {
			c.Versions = c.Versions[:i]
			return c, err
		}
	}
	if !r.Raw {
		return c, nil
	}
	return c, w.collectRaw(&c, kept, r.DryRun)
}

// Versions are the names of the published versions, the oldest first.
func (w *Warehouse) Versions() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(w.dir, "versions"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the versions: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (w *Warehouse) remove(name string) error {
	versions := filepath.Join(w.dir, "versions")
	aside := filepath.Join(versions, ".removed-"+name)
	if err := os.Rename(filepath.Join(versions, name), aside); err != nil {
		return fmt.Errorf("remove version %s: %w", name, err)
	}
	if err := syncDir(versions); err != nil {
		return err
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("remove version %s: %w", name, err)
	}
	return nil
}

// collectRaw removes the raw bytes that no version that stays was made from and no
// fetch has brought. When that cannot be known for all, nothing is removed.
func (w *Warehouse) collectRaw(c *Collected, kept map[string]bool, dryRun bool) error {
	needed, err := w.referred(kept)
	if err != nil {
		return fmt.Errorf("look for raw bytes that may be removed: %w; nothing of them was", err)
	}
	entries, err := os.ReadDir(filepath.Join(w.dir, "raw"))
	if err != nil {
		return fmt.Errorf("list the raw bytes: %w", err)
	}
	for _, e := range entries {
		if b, err := hex.DecodeString(e.Name()); err != nil || len(b) != 32 || needed[e.Name()] {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return fmt.Errorf("list the raw bytes: %w", err)
		}
		c.Raw, c.Bytes = append(c.Raw, e.Name()), c.Bytes+info.Size()
		if dryRun {
			continue
		}
		if err := os.Remove(w.raw(e.Name())); err != nil {
			return fmt.Errorf("remove raw bytes: %w", err)
		}
	}
	return nil
}

// referred are the hashes of the bytes that versions were made from or fetches brought.
func (w *Warehouse) referred(versions map[string]bool) (map[string]bool, error) {
	needed := map[string]bool{}
	for name := range versions {
		m, err := ReadManifest(filepath.Join(w.dir, "versions", name))
		if err != nil {
			return nil, err
		}
		for _, in := range m.Inputs {
			needed[in.SHA256] = true
		}
	}
	records, err := filepath.Glob(filepath.Join(w.dir, "raw", "fetched", "*", "*.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range records {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var record struct {
			SHA256 string `json:"sha256"`
		}
		if err := json.Unmarshal(data, &record); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		needed[record.SHA256] = true
	}
	return needed, nil
}

// sizeOf is what a folder gives back to the disk: files that no other name holds, or
// only names that go too.
func sizeOf(dir string, links map[uint64]int) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		at, names, err := linksOf(f)
		if err != nil {
			return err
		}
		if links[at.inode]++; links[at.inode] == names {
			size += at.size
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("measure %s: %w", dir, err)
	}
	return size, nil
}
