// Package lake writes the rows of the data's path to Parquet, one file for each
// table and campaign:
//
//	tables/<table>/campaign=<campaign>/part-0.parquet
//
// and several parts where a table is large.
//
// The campaign is the hive partition and so not a column of the file. Each file
// is sorted for the queries people run, compressed with zstd, and carries in its
// key-value metadata what every column means, in English and Chinese, and its
// unit. Equal rows give equal bytes.
package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
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

	columns []column
	values  []parquet.Value // of one column of the rows in work
	apart   *apart          // of encoded rows; nil before the first
	group   int             // rows in the row group in work
}

// rowGroup is the most rows of a row group. Readers skip whole groups, and the
// writer holds one in memory.
const rowGroup = 1 << 16

// NewWriter creates the file of a table's partition under root. sortedBy names
// the columns in whose order the caller will write the rows.
func NewWriter[T any](root, table, campaign string, sortedBy ...string) (*Writer[T], error) {
	return NewPart[T](root, table, campaign, 0, sortedBy...)
}

// NewPart creates the file of one part of a table's partition; parts count from
// 0 in the order of the table.
func NewPart[T any](root, table, campaign string, part int, sortedBy ...string) (*Writer[T], error) {
	d, err := describe(table)
	if err != nil {
		return nil, err
	}
	return newPart[T](root, d, campaign, part, sortedBy...)
}

func newPart[T any](root string, d Description, campaign string, part int, sortedBy ...string) (*Writer[T], error) {
	table := d.Table
	metadata, err := d.Metadata()
	if err != nil {
		return nil, err
	}
	relative := fmt.Sprintf("tables/%s/campaign=%s/part-%d.parquet", table, campaign, part)
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
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.CreatedBy("sanpi", "", ""),
		parquet.KeyValueMetadata("sanpi.campaign", campaign),
	}
	for key, value := range metadata {
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	for _, column := range freeTexts(reflect.TypeFor[T](), sortedBy) {
		// Nobody looks free text up by its bounds, and finding them takes time.
		options = append(options, parquet.SkipPageBounds(column))
	}
	var sorting []parquet.SortingColumn
	for _, column := range sortedBy {
		sorting = append(sorting, parquet.Ascending(column))
	}
	options = append(options, parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)))
	w.parquet = parquet.NewGenericWriter[T](io.MultiWriter(file, w.sum, counter{&w.bytes}), options...)
	w.columns, err = columnsOf[T](w.parquet.Schema())
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("write table %s: %w", table, err)
	}
	return w, nil
}

// freeTexts are the text columns of a row type that nobody looks up by their
// bounds: all that are not sorted by and name no thing.
func freeTexts(t reflect.Type, sortedBy []string) []string {
	var columns []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		if f.Type.Kind() == reflect.String && name != "-" && !strings.HasSuffix(name, "_id") && !slices.Contains(sortedBy, name) {
			columns = append(columns, name)
		}
	}
	return columns
}

// EndGroup ends the row group in work, so that the rows to come are read apart.
func (w *Writer[T]) EndGroup() error {
	w.group = 0
	if err := w.parquet.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", w.path, err)
	}
	return nil
}

type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) {
	*c.n += int64(len(p))
	return len(p), nil
}

// Write appends rows, which must be in the order named to NewWriter.
func (w *Writer[T]) Write(rows []T) error {
	for len(rows) > 0 {
		n := min(len(rows), chunk, rowGroup-w.group)
		writers := w.parquet.ColumnWriters()
		for _, c := range w.columns {
			w.values = c.values(w.values[:0], unsafe.Pointer(&rows[0]), n, unsafe.Sizeof(rows[0]))
			if _, err := writers[c.index].WriteRowValues(w.values); err != nil {
				return fmt.Errorf("write %s: %w", w.path, err)
			}
		}
		rows = rows[n:]
		if err := w.wrote(n); err != nil {
			return err
		}
	}
	return nil
}

// wrote counts rows and ends the row group when it is full.
func (w *Writer[T]) wrote(n int) error {
	w.rows += int64(n)
	if w.group += n; w.group == rowGroup {
		return w.EndGroup()
	}
	return nil
}

// Close finishes the file. Whoever publishes it syncs it to disk.
func (w *Writer[T]) Close() (File, error) {
	err := w.parquet.Close()
	if closeErr := w.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return File{}, fmt.Errorf("finish %s: %w", w.path, err)
	}
	return File{w.path, w.rows, w.bytes, hex.EncodeToString(w.sum.Sum(nil))}, nil
}

// Discard closes the file of a writer that was not closed, and leaves it for
// whoever removes the folder. After Close it does nothing.
func (w *Writer[T]) Discard() { w.file.Close() }

// WriteTable writes all rows of one partition at once. A table without rows
// still gets its file, so that its schema is known.
func WriteTable[T any](root, table, campaign string, rows []T, sortedBy ...string) (File, error) {
	d, err := describe(table)
	if err != nil {
		return File{}, err
	}
	return WriteDescribed(root, d, campaign, rows, sortedBy...)
}

// WriteDescribed is WriteTable for a table that is declared elsewhere than in
// package record: the facts, by their model.
func WriteDescribed[T any](root string, d Description, campaign string, rows []T, sortedBy ...string) (File, error) {
	w, err := newPart[T](root, d, campaign, 0, sortedBy...)
	if err != nil {
		return File{}, err
	}
	if err := w.Write(rows); err != nil {
		w.file.Close()
		return File{}, err
	}
	return w.Close()
}
