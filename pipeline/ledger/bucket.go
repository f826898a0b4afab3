package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
)

// buckets hold encoded rows by place until all files are read. What does not fit
// in memory lies in one temporary file, as extents that the buckets remember.
type buckets struct {
	path    string // of the temporary file; it is made when it is needed
	mu      sync.Mutex
	file    *os.File
	end     atomic.Int64
	workers [][]buffer // by worker, by bucket
	extents [][]extent // by bucket
}

type extent struct{ from, size int64 }

type buffer struct{ data []byte }

// bufferSize is what a worker gathers for a bucket before it goes to the file.
// Tests make it small.
var bufferSize = 16 << 10

func newBuckets(path string, workers, n int) *buckets {
	b := &buckets{path: path, workers: make([][]buffer, workers), extents: make([][]extent, n)}
	for i := range b.workers {
		b.workers[i] = make([]buffer, n)
	}
	return b
}

// of is what a worker gathers for a bucket. Each worker uses its own.
func (b *buckets) of(worker, bucket int) *buffer { return &b.workers[worker][bucket] }

// spillFull moves a buffer that is full to the file.
func (b *buckets) spillFull(bucket int, buf *buffer) error {
	if len(buf.data) < bufferSize {
		return nil
	}
	return b.spill(bucket, buf)
}

func (b *buckets) spill(bucket int, buf *buffer) error {
	size := int64(len(buf.data))
	from := b.end.Add(size) - size
	b.mu.Lock()
	if b.file == nil {
		file, err := os.OpenFile(b.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			b.mu.Unlock()
			return fmt.Errorf("create the temporary file of the ledgers: %w", err)
		}
		b.file = file
	}
	b.extents[bucket] = append(b.extents[bucket], extent{from, size})
	b.mu.Unlock()
	if _, err := b.file.WriteAt(buf.data, from); err != nil {
		return fmt.Errorf("write the temporary file of the ledgers: %w; it needs about as much room as the ledgers have", err)
	}
	buf.data = buf.data[:0]
	return nil
}

// size is how many bytes of rows a bucket holds.
func (b *buckets) size(bucket int) int64 {
	var n int64
	for _, e := range b.extents[bucket] {
		n += e.size
	}
	for _, w := range b.workers {
		n += int64(len(w[bucket].data))
	}
	return n
}

// read appends the rows of a bucket to dst, which has room for them. All rows
// have been added before.
func (b *buckets) read(dst []byte, bucket int) ([]byte, error) {
	for _, e := range b.extents[bucket] {
		at := len(dst)
		dst = dst[:at+int(e.size)]
		if _, err := b.file.ReadAt(dst[at:], e.from); err != nil {
			return dst, fmt.Errorf("read the temporary file of the ledgers: %w", err)
		}
	}
	for _, w := range b.workers {
		dst = append(dst, w[bucket].data...)
	}
	return dst, nil
}

// Close removes the temporary file.
func (b *buckets) Close() error {
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	if removeErr := os.Remove(b.path); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) && err == nil {
		err = removeErr
	}
	return err
}
