package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// expand returns what a gzip or zstd file holds, and anything else as it is. The
// stream fails when it grows past the limit.
func expand(name string, in io.Reader, limit int64) (io.Reader, io.Closer, error) {
	if limit == 0 {
		limit = defaultExpanded
	}
	head := bufio.NewReaderSize(in, headSize)
	magic, err := head.Peek(4)
	if err != nil && err != io.EOF {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
	broken := func(err error) error {
		return &UnreadableError{File: name, What: "its compression is damaged", Mend: "copy or download it again", Err: err}
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(head)
		if err != nil {
			return nil, nil, broken(err)
		}
		return &bounded{name, z, limit, limit}, z, nil
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(head, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<28))
		if err != nil {
			return nil, nil, broken(err)
		}
		closer := z.IOReadCloser()
		return &bounded{name, z, limit, limit}, closer, nil
	}
	return head, nil, nil
}

// bounded ends a stream that grows past its limit, and says why.
type bounded struct {
	name        string
	in          io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &UnreadableError{
			File: b.name, What: fmt.Sprintf("it expands to more than %d GiB", b.limit>>30), Mend: "split it, or expand it yourself if it is what it should be",
		}
	}
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		err = &UnreadableError{File: b.name, What: "its compression is damaged", Mend: "copy or download it again", Err: err}
	}
	return n, err
}
