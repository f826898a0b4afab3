package format

import (
	"bytes"
	"fmt"
	"io"
)

// Open takes a file apart by its first bytes. The name only stands in errors.
// An error is an *UnreadableError, or the reader's own.
func Open(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	head := make([]byte, min(size, 1<<16))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openWorkbook(name, r, size, limits)
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}):
		return openLegacy(name, r, size, limits)
	case looksLikeHTML(head):
		return openHTML(name, r, size, limits)
	}
	return openText(name, r, size, limits)
}
