package warehouse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// KeepFetch adds a record of how bytes came to those of a key, which is a sha256
// in hex. A record is there whole or not at all and is never changed.
func (w *Warehouse) KeepFetch(key string, record []byte) error {
	dir, err := w.fetched(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("keep the record of a fetch: %w", err)
	}
	aside, err := writeAside(filepath.Join(w.dir, "raw"), bytes.NewReader(record))
	if err != nil {
		return fmt.Errorf("keep the record of a fetch: %w", err)
	}
	defer os.Remove(aside)
	numbers, err := w.numbers(dir)
	if err != nil {
		return err
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[0] + 1
	}
	// A link takes no name that is taken, by another goroutine for one.
	for ; ; next++ {
		err := os.Link(aside, recordPath(dir, next))
		if err == nil {
			break
		} else if !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("keep the record of a fetch: %w", err)
		}
	}
	w.unsyncedMu.Lock()
	defer w.unsyncedMu.Unlock()
	w.unsynced = append(w.unsynced, recordPath(dir, next), dir, filepath.Dir(dir))
	return nil
}

// Fetches are the records of a key, the newest first. It ends after an error.
func (w *Warehouse) Fetches(key string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		dir, err := w.fetched(key)
		if err != nil {
			yield(nil, err)
			return
		}
		numbers, err := w.numbers(dir)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, n := range numbers {
			record, err := os.ReadFile(recordPath(dir, n))
			if err != nil {
				yield(nil, fmt.Errorf("read the record of a fetch: %w", err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

func (w *Warehouse) fetched(key string) (string, error) {
	if b, err := hex.DecodeString(key); err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("records of fetches: %q is not a sha256", key)
	}
	return filepath.Join(w.dir, "raw", "fetched", key), nil
}

// numbers are those of a folder's records, the greatest first.
func (w *Warehouse) numbers(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the records of fetches: %w", err)
	}
	var numbers []int
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if n, err := strconv.Atoi(name); ok && err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	return numbers, nil
}

func recordPath(dir string, n int) string { return filepath.Join(dir, fmt.Sprintf("%06d.json", n)) }

// LastFetches are the newest records of all keys. It ends after an error.
func (w *Warehouse) LastFetches() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		entries, err := os.ReadDir(filepath.Join(w.dir, "raw", "fetched"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			yield(nil, fmt.Errorf("list the records of fetches: %w", err))
			return
		}
		for _, e := range entries {
			for record, err := range w.Fetches(e.Name()) {
				if !yield(record, err) || err != nil {
					return
				}
				break
			}
		}
	}
}
