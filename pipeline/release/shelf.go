package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

const (
	archiveSuffix = ".tar.zst"
	asidePrefix   = ".making-"
	latestName    = "latest"
)

// shelf is the folder of releases, held while one is made.
type shelf struct {
	dir  string
	lock *os.File // the folder itself, so that no file of a lock lies among the releases
}

func openShelf(dir string) (*shelf, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of releases: %w", err)
	}
	lock, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of releases: %w", err)
	}
	s := &shelf{dir, lock}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("a release is being made in %s: %w; wait for it to end", dir, warehouse.ErrLocked)
		}
		return nil, fmt.Errorf("lock the folder of releases: %w", err)
	}
	// Nobody else is at work here: what lies aside is what a crash left.
	left, err := filepath.Glob(filepath.Join(dir, asidePrefix+"*"))
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("remove what a crashed release left: %w", err), lock.Close())
	}
	return s, nil
}

func (s *shelf) close() error { return s.lock.Close() }

// aside makes the hidden folder that a release is made in.
func (s *shelf) aside(name string) (string, error) {
	dir := filepath.Join(s.dir, asidePrefix+name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", fmt.Errorf("make room for the release: %w", err)
	}
	return dir, nil
}

var calendar = regexp.MustCompile(`^(\d{4}\.\d{2}\.\d{2})(?:\.([1-9]\d{0,3}))?$`)

// parseName splits a calendar version into its day and its number on that day.
func parseName(name string) (day time.Time, number int, ok bool) {
	parts := calendar.FindStringSubmatch(name)
	if parts == nil {
		return time.Time{}, 0, false
	}
	day, err := time.Parse("2006.01.02", parts[1])
	if err != nil {
		return time.Time{}, 0, false
	}
	number, _ = strconv.Atoi(parts[2]) // "" is 0, the first
	return day, number, true
}

func compareNames(a, b string) int {
	dayA, nA, _ := parseName(a)
	dayB, nB, _ := parseName(b)
	if c := dayA.Compare(dayB); c != 0 {
		return c
	}
	return nA - nB
}

// names are the releases on the shelf, the oldest first.
func (s *shelf) names() ([]string, error) { return listNames(s.dir) }

func listNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list the releases: %w", err)
	}
	var names []string
	for _, e := range entries {
		if _, _, ok := parseName(e.Name()); ok && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, compareNames)
	return names, nil
}

// choose says what the release is called and which one comes before it.
func (s *shelf) choose(wanted string, m *warehouse.Manifest) (name, before string, err error) {
	names, err := s.names()
	if err != nil {
		return "", "", err
	}
	for _, have := range names {
		if version, err := releasedVersion(filepath.Join(s.dir, have)); err == nil && version == m.Version && (wanted == "" || wanted == have) {
			return "", "", fmt.Errorf("%s: %w; it is that of the warehouse's version %s: run \"sanpi run\" for a new one, or release into another folder",
				filepath.Join(s.dir, have), ErrExists, m.Version)
		}
	}
	name = wanted
	if name == "" {
		if name, err = dayName(m); err != nil {
			return "", "", err
		}
		for n, day := 1, name; slices.Contains(names, name); n++ {
			name = fmt.Sprintf("%s.%d", day, n)
		}
	} else if _, _, ok := parseName(name); !ok {
		return "", "", fmt.Errorf("%q: %w; write it as 2026.11.24, a second one of that day as 2026.11.24.1", name, ErrVersion)
	} else if slices.Contains(names, name) {
		return "", "", fmt.Errorf("%s: %w; leave --version out, or name another", filepath.Join(s.dir, name), ErrExists)
	}
	for _, have := range names {
		if compareNames(have, name) < 0 {
			before = have
		}
	}
	return name, before, nil
}

// dayName is the day whose knowledge a version is.
func dayName(m *warehouse.Manifest) (string, error) {
	day := m.AsOf
	if day == "" && len(m.CreatedAt) >= len(time.DateOnly) {
		day = m.CreatedAt[:len(time.DateOnly)]
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", fmt.Errorf("the manifest of version %s has no day: %w; name the release with --version", m.Version, err)
	}
	return t.Format("2006.01.02"), nil
}

// releasedVersion is the warehouse's version that a release was made of.
func releasedVersion(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return "", err
	}
	var m struct {
		Warehouse string `json:"warehouse_version"`
	}
	return m.Warehouse, json.Unmarshal(data, &m)
}

// publish gives what lies aside its name: first the archive, which nobody looks
// for before the folder is there, then the folder, then latest.
func (s *shelf) publish(aside, name string) error {
	if err := syncTree(aside); err != nil {
		return err
	}
	archive, folder := filepath.Join(s.dir, name+archiveSuffix), filepath.Join(s.dir, name)
	// An archive without a folder is what a crash left between the two renames.
	if err := os.Rename(filepath.Join(aside, name+archiveSuffix), archive); err != nil {
		return fmt.Errorf("name the archive: %w", err)
	}
	if err := os.Rename(filepath.Join(aside, name), folder); err != nil {
		return errors.Join(fmt.Errorf("name release %s: %w", name, err), os.Remove(archive))
	}
	if err := s.pointLatest(aside); err != nil {
		return err
	}
	if err := s.lock.Sync(); err != nil {
		return fmt.Errorf("sync the folder of releases: %w", err)
	}
	return nil
}

// pointLatest lets latest point to the newest release, which is not always the
// last one made.
func (s *shelf) pointLatest(aside string) error {
	names, err := s.names()
	if err != nil {
		return err
	}
	next := filepath.Join(aside, latestName)
	if err := os.Symlink(names[len(names)-1], next); err != nil {
		return fmt.Errorf("prepare latest: %w", err)
	}
	if err := os.Rename(next, filepath.Join(s.dir, latestName)); err != nil {
		return fmt.Errorf("swap latest: %w", err)
	}
	return nil
}

// syncTree brings a folder to disk. Linked files are there already and cost little.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(path, "spill") {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("sync: %w", err)
		}
		err = f.Sync()
		return errors.Join(err, f.Close())
	})
}
