//go:build !linux

package warehouse

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// inUse says whether another process reads the folder's database, which DuckDB locks.
// Who reads a Parquet file of it is not known here; he goes on reading what he has
// open.
func inUse(dir string) (bool, error) {
	database := filepath.Join(dir, "sanpi.duckdb")
	f, err := os.OpenFile(database, os.O_RDWR, 0)
	if err != nil {
		return false, nil
	}
	defer f.Close()
	lock := unix.Flock_t{Type: unix.F_WRLCK}
	if err := unix.FcntlFlock(f.Fd(), unix.F_GETLK, &lock); err != nil {
		return false, fmt.Errorf("look for readers of %s: %w", database, err)
	}
	return lock.Type != unix.F_UNLCK, nil
}
