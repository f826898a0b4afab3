package warehouse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Manifest says what a version was made from and what it holds.
type Manifest struct {
	Version   string            `json:"version"`
	CreatedAt string            `json:"created_at"` // UTC
	Program   string            `json:"program"`
	AsOf      string            `json:"as_of,omitempty"` // the day whose knowledge this is; "" for today's
	Campaigns []string          `json:"campaigns"`
	Inputs    []Input           `json:"inputs"`
	Models    map[string]string `json:"models"` // file of SQL → sha256
	Outputs   []Output          `json:"outputs"`
}

// Input is a file that was read.
type Input struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Output is a file of the version.
type Output struct {
	Path     string   `json:"path"` // relative to the version, with forward slashes
	Relation string   `json:"relation"`
	Rows     int64    `json:"rows"`
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	Columns  []Column `json:"columns,omitempty"`
}

// Column is one column of an output's schema.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// ReadManifest reads the manifest of the version in dir.
func ReadManifest(dir string) (*Manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the manifest of %s: %w", dir, err)
	}
	return &m, nil
}

// RecordRun writes the record of a run, named by its id.
func (w *Warehouse) RecordRun(id string, run any) error {
	return writeJSON(filepath.Join(w.dir, "runs", id+".json"), run)
}

// HashFile returns the size and sha256 of a file and syncs it to disk.
func HashFile(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", fmt.Errorf("hash a file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return 0, "", fmt.Errorf("hash %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return 0, "", fmt.Errorf("sync %s: %w", path, err)
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}

func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(path), err)
	}
	return writeFile(path, append(data, '\n'))
}

// writeFile writes a file aside, syncs it and gives it its name, so that it is
// there whole or not at all.
func writeFile(path string, data []byte) error {
	aside, err := writeAside(filepath.Dir(path), bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(aside) // fails once the file has its name
	if err := os.Rename(aside, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeAside writes what r yields into a new file of dir and syncs it. Nothing
// is left when that fails; what a crash leaves, the next Open sweeps away.
func writeAside(dir string, r io.Reader) (path string, err error) {
	f, err := os.CreateTemp(dir, asidePattern)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
