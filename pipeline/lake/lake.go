// Package lake writes the rows of the data's path to Parquet, one file for each
// table and campaign:
//
//	tables/<table>/campaign=<campaign>/part-0.parquet
//
// The campaign is the hive partition and so not a column of the file. Each file
// is sorted for the queries people run, compressed with zstd, and carries in its
// key-value metadata what every column means, in English and Chinese, and its
// unit. Equal rows give equal bytes.
package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// File describes a file that was written.
type File struct {
	Path   string // relative to the version's folder, with forward slashes
	Rows   int64
	Bytes  int64
	SHA256 string
}

// Writer writes rows of one table and campaign. Close must be called; a writer
// whose Close was not called leaves a file that no reader accepts.
type Writer[T any] struct {
	path    string
	file    *os.File
	sum     hash.Hash
	bytes   int64
	rows    int64
	parquet *parquet.GenericWriter[T]
}

// NewWriter creates the file of a table's partition under root. sortedBy names
// the columns in whose order the caller will write the rows.
func NewWriter[T any](root, table, campaign string, sortedBy ...string) (*Writer[T], error) {
	metadata, err := Metadata(table)
	if err != nil {
		return nil, err
	}
	relative := fmt.Sprintf("tables/%s/campaign=%s/part-0.parquet", table, campaign)
	full := filepath.Join(root, filepath.FromSlash(relative))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of table %s: %w", table, err)
	}
	file, err := os.Create(full)
	if err != nil {
		return nil, fmt.Errorf("create the file of table %s: %w", table, err)
	}
	w := &Writer[T]{path: relative, file: file, sum: sha256.New()}
	options := []parquet.WriterOption{
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
		parquet.CreatedBy("sanpi", "", ""),
		parquet.KeyValueMetadata("sanpi.campaign", campaign),
	}
	for key, value := range metadata {
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	var sorting []parquet.SortingColumn
	for _, column := range sortedBy {
		sorting = append(sorting, parquet.Ascending(column))
	}
	options = append(options, parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)))
	w.parquet = parquet.NewGenericWriter[T](io.MultiWriter(file, w.sum, counter{&w.bytes}), options...)
	return w, nil
}

type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) {
	*c.n += int64(len(p))
	return len(p), nil
}

// Write appends rows, which must be in the order named to NewWriter.
func (w *Writer[T]) Write(rows []T) error {
	n, err := w.parquet.Write(rows)
	w.rows += int64(n)
	if err != nil {
		return fmt.Errorf("write %s: %w", w.path, err)
	}
	return nil
}

// Close finishes the file and syncs it to disk.
func (w *Writer[T]) Close() (File, error) {
	err := w.parquet.Close()
	if err == nil {
		err = w.file.Sync()
	}
	if closeErr := w.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return File{}, fmt.Errorf("finish %s: %w", w.path, err)
	}
	return File{w.path, w.rows, w.bytes, hex.EncodeToString(w.sum.Sum(nil))}, nil
}

// WriteTable writes all rows of one partition at once. A table without rows
// still gets its file, so that its schema is known.
func WriteTable[T any](root, table, campaign string, rows []T, sortedBy ...string) (File, error) {
	w, err := NewWriter[T](root, table, campaign, sortedBy...)
	if err != nil {
		return File{}, err
	}
	if err := w.Write(rows); err != nil {
		w.file.Close()
		return File{}, err
	}
	return w.Close()
}

// columnNote is one entry of the metadata sanpi.columns.
type columnNote struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
	EN   string `json:"en"`
	ZH   string `json:"zh"`
}

// Metadata returns the key-value metadata of a table's files: its name and what
// its columns mean.
func Metadata(table string) (map[string]string, error) {
	columns, err := record.Columns(table)
	if err != nil {
		return nil, err
	}
	notes := make([]columnNote, len(columns))
	for i, c := range columns {
		notes[i] = columnNote{c.Name, c.Unit, c.EN, c.ZH}
	}
	text, err := json.Marshal(notes)
	if err != nil {
		return nil, fmt.Errorf("describe table %s: %w", table, err)
	}
	return map[string]string{"sanpi.table": table, "sanpi.columns": string(text)}, nil
}
