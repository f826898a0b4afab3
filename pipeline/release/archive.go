package release

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

// packer hashes the files of a release and writes them into its archive, in one reading
// and beside whatever makes the next ones. The archive's bytes depend on nothing but the
// files, their order and the time given.
type packer struct {
	dir, name string
	made      time.Time
	tar       *tar.Writer
	close     func() error

	mu    sync.Mutex
	moved *sync.Cond
	queue []string
	done  map[string]File
	ended bool // nothing is added any more
	err   error
	whole chan struct{} // closed when the packer is through
}

// newPacker begins the archive to of the folder dir, whose files it calls name/….
func newPacker(to, dir, name string, made time.Time) (*packer, error) {
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, fmt.Errorf("write the archive: %w", err)
	}
	z, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the archive: %w", err), out.Close())
	}
	p := &packer{dir: dir, name: name, made: made, tar: tar.NewWriter(z), done: map[string]File{}, whole: make(chan struct{})}
	p.close = func() error { return errors.Join(p.tar.Close(), z.Close(), out.Close()) }
	p.moved = sync.NewCond(&p.mu)
	go p.work()
	return p, nil
}

// add takes files that are whole, by their paths from the folder.
func (p *packer) add(paths ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, paths...)
	p.moved.Broadcast()
}

// addTree adds every file under a folder, in order of path.
func (p *packer) addTree(folder string) error {
	var paths []string
	err := fs.WalkDir(os.DirFS(p.dir), folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	p.add(paths...)
	return err
}

// file waits for a file that was added.
func (p *packer) file(path string) (File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if f, ok := p.done[path]; ok {
			return f, nil
		}
		if p.err != nil {
			return File{}, p.err
		}
		if !slices.Contains(p.queue, path) {
			return File{}, fmt.Errorf("%s was not added to the release", path)
		}
		p.moved.Wait()
	}
}

// files waits for all that was added, and returns them in order of path.
func (p *packer) files() ([]File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 && p.err == nil {
		p.moved.Wait()
	}
	files := make([]File, 0, len(p.done))
	for _, path := range sortedNames(p.done) {
		files = append(files, p.done[path])
	}
	return files, p.err
}

// finish waits for all that was added and closes the archive. It may be called again.
func (p *packer) finish() error {
	p.mu.Lock()
	p.ended = true
	p.moved.Broadcast()
	p.mu.Unlock()
	<-p.whole
	return p.err
}

func (p *packer) work() {
	defer close(p.whole)
	folders := map[string]bool{}
	for {
		p.mu.Lock()
		for len(p.queue) == 0 && !p.ended {
			p.moved.Wait()
		}
		if len(p.queue) == 0 {
			p.mu.Unlock()
			break
		}
		path := p.queue[0]
		p.mu.Unlock()
		f, err := p.pack(path, folders)
		p.mu.Lock()
		if err != nil {
			p.err = fmt.Errorf("archive %s: %w", path, err)
			p.queue = nil
		} else {
			p.done[path], p.queue = f, p.queue[1:]
		}
		p.moved.Broadcast()
		failed := p.err != nil
		p.mu.Unlock()
		if failed {
			break
		}
	}
	err := p.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("write the archive: %w", err)
	}
}

// pack writes a file, and before it the folders that it is the first of.
func (p *packer) pack(file string, folders map[string]bool) (File, error) {
	var parents []string
	for dir := path.Join(p.name, path.Dir(file)); dir != "." && !folders[dir]; dir = path.Dir(dir) {
		parents = append(parents, dir)
	}
	slices.Reverse(parents)
	for _, dir := range parents {
		folders[dir] = true
		if err := p.tar.WriteHeader(&tar.Header{Format: tar.FormatPAX, ModTime: p.made, Name: dir + "/", Mode: 0o755, Typeflag: tar.TypeDir}); err != nil {
			return File{}, err
		}
	}
	in, err := os.Open(filepath.Join(p.dir, filepath.FromSlash(file)))
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return File{}, err
	}
	header := &tar.Header{Format: tar.FormatPAX, ModTime: p.made, Name: path.Join(p.name, file), Mode: 0o644, Typeflag: tar.TypeReg, Size: info.Size()}
	if err := p.tar.WriteHeader(header); err != nil {
		return File{}, err
	}
	h := sha256.New()
	hashed := make(chan error, 1)
	go func() { // reads what is in memory still, beside the compression
		_, err := io.Copy(h, io.NewSectionReader(in, 0, info.Size()))
		hashed <- errors.Join(err, in.Sync())
	}()
	n, err := io.Copy(p.tar, io.NewSectionReader(in, 0, info.Size()))
	err = errors.Join(err, <-hashed)
	return File{file, n, hex.EncodeToString(h.Sum(nil))}, err
}

// verifyArchive compares an archive's files with sums.
func verifyArchive(path string, sums map[string]string) ([]Fault, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var faults []Fault
	seen := map[string]bool{}
	base := filepath.Base(path) + ": "
	for r := tar.NewReader(z); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		h := sha256.New()
		if _, err := io.Copy(h, r); err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(header.Name, "/")
		seen[name] = true
		switch want, ok := sums[name]; {
		case !ok:
			faults = append(faults, Fault{base + name, "extra"})
		case want != hex.EncodeToString(h.Sum(nil)):
			faults = append(faults, Fault{base + name, "changed, here or in the folder's " + sumsName})
		}
	}
	for _, name := range sortedNames(sums) {
		if !seen[name] {
			faults = append(faults, Fault{base + name, "missing"})
		}
	}
	return faults, nil
}
