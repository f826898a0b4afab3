package warehouse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Keep stores bytes under their hash, once, and returns the hash.
func (w *Warehouse) Keep(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if w.holds(name, int64(len(data))) {
		return name, nil
	}
	return w.KeepReader(bytes.NewReader(data))
}

// KeepReader stores what r yields under its hash, once, and returns the hash.
// Memory does not grow with the bytes. When r or the disk fails, nothing is left
// and the error wraps theirs. Publish syncs them; until then a crash may spoil them,
// which OpenKept sees.
func (w *Warehouse) KeepReader(r io.Reader) (string, error) {
	h := sha256.New()
	aside, err := writeAside(filepath.Join(w.dir, "raw"), io.TeeReader(r, h))
	if err != nil {
		return "", fmt.Errorf("keep raw bytes: %w", err)
	}
	defer os.Remove(aside) // fails once the file has its name
	name := hex.EncodeToString(h.Sum(nil))
	info, err := os.Stat(aside)
	if err != nil {
		return "", fmt.Errorf("keep raw bytes: %w", err)
	}
	if w.holds(name, info.Size()) {
		return name, nil
	}
	if err := os.Rename(aside, w.raw(name)); err != nil {
		return "", fmt.Errorf("keep raw bytes: %w", err)
	}
	w.wrote(w.raw(name), name)
	w.unsyncedMu.Lock()
	defer w.unsyncedMu.Unlock()
	w.unsynced = append(w.unsynced, w.raw(name))
	return name, nil
}

// OpenKept opens the bytes kept under a hash, and looks that they are those: a
// disk may have spoiled them. The error wraps fs.ErrNotExist when there are none.
func (w *Warehouse) OpenKept(sum string) (*os.File, error) {
	if b, err := hex.DecodeString(sum); err != nil || len(b) != sha256.Size {
		return nil, fmt.Errorf("open raw bytes: %q is not a sha256", sum)
	}
	f, err := os.Open(w.raw(sum))
	if err != nil {
		return nil, fmt.Errorf("open raw bytes: %w", err)
	}
	found, err := w.sumOpen(f)
	if err == nil && found != sum {
		err = fmt.Errorf("the bytes kept as %s are others", sum)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open raw bytes: %w", err)
	}
	return f, nil
}

func (w *Warehouse) raw(sum string) string { return filepath.Join(w.dir, "raw", sum) }

// holds says whether the bytes are there and have not been spoiled since.
func (w *Warehouse) holds(sum string, size int64) bool {
	info, err := os.Stat(w.raw(sum))
	if err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return false
	}
	found, err := w.sumOf(w.raw(sum))
	return err == nil && found == sum
}
