package format

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/flate"
)

const (
	maxExpanded = 8 << 30  // bytes of all parts together, when Limits names none
	maxSmall    = 16 << 20 // of a part that is held whole: the workbook's list of sheets, the styles
	maxRatio    = 400      // a part may grow to so many times what it takes in the file …
	freeRatio   = 64 << 20 // … once it is larger than this
)

var errExpanded = errors.New("it grows out of all proportion when it is unpacked")

// mendZip is what to do about a file that was hurt on its way.
const mendZip = "fetch it again, or open it and save it anew"

// parts are the files inside a workbook's zip.
type parts struct {
	byName map[string]*zip.File // by path: small letters, forward slashes
	names  []string             // as they stand, in order
	left   atomic.Int64         // bytes that the parts may yet grow to
}

func openParts(r io.ReaderAt, size int64, limits Limits) (*parts, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	p := &parts{byName: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		p.names = append(p.names, f.Name)
		if key := partKey(f.Name); p.byName[key] == nil {
			p.byName[key] = f
		}
	}
	p.left.Store(limits.MaxExpanded)
	if limits.MaxExpanded <= 0 {
		p.left.Store(maxExpanded)
	}
	return p, nil
}

// partKey is the name under which a part is found. Some programs write
// backslashes, and the case of names does not count.
func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (p *parts) has(name string) bool { return p.byName[partKey(name)] != nil }

var errNoPart = errors.New("the part is missing")

// open reads a part. Its bytes count against the limit, unless it was counted
// before.
func (p *parts) open(name string, counted bool) (*partReader, error) {
	f := p.byName[partKey(name)]
	if name == "" {
		return nil, errNoPart
	} else if f == nil {
		return nil, fmt.Errorf("%s: %w", name, errNoPart)
	}
	if f.Flags&1 != 0 {
		return nil, errPassword
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	pr := &partReader{ReadCloser: r, packed: int64(f.CompressedSize64), full: int64(f.UncompressedSize64)}
	if !counted {
		pr.left = &p.left
	}
	return pr, nil
}

// partReader watches how far a part grows.
type partReader struct {
	io.ReadCloser
	left         *atomic.Int64 // nil for a part that was counted before
	packed, full int64         // sizes by the zip's directory
	read         int64
}

func (r *partReader) Read(b []byte) (int, error) {
	n, err := r.ReadCloser.Read(b)
	r.read += int64(n)
	if r.left != nil && r.left.Add(-int64(n)) < 0 {
		return 0, errExpanded
	}
	if r.read > freeRatio && r.read/maxRatio > r.packed {
		return 0, errExpanded
	}
	return n, err
}

// small is a part that is held whole.
func (p *parts) small(name string) ([]byte, error) {
	r, err := p.open(name, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxSmall+1))
	if err == nil && len(b) > maxSmall {
		err = errExpanded
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}
