// Package warehouse keeps the published versions of the data:
//
//	warehouse/
//	  CURRENT -> versions/<version>   readers open this; swapped in one rename
//	  versions/<version>/             never written again once published
//	  versions/.<version>             a version in the making; a crash leaves it here
//	  raw/<sha256>                    bytes as they were read
//	  raw/fetched/<key>/<n>.json      how and when the bytes of an address came
//	  runs/<run>.json                 a record a run
//	  sums                            hashes of files by how they lie, a cache
//	  lock                            held, by the kernel, while a run writes
//
// A version is made aside and becomes visible at once: everything is synced to
// disk, the folder gets its name, and CURRENT is renamed over. Whoever holds an
// older version open goes on reading it.
package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

var (
	// ErrLocked says that another run holds the warehouse.
	ErrLocked = errors.New("another run holds the warehouse")
	// ErrEmpty says that the warehouse has no published version.
	ErrEmpty = errors.New("the warehouse holds no version yet")
)

// asidePattern is that of the names that files bear until they are whole.
const asidePattern = ".writing-*"

// Warehouse is a folder opened for writing. Close releases it.
type Warehouse struct {
	dir  string
	lock *os.File
	sums *sums

	unsyncedMu sync.Mutex
	unsynced   []string // raw files and folders that the disk may not hold yet; who opens them looks at their hash
}

// View opens a warehouse to look at what is there, without its lock and without
// writing: a folder that does not exist is an empty one. Nothing may be kept or
// published with it.
func View(dir string) *Warehouse { return &Warehouse{dir: dir, sums: readSums(dir)} }

// Open creates the warehouse's folders as needed and takes its lock, which the
// kernel drops when the process ends, however it ends. The error wraps ErrLocked
// and names the holder when another run is at work.
func Open(dir string) (*Warehouse, error) {
	for _, sub := range []string{"versions", "raw", "runs"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, fmt.Errorf("create the warehouse: %w; choose a folder you may write to with --warehouse", err)
		}
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the warehouse's lock: %w; choose a folder you may write to with --warehouse", err)
	}
	if err := take(lock); err != nil {
		defer lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			holder, _ := os.ReadFile(lock.Name())
			return nil, fmt.Errorf("%w: %s; wait for it to end, or use another --warehouse", ErrLocked, strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("lock the warehouse: %w", err)
	}
	w := &Warehouse{dir: dir, lock: lock, sums: readSums(dir)}
	if err := w.begin(); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// take takes the lock, a second time after a moment: whoever only looks whether it is
// held holds it that long.
func take(lock *os.File) error {
	err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	for try := 0; try < 3 && errors.Is(err, unix.EWOULDBLOCK); try++ {
		time.Sleep(20 * time.Millisecond)
		err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	return err
}

// begin says who holds the lock and sweeps away what a crashed run left.
func (w *Warehouse) begin() error {
	holder := fmt.Sprintf("process %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	if err := w.lock.Truncate(0); err != nil {
		return fmt.Errorf("write the warehouse's lock: %w", err)
	}
	if _, err := w.lock.WriteAt([]byte(holder), 0); err != nil {
		return fmt.Errorf("write the warehouse's lock: %w", err)
	}
	for _, pattern := range []string{asidePattern, "versions/.*", "raw/" + asidePattern, "runs/" + asidePattern, "decisions/*/" + asidePattern} {
		unfinished, err := filepath.Glob(filepath.Join(w.dir, filepath.FromSlash(pattern)))
		if err != nil {
			return fmt.Errorf("look for what a crashed run left: %w", err)
		}
		for _, path := range unfinished {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("remove what a crashed run left: %w", err)
			}
		}
	}
	return nil
}

// Close releases the lock.
func (w *Warehouse) Close() error {
	if w.lock == nil {
		return nil
	}
	return w.lock.Close()
}

// Holder is who holds the warehouse, as its lock tells; "" when nobody does.
func (w *Warehouse) Holder() string {
	lock, err := os.Open(filepath.Join(w.dir, "lock"))
	if err != nil {
		return ""
	}
	defer lock.Close()
	// A run that begins at this very moment tries again; see take.
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_SH|unix.LOCK_NB); err == nil {
		unix.Flock(int(lock.Fd()), unix.LOCK_UN)
		return ""
	}
	holder, _ := os.ReadFile(lock.Name())
	return strings.TrimSpace(string(holder))
}

// SaveSums keeps what was learnt of files for the next run, which then need not
// read them. Call it at the end of a run that looked at all it uses.
func (w *Warehouse) SaveSums() error { return w.sums.save() }

// Current returns the folder of the published version of a warehouse, resolved,
// so that a later publish does not move it under the reader. The error wraps
// ErrEmpty when there is none.
func Current(dir string) (string, error) {
	target, err := os.Readlink(filepath.Join(dir, "CURRENT"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w; run \"sanpi run\" first, or name another folder with --warehouse", dir, ErrEmpty)
	} else if err != nil {
		return "", fmt.Errorf("read CURRENT: %w", err)
	}
	return filepath.Join(dir, target), nil
}

// Version is a version in the making.
type Version struct {
	Name string
	Dir  string // where to write its files
	w    *Warehouse

	shared map[string]bool // paths that are files of the version before
}

// NewVersion creates an empty version. Discard it or Publish it.
func (w *Warehouse) NewVersion(name string) (*Version, error) {
	dir := filepath.Join(w.dir, "versions", "."+name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create version %s: %w", name, err)
	}
	return &Version{name, dir, w, map[string]bool{}}, nil
}

// Nowhere is a version in no warehouse, to see what would be made. Discard it.
func Nowhere() (*Version, error) {
	dir, err := os.MkdirTemp("", "sanpi-*")
	if err != nil {
		return nil, fmt.Errorf("create a folder to try in: %w", err)
	}
	return &Version{Dir: dir, shared: map[string]bool{}}, nil
}

// Discard removes the version, unless it was published.
func (v *Version) Discard() error { return os.RemoveAll(v.Dir) }

// Publish writes the manifest, shares unchanged files with the version before
// and makes the version CURRENT. It returns the version's folder.
func (v *Version) Publish(m *Manifest) (string, error) {
	if err := v.shareUnchanged(m); err != nil {
		return "", err
	}
	if err := writeJSON(filepath.Join(v.Dir, "manifest.json"), m); err != nil {
		return "", err
	}
	if err := v.sync(); err != nil {
		return "", err
	}
	versions := filepath.Join(v.w.dir, "versions")
	final := filepath.Join(versions, v.Name)
	if err := os.Rename(v.Dir, final); err != nil {
		return "", fmt.Errorf("name version %s: %w", v.Name, err)
	}
	for _, o := range m.Outputs {
		v.w.wrote(filepath.Join(final, filepath.FromSlash(o.Path)), o.SHA256)
	}
	if err := syncDir(versions); err != nil {
		return "", err
	}
	next := filepath.Join(v.w.dir, ".CURRENT")
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("prepare CURRENT: %w", err)
	}
	if err := os.Symlink(filepath.Join("versions", v.Name), next); err != nil {
		return "", fmt.Errorf("prepare CURRENT: %w", err)
	}
	if err := os.Rename(next, filepath.Join(v.w.dir, "CURRENT")); err != nil {
		return "", fmt.Errorf("swap CURRENT: %w", err)
	}
	return final, syncDir(v.w.dir)
}

// shareUnchanged replaces files that are equal to those of the version before
// by hard links to them. A warehouse on a file system without links keeps
// copies.
func (v *Version) shareUnchanged(m *Manifest) error {
	before := v.w.Before()
	if before == nil {
		return nil
	}
	for _, o := range m.Outputs {
		old, ok := before.Output(o.Path)
		if !ok || old.SHA256 != o.SHA256 || v.shared[o.Path] || !before.Intact(old) {
			continue
		}
		path := filepath.Join(v.Dir, filepath.FromSlash(o.Path))
		link := path + ".link"
		if err := os.Link(before.path(old), link); err != nil {
			continue
		}
		if err := os.Rename(link, path); err != nil {
			return fmt.Errorf("share %s with the version before: %w", o.Path, err)
		}
	}
	return nil
}

// sync has the disk hold the version's files and the raw bytes that came since the
// version before, many at a time: the disk writes them in one go. Files that are of the
// version before are there already.
func (v *Version) sync() error {
	var group errgroup.Group
	group.SetLimit(32)
	for _, path := range v.w.takeUnsynced() {
		group.Go(func() error { return syncFile(path) })
	}
	var dirs []string
	err := filepath.WalkDir(v.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(v.Dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			dirs = append(dirs, path)
		case !v.shared[filepath.ToSlash(name)]:
			group.Go(func() error { return syncFile(path) })
		}
		return nil
	})
	if groupErr := group.Wait(); err == nil {
		err = groupErr
	}
	if err != nil {
		return fmt.Errorf("sync the version: %w", err)
	}
	for _, dir := range append(dirs, filepath.Join(v.w.dir, "raw")) {
		group.Go(func() error { return syncDir(dir) })
	}
	return group.Wait()
}

// takeUnsynced are the raw files that came since it was last asked.
func (w *Warehouse) takeUnsynced() []string {
	w.unsyncedMu.Lock()
	defer w.unsyncedMu.Unlock()
	paths := w.unsynced
	w.unsynced = nil
	return paths
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync a file: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync a folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
