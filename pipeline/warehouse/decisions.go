package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Decisions is the folder of dir that remembers what people decided on figures that
// waited, in the shape of a folder of campaigns; nil when nobody has decided anything.
func Decisions(dir string) (fs.FS, error) {
	path := filepath.Join(dir, "decisions")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil // that dir is no folder is told when it is opened
	} else if err != nil {
		return nil, fmt.Errorf("look for decisions: %w", err)
	}
	return os.DirFS(path), nil
}

// Decide replaces a campaign's decisions, at once.
func (w *Warehouse) Decide(campaign string, reviews []byte) error {
	dir := filepath.Join(w.dir, "decisions", campaign)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("keep the decisions: %w", err)
	}
	return writeFile(filepath.Join(dir, "reviews.csv"), reviews)
}
