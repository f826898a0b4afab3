package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Fault is one thing that is not as it was released.
type Fault struct {
	Path string // from the folder that was verified
	What string // changed, missing, extra, or unreadable and why
}

func (f Fault) String() string { return f.Path + ": " + f.What }

// FaultsError holds what Verify found.
type FaultsError struct {
	Faults []Fault
}

func (e *FaultsError) Error() string {
	return fmt.Sprintf("%d files are not as they were released; get them again from where you had them, and do not cite them as this version", len(e.Faults))
}

// Verify compares a release, or every release of a folder, with its SHA256SUMS
// and with its archive, if that lies beside it. It returns the releases it read;
// what differs is a *FaultsError.
func Verify(dir string) (releases []string, err error) {
	folders := []string{dir}
	if _, err := os.Lstat(filepath.Join(dir, sumsName)); errors.Is(err, fs.ErrNotExist) {
		names, err := listNames(dir)
		if err != nil {
			return nil, err
		}
		if _, _, ok := parseName(filepath.Base(dir)); !ok && len(names) == 0 {
			return nil, fmt.Errorf("%s holds no release: neither %s nor a folder named like 2026.11.24; name one or the other", dir, sumsName)
		} else if !ok {
			folders = folders[:0]
			for _, name := range names {
				folders = append(folders, filepath.Join(dir, name))
			}
		}
	} else if err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	var faults []Fault
	for _, folder := range folders {
		found, err := verifyOne(folder, prefixOf(dir, folder))
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", folder, err)
		}
		faults = append(faults, found...)
	}
	if target, err := os.Readlink(filepath.Join(dir, latestName)); err == nil {
		if info, err := os.Stat(filepath.Join(dir, target)); err != nil || !info.IsDir() {
			faults = append(faults, Fault{latestName, "points to " + target + ", which is missing"})
		}
	}
	if len(faults) > 0 {
		return folders, &FaultsError{faults}
	}
	return folders, nil
}

func prefixOf(dir, folder string) string {
	if dir == folder {
		return ""
	}
	return filepath.Base(folder) + "/"
}

func verifyOne(folder, prefix string) ([]Fault, error) {
	// latest is a link, and the archive lies beside what it points to.
	resolved, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, err
	}
	sums, err := readSums(resolved)
	if err != nil {
		return []Fault{{prefix + sumsName, "unreadable: " + err.Error()}}, nil
	}
	files, err := hashTree(resolved, func(path string) (int64, string, error) {
		return hashFile(filepath.Join(resolved, filepath.FromSlash(path)))
	})
	if err != nil {
		return nil, err
	}
	var faults []Fault
	seen := map[string]string{}
	for _, f := range files {
		seen[f.Path] = f.SHA256
		switch want, ok := sums[f.Path]; {
		case f.Path == sumsName:
		case !ok:
			faults = append(faults, Fault{prefix + f.Path, "extra"})
		case want != f.SHA256:
			faults = append(faults, Fault{prefix + f.Path, "changed"})
		}
	}
	for _, path := range sortedNames(sums) {
		if _, ok := seen[path]; !ok {
			faults = append(faults, Fault{prefix + path, "missing"})
		}
	}
	archive := resolved + archiveSuffix
	if _, err := os.Stat(archive); errors.Is(err, fs.ErrNotExist) {
		return faults, nil // a folder may travel without it
	}
	sums[sumsName] = seen[sumsName]
	found, err := verifyArchive(archive, sums)
	if err != nil {
		found = []Fault{{filepath.Base(archive), "unreadable: " + err.Error()}}
	}
	return append(faults, found...), nil
}

func hashFile(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}
