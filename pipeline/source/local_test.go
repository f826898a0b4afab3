package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/source/sourcetest"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

func TestLocalConforms(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		dir := t.TempDir()
		return sourcetest.Place{Finder: &source.Finder{}, Put: func(name string, data []byte) string {
			path := filepath.Join(dir, name)
			write(t, path, data)
			return path
		}}
	})
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// names finds in a folder and gives the names, without the folder's.
func names(t *testing.T, f *source.Finder, dir, address string) []string {
	t.Helper()
	found, err := f.Find(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range found {
		names = append(names, strings.TrimPrefix(a.Name, filepath.ToSlash(dir)+"/"))
	}
	return names
}

// tree is a folder as offices keep it.
var tree = []string{
	"台账.xlsx", "~$台账.xlsx", "台账.columns.csv", "说明.docx", ".隐藏.csv", "宏.XLSM", "旧.xls", "2021.tsv", "2021.txt.zst",
	"太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv", ".git/b.csv", "太原/包.xlsx.gz", "台账[2021].csv",
}

func office(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range tree {
		write(t, filepath.Join(dir, name), []byte(name))
	}
	return dir
}

func TestFindLocal(t *testing.T) {
	dir := office(t)
	if err := os.Mkdir(filepath.Join(dir, "文件夹.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	// A link that leads round in a circle, and one to a ledger.
	for link, target := range map[string]string{"圈": ".", "圈.csv": ".", "链接.csv": "太原/深/a.csv"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	every := []string{
		"2021.tsv", "2021.txt.zst", "台账.xlsx", "台账[2021].csv", "太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv",
		"宏.XLSM", "旧.xls", "链接.csv",
	}
	for address, want := range map[string][]string{
		"":                  every,
		"/":                 every,
		"/**":               every,
		"/太原":               {"太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv"},
		"/*.csv":            {"台账[2021].csv", "链接.csv"},
		"/**/*.csv":         {"台账[2021].csv", "太原/2022年第一次.csv", "太原/深/a.csv", "链接.csv"},
		"/太原/**/*.{csv,gz}": {"太原/2022年第一次.csv", "太原/2022年第一次.csv.gz", "太原/深/a.csv"},
		"/202[0-9].*":       {"2021.tsv", "2021.txt.zst"},
		"/台账[2021].csv":     {"台账[2021].csv"}, // it exists, so it is no glob
		"/说明.docx":          {"说明.docx"},      // named by itself
		"/.隐藏.csv":          {".隐藏.csv"},
		"/.git":             {".git/b.csv"},
		"/.git/*.csv":       {".git/b.csv"},
		"/台账.columns.csv":   {"台账.columns.csv"},
	} {
		if got := names(t, &source.Finder{}, dir, dir+address); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", address, got, want)
		}
	}
	t.Chdir(dir)
	if got := names(t, &source.Finder{}, "", "./太原/../太原/深"); !slices.Equal(got, []string{"太原/深/a.csv"}) {
		t.Errorf("a relative folder: %q", got)
	}
	if got := names(t, &source.Finder{}, "", "圈"); !slices.Contains(got, "圈/台账.xlsx") {
		t.Errorf("a link to a folder, named itself: %q", got)
	}
}

func TestFindLocalBad(t *testing.T) {
	dir := office(t)
	write(t, filepath.Join(dir, "文档/说明.pdf"), nil)
	write(t, filepath.Join(dir, "管道/x.csv"), nil)
	if err := unix.Mkfifo(filepath.Join(dir, "管道", "台账.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "管道", "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if err := os.Mkdir(filepath.Join(dir, "空"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "断/a.csv"), nil)
	if err := os.Symlink("没有", filepath.Join(dir, "断", "b.csv")); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"":                         "the address is empty",
		dir + "/没有.csv":            "there is no such file",
		dir + "/没有*.csv":           "nothing matches",
		dir + "/没有/**/*.csv":       "nothing matches",
		dir + "/*.docx":            "what matches is no ledger (1 other files)",
		dir + "/[a.csv":            "a [ or { is open",
		dir + "/空":                 "the folder holds no ledgers;",
		dir + "/文档":                "the folder holds no ledgers (1 other files)",
		dir + "/管道":                "it is a named pipe",
		dir + "/管道/台账.csv":         "it is a named pipe",
		dir + "/管道/*.csv":          "it is a named pipe",
		dir + "/管道/s":              "it is a socket",
		dir + "/断":                 "a link may lead nowhere",
		"/dev/null":                "it is a device",
		"ftp://example.cn/a.csv":   "addresses of this kind are not read",
		"oss://key:geheim@b/a.csv": "addresses of this kind are not read",
	} {
		found, err := (&source.Finder{}).Find(t.Context(), address)
		var e *source.Error
		if !errors.As(err, &e) || e.Mend == "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: found %v, error %v; want %q", address, found, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&source.Finder{}).Find(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled walk: %v", err)
	}
}

// A file that turns into a named pipe between finding and opening does not hang
// the run.
func TestFileBecomesPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "台账.csv")
	write(t, path, nil)
	found, err := (&source.Finder{}).Find(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := found[0].Open(t.Context()); err == nil || !strings.Contains(err.Error(), "a named pipe") {
		t.Errorf("got %v", err)
	}
}

// A file that is read where it lies is watched.
func TestChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "台账.csv")
	write(t, path, []byte("旧"))
	long := time.Date(2022, 2, 26, 9, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	found, err := (&source.Finder{}).Find(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := found[0].Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Changed(); err != nil || !s.ModifiedAt.Equal(long) {
		t.Errorf("untouched: %v, modified at %v", err, s.ModifiedAt)
	}
	write(t, path, []byte("新"))
	if err := s.Changed(); err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("touched: %v", err)
	}
}

// A file over the limit is copied only when asked for. The file is sparse.
func TestKeepLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("hashes 257 MiB")
	}
	path := filepath.Join(t.TempDir(), "大.csv")
	write(t, path, nil)
	if err := os.Truncate(path, 257<<20); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []bool{false, true} {
		store := &countingStore{dir: t.TempDir()}
		found, err := (&source.Finder{Store: store, Keep: keep}).Find(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := found[0].Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if s.Kept != keep || (store.kept == 1) != keep || s.Size != 257<<20 {
			t.Errorf("keep %v: kept %v, stored %d times, %d bytes", keep, s.Kept, store.kept, s.Size)
		}
	}
}

func TestInvalidNames(t *testing.T) {
	dir := t.TempDir()
	// 台账 in GBK, as an archive from an office unpacks; some file systems refuse it.
	path := filepath.Join(dir, "\xcc\xa8\xd5\xcb.csv")
	if err := os.WriteFile(path, []byte("a"), 0o600); err != nil {
		t.Skip("the file system takes UTF-8 names only")
	}
	found, err := (&source.Finder{}).Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := found[0].Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !bytes.Contains([]byte(s.Name), []byte("\uFFFD")) || strings.ToValidUTF8(s.Name, "") != s.Name {
		t.Errorf("name %q", s.Name)
	}
}

// A file that nobody touched is not read again; one that was touched, though it has
// the size and the time that it had, is.
func TestLocalMemory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(t.TempDir(), "台账.csv")
	old := time.Now().Add(-time.Hour)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	night := func(memory source.Memory) string {
		t.Helper()
		w, err := warehouse.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if memory == nil {
			memory = w
		}
		found, err := (&source.Finder{Store: w, Memory: memory}).Find(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := found[0].Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		data, err := s.All(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SaveSums(); err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	write("甲")
	known := &told{sum: sum([]byte("甲"))}
	if got := night(nil); got != "甲" {
		t.Errorf("got %q", got)
	}
	write("乙") // and the memory tells the hash of 甲

	if got := night(known); got != "甲" || known.asked == 0 {
		t.Errorf("got %q", got)
	}
	if got := night(nil); got != "乙" {
		t.Errorf("got %q after the file was written in its own size and time", got)
	}
}

// told is a memory that knows one hash.
type told struct {
	sum   string
	asked int
}

func (m *told) Known(*os.File) string {
	m.asked++
	return m.sum
}
func (*told) Stamp(*os.File) fmt.Stringer             { return nil }
func (*told) Remember(*os.File, fmt.Stringer, string) {}
