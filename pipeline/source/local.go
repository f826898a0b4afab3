package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/sys/unix"
)

// copied is the size up to which local files are copied into the Store unasked.
const copied = 256 << 20

// findLocal lists the files of a file, folder or glob. A name that exists is
// not a glob, whatever letters it has: 台账[2021].xlsx.
func (f *Finder) findLocal(ctx context.Context, path string) ([]Address, error) {
	if path == "" {
		return nil, &Error{Address: `""`, What: "the address is empty", Mend: "name a file, a folder, a glob or a web address"}
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return f.findFolder(ctx, path)
	case err == nil:
		return f.files([]string{path})
	case isGlob(path):
		return f.findGlob(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Address: cleanName(path), What: "there is no such file or folder", Mend: "check the name, and the folder it starts from"}
	}
	return nil, unreadable(path, err)
}

func (f *Finder) findFolder(ctx context.Context, root string) ([]Address, error) {
	// A link to a folder is walked too, but only when it is named itself: links
	// within a folder may lead round in circles.
	resolved, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, unreadable(root, err)
	}
	var paths []string
	others := 0
	err = filepath.WalkDir(resolved, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		hidden := path != resolved && isHidden(d.Name())
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir():
		case f.kind().takes(d.Name()):
			rest, err := filepath.Rel(resolved, path)
			if err != nil {
				return err
			}
			paths = append(paths, filepath.Join(root, rest))
		default:
			others++
		}
		return nil
	})
	if isContext(ctx, err) {
		return nil, err
	} else if err != nil {
		return nil, unreadable(root, err)
	}
	if paths = withoutFolders(paths); len(paths) == 0 {
		return nil, f.kind().none(root, "the folder holds no "+f.kind().many, others)
	}
	return f.files(paths)
}

func (f *Finder) findGlob(pattern string) ([]Address, error) {
	matches, err := doublestar.FilepathGlob(pattern, doublestar.WithNoFollow(), doublestar.WithFailOnIOErrors())
	if errors.Is(err, doublestar.ErrBadPattern) {
		return nil, &Error{
			Address: cleanName(pattern), What: "the pattern does not end: a [ or { is open",
			Mend: "close it, or write a backslash before it where it stands for itself",
		}
	} else if err != nil {
		return nil, unreadable(pattern, err)
	}
	if matches = withoutFolders(matches); len(matches) == 0 {
		return nil, &Error{
			Address: cleanName(pattern), What: "nothing matches",
			Mend: "check the pattern, and the folder it starts from; ** stands for any depth of folders",
		}
	}
	var paths []string
	for _, path := range matches {
		if f.kind().takes(path) && !inHiddenFolder(path, pattern) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil, f.kind().none(pattern, "what matches is no "+f.kind().one, len(matches))
	}
	return f.files(paths)
}

// inHiddenFolder says whether a wildcard led into a hidden folder.
func inHiddenFolder(path, pattern string) bool {
	base, _ := doublestar.SplitPattern(filepath.ToSlash(pattern))
	rest, err := filepath.Rel(filepath.FromSlash(base), path)
	if err != nil {
		return false
	}
	for part := range strings.SplitSeq(filepath.ToSlash(filepath.Dir(rest)), "/") {
		if isHidden(part) {
			return true
		}
	}
	return false
}

// withoutFolders drops folders, and links to folders, that are named like
// ledgers. What cannot be examined stays, to be an error by name.
func withoutFolders(paths []string) []string {
	var files []string
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			files = append(files, path)
		}
	}
	return files
}

// files makes addresses of files. All must be regular: opening a named pipe
// would wait for ever, and reading a device might never end.
func (f *Finder) files(paths []string) ([]Address, error) {
	var found []Address
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		if !info.Mode().IsRegular() {
			return nil, notRegular(path, info.Mode())
		}
		found = append(found, Address{
			Name: localName(path),
			open: func(ctx context.Context) (*Snapshot, error) { return f.openLocal(ctx, path) },
		})
	}
	return found, nil
}

func localName(path string) string { return cleanName(filepath.ToSlash(filepath.Clean(path))) }

func notRegular(path string, mode fs.FileMode) error {
	kind := "not a regular file"
	switch {
	case mode.IsDir():
		kind = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case mode&fs.ModeSocket != 0:
		kind = "a socket"
	case mode&fs.ModeDevice != 0:
		kind = "a device"
	}
	return &Error{Address: localName(path), What: "it is " + kind, Mend: "write its content into a file and name that"}
}

func unreadable(path string, err error) error {
	// The path stands in the message already.
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		if pathErr.Path != "" {
			path = pathErr.Path
		}
		err = pathErr.Err
	}
	mend := "check the name and that the disk answers"
	if errors.Is(err, fs.ErrPermission) {
		mend = "ask its owner for the right to read it"
	} else if errors.Is(err, fs.ErrNotExist) {
		mend = "a link may lead nowhere, or the file was moved away meanwhile; check the name"
	}
	return &Error{Address: localName(path), What: "it cannot be read", Err: err, Mend: mend}
}

// openLocal makes a snapshot of a file. A file that the Store has already is
// read once, to know; another is read again to be copied, from memory if it is
// small. The copy has its own hash, in case the file changed in between.
func (f *Finder) openLocal(ctx context.Context, path string) (*Snapshot, error) {
	// It was a regular file when it was found; without waiting, should it have
	// become a pipe.
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	s, err := f.snapshotLocal(ctx, path, file)
	if err != nil {
		file.Close()
		return nil, err
	}
	if s.file != file {
		file.Close()
	}
	return s, nil
}

func (f *Finder) snapshotLocal(ctx context.Context, path string, file *os.File) (*Snapshot, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(path, info.Mode())
	}
	s := &Snapshot{
		Name: localName(path), File: cleanName(filepath.Base(path)),
		RetrievedAt: f.now(), ModifiedAt: info.ModTime().UTC(), file: file, at: info,
	}
	r := &tracked{ctx: ctx, r: file}
	s.Size = info.Size()
	if s.SHA256 = f.known(file); s.SHA256 == "" {
		before := f.stamp(file)
		if s.SHA256, s.Size, err = hash(r); err != nil {
			return nil, failedLocal(ctx, path, r, err)
		}
		if before != nil {
			f.Memory.Remember(file, before, s.SHA256)
		}
	}
	stored := f.kept(s.SHA256, s.Size)
	if stored == nil && f.Store != nil && !f.Look && (s.Size <= copied || f.Keep) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, unreadable(path, err)
		}
		if stored, s.SHA256, err = f.keep(r); err != nil {
			return nil, failedLocal(ctx, path, r, err)
		}
	}
	if stored == nil {
		if err := s.Changed(); err != nil {
			return nil, err
		}
	} else {
		s.file, s.at, s.Kept = stored, nil, true
		if info, err = stored.Stat(); err != nil {
			stored.Close()
			return nil, notKept(s.Name, err)
		}
		s.Size = info.Size()
	}
	if err := s.describe(""); err != nil {
		if s.file != file {
			s.file.Close()
		}
		return nil, unreadable(path, err)
	}
	return s, nil
}

// known is the hash of a file that was read before and lies as it did; "" when it
// must be read.
func (f *Finder) known(file *os.File) string {
	if f.Memory == nil {
		return ""
	}
	return f.Memory.Known(file)
}

// stamp is how a file lies now; nil when nobody remembers it.
func (f *Finder) stamp(file *os.File) fmt.Stringer {
	if f.Memory == nil {
		return nil
	}
	return f.Memory.Stamp(file)
}

func failedLocal(ctx context.Context, path string, r *tracked, err error) error {
	switch {
	case isContext(ctx, err):
		return err
	case r.err == nil:
		return notKept(localName(path), err)
	}
	return unreadable(path, err)
}
