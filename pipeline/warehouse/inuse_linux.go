package warehouse

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// inUse says whether somebody has a file of the folder open. DuckDB locks a database
// that it reads, which is seen whoever does it; other files are seen open where the
// kernel shows them, which is for all processes to root and for one's own to others.
func inUse(dir string) (bool, error) {
	database := filepath.Join(dir, "sanpi.duckdb")
	if f, err := os.OpenFile(database, os.O_RDWR, 0); err == nil {
		lock := unix.Flock_t{Type: unix.F_WRLCK}
		err := unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &lock)
		f.Close()
		if err != nil {
			return false, fmt.Errorf("look for readers of %s: %w", database, err)
		}
		if lock.Type != unix.F_UNLCK {
			return true, nil
		}
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return false, fmt.Errorf("look for readers of %s: %w", dir, err)
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	open, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return false, fmt.Errorf("look for readers of %s: %w", dir, err)
	}
	for _, fd := range open {
		if target, err := os.Readlink(fd); err == nil && strings.HasPrefix(target, root+"/") {
			return true, nil
		}
	}
	return false, nil
}
