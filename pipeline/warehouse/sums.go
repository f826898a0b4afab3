package warehouse

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// sums remembers the hashes of files by how they lie on the disk, so that a file
// that nobody touched is not read again. It is a cache: without it, or when it is
// damaged, files are read.
//
// A file of somebody else's is known by its size, inode and both its times. One
// of the warehouse's own is known without the time of its last change of state,
// which moves when a later version shares the file.
type sums struct {
	path string

	mu      sync.Mutex
	known   map[string]seen
	used    map[string]bool // asked for or learnt since the cache was read
	changed bool
}

type seen struct {
	stamp
	sum string
}

// stamp is how a file lies on the disk; times in nanoseconds since 1970.
type stamp struct {
	size, modified, touched int64
	inode                   uint64
}

// settled is how long a file must have lain still before its stamp is trusted:
// two writes within one tick of the file system's clock leave the same times.
var settled = 2 * time.Second // tests make it shorter

func stampOf(f *os.File) (stamp, error) {
	at, _, err := linksOf(f)
	return at, err
}

// linksOf also counts the names that a file has.
func linksOf(f *os.File) (stamp, int, error) {
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return stamp{}, 0, fmt.Errorf("examine %s: %w", f.Name(), err)
	}
	return stamp{st.Size, st.Mtim.Nano(), st.Ctim.Nano(), st.Ino}, int(st.Nlink), nil
}

func (s stamp) own() stamp {
	s.touched = 0
	return s
}

// readSums reads the cache of a warehouse; an empty one when there is none, or
// none that is whole.
func readSums(dir string) *sums {
	s := &sums{path: filepath.Join(dir, "sums"), known: map[string]seen{}, used: map[string]bool{}}
	data, err := os.ReadFile(s.path)
	if err != nil {
		return s
	}
	head, rest, _ := bytes.Cut(data, []byte("\n"))
	if sum := sha256.Sum256(rest); string(head) != hex.EncodeToString(sum[:]) {
		return s
	}
	lines := bufio.NewScanner(bytes.NewReader(rest))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var f seen
		fields := strings.SplitN(lines.Text(), "\t", 6)
		if len(fields) != 6 {
			continue
		}
		f.sum = fields[0]
		f.size, _ = strconv.ParseInt(fields[1], 10, 64)
		f.modified, _ = strconv.ParseInt(fields[2], 10, 64)
		f.touched, _ = strconv.ParseInt(fields[3], 10, 64)
		f.inode, _ = strconv.ParseUint(fields[4], 10, 64)
		if path, err := strconv.Unquote(fields[5]); err == nil {
			s.known[path] = f
		}
	}
	return s
}

// ForgetSums has every file read.
func (w *Warehouse) ForgetSums() {
	w.sums = &sums{path: w.sums.path, known: map[string]seen{}, used: map[string]bool{}, changed: true}
}

// save writes what was used since the cache was read; what was not used is of
// files that are gone.
func (s *sums) save() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.changed && len(s.used) == len(s.known) {
		return nil
	}
	paths := make([]string, 0, len(s.used))
	for path := range s.used {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	var b bytes.Buffer
	for _, path := range paths {
		f := s.known[path]
		fmt.Fprintf(&b, "%s\t%d\t%d\t%d\t%d\t%q\n", f.sum, f.size, f.modified, f.touched, f.inode, path)
	}
	sum := sha256.Sum256(b.Bytes())
	if err := writeFile(s.path, append([]byte(hex.EncodeToString(sum[:])+"\n"), b.Bytes()...)); err != nil {
		return fmt.Errorf("remember the hashes of files: %w", err)
	}
	s.changed = false
	return nil
}

func (s *sums) get(path string, at stamp) (sum string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.known[path]
	if !ok || f.stamp != at {
		return "", false
	}
	s.used[path] = true
	return f.sum, true
}

func (s *sums) put(path string, at stamp, sum string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[path], s.used[path], s.changed = seen{at, sum}, true, true
}

// Known is the sha256 of an open file of somebody else's, when it lies as it did
// when Remember was told; "" when that is not known.
func (w *Warehouse) Known(f *os.File) string {
	path, at, err := placed(f)
	if err != nil {
		return ""
	}
	sum, _ := w.sums.get(path, at)
	return sum
}

// Remember is told the hash of what an open file holds, with the stamp that Stamp
// gave before it was read. A file that changed meanwhile, or a moment before, is
// not remembered.
func (w *Warehouse) Remember(f *os.File, before fmt.Stringer, sum string) {
	path, at, err := placed(f)
	if err != nil || before == nil || before.String() != at.String() {
		return
	}
	still := time.Now().Add(-settled).UnixNano()
	if at.modified > still || at.touched > still {
		return
	}
	w.sums.put(path, at, sum)
}

// Sum is the sha256 of an open file of somebody else's, as it is remembered or else
// as it is read.
func (w *Warehouse) Sum(f *os.File) (string, error) {
	if sum := w.Known(f); sum != "" {
		return sum, nil
	}
	before := w.Stamp(f)
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", f.Name(), err)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	w.Remember(f, before, sum)
	return sum, nil
}

// Stamp says how an open file lies on the disk; nil when that cannot be known.
func (w *Warehouse) Stamp(f *os.File) fmt.Stringer {
	if at, err := stampOf(f); err == nil {
		return at
	}
	return nil
}

func (s stamp) String() string {
	return fmt.Sprintf("%d bytes at %d, modified %d, touched %d", s.size, s.inode, s.modified, s.touched)
}

func placed(f *os.File) (path string, at stamp, err error) {
	if path, err = filepath.Abs(f.Name()); err == nil {
		at, err = stampOf(f)
	}
	return path, at, err
}

// sumOf is the hash of a file of the warehouse's own: as it was remembered when
// the file lies as it did, else of what is read.
func (w *Warehouse) sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return w.sumOpen(f)
}

func (w *Warehouse) sumOpen(f *os.File) (string, error) {
	path, at, err := placed(f)
	if err != nil {
		return "", err
	}
	if sum, ok := w.sums.get(path, at.own()); ok {
		return sum, nil
	}
	h := sha256.New()
	size, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<62))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if size == at.size {
		w.sums.put(path, at.own(), sum)
	}
	return sum, nil
}

// wrote remembers the hash of a file of the warehouse's own that was just written.
func (w *Warehouse) wrote(path, sum string) {
	f, err := os.Open(path)
	if err != nil {
		return // it is read when it is asked for
	}
	defer f.Close()
	if path, at, err := placed(f); err == nil {
		w.sums.put(path, at.own(), sum)
	}
}
