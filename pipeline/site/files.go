package site

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Files are the pages and assets of a site by their path, with forward slashes.
type Files map[string][]byte

// Paths lists the files in order.
func (f Files) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// FS shows the files as a file system, to be served from memory. Its files can be read
// at any place; folders open but do not list.
func (f Files) FS() fs.FS { return filesFS(f) }

type filesFS Files

// Open implements fs.FS.
func (f filesFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := f[name]; ok {
		return &openFile{Reader: bytes.NewReader(data), info: fileInfo{name: path.Base(name), size: int64(len(data))}}, nil
	}
	for other := range f {
		if name == "." || strings.HasPrefix(other, name+"/") {
			return &openFile{Reader: bytes.NewReader(nil), info: fileInfo{name: path.Base(name), dir: true}}, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type openFile struct {
	*bytes.Reader
	info fileInfo
}

func (o *openFile) Stat() (fs.FileInfo, error) { return o.info, nil }
func (o *openFile) Close() error               { return nil }

type fileInfo struct {
	name string
	size int64
	dir  bool
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return i.size }
func (i fileInfo) ModTime() time.Time { return time.Time{} }
func (i fileInfo) IsDir() bool        { return i.dir }
func (i fileInfo) Sys() any           { return nil }

func (i fileInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
