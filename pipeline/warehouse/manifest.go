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

	// Key is the hash of all that the version was made from: the program, its
	// settings, the SQL and the inputs. A run with the same key, before the day
	// Until, would make the same version.
	Key       string             `json:"key"`
	Until     string             `json:"until,omitempty"`
	Rows      Accounting         `json:"rows"`
	Bulletins Bulletins          `json:"bulletins,omitzero"`
	Undated   int                `json:"claims_undated,omitempty"` // claims that AsOf leaves out because their page has no date
	Ledgers   map[string]Ledgers `json:"ledgers,omitempty"`        // by campaign
	// Keys are of relations, by name, and of checks, by file: the hash of what each
	// was made from.
	Keys     map[string]string          `json:"keys,omitempty"`
	Warnings map[string]json.RawMessage `json:"warnings,omitempty"` // what a check found that blocks nothing, by file
}

// Accounting is where the rows read have gone: read is the sum of the others.
type Accounting struct {
	Read        int `json:"read"`
	Loaded      int `json:"loaded"`
	Quarantined int `json:"quarantined"`
	Duplicates  int `json:"duplicates"` // joined to another row of the same project and day
	NoData      int `json:"no_data"`    // of ledgers: titles, headers, sums, blanks and notes
}

// Add adds rows that were read elsewhere.
func (a *Accounting) Add(b Accounting) {
	a.Read += b.Read
	a.Loaded += b.Loaded
	a.Quarantined += b.Quarantined
	a.Duplicates += b.Duplicates
	a.NoData += b.NoData
}

// Bulletins counts what was read of news pages.
type Bulletins struct {
	Pages   int `json:"pages"`
	Failed  int `json:"failed"`  // pages that could not be read
	Claims  int `json:"claims"`  // figures read, those that a person had read before among them
	Waiting int `json:"waiting"` // figures that wait for a person
}

// Ledgers is what the tables of a campaign's ledgers were made from.
type Ledgers struct {
	Key   string     `json:"key"`
	Until string     `json:"until,omitempty"` // the first day on which a row would be judged otherwise
	Rows  Accounting `json:"rows"`
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

// HashFile returns the size and sha256 of a file.
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
	if err == nil {
		err = syncFile(aside)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(aside) // fails once the file has its name
	if err := os.Rename(aside, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeAside writes what r yields into a new file of dir. Nothing is left when that
// fails; what a crash leaves, the next Open sweeps away.
func writeAside(dir string, r io.Reader) (path string, err error) {
	f, err := os.CreateTemp(dir, asidePattern)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Chmod(0o644)
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
